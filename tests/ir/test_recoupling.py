"""Sums of coupling trees are the contractions that they were made from, over the rationals."""

from __future__ import annotations

import random
from fractions import Fraction

import numpy as np
import pytest

from invgen import TensorSpace
from invgen.contractions.at_points import exact_evaluator
from invgen.contractions.contraction import parse
from invgen.contractions.trees import CouplingTree, write
from invgen.ir.recoupling import recouplings

SPACE = TensorSpace("s:0e + v:1e + w:1e + q:2e + r:2e + t:3e + h:4e", group="SO3")
LINES = [
    "i,i v,w",
    "ij,jk,ik q,q,q",
    "ij,jk,ik q,r,q",
    "ijkl,ikm,jlm h,t,t",
    "ijk,ijl,abk,abl t,t,t,t",
    "ij,jk,kl,li q,r,q,r",
    "ijk,il,jm,klm t,q,r,t",
    "i,j,ijab,ab v,w,h,q",
    "ij,jk,ia,ka q,r,q,q",
    "il,jl,k,ijk q,r,v,eps",
]


@pytest.mark.parametrize("line", LINES)
def test_each_pairing_gives_the_contraction(line):
    contraction = parse(line).check(SPACE)
    found = recouplings(contraction)
    rng = random.Random(5)
    points = np.array([[rng.randint(-4, 4) for _ in range(SPACE.dimension)] for _ in range(2)])
    evaluator = exact_evaluator(SPACE, points)
    wanted = evaluator.value(contraction).tolist()
    assert len(found) == {2: 1, 3: 3, 4: 3}[contraction.degree]
    for sum_of_trees in found:
        values = [Fraction(0), Fraction(0)]
        for coefficient, node in sum_of_trees:
            tree = evaluator.value(CouplingTree(write(node))).tolist()
            values = [total + coefficient * value for total, value in zip(values, tree, strict=True)]
        assert values == wanted


def test_products_with_scalars_and_degree_five_are_left_to_contractions():
    for line in ("i,,i v,s,v", "i,j,ij,kl,kl v,w,q,q,q", " s"):
        assert recouplings(parse(line)) == ()
