"""The checks behind a certificate: each claim is recomputed from the basis alone, without enumerating candidates."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from invgen.algebra.finite_field import derived_points, derived_primes, rank
from invgen.contractions.at_points import evaluator, jacobian
from invgen.contractions.expression import Expression
from invgen.errors import InputError
from invgen.reduction.given.entries import EntryList
from invgen.reduction.given.frames import frame
from invgen.reduction.orbits.fibres import fibre_bounds
from invgen.reduction.search.components import Candidate, product_rows
from invgen.reduction.search.limits import MAX_MULTIDEGREES as MAX_COUNTED
from invgen.reduction.search.limits import Limit, count_to, multidegrees
from invgen.reduction.search.patterns import Multidegree, Pattern, pattern_of, to_pattern
from invgen.reduction.search.values import PointValues
from invgen.reduction.selections.flexible_proof import first_minor, statements
from invgen.reduction.selections.independent import PRIMES
from invgen.reduction.selections.separating import lowering
from invgen.reduction.selections.strata_repair import statements as strata_statements
from invgen.spaces import conventions
from invgen.spaces.outputs import SCALAR, count_maps, noun
from invgen.spaces.space import TensorSpace

if TYPE_CHECKING:
    from invgen.reduction.proofs.certificate import Certificate

LIMITED = ("independent", "linear", "integrity")  # the selections that may have a cut by total degree
SPARE_POINTS = 2  # beyond the largest count, so that a superfluous member would show


class Certified(Protocol):
    """What a certificate speaks about: a basis, or anything with these attributes."""

    @property
    def space(self) -> TensorSpace:
        """The space of the tensors."""

    @property
    def contractions(self) -> tuple[Expression, ...]:
        """The members in order."""

    @property
    def max_degree(self) -> int:
        """The highest degree that was searched."""

    @property
    def outputs(self) -> str:
        """What members map to, "0e" for invariants."""

    @property
    def limit(self) -> Limit | None:
        """Which multidegrees were searched, None for all up to max_degree."""


@dataclass(frozen=True)
class Claim:
    """One statement of a certificate, and whether it was found to hold."""

    text: str
    holds: bool


def claims_of(certificate: Certificate, basis: Certified) -> list[Claim]:
    """Every claim of a certificate with the outcome of its check."""
    claims = [
        Claim(f"every member is {_kind(basis.outputs)} of the space", _all_invariant(basis)),
        Claim(f"the basis has {certificate.size} members", certificate.size == len(basis.contractions)),
    ]
    if (certificate.kind == "flexible") != (certificate.flexible is not None):
        claims.append(Claim("minors of singles and pairs stand where flexibility is claimed, and there alone", False))
    if certificate.strata is not None and certificate.kind not in ("independent", "flexible"):
        claims.append(Claim("full rank on symmetry strata is claimed of a selection that can have it", False))
    if basis.outputs != SCALAR and certificate.kind != "linear":
        claims.append(Claim("covariants are those of a linear selection", False))
    if basis.limit is not None:
        within = all(basis.limit.admits(member.multidegree(basis.space)) for member in basis.contractions)
        claims.append(Claim(f"no member is beyond the {basis.limit}", within and certificate.kind in LIMITED))
    if not all(claim.holds for claim in claims):
        return claims
    kind = certificate.flexible.request if certificate.flexible else certificate.kind
    content = content_of(kind, basis.space, basis.max_degree, basis.contractions, basis.outputs, basis.limit)
    count = 1 if certificate.kind in ("linear", "integrity") else PRIMES
    drawn = _derived(basis.space, content, count, certificate.primes, certificate.points)
    claims.append(Claim("primes and points are those derived from the content", drawn))
    if certificate.kind == "linear":
        claims += _linear_claims(certificate, basis, drawn)
    elif certificate.kind == "integrity":
        claims += _integrity_claims(certificate, basis, drawn)
    else:
        claims += _jacobian_claims(certificate, basis, drawn)
    if certificate.strata is not None:
        found = strata_statements(basis.space, basis.contractions, certificate.strata, content) if drawn else []
        claims += [Claim(*statement) for statement in found]
    return [*claims, _completeness(certificate)]


def _jacobian_claims(certificate: Certificate, basis: Certified, drawn: bool) -> list[Claim]:
    space, members = basis.space, basis.contractions
    selected = len(members) if certificate.strata is None else certificate.strata.members
    prime = certificate.primes[0] if drawn else 0
    rows = jacobian(space, members, prime, certificate.points[0]) if drawn else None
    found = first_minor(rows, prime) if rows is not None else None
    minor = found == (certificate.rows, certificate.columns) and len(certificate.rows) == certificate.rank
    claims = [Claim(f"a minor of the Jacobian of size {certificate.rank} is not zero, the first one", minor)]
    if certificate.kind == "independent":
        everyone = certificate.rows == tuple(range(selected))
        claims.append(Claim(f"all {selected} members are independent", everyone))
    if certificate.kind == "separating":
        claims += _separating_claims(certificate, basis, minor)
    if certificate.flexible is not None:
        core = None if rows is None else rows[:selected]
        claims += [Claim(*s) for s in statements(space, members[:selected], certificate.flexible, core, prime)]
    target = space.dimension - space.orbit_dimension
    upper = Claim(
        f"no more than {certificate.target} can be independent (dim V - dim orbit)",
        certificate.target == target and not certificate.counts,
    )
    highest = max(c.degree for c in members)
    searched = basis.max_degree == highest if certificate.kind == "given" else basis.max_degree >= highest
    bound = error_log2(certificate.kind, space, basis.max_degree, members, certificate.rank)
    return [
        *claims,
        upper,
        Claim(f"no member has a degree above {basis.max_degree}", searched),
        Claim("the error bound of rejections is as stated", certificate.error_log2 == bound),
    ]


def _separating_claims(certificate: Certificate, basis: Certified, minor: bool) -> list[Claim]:
    """The bounds follow from the members, once the first ones are known to be independent."""
    space, members, core = basis.space, basis.contractions, range(certificate.rank)
    full = certificate.rank == space.dimension - space.orbit_dimension
    stated = certificate.fibre
    claims = [Claim(f"the first {certificate.rank} members are independent", certificate.rows == tuple(core))]
    if not minor or stated is None or not claims[0].holds:
        return [*claims, Claim(f"{stated}", False)]
    invariant = _are_invariants(space, stated.witnesses)
    if stated.witnesses:
        claims.append(Claim("every witness of the bound from below is an invariant of the space", invariant))
    found = fibre_bounds(space, members, core if full else None, stated.witnesses) if invariant else None
    if len(members) > len(core):
        lowered = full and lowering(space, members, len(core))
        claims.append(Claim("every further member lowers a bound of the orbits that share values", lowered))
    return [*claims, Claim(f"{stated}", stated == found and (found is None or stated.witnesses == found.witnesses))]


def _linear_claims(certificate: Certificate, basis: Certified, drawn: bool) -> list[Claim]:
    needed = molien_counts(basis.space, basis.max_degree, basis.outputs, basis.limit)
    grouped: dict[Multidegree, list[Expression]] = {}
    for member in basis.contractions:
        grouped.setdefault(member.multidegree(basis.space), []).append(member)
    enough = drawn and len(certificate.points) == max(map(len, grouped.values())) + SPARE_POINTS
    return [
        *_count_claims(certificate, basis),
        Claim(
            f"the counts are the {_counted(basis.outputs)} of all multidegrees up to {basis.max_degree}",
            dict(certificate.counts) == needed and certificate.target == sum(needed.values()),
        ),
        Claim(
            "the members of each multidegree are linearly independent",
            enough and _separated(basis.space, grouped, certificate) and certificate.rank == certificate.size,
        ),
    ]


def _integrity_claims(certificate: Certificate, basis: Certified, drawn: bool) -> list[Claim]:
    needed = molien_counts(basis.space, basis.max_degree, limit=basis.limit)
    enough = drawn and bool(needed) and len(certificate.points) == max(needed.values()) + SPARE_POINTS
    return [
        *_count_claims(certificate, basis),
        Claim("as many invariants are asked for as the Molien counts say", certificate.target == sum(needed.values())),
        Claim(
            f"products of the members span all {certificate.rank} invariants up to degree {basis.max_degree}",
            enough and certificate.rank == sum(needed.values()) and _generate(basis, certificate, needed),
        ),
    ]


def _count_claims(certificate: Certificate, basis: Certified) -> list[Claim]:
    counted = Counter(member.multidegree(basis.space) for member in basis.contractions)
    return [
        Claim(
            "the members have the counts stated for each multidegree",
            dict(certificate.counts) == counted and len(certificate.counts) == len(counted),
        ),
        Claim(
            "nothing else is claimed",
            certificate.rows == tuple(range(certificate.size))
            and not certificate.columns
            and not certificate.error_log2,
        ),
    ]


def _separated(space: TensorSpace, grouped: dict[Multidegree, list[Expression]], certificate: Certificate) -> bool:
    # Of covariants the first component: a combination that has one component zero everywhere is zero, as it rotates.
    points = np.array(certificate.points, dtype=np.int64)
    at = evaluator(space, [certificate.primes[0]] * len(points), points)
    proved = set()
    for multidegree, group in grouped.items():
        case = _up_to_names(space, multidegree, group)
        if case not in proved:
            if rank(np.stack([at.value(member) for member in group]), certificate.primes[0]) != len(group):
                return False
            proved.add(case)
    return True


def _generate(basis: Certified, certificate: Certificate, needed: dict[Multidegree, int]) -> bool:
    """Whether products of members have the rank of the Molien count in every multidegree, at the points stated.

    By induction over the degree: if the members generate all lower multidegrees, what their products span in one does
    not depend on which generators they are. Multidegrees whose own members agree up to names are then one case.
    """
    space = basis.space
    content = content_of(certificate.kind, space, basis.max_degree, basis.contractions, limit=basis.limit)
    points = PointValues(space, certificate.primes[0], content)
    generators = [Candidate(c.multidegree(space), 0, c) for c in basis.contractions]
    own: dict[Multidegree, list[Expression]] = {}
    for generator in generators:
        own.setdefault(generator.multidegree, []).append(generator.contraction)
    proved = set()
    for multidegree, count in needed.items():  # by degree
        case = _up_to_names(space, multidegree, own.get(multidegree, ()))
        if case not in proved:
            rows = product_rows(generators, multidegree, points, count + SPARE_POINTS)
            if len(rows) < count or rank(np.stack(rows), points.prime) != count:
                return False
            proved.add(case)
    return True


def _up_to_names(
    space: TensorSpace, multidegree: Multidegree, members: Sequence[Expression]
) -> tuple[Pattern, tuple[str, ...]]:
    """The pattern of a multidegree, and expressions of it in the pattern's names: equal ones have equal ranks."""
    pattern, places = pattern_of(space, space.group, multidegree)
    names = to_pattern(space, places)
    return pattern, tuple(sorted(str(member.renamed(names)) for member in members))


def content_of(
    kind: str,
    space: TensorSpace,
    max_degree: int,
    contractions: Sequence[Expression],
    outputs: str = SCALAR,
    limit: Limit | None = None,
) -> str:
    """What primes and points are derived from: the request, or for a given list the list itself."""
    request = f"invgen 1|{kind}|{space}|{space.group}"
    if kind == "given":
        return "|".join([request, *map(str, contractions)])
    return "|".join(
        [request, str(max_degree), *([] if outputs == SCALAR else [outputs]), *([] if limit is None else [str(limit)])]
    )


def _completeness(certificate: Certificate) -> Claim:
    verb = "equals" if certificate.complete else "falls short of"
    return Claim(
        f"the rank {certificate.rank} {verb} the {certificate.target} needed",
        certificate.complete == (certificate.rank == certificate.target) and certificate.rank <= certificate.target,
    )


def _kind(outputs: str) -> str:
    return "an invariant" if outputs == SCALAR else f"a {noun(outputs, 1)}"


def _counted(outputs: str) -> str:
    return "Molien counts" if outputs == SCALAR else f"multiplicities of {outputs}"


def _all_invariant(basis: Certified) -> bool:
    return bool(basis.contractions) and _are_invariants(basis.space, basis.contractions, basis.outputs)


def _are_invariants(space: TensorSpace, listed: Sequence[Expression], outputs: str = SCALAR) -> bool:
    try:
        for expression in listed:
            expression.check(space, outputs)
    except InputError:
        return False
    return True


def _derived(
    space: TensorSpace, content: str, count: int, primes: Sequence[int], points: Sequence[Sequence[int]]
) -> bool:
    if sorted(primes) != sorted(derived_primes(content, count)):
        return False
    if count == 1:
        expected = derived_points(content, primes[0], len(points), space.dimension).tolist()
    else:
        expected = [derived_points(content, p, 1, space.dimension)[0].tolist() for p in primes]
    return bool([list(p) for p in points] == expected)


def molien_counts(
    space: TensorSpace, max_degree: int, outputs: str = SCALAR, limit: Limit | None = None
) -> dict[Multidegree, int]:
    """The counts above 0 of all multidegrees up to max_degree; nothing if there are more than MAX_COUNTED."""
    if count_to(space, max_degree, limit) > MAX_COUNTED:
        return {}
    counts = {}
    for degree in range(1, max_degree + 1):
        for multidegree in multidegrees(space, degree, limit):
            number = count_maps(space, outputs, multidegree)
            if number:
                counts[multidegree] = number
    return counts


def error_log2(kind: str, space: TensorSpace, max_degree: int, contractions: Sequence[Expression], found: int) -> int:
    """An upper bound of log2 of the probability that a rejection was wrong, as the module docstring derives it."""
    if found == space.dimension - space.orbit_dimension:
        return 0
    rejections = len(contractions) - found if kind == "given" else sum(space.hilbert_series(max_degree))
    if not rejections:
        return 0
    bound = minor_error_log2(space, max_degree, found + 1, tree_bits(space, contractions))
    return min(0, bound + rejections.bit_length())


def tree_bits(space: TensorSpace, members: Sequence[Expression]) -> int:
    """Bits of the coefficients of any derivative of a member, 0 where all are contractions.

    They are taken in coordinates that serve trees and contractions alike, see `Frame.widths`.
    """
    if not any(member.by_components for member in members):
        return 0
    listed = EntryList(frame(space, "rational"), tuple(members))
    return max(map(listed.log2_gradient, listed.entries))


def minor_error_log2(space: TensorSpace, degree: int, size: int, row_bits: int = 0) -> int:
    """An upper bound of log2 of the probability that three primes and points miss a minor of this size.

    Args:
        space: the tensors.
        degree: the highest degree of a row's invariant.
        size: of the minor.
        row_bits: bits of the coefficients of the rows, where these are not contractions alone.
    """
    widest = max(sum(map(abs, row)) for t in space.tensors for row in conventions.map_of("rational", t).matrix)
    indices = degree * max(t.l for t in space.tensors)
    # |coefficients| <= size! (degree · 3^indices · widest^degree)^size, as a contraction sums 3^edges products
    row = max(2 * indices + degree * widest.bit_length(), row_bits)
    bits = size * (size.bit_length() + degree.bit_length() + row)
    failure = size * (degree - 1) + 2 * bits
    return PRIMES * (failure.bit_length() - 30)
