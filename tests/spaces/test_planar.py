"""The plane: counts, complex moments of point clouds, selections with certificates, files, tables and kernels."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from invgen.basis.basis import Basis
from invgen.basis.generation import generate
from invgen.errors import InputError
from invgen.reduction.given.subset import independent_subset
from invgen.spaces import planar
from invgen.spaces.cartesian import contraction_polynomial
from invgen.spaces.groups import weak_compositions
from invgen.spaces.layouts import CartesianLayout
from invgen.spaces.reading import read_space
from invgen.spaces.space import Irrep, PlanarIrrep, TensorSpace
from invgen.testing.checks import assert_invariant

GROUPS = ("SO2", "O2")
IRREPS = st.lists(st.tuples(st.integers(0, 3), st.sampled_from([1, -1])), min_size=1, max_size=3)


def space_of(irreps: list[tuple[int, int]], group: str) -> TensorSpace:
    return TensorSpace([Irrep(f"t{i}", l, parity) for i, (l, parity) in enumerate(irreps)], group)


def brute_force(space: TensorSpace, multidegree: tuple[int, ...]) -> int:
    """The dimension of the invariants as the trace of the mean over a finite subgroup with enough rotations."""
    number = 1 + 2 * sum(t.l * k for t, k in zip(space.tensors, multidegree, strict=True))
    angles = 2 * np.pi * np.arange(number) / number
    total = sum(character(space, multidegree, np.exp(1j * a), False) for a in angles) / number
    if space.group == "O2":
        total = (total + sum(character(space, multidegree, np.exp(1j * a), True) for a in angles) / number) / 2
    return round(total.real)


def character(space: TensorSpace, multidegree: tuple[int, ...], turn: complex, reflects: bool) -> complex:
    """The trace on the product of symmetric powers: complete homogeneous polynomials of the eigenvalues."""
    result: complex = 1
    for tensor, k in zip(space.tensors, multidegree, strict=True):
        sign = tensor.parity if reflects else 1
        if not tensor.l:
            eigenvalues = [complex(sign)]
        elif reflects:
            eigenvalues = [1 + 0j, -1 + 0j]
        else:
            eigenvalues = [turn**tensor.l, turn ** (-tensor.l)]
        result *= sum(
            np.prod([e**p for e, p in zip(eigenvalues, powers, strict=True)])
            for powers in product(range(k + 1), repeat=len(eigenvalues))
            if sum(powers) == k
        )
    return result


@settings(deadline=None, max_examples=25)
@given(IRREPS, st.sampled_from(GROUPS), st.data())
def test_counts_are_the_mean_of_the_character(irreps: list[tuple[int, int]], group: str, data: st.DataObject) -> None:
    space = space_of(irreps, group)
    multidegree = tuple(data.draw(st.integers(0, 4)) for _ in irreps)
    assert space.count(multidegree) == brute_force(space, multidegree)


@settings(deadline=None, max_examples=25)
@given(IRREPS, st.sampled_from(GROUPS))
def test_the_hilbert_series_sums_the_counts_of_multidegrees(irreps: list[tuple[int, int]], group: str) -> None:
    space = space_of(irreps, group)
    expected = [sum(map(space.count, weak_compositions(len(irreps), d))) for d in range(6)]
    assert space.hilbert_series(5) == expected


def test_a_single_moment_has_its_square_alone() -> None:
    assert TensorSpace("3e", "SO2").hilbert_series(6) == [1, 0, 1, 0, 1, 0, 1]
    assert planar.count_invariants([(0, -1, 3)], reflections=True) == 0


@pytest.mark.parametrize("group", GROUPS)
@pytest.mark.parametrize(
    ("values", "orders", "targets"),
    [("scalar", (2, 3, 4), (5, 9, 14)), ("vector", (0, 1, 2), (1, 5, 11)), ("matrix", (0, 1, 2), (3, 11, 23))],
)
def test_fields_have_the_published_numbers_of_invariants_all_found_and_proved(
    values: str, orders: tuple[int, ...], targets: tuple[int, ...], group: str
) -> None:
    for order, target in zip(orders, targets, strict=True):
        space = TensorSpace.moments(range(order + 1), values, spatial_dimension=2, group=group)
        basis = generate(space, max_degree=4)
        assert (len(basis), basis.certificate.rank, basis.certificate.target) == (target, target, target)
        assert all(claim.holds for claim in basis.verify())


def planar_layout() -> CartesianLayout:
    layout = TensorSpace.moments(range(2), "scalar", 2, "O2").layout
    assert layout is not None
    return layout


def cloud(seed: int, values: str, orders: range, matrix: np.ndarray) -> np.ndarray:
    """The moments of a random cloud of points with values, by sums, after an orthogonal map of the plane."""
    generator = np.random.default_rng(seed)
    points = generator.normal(size=(12, 2)) @ matrix.T
    shape = {"scalar": (), "vector": (2,), "matrix": (2, 2), "pseudovector": ()}[values]
    field = generator.normal(size=(12, *shape))
    if values == "pseudovector":
        field *= np.linalg.det(matrix)
    for axis in range(len(shape)):
        field = np.moveaxis(np.tensordot(matrix, np.moveaxis(field, axis + 1, 0), 1), 0, axis + 1)
    x, y = points.T
    result = []
    for n in orders:
        for a in range(n, -1, -1):
            result.append(np.tensordot(x**a * y ** (n - a), field, 1).ravel())
    return np.concatenate(result)


@pytest.mark.parametrize("values", ["scalar", "vector", "matrix", "pseudovector"])
@pytest.mark.parametrize("group", GROUPS)
def test_invariants_of_moments_do_not_see_how_a_cloud_of_points_is_turned(values: str, group: str) -> None:
    orders = range(4 if values == "scalar" else 3)
    space = TensorSpace.moments(orders, values, 2, group)
    basis = generate(space, 3, select="linear" if values != "matrix" else "independent")
    for seed, angle in enumerate((0.3, 2.0, 4.5)):
        c, s = np.cos(angle), np.sin(angle)
        turn, mirror = np.array([[c, -s], [s, c]]), np.array([[1.0, 0.0], [0.0, -1.0]])
        before = basis.evaluate(cloud(seed, values, orders, np.eye(2)))
        # 1e-10: sums of at most a few hundred products of moments of order 10^2, each rounded to 1e-16
        scale = 1e-10 * np.abs(before).max()
        np.testing.assert_allclose(basis.evaluate(cloud(seed, values, orders, turn)), before, rtol=1e-10, atol=scale)
        mirrored = basis.evaluate(cloud(seed, values, orders, turn @ mirror))
        kept = np.abs(mirrored - before) <= 1e-10 * np.abs(before) + scale
        assert kept.all() if group == "O2" else not kept.all()


def test_the_moments_of_a_scalar_field_are_sums_of_powers_of_z() -> None:
    orders = range(5)
    space = TensorSpace.moments(orders, "scalar", 2, "SO2")
    generator = np.random.default_rng(0)
    x, y, f = generator.normal(size=(3, 9))
    m = np.concatenate([[(x**a * y ** (n - a) * f).sum() for a in range(n, -1, -1)] for n in orders])
    assert space.layout is not None
    components = np.array(space.layout.matrix) @ m
    z = x + 1j * y
    for tensor, where in zip(space.tensors, space.slices, strict=True):
        order, weight = int(tensor.name[1]), tensor.l
        expected = (z**weight * np.abs(z) ** (order - weight) * f).sum()
        pair = [expected.real, expected.imag][: tensor.dimension]
        # the rows are divided by the common factor of their coefficients, a positive number; 1e-12 for the rounding
        ratio = components[where] @ pair / np.dot(pair, pair)
        assert ratio > 0
        np.testing.assert_allclose(components[where], ratio * np.array(pair), atol=1e-12)


HU = ((2, 0), (1, 1), (0, 2), (3, 0), (2, 1), (1, 2), (0, 3))


def hu() -> dict[int, object]:
    """Hu's seven invariants and the eighth (Flusser 2000), as SymPy polynomials in mu20, mu11, ..., mu03."""
    from sympy import symbols

    m20, m11, m02, m30, m21, m12, m03 = symbols("m20 m11 m02 m30 m21 m12 m03")
    a, b, p, q = m30 - 3 * m12, 3 * m21 - m03, m30 + m12, m21 + m03
    return {
        1: m20 + m02,
        2: (m20 - m02) ** 2 + 4 * m11**2,
        3: a**2 + b**2,
        4: p**2 + q**2,
        5: a * p * (p**2 - 3 * q**2) + b * q * (3 * p**2 - q**2),
        6: (m20 - m02) * (p**2 - q**2) + 4 * m11 * p * q,
        7: b * p * (p**2 - 3 * q**2) - a * q * (3 * p**2 - q**2),
        8: m11 * (p**2 - q**2) - (m20 - m02) * p * q,
    }


def as_polynomial(expression: object) -> tuple[list[int], list[list[int]]]:
    from sympy import Poly, symbols

    terms = Poly(expression, *symbols("m20 m11 m02 m30 m21 m12 m03")).terms()
    return [int(c) for _, c in terms], [list(e) for e, _ in terms]


def test_hus_seven_invariants_have_rank_six() -> None:
    phi = hu()
    space = TensorSpace.moments((2, 3), "scalar", 2, "SO2")
    assert space.components == ("m20", "m11", "m02", "m30", "m21", "m12", "m03")
    seven = independent_subset([as_polynomial(phi[i]) for i in range(1, 8)], space)
    assert (seven.rank, seven.indices, seven.not_invariant) == (6, (0, 1, 2, 3, 4, 5), ())
    assert seven.certificate.target == 6 and seven.certificate.complete
    assert seven.certificate.verify([as_polynomial(phi[i]) for i in range(1, 8)], space)
    assert (phi[3] * phi[4] ** 3 - phi[5] ** 2 - phi[7] ** 2).expand() == 0  # type: ignore[operator, attr-defined]
    assert (4 * phi[8] ** 2 - phi[2] * phi[4] ** 2 + phi[6] ** 2).expand() == 0  # type: ignore[operator, attr-defined]


def test_reflections_change_two_of_hus_eight() -> None:
    phi = hu()
    space = TensorSpace.moments((2, 3), "scalar", 2, "O2")
    listed = [*(as_polynomial(phi[i]) for i in range(1, 9)), ([1], [[1, 0, 0, 0, 0, 0, 0]])]
    found = independent_subset(listed, space)
    assert found.not_invariant == (6, 7, 8)
    assert found.rank == 6


def test_a_list_of_products_is_filtered_like_one_of_polynomials() -> None:
    space = TensorSpace("a:1e + b:2e", "O2")
    found = independent_subset(["Re(a a*)", "Im(a a b*)", "Re(a a b*)", "Re(b b*)"], space)
    assert (found.indices, found.not_invariant) == ((0, 2, 3), (1,))


@pytest.mark.parametrize("group", GROUPS)
def test_a_linear_basis_expands_every_product_exactly(group: str) -> None:
    basis = generate(TensorSpace("a:1e + b:2e + p:0o", group), 7, select="linear")
    assert all(claim.holds for claim in basis.verify())
    found = basis.expand("Re(a a* a a b* p p)")
    x = [2, 3, -1, 4, 5]
    exact = basis.with_convention("rational")
    values = exact.evaluate(x)
    wanted = Basis.from_contractions(["Re(a a* a a b* p p)"], basis.space, "rational").evaluate(x)[0]
    assert sum(c * values[i] for i, c in found.items()) == wanted


@pytest.mark.parametrize("group", GROUPS)
def test_files_tables_and_pictures_hold_products_of_moments(group: str, tmp_path: Path) -> None:
    basis = generate(TensorSpace.moments(range(3), "vector", 2, group), 3)
    loaded = Basis.load(basis.save(tmp_path / "b.json"))
    assert loaded == basis and loaded.id == basis.id
    assert all(isinstance(t, PlanarIrrep) for t in loaded.space.tensors)
    assert all(claim.holds for claim in loaded.verify())
    name = {"SO2": "SO(2)", "O2": "O(2)"}[group]
    for style in ("latex", "markdown", "csv", "html"):
        text = basis.table(style)
        assert style == "csv" or name in text
        assert r"\operatorname{Re}" in text or style == "html"
    assert "<sup>*</sup>" in basis.table("html")
    assert basis._repr_html_().count("<svg") == len(basis)


@pytest.mark.torch
@pytest.mark.parametrize("target", ["c", "torch"])
def test_kernels_compute_what_the_basis_evaluates(target: str) -> None:
    import torch

    from invgen.compiler.invariants import compile as compile_basis
    from invgen.testing.checks import assert_kernel_matches

    basis = generate(TensorSpace.moments(range(4), "scalar", 2, "SO2"), 3, select="linear")
    assert_kernel_matches(compile_basis(basis, target, torch.float64), basis)


@pytest.mark.parametrize("group", GROUPS)
def test_invariants_of_named_moments_are_invariant_with_any_parities(group: str) -> None:
    space = TensorSpace("s:0e + p:0o + a:1e + b:1o + c:2e + d:3o", group)
    basis = generate(space, 3, select="linear")
    assert basis.convention == "complex"
    assert_invariant(basis.evaluate, space, "complex")


def test_one_line_of_text_means_the_plane_under_its_groups() -> None:
    assert read_space("moments 0..2 vector", "O2") == TensorSpace.moments(range(3), "vector", 2, "O2")
    assert read_space("1e + 2e", "SO2").components == ("l1[re]", "l1[im]", "l2[re]", "l2[im]")


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: TensorSpace.moments(range(3), "scalar", 2, "O3"), "must be one of O2, SO2 in spatial dimension 2"),
        (lambda: TensorSpace.moments(range(3), "scalar", 2), "must be one of O2, SO2"),
        (lambda: TensorSpace.cartesian("ij=ji", "O2"), "must be one of O3, SO3"),
        (lambda: contraction_polynomial("i,i", ("m1", "m1"), planar_layout()), "three dimensions"),
        (lambda: TensorSpace.ace(group="SO2"), "must be one of O3, SO3"),
        (lambda: TensorSpace([PlanarIrrep("a", 1, 1)], "O3"), "O2 or SO2"),
        (lambda: generate(TensorSpace("1e + 2e", "O2"), 4, convention="e3nn"), "complex, rational"),
        (lambda: Basis.from_contractions(["i,i l1,l1"], TensorSpace("1e", "O2")), "three dimensions"),
        (lambda: Basis.from_contractions(["(l1,l1)0"], TensorSpace("1e", "O2")), "three dimensions"),
        (lambda: Basis.from_contractions(["Re(l1 l1*)"], TensorSpace("1e", "O3")), "the plane"),
    ],
)
def test_what_the_plane_does_not_have_is_refused_with_a_sentence(make: object, words: str) -> None:
    with pytest.raises(InputError, match=words) as caught:
        make()  # type: ignore[operator]
    assert "\n" not in str(caught.value)
