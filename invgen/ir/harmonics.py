"""Real harmonics of a vector as a program: x (3) -> y, all components up to l_max, in any convention.

With the monic polynomials Q_l^m, obeying Q_l^m = z Q_(l-1)^m - b r² Q_(l-2)^m with b = ((l-1)² - m²) / (4 (l-1)² - 1),
Q_m^m = 1 and Q_(m+1)^m = z, the component (l, m) is a constant times Q_l^|m| times the real or imaginary part of
(x + iy)^|m|. On unit vectors r² is the number 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import cache

from invgen import checks
from invgen.algebra.exact import Surd
from invgen.ir.builder import Builder
from invgen.ir.program import Program
from invgen.spaces import conventions, harmonics

HIGHEST_RANK = 20
"""Above this the monic polynomials lose digits of float32 and the programs are thousands of operations long."""


# No harmonic of a rank up to the highest vanishes there; a test holds that.
_POINT = (Fraction(3), Fraction(1), Fraction(7))


def harmonics_program(l_max: int, convention: str = "sphericart", solid: bool = False) -> Program:
    """The program x -> y with y[l² + i] component i of the harmonics of rank l at x, l = 0 ... l_max.

    Args:
        l_max: the highest rank.
        convention: one of `conventions.NAMES`.
        solid: True for the homogeneous polynomials of degree l; False for polynomials that equal them on unit vectors
            only, which are cheaper.

    Raises:
        InputError: l_max is negative, not an integer or above `HIGHEST_RANK`, or the convention does not go so far.
    """
    l_max = checks.integer("l_max", l_max, least=0, most=HIGHEST_RANK)
    return _program(l_max, conventions.check(convention, (l_max,)), bool(solid))


@cache
def _program(l_max: int, convention: str, solid: bool) -> Program:
    builder = Builder()
    builder.output("y", harmonics_values(builder, builder.input("x", 3), l_max, convention, solid))
    return builder.build()


def harmonics_values(builder: Builder, inputs: Sequence[int], l_max: int, convention: str, solid: bool) -> list[int]:
    """The values of all components up to l_max, as `harmonics_program` orders them, at a vector of three values."""
    # What e3nn calls (x, y, z) our z-polar harmonics call (y, z, x): Y_e3nn(x, y, z) = Y(z, x, y).
    x, y, z = (inputs[2], inputs[0], inputs[1]) if convention.startswith("e3nn") else inputs
    squared = builder.dot((x, y, z), (x, y, z)) if solid else None
    one = builder.constant(1)
    azimuth = [(one, builder.constant(0))]
    for _ in range(l_max):
        real, imaginary = azimuth[-1]
        azimuth.append(
            (
                builder.sub(builder.mul(x, real), builder.mul(y, imaginary)),
                builder.add(builder.mul(x, imaginary), builder.mul(y, real)),
            )
        )
    polynomials = {(l, m): value for m in range(l_max + 1) for l, value in _monic(builder, z, squared, m, l_max)}
    outputs: list[int] = []
    for l in range(l_max + 1):
        # P_m without its constant factor, m = -l..l; cheaper to leave the factor to the last scaling.
        bare = [builder.mul(polynomials[l, abs(m)], azimuth[abs(m)][m < 0]) for m in range(-l, l + 1)]
        factors = [_factor(l, m) for m in range(-l, l + 1)]
        if convention == "hippynn":
            outputs += _free_entries(builder, l, bare, factors)
        else:
            norms = conventions.component_norms(convention, l)
            outputs += [builder.scale(n * Surd.rational(f), b) for n, f, b in zip(norms, factors, bare, strict=True)]
    return outputs


def _monic(builder: Builder, z: int, squared: int | None, m: int, l_max: int) -> list[tuple[int, int]]:
    """(l, value of Q_l^m) for l = m ... l_max."""
    found = [(m, builder.constant(1))]
    for l in range(m + 1, l_max + 1):
        value = builder.mul(z, found[-1][1])
        if l > m + 1:
            before = found[-2][1] if squared is None else builder.mul(squared, found[-2][1])
            value = builder.sub(value, builder.scale(Fraction((l - 1) ** 2 - m * m, 4 * (l - 1) ** 2 - 1), before))
        found.append((l, value))
    return found


@cache
def _factor(l: int, m: int) -> Fraction:
    """P_m of rank l divided by Q_l^|m| Re or Im (x + iy)^|m|, which is proportional to it: their ratio at one point."""
    x, y, z = _POINT
    squared = x * x + y * y + z * z
    monic = [Fraction(1), z]
    for rank in range(abs(m) + 2, l + 1):
        b = Fraction((rank - 1) ** 2 - m * m, 4 * (rank - 1) ** 2 - 1)
        monic.append(z * monic[-1] - b * squared * monic[-2])
    real, imaginary = Fraction(1), Fraction(0)
    for _ in range(abs(m)):
        real, imaginary = x * real - y * imaginary, x * imaginary + y * real
    polynomial = harmonics.solid_harmonics(l)[l + m]
    value = sum((c * x ** e[0] * y ** e[1] * z ** e[2] for e, c in polynomial.items()), Fraction(0))
    return value / (monic[l - abs(m)] * (imaginary if m < 0 else real))


def _free_entries(builder: Builder, l: int, bare: list[int], factors: list[Fraction]) -> list[int]:
    """The entries of the traceless tensor with at most one z index, hippynn's components."""
    matrix, scales = harmonics.tensor_of_components(l)
    rows = dict(zip(harmonics.monomials(l), matrix, strict=True))
    return [
        builder.combine(
            (Surd.rational(weight * scale * factor), value)
            for weight, scale, factor, value in zip(rows[entry], scales, factors, bare, strict=True)
            if weight
        )
        for entry in harmonics.free_entries(l)
    ]
