"""Several structures as one set of tensors: what networks take and what their losses compare with."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from itertools import pairwise
from typing import Any, ClassVar

import numpy as np
import torch

from invgen.errors import InputError
from invgen.structures.elements import SYMBOLS
from invgen.structures.pairs import Pairs, check_cutoff, concatenate_pairs, find_pairs, join_pairs
from invgen.structures.rounding import Exact, floating, has_float64, unrounded
from invgen.structures.structure import TARGETS, Structure, check_cells


@dataclass(frozen=True, eq=False)
class Batch:
    """Atoms a ... b - 1 belong to structure k, where structure[a ... b - 1] = k; eV and Angstrom.

    Floating tensors share one dtype and all tensors one device. Energies of thousands of eV lose digits in float32:
    subtract atomic energies first (`AtomicEnergies.subtract`).

    Positions lose digits far from the origin, vectors of pairs do not: a batch of a shorter dtype keeps beside its
    fields the float64 positions and cells that it was made from, and `pair_vectors` rounds differences of those. They
    go along with `to`, `with_pairs`, `with_positions`, `concatenate` and pickling. `dataclasses.replace` leaves them
    behind, and so does torch.export, which sees the fields alone, and the last two where a batch has them.

    Attributes:
        positions: (atoms, 3).
        species: (atoms), int64, atomic numbers.
        cell: (structures, 3, 3), rows are cell vectors; zeros where nothing is periodic.
        periodic: (structures, 3), bool.
        structure: (atoms), int64, from 0, never decreasing, with no number left out.
        energy: (structures), eV, or None.
        forces: (atoms, 3), eV/Angstrom, or None.
        stress: (structures, 3, 3), eV/Angstrom^3, positive under tension as in ASE, or None.
        charges: (atoms), e, or None.
        frame: (structures), int64, which frame of its data set each structure is, or None.
        pairs: the pairs within a cutoff, or None.
        dipole: (structures, 3), e Angstrom, or None.
        polarizability: (structures, 3, 3), Angstrom^3, or None.

    Raises:
        InputError: shapes, dtypes, devices or values are not those.
    """

    positions: torch.Tensor
    species: torch.Tensor
    cell: torch.Tensor
    periodic: torch.Tensor
    structure: torch.Tensor
    energy: torch.Tensor | None = None
    forces: torch.Tensor | None = None
    stress: torch.Tensor | None = None
    charges: torch.Tensor | None = None
    frame: torch.Tensor | None = None
    pairs: Pairs | None = None
    dipole: torch.Tensor | None = None
    polarizability: torch.Tensor | None = None

    # No field: what exported programs, checks and equality see of a batch are its roundings.
    exact: ClassVar[Exact | None] = None

    def __post_init__(self) -> None:
        _check_form(self)
        _check_values(self)

    @classmethod
    def trusted(cls, **tensors: Any) -> Batch:
        """A batch of tensors that were checked before; nothing is checked here, so that nothing waits for a GPU."""
        batch = object.__new__(cls)
        for name in FIELDS:
            object.__setattr__(batch, name, tensors.get(name))
        if tensors.get("exact") is not None:
            object.__setattr__(batch, "exact", tensors["exact"])
        return batch

    @classmethod
    def rounded(cls, exact: Exact, dtype: torch.dtype, **tensors: Any) -> Batch:
        """A batch of float64 positions and cells, rounded to a dtype; nothing is checked here either."""
        kept = None if dtype == torch.float64 else Exact(exact.positions.detach(), exact.cell.detach())
        return cls.trusted(exact=kept, positions=exact.positions.to(dtype), cell=exact.cell.to(dtype), **tensors)

    @classmethod
    def from_structures(
        cls,
        structures: Sequence[Structure],
        cutoff: float | None = None,
        *,
        targets: Sequence[str] | None = None,
        dtype: torch.dtype | None = None,
        threads: int = 1,
    ) -> Batch:
        """One batch of several structures, on the CPU.

        Args:
            structures: at least one.
            cutoff: the pairs within it are found; none if left out.
            targets: what the batch holds, of those in `TARGETS`; if left out, what any structure has.
            dtype: torch's default if left out.
            threads: for the search of pairs.

        Raises:
            InputError: no structure, or one lacks a target.
        """
        if not structures:
            raise InputError("a batch has at least one structure")
        other = [each for each in structures if not isinstance(each, Structure)]
        if other:
            raise InputError(
                f"a batch is made of structures, got {type(other[0]).__name__}; Structure.from_ase takes ase.Atoms"
            )
        names = [name for name in TARGETS if any(getattr(each, name) is not None for each in structures)]
        chosen = names if targets is None else check_targets(targets)
        for name in chosen:
            for number, each in enumerate(structures):
                if getattr(each, name) is None:
                    raise InputError(
                        f"structure {number} has no {name}, which the batch is to hold: leave it out, or pass targets "
                        "that every structure has"
                    )
        dtype = floating(dtype)

        def joined(name: str) -> torch.Tensor:
            whole = np.concatenate if TARGETS[name].per_atom else np.stack
            return torch.from_numpy(whole([getattr(each, name) for each in structures])).to(dtype)

        pairs = None
        if cutoff is not None:
            cutoff = check_cutoff(cutoff)
            parts = []
            for number, each in enumerate(structures):
                parts.append(
                    find_pairs(
                        each.positions,
                        np.asarray(each.cell),
                        np.asarray(each.periodic),
                        cutoff,
                        numbers=each.numbers,
                        name=f"structure {number}",
                        threads=threads,
                    )
                )
            pairs = join_pairs(parts, cutoff)
        sizes = [len(each) for each in structures]
        return cls.rounded(
            Exact(
                torch.from_numpy(np.concatenate([each.positions for each in structures])),
                torch.from_numpy(np.stack([np.asarray(each.cell) for each in structures])),
            ),
            dtype,
            species=torch.from_numpy(np.concatenate([each.numbers for each in structures])),
            periodic=torch.from_numpy(np.stack([np.asarray(each.periodic) for each in structures])),
            structure=torch.from_numpy(np.repeat(np.arange(len(sizes)), sizes)),
            pairs=pairs,
            **{name: joined(name) for name in chosen},
        )

    @classmethod
    def concatenate(cls, batches: Sequence[Batch]) -> Batch:
        """The structures of several batches as one; pairs are kept where all have them.

        Raises:
            InputError: no batch, or some have targets, frames or pairs that others lack, or cutoffs differ.
        """
        if not batches:
            raise InputError("at least one batch is needed to join batches")
        for name in (*TARGETS, "frame", "pairs"):
            with_it = [getattr(each, name) is not None for each in batches]
            if any(with_it) and not all(with_it):
                raise InputError(
                    f"batch {with_it.index(False)} has no {name}, which others have: give all of them or none"
                )
        first = batches[0]
        joined: dict[str, Any] = {}
        for field in fields(cls):
            if field.name not in ("structure", "pairs") and getattr(first, field.name) is not None:
                joined[field.name] = torch.cat([getattr(each, field.name) for each in batches])
        offset, parts = 0, []
        for each in batches:
            parts.append(each.structure + offset)
            offset += each.structures
        if first.pairs is not None:
            joined["pairs"] = concatenate_pairs([each.pairs for each in batches if each.pairs is not None])
        exact = None
        if any(each.exact is not None for each in batches):
            exact = Exact(*(torch.cat(each).detach() for each in zip(*(each.unrounded() for each in batches))))
        return cls.trusted(exact=exact, structure=torch.cat(parts), **joined)

    @property
    def atoms(self) -> int:
        """How many atoms there are."""
        return self.positions.shape[0]

    @property
    def structures(self) -> int:
        """How many structures there are."""
        return self.cell.shape[0]

    @property
    def atom_pointer(self) -> torch.Tensor:
        """(structures + 1), int64: atoms atom_pointer[k] ... atom_pointer[k + 1] - 1 belong to structure k."""
        # Atoms are sorted by structure; a search has a shape that compilers know, unlike a count.
        starts = torch.arange(self.structures + 1, device=self.structure.device)
        return torch.searchsorted(self.structure, starts)

    @property
    def volumes(self) -> torch.Tensor:
        """(structures): |det cell|, Angstrom^3.

        Raises:
            InputError: a cell has no volume.
        """
        volumes: torch.Tensor = torch.linalg.det(self.cell).abs()
        if bool((volumes == 0).any()):
            number = int((volumes == 0).nonzero()[0])
            raise InputError(f"structure {number} has a cell without volume, so that it has no stress: give it a cell")
        return volumes

    def with_pairs(self, cutoff: float, threads: int = 1) -> Batch:
        """The same batch with the pairs within a cutoff, found on the CPU from its positions.

        Raises:
            InputError: atoms coincide, or the cutoff is not positive.
        """
        cutoff = check_cutoff(cutoff)
        positions, cells = (each.detach().cpu().numpy() for each in self.unrounded())
        periodic = self.periodic.cpu().numpy()
        numbers, ends = self.species.cpu().numpy(), self.atom_pointer.tolist()
        parts = [
            find_pairs(
                positions[a:b],
                cells[k],
                periodic[k],
                cutoff,
                numbers=numbers[a:b],
                name=f"structure {k}",
                threads=threads,
            )
            for k, (a, b) in enumerate(pairwise(ends))
        ]
        pairs = join_pairs(parts, cutoff).to(self.positions.device)
        return Batch.trusted(exact=self.exact, pairs=pairs, **self._without("pairs"))

    def with_positions(self, positions: torch.Tensor) -> Batch:
        """The same batch with its atoms elsewhere and the same pairs, which must hold for the new places too.

        Args:
            positions: (atoms, 3), of any floating dtype, on the device of the batch; float64 keeps all digits.

        Raises:
            InputError: the shape, dtype or device is another.
        """
        mine = self.positions
        if positions.shape != mine.shape or positions.device != mine.device or not positions.is_floating_point():
            raise InputError(
                f"positions of this batch are floating numbers of shape {tuple(mine.shape)} on {mine.device}, got "
                f"{positions.dtype} of shape {tuple(positions.shape)} on {positions.device}"
            )
        exact = Exact(unrounded(positions, None), self.unrounded().cell)
        return Batch.rounded(exact, mine.dtype, **self._without(*Exact._fields))

    def unrounded(self) -> Exact:
        """Positions and cells in float64, with the digits that rounding to the dtype of the batch took off.

        Differentiable in the positions and cells of the batch. They are in its own dtype on devices without float64.
        """
        if self.exact is None:
            return Exact(unrounded(self.positions, None), unrounded(self.cell, None))
        return Exact(unrounded(self.positions, self.exact.positions), unrounded(self.cell, self.exact.cell))

    def to(self, device: torch.device | str | None = None, dtype: torch.dtype | None = None) -> Batch:
        """The same batch on another device, with floating tensors of another dtype.

        Raises:
            InputError: dtype is not a floating dtype.
        """
        dtype = None if dtype is None else floating(dtype)

        batch = self
        if dtype is not None and dtype != self.positions.dtype:
            others = self._without(*Exact._fields)
            cast = {name: each.to(dtype) for name, each in others.items() if name in TARGETS and each is not None}
            batch = Batch.rounded(self.unrounded(), dtype, **others | cast)
        if device is None:
            return batch
        pairs = None if batch.pairs is None else batch.pairs.to(device)
        return batch._mapped(lambda tensor: tensor.to(device), pairs, has_float64(torch.device(device)))

    def pin_memory(self) -> Batch:
        """The same batch in page-locked memory."""
        return self._mapped(torch.Tensor.pin_memory, None if self.pairs is None else self.pairs.pin_memory())

    def _mapped(
        self, function: Callable[[torch.Tensor], torch.Tensor], pairs: Pairs | None, keep_exact: bool = True
    ) -> Batch:
        mapped = {name: None if each is None else function(each) for name, each in self._without("pairs").items()}
        exact = None if self.exact is None or not keep_exact else Exact(*map(function, self.exact))
        return Batch.trusted(exact=exact, pairs=pairs, **mapped)

    def _without(self, *names: str) -> dict[str, Any]:
        return {name: getattr(self, name) for name in FIELDS if name not in names}

    def __len__(self) -> int:
        return self.structures

    def __repr__(self) -> str:
        known = [name for name in TARGETS if getattr(self, name) is not None]
        pairs = "no pairs" if self.pairs is None else f"{self.pairs.neighbours.pairs} pairs"
        return f"Batch({self.structures} structures, {self.atoms} atoms, {pairs}, targets={known})"


FIELDS = tuple(field.name for field in fields(Batch))


def check_targets(names: Sequence[str]) -> list[str]:
    """The names, in the order of `TARGETS`.

    Raises:
        InputError: one of them is not a target.
    """
    if not isinstance(names, Iterable):
        raise InputError(f"targets are given by their names, {', '.join(TARGETS)}, got {names!r}")
    given = [names] if isinstance(names, str) else list(names)
    unknown = [name for name in given if name not in TARGETS]
    if unknown:
        raise InputError(f"{unknown[0]!r} is not a target; targets are {', '.join(TARGETS)}")
    return [name for name in TARGETS if name in given]


def _check_form(batch: Batch) -> None:
    """Refuse tensors of other shapes, dtypes or devices; nothing is read from a device."""
    for field in fields(batch):
        value = getattr(batch, field.name)
        if (
            field.name != "pairs"
            and not isinstance(value, torch.Tensor)
            and not (value is None and field.default is None)
        ):
            raise InputError(f"{field.name} of a batch is a torch tensor, got {type(value).__name__}")
    atoms, structures = batch.positions.shape[0], batch.cell.shape[0]
    real, whole = batch.positions.dtype, torch.int64
    forms = {
        "positions": ((atoms, 3), real),
        "species": ((atoms,), whole),
        "cell": ((structures, 3, 3), real),
        "periodic": ((structures, 3), torch.bool),
        "structure": ((atoms,), whole),
        "frame": ((structures,), whole),
    } | {name: ((atoms if target.per_atom else structures, *target.shape), real) for name, target in TARGETS.items()}
    if not real.is_floating_point:
        raise InputError(f"positions of a batch are floating numbers, got {real}")
    for name, (shape, dtype) in forms.items():
        value = getattr(batch, name)
        if value is not None and (tuple(value.shape), value.dtype) != (shape, dtype):
            raise InputError(
                f"{name} of a batch of {structures} structures with {atoms} atoms has the shape {shape} and is "
                f"{dtype}, got {tuple(value.shape)} and {value.dtype}"
            )
        if value is not None and value.device != batch.positions.device:
            raise InputError(
                f"positions are on {batch.positions.device} and {name} on {value.device}: move one of them"
            )
    if batch.pairs is not None and batch.pairs.neighbours.atoms != atoms:
        raise InputError(f"the pairs are of {batch.pairs.neighbours.atoms} atoms, the batch has {atoms}")


def _check_values(batch: Batch) -> None:
    if batch.structures == 0:
        raise InputError("a batch has at least one structure")
    if bool((batch.species < 1).any()) or bool((batch.species > len(SYMBOLS)).any()):
        raise InputError(f"species are atomic numbers from 1 (H) to {len(SYMBOLS)} (Og), got others")
    steps = batch.structure.diff()
    ends = (int(batch.structure[0]), int(batch.structure[-1])) if batch.atoms else (-1, -1)
    if ends != (0, batch.structures - 1) or bool(((steps != 0) & (steps != 1)).any()):
        raise InputError(
            f"structure must rise from 0 to {batch.structures - 1} with the atoms, in steps of 0 or 1: sort the atoms "
            "by structure and give each structure an atom"
        )
    for name in ("positions", "cell", *TARGETS):
        value = getattr(batch, name)
        if value is not None and not bool(torch.isfinite(value).all()):
            raise InputError(f"{name} of a batch are finite numbers, got NaN or infinity; pass None for what is absent")
    check_cells(batch.cell.detach().cpu().double().numpy(), batch.periodic.cpu().numpy())
