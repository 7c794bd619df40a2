"""Fixed spaces against matrices that do not know them: rotations in coordinates, characters, and exact generators."""

from __future__ import annotations

from fractions import Fraction
from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray

from invgen.algebra.finite_field import Vector, is_prime, rank
from invgen.reduction.orbits.strata import (
    Flip,
    Stratum,
    Subgroup,
    Turn,
    count_fixed,
    golden_primes,
    polyhedral_vectors,
    strata,
    subgroups,
)
from invgen.spaces.harmonics import solid_harmonics, squared_norms
from invgen.spaces.rotations import rotation_generators
from invgen.spaces.space import Irrep, TensorSpace

Matrix = NDArray[np.float64]
PRIMES = golden_primes("test", 2)
HIGHEST = 6
SPACE = TensorSpace("0e + 0o + 1o + 1e + 2e + 2o + 3o + 3e + 4e + 5o + 6e + 6o")

CYCLE = np.array([[0, 0, 1], [1, 0, 0], [0, 1, 0]], dtype=float)
PHI = (1 + 5**0.5) / 2
FIVEFOLD = np.array([[1, -PHI, 1 / PHI], [PHI, 1 / PHI, -1], [1 / PHI, 1, PHI]]) / 2


def turned(angle: float) -> Matrix:
    return np.array([[np.cos(angle), -np.sin(angle), 0], [np.sin(angle), np.cos(angle), 0], [0, 0, 1]])


HALF_TURN_X = np.diag([1.0, -1.0, -1.0])


def generators(subgroup: Subgroup) -> list[tuple[Matrix, bool]]:
    """Rotation matrices, and whether the inversion goes with them; an irrational turn stands for SO(2)."""
    found: list[tuple[Matrix, bool]] = []
    for g in subgroup.generators:
        angle = 1.0 if isinstance(g, Turn) and g.order == 0 else 2 * np.pi / g.order if isinstance(g, Turn) else 0.0
        found.append((turned(angle) if isinstance(g, Turn) else HALF_TURN_X, g.improper))
    kind = subgroup.polyhedral
    if kind:
        found += [(turned(np.pi), False), (HALF_TURN_X, False), (CYCLE, False)]
        found += {"T": [], "O": [(turned(np.pi / 2), False)], "I": [(FIVEFOLD, False)], "K": [(turned(1.0), False)]}[
            kind
        ]
        found += [(np.eye(3), True)] if subgroup.center else []
        found += [(turned(np.pi / 2), True)] if subgroup.name == "T_d" else []
    return found


def harmonics(l: int, points: Matrix) -> Matrix:
    x, y, z = points.T
    columns = [sum(float(c) * x**a * y**b * z**k for (a, b, k), c in p.items()) for p in solid_harmonics(l)]
    return np.stack(columns, axis=1)


@cache
def of_rotation(l: int, entries: tuple[float, ...]) -> Matrix:
    """D with P_m(R r) = sum over k of D_mk P_k(r), from values at random points."""
    points = np.random.default_rng(l).normal(size=(4 * l + 4, 3))
    rotated = points @ np.reshape(entries, (3, 3)).T
    return np.asarray(np.linalg.lstsq(harmonics(l, points), harmonics(l, rotated), rcond=None)[0].T)


def representation(tensor: Irrep, rotation: Matrix, inverted: bool) -> Matrix:
    return of_rotation(tensor.l, tuple(rotation.ravel().tolist())) * (tensor.parity if inverted else 1)


def fixed_dimension(tensor: Irrep, subgroup: Subgroup) -> int:
    """The nullity of all D - 1, in floating point."""
    equations = [representation(tensor, r, i) - np.eye(tensor.dimension) for r, i in generators(subgroup)]
    scale = np.sqrt([float(n) for n in squared_norms(tensor.l)])
    stacked = np.concatenate([e / scale[:, None] * scale[None, :] for e in equations])  # orthogonal matrices, less one
    # Singular values of such a matrix are zero to rounding (1e-13) or of order one: |1 - exp(i angle)| is above 0.2.
    return tensor.dimension - int(np.linalg.matrix_rank(stacked, tol=1e-6))


ALL = [*subgroups(HIGHEST, "O3")]


@cache
def strata_of_all() -> tuple[Stratum, ...]:
    return tuple(strata(SPACE, PRIMES))


@pytest.mark.parametrize("subgroup", ALL, ids=lambda s: s.name)
def test_the_fixed_space_of_every_subgroup_has_the_dimension_that_its_matrices_say(subgroup: Subgroup) -> None:
    expected = sum(fixed_dimension(t, subgroup) for t in SPACE.tensors)
    listed = [s for s in strata_of_all() if subgroup.name in s.subgroups]
    assert sum(s.dimension for s in listed) == expected
    assert len(listed) == (expected > 0)


@pytest.mark.parametrize("subgroup", [s for s in ALL if not s.polyhedral], ids=lambda s: s.name)
def test_axial_fixed_components_are_fixed(subgroup: Subgroup) -> None:
    for tensor in SPACE.tensors:
        fixed = [m for m in range(-tensor.l, tensor.l + 1) if all(g.fixes(tensor, m) for g in subgroup.generators)]
        for rotation, inverted in generators(subgroup):
            moved = representation(tensor, rotation, inverted)[:, [m + tensor.l for m in fixed]]
            # A least-squares solution in double precision: errors below 1e-12 times coefficients of up to 1e3.
            assert np.abs(moved - np.eye(tensor.dimension)[:, [m + tensor.l for m in fixed]]).max(initial=0) < 1e-8


def test_there_are_as_many_names_as_groups() -> None:
    names = [s.name for s in ALL]
    assert len(set(names)) == len(names) == 5 + 5 + 2 + 3 + 1 + 2 + 5 * 5 + 3 + 1 + 3 + 1
    rotations = "C_2 C_3 C_4 D_2 D_3 D_4 SO(2) O(2) T O I SO(3)"
    assert [s.name for s in subgroups(4, "SO3")] == rotations.split()


@pytest.mark.parametrize(
    ("name", "ranks"),
    [
        ("T", {0: 1, 3: 1, 4: 1, 6: 2, 7: 1, 8: 1, 9: 2, 10: 2, 11: 1, 12: 3}),
        ("O", {0: 1, 4: 1, 6: 1, 8: 1, 9: 1, 10: 1, 12: 2}),
        ("I", {0: 1, 6: 1, 10: 1, 12: 1}),
    ],
)
def test_polyhedral_groups_fix_as_many_tensors_as_is_known(name: str, ranks: dict[int, int]) -> None:
    for l in range(13):
        assert count_fixed(name, l) == ranks.get(l, 0) == len(polyhedral_vectors(name, l, PRIMES[0]))


def test_the_icosahedral_tensor_of_rank_six_is_the_known_polynomial() -> None:
    prime = PRIMES[0]
    root = pow(5, (prime + 1) // 4, prime)
    assert root * root % prime == 5
    vector = polyhedral_vectors("I", 6, prime)[0]
    golden = (1 + root) * pow(2, -1, prime) % prime
    # The product of the six fivefold axes (±1, 0, φ) and cyclic, less its trace, spans the same line.
    axes = [(1, 0, golden), (-1, 0, golden), (golden, 1, 0), (golden, -1, 0), (0, golden, 1), (0, golden, -1)]
    generator = np.random.default_rng(0)
    points = [tuple(int(v) for v in row) for row in generator.integers(1, prime, size=(6, 3))]
    rows = []
    for p in points:
        squared = sum(v * v for v in p) % prime
        product = 1
        for axis in axes:
            product = product * sum(a * v for a, v in zip(axis, p, strict=True)) % prime
        value = 0
        for x, norm, polynomial in zip(vector.tolist(), squared_norms(6), solid_harmonics(6), strict=True):
            at = sum(
                c * pow(p[0], e[0], prime) * pow(p[1], e[1], prime) * pow(p[2], e[2], prime)
                for e, c in polynomial.items()
            )
            value += x * at * pow(int(norm.numerator), -1, prime) * int(norm.denominator)
        rows.append([value % prime, product, pow(squared, 3, prime)])
    assert rank(np.array(rows, dtype=np.int64), prime) == 2


@pytest.mark.parametrize(
    ("irreps", "group"), [(str(SPACE), "O3"), ("1o + 2e + 3o + 4e", "SO3"), ("3o + 4e", "O3"), ("2x2e", "O3")]
)
def test_the_rank_needed_is_that_of_the_projected_rotations(irreps: str, group: str) -> None:
    space, prime = TensorSpace(irreps, group), PRIMES[0]
    norms = np.concatenate([[modulo(1 / n, prime) for n in squared_norms(t.l)] for t in space.tensors])
    generator = np.random.default_rng(1)
    for stratum in strata(space, PRIMES):
        basis = stratum.basis[0]
        assert rank(basis, prime) == stratum.dimension == basis.shape[1]
        x = product(basis, generator.integers(0, prime, size=(stratum.dimension, 1)), prime)
        moved = []
        for axis in range(3):
            column = np.zeros_like(x)
            for tensor, where in zip(space.tensors, space.slices, strict=True):
                matrix = np.array([[modulo(v, prime) for v in row] for row in rotation_generators(tensor.l)[axis]])
                column[where] = product(matrix, x[where], prime)
            # The projection onto V^H is injective on B^T N y, with N the Frobenius norm.
            moved.append(product(basis.T, norms[:, None] * column % prime, prime)[:, 0])
        assert stratum.needed == stratum.dimension - rank(np.stack(moved), prime), stratum.subgroups


def test_a_pair_of_ranks_three_and_four_needs_six_on_inversion_and_four_on_c_2h() -> None:
    found = {name: s for s in strata(TensorSpace("3o + 4e"), PRIMES) for name in s.subgroups}
    assert (found["C_i"].dimension, found["C_i"].needed) == (9, 6)
    assert (found["C_2h"].dimension, found["C_2h"].needed) == (5, 4)
    assert "O(3)" not in found and "I_h" not in found


def test_equal_fixed_spaces_are_merged() -> None:
    listed = strata(TensorSpace("3o + 4e"), PRIMES)
    keys = [s.basis[0].tobytes() for s in listed]
    assert len(set(keys)) == len(keys)
    assert ("D_4", "D_4h") in [s.subgroups for s in listed]


def test_primes_have_a_root_of_five_and_are_derived() -> None:
    assert golden_primes("test", 2) == PRIMES and golden_primes("other", 2) != PRIMES
    for prime in golden_primes("test", 5):
        assert is_prime(prime) and pow(5, (prime - 1) // 2, prime) == 1 and prime % 4 == 3
    assert golden_primes("test", 5)[:2] == PRIMES


def test_a_flip_negates_what_is_odd_in_z_or_y() -> None:
    vector, axial = Irrep("v", 1, -1), Irrep("a", 1, 1)
    assert [m for m in (-1, 0, 1) if Flip().fixes(vector, m)] == [1]  # y, z, x: x is the axis
    assert [m for m in (-1, 0, 1) if Flip(improper=True).fixes(vector, m)] == [-1, 0]
    assert [m for m in (-1, 0, 1) if Flip(improper=True).fixes(axial, m)] == [1]


def modulo(value: Fraction, prime: int) -> int:
    return int(Fraction(value).numerator * pow(Fraction(value).denominator, -1, prime) % prime)


def product(a: Vector, b: Vector, prime: int) -> Vector:
    exact = np.array(a, dtype=object) @ np.array(b, dtype=object) % prime
    return np.asarray(exact.astype(np.int64))
