"""Files of fields: the axes, spacing and origin that they state, and what is said of files that cannot be read."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from invgen.errors import InputError, MissingPackageError
from invgen.fields import reading
from invgen.fields.reading import header_of, read_volume

FIELD = np.arange(24, dtype=np.float32).reshape(2, 3, 4)  # (X, Y, Z)
TURN = np.array([[0.0, -1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])


def written(path: Path, **facts: Any) -> Path:
    np.savez(path, field=FIELD, **facts)
    return path


def test_npz_files_bring_spacing_origin_and_direction(tmp_path: Path) -> None:
    path = written(tmp_path / "a.npz", spacing=[1, 2, 3], origin=[4, 5, 6], direction=TURN)
    found = read_volume(path)
    np.testing.assert_array_equal(found.values, FIELD)
    assert (found.spacing, found.origin) == ((1, 2, 3), (4, 5, 6))
    np.testing.assert_allclose(found.physical([[1.0, 0.0, 0.0]]), [[4, 6, 6]])
    assert header_of(path) == reading.FieldHeader((2, 3, 4), np.dtype(np.float32)) and header_of(path).count == 24


def test_npz_keys_are_looked_for_in_order(tmp_path: Path) -> None:
    np.savez(tmp_path / "one.npz", anything=FIELD, spacing=2.0)
    assert read_volume(tmp_path / "one.npz").spacing == (2, 2, 2)
    np.savez(tmp_path / "two.npz", a=FIELD, b=FIELD + 1)
    np.testing.assert_array_equal(read_volume(tmp_path / "two.npz", "b").values, FIELD + 1)
    with pytest.raises(InputError, match="it holds a, b; say which is the field"):
        read_volume(tmp_path / "two.npz")
    with pytest.raises(InputError, match="no array 'c', only a, b"):
        read_volume(tmp_path / "two.npz", "c")


def test_npy_files_have_spacing_one(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", FIELD)
    found = read_volume(tmp_path / "a.npy")
    np.testing.assert_array_equal(found.values, FIELD)
    assert found.spacing == (1, 1, 1) and header_of(tmp_path / "a.npy").shape == (2, 3, 4)


@pytest.mark.parametrize("order", [(1, 2, 3), (3, 2, 1), (2, 3, 1)])
def test_mrc_files_keep_axes_voxel_size_and_origin(tmp_path: Path, order: tuple[int, int, int]) -> None:
    mrcfile = pytest.importorskip("mrcfile")
    # Axis (sections, rows, columns) of the data is the axis of space that the header names.
    data = np.transpose(FIELD, [axis - 1 for axis in reversed(order)])
    with mrcfile.new(tmp_path / "a.mrc") as file:
        file.set_data(np.ascontiguousarray(data))
        file.header.mapc, file.header.mapr, file.header.maps = order
        file.header.mx, file.header.my, file.header.mz = FIELD.shape
        file.header.cella = (2 * 1.5, 3 * 2.5, 4 * 3.5)
        file.header.nxstart, file.header.nystart, file.header.nzstart = order
    found = read_volume(tmp_path / "a.mrc")
    np.testing.assert_array_equal(found.values, FIELD)
    assert found.spacing == (1.5, 2.5, 3.5)
    assert found.origin == (1.5, 5, 10.5)  # voxels 1, 2 and 3 along x, y and z
    assert header_of(tmp_path / "a.mrc").count == 24
    with mrcfile.open(tmp_path / "a.mrc", mode="r+") as file:
        file.header.origin = (7, 8, 9)
    assert read_volume(tmp_path / "a.mrc").origin == (7, 8, 9)


def test_nifti_files_keep_the_affine_matrix(tmp_path: Path) -> None:
    nibabel = pytest.importorskip("nibabel")
    affine = np.eye(4)
    affine[:3, :3], affine[:3, 3] = TURN * [1, 2, 3], [4, 5, 6]
    nibabel.save(nibabel.Nifti1Image(FIELD, affine), tmp_path / "a.nii.gz")
    found = read_volume(tmp_path / "a.nii.gz")
    np.testing.assert_array_equal(found.values, FIELD)
    assert (found.spacing, found.origin) == ((1, 2, 3), (4, 5, 6))
    np.testing.assert_array_equal(found.direction, TURN)
    assert header_of(tmp_path / "a.nii.gz").shape == (2, 3, 4)
    affine[1, 1] += 1.0  # y leans towards x
    nibabel.save(nibabel.Nifti1Image(FIELD, affine), tmp_path / "b.nii")
    with pytest.raises(InputError, match="axes are not orthogonal"):
        read_volume(tmp_path / "b.nii")


def test_tiff_files_have_pages_along_z(tmp_path: Path) -> None:
    tifffile = pytest.importorskip("tifffile")
    tifffile.imwrite(
        tmp_path / "a.tif", FIELD.T, imagej=True, resolution=(2.0, 4.0), metadata={"spacing": 3.0, "axes": "ZYX"}
    )
    found = read_volume(tmp_path / "a.tif")
    np.testing.assert_array_equal(found.values, FIELD)
    assert found.spacing == (0.5, 0.25, 3.0)
    tifffile.imwrite(tmp_path / "b.tif", FIELD[0].T)
    np.testing.assert_array_equal(read_volume(tmp_path / "b.tif").values, FIELD[0])


def test_a_missing_reader_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> Any:
        raise ImportError(name)

    (tmp_path / "a.mrc").write_bytes(b"")
    monkeypatch.setattr(reading, "import_module", missing)
    with pytest.raises(MissingPackageError, match="need mrcfile, which cannot be imported; run: pip install mrcfile"):
        read_volume(tmp_path / "a.mrc")
    assert importlib.import_module is not missing


def test_files_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"gone\.npz does not exist"):
        read_volume(tmp_path / "gone.npz")
    (tmp_path / "a.npz").write_bytes(b"no zip file")
    with pytest.raises(InputError, match=r"a\.npz cannot be read"):
        read_volume(tmp_path / "a.npz")
    (tmp_path / "a.txt").write_text("1")
    with pytest.raises(InputError, match=r"none of the files that are read: \.npz"):
        read_volume(tmp_path / "a.txt")
    with pytest.raises(InputError, match=r"b\.npz: its spacing is .* not positive"):
        read_volume(written(tmp_path / "b.npz", spacing=[1, -1, 1]))
