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

from invgen.checks import as_integer, integer, nearest, shown
from invgen.errors import InputError
from invgen.spaces import groups, point_groups
from invgen.spaces.irreps import MAX_DIMENSION, Irrep, PlanarIrrep, parse
from invgen.spaces.layouts import PLANAR_MOMENTS

if TYPE_CHECKING:
    from invgen.spaces.layouts import CartesianLayout, NamedIrrep
    from invgen.spaces.point_groups import PointGroup
    from invgen.spaces.structural import Axes, StructuralTensor

MAX_RANK = 20
MAX_SERIES_WORK = 2 * 10**9
EPSILON = "eps"

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")


@dataclass(frozen=True, init=False)
class TensorSpace:
    """A direct sum of named irreducible tensors on which O(3) or a subgroup acts, or O(2) or SO(2) in the plane.

    Under O(3) an invariant is a rotation invariant whose parities multiply to +1; under SO(3) parity is ignored. Under
    a point group, scalar products of covariants with the group's structural tensors are invariants, too. Under O(2) and
    SO(2) the tensors are complex moments, see `PlanarIrrep`.

    Args:
        irreps: terms as e3nn writes them joined by "+", each with an optional multiplicity and name:
            "0e + 1o + 2e", "2x1o + 2e", "v:1o + q:2e". Default names are l0, l1, ...; l1_0, l1_1, ... if repeated.
            One name for several, "a:(0e + 1o)", makes tensors a_0e and a_1o; a_1o_0, a_1o_1 if repeated.
        group: "O3", "SO3", a point group by Schoenflies or by Hermann and Mauguin ("Oh" or "m-3m"), an axial group
            ("Cinf", "Cinfv", "Cinfh", "Dinf", "Dinfh"), or "O2" or "SO2".
        layout: for the irreducible parts of Cartesian moments or tensors, how they are made from them; such spaces come
            from `moments` and `cartesian`.
        orientation: of a point group, where the axes x, y and z of its standard setting (`spaces.point_groups`) point:
            three orthogonal integer vectors. Default: x, y and z themselves.

    Raises:
        InputError: a term that cannot be read, a repeated name, an empty space, a rank above 20, a dimension above
            5000, an unknown group, axes that are not orthogonal, or a layout of other tensors.
    """

    tensors: tuple[Irrep, ...]
    group: str
    layout: CartesianLayout | None
    orientation: Axes | None = None  # a class attribute for spaces that were pickled before groups had orientations

    def __init__(
        self,
        irreps: str | Sequence[Irrep],
        group: str = "O3",
        layout: CartesianLayout | None = None,
        orientation: object = None,
    ) -> None:
        group = groups.canonical(group)
        if isinstance(irreps, str):
            tensors = parse(irreps)
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
        object.__setattr__(self, "orientation", groups.oriented(group, orientation))

    @classmethod
    def moments(
        cls,
        orders: Iterable[int] = range(4),
        values: str = "scalar",
        spatial_dimension: int = 3,
        group: str = "O3",
        orientation: object = None,
    ) -> TensorSpace:
        """The moments of a field: for each order all m_abc = sum of x^a y^b z^c f, decomposed into irreducible parts.

        In the plane they are m_ab = sum of x^a y^b f, decomposed into complex moments.

        Args:
            orders: different orders from 0 to 20, in ascending order; without 1, the moments about a centre.
            values: what the field has at a point: "scalar", "vector" (a true one), "pseudovector" (such as vorticity,
                which inversion leaves as it is; in the plane one number, which reflections turn over) or "matrix" (two
                vector indices).
            spatial_dimension: 3, or 2 for the plane.
            group: "O3", "SO3" or a point group; in the plane "O2" or "SO2".
            orientation: of a point group, as for a space.

        Raises:
            InputError: an argument is not one of those listed, or the space would have more than 5000 components.
        """
        if as_integer(spatial_dimension) not in (2, 3):
            raise InputError(f"moments are defined in spatial dimension 3 or 2, got {shown(spatial_dimension)}")
        groups.check(group, spatial_dimension)
        if spatial_dimension == 2:
            from invgen.spaces import planar_moments

            return cls._laid_out(planar_moments.moments(orders, values), group, orientation)
        from invgen.spaces import cartesian

        return cls._laid_out(cartesian.moments(orders, values), group, orientation)

    @classmethod
    def cartesian(cls, symmetries: str, group: str = "O3", orientation: object = None) -> TensorSpace:
        """A Cartesian tensor with index symmetries, decomposed: "ijkl=jikl=klij" is the elasticity tensor.

        Args:
            symmetries: words that name the same entry, joined by "=", a minus sign for one of opposite sign; one word
                alone declares no symmetry. At most seven indices.
            group: "O3", "SO3" or a point group; the parity of a tensor of order n is (-1)^n.
            orientation: of a point group, as for a space.

        Raises:
            InputError: the symmetries cannot be read, or force the tensor to vanish.
        """
        from invgen.spaces import cartesian

        groups.check(group, 3)
        return cls._laid_out(cartesian.tensor(symmetries), group, orientation)

    @classmethod
    def ace(
        cls,
        n_max: int = 2,
        l_max: int = 3,
        total_degree: int | None = None,
        weights: Sequence[int] | None = None,
        group: str = "O3",
        orientation: object = None,
    ) -> TensorSpace:
        """The channels (n, l) of the atomic cluster expansion, one species: tensors n1l0, n1l1, ..., n2l0, ...

        Every tensor has parity (-1)^l. The max_degree of `generate` is then the correlation order.

        Args:
            n_max: radial functions n = 1..n_max.
            l_max: ranks l = 0..l_max of every n.
            total_degree: keep only the channels with weights[0] n + weights[1] l <= total_degree; None keeps the box.
            weights: positive integers, (1, 1) by default; a weight of l of 3/2 is (2, 3) with twice the total degree.
            group: "O3", "SO3" or a point group.
            orientation: of a point group, as for a space.

        Raises:
            InputError: an argument is not one of those listed, or the cuts leave no channel.
        """
        from invgen.spaces import channels

        groups.check(group, 3)
        found = [Irrep(*part) for part in channels.channels(n_max, l_max, total_degree, weights)]
        return cls(found, group, orientation=orientation)

    @classmethod
    def _laid_out(
        cls, made: tuple[tuple[NamedIrrep, ...], CartesianLayout], group: str, orientation: object
    ) -> TensorSpace:
        return cls([Irrep(*part) for part in made[0]], group, made[1], orientation)

    def of(self, tensors: Sequence[Irrep]) -> TensorSpace:
        """The space of other tensors with this group in this orientation."""
        return TensorSpace(tensors, self.group, orientation=self.orientation)

    @cached_property
    def point_group(self) -> PointGroup | None:
        """The group as a row of `spaces.point_groups`; None for O(3), SO(3), O(2) and SO(2)."""
        return point_groups.find(self.group)

    @property
    def degree_bound(self) -> int | None:
        """A degree up to which the invariants of a finite group are generated for certain; None for other groups.

        It is the number of elements that act differently (Noether 1915). Equivariant maps need lower degrees only.
        """
        group = self.point_group
        if group is None or group.is_axial:
            return None
        even = all(t.parity > 0 for t in self.tensors)
        if all(t.l == 0 for t in self.tensors):
            return 1 if even or group.is_chiral else 2
        return group.order // (2 if even and group.inversion else 1)

    @property
    def symmetry(self) -> PointGroup:
        """The group as a subgroup of O(3), by its structural tensors; `InputError` in the plane."""
        self.check_dimension(3, "a group with structural tensors")
        return point_groups.SYMMETRIES[self.group]

    def structural(self, name: str) -> StructuralTensor:
        """The structural tensor of the group that is called "@4e" or "@2e_1"; O(3) has "@0e" alone, the scalar 1.

        Raises:
            InputError: the group has no tensor of this name.
        """
        from invgen.spaces.structural import STANDARD, structural_tensor

        return structural_tensor(self.symmetry, name, self.orientation or STANDARD)

    def rank(self, name: str) -> int:
        """The rank of a tensor of the space, or of a structural tensor of its group; `InputError` if there is none."""
        return self.structural(name).l if point_groups.is_structural(name) else self.tensors[self.index(name)].l

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
        """The dimension of a generic orbit: 0 if all l = 0, 2 for a single vector, otherwise 3; in the plane 0 or 1.

        Of a finite group it is 0, of an axial one 1 if some l >= 1.
        """
        ranks = [t.l for t in self.tensors if t.l]
        if self.point_group is not None:
            return 1 if ranks and self.point_group.is_axial else 0
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
            near = nearest(str(name), self.names)
            raise InputError(f"the space {self} has no tensor {name!r}{near}; it has {', '.join(self.names)}")
        return self._places[name]

    def places(self, name: str) -> tuple[int, ...]:
        """The position of the tensor called `name`; where there is none, of all called name_..., such as name_0.

        Raises:
            InputError: there is none of them either.
        """
        several = tuple(i for i, own in enumerate(self.names) if own.startswith(f"{name}_"))
        return several if several and name not in self._places else (self.index(name),)

    @cached_property
    def _places(self) -> dict[str, int]:
        return {name: i for i, name in enumerate(self.names)}

    def parity(self, multidegree: Sequence[int]) -> int:
        """The sign with which inversion acts on products of this multidegree."""
        return -1 if sum(k for t, k in zip(self.tensors, multidegree, strict=True) if t.parity < 0) % 2 else 1

    def admits(self, multidegree: Sequence[int]) -> bool:
        """Whether the group lets rotation invariants of this multidegree survive; O(2) lets half of each pair."""
        return not self.has_parity or self.spatial_dimension == 2 or self.parity(multidegree) > 0

    @cached_property
    def has_parity(self) -> bool:
        """Whether parities matter: they do not to groups of rotations in space, such as SO(3)."""
        return self.group not in point_groups.SYMMETRIES or not self.symmetry.is_chiral

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
        if self.point_group is not None:
            powers = [(t.l, k) for t, k in zip(self.tensors, found, strict=True)]
            return groups.count_maps(powers, self.parity(found), self.point_group)
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
        return groups.hilbert_series(irreps, self.point_group or self.group, max_degree)

    def __str__(self) -> str:
        return " + ".join(str(t) for t in self.tensors)

    def __repr__(self) -> str:
        turned = "" if self.orientation is None else f", orientation={self.orientation}"
        if self.layout is not None:
            maker, *arguments = self.layout.recipe
            return f"<TensorSpace of {maker} {' '.join(arguments)}: {self}, group={self.group!r}{turned}>"
        return f"TensorSpace({str(self)!r}, group={self.group!r}{turned})"


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
        raise InputError(
            f"tensor names must differ, but {', '.join(repeated)} appears more than once; one name for several is "
            "written 'a:(0e + 1o)'"
        )
    if sum(t.dimension for t in tensors) > MAX_DIMENSION:
        raise InputError(
            f"the space has {sum(t.dimension for t in tensors)} components; at most {MAX_DIMENSION} are supported"
        )
