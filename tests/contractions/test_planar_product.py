"""Products of complex moments: text, law, values and gradients; and which of them generate a multidegree."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from invgen.basis.basis import Basis
from invgen.contractions import expression, planar_product
from invgen.contractions.at_points import jacobian
from invgen.contractions.planar_product import PlanarProduct
from invgen.errors import InputError
from invgen.ir.lowering import lower
from invgen.reduction.search.planar_monomials import planar_invariants
from invgen.spaces.groups import weak_compositions
from invgen.spaces.space import Irrep, TensorSpace

SPACE = TensorSpace("s:0e + p:0o + a:1e + b:2e + d:2o", "SO2")


@pytest.mark.parametrize("text", ["Re(a a*)", "Im(a a b*)", "Re(s)", "Re(s p a a*)", "Im(b d*)"])
def test_text_json_and_names_come_back(text: str) -> None:
    product = PlanarProduct(text).check(SPACE)
    assert expression.parse(f" {text}") == product == expression.from_json(product.to_json())
    there = {name: f"x_{name}" for name in SPACE.names}
    back = {new: old for old, new in there.items()}
    assert product.renamed(there).renamed(back) == product
    assert product.degree == sum(product.multidegree(SPACE)) == len(product.tensors)


@pytest.mark.parametrize("text", ["", "Re()", "Re(a  a*)", "re(a a*)", "Re(a,a*)", "Re(a** a)", "Re(a a*) ", "Abs(a)"])
def test_other_texts_are_refused(text: str) -> None:
    with pytest.raises(InputError, match="cannot read the product"):
        PlanarProduct(text)


@pytest.mark.parametrize(
    ("text", "group", "words"),
    [
        ("Re(a b*)", "SO2", "has weight -1"),
        ("Re(a x*)", "SO2", "no tensor 'x'"),
        ("Re(s*)", "SO2", "is real"),
        ("Im(a a*)", "SO2", "this is zero"),
        ("Im(s s)", "SO2", "this is zero"),
        ("Im(a a b*)", "O2", "changes sign under reflections"),
        ("Re(a a d*)", "O2", "changes sign under reflections"),
        ("Re(p)", "O2", "changes sign under reflections"),
    ],
)
def test_what_is_no_invariant_is_refused_with_the_reason(text: str, group: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        PlanarProduct(text).check(TensorSpace(SPACE.tensors, group))


@pytest.mark.parametrize(
    "text", ["Re(a a*)", "Im(a a b*)", "Re(s s p a a a* a*)", "Im(p b d*)", "Re(s)", "Im(a b b* a d*)"]
)
def test_values_gradients_and_polynomials_are_those_of_complex_numbers(text: str) -> None:
    product, space = PlanarProduct(text), SPACE
    basis = Basis.from_contractions([product], space, "rational")
    generator = np.random.default_rng(1)
    x = generator.integers(-9, 10, size=space.dimension).astype(object)

    def direct(point: np.ndarray) -> int:
        real, imaginary = 1, 0
        for name, star in product.moments:
            own = [*point[space.slices[space.index(name)]], 0]
            c, d = own[0], -own[1] if star else own[1]
            real, imaginary = real * c - imaginary * d, real * d + imaginary * c
        return real if product.part == "Re" else imaginary

    assert basis.evaluate(x)[0] == direct(x)
    # a polynomial of degree at most 4 in one variable: the five-point formula is its exact derivative
    found = basis.jacobian(x)[0]
    for i in range(space.dimension):
        step = np.array([int(i == j) for j in range(space.dimension)], dtype=object)
        near = direct(x + step) - direct(x - step)
        far = direct(x + 2 * step) - direct(x - 2 * step)
        assert found[i] == Fraction(8 * near - far, 12)
    prime = 2**31 - 1
    modular = jacobian(space, [product], prime, [int(v) % prime for v in x])[0]
    assert [int(v) for v in modular] == [int(v) % prime for v in found]
    terms = basis[0].polynomial()
    total = sum(c.as_fraction() * int(np.prod([v**k for v, k in zip(x, e, strict=True)])) for e, c in terms.items())
    assert total == direct(x)


def test_squares_of_moments_are_lowered_as_sums_of_squares() -> None:
    basis = Basis.from_contractions(["Re(a a*)"], SPACE)
    assert lower(basis).operations == 3


def test_the_cost_counts_real_multiplications() -> None:
    assert [planar_product.cost(w) for w in ([0], [2], [0, 0], [1, 1], [0, 1, 1], [1, 1, 2])] == [0, 0, 1, 2, 3, 6]


@settings(deadline=None, max_examples=15)
@given(
    st.lists(st.tuples(st.integers(0, 3), st.sampled_from([1, -1])), min_size=1, max_size=3),
    st.sampled_from(["SO2", "O2"]),
)
def test_generators_are_what_products_of_lower_invariants_leave(irreps: list[tuple[int, int]], group: str) -> None:
    """Against linear algebra over the rationals on the expanded products, which knows nothing of reflections."""
    space = TensorSpace([Irrep(f"t{i}", l, parity) for i, (l, parity) in enumerate(irreps)], group)
    points = np.random.default_rng(0).integers(0, 2**31 - 1, size=(60, space.dimension))
    from invgen.algebra.finite_field import rank
    from invgen.contractions.at_points import evaluator

    prime = 2**31 - 1
    at = evaluator(space, [prime] * len(points), points)
    values: dict[tuple[int, ...], list[np.ndarray]] = {}
    for degree in range(1, 7):
        for multidegree in weak_compositions(len(irreps), degree):
            found = planar_invariants(space, multidegree)
            everything = [at.value(e.check(space)) for e in (*found.generated, *found.generators)]
            values[multidegree] = everything
            products = [
                a * b % prime
                for lower, left in values.items()
                if sum(lower) < degree and all(i <= k for i, k in zip(lower, multidegree, strict=True))
                for a in left
                for b in values[tuple(k - i for i, k in zip(lower, multidegree, strict=True))]
            ]
            spanned = rank(np.stack(products), prime) if products else 0
            assert spanned == len(found.generated)
            count = space.count(multidegree)
            assert count == len(everything) == (rank(np.stack(everything), prime) if everything else 0)
            generators = [at.value(e) for e in found.generators]
            assert not count or rank(np.stack([*products, *generators]), prime) == count
