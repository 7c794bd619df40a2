"""Moments on NVIDIA GPUs: which kernels a call launches, on the current stream, without a wait."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import torch

from invgen.errors import BasisFileError, InputError
from invgen.runtime.build.cubin import KernelReport, reports
from invgen.runtime.gpu.device import Device, blocks_of, device_of
from invgen.runtime.gpu.loading import OnDevices, device_and_handles, machine_code
from invgen.runtime.gpu.plan import read_plans
from invgen.runtime.moments_library import MomentsImplementation
from invgen.runtime.neighbours import Lists
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

    Raises:
        CompilerError: NVRTC is missing, does not know the architecture, or refuses the source.
        CacheError: the kernel cache cannot be used.
    """
    made = machine_code(spec, architecture)
    threads = {plan.name: plan.warps * _LANES for plan in moments_plans(spec.source, spec.name)}
    return reports(made.cubin, made.log, architecture, threads)


class CudaMoments(MomentsImplementation):
    """The functions of moments on CUDA tensors, without autograd.

    Equal inputs give equal bits: sums have a fixed order, and there are no atomics. Neighbour lists are checked where
    they are read: what does not fit together gives NaN, and nothing is read out of bounds.

    Args:
        spec: the kernel; its source is CUDA C.
        trailing: the shape of a moment of one receiver and feature, given the number of radial values.
        devices: which `Device` a tensor is on.

    Raises:
        BasisFileError: the source does not say what its kernels are.
    """

    def __init__(
        self,
        spec: KernelSpec,
        trailing: Callable[[int], tuple[int, ...]],
        devices: Callable[[torch.device], Device] = device_of,
    ) -> None:
        super().__init__(spec.name, trailing)
        self._spec = spec
        self._plans = moments_plans(spec.source, spec.name)
        self._directed = any(plan.function == "second_pairs" for plan in self._plans)
        self._on = OnDevices(spec, [plan.name for plan in self._plans], devices, device_and_handles)

    def reports(self) -> tuple[KernelReport, ...]:
        """Registers, spills and occupancy of every kernel, for each architecture that one was loaded for."""
        architectures = {device.architecture: None for device, _ in self._on.kept()}
        return tuple(report for each in architectures for report in moments_report(self._spec, each))

    def _call(self, name: str, lists: Lists, inputs: Sequence[torch.Tensor], outputs: Sequence[torch.Tensor]) -> None:
        arrays = [array.contiguous() for array in inputs]
        integers = [array.contiguous() for array in lists]
        sizes = {"atoms": lists[0].shape[0] - 1, "sources": lists[3].shape[0] - 1, "pairs": lists[1].shape[0]}
        radials, features = arrays[1].shape[-1], arrays[2].shape[-1]
        launches = (_directed_launches if self._directed else _plain_launches)(name, arrays, outputs)
        place = arrays[1].device
        for array in (*arrays, *integers):
            if array.device != place:
                raise InputError(
                    f"kernel {self._name!r} was given tensors on {place} and on {array.device}: move them to one device"
                )
        device, handles = self._on(place)
        for function, read, written in launches:
            if features == 0:
                # Sums over no features; arrays with a feature axis are empty.
                for array in written:
                    array.zero_()
                continue
            plan = self._plan(function, radials)
            units = -(-sizes[plan.owners] // plan.owners_per_warp) * plan.parts
            if plan.owners != "pairs":
                units *= -(-features // _LANES) * (-(-radials // plan.rows) if plan.rows else 1)
            if units:
                arguments = [
                    *(tensor.data_ptr() for tensor in integers),
                    *sizes.values(),
                    radials,
                    features,
                    *(tensor.data_ptr() for tensor in (*read, *written)),
                ]
                device.launch(handles[plan.name], blocks_of(units, plan.warps), plan.warps * _LANES, arguments)

    def _plan(self, function: str, radials: int) -> MomentsPlan:
        """The kernel that holds all radial functions in one pass and fewest beyond, else that of the fewest passes."""
        found = [plan for plan in self._plans if plan.function == function]
        enough = [plan for plan in found if plan.rows == 0 or plan.rows >= radials]
        return min(enough, key=lambda plan: plan.rows) if enough else max(found, key=lambda plan: plan.rows)


Launch = tuple[str, Sequence[torch.Tensor], Sequence[torch.Tensor]]


def _directed_launches(name: str, given: Sequence[torch.Tensor], outputs: Sequence[torch.Tensor]) -> list[Launch]:
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


def _plain_launches(name: str, given: Sequence[torch.Tensor], outputs: Sequence[torch.Tensor]) -> list[Launch]:
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
