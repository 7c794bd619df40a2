"""Products of complex moments and their conjugates, written as strings such as "Re(c2 c1* c1*)"."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from invgen.errors import InputError
from invgen.spaces.space import TensorSpace

REAL, IMAGINARY = "Re", "Im"

_NAME = "[A-Za-z][A-Za-z0-9_]*"
_TEXT = re.compile(rf"(?:{REAL}|{IMAGINARY})\({_NAME}\*?(?: {_NAME}\*?)*\)")


@dataclass(frozen=True)
class PlanarProduct:
    """The real or the imaginary part of a product of moments in the plane, a star for the conjugate.

    A moment of weight m turns by e^(imφ), its conjugate by e^(-imφ), so the product is a rotation invariant if the
    weights of its factors sum to 0. A reflection conjugates it, times the parities of its factors.

    Attributes:
        text: "Re(...)" or "Im(...)" of names, separated by one space, each with a star or without.

    Raises:
        InputError: the text cannot be read.
    """

    text: str

    def __post_init__(self) -> None:
        if _TEXT.fullmatch(self.text) is None:
            raise InputError(
                f"cannot read the product {self.text!r}; write it as 'Re(c2 c1* c1*)', with one space between factors"
            )

    @property
    def part(self) -> str:
        """Which part is meant, "Re" or "Im"."""
        return self.text[:2]

    @cached_property
    def moments(self) -> tuple[tuple[str, bool], ...]:
        """The name of each factor and whether it is conjugated."""
        return tuple((word.rstrip("*"), word.endswith("*")) for word in self.text[3:-1].split(" "))

    @property
    def factors(self) -> tuple[str, ...]:
        """The names of the factors from left to right."""
        return tuple(name for name, _ in self.moments)

    @property
    def tensors(self) -> tuple[str, ...]:
        """The same as `factors`."""
        return self.factors

    @property
    def degree(self) -> int:
        """The polynomial degree: the number of factors."""
        return len(self.moments)

    def multidegree(self, space: TensorSpace) -> tuple[int, ...]:
        """How often each tensor of the space occurs."""
        times = Counter(self.factors)
        return tuple(times[name] for name in space.names)

    def check(self, space: TensorSpace) -> PlanarProduct:
        """Return self if it is an invariant of the space, otherwise raise `InputError` with the reason."""
        space.check_dimension(2, f"the product {self}")
        weights = {name: space.tensors[space.index(name)].l for name in self.factors}
        for name, conjugated in self.moments:
            if conjugated and not weights[name]:
                raise InputError(f"{name} is real, the product {self} conjugates it; leave out the star")
        total = sum(-weights[name] if conjugated else weights[name] for name, conjugated in self.moments)
        if total:
            raise InputError(f"the product {self} has weight {total}; an invariant has weight 0")
        starred = Counter(name for name, conjugated in self.moments if conjugated)
        plain = Counter(name for name, conjugated in self.moments if not conjugated and weights[name])
        if self.part == IMAGINARY and starred == plain:
            raise InputError(f"the product {self} is real, so this is zero; write {REAL}")
        if space.group == "O2" and not self.is_even(space):
            raise InputError(f"the product {self} changes sign under reflections; it is an invariant of SO2, not of O2")
        return self

    def is_even(self, space: TensorSpace) -> bool:
        """Whether reflections keep it."""
        return self.part == even_part(space.parity(self.multidegree(space)))

    def renamed(self, names: Mapping[str, str]) -> PlanarProduct:
        """The same product of other moments."""
        return write(self.part, [(names.get(name, name), conjugated) for name, conjugated in self.moments])

    def __str__(self) -> str:
        return self.text


def write(part: str, moments: Sequence[tuple[str, bool]]) -> PlanarProduct:
    """The product with these factors, each a name and whether it is conjugated."""
    return PlanarProduct(f"{part}({' '.join(name + '*' * conjugated for name, conjugated in moments)})")


def even_part(parity: int) -> str:
    """The part of a product that reflections keep, whose factors have parities that multiply to `parity`."""
    return REAL if parity > 0 else IMAGINARY


def cost(weights: Sequence[int]) -> int:
    """Real multiplications of a product of moments of these weights, of which only one part is asked for.

    A complex product takes four, the last of them two; a real moment takes one.
    """
    complex_factors = sum(1 for weight in weights if weight)
    last = 4 * complex_factors - 6 if complex_factors > 1 else -1
    return max(0, len(weights) - complex_factors + last)
