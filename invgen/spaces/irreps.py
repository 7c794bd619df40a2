"""Irreducible tensors of space and of the plane, and the text that names a sum of them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from invgen.checks import as_integer, integer
from invgen.errors import InputError

MAX_DIMENSION = 5000

_NUMBER = "[0-9]{1,15}"
_Term: TypeAlias = tuple[str | None, int, int, int]  # name, multiplicity, rank and parity
_PLUS = re.compile(r"\+(?![^(]*\))")  # not within parentheses
_SEVERAL = re.compile(r"(?P<name>[^:(]*):\s*\((?P<terms>[^()]*)\)")
_TERM = re.compile(rf"(?:(?P<name>[^:]*):)?\s*(?:(?P<multiplicity>{_NUMBER})\s*x\s*)?(?P<l>{_NUMBER})(?P<parity>[eo])")


def symbol_of(l: int, parity: int) -> str:
    """An irrep as e3nn writes it, "2e"."""
    return f"{l}{'e' if parity > 0 else 'o'}"


@dataclass(frozen=True)
class Irrep:
    """One irreducible tensor H_l: symmetric, traceless, of rank `l`, multiplied by `parity` under inversion.

    Attributes:
        name: how contractions and tables call it.
        l: the rank; the tensor has 2l + 1 components.
        parity: +1 ("e") or -1 ("o"); ignored by the group SO(3).
    """

    name: str
    l: int
    parity: int

    def __post_init__(self) -> None:
        given = self.parity
        object.__setattr__(self, "l", integer("the rank of a tensor", self.l))
        object.__setattr__(self, "parity", as_integer(self.parity))
        if self.parity not in (1, -1):
            raise InputError(f"the parity of a tensor is 1 or -1, got {given!r}")

    @property
    def dimension(self) -> int:
        """The number of independent components, 2l + 1."""
        return 2 * self.l + 1

    @property
    def spatial_dimension(self) -> int:
        """3: the tensor belongs to space, not to the plane."""
        return 3

    @property
    def labels(self) -> tuple[str, ...]:
        """What the components are called by default, m = -l..l."""
        return tuple(map(str, range(-self.l, self.l + 1)))

    @property
    def symbol(self) -> str:
        """The irrep as e3nn writes it, "2e"."""
        return symbol_of(self.l, self.parity)

    def __str__(self) -> str:
        return f"{self.name}:{self.symbol}"


@dataclass(frozen=True)
class PlanarIrrep(Irrep):
    """A complex moment in the plane of weight l: c -> e^(ilφ) c under rotations, a real one if l = 0.

    The reflection y -> -y takes it to its conjugate, times the parity.
    """

    @property
    def dimension(self) -> int:
        """The number of real components: 1 of weight 0, otherwise 2."""
        return 2 if self.l else 1

    @property
    def spatial_dimension(self) -> int:
        """2: the moment belongs to the plane."""
        return 2

    @property
    def labels(self) -> tuple[str, ...]:
        """The real and, of a complex moment, the imaginary part."""
        return ("re", "im")[: self.dimension]


def parse(text: str) -> tuple[Irrep, ...]:
    """The tensors of a text such as "0e + 2x1o", "v:1o + q:2e" or "a:(0e + 1o)"; `InputError` if it cannot be read."""
    terms: list[_Term] = []
    for piece in _PLUS.split(text):
        several = _SEVERAL.fullmatch(piece.strip())
        if several is None:
            terms.append(_term(piece, text))
        else:
            terms += _called(several["name"].strip(), [_term(inner, text) for inner in several["terms"].split("+")])
    unnamed = Counter[int]()
    for name, multiplicity, l, _ in terms:
        unnamed[l] += multiplicity if name is None else 0
    seen = Counter[int]()
    tensors = []
    for name, multiplicity, l, parity in terms:
        for copy in range(multiplicity):
            if name is not None:
                full = f"{name}_{copy}" if multiplicity > 1 else name
            else:
                full = f"l{l}_{seen[l]}" if unnamed[l] > 1 else f"l{l}"
                seen[l] += 1
            tensors.append(Irrep(full, l, parity))
    return tuple(tensors)


def parse_unnamed(text: str) -> tuple[tuple[int, int, int], ...]:
    """The terms of a text such as "0e + 2x1o" as they stand: multiplicity, rank and parity.

    Raises:
        InputError: a term cannot be read, or has a name.
    """
    terms = [_term(piece, text) for piece in text.split("+")]
    named = [name for name, *_ in terms if name is not None]
    if named:
        raise InputError(f"irreps without names are meant here, got {named[0]!r} in {text!r}")
    return tuple((multiplicity, l, parity) for _, multiplicity, l, parity in terms)


def _term(piece: str, text: str) -> _Term:
    """One term of the text."""
    match = _TERM.fullmatch(piece.strip())
    if match is None:
        raise InputError(
            f"cannot read {piece.strip()!r} in the irreps {text!r}; "
            'write terms such as "1o", "2x1o", "v:1o" or "v:(0e + 1o)" joined by "+"'
        )
    name = match["name"].strip() if match["name"] is not None else None
    multiplicity = int(match["multiplicity"] or 1)
    if multiplicity < 1 or multiplicity > MAX_DIMENSION:
        raise InputError(f"a multiplicity is 1 to {MAX_DIMENSION}, got {multiplicity} in {piece.strip()!r}")
    return name, multiplicity, int(match["l"]), 1 if match["parity"] == "e" else -1


def _called(name: str, terms: Sequence[_Term]) -> list[_Term]:
    """Terms that share a name: each is called by it and its irrep, and numbered if there are several of this irrep."""
    own = next((own for own, *_ in terms if own is not None), None)
    if own is not None:
        raise InputError(
            f"the tensors of {name}:(...) are called by {name} and their irreps; leave out the name {own!r}"
        )
    irreps = [Irrep("", l, parity) for _, multiplicity, l, parity in terms for _ in range(multiplicity)]
    times, seen = Counter(irreps), Counter[Irrep]()
    found: list[_Term] = []
    for irrep in irreps:
        number = f"_{seen[irrep]}" if times[irrep] > 1 else ""
        seen[irrep] += 1
        found.append((f"{name}_{irrep.symbol}{number}", 1, irrep.l, irrep.parity))
    return found
