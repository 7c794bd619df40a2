"""Products of complex moments as instructions on real values; members share what they have in common from the left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from invgen.contractions.planar_product import REAL, PlanarProduct
from invgen.ir.builder import Builder

Complex = tuple[int, int | None]  # value ids; the imaginary part of a real number is None


def product_of_moments(builder: Builder, product: PlanarProduct, moments: Mapping[str, Sequence[int]]) -> int:
    """The value of a product from the values of the parts of its moments.

    A moment times its own conjugate is a sum of squares, and only the part asked for is computed in the end.
    """
    left = list(product.moments)
    total: Complex = (builder.constant(1), None)
    for name, star in product.moments:
        if (name, star) not in left:
            continue  # taken with its partner
        left.remove((name, star))
        real, *rest = moments[name]
        if rest and (name, not star) in left:
            left.remove((name, not star))
            square: Complex = (builder.dot(moments[name], moments[name]), None)
            total = _multiply(builder, total, square)
        else:
            imaginary = (builder.neg(rest[0]) if star else rest[0]) if rest else None
            total = _multiply(builder, total, (real, imaginary))
    real, imaginary = total
    if product.part == REAL:
        return real
    return builder.constant(0) if imaginary is None else imaginary


def _multiply(builder: Builder, left: Complex, right: Complex) -> Complex:
    (a, b), (c, d) = left, right
    if b is None and d is None:
        return builder.mul(a, c), None
    if b is None or d is None:
        scalar, (real, imaginary) = (a, right) if b is None else (c, left)
        return builder.mul(scalar, real), None if imaginary is None else builder.mul(scalar, imaginary)
    return (
        builder.sub(builder.mul(a, c), builder.mul(b, d)),
        builder.add(builder.mul(a, d), builder.mul(b, c)),
    )
