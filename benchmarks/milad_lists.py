"""How many invariants the lists that come with MILAD hold up to each order, and their rank.

MILAD 0.3.1 (PyPI) brings two lists of rotation invariants of central moments in three dimensions: `rot3dinvs8mat.txt`,
which it uses by default, and `rot3dinvs8indep.txt`, which calls itself independent. A member is a line "degree terms
...", then one line for each term: a coefficient and, for every factor, the exponents of x, y and z. The moment of
order 0 by itself is left out. The rank is that of the gradients at a point modulo a prime: proved as a lower bound, and
the same at two primes and points.

    pip download --no-deps milad==0.3.1 && unzip milad-0.3.1-*.whl
    python -m benchmarks.milad_lists milad/invariants/res
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from itertools import product
from math import comb
from pathlib import Path

import numpy as np

from invgen.algebra.finite_field import Echelon

LISTS = ("rot3dinvs8mat.txt", "rot3dinvs8indep.txt")
PRIMES = (2**31 - 1, 2**31 - 19)
ORDERS = range(2, 9)

Exponents = tuple[int, int, int]
Member = list[tuple[int, tuple[Exponents, ...]]]


def read(path: Path) -> Iterator[Member]:
    """Every member of a list: its terms, each a coefficient and factors."""
    for block in path.read_text(encoding="ascii").strip().split("\n\n"):
        _, *lines = block.strip().splitlines()
        terms = []
        for line in lines:
            coefficient, *exponents = map(int, line.split())
            factors = tuple(tuple(exponents[i : i + 3]) for i in range(0, len(exponents), 3))
            terms.append((coefficient, factors))
        yield terms  # type: ignore[misc]


def order_of(member: Member) -> int:
    """The highest order of its moments; 0 where it holds the moment of order 0 alone."""
    return max(sum(factor) for _, factors in member for factor in factors)


def rank(members: list[Member], order: int, prime: int) -> int:
    """The rank of the gradients with respect to the moments of orders 2 to `order` at a point modulo a prime."""
    moments = [e for e in product(range(order + 1), repeat=3) if 2 <= sum(e) <= order]
    place = {moment: i for i, moment in enumerate(moments)}
    point = {m: int(v) for m, v in zip(moments, np.random.default_rng(prime).integers(1, prime, len(moments)))}
    echelon = Echelon(len(moments), prime)
    for member in members:
        row = [0] * len(moments)
        for coefficient, factors in member:
            for i, factor in enumerate(factors):
                value = coefficient
                for j, other in enumerate(factors):
                    if j != i:
                        value = value * point[other] % prime
                row[place[factor]] = (row[place[factor]] + value) % prime
        echelon.insert(np.array(row, dtype=np.int64))
    return echelon.rank


def main(argv: list[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="invariants/res of MILAD's package")
    folder = parser.parse_args(argv).folder
    print("| list | orders | members | rank | needed |\n| --- | --- | ---: | ---: | ---: |")
    for name in LISTS:
        members = [member for member in read(folder / name) if order_of(member)]
        for order in ORDERS:
            chosen = [member for member in members if order_of(member) <= order]
            ranks = {rank(chosen, order, prime) for prime in PRIMES}
            if len(ranks) != 1:
                raise RuntimeError(f"{name} to order {order} has the ranks {ranks} at two primes")
            print(f"| {name} | 2..{order} | {len(chosen)} | {ranks.pop()} | {comb(order + 3, 3) - 7} |")


if __name__ == "__main__":
    main(sys.argv[1:])
