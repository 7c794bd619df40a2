"""A kernel for NVIDIA GPUs: machine code from the cache or NVRTC, one module a device, launches without a wait."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import torch

from invgen.runtime.build.cubin import KernelReport, reports
from invgen.runtime.build.nvrtc import Compiled
from invgen.runtime.gpu.choice import KINDS, WIDE_FROM, fastest
from invgen.runtime.gpu.device import Device, blocks_of, device_of
from invgen.runtime.gpu.loading import OnDevices, machine_code
from invgen.runtime.gpu.plan import LaunchPlan, launch_plans
from invgen.runtime.implementation import Pair, empty_rows
from invgen.runtime.spec import KernelSpec

# Names of the arrays of each function: those that it reads, those that it writes.
ARRAYS: Final = {
    "value": (("x",), ("y",)),
    "vjp": (("x", "ybar"), ("xbar",)),
    "value_and_vjp": (("x", "ybar"), ("y", "xbar")),
    "jvp": (("x", "u"), ("ydot",)),
    "vjp_of_vjp": (("x", "ybar", "u"), ("grad_x", "grad_ybar")),
}
_OF_Y: Final = ("y", "ybar", "ydot", "grad_ybar")
_ALIGNMENT: Final = 16
_TUNING_PAIRS: Final = 1 << 20
_TUNING_CHANNELS: Final = 64
_TUNING_ROUNDS: Final = 5


def build_report(spec: KernelSpec, architecture: str) -> tuple[KernelReport, ...]:
    """Registers, spills and occupancy of every kernel of a spec on an architecture such as "sm_90"; needs no GPU.

    Raises:
        CompilerError: as `machine_code`.
    """
    return _reports(machine_code(spec, architecture), launch_plans(spec.source, spec.name))


@dataclass(frozen=True)
class _Loaded:
    """The kernels of one device: handles by name, and what to launch for each function and kind of call."""

    device: Device
    handles: dict[str, Any]
    choice: dict[tuple[str, str], tuple[LaunchPlan, ...]]
    reports: tuple[KernelReport, ...]


class CudaLibrary:
    """An `Implementation` for CUDA tensors: launches on the current stream of the tensors' device, without a wait.

    Equal inputs give equal bits: there are no atomics, and the choice of a kernel depends on shape and alignment.

    Args:
        spec: the kernel; its source is CUDA C.
        devices: which `Device` a tensor is on.

    Raises:
        BasisFileError: the source does not say what its kernels are.
    """

    def __init__(self, spec: KernelSpec, devices: Callable[[torch.device], Device] = device_of) -> None:
        self._spec = spec
        self._plans = launch_plans(spec.source, spec.name)
        self._on = OnDevices(spec, [plan.name for plan in self._plans], devices, self._made)
        self._real_bytes = real = 4 if spec.dtype == "float32" else 8
        self._rows = {name: spec.count if name in _OF_Y else spec.dimension for names in ARRAYS.values()
                      for name in (*names[0], *names[1])}  # fmt: skip
        self._bytes = {
            function: (real * sum(self._rows[name] for name in read), real * sum(self._rows[name] for name in written))
            for function, (read, written) in ARRAYS.items()
        }
        self._widest = max(plan.width for plan in self._plans)

    def load(self, device: torch.device) -> None:
        """Makes the kernel ready on a device, so that a call there can be captured in a graph.

        Raises:
            CompilerError: NVRTC refuses the source, or the driver the machine code.
        """
        self._on(device)

    def tune(self, device: torch.device) -> dict[tuple[str, str], float]:
        """Times every kernel on a device and uses the fastest of each function from now on.

        Returns:
            Seconds by kernel and kind of call.

        Arrays of 2^20 pairs of 64 channels, and of one channel for the tiles, are allocated for it and freed.
        """
        loaded = self._on(device)
        dtype = torch.float32 if self._spec.dtype == "float32" else torch.float64
        measured: dict[tuple[str, str], float] = {}
        for kind, channels in (("aligned", _TUNING_CHANNELS), ("single", 1)):
            shape = (_TUNING_PAIRS // channels,)
            arrays = {
                name: torch.randn((*shape, rows, channels), dtype=dtype, device=device)
                for name, rows in self._rows.items()
            }
            for plan in self._plans:
                if plan.form in KINDS[kind]:
                    tensors = [arrays[name] for name in plan.arrays]

                    call = partial(_launch, loaded, plan, tensors, _TUNING_PAIRS, channels)
                    call()
                    measured[plan.name, kind] = loaded.device.seconds(call, _TUNING_ROUNDS)
        choice = fastest(self._plans, {r.name: r for r in loaded.reports}, self._bytes, self._real_bytes, measured)
        self._on.replace(device, _Loaded(loaded.device, loaded.handles, choice, loaded.reports))
        return measured

    def reports(self) -> tuple[KernelReport, ...]:
        """Registers, spills and occupancy of every kernel, for each architecture that one was loaded for."""
        found = {report: None for loaded in self._on.kept() for report in loaded.reports}
        return tuple(found)

    def value(self, x: torch.Tensor, out: torch.Tensor | None = None) -> torch.Tensor:
        """y = I(x)."""
        y = empty_rows(x, self._spec.count) if out is None else out
        self._call("value", (x,), (y,))
        return y

    def vjp(self, x: torch.Tensor, ybar: torch.Tensor, out: torch.Tensor | None = None) -> torch.Tensor:
        """Transposed Jacobian at x times ybar."""
        xbar = empty_rows(x, self._spec.dimension) if out is None else out
        self._call("vjp", (x, ybar), (xbar,))
        return xbar

    def value_and_vjp(self, x: torch.Tensor, ybar: torch.Tensor, out: Pair | None = None) -> Pair:
        """The value and the transposed Jacobian times ybar, in one pass over x."""
        y, xbar = (empty_rows(x, self._spec.count), empty_rows(x, self._spec.dimension)) if out is None else out
        self._call("value_and_vjp", (x, ybar), (y, xbar))
        return y, xbar

    def jvp(self, x: torch.Tensor, u: torch.Tensor, out: torch.Tensor | None = None) -> torch.Tensor:
        """Jacobian at x times u."""
        ydot = empty_rows(x, self._spec.count) if out is None else out
        self._call("jvp", (x, u), (ydot,))
        return ydot

    def vjp_of_vjp(self, x: torch.Tensor, ybar: torch.Tensor, u: torch.Tensor, out: Pair | None = None) -> Pair:
        """Gradients with respect to x and to ybar of the inner product of u and ``vjp(x, ybar)``."""
        fresh = (empty_rows(x, self._spec.dimension), empty_rows(x, self._spec.count)) if out is None else out
        self._call("vjp_of_vjp", (x, ybar, u), fresh)
        return fresh[0], fresh[1]

    def _call(self, function: str, inputs: Sequence[torch.Tensor], outputs: Sequence[torch.Tensor]) -> None:
        x = inputs[0]
        elements = x.numel()
        if elements == 0:
            return
        loaded = self._on(x.device)
        channels = x.shape[-1]
        # Contiguous copies come from torch's allocator, which keeps their memory until this stream has passed them.
        tensors = [tensor.contiguous() for tensor in inputs]
        tensors += outputs
        read, written = ARRAYS[function]
        arrays = dict(zip((*read, *written), tensors))
        pairs = elements // self._spec.dimension
        kind = "single" if channels == 1 else "any"
        if channels % self._widest == 0 and pairs >= WIDE_FROM:
            kind = "aligned" if all(tensor.data_ptr() % _ALIGNMENT == 0 for tensor in tensors) else kind
        for plan in loaded.choice[function, kind]:
            _launch(loaded, plan, [arrays[name] for name in plan.arrays], pairs, channels)

    def _made(self, gpu: Device, handles: dict[str, Any], made: Compiled) -> _Loaded:
        found = _reports(made, self._plans)
        named = {report.name: report for report in found}
        return _Loaded(gpu, handles, fastest(self._plans, named, self._bytes, self._real_bytes, {}), found)


def _launch(loaded: _Loaded, plan: LaunchPlan, tensors: Sequence[torch.Tensor], pairs: int, channels: int) -> None:
    blocks = blocks_of(pairs, plan.threads * plan.width)
    arguments = [*(tensor.data_ptr() for tensor in tensors), pairs, channels]
    loaded.device.launch(loaded.handles[plan.name], blocks, plan.threads, arguments)


def _reports(made: Compiled, plans: Sequence[LaunchPlan]) -> tuple[KernelReport, ...]:
    return reports(made.cubin, made.log, made.architecture, {plan.name: plan.threads for plan in plans})
