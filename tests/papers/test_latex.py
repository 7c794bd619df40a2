from __future__ import annotations

import re
import shutil
import subprocess
from fractions import Fraction
from pathlib import Path

import pytest

from invgen.papers import counts, listings
from invgen.papers.latex import text, write_latex
from invgen.papers.table import CODE, FORMULA, TEXT, Cell, Column, PaperTable
from invgen.papers.work import TableWork

CLASSES = ("[twocolumn]{article}", "[aps,prb,reprint]{revtex4-2}", "[journal]{IEEEtran}")


def numbers(columns: int, rows: int = 3, size: int = 6) -> PaperTable:
    heads = (Column("name", TEXT), *(Column(str(i), group="degree") for i in range(columns)))
    cells: tuple[Cell, ...] = ("row", *(10**size + i for i in range(columns)))
    return PaperTable("wide", "Many numbers. And more.", heads, (cells,) * rows, ("A note.",))


def formulas(rows: int, factors: int) -> PaperTable:
    formula = r"\, ".join([r"T^{(3)}_{ijk}"] * factors)
    tree = r"\{" * factors + r"T^{(4)}" + r", T^{(4)}\}_{4}" * factors
    columns = (Column("no."), Column("formula", FORMULA), Column("names", CODE), Column("why", TEXT))
    why = "because a sentence may be long as well, and has to be wrapped"
    cells = tuple((i, formula if i % 2 else tree, "l1,l2,l3," * 6 + "l4", why) for i in range(rows))
    return PaperTable("formulas", "Long formulas.", columns, cells)


def test_text_is_escaped_but_for_its_mathematics() -> None:
    assert text(r"50% & $l_{\max}$ _x_ {y}") == r"50\% \& $l_{\max}$ \_x\_ \{y\}"


def test_narrow_tables_take_a_column_and_wide_ones_the_page() -> None:
    assert r"\begin{table}" in write_latex(numbers(3))
    assert r"\begin{table*}" in write_latex(numbers(9))
    assert "table*" not in write_latex(numbers(9), columns=1)


def test_many_columns_are_split_and_the_keys_repeated() -> None:
    written = write_latex(numbers(30))
    assert written.count(r"\begin{table*}") == written.count("row &") // 3 > 1
    assert written.count(r"\label{tab:wide}") == 1 and written.count("A note.") == 1
    assert written.count("(continued)") == written.count(r"\addtocounter{table}{-1}") > 0
    assert sorted(map(int, re.findall(r"(?<![\d.])1\\,000\\,0(\d\d)\$", written))) == sorted([*range(30)] * 3)


def test_long_tables_go_on_and_lose_no_row() -> None:
    written = write_latex(numbers(2, rows=130))
    assert written.count(r"\begin{table}") == 3 and written.count("row &") == 130


def test_long_formulas_may_break_at_every_operator() -> None:
    written = write_latex(formulas(2, 12))
    assert r"\,\allowbreak T" in written and r",\allowbreak T" in written and "p{" in written
    assert r"\allowbreak" not in write_latex(formulas(2, 1)).replace(r",\allowbreak l", "")


def test_operators_need_no_further_package() -> None:
    table = PaperTable("re", "c", (Column("f", FORMULA),), ((r"\operatorname{Re}(c_1)",),))
    assert r"$\mathop{\mathrm{Re}}(c_1)$" in write_latex(table)


def test_fractions_and_empty_cells() -> None:
    table = PaperTable("f", "c", (Column("a"), Column("b")), ((Fraction(-1, 3), None), (12345, -4)))
    assert r"$-1/3$ &  \tabularnewline" in write_latex(table)
    assert r"$12\,345$ & $-4$ \tabularnewline" in write_latex(table)


def compiled(folder: Path, tables: list[PaperTable], document: str) -> str:
    """The log of an article that inputs the tables."""
    body = []
    for number, table in enumerate(tables):
        (folder / f"t{number}.tex").write_text(write_latex(table), encoding="utf-8")
        body.append(rf"\input{{t{number}}}")
    lines = [
        rf"\documentclass{document}",
        r"\usepackage{booktabs}",
        r"\begin{document}",
        *body,
        "Text.",
        r"\end{document}",
    ]
    (folder / "all.tex").write_text("\n".join(lines), encoding="utf-8")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "all.tex"]
    done = subprocess.run(command, cwd=folder, capture_output=True)
    log = (folder / "all.log").read_text(encoding="latin-1")
    assert done.returncode == 0, log[-3000:]
    return log


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="no pdflatex")
@pytest.mark.parametrize("document", CLASSES)
def test_an_article_of_two_columns_has_no_box_that_sticks_out(tmp_path: Path, document: str) -> None:
    if not (name := re.findall(r"\{(.+)\}", document)[0]) or not kpse(f"{name}.cls"):
        pytest.skip(f"pdflatex has no class {name}")
    work = TableWork()
    made = [
        counts.invariants("a", "Counts.", counts.InvariantsOptions(n_max=2, l_max=3, hippynn=True), work),
        counts.moments("b", "Moments.", counts.MomentsOptions(dimension=2, orders=2, degrees=7), work),
        listings.members("c", "Planar.", listings.ListedBasis("moments 2..3", 4, group="O2"), work),
        listings.members("d", "Trees.", listings.ListedBasis("3o", 6, select="integrity"), work),
    ]
    tables = [result.table for result in made]
    log = compiled(tmp_path, [*tables, numbers(30), numbers(2, 130), formulas(40, 14)], document)
    wide = [float(points) for points in re.findall(r"Overfull \\hbox \(([\d.]+)pt", log)]
    assert all(points <= 1 for points in wide), log
    assert "Float too large" not in log


def kpse(name: str) -> bool:
    return subprocess.run(["kpsewhich", name], capture_output=True).returncode == 0
