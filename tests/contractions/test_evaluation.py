from __future__ import annotations

from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from invgen import TensorSpace
from invgen.algebra.finite_field import derived_primes
from invgen.algebra.modular import PrimeField, fractions_mod
from invgen.contractions.at_points import evaluator, exact_evaluator, jacobian
from invgen.contractions.candidates import connected_contractions
from invgen.contractions.contraction import Contraction, parse
from invgen.contractions.evaluation import unfolded_exponents
from invgen.spaces.groups import weak_compositions
from tests.support import oracles

SPACE = TensorSpace("s:0e + v:1o + q:2e + t:3o", group="SO3")
LINES = [
    "s",
    ", s,s",
    ",i,i s,v,v",
    "i,i v,v",
    "i,ij,j v,q,v",
    "ij,jk,ki q,q,q",
    "ijk,ijl,abk,abl t,t,t,t",
    "i,j,k,ijk v,v,v,t",
    "i,jk,ijk v,q,t",
    "ijk,i,jl,klm,m eps,v,q,t,v",
    "kij,i,jl,klm,m eps,v,q,t,v",  # the same with eps_kij = eps_ijk
    "jik,i,jl,klm,m eps,v,q,t,v",  # and with the opposite sign
    "i,ijk,jl,klm,m v,eps,q,t,v",
    "ij,ij,kl,kl q,q,q,q",
    "ijk,i,jl,kl,ab,ab eps,v,q,q,q,q",
]


def small_contractions() -> list[Contraction]:
    space = TensorSpace("v:1o + q:2e + t:3o", group="SO3")
    return [c for d in (2, 3, 4) for m in weak_compositions(3, d) for _, c in connected_contractions(space, m)]


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize("seed", range(3))
def test_values_are_those_of_full_cartesian_tensors(line: str, seed: int) -> None:
    contraction = parse(line)
    tensors = oracles.random_tensors(SPACE, np.random.default_rng(seed))
    x = np.array([oracles.rational_vector(tensors)], dtype=object)
    assert exact_evaluator(SPACE, x).value(contraction).tolist() == [oracles.contract(contraction, SPACE, tensors)]


def test_exchanging_indices_of_epsilon_changes_the_sign() -> None:
    tensors = oracles.random_tensors(SPACE, np.random.default_rng(4))
    at = exact_evaluator(SPACE, np.array([oracles.rational_vector(tensors)], dtype=object))
    plus, cyclic, minus, moved = (at.value(parse(LINES[i]))[0] for i in (9, 10, 11, 12))
    assert plus == cyclic == -minus == moved != 0


@pytest.mark.parametrize("seed", range(2))
def test_all_small_connected_contractions_have_the_value_of_the_einsum(seed: int) -> None:
    tensors = oracles.random_tensors(SPACE, np.random.default_rng(seed))
    at = exact_evaluator(SPACE, np.array([oracles.rational_vector(tensors)], dtype=object))
    for contraction in small_contractions():
        if sum(len(g) for g in contraction.groups) <= 12:  # at most 3^6 terms
            assert at.value(contraction)[0] == oracles.contract(contraction, SPACE, tensors)


@pytest.mark.parametrize("line", LINES)
def test_gradients_are_those_of_full_cartesian_tensors(line: str) -> None:
    contraction = parse(line)
    tensors = oracles.random_tensors(SPACE, np.random.default_rng(7))
    x = np.array([oracles.rational_vector(tensors)], dtype=object)
    expected = oracles.contract_gradient(contraction, SPACE, tensors)
    assert exact_evaluator(SPACE, x).gradient(contraction)[0].tolist() == expected


@settings(max_examples=20)
@given(st.integers(0, 10**6), st.sampled_from(LINES))
def test_residues_are_the_exact_value_modulo_each_prime(seed: int, line: str) -> None:
    contraction = parse(line)
    primes = derived_primes(f"seed {seed}", 3)
    points = np.random.default_rng(seed).integers(0, min(primes), (3, SPACE.dimension))
    exact = exact_evaluator(SPACE, points.astype(object))
    modular = evaluator(SPACE, primes, points)
    values, gradients = exact.value(contraction), exact.gradient(contraction)
    for i, p in enumerate(primes):
        assert modular.value(contraction)[i] == residue(values[i], p)
        assert modular.gradient(contraction)[i].tolist() == [residue(g, p) for g in gradients[i]]
    assert jacobian(SPACE, [contraction], primes[1], points[1])[0].tolist() == [
        residue(g, primes[1]) for g in gradients[1]
    ]


def residue(value: Fraction | int, prime: int) -> int:
    value = Fraction(value)
    return value.numerator * pow(value.denominator, -1, prime) % prime


def test_high_ranks_do_not_overflow_the_prime_field() -> None:
    # Rank 20: multinomial weights reach 1.3e8, entries 2^31, so a careless sum would leave 64 bits.
    space = TensorSpace("a:20e")
    primes = derived_primes("rank 20", 1)
    points = np.full((1, 41), primes[0] - 1)
    contraction = Contraction("abcdefghijklmnopqrst,abcdefghijklmnopqrst", ("a", "a"))
    exact = exact_evaluator(space, points.astype(object))
    modular = evaluator(space, primes, points)
    assert modular.value(contraction)[0] == residue(exact.value(contraction)[0], primes[0])
    assert modular.gradient(contraction)[0].tolist() == [residue(g, primes[0]) for g in exact.gradient(contraction)[0]]


@given(st.integers(1, 40), st.integers(0, 10**6))
def test_matrix_products_in_prime_fields_are_exact(inner: int, seed: int) -> None:
    primes = np.array(derived_primes(f"field {seed}", 2))
    rng = np.random.default_rng(seed)
    a, b = rng.integers(0, primes[:, None, None], (2, 3, inner)), rng.integers(0, primes[:, None, None], (2, inner, 4))
    found = PrimeField(primes).matmul(a, b)
    for i, p in enumerate(primes):
        assert (found[i] == a[i].astype(object) @ b[i].astype(object) % int(p)).all()


def test_matrix_products_in_prime_fields_do_not_overflow_at_the_largest_entries() -> None:
    p = 2**31 - 1
    a = np.full((1, 1, 5000), p - 1)
    assert PrimeField(np.array([p])).matmul(a, a.transpose(0, 2, 1)).item() == 5000 * (p - 1) ** 2 % p


def test_fractions_modulo_primes_times_their_denominator_are_the_numerator() -> None:
    primes = np.array([101, 2**31 - 1])
    values = np.array([[Fraction(2, 3), Fraction(-5, 7)], [Fraction(0), Fraction(4)]], dtype=object)
    found = fractions_mod(values, primes)
    assert found.shape == (2, 2, 2)
    for i, p in enumerate(primes):
        for j, k in product(range(2), repeat=2):
            assert found[i, j, k] * values[j, k].denominator % p == values[j, k].numerator % int(p)


def test_an_edge_of_m_indices_has_the_entries_of_a_symmetric_tensor() -> None:
    shape, exponents = unfolded_exponents((2, 1))
    assert shape == (6, 3)
    assert exponents[0] == (3, 0, 0) and exponents[-1] == (0, 0, 3)
    assert len(exponents) == 18 and set(map(sum, exponents)) == {3}
    assert unfolded_exponents(()) == ((), ((0, 0, 0),))


def test_one_evaluator_gives_the_same_value_whatever_it_evaluated_before() -> None:
    x = np.array([range(1, SPACE.dimension + 1)], dtype=object)
    used = exact_evaluator(SPACE, x)
    for line in LINES:
        used.gradient(parse(line))
        assert used.value(parse(line)) == exact_evaluator(SPACE, x).value(parse(line))
