"""The public kit rotates as the space says, and its checks see what they are for."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

import invgen
from invgen import TensorSpace, generate
from invgen.runtime import Kernel
from invgen.spaces import conventions
from invgen.testing import (
    assert_invariant,
    assert_kernel_matches,
    harmonic_components,
    random_rotation,
    representation,
)
from tests.support.basis_cases import basis_of
from tests.support.kernel_cases import kernel_of

SPACES = ("0e + 1o + 2e + 3o", "0o + 1e + 2o + 3e", "2x1o + 2e + 1e")


def generator(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


@pytest.mark.parametrize("reflect", [False, True])
def test_random_rotations_are_orthogonal_and_turn_or_reflect(reflect: bool) -> None:
    rng = generator()
    for _ in range(20):
        matrix = random_rotation(rng, reflect)
        np.testing.assert_allclose(matrix @ matrix.T, np.eye(3), atol=1e-14)  # a few roundings of numbers below one
        assert np.linalg.det(matrix) == pytest.approx(-1 if reflect else 1)
    assert (random_rotation(generator(4)) == random_rotation(generator(4))).all()


def test_random_rotations_are_spread_evenly() -> None:
    rng = generator(1)
    matrices = np.stack([random_rotation(rng) for _ in range(4000)])
    # Under the uniform measure entries have mean 0 and variance 1/3; the trace has mean 0 and variance 1.
    assert np.abs(matrices.mean(0)).max() < 5 / np.sqrt(3 * 4000)
    np.testing.assert_allclose((matrices**2).mean(0), np.full((3, 3), 1 / 3), atol=5 * 0.3 / np.sqrt(4000))
    assert np.var(np.trace(matrices, axis1=1, axis2=2)) == pytest.approx(1, abs=0.15)


@pytest.mark.parametrize("convention", [name for name in conventions.NAMES if name != "hippynn"])
@pytest.mark.parametrize("l", range(9))
def test_the_components_of_a_vector_are_the_solid_harmonics(l: int, convention: str) -> None:
    vectors = generator(l).standard_normal((50, 3))
    found = harmonic_components(l, vectors, convention)
    assert found.shape == (50, 2 * l + 1)
    # Homogeneous of degree l, and the sum of squares is the same in all directions once components are normalised.
    np.testing.assert_allclose(
        harmonic_components(l, 2 * vectors, convention), 2.0**l * found, rtol=1e-12, atol=1e-12 * np.abs(found).max()
    )
    if convention != "rational":
        total = {"e3nn_component": 2 * l + 1.0, "e3nn_norm": 1.0}.get(convention, (2 * l + 1) / (4 * np.pi))
        squares = (found**2).sum(-1) / (vectors**2).sum(-1) ** l
        np.testing.assert_allclose(squares, total, rtol=1e-11)


def test_components_take_any_leading_axes() -> None:
    vectors = generator().standard_normal((2, 3, 4, 3))
    found = harmonic_components(2, vectors, "sphericart")
    assert found.shape == (2, 3, 4, 5)
    np.testing.assert_allclose(found[1, 2], harmonic_components(2, vectors[1, 2], "sphericart"), rtol=1e-14)


@pytest.mark.parametrize("convention", conventions.NAMES)
@pytest.mark.parametrize("text", SPACES)
def test_representations_multiply_as_rotations_do(text: str, convention: str) -> None:
    space, rng = TensorSpace(text), generator(2)
    a, b = random_rotation(rng), random_rotation(rng, reflect=True)
    da, db, dab = (representation(space, matrix, convention) for matrix in (a, b, a @ b))
    np.testing.assert_allclose(da @ db, dab, atol=1e-11)  # fitted by least squares, entries of order one to ten
    np.testing.assert_allclose(representation(space, np.eye(3), convention), np.eye(space.dimension), atol=1e-12)
    inversion = representation(space, -np.eye(3), convention)
    signs = np.concatenate([np.full(tensor.dimension, float(tensor.parity)) for tensor in space.tensors])
    np.testing.assert_allclose(inversion, np.diag(signs), atol=1e-12)


def test_representations_of_orthonormal_components_are_orthogonal() -> None:
    space, matrix = TensorSpace("1o + 2e + 4e + 8e"), random_rotation(generator(3))
    for convention in ("sphericart", "e3nn", "e3nn_component", "e3nn_norm"):
        d = representation(space, matrix, convention)
        np.testing.assert_allclose(d @ d.T, np.eye(space.dimension), atol=1e-11)
    np.testing.assert_allclose(representation(TensorSpace("1o"), matrix, "hippynn"), matrix, atol=1e-13)
    # z-polar components of a vector stand in the order y, z, x.
    order = [1, 2, 0]
    np.testing.assert_allclose(
        representation(TensorSpace("1o"), matrix, "sphericart"), matrix[np.ix_(order, order)], atol=1e-13
    )


@pytest.mark.parametrize("case", ["optimal_l3_n4", "pseudo-tensors", "long epsilon", "vectors with epsilon", "l = 4"])
def test_every_basis_is_invariant_under_its_group(case: str) -> None:
    basis = basis_of(case)
    for convention in ("sphericart", "e3nn"):
        assert_invariant(basis.with_convention(convention).evaluate, basis.space, convention)


def test_what_changes_under_rotations_is_seen() -> None:
    space = TensorSpace("1o")
    with pytest.raises(AssertionError, match=r"the rotated value is off by .* at sample \d+, output \(0,\)"):
        assert_invariant(lambda x: x[:, :1], space, "sphericart")
    assert_invariant(lambda x: (x**2).sum(-1, keepdims=True), space, "sphericart")


def test_what_changes_only_under_reflections_is_seen_under_o3_only() -> None:
    basis = generate(TensorSpace("3x1o", group="SO3"), 3, select="linear")
    assert "eps" in str(basis[len(basis) - 1])
    with pytest.raises(AssertionError, match="the rotated value is off"):
        assert_invariant(basis.evaluate, TensorSpace("3x1o"), "sphericart")
    assert_invariant(basis.evaluate, TensorSpace("3x1o", group="SO3"), "sphericart")


def test_invariants_of_another_convention_are_seen() -> None:
    basis = basis_of("optimal_l2_n4")
    with pytest.raises(AssertionError, match="the rotated value is off"):
        assert_invariant(basis.evaluate, basis.space, "hippynn")


class Wrong:
    """A kernel in which one function is slightly wrong."""

    def __init__(self, kernel: Kernel, function: str, place: int, change: float) -> None:
        self._kernel, self._function, self._place, self._change = kernel, function, place, change

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._kernel, name)
        if name != self._function:
            return found

        def wrong(*tensors: torch.Tensor) -> Any:
            result = found(*tensors)
            broken = (result if isinstance(result, tuple) else (result,))[self._place]
            broken[3] += self._change
            return result

        return wrong


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=str)
@pytest.mark.parametrize(
    ("function", "place", "said"),
    [
        ("value", 0, "value is off"),
        ("vjp", 0, "vjp is off"),
        ("value_and_vjp", 0, "value_and_vjp is off"),
        ("value_and_vjp", 1, "value_and_vjp is off"),
        ("jvp", 0, "jvp is off"),
        ("vjp_of_vjp", 0, r"vjp_of_vjp \(x\) is off"),
        ("vjp_of_vjp", 1, r"vjp_of_vjp \(ybar\) is off"),
    ],
)
def test_a_wrong_number_in_any_function_is_seen(function: str, place: int, said: str, dtype: torch.dtype) -> None:
    basis, kernel = basis_of("optimal_l2_n4"), kernel_of("optimal_l2_n4", "torch", dtype, "plain")
    assert_kernel_matches(kernel, basis)
    with pytest.raises(AssertionError, match=rf"{said} by .*at sample 3, output"):
        assert_kernel_matches(Wrong(kernel, function, place, 1.0), basis)  # type: ignore[arg-type]
    with pytest.raises(AssertionError, match=rf"{said} by (nan|inf)"):
        assert_kernel_matches(Wrong(kernel, function, place, float("nan")), basis)  # type: ignore[arg-type]


def test_a_kernel_of_another_basis_or_order_is_seen() -> None:
    basis = basis_of("optimal_l2_n4")
    # Not e3nn: turning the axes alone leaves every invariant what it is.
    other = invgen.compile(basis.with_convention("e3nn_norm"), "torch", torch.float64)
    with pytest.raises(AssertionError, match="value is off"):
        assert_kernel_matches(other, basis)
    turned = invgen.Basis.from_contractions([str(m) for m in basis][::-1], basis.space, basis.convention)
    with pytest.raises(AssertionError, match="value is off"):
        assert_kernel_matches(invgen.compile(turned, "torch", torch.float64), basis)


@pytest.mark.parametrize("layout", ["channel", "plain"])
def test_kernels_of_the_exact_convention_can_be_checked_too(layout: str) -> None:
    basis = basis_of("optimal_l2_n4").with_convention("rational")
    for dtype in (torch.float32, torch.float64):
        assert_kernel_matches(invgen.compile(basis, "torch", dtype, layout), basis, samples=6)


@pytest.mark.parametrize("case", ["one scalar", "pseudo-scalar products"])
def test_degree_one_and_products_can_be_checked(case: str) -> None:
    assert_kernel_matches(kernel_of(case, "torch"), basis_of(case))
