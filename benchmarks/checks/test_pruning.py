"""The pruning study: which descriptors are compared, and that networks trained together are those of the model."""

from __future__ import annotations

from math import comb

import numpy as np
import pytest
import torch

from benchmarks.pruning import errors, fit, model_of, rows_of
from benchmarks.pruning_data import CUTOFF, SIZES, Choice, Frame, basis, choices, with_products
from benchmarks.pruning_networks import RATE, train
from invgen.structures import Batch, Structure, pair_vectors


def frame(seed: int) -> Frame:
    """Eight atoms of a strained cubic crystal, shaken; energies and forces are arbitrary numbers."""
    draw = np.random.default_rng(seed)
    grid = np.stack(np.meshgrid(*[[0.0, 1.0]] * 3), -1).reshape(-1, 3)
    structure = Structure(
        numbers=np.full(8, 14),
        positions=2.5 * grid + draw.normal(scale=0.2, size=(8, 3)),
        cell=np.diag(draw.uniform(4.8, 5.2, 3)),
        periodic=np.ones(3, dtype=bool),
    )
    batch = Batch.from_structures([structure], CUTOFF, dtype=torch.float64)
    assert batch.pairs is not None
    forces = torch.tensor(draw.normal(size=(8, 3)))
    return Frame(batch.species, batch.pairs.neighbours, pair_vectors(batch), float(draw.normal()), forces)


@pytest.mark.parametrize("size", SIZES[:2])
def test_independent_members_and_their_products_are_all_monomials_up_to_the_correlation_order(
    size: tuple[int, int],
) -> None:
    full, independent = basis(size, "linear"), basis(size, "independent")
    one, two, three = (independent.degrees.count(degree) for degree in (1, 2, 3))
    monomials = one + (two + comb(one + 1, 2)) + (three + one * two + comb(one + 2, 3))
    assert len(with_products(full, independent)) == monomials


def test_smaller_boxes_and_all_subsets_are_columns_of_the_largest_basis() -> None:
    largest, tried = choices()
    for choice in tried:
        assert list(choice.columns) == sorted(set(choice.columns)) and choice.columns[-1] < len(largest)
        if choice.selection == "random by degree":
            same = next(each for each in tried if each.size == choice.size and each.selection == "independent")
            counts = [[largest.degrees[column] for column in each.columns].count(1) for each in (choice, same)]
            assert counts[0] == counts[1] and len(choice.columns) == len(same.columns)


@pytest.mark.slow
def test_networks_trained_together_are_those_of_the_model() -> None:
    size = (2, 1)
    full = basis(size, "linear")
    whole = Choice(size, "full", None, tuple(range(len(full))))
    part = Choice(size, "random", 0, (0, 2, 3, 7))
    data = {"train": [frame(seed) for seed in range(4)], "test": [frame(4)]}
    rows = rows_of(data, full)
    fits = {(each.selection, each.seed): fit(rows, each)[:2] for each in (whole, part)}
    together = train(data, whole, [whole, part], fits, 10, RATE, model_of, errors)
    alone = train(data, whole, [part], fits, 10, RATE, model_of, errors)
    start = fit(rows, whole)[2]
    for result in (*together, *alone):
        # float32 sums of a few hundred terms of at most about ten: forces (eV / angstrom) and energies (eV) per atom.
        assert result["check"]["force"] < 1e-3 and result["check"]["energy"] < 1e-4
        assert result["force_mae"] != pytest.approx(start["force_mae"], rel=1e-3)
    # The same network beside others and alone, up to float32 rounding carried through 10 steps.
    assert together[-1]["force_mae"] == pytest.approx(alone[0]["force_mae"], rel=0.02)
