"""`read`: the frames of a data file, in eV and Angstrom, by what the file's name ends in."""

from __future__ import annotations

import lzma
import os
import tarfile
import tempfile
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from invgen.checks import shown
from invgen.errors import InputError
from invgen.structures.batch import check_targets
from invgen.structures.frames import Frames
from invgen.structures.read_arrays import ALIASES, read_hdf5, read_npz
from invgen.structures.read_ase import read_ase
from invgen.structures.structure import TARGETS
from invgen.structures.units import Units

_PIECE = 1 << 20
_ARCHIVES = (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz")


def read(
    path: str | Path,
    *,
    member: str | None = None,
    keys: Mapping[str, str] | None = None,
    energy_unit: str | None = None,
    length_unit: str | None = None,
    stress_unit: str | None = None,
    dipole_unit: str | None = None,
    polarizability_unit: str | None = None,
    require: Sequence[str] = (),
) -> Frames:
    """The frames of a file; the ending, in capitals or not, chooses the reader: .npz, .h5/.hdf5, all else through ASE.

    NumPy and HDF5 files do not say their units: both must be named. ASE's are eV and Angstrom unless named. Energies,
    lengths, forces and stresses are converted; the metadata of the result say from what.

    Args:
        path: the file, or a tar archive (also compressed) that holds it.
        member: the file's name in the archive.
        keys: where targets are found under other names than usual, such as {"energy": "REF_energy"}; for arrays also
            "numbers", "positions", "cell", "periodic". An empty name leaves a target out. A virial, which is named
            "virial" or "virials" or in keys, is read as the stress -virial/volume; its unit is that of energies.
        energy_unit: eV, meV, kcal/mol, kJ/mol, Hartree or Rydberg.
        length_unit: Angstrom, Bohr or nm. Forces are in energy per length.
        stress_unit: GPa, if not energy per length cubed.
        dipole_unit: e Angstrom, e Bohr or Debye, if not e times the unit of length. Arrays with dipoles need it.
        polarizability_unit: Angstrom^3 or Bohr^3 (atomic units), if not length cubed. Arrays need it.
        require: targets that every frame must have.

    Raises:
        InputError: no such file or member, units are missing or unknown, a key is not there, a virial without a cell,
            or content that makes no structures; one sentence each.
    """
    named = (energy_unit, length_unit, stress_unit, dipole_unit, polarizability_unit)
    if not isinstance(path, str | os.PathLike):
        raise InputError(f"a file is named by its path, got {shown(path)}")
    if not isinstance(require, Iterable):
        raise InputError(f"require names targets, {', '.join(TARGETS)}, got {shown(require)}")
    source = Path(path)
    if not source.is_file():
        raise InputError(f"there is no file {str(path)!r}")
    if source.name.lower().endswith(_ARCHIVES):
        with tempfile.TemporaryDirectory() as folder:
            frames = _read_file(_extracted(source, member, Path(folder)), keys, named)
        name = f"{source.name}:{member}"
    elif member is not None:
        raise InputError(f"member names a file in a tar archive, and {source.name!r} is not one: leave it out")
    else:
        frames = _read_file(source, keys, named)
        name = source.name
    return replace(frames, metadata={"source": name, **frames.metadata}).require(*check_targets(require))


def _read_file(path: Path, keys: Mapping[str, str] | None, named: tuple[str | None, ...]) -> Frames:
    energy_unit, length_unit, *others = named
    if not isinstance(keys, Mapping | None) or not all(isinstance(each, str) for each in (keys or {}).values()):
        raise InputError(f"keys are a mapping of names to those of the file, such as {{'energy': 'E'}}, got {keys!r}")
    keys = dict(keys or {})
    unknown = [name for name in keys if name not in ALIASES]
    if unknown:
        raise InputError(f"keys name {', '.join(ALIASES)}; got {unknown[0]!r}")
    ending = path.suffix.lower()
    arrays = ending in (".npz", ".h5", ".hdf5")
    if arrays and (energy_unit is None or length_unit is None):
        raise InputError(
            f"{path.name} does not say its units: pass energy_unit and length_unit, such as 'kcal/mol' and 'Angstrom' "
            "for MD17 and rMD17, 'Hartree' and 'Angstrom' for ANI"
        )
    units = Units(energy_unit or "eV", length_unit or "Angstrom", *others)
    if not arrays:
        return _read_ase(path, ending, keys, units)
    return read_npz(path, keys, units) if ending == ".npz" else read_hdf5(path, keys, units)


def _read_ase(path: Path, ending: str, keys: Mapping[str, str], units: Units) -> Frames:
    """ASE knows the ending of some files in small letters alone."""
    if path.suffix == ending:
        return read_ase(path, keys, units)
    with tempfile.TemporaryDirectory() as folder:
        renamed = Path(folder) / f"{path.stem}{ending}"
        renamed.symlink_to(path.absolute())
        return read_ase(renamed, keys, units)


def _extracted(archive: Path, member: str | None, folder: Path) -> Path:
    """One file of an archive, written into a folder; its path in the archive is not used for that."""
    try:
        with tarfile.open(archive) as tar:
            files = sorted(each.name for each in tar.getmembers() if each.isfile())
            if not isinstance(member, str) or member not in files:
                said = "has no member {!r}" if member else "is an archive: pass member"
                raise InputError(f"{archive.name} {said.format(member)}; its files are {', '.join(files)}")
            content = tar.extractfile(member)
            if content is None:
                raise InputError(f"{member!r} of {archive.name} is not a file")
            target = folder / Path(member).name
            target.write_bytes(content.read())
            while tar.fileobj is not None and tar.fileobj.read(_PIECE):
                pass  # to the end, where a compressed archive has its checksum
            return target
    except (tarfile.TarError, EOFError, OSError, zlib.error, lzma.LZMAError) as error:
        raise InputError(f"{archive.name} is a damaged archive: {error}") from error
