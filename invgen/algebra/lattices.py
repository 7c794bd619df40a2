"""Lattices of integer vectors: a triangular basis, the relations of the generators, membership."""

from __future__ import annotations

from collections.abc import Sequence

Row = list[int]


def triangular(rows: Sequence[Sequence[int]]) -> tuple[list[Row], list[Row]]:
    """A basis of the lattice that the rows generate, in row echelon form, and a basis of the rows' integer relations.

    Returns:
        The basis, each row with its pivot to the right of the one before; and all n with sum of n_i rows_i = 0.

    Euclid's algorithm runs down each column: the smallest entry leaves remainders that are smaller still, so that one
    entry is left after finitely many steps.

    Complexity: rows · columns Euclidean steps on rows, with integers of any size.
    """
    width = len(rows[0]) if rows else 0
    work = [[*row, *(int(i == j) for j in range(len(rows)))] for i, row in enumerate(rows)]
    done = 0
    for column in range(width):
        while True:
            live = [i for i in range(done, len(work)) if work[i][column]]
            if not live:
                break
            smallest = min(live, key=lambda i: (abs(work[i][column]), i))
            work[done], work[smallest] = work[smallest], work[done]
            others = [i for i in range(done + 1, len(work)) if work[i][column]]
            for i in others:
                _subtract(work[i], work[done], work[i][column] // work[done][column])
            if not any(work[i][column] for i in others):
                done += 1
                break
    return [row[:width] for row in work[:done]], [row[width:] for row in work[done:]]


def contains(basis: Sequence[Sequence[int]], vector: Sequence[int]) -> bool:
    """Whether a vector lies in the lattice with this triangular basis."""
    rest = list(vector)
    for row in basis:
        column = next(i for i, value in enumerate(row) if value)
        if rest[column] % row[column]:
            return False
        _subtract(rest, row, rest[column] // row[column])
    return not any(rest)


def bezout_coefficients(numbers: Sequence[int]) -> Row:
    """Integers n with sum of n_i numbers_i = the greatest common divisor; zeros where all numbers are zero."""
    result, divisor = [0] * len(numbers), 0
    for place, number in enumerate(numbers):
        common, of_divisor, of_number = _extended_gcd(divisor, number)
        result = [of_divisor * value for value in result]
        result[place] = of_number
        divisor = common
    return result


def _extended_gcd(a: int, b: int) -> tuple[int, int, int]:
    x, y, u, v = 1, 0, 0, 1
    while b:
        quotient = a // b
        a, b, x, y, u, v = b, a - quotient * b, u, v, x - quotient * u, y - quotient * v
    return (a, x, y) if a >= 0 else (-a, -x, -y)


def _subtract(row: Row, other: Sequence[int], times: int) -> None:
    if times:
        for i, value in enumerate(other):
            row[i] -= times * value
