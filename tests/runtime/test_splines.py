"""Splines on equal intervals: exact for cubics, of fourth order otherwise, and twice continuously differentiable."""

from __future__ import annotations

import pytest
import torch

from invgen.runtime.splines import coefficients_of, spline_at, sums_at, table_from


def values_at(knots: int) -> tuple[torch.Tensor, torch.Tensor]:
    distances = torch.linspace(0.0, 3.0, knots, dtype=torch.float64)
    return distances, torch.exp(-distances) * torch.sin(3 * distances)


@pytest.mark.parametrize("degree", range(4))
def test_polynomials_of_degree_three_are_reproduced(degree: int) -> None:
    knots = torch.arange(7, dtype=torch.float64)
    table = table_from(knots[:, None, None] ** degree, torch.float64)
    for share in (0.0, 0.3, 1.0):
        wanted = (knots[:-1] + share) ** degree
        # Sums of some numbers up to 216.
        torch.testing.assert_close(spline_at(table, share)[:, 0, 0], wanted, rtol=0, atol=1e-11)


def test_errors_fall_with_the_fourth_power_of_the_distance_of_knots() -> None:
    errors = []
    for knots in (33, 65):
        distances, values = values_at(knots)
        between = (distances[1:] + distances[:-1]) / 2
        exact = torch.exp(-between) * torch.sin(3 * between)
        table = table_from(values[:, None, None], torch.float64)
        errors.append(float((spline_at(table, 0.5)[:, 0, 0] - exact).abs().max()))
    # 16 in the limit; the ends, which are continued by polynomials, come closer to it from above.
    assert 14 < errors[0] / errors[1] < 24


def test_the_ends_are_as_exact_as_the_middle() -> None:
    distances, values = values_at(65)
    between = (distances[1:] + distances[:-1]) / 2
    exact = torch.exp(-between) * torch.sin(3 * between)
    # The fourth derivative, which errors follow, is largest at the first knot. A cubic has 15 times the error.
    errors = (spline_at(table_from(values[:, None, None], torch.float64), 0.5)[:, 0, 0] - exact).abs()
    assert float(errors[[0, -1]].max()) < 1.5 * float(errors[1:-1].max())


def test_factors_have_their_derivatives() -> None:
    place = torch.linspace(0, 1, 5, dtype=torch.float64).requires_grad_()
    for k in range(3):
        value, slope, bend = sums_at(place)
        (first,) = torch.autograd.grad(value[:, k].sum(), place, create_graph=True)
        (second,) = torch.autograd.grad(first.sum(), place)
        torch.testing.assert_close(first.detach(), slope[:, k].detach(), rtol=0, atol=1e-15)
        torch.testing.assert_close(second, bend[:, k].detach(), rtol=0, atol=1e-15)


def test_pieces_join_with_two_derivatives() -> None:
    table = torch.randn(5, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    differences = table.diff()
    ends = []
    for first, place in ((0, 1.0), (1, 0.0)):
        factors = sums_at(torch.tensor(place, dtype=torch.float64))
        own = differences[first : first + 3]
        ends.append(torch.stack([table[first] + factors[0] @ own, factors[1] @ own, factors[2] @ own]))
    torch.testing.assert_close(ends[0], ends[1], rtol=0, atol=1e-14)


def test_the_map_to_coefficients_is_linear_and_gradients_flow_through_it() -> None:
    values = torch.randn(2, 9, 3, 2, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    found = coefficients_of(values)
    assert found.shape == (2, 11, 3, 2)
    torch.testing.assert_close(coefficients_of(2 * values), 2 * found)
    assert torch.autograd.gradcheck(coefficients_of, (values[:1, :5, :1, :1].clone().requires_grad_(),))
