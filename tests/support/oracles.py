"""Independent oracles of the exact side: nothing here calls the code that it is held against.

Tensors are full Cartesian arrays with 3^l entries, contracted by numpy.einsum: float64, or exact with arrays of
Fractions. Harmonic polynomials come from SymPy's Legendre polynomials, traceless tensors from the Legendre expansion
of |r - u|^-1, graphs are counted by summing over labelled ones, ranks come from FLINT.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from itertools import combinations, combinations_with_replacement, permutations, product
from math import comb, factorial, gcd, prod
from typing import Any

import flint
import networkx as nx
import numpy as np
import sympy
from numpy.typing import NDArray

from invgen import TensorSpace
from invgen.contractions.contraction import Contraction
from invgen.contractions.graphs import ContractionGraph

Array = NDArray[Any]
Matrix = Sequence[Sequence[Fraction]]

LEVI_CIVITA = np.zeros((3, 3, 3), dtype=object)
LEVI_CIVITA[...] = 0
for _i, _j, _k in permutations(range(3)):
    LEVI_CIVITA[_i, _j, _k] = (_i - _j) * (_j - _k) * (_k - _i) // 2


# Tensors


def entries(l: int) -> Iterator[tuple[tuple[int, ...], tuple[int, int, int]]]:
    """Every multi-index of a tensor of rank l with how often it names x, y and z."""
    for index in product(range(3), repeat=l):
        yield index, (index.count(0), index.count(1), index.count(2))


@cache
def harmonics(l: int) -> tuple[dict[tuple[int, int, int], int], ...]:
    """The real solid harmonics of degree l, m = -l..l, z polar, coprime integers, no Condon-Shortley sign."""
    x, y, z, t, r2 = sympy.symbols("x y z t r2", real=True)
    found = []
    for m in range(-l, l + 1):
        derivative = sympy.Poly(sympy.diff(sympy.legendre(l, t), t, abs(m)), t)
        axial = sum(c * z**k * r2 ** ((l - abs(m) - k) // 2) for (k,), c in derivative.terms())  # homogeneous in (z, r)
        plane = sympy.expand((x + sympy.I * y) ** abs(m))
        azimuth = sympy.im(plane) if m < 0 else sympy.re(plane)
        polynomial = sympy.Poly(sympy.expand(axial.subs(r2, x**2 + y**2 + z**2) * azimuth), x, y, z)
        _, primitive = polynomial.clear_denoms(convert=True)[1].primitive()
        found.append({e: int(c) for e, c in primitive.terms()})
    return tuple(found)


@cache
def harmonic_tensors(l: int) -> tuple[Array, ...]:
    """The full symmetric tensors of `harmonics`: P_m(r) is the contraction of one with r⊗...⊗r."""
    tensors = []
    for polynomial in harmonics(l):
        tensor = np.empty((3,) * l, dtype=object)
        for index, (a, b, c) in entries(l):
            copies = factorial(l) // (factorial(a) * factorial(b) * factorial(c))
            tensor[index] = Fraction(polynomial.get((a, b, c), 0), copies)
        tensors.append(tensor)
    return tuple(tensors)


@cache
def unit_tensors(l: int) -> tuple[Array, ...]:
    """dT/dx_m in the "rational" convention: the traceless tensors with P_k · T = 1 for k = m and 0 otherwise."""
    return tuple(np.asarray(t / np.sum(t * t)) for t in harmonic_tensors(l))


def tensor_of_rational(components: Sequence[Any]) -> Array:
    """The full tensor whose contractions with the harmonics are `components`."""
    return sum(x * t for x, t in zip(components, unit_tensors((len(components) - 1) // 2), strict=True))


def rational_components(tensor: Array) -> list[Any]:
    """P_m · T for m = -l..l."""
    tensor = np.asarray(tensor)  # arithmetic on arrays without axes gives bare numbers
    return [np.sum(t * tensor) for t in harmonic_tensors(tensor.ndim)]


def traceless(l: int, vectors: Sequence[Sequence[Any]], weights: Sequence[Any]) -> Array:
    """sum_i w_i STF(r_i ⊗ ... ⊗ r_i), in the arithmetic of its arguments.

    STF(r^l) · u^l = l! / (2l - 1)!! |r|^l |u|^l P_l(cos), expanded in u.
    """
    leading = Fraction(2**l * factorial(l) ** 2, factorial(2 * l))  # l! / (2l - 1)!!
    coefficients: dict[tuple[int, int, int], Any] = {}
    for k in range(l // 2 + 1):
        # P_l(c) = 2^-l sum_k (-1)^k C(l, k) C(2l - 2k, l) c^(l - 2k)
        legendre = leading * Fraction((-1) ** k * comb(l, k) * comb(2 * l - 2 * k, l), 2**l)
        for powers in _compositions(l - 2 * k):
            for squares in _compositions(k):
                exponents = tuple(p + 2 * s for p, s in zip(powers, squares, strict=True))
                number = legendre * multinomial(powers) * multinomial(squares)
                for r, w in zip(vectors, weights, strict=True):
                    r2 = sum(c * c for c in r)
                    term = w * prod((c**p for c, p in zip(r, powers, strict=True)), start=1) * r2**k
                    exact = not isinstance(term, float)
                    coefficients[exponents] = coefficients.get(exponents, 0) + term * (
                        number if exact else float(number)
                    )
    tensor = np.empty((3,) * l, dtype=object)
    for index, e in entries(l):
        value = coefficients.get(e, 0)
        tensor[index] = value / multinomial(e)
    return tensor


def _compositions(order: int) -> Iterator[tuple[int, int, int]]:
    for a in range(order + 1):
        for b in range(order - a + 1):
            yield a, b, order - a - b


def multinomial(e: Sequence[int]) -> int:
    return factorial(sum(e)) // prod(map(factorial, e))


def rotation(quaternion: Sequence[int]) -> list[list[Fraction]]:
    """The rational rotation matrix of an integer quaternion that is not zero."""
    a, b, c, d = map(Fraction, quaternion)
    n = a * a + b * b + c * c + d * d
    rows = [
        [a * a + b * b - c * c - d * d, 2 * (b * c - a * d), 2 * (b * d + a * c)],
        [2 * (b * c + a * d), a * a - b * b + c * c - d * d, 2 * (c * d - a * b)],
        [2 * (b * d - a * c), 2 * (c * d + a * b), a * a - b * b - c * c + d * d],
    ]
    return [[v / n for v in row] for row in rows]


def rotated(tensor: Array, matrix: Any) -> Array:
    """Every index of a full tensor multiplied by `matrix`."""
    matrix = np.array(matrix, dtype=tensor.dtype)
    for axis in range(tensor.ndim):
        tensor = np.moveaxis(np.tensordot(matrix, tensor, axes=(1, axis)), 0, axis)
    return tensor


def transformed(space: TensorSpace, tensors: Sequence[Array], matrix: Any, inverted: bool = False) -> list[Array]:
    """The tensors under the rotation `matrix`, followed by the inversion (under which each has its parity)."""
    return [
        (t.parity if inverted else 1) * rotated(array, matrix) for t, array in zip(space.tensors, tensors, strict=True)
    ]


def random_tensors(space: TensorSpace, rng: np.random.Generator, bound: int = 3) -> list[Array]:
    """One traceless tensor with small rational entries for each tensor of the space."""
    return [
        np.asarray(tensor_of_rational([Fraction(int(v)) for v in rng.integers(-bound, bound + 1, t.dimension)]))
        for t in space.tensors
    ]


def rational_vector(tensors: Sequence[Array]) -> list[Fraction]:
    """The components of all tensors, one after the other, in the "rational" convention."""
    return [x for t in tensors for x in rational_components(t)]


# Contractions


def contract(contraction: Contraction, space: TensorSpace, tensors: Sequence[Array]) -> Any:
    """The contraction by one einsum over full tensors."""
    return np.asarray(np.einsum(contraction.subscripts, *_operands(contraction, space, tensors))).item()


def contract_gradient(contraction: Contraction, space: TensorSpace, tensors: Sequence[Array]) -> list[Any]:
    """The derivatives by the "rational" components: leave one tensor out, contract with dT/dx, sum over places."""
    operands = _operands(contraction, space, tensors)
    slots: list[list[Any]] = [[0] * t.dimension for t in space.tensors]
    for place, name in enumerate(contraction.tensors):
        if name == "eps":
            continue
        number = space.names.index(name)
        units = unit_tensors(space.tensors[number].l)
        for m, unit in enumerate(units):
            changed = [*operands]
            changed[place] = unit.astype(operands[place].dtype)
            slots[number][m] += np.asarray(np.einsum(contraction.subscripts, *changed)).item()
    return [v for slot in slots for v in slot]


def _operands(contraction: Contraction, space: TensorSpace, tensors: Sequence[Array]) -> list[Array]:
    tensors = [np.asarray(t) for t in tensors]
    dtype = tensors[0].dtype
    by_name = dict(zip(space.names, tensors, strict=True)) | {"eps": LEVI_CIVITA.astype(dtype)}
    return [by_name[name] for name in contraction.tensors]


# Ranks


def exact_rank(rows: Sequence[Sequence[Fraction]]) -> int:
    """The rank over the rationals, by FLINT."""
    if not len(rows) or not len(rows[0]):
        return 0
    return flint.fmpq_mat(
        len(rows), len(rows[0]), [flint.fmpq(int(v.numerator), int(v.denominator)) for row in rows for v in row]
    ).rank()


# Counting invariants


def invariants_by_weights(factors: Iterable[tuple[int, int]]) -> int:
    """Weight 0 minus weight 1, counted over all multisets of weights."""
    weights = {0: 1}
    for l, k in factors:
        following: dict[int, int] = {}
        for choice in combinations_with_replacement(range(-l, l + 1), k):
            for weight, times in weights.items():
                following[weight + sum(choice)] = following.get(weight + sum(choice), 0) + times
        weights = following
    return weights.get(0, 0) - weights.get(1, 0)


def molien_series(irreps: Sequence[tuple[int, int]], group: str, max_degree: int) -> list[float]:
    """The Molien integral over SO(3) or O(3) by the trapezoidal rule, which is exact for these trigonometric sums."""
    nodes = 2 * max_degree * max(l for l, _ in irreps) + 4
    angles = 2 * np.pi * np.arange(nodes) / nodes
    cosets = (False, True) if group == "O3" else (False,)
    total = np.zeros(max_degree + 1)
    for inverted in cosets:
        for angle in angles:
            series = np.zeros(max_degree + 1, dtype=complex)
            series[0] = 1
            for l, parity in irreps:
                for m in range(-l, l + 1):
                    eigenvalue = np.exp(1j * m * angle) * (parity if inverted else 1)
                    for degree in range(1, max_degree + 1):  # divide by 1 - eigenvalue t
                        series[degree] += eigenvalue * series[degree - 1]
            total += (1 - np.cos(angle)) * series.real / (nodes * len(cosets))
    return total.tolist()


# Graphs


def as_networkx(graph: ContractionGraph) -> nx.Graph:
    """The multigraph with labels and multiplicities as attributes."""
    made = nx.Graph()
    for i, label in enumerate(graph.vertices):
        made.add_node(i, label=str(label))
    for u, v, m in graph.edges:
        made.add_edge(u, v, multiplicity=str(m))
    return made


_NODE = nx.algorithms.isomorphism.categorical_node_match("label", None)
_EDGE = nx.algorithms.isomorphism.categorical_edge_match("multiplicity", None)


def isomorphic(a: ContractionGraph, b: ContractionGraph) -> bool:
    """Whether some relabelling of vertices takes one to the other, by networkx's search (VF2)."""
    return nx.is_isomorphic(as_networkx(a), as_networkx(b), node_match=_NODE, edge_match=_EDGE)


def automorphisms(graph: ContractionGraph) -> int:
    """The order of the automorphism group, by listing it."""
    made = as_networkx(graph)
    matcher = nx.algorithms.isomorphism.GraphMatcher(made, made, node_match=_NODE, edge_match=_EDGE)
    return sum(1 for _ in matcher.isomorphisms_iter())


def labelled_multigraphs(ranks: Sequence[int]) -> Iterator[ContractionGraph]:
    """All loopless multigraphs on numbered vertices with these degrees (all labels 0), connected or not."""

    def fill(u: int, v: int, left: list[int], edges: list[tuple[int, int, int]]) -> Iterator[ContractionGraph]:
        if u == len(ranks):
            yield ContractionGraph((0,) * len(ranks), tuple(edges))
        elif v == len(ranks):
            if left[u] == 0:
                yield from fill(u + 1, u + 2, left, edges)
        else:
            for m in range(min(left[u], left[v]) + 1):
                reduced = [*left]
                reduced[u] -= m
                reduced[v] -= m
                yield from fill(u, v + 1, reduced, [*edges, (u, v, m)] if m else edges)

    yield from fill(0, 1, list(ranks), [])


def connected(graph: ContractionGraph) -> bool:
    """Whether the graph has one component."""
    return nx.is_connected(as_networkx(graph))


@cache
def count_labelled(ranks: tuple[int, ...]) -> int:
    """How many loopless multigraphs on numbered vertices have these degrees (symmetric matrices, zero diagonal)."""
    if not ranks:
        return 1
    first, rest = ranks[0], ranks[1:]
    total = 0
    for split in _bounded(first, rest):
        total += count_labelled(tuple(sorted(r - s for r, s in zip(rest, split, strict=True))))
    return total


def _bounded(total: int, limits: Sequence[int]) -> Iterator[tuple[int, ...]]:
    if not limits:
        if total == 0:
            yield ()
        return
    for first in range(min(total, limits[0]) + 1):
        for rest in _bounded(total - first, limits[1:]):
            yield (first, *rest)


def count_connected_labelled(ranks: tuple[int, ...]) -> int:
    """How many of them are connected: all, less those whose component of vertex 0 is smaller."""
    indices = range(1, len(ranks))
    total = count_labelled(tuple(sorted(ranks)))
    for size in range(len(ranks) - 1):
        for others in combinations(indices, size):
            outside = tuple(sorted(ranks[i] for i in indices if i not in others))
            total -= _count_connected((ranks[0], *(ranks[i] for i in others))) * count_labelled(outside)
    return total


@cache
def _count_connected(ranks: tuple[int, ...]) -> int:
    return count_connected_labelled(ranks)


def mass(graphs: Iterable[ContractionGraph]) -> int:
    """The number of labelled graphs that the classes stand for: permutations that keep labels, over automorphisms."""
    total = Fraction(0)
    for graph in graphs:
        relabellings = prod(factorial(graph.vertices.count(v)) for v in set(graph.vertices))
        total += Fraction(relabellings, automorphisms(graph))
    assert total.denominator == 1
    return int(total)


# Libraries


@dataclass(frozen=True)
class Cloud:
    """A weighted set of points: the tensor sum_i w_i STF(r_i^l), whose components are sums of solid harmonics."""

    vectors: Array
    weights: Array

    def tensor(self, l: int) -> Array:
        """The full tensor in float64."""
        return traceless(l, self.vectors.tolist(), self.weights.tolist()).astype(float)

    def components(self, convention: str, l: int) -> Array:
        """The components as the library of that name computes them."""
        if convention == "sphericart":
            import sphericart

            values = sphericart.SolidHarmonics(l).compute(self.vectors)[:, l * l :]
        else:
            import torch
            from e3nn import o3

            normalization = {"e3nn": "integral", "e3nn_component": "component", "e3nn_norm": "norm"}[convention]
            points = torch.tensor(self.vectors, dtype=torch.float64)
            values = o3.spherical_harmonics(l, points, normalize=False, normalization=normalization).numpy()
        return np.asarray(self.weights @ values)


def random_cloud(rng: np.random.Generator, size: int = 12) -> Cloud:
    """Points of length of order 1."""
    return Cloud(rng.normal(size=(size, 3)), rng.normal(size=size))


def coprime(values: Iterable[int]) -> bool:
    """Whether the greatest common divisor is 1."""
    return gcd(*values) == 1
