from __future__ import annotations

import csv
import io
import re
import shutil
import subprocess
from collections.abc import Sequence
from html.parser import HTMLParser
from pathlib import Path

import pytest

from invgen.basis.basis import Basis
from invgen.basis.generation import generate
from invgen.errors import InputError
from invgen.show import tables
from invgen.spaces.space import TensorSpace

STYLES = ("latex", "markdown", "csv", "html")


@pytest.fixture(scope="module")
def basis() -> Basis:
    return generate(TensorSpace("0e + 1o + 2e + 3o"), 4)


@pytest.fixture(scope="module")
def odd() -> Basis:
    """Names with underscores, an epsilon, a product, and a dependent member."""
    space = TensorSpace("v:1o + u_1:1o + w:1o + long_name:2e", group="SO3")
    given = ["ijk,i,j,k eps,v,u_1,w", "i,ij,j v,long_name,v", "i,i v,v", "i,i,j,j v,v,v,v"]
    return Basis.from_contractions(given, space)


@pytest.fixture(scope="module")
def many() -> Basis:
    return generate(TensorSpace("v:1o + q:2e"), 10, select="linear")


class Rows(HTMLParser):
    """Cells of the body rows of the tables in a page, and whether all tags are closed in order."""

    VOID = ("br",)

    def __init__(self, text: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.open: list[str] = []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        if tag in self.VOID:
            return
        self.open.append(tag)
        if tag == "tr":
            self.rows.append([])
        elif tag == "td":
            self.rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "td" in self.open and "svg" not in self.open:
            self.rows[-1][-1] += data


@pytest.mark.parametrize("style", STYLES)
def test_equal_bases_give_equal_bytes_that_end_with_a_newline(style: str) -> None:
    texts = {tables.render(generate(TensorSpace("1o + 2e"), 4), style) for _ in range(2)}
    assert len(texts) == 1
    assert texts.pop().endswith("\n")


@pytest.mark.parametrize("style", STYLES)
def test_every_table_is_ascii(basis: Basis, style: str) -> None:
    assert tables.render(basis, style).isascii()


@pytest.mark.parametrize("style", ["latex", "markdown", "html"])
def test_the_head_says_what_the_basis_is(basis: Basis, style: str) -> None:
    text = re.sub(r"\\allowbreak ", "", tables.render(basis, style))
    said = ("l0:0e + l1:1o + l2:2e + l3:3o", "O(3)", "sphericart", "up to degree 4", "5 of degree 4", "13 of 13")
    for fact in (*said, "locally complete", basis.id):
        assert fact in text


def test_an_incomplete_basis_is_not_called_complete() -> None:
    basis = generate(TensorSpace("3o"), 4)
    assert not basis.certificate.complete
    for style in ("latex", "markdown", "html"):
        text = basis.table(style)
        assert "not complete" in text and "locally complete" not in text


def test_dependent_members_of_a_given_list_are_counted(odd: Basis) -> None:
    assert odd.certificate.rank == 3
    assert "3 of 11, not complete, 1 of 4 members depend on the others" in odd.table("markdown")
    assert "independent invariants" not in odd.table("markdown")


def test_a_linear_basis_claims_linear_independence_only(many: Basis) -> None:
    assert tables.rank_sentence(many) == (
        f"{len(many)} of {len(many)} linearly independent invariants up to degree 10, complete"
    )


def test_csv_is_rfc_4180_and_holds_everything(odd: Basis) -> None:
    text = tables.render(odd, "csv")
    assert text.count("\r\n") == text.count("\n") == len(odd) + 1
    rows = list(csv.DictReader(io.StringIO(text, newline=""), strict=True))
    for row, member in zip(rows, odd, strict=True):
        assert (row["number"], row["degree"]) == (str(member.index), str(member.degree))
        assert (row["contraction"], row["formula"]) == (member.contraction, member.latex())
        assert tuple(row["tensors"].split(",")) == member.tensors
        assert tuple(map(int, row["multidegree"].split(","))) == member.multidegree


def test_csv_rows_make_the_same_basis_again(basis: Basis) -> None:
    rows = list(csv.DictReader(io.StringIO(basis.table("csv"), newline="")))
    again = Basis.from_contractions([(r["contraction"], r["tensors"].split(",")) for r in rows], basis.space)
    assert again.contractions == basis.contractions


def test_markdown_rows_have_the_columns_of_the_header(odd: Basis) -> None:
    lines = [line for line in tables.render(odd, "markdown").splitlines() if line.startswith("|")]
    assert len(lines) == len(odd) + 2
    assert {line.count("|") for line in lines} == {7}


def test_html_is_well_formed_and_shows_every_formula(odd: Basis) -> None:
    rows = [row for row in Rows(tables.render(odd, "html")).rows if row]
    assert len(rows) == len(odd)
    assert rows[1][3] == "vi\u2009long_nameij\u2009vj"
    assert rows[0][3].startswith("\u03b5ijk")


def test_default_names_read_as_tensors_with_their_rank(basis: Basis) -> None:
    assert "<i>T</i><sup>(2)</sup><sub>ij</sub>" in basis.table("html")
    repeated = generate(TensorSpace("2x1o"), 2)
    assert "<i>T</i><sup>(1,0)</sup><sub>i</sub>" in repeated.table("html")


@pytest.mark.parametrize("style", ["tex", "", "LaTeX", "json"])
def test_an_unknown_style_is_refused_with_the_known_ones(basis: Basis, style: str) -> None:
    with pytest.raises(InputError, match="latex, markdown, csv, html"):
        tables.render(basis, style)


def test_latex_escapes_names_outside_formulas(odd: Basis) -> None:
    text = tables.render(odd, "latex")
    outside = re.sub(r"\$[^$]*\$", "", text)
    assert "long\\_name" in outside
    assert not re.search(r"(?<!\\)_", outside)


def test_latex_uses_nothing_but_booktabs(basis: Basis, many: Basis) -> None:
    known = {
        *("usepackage", "begin", "end", "centering", "caption", "footnotesize", "renewcommand", "arraystretch"),
        *("setlength", "tabcolsep", "linewidth", "texttt", "allowbreak", "smallskip", "mathrm", "varepsilon"),
        *("toprule", "midrule", "bottomrule"),
    }
    for text in (basis.table("latex"), many.table("latex")):
        assert set(re.findall(r"\\([A-Za-z]+)", text)) <= known


def test_a_latex_table_is_split_before_it_outgrows_a_page(many: Basis) -> None:
    text = many.table("latex")
    pages = text.split(r"\begin{table}")[1:]
    assert len(pages) > 1
    assert all(page.count(r" \\") <= 33 for page in pages)
    assert sum(page.count(r" \\") - 1 for page in pages) == len(many)
    assert text.count("Basis id") == 1


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="no pdflatex")
def test_latex_compiles_in_an_article_with_booktabs(basis: Basis, odd: Basis, many: Basis, tmp_path: Path) -> None:
    body = "\n".join(b.table("latex") + r"\clearpage" for b in (basis, odd, many, generate(TensorSpace("3o"), 10)))
    source = "\\documentclass{article}\n\\usepackage{booktabs}\n\\begin{document}\n" + body + "\n\\end{document}\n"
    (tmp_path / "t.tex").write_text(source)
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "t.tex"]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout[-2000:]
    assert "Float too large" not in run.stdout
    # a table may stick out by less than the space between two columns
    assert all(float(points) < 12 for points in re.findall(r"Overfull \\hbox \(([\d.]+)pt", run.stdout))


def test_the_notebook_view_shows_each_member_with_its_graph(basis: Basis) -> None:
    text = basis._repr_html_()
    rows = [row for row in Rows(text).rows if row]
    assert len(rows) == len(basis) == text.count("<svg ")
    assert basis.id in text


def test_the_notebook_view_brings_no_colours_of_text_or_page_and_no_scripts(basis: Basis) -> None:
    outside = re.sub(r"<svg.*?</svg>", "", basis._repr_html_(), flags=re.DOTALL)
    assert not re.search(r"color|background|<script|<style|\$", outside)


def test_the_notebook_view_of_a_long_basis_says_what_it_leaves_out(many: Basis) -> None:
    assert len(many) > tables.NOTEBOOK_ROWS
    text = tables.notebook(many)
    rows = [row for row in Rows(text).rows if row]
    assert len(rows) == tables.NOTEBOOK_ROWS + 1
    assert f"{len(many) - tables.NOTEBOOK_ROWS} more members" in rows[-1][0]
    assert "basis.table('html')" in rows[-1][0]
    assert many.table("html").count("<tr>") == len(many) + 1


def test_the_text_view_names_every_member(odd: Basis) -> None:
    lines = tables.text(odd).splitlines()
    assert "0  degree 3  eps[ijk] v[i] u_1[j] w[k]" in lines
    assert "1  degree 3  v[i] long_name[ij] v[j]" in lines
    assert tables.text(odd).isascii()


@pytest.fixture(scope="module")
def transverse() -> Basis:
    return generate(TensorSpace("v:1o + S:2e", "Dinfh"), 2, select="integrity")


def test_every_head_states_the_structural_tensors_of_the_group(transverse: Basis) -> None:
    assert "- structure: `@2e = -x^2 - y^2 + 2 z^2, fixed by Dinfh`\n" in transverse.table("markdown")
    assert "structure <code>@2e = -x^2 - y^2 + 2 z^2, fixed by Dinfh</code><br>\n" in transverse.table("html")
    power = r"\textasciicircum{}2"
    stated = rf" Structure: \texttt{{@2e = -x{power} - y{power} + 2 z{power}, fixed by Dinfh}}. Convention:"
    assert stated in transverse.table("latex")


def test_a_table_without_point_group_states_no_structure(basis: Basis) -> None:
    for style in STYLES:
        assert "structure" not in basis.table(style).lower()


def test_formulas_are_matrix_products_on_request(transverse: Basis) -> None:
    rows = list(csv.DictReader(io.StringIO(transverse.table("csv", form="matrix"))))
    assert [row["formula"] for row in rows] == [
        r"3 \operatorname{tr}(S N)",
        r"v \cdot v",
        r"6 \operatorname{tr}(S^{2})",
        r"-2 (v \cdot v - 3 (v \cdot N v))",
        r"12 (\operatorname{tr}(S^{2}) - 3 \operatorname{tr}(S^{2} N))",
    ]
    assert [row["contraction"] for row in rows] == [m.contraction for m in transverse]
    for style in ("markdown", "latex", "html"):
        text = transverse.table(style, form="matrix")
        assert "N = n n" in text
        assert "tr" in text
    html = Rows(transverse.table("html", form="matrix")).rows
    assert "6 tr(S2)" in [row[3] for row in html if row]


def test_an_unknown_form_of_formulas_is_refused(transverse: Basis) -> None:
    with pytest.raises(InputError, match="expression, matrix, got 'words'"):
        transverse.table("csv", form="words")
