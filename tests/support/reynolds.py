"""A second way to invariants of finite groups: sums over all elements, modulo a prime that has their matrices.

The mean over a group of a power of a linear form is an invariant, and powers of linear forms span all polynomials of a
degree. So values of such means at points count invariants, and values of products of lower ones count what is
generated. Nothing here is shared with `invgen` but harmonic polynomials and the generators of the groups.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from invgen.algebra.finite_field import Echelon, Vector, independent_rows, inverse, is_prime
from invgen.algebra.modular import product_modulo
from invgen.spaces.harmonics import solid_harmonics
from invgen.spaces.irreps import Irrep
from invgen.spaces.point_groups import POINT_GROUPS, generators
from invgen.spaces.space import TensorSpace

_ORDER = 60  # of the roots of unity: they hold the cosines and sines of all rotations, and the roots of 3 and 5


@cache
def _field() -> tuple[int, int]:
    """A prime of 31 bits and an element of order 60 modulo it."""
    prime = next(p for p in range(2**31 - 2**31 % _ORDER - _ORDER + 1, 0, -_ORDER) if is_prime(p))
    for base in range(2, 100):
        root = pow(base, (prime - 1) // _ORDER, prime)
        if all(pow(root, _ORDER // q, prime) != 1 for q in (2, 3, 5)):
            return prime, root
    raise AssertionError("no root of unity was found")


def prime() -> int:
    """The prime modulo which everything is computed."""
    return _field()[0]


def _matrix(axis: tuple[int, int, int], fold: int, sign: int) -> Vector:
    """The rotation by 2π / fold about an axis, times the sign (Rodrigues), modulo the prime."""
    p, root = _field()
    turn = pow(root, _ORDER // fold, p)
    back = pow(turn, -1, p)
    quarter = pow(root, _ORDER // 4, p)
    cosine, sine = (turn + back) * pow(2, -1, p) % p, (turn - back) * pow(2 * quarter, -1, p) % p
    length = {1: 1, 3: _root_of_three(), 5: _root_of_five()}[sum(v * v for v in axis)]
    x, y, z = (v * pow(length, -1, p) % p for v in axis)
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]], dtype=object)
    rotation = np.eye(3, dtype=object) + sine * cross + (1 - cosine) * (cross @ cross)
    return (sign * rotation % p).astype(np.int64)


def _root_of_three() -> int:
    p, root = _field()
    twelfth = pow(root, _ORDER // 12, p)
    return (twelfth + pow(twelfth, -1, p)) % p  # 2 cos 30°


def _root_of_five() -> int:
    p, root = _field()
    fifth = pow(root, _ORDER // 5, p)
    return (2 * (fifth + pow(fifth, -1, p)) + 1) % p  # 4 cos 72° + 1


@cache
def _words(name: str) -> tuple[list[Vector], list[Vector], list[tuple[int, int]]]:
    """Generators, all elements of a finite group, and each as (element before it, generator that is multiplied)."""
    p = prime()
    steps = [_matrix(o.axis, o.fold, o.sign) for o in generators(POINT_GROUPS[name])]
    found, made = [np.eye(3, dtype=np.int64)], [(-1, -1)]
    known = {found[0].tobytes()}
    for before, element in enumerate(found):  # grows as it is read
        for number, step in enumerate(steps):
            product = product_modulo(step, element, p)
            if product.tobytes() not in known:
                known.add(product.tobytes())
                found.append(product)
                made.append((before, number))
    return steps, found, made


def elements(name: str) -> Vector:
    """All elements of a finite group as matrices, (order, 3, 3)."""
    return np.stack(_words(name)[1])


@cache
def representation(tensors: tuple[Irrep, ...], name: str) -> Vector:
    """How all elements of a group act on the rational components of tensors, (order, dimension, dimension)."""
    steps, _, made = _words(name)
    size = sum(t.dimension for t in tensors)
    acts = [_of_element(tensors, matrix, size) for matrix in steps]
    result = [np.eye(size, dtype=np.int64)]
    for before, number in made[1:]:
        result.append(product_modulo(acts[number], result[before], prime()))
    return np.stack(result)


def _of_element(tensors: tuple[Irrep, ...], matrix: Vector, size: int) -> Vector:
    result = np.zeros((size, size), dtype=np.int64)
    improper, start = _determinant(matrix) != 1, 0
    for tensor in tensors:
        where = slice(start, start + tensor.dimension)
        unnatural = tensor.parity != (-1) ** tensor.l
        block = _harmonic_representation(tensor.l, matrix.tobytes())
        result[where, where] = (-block if improper and unnatural else block) % prime()
        start += tensor.dimension
    return result


def _determinant(matrix: Vector) -> int:
    (a, b, c), (d, e, f), (g, h, i) = ([int(v) for v in row] for row in matrix)
    return (a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g)) % prime()


@cache
def _harmonic_representation(l: int, entries: bytes) -> Vector:
    """D with P(R r) = D P(r), from the values at 2l + 1 points; the matrix R is given by its bytes."""
    p = prime()
    matrix = np.frombuffer(entries, dtype=np.int64).reshape(3, 3)
    points = np.random.default_rng(l).integers(0, p, size=(2 * l + 1, 3))
    before = inverse(_values(l, points).T, p)
    assert before is not None
    return product_modulo(_values(l, product_modulo(points, matrix.T, p)).T, before, p)


def _values(l: int, points: Vector) -> Vector:
    p = prime()
    columns = []
    for polynomial in solid_harmonics(l):
        total = np.zeros(len(points), dtype=object)
        for (a, b, c), coefficient in polynomial.items():
            term = coefficient * np.ones(len(points), dtype=object)
            for variable, power in enumerate((a, b, c)):
                term = term * [pow(int(v), power, p) for v in points[:, variable]] % p
            total = (total + term) % p
        columns.append(total.astype(np.int64))
    return np.stack(columns, axis=1)


class Reynolds:
    """Invariants and equivariant maps of a finite group on a space, as values at points.

    Args:
        space: the tensors and the group, in its standard setting.
        count: the number of points, above the number of invariants of the highest degree that is asked for.
    """

    def __init__(self, space: TensorSpace, count: int) -> None:
        self.space = space
        generator = np.random.default_rng(1)
        acts = representation(space.tensors, space.group)
        points = generator.integers(0, prime(), size=(count, space.dimension))
        self._generator = generator
        self._orbits = np.stack([product_modulo(points, matrix.T, prime()) for matrix in acts])

    def invariants(self, degree: int, wanted: int) -> Vector:
        """The values of a basis of the invariants of a degree, (number, points); at most `wanted` + 2 are tried."""
        rows = np.stack([self._powers(degree).sum(axis=0) % prime() for _ in range(wanted + 2)])
        return rows[independent_rows(rows, prime())]

    def maps(self, degree: int, outputs: Irrep, wanted: int) -> Vector:
        """The values of a basis of the maps to an irrep, (number, points · components)."""
        acts = representation((outputs,), self.space.group)
        backwards = np.stack([inverse(matrix, prime()) for matrix in acts])  # type: ignore[misc]
        rows = []
        for _ in range(wanted + 2):
            covector = self._generator.integers(0, prime(), size=outputs.dimension)
            images = np.stack([product_modulo(matrix, covector, prime()) for matrix in backwards])
            powers = self._powers(degree)
            total = np.zeros((powers.shape[1], outputs.dimension), dtype=np.int64)
            for power, image in zip(powers, images, strict=True):
                total = (total + power[:, None] * image[None, :]) % prime()
            rows.append(total.ravel())
        matrix = np.stack(rows)
        return matrix[independent_rows(matrix, prime())]

    def _powers(self, degree: int) -> Vector:
        form = self._generator.integers(0, prime(), size=self.space.dimension)
        values = product_modulo(self._orbits, form, prime())
        result = np.ones_like(values)
        for _ in range(degree):
            result = result * values % prime()
        return result


def generator_counts(space: TensorSpace, max_degree: int) -> dict[int, int]:
    """How many generators a minimal set of generators of the invariants has of each degree."""
    series = space.hilbert_series(max_degree)
    reynolds = Reynolds(space, max(series) + 2)
    everything = [np.ones((1, max(series) + 2), dtype=np.int64)]
    counts = {}
    generators_of: list[Vector] = []
    for degree in range(1, max_degree + 1):
        echelon = Echelon(max(series) + 2, prime())
        for lower, own in enumerate(generators_of, start=1):
            for generator in own:
                for row in everything[degree - lower]:
                    echelon.insert(generator * row % prime())
        basis = reynolds.invariants(degree, series[degree])
        assert len(basis) == series[degree]
        new = [row for row in basis if echelon.insert(row)]
        generators_of.append(np.array(new, dtype=np.int64).reshape(len(new), max(series) + 2))
        everything.append(basis)
        if new:
            counts[degree] = len(new)
    return counts


def map_generator_counts(space: TensorSpace, outputs: Irrep, max_degree: int, wanted: list[int]) -> dict[int, int]:
    """How many generators a minimal set of generators of the module of maps to an irrep has of each degree.

    Args:
        space: the tensors and the group.
        outputs: the irrep.
        max_degree: the highest degree.
        wanted: the number of maps of each degree, which the values confirm.
    """
    series = space.hilbert_series(max_degree)
    points = max(wanted) + 2
    reynolds = Reynolds(space, points)
    invariants = [reynolds.invariants(degree, series[degree]) for degree in range(max_degree + 1)]
    counts, generators_of = {}, []
    for degree in range(max_degree + 1):
        echelon = Echelon(points * outputs.dimension, prime())
        for lower, own in enumerate(generators_of):
            for generator in own:
                for row in invariants[degree - lower]:
                    echelon.insert(generator * np.repeat(row, outputs.dimension) % prime())
        basis = reynolds.maps(degree, outputs, wanted[degree])
        assert len(basis) == wanted[degree]
        new = [row for row in basis if echelon.insert(row)]
        generators_of.append(new)
        if new:
            counts[degree] = len(new)
    return counts
