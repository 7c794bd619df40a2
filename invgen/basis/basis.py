"""The frozen basis: members in order, their convention, and the certificate of what is claimed of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

import numpy as np

from invgen.algebra.modular import Array, Plain
from invgen.basis import file as basis_file
from invgen.basis.invariant import Invariant
from invgen.basis.samples import read_samples
from invgen.contractions import printing as expressions
from invgen.contractions.at_points import exact_evaluator
from invgen.contractions.contraction import Contraction
from invgen.contractions.evaluation import Evaluator
from invgen.contractions.expansion import coordinates
from invgen.contractions.expression import KINDS, Expression, parse
from invgen.errors import InputError
from invgen.reduction.claim import Claim
from invgen.reduction.proofs.certificate import Certificate
from invgen.reduction.registry import GIVEN, SELECTIONS
from invgen.reduction.search.limits import Limit
from invgen.reduction.search.orders import Order
from invgen.reduction.search.request import Request
from invgen.spaces import conventions
from invgen.spaces.outputs import SCALAR, convention_of, labels, noun, output_map
from invgen.spaces.space import TensorSpace

if TYPE_CHECKING:
    from fractions import Fraction

    from invgen.reduction.orbits.fibres import FibreBounds
    from invgen.show.report import Report

_CHUNK = 4096  # samples evaluated at once, so that intermediates stay in cache


@dataclass(frozen=True)
class Basis:
    """A list of invariants (with `outputs`: covariants) of a space, in a convention, with a certificate.

    `evaluate` is the definition that every kernel is held against. Two bases with equal content have equal ids and
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
        limit: a cut by total degree beside max_degree, None if there is none.
    """

    space: TensorSpace
    contractions: tuple[Expression, ...]
    convention: str
    max_degree: int
    certificate: Certificate
    order: Order = "degree"
    forms: str = "contraction"
    outputs: str = SCALAR
    limit: Limit | None = None

    @classmethod
    def from_contractions(
        cls,
        contractions: Sequence[tuple[str, Sequence[str]] | str | Expression],
        space: TensorSpace,
        convention: str | None = None,
    ) -> Basis:
        """A list kept as given, in its order and its strings, with a certificate of its rank.

        Args:
            contractions: pairs ("i,ij,j", ("v", "q", "v")) or lines "i,ij,j v,q,v".
            space: the tensors that the strings name.
            convention: see `invgen.spaces.conventions`; by default "cartesian" for spaces of Cartesian moments or
                tensors, otherwise "sphericart", in the plane "complex".

        Raises:
            InputError: an entry cannot be read, names an unknown tensor, or is not an invariant.
        """
        members = tuple(_expression(c).check(space) for c in contractions)
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
    def of(cls, parts: basis_file.Parts) -> Basis:
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
        return expressions.component_names(self.space, self.convention)

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
        return Invariant(range(len(self))[index], self.contractions[index], self.space, self.convention, self.outputs)

    def __iter__(self) -> Iterator[Invariant]:
        return (self[i] for i in range(len(self)))

    def with_convention(self, convention: str) -> Basis:
        """The same invariants of tensors written in another convention: another id, the same certificate."""
        name = conventions.of_space(convention, self.space)
        convention_of(name, self.outputs)
        return replace(self, convention=name)

    def restricted(self, names: Sequence[str]) -> Basis:
        """What is left when only the tensors called `names` are not zero, certified on their space.

        Its certificate says whether the basis stays complete on that vanishing pattern.

        Raises:
            InputError: an unknown name, no member consists of these tensors alone, or the convention "cartesian",
                which only the whole space has.
        """
        self._check_scalars("certified on parts of the space")
        if self.convention == conventions.CARTESIAN:
            raise InputError("a part of the tensors has no Cartesian components; use with_convention('rational') first")
        kept = {self.space.index(name) for name in names}
        space = TensorSpace([t for i, t in enumerate(self.space.tensors) if i in kept], self.space.group)
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
        samples, shape = read_samples(x, self.space, self.convention)
        change = self._output_matrix(samples)
        trailing = (len(self),) if change is None else (len(self), len(change))
        result = np.empty((len(samples), *trailing), dtype=samples.dtype)
        for start, at in self._evaluators(samples):
            for k, member in enumerate(self.contractions):
                values = at.value(member) if change is None else at.covariant(member.root) @ change.T
                result[start : start + len(values), k] = values
        return result.reshape(*shape, *trailing)

    def jacobian(self, x: Any) -> Array:
        """The derivatives dI/dx: (..., dimension) -> (..., K, dimension); of covariants (..., K, 2L + 1, dimension)."""
        samples, shape = read_samples(x, self.space, self.convention)
        change = self._output_matrix(samples)
        trailing = (len(self),) if change is None else (len(self), len(change))
        result = np.empty((len(samples), *trailing, self.space.dimension), dtype=samples.dtype)
        layout = self._layout_matrix(samples)
        for start, at in self._evaluators(samples):
            for k, member in enumerate(self.contractions):
                rows = at.gradient(member) if change is None else change @ at.covariant_jacobian(member.root)
                result[start : start + len(rows), k] = rows if layout is None else rows @ layout
        return result.reshape(*shape, *trailing, self.space.dimension)

    def expand(self, contraction: tuple[str, Sequence[str]] | str | Expression | Invariant) -> dict[int, Fraction]:
        """The exact coordinates of any invariant in a "linear" basis: member index -> coefficient, zeros left out.

        Raises:
            InputError: the basis is not linear or holds covariants, or the contraction's degree exceeds max_degree.
        """
        self._check_scalars("a basis that expands others")
        if not SELECTIONS[self.select].keeps_products:
            raise InputError(
                f"only a basis with select='linear' expands every invariant, this one has select={self.select!r}"
            )
        wanted = _expression(contraction).check(self.space)
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
        return report.report(self)

    def fibre(self) -> FibreBounds:
        """How many orbits share generic values of the members: proved bounds from both sides (`reduction.fibres`)."""
        from invgen.reduction.search.jacobian_pass import jacobian_rank
        from invgen.reduction.selections.separating import witnessed_bounds

        self._check_scalars("looked at on orbits")
        order = sorted(range(len(self)), key=lambda i: self.contractions[i].degree)
        found = jacobian_rank(self.space, [self.contractions[i] for i in order], f"fibre|{self.id}")
        full = found.rank == self.space.dimension - self.space.orbit_dimension
        return witnessed_bounds(self.space, self.contractions, [order[i] for i in found.accepted] if full else None)

    def table(self, style: str = "markdown") -> str:
        """The basis as a table: "latex", "markdown", "csv" or "html"."""
        from invgen.show import tables

        return tables.render(self, style)

    def save(self, path: str | Path) -> Path:
        """Write the basis as JSON, first to a temporary name; the same basis gives the same bytes."""
        return basis_file.save(self, Path(path))

    @classmethod
    def load(cls, path: str | Path) -> Basis:
        """Read a basis file; nothing in it is executed.

        Raises:
            BasisFileError: the file is damaged, of an unknown format version, or its id does not match its content.
        """
        return cls.of(basis_file.held(basis_file.read(Path(path)), str(path)))

    def to_json(self) -> Mapping[str, Any]:
        """The file's content as plain dictionaries, lists, strings and numbers."""
        return basis_file.to_json(self)

    def _check_scalars(self, what: str) -> None:
        if self.outputs != SCALAR:
            raise InputError(f"only invariants are {what}, this basis holds {noun(self.outputs)}")

    def _evaluators(self, samples: Array) -> Iterator[tuple[int, Evaluator]]:
        layout = self._layout_matrix(samples)
        for start in range(0, len(samples), _CHUNK):
            chunk = samples[start : start + _CHUNK]
            if layout is not None:
                chunk = chunk @ layout.T
            if chunk.dtype == object:
                yield start, exact_evaluator(self.space, chunk)
            else:
                yield start, Evaluator(self.space, self._float_maps, chunk, Plain(np.float64))

    def _layout_matrix(self, samples: Array) -> Array | None:
        """The matrix A from Cartesian to rational components, in the arithmetic of the samples."""
        if self.space.layout is None or self.convention != conventions.CARTESIAN:
            return None
        return np.array(self.space.layout.matrix, dtype=samples.dtype)

    def _output_matrix(self, samples: Array) -> Array | None:
        """The matrix from rational components of covariants to those of the convention; None for invariants."""
        if self.outputs == SCALAR:
            return None
        change = output_map(self.convention, self.outputs)
        matrix = np.array(change.matrix, dtype=samples.dtype)
        # Where samples are exact, the convention is rational and all scales are 1.
        return matrix if samples.dtype == object else matrix * np.array([[s.round()] for s in change.scale])

    @cached_property
    def _float_maps(self) -> list[Array]:
        maps = []
        irreducible = "rational" if self.convention == conventions.CARTESIAN else self.convention
        for tensor in self.space.tensors:
            tensor_map = conventions.map_of(irreducible, tensor)
            matrix = np.array(tensor_map.matrix, dtype=np.float64)
            maps.append((matrix * np.array([s.round() for s in tensor_map.scale]))[None])
        return maps

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


def _expression(given: tuple[str, Sequence[str]] | str | Expression | Invariant) -> Expression:
    if isinstance(given, KINDS):
        return given
    if isinstance(given, Invariant):
        return given.expression
    if isinstance(given, str):
        return parse(given)
    if not isinstance(given, tuple | list) or len(given) != 2 or not isinstance(given[0], str):
        raise InputError(f"a contraction is a pair ('i,ij,j', ('v', 'q', 'v')) or a line 'i,ij,j v,q,v', got {given!r}")
    return Contraction(given[0], tuple(given[1]))
