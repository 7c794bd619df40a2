"""Forward selection on least-squares rows: what it takes, in which order, and which requests it refuses."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

import invgen
from invgen.basis.basis import Basis
from invgen.errors import InputError
from invgen.nn import LeastSquares, LeastSquaresRows, select


def drawn(seed: int, rows: int = 60, columns: int = 9) -> tuple[np.ndarray, np.ndarray]:
    """Correlated columns of very different scales, and targets that they do not make."""
    draw = np.random.default_rng(seed)
    matrix = draw.normal(size=(rows, columns)) @ (np.eye(columns) + 0.4 * draw.normal(size=(columns, columns)))
    return matrix * 10.0 ** draw.integers(-6, 6, columns), draw.normal(size=rows)


def naive(
    matrix: np.ndarray, targets: np.ndarray, blocks: list[list[int]], k: int, weights: np.ndarray, offsets: np.ndarray
) -> tuple[list[int], list[float]]:
    """The same choice from a new least-squares fit of every candidate at every step."""
    chosen: list[int] = []
    errors = []
    scaled = matrix / np.linalg.norm(matrix, axis=0)
    for _ in range(k):
        sums = {}
        for member in range(len(blocks)):
            if member not in chosen:
                columns = [c for m in (*chosen, member) for c in blocks[m]]
                table = weights[:, None] * np.column_stack([offsets, scaled[:, columns]])
                fit = np.linalg.lstsq(table, weights * targets, rcond=None)[0]
                sums[member] = float(np.square(table @ fit - weights * targets).sum())
        best = min(sums, key=lambda member: sums[member])
        chosen.append(best)
        errors.append(float(np.sqrt(sums[best] / np.square(weights).sum())))
    return chosen, errors


@pytest.fixture(scope="module")
def ring() -> Basis:
    """All invariants of a symmetric tensor and a vector up to degree 4, many more than are independent."""
    return invgen.generate(invgen.TensorSpace("0e + 1o + 2e"), 4, select="linear")


@pytest.fixture(scope="module")
def rows(ring: Basis) -> LeastSquaresRows:
    """Values of all members at random inputs, and a smooth function of them."""
    x = np.random.default_rng(5).normal(size=(200, ring.space.dimension))
    values = ring.evaluate(x)
    return LeastSquaresRows(values, np.sin(values[:, 3]) + np.tanh(values[:, 1]) * values[:, 0])


@pytest.mark.parametrize("size", [1, 3])
@pytest.mark.parametrize("seed", range(4))
def test_the_choice_is_that_of_a_new_fit_for_every_candidate(seed: int, size: int) -> None:
    matrix, targets = drawn(seed)
    draw = np.random.default_rng(100 + seed)
    weights, offsets = draw.uniform(0.1, 3, len(targets)), draw.normal(size=(len(targets), 2))
    groups = draw.permutation(np.arange(9) // size)
    blocks = [[c for c in range(9) if groups[c] == member] for member in range(9 // size)]
    k = len(blocks)
    found = select(LeastSquaresRows(matrix, targets + 5, weights, offsets), k, groups=groups)
    order, errors = naive(matrix, targets + 5, blocks, k, weights, offsets)
    assert list(found.order) == order
    assert found.columns == tuple(column for member in order for column in blocks[member])
    # Condition numbers of scaled columns are below 1e3, so both fits have errors below 1e-12 of the targets.
    np.testing.assert_allclose(found.errors, errors, rtol=1e-9)


@pytest.mark.parametrize("noise", [0.0, 0.01])
def test_a_planted_sparse_model_is_recovered(noise: float) -> None:
    draw = np.random.default_rng(0)
    matrix = draw.normal(size=(400, 80))
    planted = [71, 5, 33, 18]
    targets = matrix[:, planted] @ [8.0, 4.0, -2.0, 1.0] + noise * draw.normal(size=400)
    found = select(LeastSquaresRows(matrix, targets), 4)
    assert list(found.order) == planted
    # The rest is the noise, of which four fitted numbers take about one per cent; without noise it is rounding.
    assert found.errors[-1] == pytest.approx(noise, rel=0.1, abs=1e-12)


@pytest.mark.parametrize("independent", [False, True])
def test_errors_never_rise_and_smaller_selections_are_the_beginnings_of_larger_ones(
    ring: Basis, rows: LeastSquaresRows, independent: bool
) -> None:
    found = select(rows, 6, independent, basis=ring)
    assert all(after <= before for before, after in zip(found.errors, found.errors[1:], strict=False))
    for k in (1, 3, 6):
        shorter = select(rows, k, independent, basis=ring)
        assert (shorter.order, shorter.errors) == (found.order[:k], found.errors[:k])


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    "space",
    [
        invgen.TensorSpace("0e + 1o + 2e"),
        invgen.TensorSpace.ace(n_max=2, l_max=2),
        invgen.TensorSpace("0e + 2e", group="Oh"),
        invgen.TensorSpace("2x1o", group="SO3"),
    ],
    ids=str,
)
def test_independent_selections_reach_the_rank_and_their_certificate_proves_it(
    space: invgen.TensorSpace, seed: int
) -> None:
    basis = invgen.generate(space, 5 if space.point_group else 4, select="linear")
    draw = np.random.default_rng(seed)
    inputs = draw.normal(size=(30 + len(basis), space.dimension))
    targets = draw.normal(size=len(inputs))
    rank = space.dimension - space.orbit_dimension
    found = select(LeastSquaresRows(basis.evaluate(inputs), targets), rank, True, basis=basis)
    assert found.basis is not None and len(found.order) == rank
    assert [str(member) for member in found.basis] == [str(basis[i]) for i in found.order]
    assert found.certificate.independent and found.certificate.complete and found.certificate.verify(found.basis)
    # A second way: the rank of the Jacobian at a random point in floating point, of columns of norm 1.
    jacobian = found.basis.jacobian(draw.normal(size=space.dimension))
    jacobian /= np.linalg.norm(jacobian, axis=1, keepdims=True)
    assert np.linalg.matrix_rank(jacobian, tol=1e-9) == rank


def test_a_free_selection_may_be_dependent_and_says_so(ring: Basis, rows: LeastSquaresRows) -> None:
    found = select(rows, len(ring), basis=ring)
    assert sorted(found.order) == list(range(len(ring)))
    assert not found.certificate.independent and found.certificate.rank == 6


def test_an_independent_selection_passes_over_functions_of_what_it_has() -> None:
    basis = invgen.generate(invgen.TensorSpace("1o"), 4, select="linear")
    values = basis.evaluate(np.random.default_rng(0).normal(size=(50, 3)))
    assert len(basis) == 2 and np.allclose(values[:, 0] ** 2, values[:, 1])
    targets = values[:, 1] + 0.1 * values[:, 0]
    assert select(LeastSquaresRows(values, targets), 2, basis=basis).order == (1, 0)
    assert select(LeastSquaresRows(values, targets), 1, True, basis=basis).order == (1,)


@pytest.mark.parametrize("ridge", [0.0, 1e-3])
@pytest.mark.parametrize("seed", range(3))
def test_the_scale_of_columns_and_targets_does_not_matter(seed: int, ridge: float) -> None:
    matrix, targets = drawn(seed)
    scales = 10.0 ** np.random.default_rng(seed).integers(-150, 150, matrix.shape[1])
    found = select(LeastSquaresRows(matrix, targets), 9, ridge=ridge)
    scaled = select(LeastSquaresRows(matrix * scales, 1e200 * targets), 9, ridge=ridge)
    assert scaled.order == found.order
    np.testing.assert_allclose(np.array(scaled.errors) / 1e200, found.errors, rtol=1e-9)  # as above


def test_the_order_of_rows_does_not_matter_and_the_same_rows_give_the_same_bits() -> None:
    matrix, targets = drawn(1, 3000)
    found, again = (select(LeastSquaresRows(matrix, targets), 9) for _ in range(2))
    assert found == again
    turned = select(LeastSquaresRows(matrix[::-1], targets[::-1]), 9)
    assert turned.order == found.order
    np.testing.assert_allclose(turned.errors, found.errors, rtol=1e-12)  # sums of 3000 squares


def test_of_equal_members_the_lowest_is_taken_and_what_lowers_nothing_comes_last_in_order() -> None:
    draw = np.random.default_rng(2)
    one, two = draw.normal(size=(2, 40))
    matrix = np.stack([np.zeros(40), one, -3 * one, one + 2 * two, 7 * (one + 2 * two), two], axis=1)
    found = select(LeastSquaresRows(matrix, 10 * one + 1e-3 * two), 6)
    assert found.order[0] == 1 and found.order[1] == 3  # 2 is 1 again; 4 and, beside 1, 5 are 3 again
    assert found.order[2:] == (0, 2, 4, 5)
    assert found.errors[1] == pytest.approx(0, abs=1e-12)


def test_dependent_columns_inside_a_group_are_no_trouble() -> None:
    matrix, targets = drawn(3)
    doubled = np.column_stack([matrix, matrix[:, ::-1]])
    found = select(LeastSquaresRows(doubled, targets), 9, groups=[*range(9), *range(8, -1, -1)])
    alone = select(LeastSquaresRows(matrix, targets), 9)
    assert found.order == alone.order
    np.testing.assert_allclose(found.errors, alone.errors, rtol=1e-9)


@pytest.mark.parametrize("ridge", [0.0, 0.1])
def test_errors_are_those_of_the_least_squares_that_the_networks_use(ridge: float) -> None:
    matrix, targets = drawn(4, 90)
    counts = (np.arange(90) % 5 == 0).astype(float)
    weights = np.where(counts > 0, 3.0, 0.5)
    problem = LeastSquares(9)
    problem.add(*map(torch.tensor, (counts, matrix, targets, weights)))
    rows = LeastSquaresRows(matrix, targets, weights, counts[:, None])
    found = select(rows, 5, ridge=ridge)
    total = float(np.square(weights).sum())
    assert select(LeastSquaresRows.of(problem, total), 5, ridge=ridge).order == found.order
    for k in range(1, 6):
        part = problem.subset(found.columns[:k])
        loss = float(part.loss(*part.solve([ridge])))
        assert found.errors[k - 1] == pytest.approx((loss / total) ** 0.5, rel=1e-9)  # as above


def test_one_member_stands_for_the_columns_of_all_elements(ring: Basis, rows: LeastSquaresRows) -> None:
    first = (np.arange(len(rows.targets)) % 3 == 0)[:, None]
    blocks = np.column_stack([rows.matrix * first, rows.matrix * ~first])  # as DescriptorRows of two elements
    groups = [*range(len(ring))] * 2
    found = select(LeastSquaresRows(blocks, rows.targets), 6, True, basis=ring, groups=groups)
    assert found.certificate.independent and found.certificate.rank == 6
    assert found.columns == tuple(column for i in found.order for column in (i, i + len(ring)))
    # Two weights for each member fit at least as well as one.
    alone = select(LeastSquaresRows(blocks, rows.targets), 1, basis=ring, groups=groups)
    assert alone.errors[0] < select(rows, 1, basis=ring).errors[0]


def test_costs_are_those_of_the_members_and_of_their_program(ring: Basis, rows: LeastSquaresRows) -> None:
    found = select(rows, 4, basis=ring)
    assert found.basis is not None
    assert found.member_costs == tuple(ring[i].cost for i in found.order)
    kernel = invgen.compile(found.basis, dtype=torch.float64, layout="plain")
    assert kernel(torch.ones(ring.space.dimension, dtype=torch.float64)).shape == (4,)
    assert 0 < found.cost["value"] < found.cost["value_and_vjp"]
    with pytest.raises(InputError, match="pass basis= to select"):
        select(rows, 4).cost  # noqa: B018


def test_numbers_of_numpy_and_tensors_are_taken() -> None:
    matrix, targets = drawn(0)
    found = select(LeastSquaresRows(matrix, targets), 3)
    numbers: dict[str, Any] = {"k": np.int64(3), "independent": np.bool_(False), "ridge": np.float32(0)}
    assert select(LeastSquaresRows(matrix, targets), groups=np.arange(9, dtype=np.int32), **numbers) == found
    tensors: Any = torch.tensor(matrix, requires_grad=True), torch.tensor(targets)
    lists: Any = matrix.tolist(), targets.tolist()
    for arrays in (tensors, lists):
        assert select(LeastSquaresRows(*arrays), 3) == found


GOOD = np.eye(4), np.ones(4)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((np.array([[1.0, np.nan]]), [1.0]), "matrix of least-squares rows are finite numbers, got NaN or infinity"),
        ((GOOD[0], [1.0, 2.0, np.inf, 0.0]), "targets of least-squares rows are finite numbers, got NaN or infinity"),
        ((*GOOD, [1.0, 1.0, np.nan, 0.0]), "weights of least-squares rows are finite numbers"),
        ((*GOOD, None, np.full((4, 1), np.inf)), "offsets of least-squares rows are finite numbers"),
        ((np.ones(4), np.ones(4)), r"matrix of least-squares .* real numbers \(rows, columns\), got shape \(4,\)"),
        ((GOOD[0], np.ones((4, 1))), r"targets of least-squares rows are real numbers \(rows\), got shape \(4, 1\)"),
        ((1j * GOOD[0], GOOD[1]), "are real numbers .* of complex128"),
        ((GOOD[0], ["a", "b", "c", "d"]), "targets of least-squares rows are real numbers"),
        ((GOOD[0], np.ones(3)), r"every row of the matrix has a target.*matrix \(4, 4\), targets \(3,\)"),
        ((*GOOD, np.ones(5)), r"weights and offsets if any; got .*weights \(5,\)"),
        ((np.ones((0, 3)), np.ones(0)), r"got matrix \(0, 3\)"),
        ((np.ones((3, 0)), np.ones(3)), r"got matrix \(3, 0\)"),
        ((None, np.ones(3)), "rows need a matrix"),
        ((*GOOD, [1.0, -1.0, 1.0, 1.0]), "weights of rows are numbers of at least 0, not all of them 0"),
        ((*GOOD, np.zeros(4)), "weights of rows are numbers of at least 0, not all of them 0"),
        ((*GOOD, None, None, 0), "the total that the sum of squares is divided by is a positive number, got 0"),
    ],
)
def test_rows_that_cannot_be_fitted_are_refused(arguments: tuple[Any, ...], sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        LeastSquaresRows(*arguments)


@pytest.mark.parametrize(
    ("k", "options", "sentence"),
    [
        (0, {}, "k is an integer from 1 to 4, got 0"),
        (5, {}, "k is an integer from 1 to 4, got 5"),
        (2.0, {}, "k is an integer from 1 to 4, got 2.0"),
        (True, {}, "k is an integer from 1 to 4, got True"),
        (2, {"ridge": -1}, "ridge is a number of at least 0, got -1"),
        (2, {"ridge": np.nan}, "ridge is a number of at least 0, got nan"),
        (2, {"independent": "yes"}, "independent must be one of False, True, got 'yes'"),
        (2, {"independent": True}, "independent=True needs the basis whose members the columns are; pass basis="),
        (2, {"basis": "B"}, "basis is a Basis, got str"),
        (2, {"groups": [0, 1, 2]}, "groups are the member of each of 4 columns"),
        (2, {"groups": [0, 1, 2, 4]}, "groups are the member of each of 4 columns"),
        (2, {"groups": [0, 0, 1, 0.5]}, "groups are the member of each of 4 columns"),
        (2, {"groups": 3}, "groups are the member of each of 4 columns"),
        (2, {"groups": [-1, 0, 0, 0]}, "groups are the member of each of 4 columns"),
        (3, {"groups": [0, 1, 1, 0]}, "k is an integer from 1 to 2, got 3"),
    ],
)
def test_requests_without_an_answer_are_refused(k: Any, options: dict[str, Any], sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        select(LeastSquaresRows(*GOOD), k, **options)


def test_fewer_rows_than_members_and_other_things_than_rows_are_refused() -> None:
    with pytest.raises(InputError, match="3 members need at least 3 rows, got 2; lower k or add rows"):
        select(LeastSquaresRows(np.ones((2, 5)), np.ones(2)), 3)
    with pytest.raises(InputError, match="rows are a LeastSquaresRows, got ndarray"):
        select(np.ones((2, 5)), 1)  # type: ignore[arg-type]


def test_bases_that_do_not_fit_the_columns_are_refused(ring: Basis, rows: LeastSquaresRows) -> None:
    smaller = invgen.generate(ring.space, 3, select="linear")
    with pytest.raises(InputError, match=f"rows have {len(ring)} columns and the basis has {len(smaller)} members"):
        select(rows, 2, basis=smaller)
    with pytest.raises(InputError, match=f"all of {len(smaller)} members from 0 on with at least one column"):
        select(rows, 2, basis=smaller, groups=range(len(ring)))
    vectors = invgen.generate(ring.space, 2, select="linear", outputs="1o")
    with pytest.raises(InputError, match="members are chosen among invariants, this basis holds"):
        select(rows, 2, basis=vectors)


def test_more_independent_members_than_the_rank_are_refused(ring: Basis, rows: LeastSquaresRows) -> None:
    with pytest.raises(InputError, match=r"no more than 6 invariants of .* are independent, got k = 7; lower k"):
        select(rows, 7, True, basis=ring)
    low = invgen.generate(ring.space, 2, select="linear")
    part = LeastSquaresRows(rows.matrix[:, : len(low)], rows.targets)
    with pytest.raises(InputError, match="the basis has rank 3, got k = 4 independent members; lower k"):
        select(part, 4, True, basis=low)
