from __future__ import annotations

from functools import cache
from itertools import combinations

import numpy as np
import pytest

from invgen import Basis, TensorSpace
from invgen.contractions.candidates import connected_contractions
from invgen.contractions.contraction import Contraction
from invgen.contractions.expression import Expression, parse
from invgen.contractions.plans import plan
from invgen.contractions.trees import CouplingTree
from invgen.errors import InputError
from invgen.ir.lowering import lower
from invgen.reduction.forms.operations import Ledger
from invgen.reduction.forms.tree_forms import TreeForms

SPACE = TensorSpace("1o + 2e + 3o + 4e")


@cache
def candidates() -> tuple[Expression, ...]:
    """Contractions and coupling trees of several multidegrees of the degrees 2 to 4."""
    found: list[Expression] = []
    for multidegree in [
        (0, 2, 0, 0),
        (2, 1, 0, 0),
        (0, 1, 2, 0),
        (0, 0, 2, 1),
        (0, 0, 0, 3),
        (2, 0, 2, 0),
        (1, 1, 1, 1),
    ]:
        found += [contraction for _, contraction in connected_contractions(SPACE, multidegree)]
        found += TreeForms(SPACE).invariants(multidegree)
    return tuple(found)


def lowered(*expressions: Expression) -> int:
    return lower(Basis.from_contractions(list(expressions), SPACE, "rational")).operations


@cache
def scalings(name: str) -> int:
    """Operations that bring components from units of "rational" to those that entries are made from."""
    square = CouplingTree(f"({name},{name})0")
    return lowered(square) - Ledger(SPACE).added(square)


def test_a_coupling_tree_costs_what_its_program_does() -> None:
    trees = [c for c in candidates() if isinstance(c, CouplingTree)]
    assert len(trees) > 50
    excess = [
        Ledger(SPACE).added(tree) + sum(map(scalings, sorted(set(tree.factors)))) - lowered(tree) for tree in trees
    ]
    # Programs also merge equal partial sums of one coupling, which few have: 4 of 65 trees save 4 of 170 operations.
    assert min(excess) == 0 and max(excess) <= 4
    assert sum(e == 0 for e in excess) > 0.9 * len(excess)


def test_costs_rank_forms_as_their_programs_do() -> None:
    costs = [(Ledger(SPACE).added(c), lowered(c)) for c in candidates()]
    model, real = (np.argsort(np.argsort(column)) for column in np.array(costs).T)
    # Entries of tensors are not counted, and a program merges a few more sums: 0.97 was seen.
    assert np.corrcoef(model, real)[0, 1] > 0.95


def test_what_is_written_costs_nothing_again() -> None:
    ledger = Ledger(SPACE)
    for candidate in candidates():
        ledger.write(candidate)
        assert ledger.added(candidate) == 0


@pytest.mark.parametrize(
    ("first", "second", "added"),
    [
        ("i,ij,j l1,l2,l1", "i,ij,jk,k l1,l2,l2,l1", 5),  # the vector l2·l1 is there: a dot product is left
        ("((l2,l2)2,l2)0", "((l2,l2)2,(l2,l2)2)0", 12),  # so is the covariant: five squares, four sums, three scalings
    ],
)
def test_intermediates_are_shared(first: str, second: str, added: int) -> None:
    ledger = Ledger(SPACE)
    alone = ledger.added(parse(second))
    ledger.write(parse(first))
    assert ledger.added(parse(second)) == added < alone


def test_products_of_one_pair_of_covariants_are_shared_by_couplings_to_different_ranks() -> None:
    ledger = Ledger(SPACE)
    alone = ledger.added(CouplingTree("((l3,l3)4,l4)0"))
    ledger.write(CouplingTree("((l3,l3)2,l2)0"))
    assert ledger.added(CouplingTree("((l3,l3)4,l4)0")) < alone


def test_steps_with_too_many_products_are_priced_by_the_plan() -> None:
    space = TensorSpace("15e")
    letters = [chr(0x100 + i) for i in range(30)]
    edges = {pair: "".join(letters[5 * i : 5 * i + 5]) for i, pair in enumerate(combinations(range(4), 2))}
    groups = ["".join(text for pair, text in edges.items() if vertex in pair) for vertex in range(4)]
    complete = Contraction(",".join(groups), ("l15",) * 4).check(space)
    assert Ledger(space).added(complete) == plan(complete).cost > 1 << 20


def test_products_in_the_plane_are_refused() -> None:
    with pytest.raises(InputError, match="product of moments in the plane"):
        Ledger(SPACE).added(parse("Re(c2 c1* c1*)"))
