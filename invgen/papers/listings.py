"""Tables of bases: generators by degree, orbits in generic fibres, operations of kernels, and members with formulas."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from invgen import schema
from invgen.checks import identifier, integer
from invgen.errors import InputError, InvgenError
from invgen.papers.table import CODE, FORMULA, TEXT, Cell, Column, Figure, Series, TableResult
from invgen.papers.work import TableWork, at_least_one, basis_text, listed, needed_rank, space_of
from invgen.show.tables import GROUP_NAMES
from invgen.spaces.groups import canonical


@dataclass(frozen=True)
class Case:
    """One row of a table of bases.

    Attributes:
        name: how files and rows call it, an identifier.
        space: as `invgen generate` reads it.
        max_degree: the highest degree.
        group: O3, SO3, O2, SO2 or a point group.
        select: the selection.
        title: what the row is called in the table, with mathematics; by default the space.
    """

    name: str
    space: str
    max_degree: int
    group: str = "O3"
    select: str = "independent"
    title: str = ""

    def __post_init__(self) -> None:
        schema.check(self)
        identifier("a case", self.name)
        integer("max_degree", self.max_degree, 1)

    @property
    def shown(self) -> str:
        """The cell that names the row."""
        return self.title or self.space


def _checked(cases: tuple[Case, ...]) -> None:
    at_least_one("cases", cases)
    names = [case.name for case in cases]
    twice = [name for name in names if names.count(name) > 1]
    if twice:
        raise InputError(f"the case {twice[0]!r} appears twice; give each case a name of its own")


@dataclass(frozen=True)
class Cases:
    """Bases, one row each."""

    cases: tuple[Case, ...]

    def __post_init__(self) -> None:
        schema.check(self)
        _checked(self.cases)


@contextmanager
def _named(case: Case) -> Iterator[None]:
    """Sentences about a case begin with its name."""
    try:
        yield
    except InvgenError as error:
        raise InputError(f"the case {case.name!r}: {error}") from error


def _group(name: str) -> str:
    """O(3), or a point group by Schoenflies, "$D_{2h}$"."""
    if name in GROUP_NAMES:
        return GROUP_NAMES[name]
    known = canonical(name)
    below = known[1:].replace("inf", r"\infty ")
    return f"${known[0]}_{{{below.strip()}}}$" if below else f"${known}$"


def generators(name: str, caption: str, options: Cases, work: TableWork) -> TableResult:
    """Minimal generators of rings of invariants by degree; `select` of a case is not read."""
    found = {}
    for case in options.cases:
        with _named(case):
            space = space_of(case.space, case.group)
            found[case.name] = (space, work.basis(space, case.max_degree, select="integrity"))
    highest = max(case.max_degree for case in options.cases)
    rows: list[tuple[Cell, ...]] = []
    bases, lines, closed = {}, [], []
    for case in options.cases:
        space, basis = found[case.name]
        bases[f"{name}_{case.name}"] = basis_text(basis)
        counts = Counter(basis.degrees)
        reach = [counts[d] if d <= case.max_degree else None for d in range(1, highest + 1)]
        bound = space.degree_bound
        if bound is not None and case.max_degree >= bound:
            closed.append(f"{case.shown} under {_group(case.group)}")
        rows.append((case.shown, _group(case.group), *reach, len(basis)))
        lines.append(f"{len(basis)} of {case.shown} under {_group(case.group)} up to degree {case.max_degree}")
    columns = (
        Column("space", TEXT),
        Column("group", TEXT),
        *(Column(str(degree), group="generators of degree") for degree in range(1, highest + 1)),
        Column("all"),
    )
    notes = [
        "Certified: in each multidegree the members and the products of lower ones are as many as characters count, "
        "and are linearly independent. An empty cell was not searched."
    ]
    if closed:
        notes.append(f"By Noether's bound the lists of {listed(closed)} generate everything.")
    sentence = f"Minimal generators of the rings of invariants are {listed(lines)}."
    cite = ("molien1897", "noether1915")
    return TableResult.of(name, caption, columns, rows, notes, sentence, keys=2, bases=bases, cite=cite)


def orbits(name: str, caption: str, options: Cases, work: TableWork) -> TableResult:
    """How many orbits share generic values of the members: proved bounds from both sides."""
    rows: list[tuple[Cell, ...]] = []
    bases, told = {}, 0
    for case in options.cases:
        with _named(case):
            space = space_of(case.space, case.group)
            basis = work.basis(space, case.max_degree, select=case.select)
            bounds = basis.fibre()
        bases[f"{name}_{case.name}"] = basis_text(basis)
        told += bounds.separating
        # What a case of infinitely many orbits lacks is the rank.
        upper: Cell = bounds.upper if bounds.upper is not None else "infinite"
        rank = basis.certificate.rank
        cells = (case.select, len(basis), rank, needed_rank(space), max(basis.degrees), bounds.lower, upper)
        rows.append((case.shown, _group(case.group), *cells))
    columns = (
        Column("space", TEXT),
        Column("group", TEXT),
        Column("selection", TEXT),
        Column("members"),
        Column("rank"),
        Column("needed"),
        Column("degree"),
        Column("at least", group="orbits"),
        Column("at most", group="orbits"),
    )
    notes = (
        "Orbits: how many complex orbits share generic values of the members; both bounds are proved. Where both are "
        "1, generic orbits are told apart.",
    )
    sentence = (
        f"Of {len(rows)} bases, {told} are proved to tell generic orbits apart, by bounds of the number of complex "
        "orbits in a generic fibre."
    )
    return TableResult.of(name, caption, columns, rows, notes, sentence, keys=3, bases=bases, cite=("springer1980",))


def costs(name: str, caption: str, options: Cases, work: TableWork) -> TableResult:
    """Operations of the kernels that bases compile to, counted from their programs."""
    from invgen.compiler.invariants import costs as costs_of

    rows: list[tuple[Cell, ...]] = []
    bases: dict[str, str] = {}
    values: list[str] = []
    for case in options.cases:
        with _named(case):
            basis = work.basis(space_of(case.space, case.group), case.max_degree, select=case.select)
        bases[f"{name}_{case.name}"] = basis_text(basis)
        for function, c in costs_of(basis).items():
            cells = (c.operations, c.additions, c.products, c.scalings, c.negations, c.loads, c.stores, c.live)
            rows.append((case.shown, len(basis), function, *cells))
            if function == "value":
                values.append(f"{c.operations} operations for the {len(basis)} invariants of {case.shown}")
    columns = (
        Column("space", TEXT),
        Column("members"),
        Column("function", CODE),
        Column("opera-\ntions"),
        *(Column(text, group="of these") for text in ("sums", "products", "scalings", "signs")),
        Column("loads"),
        Column("stores"),
        Column("alive"),
    )
    notes = (
        "Counted in the program of the C kernel, per sample and channel. Scalings are products with constants. Alive: "
        "the most values that are needed later at any time.",
    )
    sentence = f"Per sample and channel the compiled kernels take {listed(values)}."
    return TableResult.of(name, caption, columns, rows, notes, sentence, keys=3, bases=bases)


@dataclass(frozen=True)
class ListedBasis:
    """The members of one basis with their formulas.

    Attributes:
        space: as `invgen generate` reads it.
        max_degree: the highest degree.
        group: O3, SO3, O2, SO2 or a point group.
        select: the selection.
        graphs: draw the contraction graphs, as SVG.
    """

    space: str
    max_degree: int
    group: str = "O3"
    select: str = "independent"
    graphs: bool = False

    def __post_init__(self) -> None:
        schema.check(self)
        integer("max_degree", self.max_degree, 1)


def members(name: str, caption: str, options: ListedBasis, work: TableWork) -> TableResult:
    """One row for each member, numbered from 0 as in the kernels."""
    from invgen.show.pictures import basis_svg
    from invgen.show.tables import rank_sentence

    basis = work.basis(space_of(options.space, options.group), options.max_degree, select=options.select)
    rows = [(m.index, m.degree, m.latex(), ", ".join(map(str, m.multidegree))) for m in basis]
    columns = (Column("no."), Column("degree"), Column("formula", FORMULA), Column("multidegree", TEXT))
    notes = (
        f"Space: {basis.space}. Rank: {rank_sentence(basis)}.",
        f"Multidegrees are in the order of the space. Basis id (SHA-256): {basis.id[:16]}..., whole in the basis file.",
    )
    found = basis.certificate
    sentence = (
        f"The basis of {options.space} under {_group(options.group)} has {len(basis)} members up to degree "
        f"{max(basis.degrees)}, of rank {found.rank} of {found.target}."
    )
    counts = sorted(Counter(basis.degrees).items())
    figure = Figure("Members of each degree.", "degree", "members", (Series("members", tuple(counts)),))
    pictures = {f"{name}_graphs": basis_svg(basis)} if options.graphs else {}
    shown = figure if len(counts) > 1 else None
    bases = {name: basis_text(basis)}
    return TableResult.of(name, caption, columns, rows, notes, sentence, bases=bases, figure=shown, pictures=pictures)
