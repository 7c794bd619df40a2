from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from invgen import TensorSpace, generate
from invgen.basis.basis import Basis
from invgen.contractions.candidates import connected_contractions
from invgen.contractions.contraction import parse
from invgen.contractions.expansion import coordinates
from invgen.errors import EnumerationError, InputError
from invgen.spaces.groups import weak_compositions
from tests.support import oracles
from tests.support.hiphop import HIPPYNN, SPACE


@pytest.fixture(scope="module")
def linear() -> Basis:
    return generate(SPACE, 4, select="linear", convention="rational")


@pytest.mark.parametrize("line", HIPPYNN)
def test_each_of_hippynns_thirteen_expands_exactly(linear: Basis, line: str) -> None:
    coefficients = linear.expand(line)
    assert coefficients and all(isinstance(c, Fraction) and c for c in coefficients.values())
    rng = np.random.default_rng(0)
    for _ in range(3):
        tensors = oracles.random_tensors(SPACE, rng)
        values = linear.evaluate(np.array(oracles.rational_vector(tensors), dtype=object))
        expected = oracles.contract(parse(line), SPACE, tensors)
        assert sum(c * values[i] for i, c in coefficients.items()) == expected


def test_every_connected_contraction_expands(linear: Basis) -> None:
    rng = np.random.default_rng(1)
    x = np.array(oracles.rational_vector(oracles.random_tensors(SPACE, rng)), dtype=object)
    values = linear.evaluate(x)
    for multidegree in weak_compositions(4, 4):
        if SPACE.admits(multidegree) and not multidegree[0]:
            for _, contraction in connected_contractions(SPACE, multidegree):
                given = Basis.from_contractions([str(contraction)], SPACE, "rational").evaluate(x)[0]
                assert sum(c * values[i] for i, c in linear.expand(contraction).items()) == given


def test_members_expand_to_themselves(linear: Basis) -> None:
    for member in linear:
        assert linear.expand(member) == {member.index: 1}


def test_known_identities() -> None:
    # Cayley-Hamilton for a traceless 3 x 3 matrix: tr Q^4 = (tr Q²)² / 2
    space = TensorSpace("q:2e")
    basis = generate(space, 4, select="linear")
    found = basis.expand("ij,jk,kl,li q,q,q,q")
    (place,) = found
    assert found == {place: Fraction(1, 2)}
    assert basis.contractions[place].canonical_graph(space) == parse("ij,ij,kl,kl q,q,q,q").canonical_graph(space)


def test_what_vanishes_expands_to_nothing() -> None:
    basis = generate(TensorSpace("v:1o", group="SO3"), 3, select="linear")
    assert basis.expand("ijk,i,j,k eps,v,v,v") == {}


def test_what_does_not_expand_is_an_error() -> None:
    space = TensorSpace("v:1o + q:2e")
    with pytest.raises(EnumerationError, match="does not expand in the given members"):
        coordinates(space, [parse("i,i,jk,jk v,v,q,q")], parse("i,ij,jk,k v,q,q,v"))


def test_only_linear_bases_expand_and_only_up_to_their_degree(linear: Basis) -> None:
    with pytest.raises(InputError, match="only a basis with select='linear' expands"):
        generate(SPACE, 2).expand("i,i v,v")
    with pytest.raises(InputError, match="has degree 5, the basis reaches 4"):
        linear.expand("i,ij,jk,kl,l v,q,q,q,v")
    with pytest.raises(InputError, match="has no tensor 'w'"):
        linear.expand("i,i w,w")
