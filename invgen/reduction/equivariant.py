"""The vector space of covariants to one irrep: a basis of every multidegree, products with invariants included.

Which coupling trees span a multidegree depends on ranks and degrees alone, so each such pattern is solved once, with
tensors called t0, t1, ..., and read off for every multidegree that has it; parity belongs to the multidegree.
"""

from __future__ import annotations

from invgen.contractions.trees import CouplingTree, write
from invgen.errors import InputError
from invgen.groups import multidegrees
from invgen.outputs import count_maps, noun, output_irrep, series
from invgen.reduction.covariants import CovariantPool
from invgen.reduction.finite_field import derived_primes
from invgen.reduction.generators import SERIAL, Progress, Work, check_multidegrees
from invgen.reduction.linear import MAX_MEMBERS
from invgen.reduction.values import PointValues
from invgen.spaces import Irrep, TensorSpace

Pattern = tuple[tuple[int, int], ...]  # (l, degree) of each tensor, sorted
Solved = tuple[tuple[int, CouplingTree], ...]


def equivariant(
    space: TensorSpace, outputs: str, max_degree: int, progress: Progress | None = None, work: Work = SERIAL
) -> list[CouplingTree]:
    """A basis of the covariants of degree 1..max_degree, as many of each multidegree as characters say.

    The order is degree, then cost (the number of terms of the couplings), then multidegree (descending), so raising
    max_degree only appends.

    Raises:
        InputError: more than 20,000 covariants, or 500,000 multidegrees of one degree, are asked for.
    """
    total = sum(series(space, outputs, max_degree)[1:])
    if total > MAX_MEMBERS:
        raise InputError(
            f"{space} has {total} linearly independent {noun(outputs)} up to degree {max_degree}, "
            f"more than {MAX_MEMBERS}; lower max_degree or leave out tensors"
        )
    rank = output_irrep(outputs).l
    kept: list[CouplingTree] = []
    for degree in range(1, max_degree + 1):
        check_multidegrees(space, degree)
        places = [
            _places(space, multidegree)
            for multidegree in multidegrees(len(space.tensors), degree)
            if count_maps(space, outputs, multidegree)
        ]
        solved = _solve_all(list(dict.fromkeys(pattern for pattern, _ in places)), rank, degree, progress, work)
        found = [
            (cost, tree.renamed({f"t{i}": name for i, name in enumerate(names)}))
            for pattern, names in places
            for cost, tree in solved[pattern]
        ]
        kept += [tree for _, tree in sorted(found, key=lambda pair: pair[0])]
    return kept


def _solve_all(
    patterns: list[Pattern], rank: int, degree: int, progress: Progress | None, work: Work
) -> dict[Pattern, Solved]:
    futures = [] if work.executor is None else [work.executor.submit(solve, pattern, rank) for pattern in patterns]
    solved = {}
    for done, pattern in enumerate(patterns):
        solved[pattern] = futures[done].result() if futures else solve(pattern, rank)
        if progress is not None:
            progress(f"degree {degree}", done + 1, len(patterns))
    return solved


def solve(pattern: Pattern, rank: int) -> Solved:
    """A basis of the covariants of one pattern with their costs, in order of cost."""
    space = TensorSpace([Irrep(f"t{i}", l, 1) for i, (l, _) in enumerate(pattern)], "SO3")
    content = f"invgen 1|covariants|{pattern}|{rank}"
    pool = CovariantPool(space, PointValues(space, derived_primes(content, 1)[0], content))
    found = pool.covariants(tuple(k for _, k in pattern), rank)
    return tuple((cost, CouplingTree(write(node))) for cost, node in found)


def _places(space: TensorSpace, multidegree: tuple[int, ...]) -> tuple[Pattern, tuple[str, ...]]:
    """The pattern of a multidegree, and the names of its tensors in the pattern's order."""
    factors = sorted(
        ((t.l, k, i) for i, (t, k) in enumerate(zip(space.tensors, multidegree, strict=True)) if k),
        key=lambda factor: (factor[0], -factor[1], factor[2]),
    )
    return tuple((l, k) for l, k, _ in factors), tuple(space.names[i] for _, _, i in factors)
