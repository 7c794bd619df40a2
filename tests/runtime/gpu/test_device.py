"""What reaches CuPy's bindings of the driver: a stand-in reads the arguments as the driver would."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest
import torch

from invgen.errors import CompilerError
from invgen.runtime.build.cubin import join
from invgen.runtime.gpu.device import CupyDevice, cupy_cuda, device_of


class DriverError(RuntimeError):
    pass


class Driver:
    """Records what it is called with; the current device and stream are torch's."""

    CUDADriverError = DriverError

    def __init__(self) -> None:
        self.calls: list[tuple[Any, ...]] = []
        self.current = 0
        self.old = False

    def setDevice(self, index: int) -> None:
        self.calls.append(("setDevice", index))

    def driverGetVersion(self) -> int:
        return 12080

    def moduleLoadData(self, cubin: bytes) -> int:
        if self.old:
            raise DriverError("CUDA_ERROR_UNSUPPORTED_PTX_VERSION")
        self.calls.append(("load", self.current, cubin))
        return 5

    def moduleGetFunction(self, module: int, name: str) -> int:
        return module * 1000 + len(name)

    def launchKernel(self, kernel: int, *rest: int) -> None:
        *shape, shared, stream, parameters, extra = rest
        pointers = ctypes.cast(parameters, ctypes.POINTER(ctypes.POINTER(ctypes.c_int64)))
        values = [pointers[place][0] for place in range(5)]
        self.calls.append(("launch", self.current, kernel, tuple(shape), shared, stream, extra, values))


@pytest.fixture
def driver(monkeypatch: pytest.MonkeyPatch) -> Driver:
    made = Driver()

    @contextmanager
    def device(index: int) -> Iterator[None]:
        before, made.current = made.current, index
        yield
        made.current = before

    monkeypatch.setattr("invgen.runtime.gpu.device.cupy_cuda", lambda: SimpleNamespace(driver=made, runtime=made))
    monkeypatch.setattr(torch.cuda, "device", device)
    monkeypatch.setattr(torch.cuda, "current_device", lambda: made.current)
    monkeypatch.setattr(torch.cuda, "get_device_capability", lambda index: ((9, 0), (8, 6), (7, 0))[index])
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda index: f"card {index}")
    monkeypatch.setattr(torch.cuda, "current_stream", lambda index: SimpleNamespace(cuda_stream=0xABC + index))
    empty = torch.empty
    monkeypatch.setattr(torch, "empty", lambda *shape, **_: empty(*shape))
    return made


# Addresses, then more pairs than 32 bits hold.
ARGUMENTS = [2**46 + 16, 2**47 - 32, 1, 2**35 + 3, 64]


def test_a_launch_passes_64_bit_arguments_on_torchs_stream_of_the_device(driver: Driver) -> None:
    device = CupyDevice(0)
    assert device.architecture == "sm_90"
    handles = device.load(b"cubin", ["a", "bb"])
    assert handles == {"a": 5001, "bb": 5002}
    device.launch(handles["bb"], 2**31 - 1, 128, ARGUMENTS)
    assert driver.calls[-2:] == [
        ("setDevice", 0),
        ("launch", 0, 5002, (2**31 - 1, 1, 1, 128, 1, 1), 0, 0xABC, 0, ARGUMENTS),
    ]


def test_a_module_is_loaded_and_launched_on_its_own_device(driver: Driver) -> None:
    device = CupyDevice(1)
    assert device.architecture == "sm_86"
    handles = device.load(b"cubin", ["a"])
    device.launch(handles["a"], 3, 64, ARGUMENTS)
    assert ("load", 1, b"cubin") in driver.calls
    assert driver.calls[-1] == ("launch", 1, 5001, (3, 1, 1, 64, 1, 1), 0, 0xABD, 0, ARGUMENTS)
    assert driver.current == 0, "the caller's device is left as it was"


def test_machine_code_in_pieces_is_several_modules(driver: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    held = "invgen.runtime.gpu.device.names_of"
    monkeypatch.setattr(held, lambda file, names: [name for name in names if name.encode() in file])
    handles = CupyDevice(0).load(join((b"a", b"bb")), ["a", "bb"])
    assert [call[2] for call in driver.calls if call[0] == "load"] == [b"a", b"bb"]
    assert handles == {"a": 5001, "bb": 5002}


def test_devices_are_made_once_for_each_index(driver: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("invgen.runtime.gpu.device._devices", {})
    assert device_of(torch.device("cuda")) is device_of(torch.device("cuda:0"))
    assert device_of(torch.device("cuda:1")).index == 1


def test_an_old_card_and_an_old_driver_are_one_sentence(driver: Driver) -> None:
    with pytest.raises(CompilerError, match=r"card 2 has compute capability 7\.0: .*7\.5 or newer.*target=\"torch\""):
        CupyDevice(2)
    driver.old = True
    with pytest.raises(CompilerError, match=r"the driver, of CUDA 12\.8, refuses machine code for sm_90 .*update it"):
        CupyDevice(0).load(b"cubin", ["a"])


def test_cupy_that_does_not_import_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cupy", None)
    monkeypatch.setitem(sys.modules, "cupy.cuda", None)
    with pytest.raises(CompilerError, match="CuPy cannot be imported") as caught:
        cupy_cuda()
    assert "\n" not in str(caught.value)
