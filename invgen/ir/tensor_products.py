"""Couplings of features with harmonics as programs: the matrices that take features to messages, for one pair.

A path p couples features of rank a with harmonics of rank b to messages of rank c, channel by channel:

    message[m] = Σ_{i, j} K[m, i, j] x[i] Y[j] = Σ_i M[m, i] x[i],   M[m, i] = Σ_j K[m, i, j] Y[j].

K is a real Clebsch-Gordan coefficient: its rows are orthonormal, Σ_{i, j} K[m, i, j] K[n, i, j] = δ_mn, and the first
nonzero coefficient of its rational multiple is positive. That is sqrt(2c + 1) times e3nn's `wigner_3j`, up to sign. The
matrices depend on the direction of a pair alone and not on channels.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from invgen.algebra.exact import Surd
from invgen.contractions.coupling import coupling
from invgen.errors import InputError
from invgen.ir.builder import Builder
from invgen.ir.harmonics import harmonics_values
from invgen.ir.program import Program
from invgen.spaces import conventions


@dataclass(frozen=True)
class CouplingRanks:
    """The ranks of one path, where its harmonics begin, and the exact factor that its coefficients get.

    Attributes:
        a: the rank of the features.
        b: the rank of the harmonics.
        c: the rank of the messages.
        first: the place of the first component of the harmonics among all harmonics.
        factor: what multiplies every coefficient.
    """

    a: int
    b: int
    c: int
    first: int
    factor: Fraction = Fraction(1)


MatrixEntry = tuple[int, int, int]
"""A place (m, i) of a matrix that is not zero for every direction, and its number in the output of the program."""


@dataclass(frozen=True)
class MatricesProgram:
    """The matrices of all paths of one pair, as a program x -> y.

    Attributes:
        program: from a vector (3), or from harmonics, to the entries.
        entries: for each path its entries, sorted by i, then by m.
    """

    program: Program
    entries: tuple[tuple[MatrixEntry, ...], ...]


@cache
def coefficients(a: int, b: int, c: int) -> tuple[tuple[int, int, int, Surd], ...]:
    """K as terms (m, i, j, coefficient), sorted, in a convention whose components are orthonormal up to one factor.

    Raises:
        InputError: |a - b| <= c <= a + b fails.
    """
    found = coupling(a, b, c)
    if found is None:
        raise InputError(f"ranks {a} and {b} do not couple to {c}: a rank is between their difference and their sum")
    left, right, out = (conventions.component_norms("e3nn_norm", l) for l in (a, b, c))
    raw = [(m, i, j, Surd.rational(k) * out[m] * left[i].inverse() * right[j].inverse()) for m, i, j, k in found.terms]
    unit = Surd.root((2 * c + 1) / sum((k.square for *_, k in raw), Fraction(0)))
    return tuple((m, i, j, k * unit) for m, i, j, k in raw)


def matrices_of_vectors(paths: tuple[CouplingRanks, ...], l_max: int, convention: str, solid: bool) -> MatricesProgram:
    """The matrices of a vector, whose harmonics up to l_max are those of `harmonics_program`."""
    builder = Builder()
    return _matrices(builder, harmonics_values(builder, builder.input("x", 3), l_max, convention, solid), paths)


def matrices_of_harmonics(paths: tuple[CouplingRanks, ...], size: int) -> MatricesProgram:
    """The matrices of harmonics that are given, `size` components of them; linear in these."""
    builder = Builder()
    return _matrices(builder, list(builder.input("x", size)), paths)


def _matrices(builder: Builder, harmonics: list[int], paths: tuple[CouplingRanks, ...]) -> MatricesProgram:
    outputs: list[int] = []
    entries: list[tuple[MatrixEntry, ...]] = []
    for path in paths:
        sums: dict[tuple[int, int], list[tuple[Surd, int]]] = {}
        factor = Surd.rational(path.factor)
        for m, i, j, k in coefficients(path.a, path.b, path.c):
            sums.setdefault((i, m), []).append((k * factor, harmonics[path.first + j]))
        own: list[MatrixEntry] = []
        for (i, m), terms in sorted(sums.items()):
            own.append((m, i, len(outputs)))
            outputs.append(builder.combine(terms))
        entries.append(tuple(own))
    builder.output("y", outputs)
    return MatricesProgram(builder.build(), tuple(entries))
