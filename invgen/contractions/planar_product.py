"""Products of complex moments and their conjugates, written as strings such as "Re(c2 c1* c1*)"."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn

from invgen.contractions.factors import ScalarFactors, check_strings
from invgen.contractions.markup import Markup
from invgen.errors import InputError
from invgen.spaces.outputs import SCALAR
from invgen.spaces.space import TensorSpace

if TYPE_CHECKING:
    import networkx

REAL, IMAGINARY = "Re", "Im"

_NAME = "[A-Za-z][A-Za-z0-9_]*"
_TEXT = re.compile(rf"(?:{REAL}|{IMAGINARY})\({_NAME}\*?(?: {_NAME}\*?)*\)")


@dataclass(frozen=True)
class PlanarProduct(ScalarFactors):
    """The real or the imaginary part of a product of moments in the plane, a star for the conjugate.

    A rotation multiplies a moment of weight m by e^(imφ) and its conjugate by e^(-imφ), so the product is a
    rotation invariant if the weights of its factors sum to 0. A reflection takes it to its conjugate, times the
    parities of its factors.

    Attributes:
        text: "Re(...)" or "Im(...)" of names, separated by one space, each with or without a star.

    Raises:
        InputError: the text cannot be read.
    """

    text: str

    openings: ClassVar[tuple[str, ...]] = (f"{REAL}(", f"{IMAGINARY}(")
    field: ClassVar[str] = "product"
    by_components: ClassVar[bool] = False

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

    def is_admitted(self, space: TensorSpace) -> bool:
        """Whether the group of the space keeps it, given that it has weight 0."""
        return space.group == "SO2" or self.is_even(space)

    def check_scalar(self, space: TensorSpace) -> PlanarProduct:
        """Return self if it has weight 0 and is not zero, whatever reflections do to it, otherwise `InputError`."""
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
        return self

    def check(self, space: TensorSpace, outputs: str = SCALAR) -> PlanarProduct:
        """Return self if it is an invariant of the space, otherwise raise `InputError` with the reason."""
        self.check_outputs(outputs)
        if not self.check_scalar(space).is_admitted(space):
            raise InputError(f"the product {self} changes sign under reflections; it is an invariant of SO2, not of O2")
        return self

    def is_even(self, space: TensorSpace) -> bool:
        """Whether reflections keep it."""
        return self.part == even_part(space.parity(self.multidegree(space)))

    def renamed(self, names: Mapping[str, str]) -> PlanarProduct:
        """The same product of other moments."""
        return write(self.part, [(names.get(name, name), conjugated) for name, conjugated in self.moments])

    def written(self, markup: Markup) -> str:
        """The expression in a notation of `contractions.markup`."""
        factors = [markup.conjugate(name) if star else markup.tensor(name) for name, star in self.moments]
        return markup.part(self.part, markup.product(factors))

    def graph(self) -> networkx.MultiGraph:
        """A star: the part as node 0, joined to the factors in the order written, with `conjugated` as attribute."""
        import networkx

        graph = networkx.MultiGraph(name=str(self))
        graph.add_node(0, kind="part", name=self.part)
        for place, (name, conjugated) in enumerate(self.moments, 1):
            graph.add_node(place, kind="tensor", name=name, conjugated=conjugated)
            graph.add_edge(0, place)
        return graph

    def to_json(self) -> dict[str, Any]:
        """How a basis file writes a member."""
        return {self.field: self.text}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> PlanarProduct:
        """Read `to_json`; `KeyError` where a field is missing, `TypeError` where it is not a string."""
        check_strings([data[cls.field]], data)
        return cls(data[cls.field])

    @classmethod
    def parse(cls, line: str) -> PlanarProduct:
        """Read "Re(c2 c1* c1*)"."""
        return cls(line.strip())

    @classmethod
    def product(cls, parts: Sequence[PlanarProduct]) -> NoReturn:
        """`InputError`: a product of real parts is not the real part of one product."""
        raise InputError(f"{parts[0]} times other products is not the real or imaginary part of one product")

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
