"""Moments on NVIDIA GPUs: which kernels a call launches, on the current stream, without a wait."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import torch

from invgen.errors import BasisFileError, InputError
from invgen.runtime.build.cubin import KernelReport
from invgen.runtime.families.moments import MOMENTS
from invgen.runtime.families.pairs import Step, apart, steps_of
from invgen.runtime.families.table import Function
from invgen.runtime.gpu.device import Device, blocks_of, device_of
from invgen.runtime.gpu.library import CudaLibrary, report
from invgen.runtime.gpu.plan import read_plans
from invgen.runtime.implementation import Tensors
from invgen.runtime.moments_spec import MomentsSpec
from invgen.runtime.spec import KernelSpec

_LANES: Final = 32


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
        return self.warps * _LANES


def moments_plans(source: str, name: str) -> tuple[MomentsPlan, ...]:
    """The plans of the kernels in a source, in order.

    Raises:
        BasisFileError: a line is damaged, or there is none.
    """
    plans = read_plans(source, name, lambda fields: MomentsPlan(**fields))
    if not plans:
        raise BasisFileError(f"the CUDA source of kernel {name!r} does not say what its kernels are: regenerate it")
    return plans


def moments_report(spec: KernelSpec, architecture: str) -> tuple[KernelReport, ...]:
    """Registers, spills and occupancy of every kernel on an architecture such as "sm_90"; needs no GPU.

    Args:
        spec: of target "cuda".
        architecture: what to compile for, such as "sm_80".

    Raises:
        CompilerError: NVRTC is missing, does not know the architecture, or refuses the source.
        CacheError: the kernel cache cannot be used.
    """
    return report(spec, architecture, moments_plans(spec.source, spec.name))


class CudaMoments(CudaLibrary):
    """Neighbour lists are checked where they are read: what does not fit together gives NaN.

    Nothing is read out of bounds.

    Args:
        spec: the kernel; its source is CUDA C.
        devices: which `Device` a tensor is on.

    Raises:
        BasisFileError: the source does not say what its kernels are.
    """

    def __init__(self, spec: MomentsSpec, devices: Callable[[torch.device], Device] = device_of) -> None:
        self._name = spec.kernel.name
        self._plans = moments_plans(spec.kernel.source, spec.kernel.name)
        self._directed = any(plan.function == "second_pairs" for plan in self._plans)
        self._steps = {function.name: steps_of(function) for function in MOMENTS.functions}
        super().__init__(spec, self._plans, devices)

    def launch(self, function: Function, inputs: Sequence[Any], out: Tensors) -> None:
        """The kernels of every step."""
        given, lists = apart(function, inputs)
        sizes = {"atoms": lists[0].shape[0] - 1, "sources": lists[3].shape[0] - 1, "pairs": lists[1].shape[0]}
        radials, features, place = given[1].shape[-1], given[2].shape[-1], given[1].device
        for tensor in (*given[: len(given) - len(function.flags)], *lists):
            if tensor.device != place:
                raise InputError(
                    f"kernel {self._name!r} was given tensors on {place} and on {tensor.device}: "
                    "move them to one device"
                )
        loaded, launches_of = self._on(place), _directed_launches if self._directed else _plain_launches
        launches = [launch for step in self._steps[function.name](given, out) for launch in launches_of(*step)]
        for name, read, written in launches:
            if features == 0:
                # Sums over no features; arrays with a feature axis are empty.
                for array in written:
                    array.zero_()
                continue
            plan = self._plan(name, radials)
            units = -(-sizes[plan.owners] // plan.owners_per_warp) * plan.parts
            if plan.owners != "pairs":
                units *= -(-features // _LANES) * (-(-radials // plan.rows) if plan.rows else 1)
            if units:
                arguments = [
                    *(tensor.data_ptr() for tensor in lists),
                    *sizes.values(),
                    radials,
                    features,
                    *(tensor.data_ptr() for tensor in (*read, *written)),
                ]
                blocks = blocks_of(units, plan.warps)
                loaded.device.launch(loaded.handles[plan.name], blocks, plan.threads, arguments)

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
