"""What transforms how: named irreducible tensors and their direct sums.

The modules of Cartesian and planar spaces and of channels are imported where such a space is made or counted.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING

from invgen.checks import as_integer, integer, shown
from invgen.errors import InputError
from invgen.spaces import groups
from invgen.spaces.layouts import PLANAR_MOMENTS

if TYPE_CHECKING:
    from invgen.spaces.layouts import CartesianLayout, NamedIrrep

MAX_RANK = 20
MAX_DIMENSION = 5000
MAX_SERIES_WORK = 2 * 10**9
EPSILON = "eps"

_NUMBER = "[0-9]{1,15}"
_TERM = re.compile(rf"(?:(?P<name>[^:]*):)?\s*(?:(?P<multiplicity>{_NUMBER})\s*x\s*)?(?P<l>{_NUMBER})(?P<parity>[eo])")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")


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
        return f"{self.l}{'e' if self.parity > 0 else 'o'}"

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


@dataclass(frozen=True, init=False)
class TensorSpace:
    """A direct sum of named irreducible tensors on which O(3) or SO(3) acts, or O(2) or SO(2) in the plane.

    Under O(3) an invariant is a rotation invariant whose parities multiply to +1; under SO(3) parity is ignored. Under
    O(2) and SO(2) the tensors are complex moments, see `PlanarIrrep`.

    Args:
        irreps: terms as e3nn writes them joined by "+", each with an optional multiplicity and name:
            "0e + 1o + 2e", "2x1o + 2e", "v:1o + q:2e". Default names are l0, l1, ...; l1_0, l1_1, ... if repeated.
        group: "O3", "SO3", "O2" or "SO2".
        layout: for the irreducible parts of Cartesian moments or tensors, how they are made from them; such spaces come
            from `moments` and `cartesian`.

    Raises:
        InputError: a term that cannot be read, a repeated name, an empty space, a rank above 20, a dimension above
            5000, an unknown group, or a layout of other tensors.
    """

    tensors: tuple[Irrep, ...]
    group: str
    layout: CartesianLayout | None

    def __init__(self, irreps: str | Sequence[Irrep], group: str = "O3", layout: CartesianLayout | None = None) -> None:
        if group not in groups.GROUPS:
            raise InputError(f"the group must be one of {', '.join(groups.GROUPS)}, got {group!r}")
        if isinstance(irreps, str):
            tensors = _parse(irreps)
        elif isinstance(irreps, list | tuple) and all(isinstance(t, Irrep) for t in irreps):
            tensors = tuple(irreps)
        else:
            raise InputError(f'a space is made from a text such as "0e + 1o" or a list of Irrep, got {irreps!r}')
        if group in groups.PLANAR:
            tensors = tuple(PlanarIrrep(*part) for part in _parts(tensors))
        elif any(t.spatial_dimension != 3 for t in tensors):
            raise InputError(f"moments in the plane have the group {' or '.join(groups.PLANAR)}, got {group!r}")
        _check(tensors)
        if layout is not None and _rebuild(layout.recipe) != (_parts(tensors), layout):
            raise InputError(
                "the layout is not that of these tensors; use TensorSpace.moments or TensorSpace.cartesian"
            )
        object.__setattr__(self, "tensors", tensors)
        object.__setattr__(self, "group", group)
        object.__setattr__(self, "layout", layout)

    @classmethod
    def moments(
        cls, orders: Iterable[int] = range(4), values: str = "scalar", spatial_dimension: int = 3, group: str = "O3"
    ) -> TensorSpace:
        """The moments of a field: for each order all m_abc = sum of x^a y^b z^c f, decomposed into irreducible parts.

        In the plane they are m_ab = sum of x^a y^b f, decomposed into complex moments.

        Args:
            orders: different orders from 0 to 20, in ascending order; without 1, the moments about a centre.
            values: what the field has at a point: "scalar", "vector" (a true one) or "matrix" (two vector indices).
            spatial_dimension: 3, or 2 for the plane.
            group: "O3" or "SO3"; in the plane "O2" or "SO2".

        Raises:
            InputError: an argument is not one of those listed, or the space would have more than 5000 components.
        """
        if as_integer(spatial_dimension) not in (2, 3):
            raise InputError(f"moments are defined in spatial dimension 3 or 2, got {shown(spatial_dimension)}")
        groups.check(group, spatial_dimension)
        if spatial_dimension == 2:
            from invgen.spaces import planar_moments

            return cls._laid_out(planar_moments.moments(orders, values), group)
        from invgen.spaces import cartesian

        return cls._laid_out(cartesian.moments(orders, values), group)

    @classmethod
    def cartesian(cls, symmetries: str, group: str = "O3") -> TensorSpace:
        """A Cartesian tensor with index symmetries, decomposed: "ijkl=jikl=klij" is the elasticity tensor.

        Args:
            symmetries: words that name the same entry, joined by "=", a minus sign for one of opposite sign; one word
                alone declares no symmetry. At most seven indices.
            group: "O3" or "SO3"; the parity of a tensor of order n is (-1)^n.

        Raises:
            InputError: the symmetries cannot be read, or force the tensor to vanish.
        """
        from invgen.spaces import cartesian

        groups.check(group, 3)
        return cls._laid_out(cartesian.tensor(symmetries), group)

    @classmethod
    def ace(
        cls,
        n_max: int = 2,
        l_max: int = 3,
        total_degree: int | None = None,
        weights: Sequence[int] | None = None,
        group: str = "O3",
    ) -> TensorSpace:
        """The channels (n, l) of the atomic cluster expansion, one species: tensors n1l0, n1l1, ..., n2l0, ...

        Every tensor has parity (-1)^l. The max_degree of `generate` is then the correlation order.

        Args:
            n_max: radial functions n = 1..n_max.
            l_max: ranks l = 0..l_max of every n.
            total_degree: keep only the channels with weights[0] n + weights[1] l <= total_degree; None keeps the box.
            weights: positive integers, (1, 1) by default; a weight of l of 3/2 is (2, 3) with twice the total degree.
            group: "O3" or "SO3".

        Raises:
            InputError: an argument is not one of those listed, or the cuts leave no channel.
        """
        from invgen.spaces import channels

        groups.check(group, 3)
        return cls([Irrep(*part) for part in channels.channels(n_max, l_max, total_degree, weights)], group)

    @classmethod
    def _laid_out(cls, made: tuple[tuple[NamedIrrep, ...], CartesianLayout], group: str) -> TensorSpace:
        return cls([Irrep(*part) for part in made[0]], group, made[1])

    @property
    def dimension(self) -> int:
        """The dimension of the space, the sum of 2l + 1; in the plane every complex moment has 2."""
        return sum(t.dimension for t in self.tensors)

    @property
    def spatial_dimension(self) -> int:
        """3, or 2 for the groups O2 and SO2 of the plane."""
        return 2 if self.group in groups.PLANAR else 3

    @property
    def orbit_dimension(self) -> int:
        """The dimension of a generic orbit: 0 if all l = 0, 2 for a single vector, otherwise 3; in the plane 0 or 1."""
        ranks = [t.l for t in self.tensors if t.l]
        if self.spatial_dimension == 2:
            return 1 if ranks else 0
        return 0 if not ranks else 2 if ranks == [1] else 3

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The tensors' names in order."""
        return tuple(t.name for t in self.tensors)

    @property
    def components(self) -> tuple[str, ...]:
        """The components' names in order: "l1[-1]", "l1[0]", ...; of Cartesian spaces "m000", "m100", ...; "l1[re]"."""
        if self.layout is not None:
            return self.layout.names
        return tuple(f"{t.name}[{m}]" for t in self.tensors for m in t.labels)

    @cached_property
    def slices(self) -> tuple[slice, ...]:
        """Where each tensor's components are in a vector of the space."""
        ends = accumulate(t.dimension for t in self.tensors)
        return tuple(slice(end - t.dimension, end) for end, t in zip(ends, self.tensors, strict=True))

    @property
    def is_natural(self) -> bool:
        """Whether every tensor of rank l has parity (-1)^l, as moments of a scalar have."""
        return all(t.parity == (-1) ** t.l for t in self.tensors)

    def check_dimension(self, dimension: int, what: str) -> None:
        """`InputError` unless the space has this spatial dimension, which `what` needs."""
        if self.spatial_dimension != dimension:
            needed, given = ("the plane" if d == 2 else "three dimensions" for d in (dimension, self.spatial_dimension))
            raise InputError(f"{what} needs a space in {needed}, got {self}, which is in {given}")

    def index(self, name: str) -> int:
        """The position of the tensor called `name`; `InputError` if there is none."""
        if name not in self._places:
            raise InputError(f"the space {self} has no tensor {name!r}; it has {', '.join(self.names)}")
        return self._places[name]

    @cached_property
    def _places(self) -> dict[str, int]:
        return {name: i for i, name in enumerate(self.names)}

    def parity(self, multidegree: Sequence[int]) -> int:
        """The sign with which inversion acts on products of this multidegree."""
        return -1 if sum(k for t, k in zip(self.tensors, multidegree, strict=True) if t.parity < 0) % 2 else 1

    def admits(self, multidegree: Sequence[int]) -> bool:
        """Whether the group lets rotation invariants of this multidegree survive; O(2) lets half of each pair."""
        return self.group != "O3" or self.parity(multidegree) > 0

    def count_rotation_invariants(self, multidegree: Sequence[int]) -> int:
        """Linearly independent invariants of the rotations of a multidegree, products included."""
        if self.spatial_dimension == 2:
            return self._count_in_the_plane(multidegree, reflections=False)
        return groups.count_invariants((t.l, k) for t, k in zip(self.tensors, multidegree, strict=True))

    def count(self, multidegree: Sequence[int]) -> int:
        """Linearly independent invariants of a multidegree (one degree per tensor), products included."""
        given = multidegree if isinstance(multidegree, Iterable) else ()
        degrees = [k if type(k) is int else as_integer(k) for k in given]
        found = [k for k in degrees if k is not None and k >= 0]
        if not len(found) == len(degrees) == len(self.tensors):
            raise InputError(
                f"a multidegree of {self} is {len(self.tensors)} non-negative integers, got {multidegree!r}"
            )
        if self.group == "O2":
            return self._count_in_the_plane(found, reflections=True)
        return self.count_rotation_invariants(found) if self.admits(found) else 0

    def _count_in_the_plane(self, multidegree: Sequence[int], reflections: bool) -> int:
        from invgen.spaces import planar

        powers = [(t.l, t.parity, k) for t, k in zip(self.tensors, multidegree, strict=True)]
        return planar.count_invariants(powers, reflections)

    def hilbert_series(self, max_degree: int) -> list[int]:
        """The number of linearly independent invariants of each degree 0..max_degree."""
        max_degree = integer("a degree", max_degree, 0)
        reach = max(t.l for t in self.tensors) * max_degree + 1
        if len(self.tensors) * max_degree**2 * reach**2 > MAX_SERIES_WORK:
            raise InputError(f"the Hilbert series of {self} to degree {max_degree} is out of reach; lower the degree")
        irreps = [(t.l, t.parity) for t in self.tensors]
        if self.spatial_dimension == 2:
            from invgen.spaces import planar

            return planar.hilbert_series(irreps, self.group == "O2", max_degree)
        return groups.hilbert_series(irreps, self.group, max_degree)

    def __str__(self) -> str:
        return " + ".join(str(t) for t in self.tensors)

    def __repr__(self) -> str:
        if self.layout is not None:
            maker, *arguments = self.layout.recipe
            return f"<TensorSpace of {maker} {' '.join(arguments)}: {self}, group={self.group!r}>"
        return f"TensorSpace({str(self)!r}, group={self.group!r})"


def _parse(text: str) -> tuple[Irrep, ...]:
    terms: list[tuple[str | None, int, int, int]] = []
    for piece in text.split("+"):
        match = _TERM.fullmatch(piece.strip())
        if match is None:
            raise InputError(
                f"cannot read {piece.strip()!r} in the irreps {text!r}; "
                'write terms such as "1o", "2x1o" or "v:1o" joined by "+"'
            )
        name = match["name"].strip() if match["name"] is not None else None
        multiplicity = int(match["multiplicity"] or 1)
        if multiplicity < 1 or multiplicity > MAX_DIMENSION:
            raise InputError(f"a multiplicity is 1 to {MAX_DIMENSION}, got {multiplicity} in {piece.strip()!r}")
        terms.append((name, multiplicity, int(match["l"]), 1 if match["parity"] == "e" else -1))
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


def _rebuild(recipe: Sequence[str]) -> tuple[tuple[NamedIrrep, ...], CartesianLayout]:
    if tuple(recipe[:1]) == (PLANAR_MOMENTS,):
        from invgen.spaces import planar_moments

        return planar_moments.rebuild(recipe)
    from invgen.spaces import cartesian

    return cartesian.rebuild(recipe)


def _parts(tensors: tuple[Irrep, ...]) -> tuple[NamedIrrep, ...]:
    return tuple((t.name, t.l, t.parity) for t in tensors)


def _check(tensors: tuple[Irrep, ...]) -> None:
    if not tensors:
        raise InputError('a space needs at least one tensor, such as "1o"')
    for tensor in tensors:
        if _NAME.fullmatch(tensor.name) is None or tensor.name == EPSILON:
            raise InputError(
                f"{tensor.name!r} is not a tensor name; use a letter and then letters, digits or underscores, "
                f"but not {EPSILON!r}, which is the Levi-Civita symbol"
            )
        if not 0 <= tensor.l <= MAX_RANK:
            raise InputError(f"ranks from 0 to {MAX_RANK} are supported, got l = {tensor.l}")
    repeated = [name for name, times in Counter(t.name for t in tensors).items() if times > 1]
    if repeated:
        raise InputError(f"tensor names must differ, but {', '.join(repeated)} appears more than once")
    if sum(t.dimension for t in tensors) > MAX_DIMENSION:
        raise InputError(
            f"the space has {sum(t.dimension for t in tensors)} components; at most {MAX_DIMENSION} are supported"
        )
