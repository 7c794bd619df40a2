"""Sums over the lanes of vectors, several vectors at a time: the shuffles of every vector size."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Fold:
    """How the lanes of a group of vectors are summed for one vector size.

    Attributes:
        condition: the preprocessor line that selects it.
        lines: declarations that end with `folded`, which holds the groups' partial sums lane by lane.
        blocks: statements that add the blocks of 16 bytes of each of several such vectors, into the array `sums`.
    """

    condition: str
    lines: tuple[str, ...]
    blocks: tuple[str, ...]


def folds(bits: int) -> tuple[Fold, ...]:
    """Those of all vector sizes, for a type with so many bits of mantissa."""
    return tuple(_fold(size, bits) for size in (64, 32, 16))


def _fold(size: int, bits: int) -> Fold:
    """Shuffles inside blocks of 16 bytes, where they are cheapest; whole blocks are added afterwards."""
    group = 4 if bits == 24 else 2
    lanes = size // 4 if bits == 24 else size // 8
    blocks = range(0, lanes, group)
    other = lanes

    def shuffled(first: str, second: str, places: tuple[str, ...]) -> str:
        chosen = [
            str(block + int(place[1]) + (other if place[0] == "b" else 0)) for block in blocks for place in places
        ]
        return f"SHUFFLE({first}, {second}, {', '.join(chosen)})"

    def folded(name: str, first: str, second: str, low: tuple[str, ...], high: tuple[str, ...]) -> str:
        return f"const vector {name} = {shuffled(first, second, low)} + {shuffled(first, second, high)};"

    condition = f"#if VECTOR_BYTES == {size}" if size == 64 else f"#elif VECTOR_BYTES == {size}"
    if bits == 53:
        one = folded("folded", "totals[0]", "totals[1]", ("a0", "b0"), ("a1", "b1"))
        return Fold(condition, (one,), _blocks(size, bits))
    single, double = (
        (("a0", "b0", "a1", "b1"), ("a2", "b2", "a3", "b3")),
        (
            ("a0", "a1", "b0", "b1"),
            ("a2", "a3", "b2", "b3"),
        ),
    )
    lines = (
        folded("first", "totals[0]", "totals[1]", *single),
        folded("second", "totals[2]", "totals[3]", *single),
        folded("folded", "first", "second", *double),
    )
    return Fold(condition, lines, _blocks(size, bits))


def _blocks(size: int, bits: int) -> tuple[str, ...]:
    """Sums over the blocks of 16 bytes of several vectors at once: half of each meets half of the next, and so on."""
    group, count = 4 if bits == 24 else 2, size // 16

    def merged(first: str, second: str, places: tuple[int, ...]) -> str:
        lanes = [str(place * group + k) for place in places for k in range(group)]
        return f"SHUFFLE({first}, {second}, {', '.join(lanes)})"

    def halves(name: str, first: str, second: str, low: tuple[int, ...], high: tuple[int, ...]) -> str:
        return f"const vector {name} = {merged(first, second, low)} + {merged(first, second, high)};"

    if count == 4:
        return (
            halves("first", "folded[0]", "folded[1]", (0, 1, 4, 5), (2, 3, 6, 7)),
            halves("second", "folded[2]", "folded[3]", (0, 1, 4, 5), (2, 3, 6, 7)),
            halves("all", "first", "second", (0, 2, 4, 6), (1, 3, 5, 7)),
            "store(sums, all);",
        )
    if count == 2:
        return halves("all", "folded[0]", "folded[1]", (0, 2), (1, 3)), "store(sums, all);"
    return "for (int pair = 0; pair < PAIRS; ++pair)", "    store(sums + pair * VECTOR, folded[pair]);"
