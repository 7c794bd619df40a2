"""The vector space of invariants, or of covariants to one irrep: a basis of every multidegree, the constant left out.

Products of members are members. Which coupling trees span the covariants of a multidegree depends on ranks and degrees
alone; parity belongs to the multidegree.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from invgen.algebra.finite_field import rank
from invgen.contractions.at_points import evaluator
from invgen.contractions.expression import Expression
from invgen.contractions.trees import CouplingTree
from invgen.errors import InputError
from invgen.reduction.proofs.certificate import Certificate
from invgen.reduction.proofs.counts import LinearProof
from invgen.reduction.search.components import Rules
from invgen.reduction.search.generators import SERIAL, GeneratorStage, Work
from invgen.reduction.search.limits import count_maps_to
from invgen.reduction.search.patterns import Multidegree, up_to_names
from invgen.reduction.search.products import Candidate
from invgen.reduction.search.request import Found, Request
from invgen.reduction.search.values import PointValues
from invgen.reduction.selections.counted import SPARE_POINTS, counts_certificate, molien_counts
from invgen.spaces.irreps import Irrep
from invgen.spaces.outputs import SCALAR, is_cartesian, noun, parts
from invgen.spaces.space import TensorSpace
from invgen.stages import Progress

if TYPE_CHECKING:
    from invgen.reduction.claim import Claim
    from invgen.reduction.proofs.protocols import Certified, Stated

MAX_MEMBERS = 20_000


def find(request: Request, work: Work = SERIAL, progress: Progress | None = None) -> Found:
    """A basis of the maps of degree 1..max_degree, as many of each multidegree as the Molien count says.

    The order is degree, then cost, then multidegree (descending), so raising max_degree only appends. Covariants are
    coupling trees, whose cost is the number of terms of the couplings.

    Raises:
        InputError: more than 20,000 members, or 500,000 multidegrees of one degree, are asked for.
    """
    space, outputs, limit = request.space, request.outputs, request.limit
    total = count_maps_to(space, outputs, request.max_degree, limit)
    if total > MAX_MEMBERS:
        remedy = "give a total_degree or use select='independent'" if outputs == SCALAR else "leave out tensors"
        raise InputError(
            f"{space} has {total} linearly independent {noun(outputs)} up to degree {request.max_degree}, "
            f"more than {MAX_MEMBERS}; lower max_degree{',' if outputs == SCALAR else ' or'} {remedy}"
        )
    if outputs == SCALAR and space.point_group is None:
        stage = GeneratorStage(space, None, progress, work, outputs, limit)
        return Found(stage.members(request.max_degree, products=True))
    return Found([member.contraction for _, found in map_degrees(request, work, progress) for member in found])


def map_degrees(
    request: Request, work: Work = SERIAL, progress: Progress | None = None
) -> Iterator[tuple[int, list[Candidate]]]:
    """Degree by degree a basis of the equivariant maps, by cost, then part of the outputs, then multidegree.

    Constant maps, of degree 0, come first; a linear selection leaves them out.
    """
    space = request.space
    stages = [
        GeneratorStage(space, _rules(space, part), progress, work, part.symbol, request.limit)
        for part in parts(request.outputs)
    ]
    for degree in range(request.first_degree, request.max_degree + 1):
        found = [member for stage in stages for c in stage.of_degree(degree) for member in c.generators]
        yield degree, sorted(found, key=lambda member: member.cost)


def _rules(space: TensorSpace, part: Irrep) -> Rules:
    """All maps of a multidegree; those under O(3) and SO(3) have one pattern, as parity belongs to the multidegree."""
    if space.point_group is None:
        return Rules("SO3", couplings=True, covariants=part.l)
    return Rules(space.group, couplings=True, covariants=part.l, parity=part.parity)


def certify(request: Request, found: Found) -> Certificate:
    """The certificate of a linear basis: its counts, and enough points to prove them."""
    return counts_certificate(request, found.members, LinearProof)


def claims(stated: Stated, basis: Certified, request: Request, drawn: bool) -> list[Claim]:
    """The checks of a linear basis: all counts are met, and the members of each multidegree are independent."""
    from invgen.reduction.claim import Claim
    from invgen.reduction.proofs.claims import count_claim

    needed = molien_counts(request)
    grouped: dict[Multidegree, list[Expression]] = {}
    for member in basis.contractions:
        grouped.setdefault(member.multidegree(basis.space), []).append(member)
    enough = drawn and len(stated.points) == max(map(len, grouped.values())) + SPARE_POINTS
    cut = "" if basis.limit is None else f" {basis.limit.where}"
    counted = "Molien counts" if basis.outputs == SCALAR else f"multiplicities of {basis.outputs}"
    return [
        count_claim(stated, basis),
        Claim(
            f"the counts are the {counted} of all multidegrees up to {basis.max_degree}{cut}",
            dict(stated.proof.counts) == needed and stated.target == sum(needed.values()),
        ),
        Claim(
            "the members of each multidegree are linearly independent",
            enough and _separated(basis, grouped, stated, request) and stated.rank == stated.size,
        ),
    ]


def _separated(
    basis: Certified, grouped: Mapping[Multidegree, Sequence[Expression]], stated: Stated, request: Request
) -> bool:
    if basis.space.point_group is not None or is_cartesian(basis.outputs):
        return _separated_by_forms(basis, grouped, stated, request)
    # Of covariants the first component: a combination that has one component zero everywhere is zero, as it rotates.
    points = np.array(stated.points, dtype=np.int64)
    at = evaluator(basis.space, [stated.primes[0]] * len(points), points)
    proved = set()
    for multidegree, group in grouped.items():
        case = up_to_names(basis.space, multidegree, group)
        if case not in proved:
            if rank(np.stack([at.value(member) for member in group]), stated.primes[0]) != len(group):
                return False
            proved.add(case)
    return True


def _separated_by_forms(
    basis: Certified, grouped: Mapping[Multidegree, Sequence[Expression]], stated: Stated, request: Request
) -> bool:
    """The same by linear forms of all components: under a point group H_L is reducible, one may vanish alone."""
    points = PointValues(basis.space, stated.primes[0], request.seed)
    length = len(stated.points)
    proved = set()
    for multidegree, group in grouped.items():
        for part in parts(basis.outputs):
            own = [m for m in group if isinstance(m, CouplingTree) and m.rank(basis.space) == part.l]
            case = up_to_names(basis.space, multidegree, own)
            if own and case not in proved:
                rows = np.stack([points.functional(member.root, length) for member in own])
                if rank(rows, points.prime) != len(own):
                    return False
                proved.add(case)
    return True
