"""Heads of tensors: vectors and other irreps of each atom, and the dipole and polarizability of a structure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any, Final

import torch

from invgen.checks import integer
from invgen.errors import InputError
from invgen.nn.covariant_linear import CovariantLinear
from invgen.nn.elements import Elements, check_species
from invgen.nn.irrep_rows import IrrepRows, rows_of, text_of
from invgen.nn.network import GivesTensors, KnowsElements, require
from invgen.nn.tables import Tables
from invgen.spaces import conventions
from invgen.structures import Batch, structure_totals
from invgen.structures.tensor_targets import check_neutral

NEEDS_TENSORS: Final = "; take a network whose messages are tensors, such as nn.EquivariantNetwork"


@dataclass(frozen=True)
class TensorLevels:
    """The tensors that a head reads, where it is made without their network.

    Attributes:
        irreps: of every level, each irrep once, such as ("0e", "0e + 1o + 2e").
        channels: of every level.
        elements: atomic numbers, as the network counts them.
        convention: of the components.
        dtype: of the tensors.

    Raises:
        InputError: levels are not as many as channels, or a text is none of irreps.
    """

    irreps: tuple[str, ...]
    channels: tuple[int, ...]
    elements: tuple[int, ...]
    convention: str = conventions.DEFAULT
    dtype: torch.dtype = torch.float32

    def __post_init__(self) -> None:
        if len(self.irreps) != len(self.channels) or not self.irreps:
            raise InputError(
                f"every level of tensors has irreps and a number of channels, got {len(self.irreps)} texts of irreps "
                f"and {len(self.channels)} numbers"
            )
        for text, channels in zip(self.irreps, self.channels, strict=True):
            rows_of("the irreps of a level", text, most=1)
            integer("the number of channels of a level", channels, 1)
        check_species(self.elements)
        conventions.check(self.convention, ())

    @classmethod
    def of(cls, network: Any) -> TensorLevels:
        """Those of a network.

        Raises:
            InputError: it has no tensors; the sentence says what it lacks.
        """
        if isinstance(network, cls):
            return network
        giving: GivesTensors = require(network, GivesTensors, "a head of tensors", NEEDS_TENSORS)
        knowing: KnowsElements = require(network, KnowsElements, "a head of tensors")
        return cls(
            tuple(giving.tensor_irreps),
            tuple(giving.tensor_channels),
            tuple(knowing.elements),
            giving.convention,
            giving.dtype,
        )


class AtomTensors(torch.nn.Module):
    """t_i = Σ_n W_n x_i^n + b[Z_i]: tensors of each atom, linear in those of every level; they turn as those do.

    Every irrep is read from all levels that have it. Only those of rank 0 and even parity may have a bias, as others
    would name a direction or a hand.

    Args:
        network: one that gives tensors (`invgen.nn.network.GivesTensors`), or `TensorLevels`.
        irreps: of the result, with multiplicities, such as "0e + 1o" or "2x0e + 2e".
        biases: whether 0e has a bias for each element, zero at first.

    Shapes:
        tensors of every level (atoms, rows, channels), species (atoms) -> (atoms, rows); rows stand by irrep, then by
        component, then by copy.

    Raises:
        InputError: no level has one of the irreps, or the network gives no tensors.
    """

    def __init__(self, network: Any, irreps: str, biases: bool = True) -> None:
        super().__init__()
        levels = TensorLevels.of(network)
        self.irreps, self.convention = rows_of("the irreps of a head", irreps), levels.convention
        self._check(levels)
        self._places: list[tuple[int, ...]] = []
        self.levels = torch.nn.ModuleList()
        # As many levels add up as have an irrep; the sum is of order one where each of them is.
        readers = Counter(name for text in levels.irreps for name in _names(text))
        for text, channels in zip(levels.irreps, levels.channels, strict=True):
            place = tuple(k for k, each in enumerate(self.irreps) if each.irrep in _names(text))
            parts = torch.nn.ModuleList(
                CovariantLinear(
                    text,
                    str(self.irreps[k]),
                    channels,
                    1,
                    factor=1 / sqrt(readers[self.irreps[k].irrep]),
                    dtype=levels.dtype,
                )
                for k in place
            )
            self._places.append(place)
            self.levels.append(parts)
        scalars = sum(each.copies for each in self.irreps if _scalar(each))
        self.bias = self.elements = None
        if biases and scalars:
            self.elements = Elements(levels.elements, levels.dtype)
            self.bias = torch.nn.Parameter(torch.zeros(len(levels.elements), scalars, dtype=levels.dtype))

    def _check(self, levels: TensorLevels) -> None:
        known = {name for text in levels.irreps for name in _names(text)}
        missing = [each.irrep for each in self.irreps if each.irrep not in known]
        if missing:
            raise InputError(
                f"a head of {text_of(self.irreps)} reads {' and '.join(missing)}, which no level of the network has: "
                f"its levels have {', '.join(dict.fromkeys(levels.irreps))}; leave it out, or build the network with "
                "that irrep among those of its messages"
            )

    def forward(self, tensors: Sequence[torch.Tensor], species: torch.Tensor) -> torch.Tensor:
        """The tensors of every atom."""
        found: list[torch.Tensor | None] = [None] * len(self.irreps)
        for parts, place, level in zip(self.levels, self._places, tensors, strict=True):
            maps: Any = parts
            for k, reader in zip(place, maps, strict=True):
                read = reader(level).squeeze(-1)
                before = found[k]
                found[k] = read if before is None else before + read
        if self.bias is not None and self.elements is not None:
            biases = (self.elements(species) @ self.bias).split([e.copies for e in self.irreps if _scalar(e)], 1)
            for k, bias in zip([k for k, e in enumerate(self.irreps) if _scalar(e)], biases, strict=True):
                found[k] = found[k] + bias
        return torch.cat([each for each in found if each is not None], 1)

    def of_structures(self, tensors: Sequence[torch.Tensor], batch: Batch) -> torch.Tensor:
        """(structures, rows), the sums over the atoms of each structure."""
        return structure_totals(self(tensors, batch.species), batch)

    def extra_repr(self) -> str:
        """The irreps and their convention."""
        return f"{text_of(self.irreps)}, {self.convention}"


class Dipole(Tables):
    """mu = Σ_i (q_i r_i + mu_i), with charges q_i that add up to zero in every structure: it turns, and does not shift.

    Charges and atomic dipoles mu_i are linear in the tensors of the network, and the charge that a structure has too
    much is taken off its atoms in equal parts. A molecule with a net charge has a dipole that depends on the origin,
    and a crystal one that depends on the cell: both are refused.

    Args:
        network: as of `AtomTensors`; some level has 1o, and with charges some level has 0e.
        charges: whether there are charges, or atomic dipoles alone.

    Shapes:
        tensors of every level, `Batch` -> (structures, 3), Cartesian, in e times the unit of the positions.

    Raises:
        InputError: no level has 1o; in a call, structures are periodic or their charges do not add up to zero.
    """

    _map: torch.Tensor

    def __init__(self, network: Any, charges: bool = True) -> None:
        super().__init__()
        levels = TensorLevels.of(network)
        self.charges, self.convention, self._dtype = charges, levels.convention, levels.dtype
        self.atoms = AtomTensors(levels, "0e + 1o" if charges else "1o")
        self.register_tables()

    def tables(self) -> dict[str, torch.Tensor]:
        """The Cartesian components of the three of an irrep."""
        return {"_map": cartesian(self.convention, 1).to(self._dtype)}

    def forward(self, tensors: Sequence[torch.Tensor], batch: Batch) -> tuple[torch.Tensor, torch.Tensor]:
        """The charges (atoms), zero where there are none, and the atomic dipoles (atoms, 3)."""
        rows = self.atoms(tensors, batch.species)
        self.bring_tables(rows.device)
        dipoles = rows[:, -3:] @ self._map.T
        if not self.charges:
            return torch.zeros_like(rows[:, 0]), dipoles
        sizes = batch.atom_pointer.diff().to(rows.dtype)
        surplus = structure_totals(rows[:, 0], batch) / sizes
        return rows[:, 0] - surplus.index_select(0, batch.structure), dipoles

    def of_structures(self, tensors: Sequence[torch.Tensor], batch: Batch) -> torch.Tensor:
        """(structures, 3), the dipoles."""
        if bool(batch.periodic.any()):
            raise InputError(
                "a dipole is that of molecules: in a periodic structure it depends on which cell atoms are in; leave "
                "the head out, or pass structures without periodic directions"
            )
        if batch.charges is not None:
            check_neutral(structure_totals(batch.charges, batch).detach().cpu().double().numpy(), "structure")
        charges, dipoles = self(tensors, batch)
        # About the centre of each structure: far from the origin products would lose digits.
        sizes = batch.atom_pointer.diff().to(dipoles.dtype)[:, None]
        centre = structure_totals(batch.positions, batch) / sizes
        around = batch.positions - centre.index_select(0, batch.structure)
        return structure_totals(charges[:, None] * around + dipoles, batch)


class Polarizability(Tables):
    """alpha = Σ_i (s_i 1 / sqrt(3) + T_i): a symmetric matrix of each structure, its trace from 0e, the rest from 2e.

    Args:
        network: as of `AtomTensors`; some level has 0e and some level 2e.

    Shapes:
        tensors of every level, `Batch` -> (structures, 3, 3), Cartesian.

    Raises:
        InputError: no level has 0e, or none 2e.
    """

    _map: torch.Tensor

    def __init__(self, network: Any) -> None:
        super().__init__()
        levels = TensorLevels.of(network)
        self.convention, self._dtype = levels.convention, levels.dtype
        self.atoms = AtomTensors(levels, "0e + 2e")
        self.register_tables()

    def tables(self) -> dict[str, torch.Tensor]:
        """(9, 6): the matrices of the scalar and of the five components."""
        trace = torch.eye(3, dtype=torch.float64).reshape(9, 1) / sqrt(3)
        return {"_map": torch.cat([trace, cartesian(self.convention, 2)], 1).to(self._dtype)}

    def forward(self, tensors: Sequence[torch.Tensor], batch: Batch) -> torch.Tensor:
        """(atoms, 3, 3), what each atom adds."""
        rows = self.atoms(tensors, batch.species)
        self.bring_tables(rows.device)
        found: torch.Tensor = (rows @ self._map.T).unflatten(1, (3, 3))
        return found

    def of_structures(self, tensors: Sequence[torch.Tensor], batch: Batch) -> torch.Tensor:
        """(structures, 3, 3), the polarizabilities."""
        return structure_totals(self(tensors, batch), batch)


TensorHead = AtomTensors | Dipole | Polarizability


def cartesian(convention: str, l: int) -> torch.Tensor:
    """(3^l, 2l + 1): the entries of a traceless symmetric tensor of rank 1 or 2 from its components, float64, CPU.

    Times one number, so that the root of the mean squared length of the columns is one. The Cartesian tensor turns as
    vectors do, in every convention.

    Args:
        convention: of the components.
        l: the rank.
    """
    found = conventions.tensor_map(convention, l)
    scales = torch.tensor([each.round() for each in found.scale], dtype=torch.float64, device="cpu")
    entries = torch.tensor(found.matrix, dtype=torch.float64, device="cpu") * scales
    places = {exponents: place for place, exponents in enumerate(found.entries)}
    rows = [(k,) for k in range(3)] if l == 1 else [(j, k) for j in range(3) for k in range(3)]
    matrix = entries[[places[each.count(0), each.count(1), each.count(2)] for each in rows]]
    return matrix * (sqrt(2 * l + 1) / float(matrix.norm()))


def _names(irreps: str) -> list[str]:
    return [each.irrep for each in rows_of("the irreps of a level", irreps)]


def _scalar(rows: IrrepRows) -> bool:
    return rows.l == 0 and rows.parity == 1
