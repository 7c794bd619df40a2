"""Checks that raise AssertionError with the worst case when a law is broken."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from invgen.basis.basis import Basis
from invgen.checks import integer
from invgen.spaces.conventions import CARTESIAN
from invgen.spaces.outputs import cartesian_space, convention_of, is_cartesian, output_irrep
from invgen.spaces.space import TensorSpace
from invgen.testing.rotations import Floats, random_element, representation

if TYPE_CHECKING:
    import torch

    from invgen.runtime import Kernel


def assert_invariant(
    function: Callable[[Floats], Floats],
    space: TensorSpace,
    convention: str,
    samples: int = 20,
    tolerance: float = 1e-9,
    seed: int = 0,
) -> None:
    """function(D x) = function(x) for random x and random elements D of the space's group.

    Args:
        function: (samples, dimension) -> (samples, K), float64.
        space: the tensors and the group.
        convention: of the components.
        samples: how many x, each with its own rotation.
        tolerance: of the difference, relative to the largest value of each output; 1e-9 leaves room for the rounding
            of the rotation itself in high degrees.
        seed: of the random numbers.
    """
    samples, seed = integer("samples", samples, least=1), integer("seed", seed, least=0)
    generator = np.random.default_rng(seed)
    x = generator.normal(size=(samples, space.dimension))
    rotated = np.empty_like(x)
    for i in range(samples):
        rotation = random_element(space, generator, reflect=i % 2 == 1)
        rotated[i] = representation(space, rotation, convention) @ x[i]
    before, after = np.asarray(function(x)), np.asarray(function(rotated))
    _assert_close("the rotated value", after, before, tolerance)


def assert_equivariant(
    function: Callable[[Floats], Floats],
    space: TensorSpace,
    outputs: str,
    convention: str,
    samples: int = 20,
    tolerance: float = 1e-9,
    seed: int = 0,
) -> None:
    """function(D x) = D_L function(x) for random x and random elements D of the space's group.

    Args:
        function: (samples, dimension) -> (samples, K, components of the outputs), float64.
        space: the tensors and the group.
        outputs: the irrep of the outputs, "1o", or a Cartesian tensor, "ij=ji".
        convention: of the components of x and, unless it is "cartesian" (then "rational"), of the outputs.
        samples: how many x, each with its own rotation.
        tolerance: of the difference, relative to the largest component of each member; 1e-9 leaves room for the
        rounding
            of the rotation itself in high degrees.
        seed: of the random numbers.
    """
    samples, seed = integer("samples", samples, least=1), integer("seed", seed, least=0)
    generator = np.random.default_rng(seed)
    x = generator.normal(size=(samples, space.dimension))
    rotated, turned = np.empty_like(x), np.asarray(function(x))
    if is_cartesian(outputs):
        target, written = cartesian_space(outputs), CARTESIAN
    else:
        target, written = TensorSpace([output_irrep(outputs)]), convention_of(convention, outputs)
    for i in range(samples):
        matrix = random_element(space, generator, reflect=i % 2 == 1)
        rotated[i] = representation(space, matrix, convention) @ x[i]
        turned[i] = turned[i] @ representation(target, matrix, written).T
    after = np.asarray(function(rotated))
    # A component may be zero for all x, so that one scale serves all components of a member.
    scale = np.abs(turned).max(axis=(0, 2), keepdims=True)
    _assert_close("the rotated value", after, turned, tolerance, scale)


def assert_kernel_matches(kernel: Kernel, basis: Basis, samples: int = 50, seed: int = 0) -> None:
    """Value, vjp, jvp and vjp_of_vjp of a kernel agree with `basis.evaluate` and `basis.jacobian`.

    The second derivative is the exact derivative of the polynomial t -> ybar · J(x + t u), by interpolation.
    Tolerances are 1e-4 (float32) and 1e-11 (float64) of the largest entry of each output: some hundred roundings.

    Args:
        kernel: of any dtype, layout and target.
        basis: what it should compute.
        samples: how many random points are compared.
        seed: of the points.
    """
    import torch

    samples, seed = integer("samples", samples, least=1), integer("seed", seed, least=0)
    generator = np.random.default_rng(seed)
    x, u = generator.normal(size=(2, samples, basis.space.dimension))
    ybar = generator.normal(size=(samples, len(basis.output_names)))
    tolerance = 1e-4 if kernel.dtype == torch.float32 else 1e-11

    def given(array: Floats) -> torch.Tensor:
        tensor = torch.tensor(array, dtype=kernel.dtype)
        return tensor.unsqueeze(-1) if kernel.layout == "channel" else tensor

    def taken(tensor: Any) -> Floats:
        result: Floats = tensor.squeeze(-1).numpy() if kernel.layout == "channel" else tensor.numpy()
        return result.astype(np.float64)

    evaluate, jacobian_of = _in_floats(basis)
    jacobian = jacobian_of(x)
    _assert_close("value", taken(kernel.value(given(x))), evaluate(x), tolerance)
    vjp = np.einsum("sk,skd->sd", ybar, jacobian)
    _assert_close("vjp", taken(kernel.vjp(given(x), given(ybar))), vjp, tolerance)
    y, xbar = kernel.value_and_vjp(given(x), given(ybar))
    _assert_close("value_and_vjp", taken(y), evaluate(x), tolerance)
    _assert_close("value_and_vjp", taken(xbar), vjp, tolerance)
    jvp = np.einsum("skd,sd->sk", jacobian, u)
    _assert_close("jvp", taken(kernel.jvp(given(x), given(u))), jvp, tolerance)
    grad_x, grad_ybar = kernel.vjp_of_vjp(given(x), given(ybar), given(u))
    _assert_close("vjp_of_vjp (ybar)", taken(grad_ybar), jvp, tolerance)
    _assert_close("vjp_of_vjp (x)", taken(grad_x), _second(jacobian_of, max(basis.degrees), x, ybar, u), tolerance)


def _in_floats(basis: Basis) -> tuple[Callable[[Floats], Floats], Callable[[Floats], Floats]]:
    """Value and Jacobian on floats, components of covariants one after the other as kernels have them.

    The exact convention takes floats as the Fractions that they are.
    """
    exact = np.vectorize(Fraction, otypes=[object])

    def given(x: Floats) -> Any:
        return exact(x) if basis.convention == "rational" else x

    rows = len(basis.output_names)
    return (
        lambda x: np.asarray(basis.evaluate(given(x)), dtype=np.float64).reshape(len(x), rows),
        lambda x: np.asarray(basis.jacobian(given(x)), dtype=np.float64).reshape(len(x), rows, x.shape[1]),
    )


def _second(jacobian: Callable[[Floats], Floats], count: int, x: Floats, ybar: Floats, u: Floats) -> Floats:
    """d/dt ybar · J(x + t u) at t = 0, from as many points t as the polynomial has coefficients."""
    nodes = np.cos(np.pi * (np.arange(count) + 0.5) / count)
    values = np.stack([np.einsum("sk,skd->sd", ybar, jacobian(x + t * u)) for t in nodes])
    # a polynomial of degree count - 1 through `count` nodes: its coefficients by solving the Vandermonde system
    coefficients = np.linalg.solve(np.vander(nodes, increasing=True), values.reshape(count, -1))
    slope = coefficients[1] if count > 1 else np.zeros_like(coefficients[0])
    result: Floats = slope.reshape(x.shape)
    return result


def _assert_close(what: str, found: Floats, expected: Floats, tolerance: float, scale: Floats | None = None) -> None:
    largest = np.abs(expected).max(axis=0, keepdims=True) if scale is None else scale
    error = np.abs(found - expected) / np.maximum(largest, np.finfo(np.float64).tiny)
    worst = np.unravel_index(np.argmax(np.nan_to_num(error, nan=np.inf)), error.shape)
    if not error[worst] <= tolerance:
        place = tuple(int(i) for i in worst)
        raise AssertionError(
            f"{what} is off by {error[worst]:.2e} (allowed {tolerance:.0e}) at sample {place[0]}, output {place[1:]}: "
            f"{found[worst]} instead of {expected[worst]}"
        )
