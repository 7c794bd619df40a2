from __future__ import annotations

import hashlib
import json
from fractions import Fraction
from itertools import product
from math import comb, gcd, prod
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import invgen
from invgen import Basis, TensorSpace, generate
from invgen.basis import file as basis_file
from invgen.cli import main
from invgen.errors import BasisFileError, InputError
from invgen.ir.lowering import lower
from invgen.spaces import cartesian
from invgen.spaces.reading import read_space
from invgen.testing import assert_invariant, assert_kernel_matches, random_rotation, representation
from tests.support import oracles

Array = np.ndarray

FIELDS = [("scalar", 5), ("vector", 4), ("matrix", 3), ("pseudovector", 3)]
INDICES = {"scalar": 0, "vector": 1, "matrix": 2, "pseudovector": 1}
SPACES = {
    "scalar 0..3": TensorSpace.moments(range(4)),
    "central 2..3": TensorSpace.moments((2, 3)),
    "vector 0..1": TensorSpace.moments(range(2), values="vector"),
    "matrix 0..1": TensorSpace.moments(range(2), values="matrix"),
    "pseudovector 0..1": TensorSpace.moments(range(2), values="pseudovector"),
    "elasticity": TensorSpace.cartesian("ijkl=jikl=klij"),
    "piezoelectric": TensorSpace.cartesian("ijk=ikj"),
    "stress, SO3": TensorSpace.cartesian("ij", group="SO3"),
}


def moments_of_cloud(orders: range, points: Array, values: Array) -> Array:
    """Sums over a cloud of x^a y^b z^c f, f a number, vector or matrix: orders ascending, x before y before z."""
    found: list[float] = []
    for n in orders:
        for a in range(n, -1, -1):
            for b in range(n - a, -1, -1):
                weights = points[:, 0] ** a * points[:, 1] ** b * points[:, 2] ** (n - a - b)
                found += np.tensordot(weights, values, axes=1).ravel().tolist()
    return np.array(found)


def cloud(rng: np.random.Generator, indices: int, size: int = 30) -> tuple[Array, Array]:
    return rng.normal(size=(size, 3)), rng.normal(size=(size, *(3,) * indices))


def moved(points: Array, values: Array, matrix: Array, kind: str = "vector") -> tuple[Array, Array]:
    """The cloud turned by an orthogonal matrix, and with it the values on their indices."""
    if kind == "pseudovector":
        values = values * np.linalg.det(matrix)
    for axis in range(1, values.ndim):
        values = np.moveaxis(np.tensordot(matrix, values, axes=(1, axis)), 0, axis)
    return points @ matrix.T, values


# The decomposition


@pytest.mark.parametrize(("values", "highest"), FIELDS)
def test_components_of_a_moved_field_are_the_moved_components(values: str, highest: int) -> None:
    space = TensorSpace.moments(range(highest + 1), values=values)
    layout = np.array(space.layout.matrix, dtype=float)
    rng = np.random.default_rng(0)
    points, field = cloud(rng, INDICES[values])
    before = layout @ moments_of_cloud(range(highest + 1), points, field)
    for reflect in (False, True):
        matrix = random_rotation(rng, reflect)
        after = layout @ moments_of_cloud(range(highest + 1), *moved(points, field, matrix, values))
        expected = representation(space, matrix, "rational") @ before
        # sums of 30 terms of degree 5 and integers up to some hundred: rounding relative to the largest component
        assert np.abs(after - expected).max() < 1e-11 * np.abs(before).max()
        assert np.abs(after - before).max() > 1e-2 * np.abs(before).max()


@pytest.mark.parametrize(("values", "highest"), [("scalar", 8), ("vector", 5), ("matrix", 4), ("pseudovector", 3)])
def test_the_irreducible_components_are_coordinates(values: str, highest: int) -> None:
    space = TensorSpace.moments(range(highest + 1), values=values)
    rows = [[Fraction(c) for c in row] for row in space.layout.matrix]
    assert oracles.exact_rank(rows) == space.dimension
    assert space.dimension == 3 ** INDICES[values] * comb(highest + 3, 3)


@pytest.mark.parametrize("space", SPACES.values(), ids=SPACES)
def test_each_part_is_a_block_of_coprime_integers(space: TensorSpace) -> None:
    for where in space.slices:
        assert gcd(*(c for row in space.layout.rows[where] for _, c in row)) == 1
        assert all(c for row in space.layout.rows[where] for _, c in row)


@pytest.mark.parametrize("n", range(7))
def test_scalar_moments_are_deviators_of_even_traces(n: int) -> None:
    space = TensorSpace.moments((n,))
    assert [t.l for t in space.tensors] == list(range(n, -1, -2))
    assert {t.parity for t in space.tensors} == {(-1) ** n}
    rng = np.random.default_rng(n)
    points, weights = rng.integers(-4, 5, (6, 3)), rng.integers(-4, 5, 6)
    moments = [
        sum(int(w) * int(x) ** a * int(y) ** b * int(z) ** (n - a - b) for (x, y, z), w in zip(points, weights))
        for a in range(n, -1, -1)
        for b in range(n - a, -1, -1)
    ]
    found = np.array(space.layout.matrix, dtype=object) @ np.array(moments, dtype=object)
    for tensor, where in zip(space.tensors, space.slices, strict=True):
        for m, harmonic in enumerate(oracles.harmonics(tensor.l)):
            expected = 0
            for (x, y, z), w in zip(points.tolist(), weights.tolist()):
                value = sum(c * x**a * y**b * z**k for (a, b, k), c in harmonic.items())
                expected += w * value * (x * x + y * y + z * z) ** ((n - tensor.l) // 2)
            # the solid harmonics are coprime already, and so are their products with r²
            assert found[where][m] == expected


@pytest.mark.parametrize(
    ("values", "letter"), [("scalar", "m"), ("vector", "v"), ("matrix", "t"), ("pseudovector", "a")]
)
def test_names_say_order_rank_and_value(values: str, letter: str) -> None:
    space = TensorSpace.moments((0, 2), values=values)
    assert all(name.startswith((f"{letter}0_", f"{letter}2_")) for name in space.names)
    assert space.components == space.layout.names
    first = {"scalar": "m000", "vector": "v000_x", "matrix": "t000_xx", "pseudovector": "a000_x"}[values]
    last = {"scalar": "m002", "vector": "v002_z", "matrix": "t002_zz", "pseudovector": "a002_z"}[values]
    assert (space.components[0], space.components[-1]) == (first, last)


def test_powers_above_nine_are_told_apart() -> None:
    names = TensorSpace.moments(range(13)).components
    assert len(set(names)) == len(names) and "m10_0_0" in names and "m12_0_0" in names


def test_components_of_irreps_keep_their_names() -> None:
    assert TensorSpace("1o").components == ("l1[-1]", "l1[0]", "l1[1]")
    assert TensorSpace("1o").layout is None


# The counts of the reference page


@pytest.mark.parametrize(
    ("values", "orders", "max_degree", "count"),
    [
        *(("scalar", range(o + 1), 4, comb(o + 3, 3) - 3) for o in range(2, 9)),
        *(("scalar", range(2, o + 1), 4, n) for o, n in zip(range(2, 9), (3, 13, 28, 49, 77, 113, 158), strict=True)),
        *(("vector", range(o + 1), d, n) for o, d, n in ((0, 2, 1), (1, 4, 9), (2, 3, 27), (3, 3, 57))),
        *(("matrix", range(o + 1), d, n) for o, d, n in ((0, 4, 6), (1, 3, 33), (2, 3, 87))),
        *(("scalar", (k,), d, n) for k, d, n in ((2, 3, 3), (3, 6, 7), (4, 4, 12), (5, 5, 18), (6, 4, 25))),
    ],
)
def test_independent_moment_invariants_are_as_many_as_published(
    values: str, orders: Any, max_degree: int, count: int
) -> None:
    basis = generate(TensorSpace.moments(orders, values=values), max_degree)
    assert len(basis) == basis.certificate.rank == basis.certificate.target == count
    assert basis.certificate.verify(basis)


def test_the_elasticity_tensor_has_eighteen() -> None:
    assert len(generate(SPACES["elasticity"], 4)) == 21 - 3


# The convention "cartesian"


@pytest.fixture(scope="module", params=list(SPACES))
def basis(request: pytest.FixtureRequest) -> Basis:
    return generate(SPACES[request.param], 4 if request.param != "matrix 0..1" else 3)


def test_moments_are_the_default_convention(basis: Basis) -> None:
    assert basis.convention == "cartesian"
    assert Basis.from_contractions(basis.contractions, basis.space).convention == "cartesian"
    assert basis.components == basis.space.components
    other = basis.with_convention("sphericart")
    assert other.components[0].endswith("]") and other.id != basis.id and other.certificate == basis.certificate
    assert generate(TensorSpace("1o"), 2).convention == "sphericart"


def test_the_invariants_are_those_of_the_irreducible_components(basis: Basis) -> None:
    rng = np.random.default_rng(3)
    exact = np.array([Fraction(int(v), 3) for v in rng.integers(-9, 10, basis.space.dimension)], dtype=object)
    layout = np.array(basis.space.layout.matrix, dtype=object)
    rational = basis.with_convention("rational")
    assert (basis.evaluate(exact) == rational.evaluate(layout @ exact)).all()
    assert (basis.jacobian(exact) == rational.jacobian(layout @ exact) @ layout).all()


def test_exact_input_gives_what_floats_approximate(basis: Basis) -> None:
    integers = np.random.default_rng(4).integers(-3, 4, (5, basis.space.dimension))
    exact = basis.evaluate(integers.astype(object))
    assert exact.dtype == object and all(isinstance(v, Fraction) for v in exact.flat)
    floats = basis.evaluate(integers)
    assert floats.dtype == np.float64
    scale = np.abs(exact.astype(float)).max(axis=0)
    # degree 4 of some ten components each: hundreds of terms that may cancel, relative to the largest of five values
    assert (np.abs(floats - exact.astype(float)) <= 1e-12 * scale).all()
    assert np.abs(basis.jacobian(integers) - basis.jacobian(integers.astype(object)).astype(float)).max() <= (
        1e-12 * np.abs(basis.jacobian(integers)).max()
    )


def test_polynomials_are_written_in_moments(basis: Basis) -> None:
    point = [Fraction(int(v), 2) for v in np.random.default_rng(5).integers(-5, 6, basis.space.dimension)]
    values = basis.evaluate(np.array(point, dtype=object))
    for member in list(basis)[:12]:
        expanded = member.polynomial()
        total = Fraction(0)
        for exponents, c in expanded.items():
            total += c.as_fraction() * prod((v**k for v, k in zip(point, exponents) if k), start=Fraction(1))
        assert total == values[member.index]
        assert list(expanded) == sorted(expanded, reverse=True)
    symbols = {str(s) for s in basis[0].sympy().free_symbols}
    assert symbols and symbols <= set(basis.components)


def test_the_trace_of_the_second_moment_is_printed_as_such() -> None:
    basis = generate(TensorSpace.moments((2,)), 1)
    assert str(basis[0].sympy()) == "m002 + m020 + m200"


def test_rotated_moments_have_the_same_invariants(basis: Basis) -> None:
    # six values each of degree 4 at most, the rotation itself rounded to 1e-13
    assert_invariant(basis.evaluate, basis.space, "cartesian", samples=6)


@pytest.mark.parametrize(
    ("values", "orders", "max_degree"), [("scalar", range(5), 4), ("vector", range(3), 3), ("matrix", range(2), 3)]
)
def test_a_rotated_point_cloud_has_the_same_invariants_of_its_moments(
    values: str, orders: range, max_degree: int
) -> None:
    basis = generate(TensorSpace.moments(orders, values=values), max_degree, convention="cartesian")
    rng = np.random.default_rng(11)
    points, field = cloud(rng, INDICES[values])
    before = moments_of_cloud(orders, points, field)
    invariants = basis.evaluate(before)
    for reflect in (False, True):
        after = moments_of_cloud(orders, *moved(points, field, random_rotation(rng, reflect)))
        assert np.abs(after - before).max() > 0.1 * np.abs(before).max()
        # each invariant against the size of its terms: moments of one order to the power of its degree
        sizes = np.abs(np.concatenate([before, after])).max() ** np.array(basis.degrees)
        assert (np.abs(basis.evaluate(after) - invariants) < 1e-11 * sizes).all()
    other = moments_of_cloud(orders, *cloud(rng, field.ndim - 1))
    assert (np.abs(basis.evaluate(other) - invariants) > 1e-6 * np.abs(invariants)).all()


@pytest.mark.torch
@pytest.mark.parametrize("target", ["torch", "c"])
@pytest.mark.parametrize("name", ["central 2..3", "elasticity", "vector 0..1"])
def test_kernels_take_the_moments_themselves(name: str, target: str) -> None:
    import torch

    basis = generate(SPACES[name], 3)
    assert_kernel_matches(invgen.compile(basis, target=target, dtype=torch.float64), basis)


def test_programs_are_exact_in_moments(basis: Basis) -> None:
    point = [Fraction(int(v), 7) for v in np.random.default_rng(6).integers(-9, 10, basis.space.dimension)]
    found = lower(basis).evaluate({"x": point}, number="fraction")["y"]
    assert list(found) == list(basis.evaluate(np.array(point, dtype=object)))


# Files


def test_files_keep_the_layout(basis: Basis, tmp_path: Path) -> None:
    path = basis.save(tmp_path / "basis.json")
    loaded = Basis.load(path)
    assert loaded == basis and loaded.space.layout == basis.space.layout and loaded.id == basis.id
    assert loaded.save(tmp_path / "again.json").read_bytes() == path.read_bytes()


def test_the_layout_is_part_of_equality_and_of_the_id() -> None:
    space = SPACES["elasticity"]
    plain = TensorSpace(space.tensors)
    assert plain != space and space == TensorSpace(space.tensors, layout=space.layout)
    assert hash(space) == hash(TensorSpace.cartesian("ijkl=jikl=klij"))
    assert generate(plain, 2, convention="rational").id != generate(space, 2, convention="rational").id
    other = TensorSpace.cartesian("ijkl=klij=jikl")  # the same tensor, declared in another order
    assert other.tensors == space.tensors and other != space


def test_a_forged_layout_is_refused_although_the_id_matches(tmp_path: Path) -> None:
    data = basis_file.to_json(generate(SPACES["elasticity"], 2))
    layout = data["space"]["layout"]
    forged = [
        {**layout, "rows": [[[0, 2], *layout["rows"][0][1:]], *layout["rows"][1:]]},
        {**layout, "names": [*layout["names"][::-1]]},
        {**layout, "recipe": ["cartesian", "ijkl=klij"]},
        {**layout, "recipe": ["cartesian"]},
        {**layout, "recipe": ["moments", "scalar", "x"]},
        {**layout, "recipe": 3},
        {k: v for k, v in layout.items() if k != "rows"},
        {**layout, "more": 1},
        None,
    ]
    for change in forged:
        content = {k: v for k, v in data.items() if k not in ("id", "provenance")}
        content["space"] = {**content["space"], "layout": change}
        text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
        path = tmp_path / "forged.json"
        path.write_text(json.dumps({**content, "id": hashlib.sha256(text.encode("ascii")).hexdigest()}))
        with pytest.raises(BasisFileError, match="is damaged"):
            Basis.load(path)


# Contractions of whole tensors, and a list in print

T3 = TensorSpace.moments((3,))
LANGBEIN_HAGEN = (
    "123,123",
    "112,233",
    "123,456,156,234",
    "123,145,256,346",
    "123,145,245,366",
    "123,144,255,366",
)


def full_symmetric(moments: list[Fraction]) -> Array:
    """The tensor T_ijk of ten moments m300, m210, m201, ..."""
    by_power = dict(
        zip([(a, b, 3 - a - b) for a in range(3, -1, -1) for b in range(3 - a, -1, -1)], moments, strict=True)
    )
    tensor = np.empty((3, 3, 3), dtype=object)
    for index, exponents in oracles.entries(3):
        tensor[index] = by_power[exponents]
    return tensor


def printed(pairs: str) -> tuple[tuple[int, ...], tuple[tuple[int, ...], ...]]:
    return cartesian.contraction_polynomial(pairs, ("m3",) * (pairs.count(",") + 1), T3.layout)


def gradient(polynomial: tuple[tuple[int, ...], tuple[tuple[int, ...], ...]], point: list[Fraction]) -> list[Fraction]:
    found = [Fraction(0)] * len(point)
    for c, exponents in zip(*polynomial, strict=True):
        for i, k in enumerate(exponents):
            if k:
                lowered = [*exponents[:i], k - 1, *exponents[i + 1 :]]
                found[i] += c * k * prod((v**p for v, p in zip(point, lowered) if p), start=Fraction(1))
    return found


@pytest.mark.parametrize("pairs", LANGBEIN_HAGEN)
def test_contractions_with_traces_expand_exactly(pairs: str) -> None:
    moments = [Fraction(int(v)) for v in np.random.default_rng(7).integers(-5, 6, 10)]
    letters = pairs.translate(str.maketrans("123456", "ijklmn"))
    tensor = full_symmetric(moments)
    expected = np.einsum(letters, *[tensor] * (pairs.count(",") + 1), optimize=True)
    coefficients, exponents = printed(pairs)
    value = sum(c * prod(m**k for m, k in zip(moments, e)) for c, e in zip(coefficients, exponents))
    assert value == expected
    assert list(exponents) == sorted(set(exponents), reverse=True) and all(coefficients)


def test_the_six_invariants_of_langbein_and_hagen_have_rank_six_of_seven() -> None:
    polynomials = [printed(pairs) for pairs in LANGBEIN_HAGEN]
    rng = np.random.default_rng(8)
    ranks = {
        oracles.exact_rank([gradient(p, [Fraction(int(v)) for v in rng.integers(-99, 100, 10)]) for p in polynomials])
        for _ in range(3)
    }
    assert ranks == {6}  # a lower bound at every point, and no six rows have more
    found = invgen.independent_subset(polynomials, T3)
    assert (found.rank, found.certificate.target, found.not_invariant) == (6, 7, ())
    entry = ([1], [[1] + [0] * 9])  # m300 alone is no invariant
    assert invgen.independent_subset([*polynomials, entry], T3).not_invariant == (6,)
    assert len(generate(T3, 6)) == 7  # what is needed and what there is


def test_without_its_trace_their_list_keeps_rank_two_where_four_are_needed() -> None:
    layout = np.array(T3.layout.matrix, dtype=object)
    deviator = T3.slices[T3.index("m3_3")]
    rng = np.random.default_rng(9)
    for _ in range(3):
        components = np.zeros(10, dtype=object)
        components[deviator] = rng.integers(-9, 10, 7)
        columns = exact_inverse(layout)
        point = [Fraction(v) for v in columns @ components]
        rows = [np.array(gradient(printed(p), point), dtype=object) @ columns[:, deviator] for p in LANGBEIN_HAGEN]
        assert oracles.exact_rank([list(row) for row in rows]) == 2
    kept = ["".join(p.translate(str.maketrans("123456", "ijklmn"))) for p in LANGBEIN_HAGEN if not traced(p)]
    given = Basis.from_contractions([(p, ("l3",) * (p.count(",") + 1)) for p in kept], TensorSpace("3o"))
    assert (given.certificate.rank, given.certificate.target) == (2, 4)


def traced(pairs: str) -> bool:
    return any(len(set(group)) < 3 for group in pairs.split(","))


def exact_inverse(matrix: Array) -> Array:
    import sympy

    inverse = sympy.Matrix(matrix.tolist()).inv()
    return np.array([[Fraction(int(v.p), int(v.q)) for v in inverse.row(i)] for i in range(len(matrix))], dtype=object)


def test_contractions_of_fields_and_general_tensors_follow_their_indices() -> None:
    elasticity = SPACES["elasticity"].layout
    coefficients, exponents = cartesian.contraction_polynomial("iijj", ("c",), elasticity)
    linear = {elasticity.names[e.index(1)]: c for c, e in zip(coefficients, exponents, strict=True)}
    assert linear == {"c1111": 1, "c2222": 1, "c3333": 1, "c1122": 2, "c1133": 2, "c2233": 2}
    field = TensorSpace.moments((0, 1), values="vector").layout
    divergence = cartesian.contraction_polynomial("ii", ("v1",), field)
    assert {field.names[e.index(1)] for e in divergence[1]} == {"v100_x", "v010_y", "v001_z"}
    antisymmetric = TensorSpace.cartesian("ij=-ji").layout
    assert cartesian.contraction_polynomial("ii", ("c",), antisymmetric) == ((), ())
    assert cartesian.contraction_polynomial("ij,ij", ("c", "c"), antisymmetric)[0] == (2, 2, 2)


def test_a_contraction_is_the_combination_of_the_basis_that_it_must_be() -> None:
    # m_ij m_ij = |deviator|² + (trace)² / 3, by the independent entries of the linear basis
    space = TensorSpace.moments((2,))
    basis = generate(space, 2, select="linear")
    point = [Fraction(v) for v in (3, -1, 4, 1, -5, 9)]
    coefficients, exponents = cartesian.contraction_polynomial("ij,ij", ("m2", "m2"), space.layout)
    value = sum(c * prod(m**k for m, k in zip(point, e)) for c, e in zip(coefficients, exponents))
    by_name = {str(m): v for m, v in zip(basis, basis.evaluate(np.array(point, dtype=object)))}
    (norm,) = [v for k, v in by_name.items() if k.count("m2_2") == 2]
    (trace,) = [v for k, v in by_name.items() if k.count("m2_0") == 1]
    assert value == norm + trace**2 / 3


# Bad input


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"orders": ()}, "orders are integers from 0 to 20"),
        ({"orders": (-1,)}, "orders are integers from 0 to 20"),
        ({"orders": (21,)}, "orders are integers from 0 to 20"),
        ({"orders": (True,)}, "orders are integers from 0 to 20"),
        ({"orders": (1.0,)}, "orders are integers from 0 to 20"),
        ({"orders": 3}, "orders are integers from 0 to 20"),
        ({"orders": (2, 2)}, "orders must differ and ascend"),
        ({"orders": (3, 2)}, "orders must differ and ascend"),
        ({"values": "tensor"}, "values must be one of 'scalar', 'vector', 'matrix', 'pseudovector'"),
        ({"values": ["scalar"]}, "values must be one of"),
        ({"spatial_dimension": 4}, "spatial dimension 3"),
        ({"group": "O2"}, "the group must be one of"),
        ({"orders": range(21), "values": "matrix"}, "have 15939 components; at most 5000"),
    ],
)
def test_moments_that_there_are_not_are_refused_with_a_sentence(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message) as caught:
        TensorSpace.moments(**arguments)
    assert "\n" not in str(caught.value)


def test_moments_of_matrices_to_order_eleven_are_few_enough() -> None:
    assert TensorSpace.moments(orders=range(12), values="matrix", group="SO3").dimension == 9 * comb(14, 3)


def test_the_convention_needs_a_space_of_moments() -> None:
    with pytest.raises(InputError, match=r"needs a space made by TensorSpace\.moments"):
        generate(TensorSpace("0e + 1o"), 2, convention="cartesian")
    with pytest.raises(InputError, match="convention must be one of"):
        generate(SPACES["central 2..3"], 2, convention="moments")


def test_a_part_of_the_moments_has_no_moments() -> None:
    basis = generate(SPACES["central 2..3"], 3)
    with pytest.raises(InputError, match="with_convention"):
        basis.restricted(["m2_2", "m2_0"])
    part = basis.with_convention("rational").restricted(["m2_2", "m2_0"])
    assert part.certificate.complete and part.space.layout is None


@pytest.mark.parametrize(
    ("text", "space"),
    [
        ("moments 0..3", SPACES["scalar 0..3"]),
        (" moments  2 ", TensorSpace.moments((2,))),
        ("moments 0..1 matrix", SPACES["matrix 0..1"]),
        ("cartesian ijkl=jikl=klij", SPACES["elasticity"]),
        ("v:1o + 2e", TensorSpace("v:1o + 2e")),
    ],
)
def test_spaces_are_read_from_a_line(text: str, space: TensorSpace) -> None:
    assert read_space(text) == space
    assert read_space(text, "SO3").group == "SO3"


@pytest.mark.parametrize("text", ["moments", "moments x", "moments 0-3", "moments 0..3 vector 3", "moments 0..99999"])
def test_moments_that_cannot_be_read_are_refused(text: str) -> None:
    with pytest.raises(InputError, match="write 'moments"):
        read_space(text)


def test_a_layout_of_other_tensors_is_refused() -> None:
    with pytest.raises(InputError, match="the layout is not that of these tensors"):
        TensorSpace("2e + 0e", layout=SPACES["elasticity"].layout)


@pytest.mark.parametrize(
    ("x", "message"),
    [
        (np.zeros(9), "the last axis must hold the 10"),
        (np.zeros(10, dtype=complex), "takes real numbers"),
        (np.array([0.5] * 10, dtype=object), "takes integers and Fractions"),
        (["m"] * 10, "takes real numbers"),
    ],
)
def test_arrays_that_are_no_moments_are_refused(x: Any, message: str) -> None:
    with pytest.raises(InputError, match=message):
        generate(T3, 2).evaluate(x)


@pytest.mark.parametrize(
    ("subscripts", "tensors", "message"),
    [
        ("ij,ij", ("m3", "m3"), "m3 has 3 indices"),
        ("ijk,ijl", ("m3", "m3"), "every letter twice"),
        ("iij,jii", ("m3", "m3"), "every letter twice"),
        ("ijk,ijk", ("m3",), "every letter twice"),
        ("ij,ij", ("m2", "m2"), "the layout has no tensor 'm2'; it has m3"),
        ("ijk,ijk", ("c", "c"), "the layout has no tensor 'c'; it has m3"),
    ],
)
def test_contractions_that_do_not_fit_are_refused(subscripts: str, tensors: tuple[str, ...], message: str) -> None:
    with pytest.raises(InputError, match=message):
        cartesian.contraction_polynomial(subscripts, tensors, T3.layout)


def test_a_contraction_too_long_to_expand_is_refused() -> None:
    chain = ",".join(f"{a}{a}{b}" for a, b in zip("abcdefghij", "kkllmmnnoo"))
    with pytest.raises(InputError, match=r"sums 3\^15 products"):
        cartesian.contraction_polynomial(chain, ("m3",) * 10, T3.layout)


def test_every_value_index_is_named_once() -> None:
    names = TensorSpace.moments((1,), values="matrix").components
    assert list(names[:9]) == ["t100_" + "".join(p) for p in product("xyz", repeat=2)]


# The command line


def test_the_command_line_makes_bases_of_moments_and_tensors(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "basis.json"
    for text, convention, space in (
        ("moments 2..3", "cartesian", SPACES["central 2..3"]),
        ("cartesian ijk=ikj", "sphericart", SPACES["piezoelectric"]),
    ):
        options = [] if convention == "cartesian" else ["--convention", convention]
        assert main(["generate", text, "--max-degree", "3", *options, "-o", str(path)]) == 0
        assert Basis.load(path) == generate(space, 3, convention=convention)
        assert main(["show", str(path)]) == 0
        assert " ".join(space.layout.recipe) in capsys.readouterr().out
    before = path.read_bytes()
    assert main(["generate", "cartesian ij=ji=-ij", "--max-degree", "3", "-o", str(path)]) == 2
    assert capsys.readouterr().err.count("\n") == 1 and path.read_bytes() == before


@pytest.mark.parametrize(("dimension", "group"), [(3, "O3"), (2, "O2")])
def test_orders_may_be_an_array(dimension: int, group: str) -> None:
    plain = TensorSpace.moments(range(3), spatial_dimension=dimension, group=group)
    given = TensorSpace.moments(np.arange(3), spatial_dimension=np.int64(dimension), group=group)
    assert given == plain and given.layout == plain.layout and repr(given) == repr(plain)


@pytest.mark.parametrize("orders", [np.arange(3.0), [True], np.array([1, 2, 2]), np.array([21])])
def test_orders_are_different_integers_up_to_twenty(orders: Any) -> None:
    with pytest.raises(InputError, match="orders"):
        TensorSpace.moments(orders)
