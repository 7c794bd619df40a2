"""The harmonics program equals the exact harmonic polynomials, and other people's harmonics."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from invgen.errors import InputError
from invgen.ir.harmonics import HIGHEST_RANK, harmonics_program
from invgen.spaces import conventions, harmonics

POINTS = ((Fraction(2), Fraction(5), Fraction(-3)), (Fraction(1, 7), Fraction(-4, 3), Fraction(11)))
UNIT = (Fraction(2, 7), Fraction(-3, 7), Fraction(6, 7))


def exact(l_max: int, point: tuple[Fraction, ...]) -> list[Fraction]:
    return [
        sum((c * point[0] ** e[0] * point[1] ** e[1] * point[2] ** e[2] for e, c in polynomial.items()), Fraction(0))
        for l in range(l_max + 1)
        for polynomial in harmonics.solid_harmonics(l)
    ]


@pytest.mark.parametrize("l_max", range(9))
def test_solid_harmonics_are_the_exact_polynomials(l_max: int) -> None:
    program = harmonics_program(l_max, "rational", solid=True)
    for point in (*POINTS, UNIT):
        assert program.evaluate({"x": point}, "fraction")["y"] == exact(l_max, point)


def test_the_cheaper_program_agrees_on_unit_vectors_up_to_the_highest_rank() -> None:
    program = harmonics_program(HIGHEST_RANK, "rational")
    assert program.evaluate({"x": UNIT}, "fraction")["y"] == exact(HIGHEST_RANK, UNIT)
    assert program.operations < harmonics_program(HIGHEST_RANK, "rational", solid=True).operations


@pytest.mark.parametrize("name", conventions.NAMES)
def test_components_are_those_of_the_convention(name: str) -> None:
    point = [float(x) for x in POINTS[0]]
    found = harmonics_program(3, name, solid=True).evaluate({"x": point})["y"]
    wanted = []
    for l in range(4):
        scales, matrix = conventions.component_matrix(name, l)
        # The traceless part of r x ... x r has these entries; its components are those of a basis.
        columns, factors = harmonics.tensor_of_components(l)
        components = [
            sum(c * point[0] ** e[0] * point[1] ** e[1] * point[2] ** e[2] for e, c in p.items())
            for p in harmonics.solid_harmonics(l)
        ]
        entries = np.array(columns, float) @ (np.array([float(f) for f in factors]) * components)
        wanted += list(np.array([s.round() for s in scales]) * (np.array(matrix, float) @ entries))
    # A dozen roundings in float64.
    np.testing.assert_allclose(found, wanted, rtol=1e-13, atol=1e-13 * np.abs(wanted).max())


def test_sphericart_has_the_same_harmonics() -> None:
    sphericart = pytest.importorskip("sphericart", reason="sphericart is not installed")
    xyz = np.random.default_rng(0).normal(size=(50, 3))
    theirs = sphericart.SolidHarmonics(6).compute(xyz)
    ours = np.stack(harmonics_program(6, "sphericart", solid=True).evaluate({"x": list(xyz.T)})["y"][1:], -1)
    # Each is a sum of a few dozen terms of either sign in float64, relative to the norm of its rank.
    np.testing.assert_allclose(ours, theirs[:, 1:], rtol=1e-11, atol=1e-11)


@pytest.mark.torch
@pytest.mark.parametrize("normalization", ["integral", "component", "norm"])
def test_e3nn_has_the_same_harmonics(normalization: str) -> None:
    import torch

    e3nn = pytest.importorskip("e3nn.o3", reason="e3nn is not installed")
    name = {"integral": "e3nn", "component": "e3nn_component", "norm": "e3nn_norm"}[normalization]
    xyz = torch.randn(50, 3, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    xyz = xyz / xyz.norm(dim=1, keepdim=True)
    theirs = e3nn.spherical_harmonics(list(range(6)), xyz, normalize=False, normalization=normalization)
    outputs = harmonics_program(5, name).evaluate({"x": list(xyz.unbind(1))})["y"]
    ours = torch.stack([torch.as_tensor(y) * torch.ones(50, dtype=torch.float64) for y in outputs], -1)
    # Numbers of order one, some dozen roundings in float64 on either side; e3nn rounds its l = 0 to the default dtype.
    torch.testing.assert_close(ours[:, 1:], theirs[:, 1:], rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("l_max", [-1, HIGHEST_RANK + 1, 2.0, True])
def test_other_ranks_are_refused(l_max: object) -> None:
    with pytest.raises(InputError, match="l_max is an integer from 0"):
        harmonics_program(l_max)  # type: ignore[arg-type]


def test_numpys_integers_are_ranks_and_a_rank_that_was_asked_for_before_does_not_let_true_pass() -> None:
    assert harmonics_program(np.int64(1)) is harmonics_program(1) is harmonics_program(np.array(1))  # type: ignore[arg-type]
    with pytest.raises(InputError, match="l_max is an integer from 0 to 20, got True"):
        harmonics_program(True)


def test_hippynn_goes_to_rank_three() -> None:
    with pytest.raises(InputError, match="hippynn"):
        harmonics_program(4, "hippynn")
