"""From a space to a certified basis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from invgen.basis.basis import Basis
from invgen.checks import integer, one_of
from invgen.errors import InputError
from invgen.progress import shown_in_notebooks
from invgen.reduction.options import CHEAPEST, DEGREE, ESTIMATE, FORMS, MEMORY
from invgen.reduction.registry import OFFERED as OFFERED
from invgen.reduction.registry import SELECTIONS, SelectionRow, alternatives
from invgen.reduction.search import orders
from invgen.reduction.search.degrees import degrees_of
from invgen.reduction.search.estimates import check_memory, estimate
from invgen.reduction.search.generators import Submits, Work
from invgen.reduction.search.limits import limit_of
from invgen.reduction.search.request import Request
from invgen.spaces import conventions
from invgen.spaces.outputs import SCALAR, convention_of, noun, series
from invgen.spaces.outputs import canonical as canonical_outputs
from invgen.spaces.space import TensorSpace
from invgen.stages import GENERATION, Progress, stage

if TYPE_CHECKING:
    from pathlib import Path

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
    degrees: Mapping[str, int] | Mapping[str | tuple[str, ...], int] | None = None,
) -> Basis:
    """A certified basis of the invariants of `space` up to `max_degree`, or of its covariants to `outputs`.

    By default the order is degree first, then cost, so raising max_degree only appends members.

    Args:
        space: the tensors and the group.
        max_degree: the highest polynomial degree to search; the correlation order of ACE.
        select: "independent" for a maximal functionally independent subset, dim V - dim orbit members once max_degree
            suffices; "separating" for that and what it takes in addition to tell generic orbits apart, with the proof
            or the bounds in `certificate.fibre`; "flexible" for a subset that keeps full rank where tensors vanish;
            "linear" for a basis of the vector space of invariants of degree 1..max_degree; "integrity" for a minimal
            generating set of the ring of invariants up to max_degree.
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
        progress: called as progress(text, done, total). The first text says the size of the request and begins with
            "estimate: " (`reduction.options.ESTIMATE`), with 0 of 1 done; later ones name what is enumerated. By
            default notebooks show bars for what takes more than a second, and nothing is shown elsewhere. Durations of
            stages go to the logger "invgen.generation", at INFO.
        flexible: for select="flexible" alone: "specific" (the default) ties all tensors to one anchor and has
            dim V - dim orbit members, of full rank on every vanishing pattern that keeps the anchor; "minimal-set" ties
            every pair and has full rank on every vanishing pattern.
        anchor: for "specific" alone: the name of the anchor, by default the first of the lowest l >= 2.
        strata: append members to an "independent" or "flexible" selection until its rank is full on symmetric inputs of
            every kind, too.
        executor: any `concurrent.futures` executor, or a Dask `Client`: multidegrees are independent tasks. The result
            does not depend on it.
        checkpoint: a folder that keeps finished multidegrees, so that a run that was killed continues from there.
        outputs: "0e" for invariants; otherwise what equivariant maps, written as coupling trees, map to: an irrep such
            as "1o" or "2e", or a Cartesian tensor with its index symmetries such as "i" or "ij=ji". With
            select="linear" a basis of the maps of degree 1..max_degree; with "integrity" generators of the module of
            maps of degree 0..max_degree over the invariants; with "independent" maps T_k such that every equivariant
            map is a sum of g_k(invariants) T_k at generic points. Groups of rotations ignore its parity.
        total_degree: search products only whose factors' total degrees sum to at most this, for "independent",
            "linear" and "integrity": of a channel (n, l) of ACE, weights[0] n + weights[1] l. None for no such cut.
        weights: the weights of n and of l, (1, 1) by default; for other spaces the total degree of every tensor,
            name -> positive integer.
        memory_limit: bytes, 4 GiB by default. A request whose estimate is above it is refused before it is begun. What
            is estimated is told to `progress` first; it does not depend on the machine.
        degrees: for select="linear" alone: keep only members of exactly these degrees in the tensors named, name ->
            natural number; {"a": 1, "b": 1} for maps that are bilinear in a and b. Tensors that are not named have any
            degree. A name that no tensor has stands for all tensors whose names are it, an underscore and more: "a" for
            the tensors of "a:(0e + 1o)" or "a:2x1o". A tuple of names has the sum of their degrees.

    Raises:
        InputError: an argument is not one of those listed, the space has no invariant (covariant) up to max_degree,
            max_degree is too low for a flexible selection or for strata=True, or the estimate is above memory_limit.

    Complexity: the number of multidegrees, times the connected contraction graphs of each until its Molien count is
    met.
    """
    if not isinstance(space, TensorSpace):
        raise InputError(f"the first argument is a TensorSpace, got {type(space).__name__}; use TensorSpace('0e + 1o')")
    selection = SELECTIONS[one_of("select", select, OFFERED)]
    max_degree = integer("a degree", max_degree, 1)
    request = Request(
        space,
        max_degree,
        selection.name,
        orders.canonical(order, space),
        one_of("forms", forms, FORMS),
        canonical_outputs(outputs),
        limit_of(space, total_degree, weights) or degrees_of(space, degrees, max_degree),
        flexible,
        anchor,
        bool(strata),
    )
    _check_options(request, selection, total_degree, degrees)
    name = conventions.of_space(convention, space)
    convention_of(name, request.outputs)
    if selection.settles:
        request = selection.module.settled(request)
    memory_limit = check_memory(memory_limit)
    work = _work(executor, checkpoint)
    expected = estimate(request)
    if progress is not None:
        progress(f"{ESTIMATE}{expected}", 0, 1)
    expected.check(memory_limit)

    with stage(GENERATION, "find"), shown_in_notebooks(progress) as told:
        found = selection.module.find(request, work, told)
    _check_found(request, len(found.members))
    with stage(GENERATION, "certify"):
        members, certificate = found.members, selection.module.certify(request, found)
    if request.strata:
        from invgen.reduction.selections.strata_repair import with_repair

        with stage(GENERATION, "repair strata"):
            members, certificate = with_repair(request, members, certificate)
    if request.forms == CHEAPEST:
        from invgen.reduction.forms.cheapest import cheapest_forms

        with stage(GENERATION, "choose forms"), shown_in_notebooks(progress) as told:
            members = cheapest_forms(space, members, told)
            certificate = selection.module.recertify(request, members, certificate)
    return Basis(
        space,
        tuple(members),
        name,
        request.max_degree,
        certificate,
        request.order,
        request.forms,
        request.outputs,
        request.limit,
    )


def _check_options(request: Request, selection: SelectionRow, total_degree: Any, degrees: Any) -> None:
    """Refuse what does not go with the selection, or with the space."""
    _check_group(request)
    if request.outputs != SCALAR:
        request.space.check_dimension(3, f"outputs={request.outputs!r}")
    if request.forms == CHEAPEST:
        request.space.check_dimension(3, "forms='cheapest'")
        if selection.keeps_products:
            raise InputError(
                f"forms='cheapest' replaces members up to products of others, but select={selection.name!r} holds "
                "these products themselves; use forms='contraction' or another selection"
            )
    given = {
        "order": (request.order, DEGREE),
        "outputs": (request.outputs, SCALAR),
        "flexible": (request.mode, None),
        "anchor": (request.anchor, None),
        "strata": (request.strata, False),
        "total_degree": (total_degree, None),
        "degrees": (degrees, None),
    }
    for option, (value, default) in given.items():
        if value != default:
            selection.check(option, value)
    for name, given_too in (
        ("order", request.order != DEGREE),
        ("strata=True", request.strata),
        ("forms='cheapest'", request.forms == CHEAPEST),
    ):
        if given_too and request.outputs != SCALAR:
            raise InputError(f"{name} is for invariants; leave it out with outputs={request.outputs!r}")
    if total_degree is not None and degrees is not None:
        raise InputError("total_degree cannot be combined with degrees; leave one of them out")
    if request.limit is not None and request.strata:
        raise InputError("total_degree cannot be combined with strata=True; leave one of them out")


def _check_group(request: Request) -> None:
    """Refuse what has no meaning, or is not built, under a point group."""
    group = request.space.point_group
    if group is None:
        return
    if not SELECTIONS[request.select].point_groups:
        offered = alternatives(tuple(repr(row.name) for row in SELECTIONS.values() if row.point_groups))
        raise InputError(
            f"select={request.select!r} is for O(3), SO(3) and the plane, got the group {group.name}; use {offered}"
        )
    for option, given in (("strata=True", request.strata), ("forms='cheapest'", request.forms == CHEAPEST)):
        if given:
            raise InputError(f"{option} is for O(3) and SO(3), got the group {group.name}; leave it out")


def _work(executor: Submits | None, checkpoint: str | Path | None) -> Work:
    if checkpoint is None:
        return Work(executor)
    from pathlib import Path

    from invgen.reduction.search.checkpoint import Checkpoint

    return Work(executor, Checkpoint(Path(checkpoint)))


def _check_found(request: Request, found: int) -> None:
    if found:
        return
    space, what, highest = request.space, noun(request.outputs), request.max_degree
    if request.limit is not None:
        raise InputError(
            f"{space} has no {space.group} {what} of degree 1 to {highest} {request.limit.where}; "
            f"{request.limit.remedy}"
        )
    counts = series(space, request.outputs, max(_SERIES_HINT, highest))
    first = next((degree for degree, count in enumerate(counts) if degree and count), None)
    hint = f"the first have degree {first}" if first else f"there are none up to degree {len(counts) - 1} either"
    raise InputError(f"{space} has no {space.group} {what} of degree 1 to {highest}; {hint}; raise max_degree")
