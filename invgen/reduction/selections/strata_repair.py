"""Full rank on every symmetry stratum: members added where a selection falls short, and the proof.

At a generic point of V^H the gradients of all invariants reach the rank that is needed, so generators of high enough
degree do. They are tried for single tensors first, then for pairs and so on, lowest degrees first: at a symmetric input
few tensors are left, and the others cannot help.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations
from typing import Any

import numpy as np

from invgen.algebra.finite_field import Echelon, Vector, derived_points
from invgen.algebra.modular import product_modulo
from invgen.contractions.at_points import evaluator
from invgen.contractions.evaluation import Evaluator
from invgen.contractions.expression import Expression
from invgen.errors import EnumerationError, InputError
from invgen.reduction.claim import Claim
from invgen.reduction.orbits.strata import Stratum, golden_primes, strata
from invgen.reduction.proofs.certificate import Certificate
from invgen.reduction.proofs.minors import first_minor
from invgen.reduction.proofs.protocols import Certified, Stated
from invgen.reduction.proofs.strata import StrataProof
from invgen.reduction.search.patterns import Multidegree
from invgen.reduction.search.products import Candidate
from invgen.reduction.search.request import Request
from invgen.reduction.search.two_sources import TwoSources
from invgen.spaces.groups import weak_compositions
from invgen.spaces.space import TensorSpace

_PRIMES = 3


class _Strata:
    """All strata of a space at a generic point of each, for one or more primes."""

    def __init__(self, space: TensorSpace, content: str, primes: tuple[int, ...]) -> None:
        self.space = space
        self.primes = primes
        self.listed = strata(space, primes)
        self.points = [_point(content, prime, space) for prime in primes]
        self._evaluators = [self._evaluator(stratum) for stratum in self.listed]

    def _evaluator(self, stratum: Stratum) -> Evaluator:
        rows = [
            product_modulo(basis, point[: stratum.dimension, None], prime)[:, 0]
            for basis, point, prime in zip(stratum.basis, self.points, self.primes, strict=True)
        ]
        return evaluator(self.space, self.primes, np.stack(rows))

    def gradients(self, number: int, member: Expression) -> list[Vector]:
        """The gradient along one stratum, (dim V^H,) for each prime."""
        rows: Vector = self._evaluators[number].gradient(member)
        return [
            product_modulo(row[None, :], basis, prime)[0]
            for row, basis, prime in zip(rows, self.listed[number].basis, self.primes, strict=True)
        ]


def _point(content: str, prime: int, space: TensorSpace) -> Vector:
    point: Vector = derived_points(content, prime, 1, space.dimension)[0]
    return point


def with_repair(
    request: Request, members: list[Expression], certificate: Certificate
) -> tuple[list[Expression], Certificate]:
    """Members and certificate of a selection, with what `repair` appends to it."""
    added, proof = repair(request, members)
    return [*members, *added], _with_strata(certificate, proof, len(added))


def recertify_repair(
    request: Request, members: Sequence[Expression], core: Certificate, before: StrataProof
) -> Certificate:
    """The certificate of repaired members in other forms, from that of the members before the repair."""
    proof = proved(request.space, members, before.members, request.seed)
    return _with_strata(core, proof, len(members) - before.members)


def _with_strata(certificate: Certificate, proof: StrataProof, added: int) -> Certificate:
    repaired: Any = certificate.proof  # of a selection that takes "strata"
    return replace(certificate, size=certificate.size + added, proof=replace(repaired, repair=proof))


def claims(stated: Stated, basis: Certified, request: Request, drawn: bool) -> list[Claim]:
    """What is claimed of symmetric inputs, where anything is."""
    if stated.proof.strata is None or not drawn:
        return []
    return [Claim(*found) for found in statements(basis.space, basis.contractions, stated.proof.strata, request.seed)]


def repair(request: Request, members: Sequence[Expression]) -> tuple[list[Expression], StrataProof]:
    """The members that raise the rank on symmetry strata to what is needed, in the order found, and the proof.

    Raises:
        InputError: invariants up to max_degree do not reach the rank that a stratum needs.

    Complexity: a gradient of each member and of each candidate on each stratum that falls short.
    """
    space, max_degree, content = request.space, request.max_degree, _content(request.seed)
    places = _Strata(space, content, golden_primes(content, _PRIMES))
    echelons = [[Echelon(s.dimension, p) for p in places.primes] for s in places.listed]

    def insert(number: int, member: Expression) -> bool:
        rows = places.gradients(number, member)
        return any([e.insert(row) for e, row in zip(echelons[number], rows, strict=True)])

    def short(number: int) -> bool:
        return max(e.rank for e in echelons[number]) < places.listed[number].needed

    for number in range(len(places.listed)):
        for member in members:
            if short(number):
                insert(number, member)
    added: list[Expression] = []
    left = [number for number in range(len(places.listed)) if short(number)]
    for candidate in generators_of(space, _alive(space, [places.listed[n] for n in left]), max_degree):
        if not left:
            break
        if candidate.contraction not in members and any([insert(n, candidate.contraction) for n in left]):
            added.append(candidate.contraction)
            left = [n for n in left if short(n)]
    if left:
        worst = places.listed[left[0]]
        found = max(e.rank for e in echelons[left[0]])
        raise InputError(
            f"max_degree={max_degree} is too low for strata=True: on inputs of symmetry {', '.join(worst.subgroups)} "
            f"the invariants reach rank {found} of the {worst.needed} needed; raise max_degree"
        )
    return added, _proved(space, [*members, *added], len(members), content)


def proved(space: TensorSpace, members: Sequence[Expression], before: int, content: str) -> StrataProof:
    """The proof for members of which those from number `before` on were added for strata.

    Raises:
        EnumerationError: a stratum lacks rank at each of three primes, or a member was added in vain.
    """
    return _proved(space, members, before, _content(content))


def _proved(space: TensorSpace, members: Sequence[Expression], before: int, content: str) -> StrataProof:
    for prime in golden_primes(content, _PRIMES):
        proof = prove(space, members, before, content, prime)
        if all(holds for _, holds in _statements(space, members, proof, proof)):
            return proof
    raise EnumerationError("no prime shows full rank on all symmetry strata; please report this as a defect")


def prove(space: TensorSpace, members: Sequence[Expression], before: int, content: str, prime: int) -> StrataProof:
    """The first minor on every stratum at one prime."""
    places = _Strata(space, content, (prime,))
    minors = []
    for number in range(len(places.listed)):
        rows = np.stack([places.gradients(number, member)[0] for member in members])
        minors.append(first_minor(rows, prime))
    return StrataProof(before, prime, tuple(int(v) for v in places.points[0]), tuple(minors))


def statements(
    space: TensorSpace, members: Sequence[Expression], proof: StrataProof, content: str
) -> list[tuple[str, bool]]:
    """Every statement of the proof with the outcome of its check, from the members alone."""
    content = _content(content)
    drawn = proof.prime in golden_primes(content, _PRIMES) and list(proof.point) == [
        int(v) for v in _point(content, proof.prime, space)
    ]
    found = prove(space, members, proof.members, content, proof.prime) if drawn else None
    return [
        ("the strata's prime and point are those derived from the content", drawn),
        *_statements(space, members, proof, found),
    ]


def _statements(
    space: TensorSpace, members: Sequence[Expression], proof: StrataProof, found: StrataProof | None
) -> list[tuple[str, bool]]:
    listed = strata(space, (proof.prime,)) if found is not None else []
    full = [s.needed for s in listed] == [len(rows) for rows, _ in proof.minors]
    used = {row for rows, _ in proof.minors for row in rows}
    return [
        (f"the minors on {len(proof.minors)} symmetry strata are not zero", found == proof),
        ("no symmetry stratum needs a higher rank", found is not None and full),
        ("every member that was added raises the rank on a stratum", used >= set(range(proof.members, len(members)))),
    ]


def _alive(space: TensorSpace, listed: Sequence[Stratum]) -> list[int]:
    """The tensors that are not zero on some of these strata."""
    return [i for i, where in enumerate(space.slices) if any(s.basis[0][where].any() for s in listed)]


def generators_of(space: TensorSpace, alive: Sequence[int], max_degree: int) -> Iterator[Candidate]:
    """Generators that consist of these tensors: by number of tensors, then degree, then cost."""
    source = TwoSources(space)
    for size in range(1, len(alive) + 1):
        for degree in range(size, max_degree + 1):
            for part in combinations(alive, size):
                yield from source.cheapest_first(_spread(space, part, degree))


def _spread(space: TensorSpace, part: Sequence[int], degree: int) -> Iterator[Multidegree]:
    """The multidegrees of a degree in which exactly the tensors of a part occur."""
    for extra in weak_compositions(len(part), degree - len(part)):
        result = [0] * len(space.tensors)
        for i, k in zip(part, extra, strict=True):
            result[i] = k + 1
        yield tuple(result)


def _content(content: str) -> str:
    return f"{content}|strata"
