"""Moments as products with banded matrices: exact sums, gradients, batches and compilation."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from invgen import fields
from invgen.errors import InputError
from invgen.fields import Window
from invgen.fields.grids import BOUNDARIES
from invgen.fields.slabs import exponents_of
from invgen.fields.torch_moments import BLOCK, BandedMoments
from tests.support.exact_fields import exact_moments

WINDOW = Window.gaussian(1.2)


@pytest.mark.parametrize("boundary", BOUNDARIES)
@pytest.mark.parametrize("target", ["c", "torch"])
def test_moments_of_integers_are_exact_sums_but_for_rounding(target: str, boundary: str) -> None:
    field = np.random.default_rng(0).integers(-50, 50, size=(3, 2, 4))
    window, spacing = Window("hermite", 1.2), (1.0, 1.0, 0.8)
    found = fields.moments(field, 2, window, spacing=spacing, boundary=boundary, target=target).values
    factors = [window.entry(e) for e in exponents_of(2, 3)]
    for place in ((0, 1, 2), (2, 0, 0)):
        exact = exact_moments(field, 2, window, spacing, boundary, place)
        wanted = np.array([float(x) * f for x, f in zip(exact, factors, strict=True)])
        # Three passes of some 20 terms, of which each is below the field's largest value.
        assert np.abs(found[place] - wanted).max() <= 1e-14 * np.abs(field).max()


@pytest.mark.parametrize("boundary", BOUNDARIES)
@pytest.mark.parametrize("shape", [(5, 3, BLOCK + 3), (2 * BLOCK, 7), (BLOCK + 1, 4)], ids=str)
def test_both_targets_agree_on_blocks_and_what_is_left_of_them(shape: tuple[int, ...], boundary: str) -> None:
    field = np.random.default_rng(0).normal(size=shape)
    one, other = (fields.moments(field, 3, WINDOW, boundary=boundary, target=t).values for t in ("c", "torch"))
    assert np.abs(one - other).max() <= 1e-14 * np.abs(one).max()  # some roundings in another order


def test_a_tensor_gives_a_tensor_with_its_dtype_and_graph() -> None:
    field = torch.randn(4, 5, 6, 3, requires_grad=True)
    found = fields.moments(field, 2, WINDOW, "vector", target="torch")
    assert found.values.dtype == torch.float32 and found.values.shape == (4, 5, 6, found.space.dimension)
    found.values.sum().backward()
    assert field.grad is not None and bool(field.grad.abs().sum() > 0)
    plain = fields.moments(field.detach().numpy(), 2, WINDOW, "vector").values
    np.testing.assert_allclose(found.values.detach().numpy(), plain, atol=1e-5)  # float32, sums of order 1


@pytest.mark.parametrize("boundary", BOUNDARIES)
def test_gradients_are_those_of_differences(boundary: str) -> None:
    made = BandedMoments(Window.hermite(1.2), 2, (1.0, 1.0), boundary)
    field = torch.randn(2, 3, 4, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(made, (field,))
    assert torch.autograd.gradgradcheck(lambda x: made(x).square(), (field,))


def test_batches_are_mapped_and_the_whole_is_compiled() -> None:
    made = BandedMoments(WINDOW, 2, (1.0, 1.0, 1.0))
    field = torch.randn(3, 2, 4, 5, 6, dtype=torch.float64)
    batched = made(field)
    assert batched.shape == (3, 2, 4, 5, 10, 6)
    one_by_one = torch.stack([torch.stack([made(x) for x in row]) for row in field])
    torch.testing.assert_close(batched, one_by_one, rtol=1e-13, atol=1e-14)
    torch.testing.assert_close(torch.vmap(made)(field), batched, rtol=1e-13, atol=1e-14)
    compiled = torch.compile(made.__call__, fullgraph=True, backend="aot_eager")
    torch.testing.assert_close(compiled(field), batched, rtol=1e-13, atol=1e-14)


def test_what_torch_does_not_take_is_one_sentence() -> None:
    field = torch.zeros(4, 4, 4)
    for options in ({"weights": np.ones((4, 4, 4))}, {"at": [(0, 0, 0)]}, {"normalise": "offset"}):
        with pytest.raises(InputError, match='target="torch" takes the moments about every voxel'):
            fields.moments(field, 2, WINDOW, target="torch", **options)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="target must be one of 'c', 'torch'"):
        fields.moments(field, 2, WINDOW, target="cuda")
    with pytest.raises(InputError, match="float32 or float64 tensors with 3 axes at least"):
        BandedMoments(WINDOW, 2, (1.0, 1.0, 1.0))(torch.zeros(4, 4))
    with pytest.raises(InputError, match="a ball is not a product of functions"):
        BandedMoments(Window.ball(3.0), 2, (1.0, 1.0, 1.0))
