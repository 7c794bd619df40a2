"""One GPU: modules and launches through CuPy's bindings of the driver, on torch's memory and torch's current stream.

Nothing here waits for the device, and nothing allocates on it: a launch can be captured in a CUDA graph.
"""

from __future__ import annotations

import ctypes
import importlib
from collections.abc import Sequence
from types import ModuleType
from typing import Any, Final, Protocol

import torch

from invgen.errors import CompilerError, InputError
from invgen.runtime.build.cubin import files_of, names_of

SUPPORTED: Final = (
    'target "cuda" needs an NVIDIA GPU of compute capability 7.5 or newer, a torch that was built for CUDA, '
    "CuPy 14 or newer, and NVRTC"
)
ELSEWHERE: Final = 'use target="c" on the CPU or target="torch" on any device'
MOST_BLOCKS: Final = 2**31 - 1
LEAST_CAPABILITY: Final = (7, 5)


class Device(Protocol):
    """What a kernel needs of a GPU; the tests have one that is a CPU."""

    architecture: str

    def load(self, cubin: bytes, names: Sequence[str]) -> dict[str, Any]:
        """Handles of the kernels in machine code, which stays loaded for the life of the process."""
        ...

    def launch(self, kernel: Any, blocks: int, threads: int, arguments: Sequence[int]) -> None:
        """Starts a kernel whose arguments are 64-bit integers and addresses."""
        ...

    def is_capturing(self) -> bool:
        """Whether the current stream records a graph, so that nothing may be loaded."""
        ...

    def seconds(self, call: Any, rounds: int) -> float:
        """The least time of several rounds of a call."""
        ...


class CupyDevice:
    """A GPU by its index in torch.

    Attributes:
        index: torch's index of the device.
        architecture: for example "sm_90".

    Raises:
        CompilerError: CuPy is missing, or the device is too old.
    """

    def __init__(self, index: int) -> None:
        self.index = index
        self._cuda = cupy_cuda()
        capability = torch.cuda.get_device_capability(index)
        if capability < LEAST_CAPABILITY:
            raise CompilerError(
                f"{torch.cuda.get_device_name(index)} has compute capability {capability[0]}.{capability[1]}: "
                f"{SUPPORTED}; {ELSEWHERE}"
            )
        self.architecture = f"sm_{capability[0]}{capability[1]}"
        self._modules: list[int] = []

    def load(self, cubin: bytes, names: Sequence[str]) -> dict[str, int]:
        """Handles of the kernels in one module, or in several.

        Raises:
            CompilerError: the machine code is damaged, or the driver refuses it, most often because it is older than
                NVRTC.
        """
        with torch.cuda.device(self.index):
            # A tensor makes torch create the device's context before the driver is asked for anything.
            torch.empty(1, device=f"cuda:{self.index}")
            self._cuda.runtime.setDevice(self.index)
            files = files_of(cubin)
            handles: dict[str, int] = {}
            try:
                for file in files:
                    module = self._cuda.driver.moduleLoadData(file)
                    self._modules.append(module)
                    for name in names if len(files) == 1 else names_of(file, names):
                        handles[name] = self._cuda.driver.moduleGetFunction(module, name)
                return handles
            except self._cuda.driver.CUDADriverError as error:
                version = self._cuda.runtime.driverGetVersion()
                raise CompilerError(
                    f"the driver, of CUDA {version // 1000}.{version % 1000 // 10}, refuses machine code for "
                    f"{self.architecture} ({error}): update it, or install an nvidia-cuda-nvrtc that is not newer"
                ) from error

    def launch(self, kernel: int, blocks: int, threads: int, arguments: Sequence[int]) -> None:
        """Starts a kernel on torch's current stream of this device."""
        if torch.cuda.current_device() != self.index:
            with torch.cuda.device(self.index):
                self._launch(kernel, blocks, threads, arguments)
        else:
            self._launch(kernel, blocks, threads, arguments)

    def is_capturing(self) -> bool:
        """Whether torch's current stream records a graph."""
        return torch.cuda.is_current_stream_capturing()

    def seconds(self, call: Any, rounds: int) -> float:
        """The least time of several rounds, each between two events on the current stream."""
        with torch.cuda.device(self.index):
            times = []
            for _ in range(rounds):
                begin, end = torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True)
                begin.record()
                call()
                end.record()
                end.synchronize()
                times.append(begin.elapsed_time(end) / 1000)
            return float(min(times))

    def _launch(self, kernel: int, blocks: int, threads: int, arguments: Sequence[int]) -> None:
        # The driver launches into the context of the calling thread; autograd's threads have none until they set one.
        self._cuda.runtime.setDevice(self.index)
        count = len(arguments)
        values = (ctypes.c_int64 * count)(*arguments)
        address = ctypes.addressof(values)
        pointers = (ctypes.c_void_p * count)(*range(address, address + 8 * count, 8))
        stream = torch.cuda.current_stream(self.index).cuda_stream
        self._cuda.driver.launchKernel(
            kernel, blocks, 1, 1, threads, 1, 1, 0, stream, ctypes.addressof(pointers), 0
        )  # fmt: skip


_devices: dict[int, CupyDevice] = {}


def device_of(device: torch.device) -> CupyDevice:
    """The device of a CUDA tensor; each is made once.

    Raises:
        CompilerError: as `CupyDevice`.
    """
    index = torch.cuda.current_device() if device.index is None else device.index
    if index not in _devices:
        _devices[index] = CupyDevice(index)
    return _devices[index]


def require_cuda() -> None:
    """Returns where kernels of target "cuda" can be built and run.

    Raises:
        CompilerError: something is missing; the sentence says what, and what is supported.
    """
    problem = missing()
    if problem:
        raise CompilerError(f"{problem}: {SUPPORTED}; {ELSEWHERE}")


def missing() -> str:
    """What keeps target "cuda" from running on this machine, empty if nothing does."""
    if torch.version.cuda is None:
        return f"torch {torch.__version__} was built without CUDA"
    if not torch.cuda.is_available():
        return f"torch was built for CUDA {torch.version.cuda} but sees no device and driver"
    try:
        cupy_cuda()
    except CompilerError as error:
        return str(error)
    return ""


def cupy_cuda() -> ModuleType:
    """The module `cupy.cuda`.

    Raises:
        CompilerError: CuPy is not installed or does not load.
    """
    try:
        return importlib.import_module("cupy.cuda")
    except (ImportError, RuntimeError, OSError) as error:
        raise CompilerError(f"CuPy cannot be imported ({' '.join(str(error).split())})") from error


def blocks_of(pairs: int, per_block: int) -> int:
    """The blocks of a launch.

    Raises:
        InputError: more than a launch can have.
    """
    blocks = -(-pairs // per_block)
    if blocks > MOST_BLOCKS:
        raise InputError(
            f"{pairs} pairs of sample and channel are more than one launch takes ({MOST_BLOCKS} blocks of "
            f"{per_block}): pass fewer samples at a time"
        )
    return blocks
