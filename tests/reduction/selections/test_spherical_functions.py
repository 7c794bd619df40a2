"""Moments of real functions on the unit sphere: where Cartesian lists lose rank and flexible sets do not, exactly.

On the sphere x² + y² + z² = 1, so the trace of the moments of order n is the moment of order n - 2: the parts of equal
rank are equal. Directions are rational points of the sphere (stereographic projection of rational points of the
plane), weights are integers or rationals, so that moments, Jacobians and ranks are rational numbers without rounding.
"""

from __future__ import annotations

from fractions import Fraction
from math import prod
from typing import Any

import numpy as np
import pytest
import sympy

import invgen
from invgen import TensorSpace, generate
from invgen.contractions.candidates import connected_contractions
from invgen.spaces import cartesian
from invgen.spaces.groups import weak_compositions
from tests.support import oracles
from tests.support.paths import DATA

Array = np.ndarray
Direction = tuple[Fraction, Fraction, Fraction]

ORDERS = range(4)
SPACE = TensorSpace.moments(ORDERS)
T3 = TensorSpace.moments((3,))
NEEDED = 13  # H0 + H1 + H2 + H3 have 16 components, a generic orbit has dimension 3
LANGBEIN_HAGEN = ("ijk,ijk", "iij,jkk", "ijk,lmn,imn,jkl", "ijk,ilm,jln,kmn", "ijk,ilm,jlm,knn", "ijk,ill,jmm,knn")
VOLUMES = DATA / "volumes_vtk"


def on_sphere(vector: Array, denominator: int) -> Direction:
    """A rational point of the unit sphere near the direction of a vector, projected from the pole further away."""
    x, y, z = vector / np.linalg.norm(vector)
    side = 1 if z < 0 else -1
    u, v = (Fraction(round(denominator * c / (1 - side * z)), denominator) for c in (x, y))
    size = 1 + u * u + v * v
    return 2 * u / size, 2 * v / size, side * (u * u + v * v - 1) / size


def moments(orders: Any, points: list[Direction], weights: list[Fraction]) -> list[Fraction]:
    return [
        sum((w * x**a * y**b * z ** (n - a - b) for (x, y, z), w in zip(points, weights)), start=Fraction(0))
        for n in orders
        for a in range(n, -1, -1)
        for b in range(n - a, -1, -1)
    ]


def neighbours_of_a_hydrogen() -> tuple[list[Direction], list[Fraction]]:
    """Ethanol as one hydrogen of its CH2 sees it: the directions of the other atoms with their nuclear charges."""
    molecule = pytest.importorskip("ase.collections", reason="ASE brings the molecules").g2["CH3CH2OH"]
    others = [i for i in range(len(molecule)) if i != 4]
    points = [on_sphere(molecule.positions[i] - molecule.positions[4], 1000) for i in others]
    return points, [Fraction(int(molecule.numbers[i])) for i in others]


def shell_of_a_protein() -> tuple[list[Direction], list[Fraction]]:
    """A protein's density in the voxels nearest to 22 points of a sphere about the middle of its box."""
    path = VOLUMES / "ironprot_68.npz"
    if not path.exists():
        pytest.skip(f"the protein's density {path} is not here; set INVGEN_DATA to the folder of data sets")
    with np.load(path) as stored:
        volume = stored["density"]
    grid = [Fraction(i, 2) for i in range(-2, 3)]
    points = [
        (2 * u / (1 + u * u + v * v), 2 * v / (1 + u * u + v * v), side * (1 - u * u - v * v) / (1 + u * u + v * v))
        for side in (1, -1)
        for u in grid
        for v in grid
        if u * u + v * v <= (1 if side > 0 else Fraction(1, 2))  # the equator once
    ]
    middle, radius = np.array(volume.shape) // 2, min(volume.shape) // 4
    voxels = [tuple(middle + np.rint(radius * np.array(p, dtype=float)).astype(int)) for p in points]
    return points, [Fraction(int(volume[v])) for v in voxels]


FUNCTIONS = {"molecule": neighbours_of_a_hydrogen, "protein": shell_of_a_protein}


@pytest.fixture(scope="module", params=FUNCTIONS)
def function(request: pytest.FixtureRequest) -> tuple[list[Direction], list[Fraction]]:
    points, weights = FUNCTIONS[request.param]()
    assert all(x * x + y * y + z * z == 1 for x, y, z in points)
    assert len(set(weights)) > 2
    return points, weights


def irreducible(space: TensorSpace, components: list[Fraction]) -> Array:
    assert space.layout is not None
    return np.array(space.layout.matrix, dtype=object) @ np.array(components, dtype=object)


def cartesian_of(space: TensorSpace) -> Array:
    """The matrix from irreducible parts to Cartesian components."""
    assert space.layout is not None
    inverse = sympy.Matrix(space.layout.matrix).inv()
    return np.array([[Fraction(int(v.p), int(v.q)) for v in inverse.row(i)] for i in range(inverse.rows)], dtype=object)


def spherical_directions() -> Array:
    """The tangent space of spherical functions in irreducible parts: parts of equal rank move alike, (20, 16)."""
    ranks = sorted({t.l for t in SPACE.tensors})
    starts = {l: sum(2 * k + 1 for k in ranks if k < l) for l in ranks}
    columns = np.full((SPACE.dimension, NEEDED + 3), Fraction(0), dtype=object)
    for tensor, where in zip(SPACE.tensors, SPACE.slices, strict=True):
        for k in range(tensor.dimension):
            columns[where.start + k, starts[tensor.l] + k] = Fraction(1)
    return columns


def gradient(polynomial: Any, point: list[Fraction]) -> list[Fraction]:
    found = [Fraction(0)] * len(point)
    for c, exponents in zip(*polynomial, strict=True):
        for i, k in enumerate(exponents):
            if k:
                lowered = [*exponents[:i], k - 1, *exponents[i + 1 :]]
                found[i] += c * k * prod((v**p for v, p in zip(point, lowered) if p), start=Fraction(1))
    return found


def rank(matrix: Array) -> int:
    return oracles.exact_rank([[Fraction(v) for v in row] for row in matrix])


def whole_contractions(max_degree: int) -> list[tuple[str, tuple[str, ...]]]:
    """Contractions of the whole tensors m0, ..., m3 by degree, traces of them taken inside included."""
    traced = {"a": ("m0", 0), "b": ("m1", 0), "c": ("m2", 0), "d": ("m2", 1), "e": ("m3", 0), "f": ("m3", 1)}
    pieces = TensorSpace("a:0e + b:1o + c:2e + d:0e + e:3o + f:1o")
    found = []
    for degree in range(1, max_degree + 1):
        for multidegree in weak_compositions(len(pieces.tensors), degree):
            for _, written in connected_contractions(pieces, multidegree):
                if "eps" in written.tensors:
                    continue
                free = iter(sorted(set("abcdefghijklmnopqrstuvwxyz") - set(written.subscripts), reverse=True))
                groups = [
                    group + "".join(2 * next(free) for _ in range(traced[name][1]))
                    for group, name in zip(written.subscripts.split(","), written.tensors, strict=True)
                ]
                found.append((",".join(groups), tuple(traced[name][0] for name in written.tensors)))
    return found


def test_parts_of_equal_rank_are_equal(function: tuple[list[Direction], list[Fraction]]) -> None:
    x = irreducible(SPACE, moments(ORDERS, *function))
    part = {name: list(x[where]) for name, where in zip(SPACE.names, SPACE.slices, strict=True)}
    assert part["m2_0"] == part["m0_0"] and part["m3_1"] == part["m1_1"]
    assert all(any(values) for values in part.values())


@pytest.mark.parametrize(("mode", "size"), [("specific", 17), ("minimal-set", 22)])
def test_flexible_sets_keep_full_rank(function: tuple[list[Direction], list[Fraction]], mode: str, size: int) -> None:
    basis = generate(SPACE, 10, select="flexible", flexible=mode, convention="rational")
    jacobian = basis.jacobian(irreducible(SPACE, moments(ORDERS, *function)))
    assert len(basis) == size and rank(jacobian) == SPACE.dimension - 3
    assert rank(jacobian @ spherical_directions()) == NEEDED


def test_independent_sets_fall_short_there(function: tuple[list[Direction], list[Fraction]]) -> None:
    """Generic full rank says nothing of spherical functions, be the list made of whole tensors or of their parts."""
    components = moments(ORDERS, *function)
    basis = generate(SPACE, 4, convention="rational")
    assert len(basis) == 17 and basis.certificate.complete
    assert rank(basis.jacobian(irreducible(SPACE, components)) @ spherical_directions()) == 11
    # The pass of Langbein and Hagen over contractions of whole tensors, lowest degrees first.
    assert SPACE.layout is not None
    listed = [cartesian.contraction_polynomial(*c, SPACE.layout) for c in whole_contractions(4)]
    greedy = invgen.independent_subset(listed, SPACE)
    assert greedy.rank == greedy.certificate.target == 17
    along = cartesian_of(SPACE) @ spherical_directions()
    gradients = np.array([gradient(p, components) for p in listed], dtype=object)
    assert rank(gradients[list(greedy.indices)] @ along) == 10
    assert rank(gradients @ along) == NEEDED  # what was rejected as dependent would have been needed


def test_the_printed_list_keeps_two_of_four_where_the_centroid_is_the_origin(
    function: tuple[list[Direction], list[Fraction]],
) -> None:
    points, weights = function
    # The weights nearest to the given ones that bring the centroid to the origin, so that order 3 has no trace.
    directions = sympy.Matrix(points).T
    given = sympy.Matrix(weights)
    centred = given - directions.T * (directions * directions.T).LUsolve(directions * given)
    weights = [Fraction(int(v.p), int(v.q)) for v in centred]
    components = moments((3,), points, weights)
    x = irreducible(T3, components)
    assert not any(moments((1,), points, weights)) and not any(x[T3.slices[T3.index("m3_1")]])
    deviator = T3.slices[T3.index("m3_3")]
    assert any(x[deviator])
    assert T3.layout is not None
    printed = [cartesian.contraction_polynomial(p, ("m3",) * (p.count(",") + 1), T3.layout) for p in LANGBEIN_HAGEN]
    gradients = np.array([gradient(p, components) for p in printed], dtype=object)
    assert rank(gradients @ cartesian_of(T3)[:, deviator]) == 2
    for mode in ("specific", "minimal-set"):
        basis = generate(T3, 10, select="flexible", flexible=mode, convention="rational")
        assert len(basis) == 7 and rank(basis.jacobian(x)[:, deviator]) == 4
