"""Values and gradients of products of complex moments, in any arithmetic: a complex number is a pair of reals."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from invgen.algebra.modular import Arithmetic, Array
from invgen.contractions.planar_product import REAL, PlanarProduct

Complex = tuple[Array, Array | None]  # the imaginary part of a real number is None


def value(arithmetic: Arithmetic, moments: Sequence[Array], product: PlanarProduct) -> Array:
    """The part asked for, (batch,), of the product of the moments (batch, 1 or 2) of its factors."""
    result = _factors(moments, product)
    total = result[0]
    for factor in result[1:]:
        total = _multiply(arithmetic, total, factor)
    return _part(total, product)


def gradient(arithmetic: Arithmetic, moments: Sequence[Array], product: PlanarProduct) -> list[Array]:
    """The derivatives with respect to the components of each factor, (batch, 1 or 2).

    With R the product of the other factors, the derivatives with respect to the parts of c are
    d Re(c R) = (Re R, -Im R) and d Im(c R) = (Im R, Re R). Where c is conjugated, the second changes its
    sign. Complexity: three complex products per factor.
    """
    factors = _factors(moments, product)
    ahead: list[Complex | None] = [None]
    for factor in factors[:-1]:
        ahead.append(_times(arithmetic, ahead[-1], factor))
    behind: Complex | None = None
    result: list[Array] = []
    for place in range(len(factors) - 1, -1, -1):
        first = ahead[place]
        rest = behind if first is None else _times(arithmetic, behind, first)
        result.append(_derivative(arithmetic, rest, moments[place], product, product.moments[place][1]))
        behind = _times(arithmetic, behind, factors[place])
    return result[::-1]


def _factors(moments: Sequence[Array], product: PlanarProduct) -> list[Complex]:
    return [
        (m[:, 0], None if m.shape[1] == 1 else -m[:, 1] if conjugated else m[:, 1])
        for m, (_, conjugated) in zip(moments, product.moments, strict=True)
    ]


def _derivative(
    arithmetic: Arithmetic, rest: Complex | None, moment: Array, product: PlanarProduct, conjugated: bool
) -> Array:
    one, zero = np.ones_like(moment[:, 0]), np.zeros_like(moment[:, 0])
    real, imaginary = (one, None) if rest is None else rest
    imaginary = zero if imaginary is None else imaginary
    by_real, by_imaginary = (real, -imaginary) if product.part == REAL else (imaginary, real)
    columns = [by_real, -by_imaginary if conjugated else by_imaginary][: moment.shape[1]]
    return arithmetic.reduce(np.stack(columns, axis=1))


def _times(arithmetic: Arithmetic, left: Complex | None, right: Complex) -> Complex:
    return right if left is None else _multiply(arithmetic, left, right)


def _multiply(arithmetic: Arithmetic, left: Complex, right: Complex) -> Complex:
    (a, b), (c, d) = left, right

    def mul(x: Array, y: Array) -> Array:
        return arithmetic.reduce(x * y)

    if b is None and d is None:
        return mul(a, c), None
    if b is None or d is None:
        scalar, (real, imaginary) = (a, right) if b is None else (c, left)
        return mul(scalar, real), None if imaginary is None else mul(scalar, imaginary)
    return arithmetic.reduce(mul(a, c) - mul(b, d)), arithmetic.reduce(mul(a, d) + mul(b, c))


def _part(number: Complex, product: PlanarProduct) -> Array:
    real, imaginary = number
    if product.part == REAL:
        return real
    return np.zeros_like(real) if imaginary is None else imaginary
