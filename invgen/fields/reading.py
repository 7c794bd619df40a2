"""Reading fields from NumPy's files, MRC, NIfTI and TIFF, with axes, spacing and origin where they are stated."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from invgen.errors import InputError, MissingPackageError

Floats = NDArray[np.float64]
_ORTHOGONAL = 1e-4  # affine matrices are stored in float32


@dataclass(frozen=True, eq=False)
class Volume:
    """A field from a file. Voxel i lies at origin + direction · (spacing * i).

    Attributes:
        values: (X, Y, Z) or (X, Y), with a last axis of components where the field has them; x is the first axis,
            whatever the file's order.
        spacing: of the voxels along x, y and z, in the file's units.
        origin: where the first voxel is.
        direction: (3, 3) or (2, 2), orthogonal; its columns are where the axes of the array point.
    """

    values: NDArray[Any]
    spacing: tuple[float, ...]
    origin: tuple[float, ...]
    direction: Floats

    def physical(self, positions: Any) -> Floats:
        """Positions (n, 3) that count from the first voxel along the axes of the array, as those of `fields.detect`."""
        found: Floats = np.asarray(self.origin) + np.asarray(positions, dtype=np.float64) @ self.direction.T
        return found


@dataclass(frozen=True)
class FieldHeader:
    """What a file holds, before anything large is read.

    Attributes:
        shape: of the array as it is stored.
        dtype: of its numbers.
    """

    shape: tuple[int, ...]
    dtype: np.dtype[Any]

    @property
    def count(self) -> int:
        """How many numbers there are."""
        return int(np.prod(self.shape, dtype=object))


@dataclass(frozen=True)
class _Format:
    """How one kind of file is read: (path, key) to a header, and to a volume."""

    header: Callable[[Path, str | None], FieldHeader]
    volume: Callable[[Path, str | None], Volume]


def header_of(path: str | Path, key: str | None = None) -> FieldHeader:
    """The shape and dtype of the field in a file, read without the field.

    Raises:
        InputError: as `read_volume`.
        MissingPackageError: the package that reads such files is missing.
    """
    path = Path(path)
    found = _format(path)
    with _opened(path):
        return found.header(path, key)


def read_volume(path: str | Path, key: str | None = None) -> Volume:
    """The field in a file.

    * `.npz`: the array called `key`, or "field", "template" or "density", or the only one; with the arrays "spacing",
      "origin" and "direction" where they are present.
    * `.npy`: an array (X, Y, Z), spacing 1.
    * `.mrc`, `.map`, `.rec`, `.st`: through mrcfile; sections are z, and the header's axes, voxel size and origin hold.
    * `.nii`, `.nii.gz`: through nibabel; the affine matrix is split into direction, spacing and origin.
    * `.tif`, `.tiff`: through tifffile; pages are z, rows y. ImageJ's spacing and resolution hold.

    Raises:
        InputError: there is no such file, it is damaged or of another kind, or it holds no such array.
        MissingPackageError: the package that reads such files is missing.
    """
    path = Path(path)
    found = _format(path)
    with _opened(path):
        return found.volume(path, key)


def _format(path: Path) -> _Format:
    name = path.name.lower()
    for endings, found in _FORMATS.items():
        if name.endswith(endings):
            return found
    known = ", ".join(ending for endings in _FORMATS for ending in endings)
    raise InputError(f"{path} is none of the files that are read: {known}; save the array with numpy.savez")


@contextmanager
def _opened(path: Path) -> Iterator[None]:
    """What readers raise, as one sentence with the file's name."""
    if not path.is_file():
        raise InputError(f"{path} does not exist or is not a file")
    try:
        yield
    except MissingPackageError:
        raise
    except InputError as error:
        raise InputError(f"{path}: {error}") from error
    except Exception as error:  # each reader has its own exceptions
        raise InputError(f"{path} cannot be read: {' '.join(str(error).split()) or type(error).__name__}") from error


def _reader(name: str) -> Any:
    try:
        return import_module(name)
    except ImportError as error:
        raise MissingPackageError(
            f"files of this kind need {name}, which cannot be imported; run: pip install {name}"
        ) from error


def _volume(
    values: NDArray[Any],
    spacing: Sequence[float] | None = None,
    origin: Sequence[float] | None = None,
    direction: Any = None,
    dimension: int | None = None,
) -> Volume:
    size = min(values.ndim, 3) if dimension is None else dimension
    steps = np.ones(size) if spacing is None else np.broadcast_to(np.asarray(spacing, dtype=np.float64), (size,))
    start = np.zeros(size) if origin is None else np.broadcast_to(np.asarray(origin, dtype=np.float64), (size,))
    axes = np.eye(size) if direction is None else np.asarray(direction, dtype=np.float64)
    if axes.shape != (size, size) or abs(axes.T @ axes - np.eye(size)).max() > _ORTHOGONAL:
        raise InputError("its axes are not orthogonal; resample it onto a grid that is not sheared")
    if not (np.isfinite(steps) & (steps > 0)).all():
        raise InputError(f"its spacing is {steps.tolist()}, which is not positive")
    return Volume(values, tuple(map(float, steps)), tuple(map(float, start)), axes)


# --- NumPy

_NAMES = ("field", "template", "density")
_FACTS = ("spacing", "origin", "direction")


def _key(names: Sequence[str], key: str | None) -> str:
    fields = [name for name in names if name not in _FACTS]
    if key is not None and key not in names:
        raise InputError(f"it holds no array {key!r}, only {', '.join(names) or 'nothing'}")
    found = key or next((name for name in _NAMES if name in fields), fields[0] if len(fields) == 1 else None)
    if found is None:
        raise InputError(f"it holds {', '.join(fields) or 'no array'}; say which is the field")
    return found


def _npz_header(path: Path, key: str | None) -> FieldHeader:
    with zipfile.ZipFile(path) as archive:
        names = [name.removesuffix(".npy") for name in archive.namelist()]
        with archive.open(f"{_key(names, key)}.npy") as file:
            return _npy_head(file)


def _npy_head(file: Any) -> FieldHeader:
    version = np.lib.format.read_magic(file)
    read = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
    shape, _, dtype = read(file)
    return FieldHeader(shape, dtype)


def _npz(path: Path, key: str | None) -> Volume:
    with np.load(path, allow_pickle=False) as stored:
        values = stored[_key(stored.files, key)]
        facts = {name: stored[name] for name in _FACTS if name in stored.files}
    size = facts["spacing"].size if "spacing" in facts and facts["spacing"].ndim else None
    return _volume(values, **facts, dimension=size)


def _npy_header(path: Path, key: str | None) -> FieldHeader:
    with path.open("rb") as file:
        return _npy_head(file)


def _npy(path: Path, key: str | None) -> Volume:
    return _volume(np.load(path, allow_pickle=False))


# --- MRC


def _mrc_header(path: Path, key: str | None) -> FieldHeader:
    mrcfile = _reader("mrcfile")
    with mrcfile.open(path, header_only=True) as file:
        shape = tuple(int(file.header[name]) for name in ("nx", "ny", "nz"))
        return FieldHeader(shape, mrcfile.utils.data_dtype_from_header(file.header))


def _mrc(path: Path, key: str | None) -> Volume:
    with _reader("mrcfile").open(path) as file:
        header = file.header
        order = [int(header[name]) - 1 for name in ("mapc", "mapr", "maps")]  # the axes of columns, rows, sections
        order = order if sorted(order) == [0, 1, 2] else [0, 1, 2]
        data = np.array(file.data)
        if data.ndim not in (2, 3):
            raise InputError(f"it is a stack of volumes {data.shape}; save one volume")
        data = data[None] if data.ndim == 2 else data
        values = np.transpose(data, [2 - order.index(axis) for axis in range(3)])
        size = np.array([float(file.voxel_size[axis]) for axis in ("x", "y", "z")])
        start = np.array([float(header.origin[axis]) for axis in ("x", "y", "z")])
        first = np.array(
            [int(header[name]) for name in ("nxstart", "nystart", "nzstart")]
        )  # of columns, rows, sections
    size = np.where(size > 0, size, 1.0)
    if not start.any():  # older programs count the first voxel instead
        start = first[[order.index(axis) for axis in range(3)]] * size
    return _volume(values, tuple(size), tuple(start))


# --- NIfTI


def _nifti_header(path: Path, key: str | None) -> FieldHeader:
    image = _reader("nibabel").load(path)
    return FieldHeader(tuple(image.shape), np.dtype(image.get_data_dtype()))


def _nifti(path: Path, key: str | None) -> Volume:
    image = _reader("nibabel").load(path)
    values = np.asanyarray(image.dataobj)
    if values.ndim > 3:  # a time axis of one step; components follow it
        if values.shape[3] != 1:
            raise InputError(f"it holds {values.shape[3]} volumes; save one")
        values = values[:, :, :, 0]
    if values.ndim < 3:
        raise InputError(f"it holds an array {values.shape}; volumes have three axes")
    affine = np.asarray(image.affine, dtype=np.float64)
    spacing = np.linalg.norm(affine[:3, :3], axis=0)
    return _volume(values, tuple(spacing), tuple(affine[:3, 3]), affine[:3, :3] / spacing, dimension=3)


# --- TIFF


def _tiff_header(path: Path, key: str | None) -> FieldHeader:
    with _reader("tifffile").TiffFile(path) as file:
        series = file.series[0]
        return FieldHeader(tuple(series.shape), np.dtype(series.dtype))


def _tiff(path: Path, key: str | None) -> Volume:
    with _reader("tifffile").TiffFile(path) as file:
        values = file.series[0].asarray()
        if values.ndim not in (2, 3):
            raise InputError(f"it holds an array {values.shape} ({file.series[0].axes}); save one volume (Z, Y, X)")
        facts = file.imagej_metadata or {}
        spacing = [1.0, 1.0]
        if file.imagej_metadata:
            for i, name in enumerate(("XResolution", "YResolution")):
                tag = file.pages[0].tags.get(name)
                if tag is not None and tag.value[0]:
                    spacing[i] = tag.value[1] / tag.value[0]  # stored are pixels for each unit, as a fraction
    if values.ndim == 3:
        spacing.append(float(facts.get("spacing", 1.0)))
    return _volume(np.ascontiguousarray(values.T), spacing)


_FORMATS = {
    (".npz",): _Format(_npz_header, _npz),
    (".npy",): _Format(_npy_header, _npy),
    (".mrc", ".map", ".rec", ".st"): _Format(_mrc_header, _mrc),
    (".nii", ".nii.gz"): _Format(_nifti_header, _nifti),
    (".tif", ".tiff"): _Format(_tiff_header, _tiff),
}
