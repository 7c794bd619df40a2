from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from invgen.algebra.modular import Plain
from invgen.show.matrices.words import (
    COLUMN,
    CROSS,
    DETERMINANT,
    DEVIATOR,
    IDENTITY,
    PROJECTOR,
    ROW,
    SKEW,
    SQUARE,
    TRANSPOSED,
    VECTOR,
    Factor,
    Letter,
    Order,
    Symbol,
    Term,
    Values,
    collected,
    cross,
    reversed_word,
)

S, R, F = Letter("S", DEVIATOR, 0), Letter("R", SKEW, 1), Letter("F", SQUARE, 2)
V, N, AXIS = Letter("v", VECTOR, 3), Letter("N", PROJECTOR), Letter("n", VECTOR)
ORDER = Order((S, R, F, V, N, AXIS))
s, r, f, n = Symbol(S), Symbol(R), Symbol(F), Symbol(N)


def test_traces_are_equal_up_to_cyclic_order_and_transposition() -> None:
    assert ORDER.trace((r, s, r)) == ORDER.trace((s, r, r)) == ORDER.trace((r, r, s))
    transposed = Symbol(F, TRANSPOSED)
    assert ORDER.trace((s, f)) == ORDER.trace((transposed, s))


@pytest.mark.parametrize("word", [(s,), (r,), (s, r), (r, r, r), (s, s, r), (Symbol(V, CROSS),)])
def test_traces_that_vanish_by_symmetry_are_zero(word: tuple[Symbol, ...]) -> None:
    assert ORDER.trace(word) == (0, ())


def test_traces_that_are_numbers_are_counted() -> None:
    assert ORDER.trace(()) == (3, ())
    assert ORDER.trace((n,)) == (1, ())
    assert ORDER.scalar((Symbol(AXIS, ROW), Symbol(AXIS, COLUMN))) == (1, ())


def test_a_skew_matrix_between_equal_vectors_is_zero() -> None:
    v = (Symbol(V, ROW), Symbol(V, COLUMN))
    assert ORDER.scalar((v[0], r, v[1])) == (0, ())
    assert ORDER.scalar((v[0], s, Symbol(V, CROSS), v[1])) == (0, ())
    assert ORDER.scalar((v[0], s, v[1]))[0] == 1


def test_the_trace_of_a_dyad_is_a_scalar_product() -> None:
    dyad = (s, Symbol(V, COLUMN), Symbol(AXIS, ROW))
    assert ORDER.trace(dyad) == ORDER.scalar((Symbol(AXIS, ROW), s, Symbol(V, COLUMN)))


def test_values_agree_with_the_laws_of_vectors() -> None:
    generator = np.random.default_rng(0)
    u, w = generator.integers(-9, 9, (2, 4, 3)).astype(object)
    np.testing.assert_array_equal((cross(u) @ w[..., None])[..., 0], np.cross(w, u))
    a = generator.integers(-9, 9, (4, 3, 3)).astype(object)
    values = Values({"v": u, "n": w, "F": a}, Plain())
    sign, turned = reversed_word((f, Symbol(V, CROSS)))
    assert sign == -1
    expected = np.swapaxes(values.word((f, Symbol(V, CROSS))), -1, -2)
    np.testing.assert_array_equal(-values.word(turned), expected)
    columns = ((Symbol(V, COLUMN),), (Symbol(AXIS, COLUMN),), (f, Symbol(V, COLUMN)))
    determinant = values.of(Factor(DETERMINANT, columns))
    expected = [sum(np.cross(x, y) * z) for x, y, z in zip(u, w, (a @ u[..., None])[..., 0], strict=True)]
    assert determinant.tolist() == expected


def test_like_terms_are_collected_and_multiples_of_the_identity_come_last() -> None:
    trace = Factor("trace", ((s, s),))
    terms = [
        Term(Fraction(1), (trace, IDENTITY)),
        Term(Fraction(2), (Factor("word", ((s, s),)),)),
        Term(Fraction(-1, 3), (trace, IDENTITY)),
        Term(Fraction(1), (Factor("word", ((r,),)),)),
        Term(Fraction(-1), (Factor("word", ((r,),)),)),
    ]
    found = collected(terms, ORDER)
    assert [term.coefficient for term in found] == [2, Fraction(2, 3)]
