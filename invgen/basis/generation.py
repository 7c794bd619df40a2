"""From a space to a certified basis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path

from invgen.basis.basis import Basis
from invgen.errors import InputError
from invgen.reduction.forms.cheapest import CHEAPEST, cheapest_forms
from invgen.reduction.forms.cheapest import FORMS as ALL_FORMS
from invgen.reduction.proofs.certificate import (
    from_counts,
    from_flexible,
    from_jacobian,
    from_separating,
    of_forms,
    with_strata,
)
from invgen.reduction.proofs.claims import LIMITED, content_of
from invgen.reduction.search import orders
from invgen.reduction.search.checkpoint import Checkpoint
from invgen.reduction.search.estimates import MEMORY, check_memory, estimate
from invgen.reduction.search.generators import Progress, Submits, Work
from invgen.reduction.search.limits import Limit, limit_of
from invgen.reduction.selections.equivariant import equivariant
from invgen.reduction.selections.flexible import MODES, Layout, layout
from invgen.reduction.selections.flexible import flexible as flexible_members
from invgen.reduction.selections.independent import independent
from invgen.reduction.selections.integrity import integrity
from invgen.reduction.selections.linear import linear
from invgen.reduction.selections.separating import separating
from invgen.reduction.selections.strata_repair import repair
from invgen.spaces import conventions
from invgen.spaces.outputs import SCALAR, convention_of, noun, output_irrep, series
from invgen.spaces.space import TensorSpace, check_degree

SELECTIONS = ("independent", "flexible", "separating", "linear", "integrity")
FLEXIBLE = MODES
ORDERS = orders.NAMED
FORMS = ALL_FORMS
ESTIMATE = "estimate: "  # how a progress text begins that says the size of a request
_SERIES_HINT = 6


def generate(
    space: TensorSpace,
    max_degree: int,
    select: str = "independent",
    convention: str | None = None,
    order: str | Mapping[str, int | Fraction] = "degree",
    forms: str = "contraction",
    progress: Progress | None = None,
    flexible: str | None = None,
    anchor: str | None = None,
    strata: bool = False,
    executor: Submits | None = None,
    checkpoint: str | Path | None = None,
    outputs: str = SCALAR,
    total_degree: int | None = None,
    weights: Sequence[int] | Mapping[str, int] | None = None,
    memory_limit: int = MEMORY,
) -> Basis:
    """A certified basis of the invariants of `space` up to `max_degree`, or of its covariants to `outputs`.

    By default the order is degree first, then cost, so raising max_degree only appends members.

    Args:
        space: the tensors and the group.
        max_degree: the highest polynomial degree to search; the correlation order of ACE.
        select: "independent" for a maximal functionally independent subset, dim V - dim orbit members once max_degree
            suffices; "separating" for that and what more it takes to tell generic orbits apart, with the proof or the
            bounds in `certificate.fibre`; "flexible" for a subset that keeps full rank where tensors vanish; "linear"
            for a basis of the vector space of invariants of degree 1..max_degree; "integrity" for a minimal generating
            set of the ring of invariants up to max_degree.
        convention: which numbers stand for a tensor's components, see `invgen.spaces.conventions`. By default
            "cartesian" for spaces of Cartesian moments or tensors, otherwise "sphericart", in the plane "complex".
        order: which candidates are offered first, for select="independent" alone: "degree" (lowest first, then cost);
            "cost" (cheapest first, whatever their degree); or the weight of every tensor, name -> positive int or
            Fraction (smallest sum over the factors first, then cost). Under the last two raising max_degree may
            change members.
        forms: "contraction", the contraction that the search found (the coupling tree for "integrity" and for high
            degrees of "flexible"); "cheapest", among the contractions and coupling trees that agree with it up to a
            factor and products of members before it, the one that takes the fewest operations (see
            `reduction.forms`). Not for select="linear".
        progress: called as progress(text, done, total) while multidegrees are enumerated.
        flexible: for select="flexible" alone: "specific" (the default) ties all tensors to one anchor and has
            dim V - dim orbit members, of full rank on every vanishing pattern that keeps the anchor; "minimal-set" ties
            every pair and has full rank on every vanishing pattern.
        anchor: for "specific" alone: the name of the anchor, by default the first of the lowest l >= 2.
        strata: append members to an "independent" or "flexible" selection until its rank is full on symmetric inputs of
            every kind, too.
        executor: any `concurrent.futures` executor, or a Dask `Client`: multidegrees are independent tasks. The result
            does not depend on it.
        checkpoint: a folder in which finished multidegrees are kept, so that a run that was killed goes on from there.
        outputs: "0e" for invariants; with select="linear" any other irrep, such as "1o" or "2e", for a basis of the
            equivariant maps to it of degree 1..max_degree, written as coupling trees. SO(3) ignores its parity.
        total_degree: search products only whose factors' total degrees sum to at most this, for "independent",
            "linear" and "integrity": of a channel (n, l) of ACE, weights[0] n + weights[1] l. None for no such cut.
        weights: the weights of n and of l, (1, 1) by default; for other spaces the total degree of every tensor,
            name -> positive integer.
        memory_limit: bytes, 4 GiB by default. A request whose estimate is above it is refused before it is begun. What
            is estimated is told to `progress` first; it does not depend on the machine.

    Raises:
        InputError: an argument is not one of those listed, the space has no invariant (covariant) up to max_degree,
            max_degree is too low for a flexible selection or for strata=True, or the estimate is above memory_limit.

    Complexity: the number of multidegrees, times the connected contraction graphs of each until its Molien count is
    met.
    """
    if not isinstance(space, TensorSpace):
        raise InputError(f"the first argument is a TensorSpace, got {type(space).__name__}; use TensorSpace('0e + 1o')")
    check_degree(max_degree)
    _check("select", select, SELECTIONS)
    sequence = orders.canonical(order, space)
    if sequence != orders.DEGREE and select != "independent":
        raise InputError(f"only select='independent' has a choice of order, got select={select!r}; leave order out")
    _check_forms(space, select, forms)
    kind = output_irrep(outputs).symbol
    if kind != SCALAR and select != "linear":
        raise InputError(f"outputs={kind!r} go with select='linear' only, got select={select!r}; add select='linear'")
    if kind != SCALAR:
        space.check_dimension(3, f"outputs={kind!r}")
    convention = conventions.of_space(convention, space)
    convention_of(convention, kind)
    if select != "flexible" and (flexible is not None or anchor is not None):
        raise InputError(f"flexible and anchor go with select='flexible' only, got select={select!r}; leave them out")
    work = Work(executor, None if checkpoint is None else Checkpoint(Path(checkpoint)))
    if strata and select not in ("independent", "flexible"):
        raise InputError(
            f"strata=True goes with select='independent' or 'flexible', got select={select!r}; leave it out"
        )
    limit = limit_of(space, total_degree, weights)
    if limit is not None and (select not in LIMITED or strata):
        raise InputError(
            f"total_degree goes with select={', '.join(map(repr, LIMITED))} and without strata=True; leave it out"
        )
    check_memory(memory_limit)
    expected = estimate(space, max_degree, select, kind, limit)
    if progress is not None:
        progress(f"{ESTIMATE}{expected}", 0, 1)
    expected.check(memory_limit)
    content = content_of(select, space, max_degree, (), limit=limit)
    plan: Layout | None = None
    if kind != SCALAR:
        members = equivariant(space, kind, max_degree, progress, work, limit)
        _check_found(space, max_degree, len(members), kind, limit)
        certificate = from_counts(select, space, max_degree, members, kind, limit)
        return Basis(space, tuple(members), convention, max_degree, certificate, sequence, forms, kind, limit)
    if select in ("linear", "integrity"):
        members = (linear if select == "linear" else integrity)(space, max_degree, progress, work, limit)
        _check_found(space, max_degree, len(members), limit=limit)
        certificate = from_counts(select, space, max_degree, members, limit=limit)
    elif select == "flexible":
        plan = layout(space, MODES[0] if flexible is None else flexible, anchor)
        members = [c.contraction for c in flexible_members(space, max_degree, plan, progress, work)]
        certificate = from_flexible(space, max_degree, members, plan)
    elif select == "separating":
        members, found, fibre = separating(space, max_degree, content, progress, sequence, work)
        _check_found(space, max_degree, len(members))
        certificate = from_separating(space, max_degree, members, found, fibre)
    else:
        members, found = independent(space, max_degree, content, progress, sequence, work, limit)
        _check_found(space, max_degree, len(members), limit=limit)
        certificate = from_jacobian("independent", space, max_degree, members, found)
    if strata:
        flexibly = certificate.flexible
        request = content if flexibly is None else content_of(flexibly.request, space, max_degree, ())
        added, proof = repair(space, members, max_degree, request)
        members, certificate = [*members, *added], with_strata(certificate, proof, len(added))
    if forms == CHEAPEST:
        members = cheapest_forms(space, members, progress)
        certificate = of_forms(certificate, space, max_degree, members, plan, limit)
    return Basis(space, tuple(members), convention, max_degree, certificate, sequence, forms, limit=limit)


def _check_forms(space: TensorSpace, select: str, forms: str) -> None:
    _check("forms", forms, FORMS)
    if forms == CHEAPEST:
        space.check_dimension(3, "forms='cheapest'")
        if select == "linear":
            raise InputError(
                "forms='cheapest' replaces members up to products of others, but select='linear' holds these products "
                "themselves; use forms='contraction' or another selection"
            )


def _check(name: str, given: str, allowed: tuple[str, ...]) -> None:
    if given not in allowed:
        raise InputError(f"{name} must be one of {', '.join(map(repr, allowed))}, got {given!r}")


def _check_found(
    space: TensorSpace, max_degree: int, found: int, outputs: str = SCALAR, limit: Limit | None = None
) -> None:
    if not found and limit is not None:
        raise InputError(
            f"{space} has no {space.group} {noun(outputs)} of degree 1 to {max_degree} within {limit}; raise either"
        )
    if not found:
        counts = series(space, outputs, max(_SERIES_HINT, max_degree))
        first = next((degree for degree, count in enumerate(counts) if degree and count), None)
        hint = f"the first have degree {first}" if first else f"there are none up to degree {len(counts) - 1} either"
        raise InputError(
            f"{space} has no {space.group} {noun(outputs)} of degree 1 to {max_degree}; {hint}; raise max_degree"
        )
