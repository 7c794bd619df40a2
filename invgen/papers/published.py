"""Lists of invariants that others printed: how many members they have, and their rank.

A number of members stands here only where it was read in the list itself, which its source names. Ranks are computed:
where `recompute` says how, when the table is made, otherwise by a committed benchmark.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from invgen import schema
from invgen.checks import nearest
from invgen.errors import InputError
from invgen.papers.table import TEXT, Cell, Column, TableResult
from invgen.papers.work import TableWork, harmonics, listed, space_of

if TYPE_CHECKING:
    from invgen.spaces.space import TensorSpace

# Of the lists of hippynn 0.1.3, by n_max and l_max.
HIPPYNN_LENGTHS = {
    **{(1, l): 1 for l in range(4)},
    **{(2, l): l + 1 for l in range(4)},
    **{(3, l): length for l, length in enumerate((1, 2, 5, 7))},
    **{(4, l): length for l, length in enumerate((1, 2, 6, 13))},
}
_HIPPYNN = (
    "l0|ij,ij l2,l2|i,i l1,l1|ij,ik,jk l2,l2,l2|ijk,ijk l3,l3|ijk,ijl,abk,abl l3,l3,l3,l3|i,ij,j l1,l2,l1|"
    "i,ij,jk,k l1,l2,l2,l1|i,j,k,ijk l1,l1,l1,l3|i,ijk,jkl,l l1,l3,l3,l1|ij,jkl,ikl l2,l3,l3|"
    "ij,jk,ilm,klm l2,l2,l3,l3|ij,ijk,kab,ab l2,l3,l3,l2"
)
_LANGBEIN_HAGEN = (
    "ijk,ijk",
    "iij,jkk",
    "ijk,lmn,imn,jkl",
    "ijk,ilm,jln,kmn",
    "ijk,ilm,jlm,knn",
    "ijk,ill,jmm,knn",
)
_HU = (
    "Re(m2_0)",
    "Re(m2_2 m2_2*)",
    "Re(m3_3 m3_3*)",
    "Re(m3_1 m3_1*)",
    "Re(m3_3 m3_1* m3_1* m3_1*)",
    "Re(m2_2 m3_1* m3_1*)",
    "Im(m3_3 m3_1* m3_1* m3_1*)",
)
_EIGHTH = "Im(m2_2 m3_1* m3_1*)"


@dataclass(frozen=True)
class Printed:
    """A list in print.

    Attributes:
        title: what it is.
        cite: its key in `citations`.
        space: of its tensors, as `invgen generate` reads it.
        group: that it is made for.
        members: how many it has.
        recompute: the rank and the orbits ("1" or bounds, empty where they are not looked at), from the list itself.
        measured: the rank that `benchmarks/milad_lists.py` computes, where the list is not here.
    """

    title: str
    cite: str
    space: str
    group: str
    members: int
    recompute: Callable[[TensorSpace], tuple[int, str]] | None = None
    measured: int | None = None


def _given(lines: tuple[str, ...]) -> Callable[[TensorSpace], tuple[int, str]]:
    def rank(space: TensorSpace) -> tuple[int, str]:
        from invgen.basis.basis import Basis

        basis = Basis.from_contractions(list(lines), space)
        bounds = basis.fibre()
        if bounds.upper is None:
            return basis.certificate.rank, "infinite"
        return basis.certificate.rank, str(bounds.lower) if bounds.lower == bounds.upper else (
            f"{bounds.lower} to {bounds.upper}"
        )

    return rank


def _whole_tensors(space: TensorSpace) -> tuple[int, str]:
    from invgen.reduction.given.subset import independent_subset
    from invgen.spaces.cartesian import contraction_polynomial

    assert space.layout is not None  # a space of moments
    names = [("m3",) * (text.count(",") + 1) for text in _LANGBEIN_HAGEN]
    polynomials = [contraction_polynomial(*pair, space.layout) for pair in zip(_LANGBEIN_HAGEN, names, strict=True)]
    return independent_subset(polynomials, space).rank, ""


# Of MILAD 0.3.1 by file and highest order: members and rank.
_MILAD = {
    "mat": {3: (42, 13), 4: (242, 28), 5: (583, 49), 6: (840, 77)},
    "indep": {3: (13, 13), 4: (28, 26), 5: (49, 43), 6: (77, 67)},
}
LISTS = {
    "langbein_hagen": Printed(
        "Langbein and Hagen, $T_{ijk}$", "langbein2009", "moments 3", "O3", len(_LANGBEIN_HAGEN), _whole_tensors
    ),
    "hu": Printed("Hu, seven", "hu1962", "moments 2..3", "SO2", len(_HU), _given(_HU)),
    "hu_flusser": Printed(
        "Hu, with Flusser's eighth", "flusser2000", "moments 2..3", "SO2", len(_HU) + 1, _given((*_HU, _EIGHTH))
    ),
    "hippynn": Printed(
        "hippynn 0.1.3, $n \\le 4$, $l \\le 3$",
        "hippynn",
        harmonics(3),
        "O3",
        HIPPYNN_LENGTHS[4, 3],
        _given(tuple(_HIPPYNN.split("|"))),
    ),
    **{
        f"milad_{file}_{order}": Printed(
            f"MILAD 0.3.1, rot3dinvs8{file}, orders 2 to {order}",
            "milad",
            f"moments 2..{order}",
            "O3",
            members,
            measured=rank,
        )
        for file, found in _MILAD.items()
        for order, (members, rank) in found.items()
    },
}


@dataclass(frozen=True)
class Lists:
    """Which lists are shown, by their names in `LISTS`; by default all."""

    lists: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        schema.check(self)
        for name in self.lists:
            if name not in LISTS:
                raise InputError(f"there is no list {name!r}; choose from {', '.join(LISTS)}{nearest(name, LISTS)}")


def published(name: str, caption: str, options: Lists, work: TableWork) -> TableResult:
    """How many members printed lists have, and which rank."""
    rows: list[tuple[Cell, ...]] = []
    short, cites = [], []
    for key in options.lists or tuple(LISTS):
        printed = LISTS[key]
        space = space_of(printed.space, printed.group)
        if work.progress is not None:
            work.progress(printed.title.replace("$", ""), 0, 1)
        rank, orbits = (printed.measured, "") if printed.recompute is None else printed.recompute(space)
        needed = space.dimension - space.orbit_dimension
        rows.append((printed.title, space.dimension, printed.members, rank, needed, orbits))
        short += [f"{printed.title} ({rank} of {needed})"] if rank is not None and rank < needed else []
        cites.append(printed.cite)
    columns = (
        Column("list", TEXT),
        Column("$\\dim V$"),
        Column("members"),
        Column("rank"),
        Column("needed"),
        Column("orbits", TEXT),
    )
    notes = [
        "Members: as printed. Rank: of the gradients of the printed list, proved as a lower bound by a minor modulo a "
        "prime. Needed: $\\dim V - \\dim$ orbit. Orbits: how many complex orbits share generic values, where it was "
        "looked at."
    ]
    if "milad" in cites:
        notes.append("Of MILAD both numbers are those of benchmarks/milad_lists.py, the same at two primes and points.")
    sentence = f"Of {len(rows)} lists in print, {len(short)} {'lacks' if len(short) == 1 else 'lack'} rank" + (
        f": {listed(short)}." if short else "."
    )
    return TableResult.of(name, caption, columns, rows, notes, sentence, cite=cites)
