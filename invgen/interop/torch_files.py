"""Reads files of `torch.save` without running what they hold: modules become records of their attributes.

A pickle is a program. `torch.load(weights_only=True)` refuses the modules in it, and `weights_only=False` runs them.
Here classes and functions of libraries in the file are never imported: each becomes an empty class of the same name,
whose objects keep what the file says of them. Every other function is refused and not called.
"""

from __future__ import annotations

import io
import pickle
import zipfile
from collections import OrderedDict
from collections.abc import Iterator
from math import prod
from pathlib import Path
from typing import Any, Final, NamedTuple

import torch

from invgen.errors import InputError

LIBRARIES: Final = ("mace", "e3nn", "torch", "__torch__", "opt_einsum_fx")
"""Packages whose classes and functions become records."""

DTYPES: Final = {
    "DoubleStorage": torch.float64,
    "FloatStorage": torch.float32,
    "HalfStorage": torch.float16,
    "BFloat16Storage": torch.bfloat16,
    "LongStorage": torch.int64,
    "IntStorage": torch.int32,
    "ShortStorage": torch.int16,
    "CharStorage": torch.int8,
    "ByteStorage": torch.uint8,
    "BoolStorage": torch.bool,
}

NUMBERS: Final = {"f8": torch.float64, "f4": torch.float32, "i8": torch.int64, "i4": torch.int32, "b1": torch.bool}
"""Scalars of NumPy."""


class MissingPart(InputError, AttributeError):
    """A record has no attribute of this name."""


class Record:
    """What a file says of one object: attributes, and of a module its parameters, buffers and submodules too.

    Subclasses have the names of the classes in the file, and nothing of what those do.

    Attributes:
        arguments: what the object was made with.
    """

    arguments: tuple[Any, ...]
    _state: dict[Any, Any]

    def __new__(cls, *arguments: Any) -> Record:
        """An object without attributes."""
        made = super().__new__(cls)
        made.arguments, made._state = arguments, {}
        return made

    def __init__(self, *arguments: Any) -> None:
        pass

    def __setstate__(self, state: Any) -> None:
        if not isinstance(state, dict):
            raise pickle.UnpicklingError(f"the state of a {type(self).__name__} is not a mapping")
        self._state = state

    def __getattr__(self, name: str) -> Any:
        state = self.__dict__.get("_state", {})
        for place in (state, *(state.get(each) or {} for each in ("_parameters", "_buffers", "_modules"))):
            if name in place:
                return place[name]
        scripts = state.get("__codegen__") or {}
        if name in scripts:
            # e3nn pickles generated modules as archives of TorchScript; their constants are read and their code is not.
            each = scripts[name]
            return read_archive(each[-1] if isinstance(each, tuple) else each)
        raise MissingPart(f"{type(self).__name__} in the file has no {name!r}: it is of another version of its library")

    def children(self) -> Iterator[Any]:
        """The submodules, or of a list of parameters those."""
        return iter([*(self._state.get("_modules") or {}).values(), *(self._state.get("_parameters") or {}).values()])

    __iter__ = children

    def __getitem__(self, index: int) -> Any:
        return list(self.children())[index]

    def __len__(self) -> int:
        return len(list(self.children()))

    def __bool__(self) -> bool:
        return True


def record(kind: str, **attributes: Any) -> Record:
    """A record of a class of this name with these attributes."""
    made: Record = type(kind, (Record,), {})()
    made._state = attributes
    return made


class RankParity(NamedTuple):
    """e3nn's `Irrep`."""

    l: int
    p: int


class MultipleIrrep(NamedTuple):
    """e3nn's `_MulIr`."""

    mul: int
    ir: RankParity


class LinearInstruction(NamedTuple):
    """e3nn's instruction of a linear map."""

    i_in: int
    i_out: int
    path_shape: tuple[int, ...]
    path_weight: float


class ProductInstruction(NamedTuple):
    """e3nn's instruction of a tensor product."""

    i_in1: int
    i_in2: int
    i_out: int
    connection_mode: str
    has_weight: bool
    path_weight: float
    path_shape: tuple[int, ...]


TUPLES: Final[dict[str, Any]] = {
    "e3nn.o3._irreps.Irrep": RankParity._make,
    "e3nn.o3._irreps._MulIr": MultipleIrrep._make,
    "e3nn.o3._irreps.Irreps": tuple,
    "e3nn.o3._linear.Instruction": lambda *fields: LinearInstruction(*fields),
    "e3nn.o3._tensor_product._instruction.Instruction": lambda *fields: ProductInstruction(*fields),
}
"""Tuples with names, and what makes them of the arguments that the file gives."""


def _made_by(make: Any) -> type:
    """A class whose `__new__`, which pickles call, makes another object; a file can change this class and no other."""
    return type("Made", (), {"__new__": lambda cls, *arguments: make(*arguments)})


def _bytes(text: str, encoding: str) -> bytes:
    """Pickles of protocol 2 write bytes as text."""
    if encoding != "latin1":
        raise pickle.UnpicklingError(f"bytes are not written as {encoding}")
    return text.encode("latin1")


def _attribute(of: Any, name: str) -> type:
    """Compiled functions such as `torch.tanh` are written as attributes of a class, which is a record here."""
    if not (isinstance(of, type) and issubclass(of, Record)):
        raise InputError("it calls getattr, which is not part of a model and was not run: do not trust this file")
    return type(name, (Record,), {})


def _numpy_scalar(dtype: Record, data: bytes = b"") -> Any:
    kind = NUMBERS.get(str(dtype.arguments[0]).lstrip("<|"))
    if kind is None:
        raise pickle.UnpicklingError("a number of NumPy is of a kind that is not read")
    return torch.frombuffer(bytearray(data), dtype=kind).item()


class _NumpyDtype(Record):
    """`numpy.dtype` of a scalar, whose state says the order of bytes and what follows from the name."""

    def __setstate__(self, state: Any) -> None:
        if state[1] == ">":
            raise pickle.UnpicklingError("numbers stand with the high byte first")


def _tensor(storage: torch.Tensor, offset: int, size: Any, stride: Any, *_: Any) -> torch.Tensor:
    if prod(size) > storage.numel():
        raise pickle.UnpicklingError("a tensor is longer than its data")
    return torch.as_strided(storage, tuple(size), tuple(stride), offset).clone()


FUNCTIONS: Final[dict[str, Any]] = {
    "collections.OrderedDict": OrderedDict,
    "builtins.set": set,
    "__builtin__.set": set,
    "builtins.getattr": _attribute,
    "__builtin__.getattr": _attribute,
    "_codecs.encode": _bytes,
    "numpy.dtype": _NumpyDtype,
    "numpy.core.multiarray.scalar": _numpy_scalar,
    "numpy._core.multiarray.scalar": _numpy_scalar,
    "torch._utils._rebuild_tensor_v2": _tensor,
    "torch._utils._rebuild_parameter": lambda tensor, *_: tensor,
    "torch._utils._rebuild_parameter_with_state": lambda tensor, *_: tensor,
    **TUPLES,
}
"""What a file may call by name."""

VALUES: Final[dict[str, Any]] = {f"torch.{name}": dtype for name, dtype in DTYPES.items()}


class _Reader(pickle.Unpickler):
    """Of one pickle in an archive."""

    def __init__(self, archive: zipfile.ZipFile, folder: str) -> None:
        super().__init__(io.BytesIO(archive.read(f"{folder}/data.pkl")))
        self._archive, self._folder = archive, folder
        self._storages: dict[str, torch.Tensor] = {}
        self._classes: dict[str, type] = {}

    def find_class(self, module: str, name: str) -> Any:
        """What stands for a name: one of ours, or an empty class."""
        full = f"{module}.{name}"
        if full in VALUES:
            return VALUES[full]
        if full in FUNCTIONS:
            return self._classes.setdefault(full, _made_by(FUNCTIONS[full]))
        if module.partition(".")[0] not in LIBRARIES:
            raise InputError(f"it calls {full}, which is not part of a model and was not run: do not trust this file")
        return self._classes.setdefault(full, type(name.rpartition(".")[2], (Record,), {"__module__": module}))

    def persistent_load(self, pid: Any) -> torch.Tensor:
        """The numbers of one storage."""
        kind, dtype, key, _, count = pid
        if kind != "storage" or not isinstance(dtype, torch.dtype):
            raise pickle.UnpicklingError("it holds storages of an unknown kind")
        if key not in self._storages:
            data = bytearray(self._archive.read(f"{self._folder}/data/{key}"))
            found = torch.frombuffer(data, dtype=dtype) if data else torch.empty(0, dtype=dtype)
            if found.numel() != count:
                raise pickle.UnpicklingError("a storage has another length than it says")
            self._storages[key] = found
        return self._storages[key]


def _folder_of(archive: zipfile.ZipFile) -> str:
    """The folder in which everything stands."""
    found = [name.rpartition("/")[0] for name in archive.namelist() if name.count("/") == 1]
    folders = [name for name in found if f"{name}/data.pkl" in archive.namelist()]
    if not folders:
        raise pickle.UnpicklingError("it holds no data.pkl")
    if f"{folders[0]}/byteorder" in archive.namelist() and archive.read(f"{folders[0]}/byteorder") != b"little":
        raise pickle.UnpicklingError("its numbers stand with the high byte first")
    return folders[0]


def read_archive(content: bytes) -> Any:
    """What an archive in memory holds."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return _Reader(archive, _folder_of(archive)).load()


def read(path: str | Path) -> Any:
    """What a file of `torch.save` holds: plain values, tensors on the CPU, and a `Record` for every module.

    Nothing of the file is run, whatever `TORCH_FORCE_NO_WEIGHTS_ONLY_LOAD` says, and no library is imported.

    Raises:
        InputError: the file cannot be read, is not one of `torch.save`, is damaged, is TorchScript, or calls a function
            that no model needs.
    """
    file = Path(path)
    try:
        content = file.read_bytes()
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror}") from error
    if not zipfile.is_zipfile(io.BytesIO(content)):
        raise InputError(f"{path} is not a file of torch.save, or it is damaged; torch before 1.6 wrote another format")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            folder = _folder_of(archive)
            if f"{folder}/constants.pkl" in archive.namelist():
                raise InputError(
                    f"{path} holds a model as TorchScript, which is a program: take the file that torch.save made of it"
                )
            return _Reader(archive, folder).load()
    except InputError as error:
        raise InputError(str(error) if str(path) in str(error) else f"{path} is refused: {error}") from None
    except Exception as error:  # a pickle that is damaged fails in every way there is
        raise InputError(f"{path} is damaged: {error or type(error).__name__}") from error
