"""The study of choices from data: which members are compared, and in how many."""

from __future__ import annotations

from collections import Counter

import torch

from benchmarks.choices import BEYOND, BOX, COUNTS, operations, selections, tried
from benchmarks.pruning_data import basis, choices
from invgen.basis.choices import chosen
from invgen.compiler.invariants import costs


def test_all_choices_are_different_members_in_the_numbers_stated() -> None:
    full = basis(BOX, "linear")
    draw = torch.Generator().manual_seed(0)
    factors = [torch.randn(400, len(full) + 2, generator=draw, dtype=torch.float64) for _ in range(2)]
    found = selections({"factors": factors}, full)
    assert found["independent"].certificate.independent
    made = tried(full, found)
    names = [(each.selection, each.seed) for each in made]
    assert len(set(names)) == len(names)
    for each in made:
        assert each.selection.endswith(f" {len(set(each.columns))}") and len(set(each.columns)) == len(each.columns)
    sizes = Counter(each.selection.rpartition(" ")[0] for each in made)
    assert sizes["free"] == len(COUNTS) + len(BEYOND) and sizes["random by degree"] == 3 * len(COUNTS)
    by_name = {name: each.columns for name, each in zip(names, made, strict=True)}
    for count in COUNTS:
        pattern = Counter(full.degrees[i] for i in by_name[f"independent by degree {count}", None])
        for seed in range(3):
            assert Counter(full.degrees[i] for i in by_name[f"random by degree {count}", seed]) == pattern
    # At the rank the choices by degree are those of the study before.
    earlier = {(each.selection, each.seed): each.columns for each in choices()[1] if each.size == BOX}
    assert sorted(by_name["independent by degree 61", None]) == list(earlier["independent", None])
    assert all(by_name["random by degree 61", seed] == earlier["random by degree", seed] for seed in range(3))


def test_operations_are_those_of_values_and_gradients_whatever_the_order() -> None:
    full = basis((2, 1), "linear")
    known: dict[str, int] = {}
    count = operations(full, (3, 0, 5), known)
    assert operations(full, (0, 3, 5), known) == count == costs(chosen(full, (0, 3, 5)))["value_and_vjp"].operations
    assert len(known) == 1
