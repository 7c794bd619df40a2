"""Moments on NVIDIA GPUs: which kernels a call launches, on the current stream, without a wait."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import torch

from invgen.runtime.build.cubin import KernelReport
from invgen.runtime.families.moments import MOMENTS
from invgen.runtime.families.pairs import Step, steps_of
from invgen.runtime.families.table import Function
from invgen.runtime.gpu.device import Device, blocks_of, device_of
from invgen.runtime.gpu.library import report
from invgen.runtime.gpu.pairs import LANES, CudaPairs, Launch, Sizes
from invgen.runtime.gpu.plan import read_plans
from invgen.runtime.implementation import Tensors
from invgen.runtime.moments_spec import MomentsSpec
from invgen.runtime.spec import KernelSpec


@dataclass(frozen=True)
class MomentsPlan:
    """How one kernel is launched.

    Attributes:
        name: its C name.
        function: value, jvp, vjp_pairs, vjp_sources, second_pairs or second_sources.
        owners: "atoms", "sources" or "pairs": what its warps share out.
        owners_per_warp: how many of them one warp takes; where it is one, a warp takes 32 features of it.
        parts: warps that share the harmonics of one owner.
        rows: radial functions of one warp, or 0 for all of them.
        warps: of a block.
    """

    name: str
    function: str
    owners: str
    owners_per_warp: int
    parts: int
    rows: int
    warps: int

    @property
    def threads(self) -> int:
        """The threads of a block."""
        return self.warps * LANES


def moments_plans(source: str, name: str) -> tuple[MomentsPlan, ...]:
    """The plans of the kernels in a source, in order.

    Raises:
        BasisFileError: a line is damaged, or there is none.
    """
    needed = ("value", "jvp", "vjp_pairs", "vjp_sources")
    return read_plans(source, name, lambda fields: MomentsPlan(**fields), needed)


def moments_report(spec: KernelSpec, architecture: str) -> tuple[KernelReport, ...]:
    """The same as `build_report`, for a kernel of moments."""
    return report(spec, architecture, moments_plans(spec.source, spec.name))


class CudaMoments(CudaPairs):
    """Moments over neighbour lists on tensors of a GPU.

    Args:
        spec: the kernel; its source is CUDA C.
        devices: which `Device` a tensor is on.

    Raises:
        BasisFileError: the source does not say what its kernels are.
    """

    def __init__(self, spec: MomentsSpec, devices: Callable[[torch.device], Device] = device_of) -> None:
        self._plans = moments_plans(spec.kernel.source, spec.kernel.name)
        directed = any(plan.function == "second_pairs" for plan in self._plans)
        self._launched = _directed_launches if directed else _plain_launches
        self._steps = {function.name: steps_of(function) for function in MOMENTS.functions}
        super().__init__(spec, self._plans, devices)

    def lengths(self, given: Sequence[torch.Tensor]) -> tuple[int, ...]:
        """The number of radial functions, and that of features."""
        return given[1].shape[-1], given[2].shape[-1]

    def steps(self, function: Function, given: Sequence[Any], out: Tensors) -> list[Step]:
        """Sums by receivers and by sources, which are separate kernels."""
        return [launch for step in self._steps[function.name](given, out) for launch in self._launched(*step)]

    def launches(self, step: str, sizes: Sizes, lengths: tuple[int, ...]) -> list[Launch]:
        """One kernel: every warp takes an owner or a few, and 32 features of it."""
        radials, features = lengths
        plan = self._plan(step, radials)
        units = -(-sizes[plan.owners] // plan.owners_per_warp) * plan.parts
        if plan.owners != "pairs":
            units *= -(-features // LANES) * (-(-radials // plan.rows) if plan.rows else 1)
        return [(plan, blocks_of(units, plan.warps), plan.threads)]

    def _plan(self, function: str, radials: int) -> MomentsPlan:
        """The kernel that holds all radial functions in one pass and fewest beyond, else that of the fewest passes."""
        found = [plan for plan in self._plans if plan.function == function]
        enough = [plan for plan in found if plan.rows == 0 or plan.rows >= radials]
        return min(enough, key=lambda plan: plan.rows) if enough else max(found, key=lambda plan: plan.rows)


def _directed_launches(name: str, given: Sequence[torch.Tensor], outputs: Sequence[torch.Tensor]) -> list[Step]:
    vectors, radial, features, *rest = given
    if name in ("value", "jvp"):
        return [(name, given, outputs)]
    if name == "vjp":
        return _directed_launches("vjp_rows", given, outputs[:2]) + _directed_launches(
            "vjp_columns", given, outputs[2:]
        )
    if name == "vjp_rows":
        return [("vjp_pairs", given, outputs)]
    if name == "vjp_columns":
        return [("vjp_sources", (vectors, radial, rest[0]), outputs)]
    ybar, u_vectors, u_radial, u_features = rest
    if name == "second_columns":
        return [("second_sources", (vectors, radial, ybar, u_vectors, u_radial), outputs)]
    # What multiplies ybar in <u, vjp> is the change of the moments along u.
    along = (vectors, radial, features, u_vectors, u_radial, u_features)
    return [("second_pairs", given, outputs[:2]), ("jvp", along, outputs[2:])]


def _plain_launches(name: str, given: Sequence[torch.Tensor], outputs: Sequence[torch.Tensor]) -> list[Step]:
    """Without directions moments are bilinear, so second derivatives are first ones at u."""
    _, radial, features, *rest = given
    if name == "value":
        return [("value", (radial, features), outputs)]
    if name == "jvp":
        return [("jvp", (radial, features, rest[1], rest[2]), outputs)]
    ybar = rest[0]
    if name == "vjp":
        return _plain_launches("vjp_rows", given, outputs[:2]) + _plain_launches("vjp_columns", given, outputs[2:])
    if name == "vjp_rows":
        return [("vjp_pairs", (features, ybar), outputs[1:])]
    if name == "vjp_columns":
        return [("vjp_sources", (radial, ybar), outputs)]
    u_radial, u_features = rest[2:]
    if name == "second_columns":
        return [("vjp_sources", (u_radial, ybar), outputs)]
    along = (radial, features, u_radial, u_features)
    return [("vjp_pairs", (u_features, ybar), outputs[1:2]), ("jvp", along, outputs[2:])]
