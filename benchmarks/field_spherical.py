"""Functions on the sphere: which rank lists of invariants keep there, and pairs that an earlier list confuses.

The earlier list is what the pass of Langbein and Hagen (2009) keeps of the contractions of whole moment tensors. Ranks
are exact, modulo three primes, at functions of rational masses at rational points of the sphere.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from copy import copy
from fractions import Fraction
from itertools import product
from pathlib import Path
from string import ascii_lowercase
from typing import Any

import numpy as np
from scipy.optimize import least_squares
from scipy.spatial.transform import Rotation

from benchmarks.support import ROOT, describe, machine, table, write_json
from invgen import Basis, TensorSpace, generate
from invgen.algebra.finite_field import Echelon, is_prime
from invgen.algebra.modular import fractions_mod, product_modulo
from invgen.contractions.at_points import jacobian
from invgen.contractions.candidates import connected_contractions
from invgen.spaces.groups import weak_compositions
from invgen.spaces.harmonics import monomials, multinomial

ORDERS = (2, 3, 4, 5)
PAIRS = 100
SAMPLES = 300  # functions that say how large an invariant gets
STEPS = 10
LENGTH = 1.5  # of a walk, in units of the norm of its function's moments
FAR = 0.02  # of the norm: walks that do not get so far are tried in another direction
HALVINGS = 5  # of a step that does not come back
CLOSED = 5e-13  # how close Newton brings the earlier invariants back, in shares of their largest values
SEED = 20261130
RESULT = ROOT / "benchmarks" / "results" / "field_spherical.json"
FIGURE = ROOT / "docs" / "figures" / "field_spherical.svg"

Array = np.ndarray
Whole = tuple[tuple[str, ...], tuple[int, ...]]
"""A contraction of whole moment tensors: the letters of each, and their orders."""


def _primes_below(bound: int, count: int) -> tuple[int, ...]:
    found: list[int] = []
    while len(found) < count:
        bound -= 1
        if is_prime(bound):
            found.append(bound)
    return tuple(found)


PRIMES = _primes_below(2**27, 3)  # sums of 243 products of residues fit into 63 bits


# --- Functions of masses on the sphere.


def rational_function(rng: np.random.Generator) -> tuple[list[tuple[Fraction, ...]], list[Fraction]]:
    """5 to 9 positive rational masses at rational points of the unit sphere."""
    count = int(rng.integers(5, 10))
    points = []
    for vector in rng.normal(size=(count, 3)):
        x, y, z = vector / np.linalg.norm(vector)
        side = 1 if z < 0 else -1
        u, v = (Fraction(round(1000 * c / (1 - side * z)), 1000) for c in (x, y))
        size = 1 + u * u + v * v
        points.append((2 * u / size, 2 * v / size, side * (u * u + v * v - 1) / size))
    return points, [Fraction(int(m), 100) for m in rng.integers(50, 200, count)]


def moments(order: int, points: Array, masses: Array) -> Array:
    """All moments up to an order, in the order of a space's components."""
    return np.array(
        [
            (masses * points[:, 0] ** a * points[:, 1] ** b * points[:, 2] ** c).sum()
            for n in range(order + 1)
            for a, b, c in monomials(n)
        ]
    )


def moments_modulo(order: int, points: Sequence[Sequence[Fraction]], masses: Sequence[Fraction], prime: int) -> Array:
    """The same modulo a prime."""
    rows = fractions_mod(np.array(points, dtype=object), np.array([prime]))[0]
    weights = fractions_mod(np.array(masses, dtype=object), np.array([prime]))[0]
    powers = [np.ones_like(rows)]
    for _ in range(order):
        powers.append(powers[-1] * rows % prime)
    found = []
    for n in range(order + 1):
        for a, b, c in monomials(n):
            term = powers[a][:, 0] * powers[b][:, 1] % prime * powers[c][:, 2] % prime
            found.append(int((term * weights % prime).sum() % prime))
    return np.array(found)


# --- Contractions of whole tensors, at points of a field or in floats.


def whole_contractions(order: int, degree: int) -> Iterator[Whole]:
    """Those of one degree, traces of tensors taken inside included; without the Levi-Civita symbol."""
    pieces = [(n, t) for n in range(order + 1) for t in range(n // 2 + 1)]
    names = [f"p{i}" for i in range(len(pieces))]
    terms = (f"{name}:{n - 2 * t}{'eo'[n % 2]}" for name, (n, t) in zip(names, pieces, strict=True))
    space = TensorSpace(" + ".join(terms))
    for multidegree in weak_compositions(len(pieces), degree):
        if sum(k * n for k, (n, _) in zip(multidegree, pieces, strict=True)) % 2:
            continue
        for _, written in connected_contractions(space, multidegree):
            letters = iter(sorted(set(ascii_lowercase) - set(written.subscripts), reverse=True))
            parts = [pieces[names.index(name)] for name in written.tensors]
            groups = tuple(
                group + "".join(2 * next(letters) for _ in range(traces))
                for group, (_, traces) in zip(written.subscripts.split(","), parts, strict=True)
            )
            yield groups, tuple(n for n, _ in parts)


class Tensors:
    """The full moment tensors of orders 0, 1, ... at one point, in floats or modulo a prime."""

    def __init__(self, order: int, values: Array, prime: int | None = None) -> None:
        self._prime = prime
        self._places: list[Array] = []
        self._tensors: list[Array] = []
        start = 0
        for n in range(order + 1):
            where = {e: start + i for i, e in enumerate(monomials(n))}
            index = np.empty((3,) * n, dtype=np.intp)
            for entry in np.ndindex(index.shape):
                index[entry] = where[entry.count(0), entry.count(1), entry.count(2)]
            start += len(where)
            self._places.append(index)
            self._tensors.append(values[index])
        self._size = start

    def _reduced(self, array: Array) -> Array:
        return array if self._prime is None else array % self._prime

    def _traced(self, group: str, tensor: Array) -> tuple[str, Array]:
        left = "".join(c for c in group if group.count(c) == 1)
        return left, self._reduced(np.einsum(f"{group}->{left}", tensor))

    def value(self, whole: Whole) -> Any:
        """The contraction."""
        groups, orders = whole
        left, result = "", np.ones((), dtype=self._tensors[0].dtype)
        for group, n in zip(groups, orders, strict=True):
            left, result = self._joined(left, result, *self._traced(group, self._tensors[n]))
        return result[()]

    def _joined(self, left: str, a: Array, right: str, b: Array) -> tuple[str, Array]:
        kept = "".join(c for c in left + right if (left + right).count(c) == 1)
        return kept, self._reduced(np.einsum(f"{left},{right}->{kept}", a, b))

    def gradient(self, whole: Whole) -> Array:
        """The derivatives with respect to all moments."""
        groups, orders = whole
        found = np.zeros(self._size, dtype=self._tensors[0].dtype)
        for k, n in enumerate(orders):
            left, rest = "", np.ones((), dtype=found.dtype)
            for j, (group, other) in enumerate(zip(groups, orders, strict=True)):
                if j != k:
                    left, rest = self._joined(left, rest, *self._traced(group, self._tensors[other]))
            open_letters = "".join(c for c in groups[k] if groups[k].count(c) == 1)
            inner = [c for c in dict.fromkeys(groups[k]) if groups[k].count(c) == 2]
            full = np.einsum(f"{left}->{open_letters}", rest)
            for _ in inner:
                full = np.multiply.outer(full, np.eye(3, dtype=found.dtype))
            # The traced pairs are the last axes; the tensor is symmetric, so that the order of its axes is free.
            np.add.at(found, self._places[n].ravel(), full.ravel())
            found = self._reduced(found)
        return found


def earlier_list(order: int) -> list[Whole]:
    """What the greedy pass keeps, lowest degrees first, at a generic point; it ends at the rank that is needed."""
    space = TensorSpace.moments(range(order + 1))
    needed = space.dimension - space.orbit_dimension
    rng = np.random.default_rng(SEED)
    prime = PRIMES[0]
    tensors = Tensors(order, rng.integers(0, prime, space.dimension), prime)
    echelon, kept = Echelon(space.dimension, prime), []
    for degree in range(1, 6):
        for whole in whole_contractions(order, degree):
            if echelon.insert(tensors.gradient(whole)):
                kept.append(whole)
            if echelon.rank == needed:
                return kept
    return kept


# --- Ranks on the sphere.


def tangents(order: int, prime: int) -> Array:
    """Moments of unit masses at more points than there are harmonics: the directions of functions on the sphere."""
    rng = np.random.default_rng(SEED + 1)
    columns: list[Array] = []
    while len(columns) < (order + 1) ** 2 + 3:
        points, _ = rational_function(rng)
        columns += [moments_modulo(order, [p], [Fraction(1)], prime) for p in points]
    return np.stack(columns, axis=1)


def whole_gradients(order: int, members: Sequence[Whole], x: Array, prime: int) -> Array:
    """The Jacobian of contractions of whole tensors, (members, moments), modulo a prime."""
    at = Tensors(order, x, prime)
    return np.stack([at.gradient(member) for member in members])


def basis_gradients(basis: Basis, x: Array, prime: int) -> Array:
    """The Jacobian of a basis with respect to the moments, modulo a prime."""
    assert basis.space.layout is not None
    layout = np.array(basis.space.layout.matrix) % prime
    components = product_modulo(layout, x[:, None], prime)[:, 0]
    return product_modulo(jacobian(basis.space, basis.contractions, prime, components.tolist()), layout, prime)


def rank(rows: Array, along: Array, prime: int) -> int:
    """The rank of gradients along the sphere's directions."""
    inside = product_modulo(rows, along, prime)
    return Echelon.of(inside, inside.shape[1], prime).rank


def ranks(order: int, functions: int) -> dict[str, Any]:
    """One row of the table: the rank that each list keeps at random functions, the highest over the primes."""
    space = TensorSpace.moments(range(order + 1))
    earlier = earlier_list(order)
    bases = {"independent": generate(space, 4), "flexible": generate(space, 12, select="flexible")}
    rng = np.random.default_rng(SEED + 2)
    found: dict[str, list[int]] = {"earlier": [], "independent": [], "flexible": []}
    along = {prime: tangents(order, prime) for prime in PRIMES}
    for _ in range(functions):
        points, masses = rational_function(rng)
        each: dict[str, list[int]] = {name: [] for name in found}
        for prime in PRIMES:
            x = moments_modulo(order, points, masses, prime)
            each["earlier"].append(rank(whole_gradients(order, earlier, x, prime), along[prime], prime))
            for name, basis in bases.items():
                each[name].append(rank(basis_gradients(basis, x, prime), along[prime], prime))
        for name, values in each.items():
            found[name].append(max(values))
    needed = (order + 1) ** 2 - 3
    members = {"earlier": len(earlier), **{name: len(basis) for name, basis in bases.items()}}
    return {"order": order, "needed": needed, "members": members, "ranks": found}


# --- Pairs that the earlier list confuses, by construction.


class Masses:
    """Positive masses on the sphere as a point of a manifold: rotations of each point, and logarithms of masses."""

    def __init__(self, order: int, points: Array, masses: Array) -> None:
        self.order, self.points, self.masses = order, points, masses

    def moments(self) -> Array:
        """All moments."""
        return moments(self.order, self.points, self.masses)

    def frames(self) -> Array:
        """Two tangent vectors at each point, (masses, 2, 3)."""
        helper = np.eye(3)[np.argmin(abs(self.points), axis=1)]
        first = np.cross(self.points, helper)
        first /= np.linalg.norm(first, axis=1, keepdims=True)
        return np.stack([first, np.cross(self.points, first)], axis=1)

    def derivatives(self) -> Array:
        """The derivatives of the moments, (moments, 3 · masses): logarithms of masses, then both tangents."""
        exponents = np.array([e for n in range(self.order + 1) for e in monomials(n)])
        values = np.prod(self.points[None] ** exponents[:, None], axis=2)  # (moments, masses)
        slopes = []
        for axis in range(3):
            lowered = np.maximum(exponents - np.eye(3, dtype=int)[axis], 0)
            slopes.append(exponents[:, axis, None] * np.prod(self.points[None] ** lowered[:, None], axis=2))
        tangent = np.einsum("akm,mtk->tam", np.stack(slopes, axis=1), self.frames())
        return np.concatenate([values, *tangent], axis=1) * np.tile(self.masses, 3)

    def moved(self, step: Array) -> Masses:
        """The masses after a step of `derivatives`' parameters."""
        count = len(self.masses)
        points = self.points + np.einsum("tm,mtk->mk", step[count:].reshape(2, count), self.frames())
        points /= np.linalg.norm(points, axis=1, keepdims=True)
        return Masses(self.order, points, self.masses * np.exp(step[:count]))


class List:
    """Values and Jacobians of a list of invariants, each as a share of the largest value at functions of unit norm."""

    def __init__(self, order: int, members: Sequence[Whole] | Basis, samples: Array) -> None:
        self.order, self.members = order, members
        degrees = members.degrees if isinstance(members, Basis) else [len(orders) for _, orders in members]
        self._degrees = np.array(degrees, dtype=float)
        self._largest = np.ones(len(degrees))
        self.scales = self._largest
        self._largest = abs(np.stack([self.values(x / norm_of(x)) for x in samples])).max(axis=0)

    def at_norm(self, norm: float) -> List:
        """The same for functions of another norm."""
        other = copy(self)
        other.scales = norm**-self._degrees / self._largest
        return other

    def values(self, x: Array) -> Array:
        """The values, (members,)."""
        if isinstance(self.members, Basis):
            return np.asarray(self.members.evaluate(x)) * self.scales
        at = Tensors(self.order, x)
        return np.array([at.value(m) for m in self.members]) * self.scales

    def jacobian(self, x: Array) -> Array:
        """The derivatives, (members, moments)."""
        if isinstance(self.members, Basis):
            return np.asarray(self.members.jacobian(x)) * self.scales[:, None]
        at = Tensors(self.order, x)
        return np.stack([at.gradient(m) for m in self.members]) * self.scales[:, None]


def norm_of(x: Array) -> float:
    """The norm of the moments on the sphere: every tensor by its Frobenius norm."""
    return float(np.sqrt(sum((t**2).sum() for t in Tensors(3, x)._tensors)))


def lengths(values: Array, degrees: Sequence[int]) -> Array:
    """Shares of the largest value as shares of the norm: signed roots, of the dimension of a function."""
    return np.sign(values) * abs(values) ** (1 / np.array(degrees, dtype=float))


def distance(one: Masses, other: Masses) -> float:
    """The least norm of the difference over all rotations and reflections, as a share of the norm."""
    weights = np.sqrt([multinomial(e) for n in range(one.order + 1) for e in monomials(n)])
    x = one.moments() * weights
    best = np.inf
    for start, sign in product(Rotation.random(8, random_state=0).as_rotvec(), (1, -1)):

        def rest(turn: Array, sign: int = sign) -> Array:
            turned = sign * other.points @ Rotation.from_rotvec(turn).as_matrix().T
            return moments(one.order, turned, other.masses) * weights - x

        best = min(best, float(np.linalg.norm(least_squares(rest, start, max_nfev=30).fun)))
    return best / float(np.linalg.norm(x))


def returned(at: Masses, target: Array, earlier: List, known: int) -> Masses | None:
    """Newton back to where the earlier invariants have the values that they had; None where it does not converge."""
    for _ in range(12):
        x = at.moments()
        rest = target - earlier.values(x)
        if abs(rest).max() < CLOSED:
            return at
        left, sizes, right = np.linalg.svd(earlier.jacobian(x) @ at.derivatives(), full_matrices=False)
        step = right[:known].T @ ((left[:, :known].T @ rest) / sizes[:known])
        if not np.isfinite(step).all() or abs(step).max() > 1.0:
            return None
        at = at.moved(step)
    return None


def walk(start: Masses, earlier: List, flexible: List, known: int, choice: int, sign: int) -> Masses:
    """Ten steps that the earlier invariants do not see.

    The first goes where the flexible ones see most, or second or third most, the others go on from there.
    """
    target, norm = earlier.values(start.moments()), norm_of(start.moments())
    at, before = start, None
    for _ in range(STEPS):
        derivatives = at.derivatives()
        rows = earlier.jacobian(at.moments()) @ derivatives
        unseen = np.linalg.svd(rows)[2][known:].T
        seen = np.linalg.svd(flexible.jacobian(at.moments()) @ derivatives @ unseen)[2]
        direction = sign * unseen @ seen[choice]
        if before is not None:  # keep going the same way
            direction = unseen @ (unseen.T @ before)
        change = derivatives @ direction
        size = min(LENGTH / STEPS * norm / norm_of(change), 0.25 / abs(direction).max())
        for _ in range(HALVINGS):
            there = returned(at.moved(direction * size), target, earlier, known)
            if there is not None:
                at = there
                break
            size /= 2
        before = direction / np.linalg.norm(direction)
    return at


def pairs(count: int) -> tuple[list[dict[str, Any]], list[tuple[Masses, Masses]]]:
    """Functions of order 3 with the partners that the earlier list confuses with them."""
    order, known = 3, 10
    space = TensorSpace.moments(range(order + 1))
    whole, independent = earlier_list(order), generate(space, 4)
    basis = generate(space, 12, select="flexible")
    rng = np.random.default_rng(SEED + 3)
    along, prime = tangents(order, PRIMES[0]), PRIMES[0]
    samples = []
    for _ in range(SAMPLES):
        points, masses = rational_function(rng)
        samples.append(moments(order, np.array(points, dtype=float), np.array(masses, dtype=float)))
    known_lists = [List(order, members, np.array(samples)) for members in (whole, independent, basis)]
    rows, found = [], []
    for _ in range(count):
        points, masses = rational_function(rng)
        x = moments_modulo(order, points, masses, prime)
        exact = rank(whole_gradients(order, whole, x, prime), along, prime)
        full = rank(basis_gradients(basis, x, prime), along, prime)
        start = Masses(order, np.array(points, dtype=float), np.array(masses, dtype=float))
        norm = norm_of(start.moments())
        lists = [each.at_norm(norm) for each in known_lists]
        end, roots = start, [np.zeros(len(basis))] * 2
        for choice, sign in product(range(3), (1, -1)):  # until one gets far enough; otherwise the farthest is kept
            there = walk(start, lists[0], lists[2], known, choice, sign)
            found_roots = [lengths(lists[2].values(m.moments()), basis.degrees) for m in (start, there)]
            if abs(found_roots[0] - found_roots[1]).max() > abs(roots[0] - roots[1]).max():
                end, roots = there, found_roots
            if abs(roots[0] - roots[1]).max() > FAR:
                break
        apart = [abs(each.values(start.moments()) - each.values(end.moments())).max() for each in lists]
        rows.append(
            {
                "masses": len(masses),
                "rank of the earlier list": exact,
                "rank of flexible": full,
                "earlier": float(apart[0]),
                "independent": float(apart[1]),
                "flexible": float(apart[2]),
                "flexible as lengths": float(abs(roots[0] - roots[1]).max()),
                "distance": distance(start, end),
                "least mass": float(end.masses.min()),
            }
        )
        found.append((start, end))
    return rows, found


# --- Tables and the picture.


def picture(chosen: Sequence[tuple[Masses, Masses]], titles: Sequence[str]) -> None:
    """Both functions of each pair from above and from below, areas kept; the size of a dot is the mass."""
    import matplotlib
    from matplotlib import pyplot

    matplotlib.rcParams.update({"svg.hashsalt": "invgen", "font.size": 8})
    figure, axes = pyplot.subplots(len(chosen), 4, figsize=(7.2, 2.0 * len(chosen)), layout="constrained")
    for row, pair, title in zip(np.atleast_2d(axes), chosen, titles, strict=True):
        for column, (function, name) in enumerate(zip(pair, ("function", "partner"), strict=True)):
            for side, sign in enumerate((1, -1)):
                panel = row[2 * column + side]
                panel.add_patch(pyplot.Circle((0, 0), 2**0.5, fill=False, linewidth=0.6, color="#8a8a8a"))
                here = sign * function.points[:, 2] >= 0
                x, y, z = function.points[here].T
                flat = np.stack([x, y]) / np.sqrt((1 + abs(z)) / 2) / 2**0.5
                colour = ("#1b4b7a", "#c0392b")[column]
                panel.scatter(*flat, s=60 * function.masses[here], color=colour, alpha=0.75, linewidths=0)
                panel.set(xlim=(-1.5, 1.5), ylim=(-1.5, 1.5), aspect="equal", xticks=[], yticks=[])
                panel.set_title(f"{name}, z {'>' if sign > 0 else '<'} 0")
                for spine in panel.spines.values():
                    spine.set_visible(False)
        row[0].set_ylabel(title)
    figure.savefig(FIGURE, metadata={"Date": None})
    pyplot.close(figure)


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fields spherical", description=__doc__)
    parser.add_argument("--pairs", type=int, default=PAIRS, help=f"how many functions get a partner; {PAIRS}")
    parser.add_argument("--json", type=Path, default=RESULT, help="where the results go")
    given = parser.parse_args(arguments)
    where = machine()
    print(describe(where), end="\n\n")
    found = [ranks(order, 8) for order in ORDERS]
    rows = []
    for each in found:
        spans = [f"{min(r)} to {max(r)}" if min(r) < max(r) else f"{r[0]}" for r in each["ranks"].values()]
        sizes = " / ".join(map(str, each["members"].values()))
        rows.append([f"0..{each['order']}", sizes, f"{each['needed']}", *spans])
    print(table(["orders", "members", "rank needed", "earlier list", "independent", "flexible"], rows), end="\n\n")
    results, made = pairs(given.pairs)
    measures = ("earlier", "independent", "flexible", "flexible as lengths", "distance")
    rows = []
    for measure in measures:
        values = sorted(each[measure] for each in results)
        rows.append([measure, f"{values[0]:.2g}", f"{np.median(values):.2g}", f"{values[-1]:.2g}"])
    print(table(["difference of pairs", "least", "median", "greatest"], rows))
    held = sum(each["rank of the earlier list"] == 10 and each["rank of flexible"] == 13 for each in results)
    print(f"\nrank 10 of 13 (earlier list) and 13 of 13 (flexible): {held} of {len(results)} functions")
    clear = sum(
        each["earlier"] < 1e-12 and min(each["flexible as lengths"], each["distance"]) >= 0.01 for each in results
    )
    print(f"earlier invariants equal to 1e-12 and flexible ones 1 % of the norm apart: {clear} of {len(results)} pairs")
    order = np.argsort([-each["distance"] for each in results])[:2]
    titles = [f"{results[i]['distance']:.0%} of the norm apart" for i in order]
    picture([made[i] for i in order], titles)
    write_json(given.json, {"machine": where, "seed": SEED, "ranks": found, "pairs": results})
