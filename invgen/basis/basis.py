"""The frozen basis: members in order, their convention, and the certificate of what is claimed of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, overload

from invgen.contractions.expression import Expression
from invgen.errors import InputError
from invgen.reduction.proofs.certificate import Certificate
from invgen.reduction.registry import GIVEN, SELECTIONS
from invgen.reduction.search.limits import Cut
from invgen.reduction.search.orders import Order
from invgen.reduction.search.request import Request
from invgen.spaces import conventions
from invgen.spaces.outputs import SCALAR, convention_of, labels, noun
from invgen.spaces.space import TensorSpace

if TYPE_CHECKING:
    from fractions import Fraction
    from pathlib import Path

    from invgen.algebra.modular import Array
    from invgen.basis.file import Parts
    from invgen.basis.invariant import Invariant
    from invgen.reduction.claim import Claim
    from invgen.reduction.orbits.fibres import FibreBounds
    from invgen.show.report import Report


@dataclass(frozen=True)
class Basis:
    """A list of invariants (with `outputs`: covariants) of a space, in a convention, with a certificate.

    `evaluate` is the definition that every kernel is checked against. Two bases with equal content have equal ids and
    equal files.

    Attributes:
        space: the tensors and the group.
        contractions: the members in order.
        convention: which numbers stand for a tensor's components (see `invgen.spaces.conventions`).
        max_degree: the highest degree searched, or the highest degree of a given list.
        certificate: what is claimed, with its proof.
        order: how candidates were ordered: "degree", "cost", or coprime weights ((name, weight), ...); or "given".
        forms: which representative of an invariant is taken, "contraction" or "cheapest" (`reduction.forms`).
        outputs: what members map to: "0e" for invariants, "1o" for covariants that are polar vectors, and so on.
        limit: a cut by total degree, or degrees in some of the tensors, in addition to max_degree; None for neither.
    """

    space: TensorSpace
    contractions: tuple[Expression, ...]
    convention: str
    max_degree: int
    certificate: Certificate
    order: Order = "degree"
    forms: str = "contraction"
    outputs: str = SCALAR
    limit: Cut | None = None

    @classmethod
    def from_contractions(
        cls,
        contractions: Sequence[tuple[str, Sequence[str]] | str | Expression],
        space: TensorSpace,
        convention: str | None = None,
    ) -> Basis:
        """A list kept as given, in its order and its strings, with a certificate of its rank.

        Args:
            contractions: pairs ("i,ij,j", ("v", "q", "v")), lines "i,ij,j v,q,v", or coupling trees "((v,q)1,v)0";
                under a point group trees may hold its structural tensors, "((q,q)4,@4e)0".
            space: the tensors that the strings name, and the group.
            convention: see `invgen.spaces.conventions`; by default "cartesian" for spaces of Cartesian moments or
                tensors, otherwise "sphericart", in the plane "complex".

        Raises:
            InputError: an entry cannot be read, names an unknown tensor, or is not an invariant.
        """
        from invgen.basis.invariant import expression_of

        members = tuple(expression_of(c).check(space) for c in contractions)
        if not members:
            raise InputError("a basis needs at least one contraction, the list is empty")
        seen: set[Expression] = set()
        for member in members:
            if member in seen:
                raise InputError(f"the contraction {member} appears twice in the list; leave one out")
            seen.add(member)
        convention = conventions.of_space(convention, space)
        degree = max(c.degree for c in members)
        request, row = Request(space, degree, GIVEN, listed=members), SELECTIONS[GIVEN]
        certificate = row.module.certify(request, row.module.find(request))
        return cls(space, members, convention, degree, certificate, order=GIVEN)

    @classmethod
    def of(cls, parts: Parts) -> Basis:
        """The basis that a file holds (`basis.file`)."""
        return cls(**vars(parts))

    @property
    def select(self) -> str:
        """The selection that made the basis, a name of `reduction.registry`; "given" for a list kept as it was."""
        return self.certificate.kind

    @property
    def degrees(self) -> tuple[int, ...]:
        """The polynomial degree of each member."""
        return tuple(c.degree for c in self.contractions)

    @property
    def components(self) -> tuple[str, ...]:
        """The names of the components in the basis's convention, in the order of `evaluate`'s input."""
        from invgen.contractions.printing import component_names

        return component_names(self.space, self.convention)

    @property
    def output_names(self) -> tuple[str, ...]:
        """The names of the numbers that a kernel returns, in order: the members, of covariants each component.

        A covariant's components are named as the convention labels them, "(v,q)1[-1]" or, for hippynn, "(v,q)1[x]".
        """
        if self.outputs == SCALAR:
            return tuple(map(str, self.contractions))
        names = labels(self.convention, self.outputs)
        return tuple(f"{member}[{label}]" for member in self.contractions for label in names)

    @cached_property
    def id(self) -> str:
        """SHA-256 of the canonical JSON without provenance, 64 hexadecimal digits."""
        from invgen.basis import file as basis_file

        return basis_file.identity(self)

    def __len__(self) -> int:
        return len(self.contractions)

    @overload
    def __getitem__(self, index: int) -> Invariant: ...
    @overload
    def __getitem__(self, index: slice) -> list[Invariant]: ...
    def __getitem__(self, index: int | slice) -> Invariant | list[Invariant]:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        from invgen.basis.invariant import Invariant

        return Invariant(range(len(self))[index], self.contractions[index], self.space, self.convention, self.outputs)

    def __iter__(self) -> Iterator[Invariant]:
        return (self[i] for i in range(len(self)))

    def with_convention(self, convention: str) -> Basis:
        """The same invariants of tensors written in another convention, with another id and the same certificate."""
        name = conventions.of_space(convention, self.space)
        convention_of(name, self.outputs)
        return replace(self, convention=name)

    def restricted(self, names: Sequence[str]) -> Basis:
        """The members that are left when only the tensors called `names` are not zero, certified on their space.

        Its certificate says whether the basis stays complete on that vanishing pattern.

        Raises:
            InputError: an unknown name, no member consists of these tensors alone, or the convention "cartesian",
                which only the whole space has.
        """
        self._check_scalars("certified on parts of the space")
        if self.convention == conventions.CARTESIAN:
            raise InputError("a part of the tensors has no Cartesian components; use with_convention('rational') first")
        kept = {self.space.index(name) for name in names}
        space = self.space.of([t for i, t in enumerate(self.space.tensors) if i in kept])
        members = [c for c in self.contractions if set(c.factors) <= set(space.names)]
        if not members:
            raise InputError(f"no member of the basis consists of {', '.join(space.names)} alone")
        return Basis.from_contractions(members, space, self.convention)

    def evaluate(self, x: Any) -> Array:
        """The invariants I(x): (..., dimension) -> (..., K), or the covariants f(x): -> (..., K, 2L + 1).

        Covariants are written in the basis's convention ("cartesian": in "rational"), so f(D x) = D_L f(x) with the
        matrices of `invgen.testing.representation`.
        In the convention "rational" x holds integers and Fractions and so does the result; in "cartesian" likewise if x
        is an array of objects. Otherwise both are float64.
        Complexity: the sum of the members' costs per sample; nothing is shared between members.

        Raises:
            InputError: the last axis is not the dimension of the space, or x is not numeric.
        """
        from invgen.basis import evaluation

        return evaluation.values(self, x)

    def jacobian(self, x: Any) -> Array:
        """The derivatives dI/dx: (..., dimension) -> (..., K, dimension); of covariants (..., K, 2L + 1, dimension)."""
        from invgen.basis import evaluation

        return evaluation.derivatives(self, x)

    def expand(self, contraction: tuple[str, Sequence[str]] | str | Expression | Invariant) -> dict[int, Fraction]:
        """The exact coordinates of any invariant in a "linear" basis: member index -> coefficient, zeros left out.

        Raises:
            InputError: the basis is not linear or holds covariants, or the contraction's degree exceeds max_degree.
        """
        from invgen.basis.invariant import expression_of
        from invgen.contractions.expansion import coordinates

        self._check_scalars("a basis that expands others")
        if not SELECTIONS[self.select].keeps_products:
            raise InputError(
                f"only a basis with select='linear' expands every invariant, this one has select={self.select!r}"
            )
        wanted = expression_of(contraction).check(self.space)
        if wanted.degree > self.max_degree:
            raise InputError(f"{wanted} has degree {wanted.degree}, the basis reaches {self.max_degree}")
        multidegree = wanted.multidegree(self.space)
        if self.limit is not None and not self.limit.admits(multidegree):
            raise InputError(f"{wanted} is beyond the basis, which reaches {self.limit}; generate a larger one")
        places = [i for i, c in enumerate(self.contractions) if c.multidegree(self.space) == multidegree]
        found = coordinates(self.space, [self.contractions[i] for i in places], wanted)
        return {i: c for i, c in zip(places, found, strict=True) if c}

    def verify(self) -> list[Claim]:
        """Every claim of the certificate with the outcome of its check."""
        return self.certificate.claims(self)

    def report(self) -> Report:
        """The rank on single tensors, pairs, spherical functions and every symmetry stratum, and what each needs."""
        from invgen.show import report

        self._check_scalars("reported on")
        self._check_continuous("a report")
        return report.report(self)

    def fibre(self) -> FibreBounds:
        """How many orbits share generic values of the members: proved bounds from both sides (`reduction.fibres`)."""
        from invgen.reduction.search.jacobian_pass import jacobian_rank
        from invgen.reduction.selections.separating import witnessed_bounds

        self._check_scalars("looked at on orbits")
        self._check_continuous("a bound of orbits")
        order = sorted(range(len(self)), key=lambda i: self.contractions[i].degree)
        found = jacobian_rank(self.space, [self.contractions[i] for i in order], f"fibre|{self.id}")
        full = found.rank == self.space.dimension - self.space.orbit_dimension
        return witnessed_bounds(self.space, self.contractions, [order[i] for i in found.accepted] if full else None)

    def table(self, style: str = "markdown", form: str = "expression") -> str:
        """The basis as a table: "latex", "markdown", "csv" or "html"; with form="matrix" in traces and matrix products.

        Raises:
            InputError: an unknown style or form, or members without a matrix form (`Invariant.matrix_form`).
        """
        from invgen.show import tables

        return tables.render(self, style, form)

    def save(self, path: str | Path) -> Path:
        """Write the basis as JSON, first to a temporary name; the same basis gives the same bytes."""
        from pathlib import Path

        from invgen.basis import file as basis_file

        return basis_file.save(self, Path(path))

    @classmethod
    def load(cls, path: str | Path) -> Basis:
        """Read a basis file; nothing in it is executed.

        Raises:
            BasisFileError: the file is damaged, of an unknown format version, or its id does not match its content.
        """
        from pathlib import Path

        from invgen.basis import file as basis_file

        return cls.of(basis_file.held(basis_file.read(Path(path)), str(path)))

    def to_json(self) -> Mapping[str, Any]:
        """The file's content as plain dictionaries, lists, strings and numbers."""
        from invgen.basis import file as basis_file

        return basis_file.to_json(self)

    def _check_scalars(self, what: str) -> None:
        if self.outputs != SCALAR:
            raise InputError(f"only invariants are {what}, this basis holds {noun(self.outputs)}")

    def _check_continuous(self, what: str) -> None:
        if self.space.point_group is not None:
            raise InputError(f"{what} is for O(3), SO(3) and the plane, this basis has the group {self.space.group}")

    @cached_property
    def _float_maps(self) -> list[Array]:
        from invgen.basis import evaluation

        return evaluation.float_maps(self.space, self.convention)

    def __repr__(self) -> str:
        c = self.certificate
        rank = f"{c.rank} of {c.target}"
        return (
            f"<Basis {self.id[:12]}: {len(self)} {noun(self.outputs)} of {self.space}, {c.kind}, rank {rank}, "
            f"{self.convention}>"
        )

    def _repr_html_(self) -> str:
        from invgen.show import tables

        return tables.notebook(self)

    def _repr_latex_(self) -> str:
        return self.table("latex")
