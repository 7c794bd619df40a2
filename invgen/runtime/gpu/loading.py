"""Machine code of a kernel: from a cache or NVRTC, and loaded once on every device that calls it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final, Generic, TypeVar

import torch

from invgen.errors import CompilerError, InputError
from invgen.runtime.build.cache import LOG, Recipe, stored
from invgen.runtime.build.elsewhere import gpu_library
from invgen.runtime.build.nvrtc import FLAGS, Compiled, find_nvrtc
from invgen.runtime.gpu.device import Device
from invgen.runtime.spec import KernelSpec

CUBIN: Final = "kernel.cubin"
SOURCE: Final = "source.cu"

_Loaded = TypeVar("_Loaded")


def machine_code(spec: KernelSpec, architecture: str) -> Compiled:
    """The machine code of a spec for one architecture, from a cache or compiled into ours; needs no GPU.

    Raises:
        CompilerError: NVRTC is missing and no cache has the machine code, or NVRTC does not know the architecture or
            refuses the source.
        CacheError: the kernel cache cannot be used.
    """
    try:
        nvrtc = find_nvrtc()
    except CompilerError as error:
        return _kept(gpu_library(spec, CUBIN, architecture, error), architecture)

    def make(folder: Path) -> None:
        made = nvrtc.compile(spec.source, architecture)
        (folder / CUBIN).write_bytes(made.cubin)
        (folder / LOG).write_text(made.log, encoding="utf-8")

    ingredients: dict[str, object] = {
        "compiler": "nvrtc",
        "compiler_version": list(nvrtc.version),
        "flags": list(FLAGS),
        "architecture": architecture,
    }
    return _kept(stored(spec, Recipe(SOURCE, CUBIN, ingredients, make)).library, architecture)


def _kept(path: Path, architecture: str) -> Compiled:
    return Compiled(architecture, path.read_bytes(), path.with_name(LOG).read_text(encoding="utf-8"))


class OnDevices(Generic[_Loaded]):
    """device -> what was made of the kernels that are loaded there, made at the first call for a device.

    Args:
        spec: the kernel; its source is CUDA C.
        names: of its kernels.
        devices: which `Device` a tensor is on.
        make: what is kept, of the device, the handles by name and the machine code.
    """

    def __init__(
        self,
        spec: KernelSpec,
        names: Sequence[str],
        devices: Callable[[torch.device], Device],
        make: Callable[[Device, dict[str, Any], Compiled], _Loaded],
    ) -> None:
        self._spec = spec
        self._names = names
        self._devices = devices
        self._make = make
        self._kept: dict[torch.device, _Loaded] = {}
        self._lock = threading.Lock()

    def __call__(self, device: torch.device) -> _Loaded:
        """What is kept for a device.

        Raises:
            InputError: nothing is loaded there yet, and a CUDA graph is being captured.
            CompilerError: as `machine_code`, or the driver refuses the machine code.
        """
        kept = self._kept.get(device)
        return self._load(device) if kept is None else kept

    def replace(self, device: torch.device, loaded: _Loaded) -> None:
        """Keep something else for a device from now on."""
        self._kept[device] = loaded

    def kept(self) -> tuple[_Loaded, ...]:
        """What is kept for all devices so far."""
        return tuple(self._kept.values())

    def _load(self, device: torch.device) -> _Loaded:
        with self._lock:
            if device not in self._kept:
                gpu = self._devices(device)
                if gpu.is_capturing():
                    raise InputError(
                        f"kernel {self._spec.name!r} was not loaded on {device} before a CUDA graph was captured "
                        "there: call it once on that device, then capture"
                    )
                made = machine_code(self._spec, gpu.architecture)
                self._kept[device] = self._make(gpu, gpu.load(made.cubin, self._names), made)
            return self._kept[device]
