"""Laws of linear maps of irreps: they turn with their arguments, keep variances, and agree with dense matrices."""

from __future__ import annotations

import math
from typing import Any

import pytest
import torch

from invgen.errors import InputError
from invgen.nn.by_species import BySpecies
from invgen.nn.covariant_linear import CovariantLinear, SpeciesLinear

IN, OUT = "2x0e + 3x1o + 1e", "1o + 2x0e"
ROUNDING: dict[str, Any] = {"rtol": 1e-12, "atol": 1e-12}  # float64, sums of a dozen terms of order one


def features(samples: int = 5, channels: int = 4) -> torch.Tensor:
    generator = torch.Generator().manual_seed(1)
    return torch.randn((samples, 2 + 9 + 3, channels), generator=generator, dtype=torch.float64)


def by_hand(x: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
    """IN -> OUT with four channels to three, component by component."""
    vectors, scalars = weight.split((12 * 3, 8 * 6))
    scalar = x[:, :2].flatten(1) @ scalars.view(8, 6) / math.sqrt(8)
    found = []
    for m in range(3):
        own = x[:, 2 + 3 * m : 5 + 3 * m].flatten(1)
        found.append(own @ vectors.view(12, 3) / math.sqrt(12))
    return torch.cat([torch.stack(found, 1), scalar.unflatten(1, (2, 3))], 1)


def test_every_irrep_has_one_matrix_over_copies_and_channels() -> None:
    layer = CovariantLinear(IN, OUT, 4, 3, dtype=torch.float64)
    torch.testing.assert_close(layer(features()), by_hand(features(), layer.weight), **ROUNDING)
    scaled = CovariantLinear(IN, OUT, 4, 3, factor=0.25, dtype=torch.float64)
    scaled.load_state_dict(layer.state_dict())
    torch.testing.assert_close(scaled(features()), 0.25 * layer(features()), **ROUNDING)


def test_maps_of_single_irreps_to_the_same_irreps_are_those_maps() -> None:
    layer, x = CovariantLinear("0e + 1o", "0e + 1o", 4, 3, dtype=torch.float64), features()[:, 4:8]
    scalars, vectors = layer.weight.view(2, 4, 3) / 2
    expected = torch.cat([x[:, :1] @ scalars, x[:, 1:] @ vectors], 1)
    torch.testing.assert_close(layer(x), expected, **ROUNDING)
    assert layer(x).is_contiguous() and layer(x[:0]).shape == (0, 4, 3)


@pytest.mark.parametrize("sort", [True, False])
def test_every_species_has_matrices_of_its_own(sort: bool) -> None:
    layer = SpeciesLinear(IN, OUT, 4, 4, 3, dtype=torch.float64)
    species = torch.tensor([2, 0, 2, 1, 0])  # none of the last
    x = features().requires_grad_()
    found = layer(x, BySpecies.of(species, 4, sort))
    expected = torch.cat([by_hand(x[k : k + 1], layer.weight[kind]) for k, kind in enumerate(species.tolist())])
    torch.testing.assert_close(found, expected, **ROUNDING)
    gradients = [
        torch.autograd.grad(each.square().sum(), (x, layer.weight), retain_graph=True) for each in (found, expected)
    ]
    for ours, theirs in zip(*gradients, strict=True):
        torch.testing.assert_close(ours, theirs, **ROUNDING)
    assert layer(x[:0], BySpecies.of(species[:0], 4, sort)).shape == (0, 5, 3)


def test_variances_stay_one() -> None:
    torch.manual_seed(0)
    x = torch.randn(4000, 3 * 2 + 4, 8)
    for layer, arguments in (
        (CovariantLinear("4x0e + 2x1o", "0e + 3x1o", 8), ()),
        (SpeciesLinear("4x0e + 2x1o", "0e + 3x1o", 2, 8), (BySpecies.of(torch.arange(4000) % 2, 2),)),
    ):
        variances = layer(x, *arguments).detach().var(0)
        # The mean of 80 squared lengths of rows of weights, each with a relative spread of sqrt(2 / 16).
        assert abs(float(variances.mean()) - 1) < 0.15


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: CovariantLinear("0e + 1o", "0e + 1e", 4), "1e of '0e \\+ 1e' is not among the irreps '0e \\+ 1o'"),
        (lambda: CovariantLinear("0e + 1o + 0e", "0e", 4), "got 0e more than once"),
        (lambda: CovariantLinear("0e", "0x", 4), "cannot read '0x'"),
        (lambda: CovariantLinear(3, "0e", 4), "irreps_in are a text"),  # type: ignore[arg-type]
        (lambda: CovariantLinear("0e", "0e", 0), "number of channels"),
        (lambda: SpeciesLinear("0e", "0e", 0, 4), "number of species"),
        (lambda: CovariantLinear("0e + 1o", "0e", 4)(torch.zeros(2, 3, 4)), r"takes \(samples, 4, 4\)"),
        (lambda: SpeciesLinear("0e", "0e", 2, 1)(torch.zeros(1, 1, 1), BySpecies.of(torch.zeros(1).long(), 3)), "3"),
    ],
)
def test_bad_input_is_refused_with_a_sentence(make: Any, message: str) -> None:
    with pytest.raises(InputError, match=message) as caught:
        make()
    assert "\n" not in str(caught.value)
