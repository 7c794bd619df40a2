"""Bases that the tests of programs and kernels share, and their values: from `Basis.evaluate` and `jacobian` alone.

The three checked-in packages, and bases that lead into every branch of the lowering: the Levi-Civita symbol,
pseudo-tensors, products (of scalars too), coupling trees, l = 4, a single scalar. Nothing here needs torch.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from invgen import Basis, TensorSpace, generate
from invgen.contractions.trees import CouplingTree
from invgen.spaces import conventions
from tests.support.paths import GENERATED

PACKAGES = ("optimal_l2_n4", "optimal_l3_n4", "hiphop_l3_n4")
_MADE: dict[str, Callable[[], Basis]] = {
    "one scalar": lambda: generate(TensorSpace("0e"), 1),
    "vectors with epsilon": lambda: generate(TensorSpace("3x1o", group="SO3"), 3, select="linear"),
    "long epsilon": lambda: generate(TensorSpace("2x1o + 2e", group="SO3"), 4, select="linear"),
    "pseudo-tensors": lambda: generate(TensorSpace("1e + 2o"), 6),
    "pseudo-scalar products": lambda: generate(TensorSpace("0o + 1e + 2o"), 4, select="linear"),
    "l = 4": lambda: generate(TensorSpace("1o + 4e"), 4),
    "coupling trees": lambda: Basis.from_contractions(
        [CouplingTree(t) for t in ("(q,q)0", "((q,t)1,w)0", "((q,q)2,q)0", "((t,t)2,(w,w)2)0", "((q,t)3,t)0")],
        TensorSpace("w:1o + q:2e + t:3o"),
    ),
    "products": lambda: generate(TensorSpace("0e + 1o + 2e"), 4, select="linear"),
}
MADE = tuple(_MADE)
CASES = (*PACKAGES, *MADE)

Array = NDArray[Any]


@cache
def basis_of(case: str) -> Basis:
    """The basis of a case, the packages' from the file inside them."""
    return Basis.load(GENERATED / case / "basis.json") if case in PACKAGES else _MADE[case]()


def rank_conventions(basis: Basis) -> tuple[str, ...]:
    """The conventions that can write the tensors of a basis: hippynn's ends at l = 3."""
    high = max(tensor.l for tensor in basis.space.tensors) > 3
    return tuple(name for name in conventions.NAMES if not (high and name == "hippynn"))


def draw(basis: Basis, shape: tuple[int, ...], channels: int, seed: int = 0) -> tuple[Array, Array, Array]:
    """Random x, ybar and u of a kernel in layout "channel", float64."""
    rng = np.random.default_rng(seed)
    dim, count = basis.space.dimension, len(basis)
    return (
        rng.standard_normal((*shape, dim, channels)),
        rng.standard_normal((*shape, count, channels)),
        rng.standard_normal((*shape, dim, channels)),
    )


def evaluate(basis: Basis, x: Array) -> Array:
    """`basis.evaluate` over the last axis; in the rational convention exactly, at the rational values of the floats."""
    if basis.convention != "rational":
        return basis.evaluate(x)
    return basis.evaluate(exact(x)).astype(np.float64)


def jacobian(basis: Basis, x: Array) -> Array:
    """`basis.jacobian`, as `evaluate`."""
    if basis.convention != "rational":
        return basis.jacobian(x)
    return basis.jacobian(exact(x)).astype(np.float64)


def exact(x: Array) -> Array:
    """The floats as the Fractions that they are."""
    flat = np.empty(x.size, dtype=object)
    flat[:] = [Fraction(float(value)) for value in x.ravel()]
    return flat.reshape(x.shape)


def expected(basis: Basis, x: Array, ybar: Array, u: Array) -> dict[str, Array]:
    """The five results of a kernel in layout "channel"; the Hessian from the Jacobian at seven points of a line."""
    x, ybar, u = (np.moveaxis(array, -2, -1) for array in (x, ybar, u))

    def pulled(at: Array) -> Array:
        return np.einsum("...k,...kd->...d", ybar, jacobian(basis, at))

    # The central difference of order 6 is exact for a Jacobian of degree <= 6 along a line.
    assert max(basis.degrees) <= 7
    weights = ((1, Fraction(3, 4)), (2, Fraction(-3, 20)), (3, Fraction(1, 60)))
    grad_x = sum(float(w) * (pulled(x + s * u) - pulled(x - s * u)) for s, w in weights)
    ydot = np.einsum("...kd,...d->...k", jacobian(basis, x), u)
    results = {"value": evaluate(basis, x), "vjp": pulled(x), "jvp": ydot, "grad_x": grad_x, "grad_ybar": ydot}
    return {name: np.moveaxis(array, -1, -2) for name, array in results.items()}
