"""Tables that count invariants: by degree and rank, of moments of fields, of flexible sets and of ACE."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from invgen import schema
from invgen.checks import integer
from invgen.papers.table import NUMBER, TEXT, Cell, Column, Figure, Series, TableResult
from invgen.papers.work import TableWork, at_least_one, basis_text, harmonics, needed_rank, space_of
from invgen.show.tables import GROUP_NAMES

if TYPE_CHECKING:
    from invgen.spaces.space import TensorSpace


@dataclass(frozen=True)
class InvariantsOptions:
    """Independent invariants of H_0 + ... + H_l by the highest degree n.

    Attributes:
        n_max: the highest degree.
        l_max: the highest rank.
        group: O3 or SO3.
        hippynn: add the lengths of the lists of hippynn.
    """

    n_max: int = 4
    l_max: int = 5
    group: Literal["O3", "SO3"] = "O3"
    hippynn: bool = False

    def __post_init__(self) -> None:
        schema.check(self)
        integer("n_max", self.n_max, 1, 8)
        integer("l_max", self.l_max, 1, 12)


def invariants(name: str, caption: str, options: InvariantsOptions, work: TableWork) -> TableResult:
    """The table (n_max, l_max); every rank is that of a certificate."""
    from invgen.papers.published import HIPPYNN_LENGTHS

    ranks: dict[tuple[int, int], int] = {}
    bases: dict[str, str] = {}
    needed = []
    for l in range(options.l_max + 1):
        space = space_of(harmonics(l), options.group)
        needed.append(needed_rank(space))
        for n in range(1, options.n_max + 1):
            if n > 1 and ranks[n - 1, l] == needed[l]:
                ranks[n, l] = needed[l]
                continue
            basis = work.basis(space, n)
            ranks[n, l] = basis.certificate.rank
            bases[f"{name}_l{l}"] = basis_text(basis)
    rows: list[tuple[Cell, ...]] = [
        ("independent, certified", n, *(ranks[n, l] for l in range(options.l_max + 1)))
        for n in range(1, options.n_max + 1)
    ]
    rows.append((r"needed, $\dim V - \dim$ orbit", None, *needed))
    notes = [
        "Every number is the proved rank of the gradients of all invariants up to degree $n$; the certificates are in "
        "the basis files. A number that equals the last row is complete."
    ]
    if options.hippynn:
        for n in range(1, options.n_max + 1):
            found = [HIPPYNN_LENGTHS.get((n, l)) for l in range(options.l_max + 1)]
            if any(number is not None for number in found):
                rows.append(("hippynn 0.1.3, members", n, *found))
        notes.append("Of hippynn the number of members is given, as its layer has them.")
    columns = [Column("list", TEXT), Column("$n$"), *(Column(str(l), group=r"$l_{\max}$") for l in range(len(needed)))]
    last = options.l_max
    complete = next((n for n in range(1, options.n_max + 1) if ranks[n, last] == needed[last]), None)
    sentence = (
        rf"Of the irreducible tensors $H_0, \dots, H_{{{last}}}$ under {GROUP_NAMES[options.group]} there are "
        f"{ranks[options.n_max, last]} functionally independent invariants up to degree {options.n_max}, where "
        f"{needed[last]} are needed" + ("." if complete is None else f"; degree {complete} suffices.")
    )
    figure = Figure(
        f"Independent invariants up to degree $n$ of $H_0, \\dots, H_l$ under {GROUP_NAMES[options.group]}.",
        "l",
        "independent invariants",
        tuple(
            Series(f"n = {n}", tuple((l, ranks[n, l]) for l in range(last + 1))) for n in range(1, options.n_max + 1)
        ),
    )
    return TableResult.of(
        name, caption, columns, rows, notes, sentence, keys=2, bases=bases, figure=figure, cite=("allen2025",)
    )


@dataclass(frozen=True)
class FlexibleOptions:
    """Flexible sets of H_0 + ... + H_l.

    Attributes:
        l_max: the highest rank.
        max_degree: how far to search.
        group: O3 or SO3.
    """

    l_max: int = 6
    max_degree: int = 10
    group: Literal["O3", "SO3"] = "O3"

    def __post_init__(self) -> None:
        schema.check(self)
        integer("l_max", self.l_max, 2, 12)
        integer("max_degree", self.max_degree, 2)


def flexible(name: str, caption: str, options: FlexibleOptions, work: TableWork) -> TableResult:
    """Sizes and highest degrees of both kinds of flexible sets."""
    rows: list[tuple[Cell, ...]] = []
    bases: dict[str, str] = {}
    sizes: dict[str, list[tuple[int, int]]] = {"specific": [], "minimal-set": []}
    for l in range(2, options.l_max + 1):
        space = space_of(harmonics(l), options.group)
        row: list[Cell] = [l, space.dimension, needed_rank(space)]
        for mode, short in (("specific", "specific"), ("minimal-set", "minimal")):
            basis = work.basis(space, options.max_degree, select="flexible", flexible=mode)
            bases[f"{name}_{short}_l{l}"] = basis_text(basis)
            row += [len(basis), max(basis.degrees)]
            sizes[mode].append((l, len(basis)))
        rows.append(tuple(row))
    columns = (
        Column("$l_{\\max}$"),
        Column("$\\dim V$"),
        Column("needed"),
        Column("members", group="one anchor"),
        Column("highest degree", group="one anchor"),
        Column("members", group="all pairs"),
        Column("highest degree", group="all pairs"),
    )
    notes = (
        "Needed: the rank $\\dim V - \\dim$ orbit of a complete set. One anchor: full rank on every vanishing pattern "
        "that keeps the anchor. All pairs: full rank on every vanishing pattern. All ranks are certified by minors in "
        "the basis files.",
    )
    last = rows[-1]
    sentence = (
        f"Flexible sets of $H_0, \\dots, H_{{{options.l_max}}}$ under {GROUP_NAMES[options.group]} have {last[3]} "
        f"members with one anchor, and {last[5]} where all pairs are anchored."
    )
    figure = Figure(
        f"Members of flexible sets of $H_0, \\dots, H_l$ under {GROUP_NAMES[options.group]}.",
        "l",
        "members",
        (Series("one anchor", tuple(sizes["specific"])), Series("all pairs", tuple(sizes["minimal-set"]))),
    )
    return TableResult.of(
        name, caption, columns, rows, notes, sentence, bases=bases, figure=figure, cite=("bujack2025",)
    )


@dataclass(frozen=True)
class MomentsOptions:
    """Invariants of the moments of a field.

    Attributes:
        values: what the field has at a point.
        dimension: of space, 3 or 2.
        orders: the highest order.
        group: by default O3 or O2.
        degrees: linearly independent invariants are counted up to this degree.
        certify: orders up to this one are generated and certified; by default all.
        keep: basis files are kept up to this order.
    """

    values: Literal["scalar", "vector", "matrix"] = "scalar"
    dimension: Literal[3, 2] = 3
    orders: int = 6
    group: str | None = None
    degrees: int = 4
    certify: int | None = None
    keep: int = 4

    def __post_init__(self) -> None:
        schema.check(self)
        integer("orders", self.orders, 0, 12)
        integer("degrees", self.degrees, 1, 8)
        integer("keep", self.keep, 0)


def moments(name: str, caption: str, options: MomentsOptions, work: TableWork) -> TableResult:
    """One row for each highest order: components, what is needed, what is counted, what is certified."""
    from invgen.spaces.outputs import SCALAR, series

    group = options.group or f"O{options.dimension}"
    certify = options.orders if options.certify is None else options.certify
    rows: list[tuple[Cell, ...]] = []
    bases: dict[str, str] = {}
    for order in range(options.orders + 1):
        space = space_of(f"moments 0..{order} {options.values}", group)
        counted = series(space, SCALAR, options.degrees)[1:]
        found: list[Cell] = [None, None]
        if order <= certify:
            basis = work.basis(space, _full_rank_degree(space))
            found = [basis.certificate.rank, max(basis.degrees)]
            if order <= options.keep:
                bases[f"{name}_order{order}"] = basis_text(basis)
        rows.append(
            (f"$0, \\dots, {order}$" if order else "$0$", space.dimension, needed_rank(space), *found, *counted)
        )
    columns = (
        Column("orders", TEXT),
        Column("$\\dim V$"),
        Column("needed"),
        Column("rank", group="certified"),
        Column("degree", group="certified"),
        *(Column(str(degree), group="counted, by degree") for degree in range(1, options.degrees + 1)),
    )
    notes = [
        "Needed: functionally independent invariants, $\\dim V - \\dim$ orbit. Certified: the proved rank of a basis "
        "and its highest degree. Counted: linearly independent invariants of each degree, from characters, without "
        "enumeration."
    ]
    if certify < options.orders:
        notes.append(f"Orders above {certify} are counted only.")
    last = rows[-1]
    what = {"scalar": "scalar field", "vector": "vector field", "matrix": "field of general matrices"}[options.values]
    where = "three" if options.dimension == 3 else "two"
    sentence = (
        f"The {last[1]} moments up to order {options.orders} of a {what} in {where} dimensions have {last[2]} "
        f"functionally independent invariants under {GROUP_NAMES.get(group, group)}."
    )
    names = {2: "needed", 6: "degree 2", 7: "degree 3", 8: "degree 4"}
    figure = Figure(
        f"Independent invariants that are needed for the moments up to each order of a {what} in {where} dimensions, "
        "and linearly independent invariants of some degrees.",
        "highest order",
        "invariants",
        tuple(
            Series(title, tuple((order, int(str(row[place]))) for order, row in enumerate(rows) if row[place]))
            for place, title in names.items()
            if place < len(columns)
        ),
        logarithmic=True,
    )
    return TableResult.of(
        name, caption, columns, rows, notes, sentence, bases=bases, figure=figure, cite=("molien1897",)
    )


def _full_rank_degree(space: TensorSpace) -> int:
    """Degrees that the search may take; it stops once the rank is full, which small spaces need the most for."""
    return 4 if space.dimension > 12 else 6


@dataclass(frozen=True)
class AceOptions:
    """Full and independent counts of the atomic cluster expansion.

    Attributes:
        boxes: (n_max, l_max) of the channels.
        correlation: the highest correlation order.
        group: O3 or SO3.
    """

    boxes: tuple[tuple[int, int], ...] = ((1, 3), (2, 2), (2, 3), (3, 2))
    correlation: int = 5
    group: Literal["O3", "SO3"] = "O3"

    def __post_init__(self) -> None:
        schema.check(self)
        at_least_one("boxes", self.boxes)
        integer("correlation", self.correlation, 1, 8)


def ace(name: str, caption: str, options: AceOptions, work: TableWork) -> TableResult:
    """Linearly independent invariants of each correlation order beside functionally independent ones."""
    from invgen.spaces.outputs import SCALAR, series

    rows: list[tuple[Cell, ...]] = []
    bases: dict[str, str] = {}
    lines = []
    for n, l in options.boxes:
        space = space_of(f"ace n_max={n} l_max={l}", options.group)
        counted = series(space, SCALAR, options.correlation)[1:]
        basis = work.basis(space, options.correlation)
        bases[f"{name}_n{n}_l{l}"] = basis_text(basis)
        c = basis.certificate
        rows.append((f"$({n}, {l})$", len(space.tensors), space.dimension, *counted, sum(counted), c.rank, c.target))
        lines.append(Series(f"({n}, {l})", tuple(enumerate(counted, 1))))
    columns = (
        Column("$(n_{\\max}, l_{\\max})$", TEXT),
        Column("channels"),
        Column("$\\dim V$"),
        *(Column(str(nu), NUMBER, group="counted, by $\\nu$") for nu in range(1, options.correlation + 1)),
        Column("all"),
        Column("rank", group="independent"),
        Column("needed", group="independent"),
    )
    notes = (
        "Counted: linearly independent invariants of correlation order $\\nu$ under "
        f"{GROUP_NAMES[options.group]}, from characters; all: their sum. Independent: the certified rank of a "
        f"functionally independent set up to correlation order {options.correlation}, and the rank that is needed.",
    )
    first = rows[-1]
    sentence = (
        f"With the channels $(n_{{\\max}}, l_{{\\max}}) = {str(first[0]).strip('$')}$ the full basis up to correlation "
        f"order {options.correlation} has {first[-3]} members, of which {first[-2]} are functionally independent."
    )
    figure = Figure(
        "Linearly independent invariants of each correlation order; one line for each pair $(n_{\\max}, l_{\\max})$.",
        "correlation order",
        "invariants",
        tuple(lines),
        logarithmic=True,
    )
    return TableResult.of(
        name, caption, columns, rows, notes, sentence, bases=bases, figure=figure, cite=("dusson2022",)
    )
