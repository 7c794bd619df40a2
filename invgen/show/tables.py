"""Tables of a basis: for papers (LaTeX), pages (Markdown, HTML), spreadsheets (CSV), terminals and notebooks.

A table is a function of the basis alone and ends with a newline, so that equal bases give equal bytes. Members are
numbered as Python and the kernels number them, from 0.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from invgen.contractions.markup import HTML, PLAIN
from invgen.errors import InputError
from invgen.reduction.registry import SELECTIONS
from invgen.reduction.search.orders import describe
from invgen.show import pictures
from invgen.show.styles import EXPRESSION, FORMS, MATRIX, STYLES
from invgen.spaces.outputs import SCALAR, noun
from invgen.spaces.point_groups import is_structural

if TYPE_CHECKING:
    from invgen.basis.basis import Basis
    from invgen.basis.invariant import Invariant
    from invgen.spaces.space import TensorSpace
    from invgen.spaces.structural import StructuralTensor

NOTEBOOK_ROWS = 60
_NOTEBOOK_SCALE = 0.75
# Rows of one LaTeX table, since a float cannot break across pages; wide tables have rows of several lines.
_PAGE_ROWS, _WIDE_PAGE_ROWS = 32, 16
_LINE_POINTS = 340  # a little less than the lines of the article class
GROUP_NAMES = {"O3": "O(3)", "SO3": "SO(3)", "O2": "O(2)", "SO2": "SO(2)"}
STRUCTURE = "structure"
_COLUMNS = ("number", "degree", "contraction", "formula", "tensors", "multidegree")
_LATEX_SPECIAL = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{c: "\\" + c for c in "&%$#_{}"},
}


@dataclass(frozen=True)
class Fact:
    """One line of a table's head.

    Attributes:
        name: what it is about, "space".
        text: plain text.
        code: whether the text is to be copied as it is, such as a space or an id.
    """

    name: str
    text: str
    code: bool = False


@dataclass(frozen=True)
class Formulas:
    """How a table writes members, and what its head has to say of it.

    Attributes:
        latex: a member in LaTeX.
        html: a member in HTML.
        facts: lines of the head, after the group's structural tensors.
    """

    latex: Callable[[Invariant], str]
    html: Callable[[Invariant], str]
    facts: tuple[Fact, ...] = ()


def render(basis: Basis, style: str, form: str = EXPRESSION) -> str:
    """The basis as a table, one row per member, with a head that says what it is and what is certified of it.

    CSV follows RFC 4180 (lines end with CR LF) and has a header but no other lines. The LaTeX needs `booktabs`.

    Args:
        basis: the basis.
        style: "latex", "markdown", "csv" or "html".
        form: how formulas are written, "expression", or "matrix": a factor times `Invariant.matrix_form`.

    Raises:
        InputError: another style or form, or members that have no matrix form.
    """
    if style not in STYLES:
        raise InputError(f"the style of a table is one of {', '.join(STYLES)}, got {style!r}")
    if form not in FORMS:
        raise InputError(f"the form of the formulas is one of {', '.join(FORMS)}, got {form!r}")
    return _RENDERERS[style](basis, _matrices(basis) if form == MATRIX else _EXPRESSIONS)


def _matrices(basis: Basis) -> Formulas:
    from invgen.show.matrices import printing
    from invgen.show.matrices.words import PROJECTOR

    forms = {member.index: member.matrix_form() for member in basis}

    def written(notation: printing.Notation) -> Callable[[Invariant], str]:
        return lambda member: printing.scaled(forms[member.index].factor, forms[member.index].terms, notation)

    axis = forms[0].axis
    name = forms[0].letters[-1].name
    reading = f"{name} = n n^T, n" if forms[0].letters[-1].kind == PROJECTOR else name
    about = () if axis is None else (Fact("axis", f"{reading} is the unit vector along {axis}", code=True),)
    return Formulas(written(printing.LATEX), written(printing.HTML), about)


def facts(basis: Basis, more: Sequence[Fact] = ()) -> list[Fact]:
    """Space, group, convention, selection, counts, rank of target and the full id; `more` after the group."""
    layout = basis.space.layout
    return [
        Fact("space", str(basis.space), code=True),
        *([] if layout is None else [Fact("made from", " ".join(layout.recipe), code=True)]),
        Fact("group", _group(basis.space)),
        *(
            Fact(STRUCTURE, f"{name} = {tensor}, fixed by {basis.space.group}", code=True)
            for name, tensor in structural_tensors(basis).items()
        ),
        *more,
        *([] if basis.outputs == SCALAR else [Fact("outputs", basis.outputs, code=True)]),
        Fact("convention", basis.convention, code=True),
        Fact("selection", _selection(basis)),
        Fact("members", _counts(basis)),
        Fact("rank", rank_sentence(basis)),
        Fact("id", basis.id, code=True),
    ]


def structural_tensors(basis: Basis) -> dict[str, StructuralTensor]:
    """The structural tensors of the group that members name, in order of rank."""
    names = {name for member in basis.contractions for name in member.tensors if is_structural(name)}
    return {t.name: t for t in sorted(map(basis.space.structural, names), key=lambda t: (t.l, -t.parity, t.name))}


def _group(space: TensorSpace) -> str:
    """The group with, where it has one, its other name and its orientation."""
    group = space.point_group
    if group is None:
        return GROUP_NAMES[space.group]
    axes = "" if space.orientation is None else f", axes {space.orientation}"
    return f"{group.name} ({group.others[0]}){axes}"


def rank_sentence(basis: Basis) -> str:
    """What the certificate claims, in words."""
    return basis.certificate.proof.rank_sentence(basis.certificate, basis)


def plain_formula(member: Invariant) -> str:
    """The member in ASCII, "v[i] q[ij] v[j]", "((v,q)1,v)0" or "Re(c2 c1* c1*)"."""
    return member.expression.written(PLAIN)


def text(basis: Basis) -> str:
    """The facts and one line per member, for terminals; ASCII alone."""
    lines = [f"{fact.name:<11} {fact.text}" for fact in facts(basis)]
    number = len(str(len(basis) - 1))
    lines.append("")
    lines += [f"{m.index:>{number}}  degree {m.degree}  {plain_formula(m)}" for m in basis]
    return "\n".join(lines) + "\n"


def notebook(basis: Basis) -> str:
    """The basis as compact HTML with contraction graphs; colours are inherited, so it fits light and dark themes."""
    rows = []
    for member in basis[:NOTEBOOK_ROWS]:
        cells = (
            str(member.index),
            pictures.contraction_svg(member, scale=_NOTEBOOK_SCALE).strip(),
            _html_formula(member),
            f"<code>{escape(member.contraction)}</code>",
            str(member.degree),
            _multidegree(member),
        )
        rows.append("<tr>" + "".join(f'<td style="{_CELL}">{cell}</td>' for cell in cells) + "</tr>")
    header = "".join(
        f'<th style="{_CELL}">{name}</th>' for name in ("", "graph", "formula", "contraction", "degree", "multidegree")
    )
    left_out = len(basis) - NOTEBOOK_ROWS
    if left_out > 0:
        rows.append(
            f'<tr><td colspan="6" style="{_CELL}">{left_out} more members are left out here; all of them: '
            "<code>IPython.display.HTML(basis.table('html'))</code></td></tr>"
        )
    return (
        f"<div>\n{_html_head(basis, _EXPRESSIONS)}\n"
        f'<table style="border-collapse:collapse;margin:0.5em 0">\n<thead><tr>{header}</tr></thead>\n<tbody>\n'
        + "\n".join(rows)
        + "\n</tbody>\n</table>\n</div>\n"
    )


def _multidegree(member: Invariant) -> str:
    return ",".join(map(str, member.multidegree))


def _selection(basis: Basis) -> str:
    if not SELECTIONS[basis.select].offered:
        return f"a list kept as given, degrees up to {basis.max_degree}"
    forms = f"{basis.forms} forms" if basis.outputs == SCALAR else "coupling trees"
    cut = "" if basis.limit is None else f"{basis.limit.joint}{basis.limit}"
    return f"{basis.select} up to degree {basis.max_degree}{cut}, ordered by {describe(basis.order)}, {forms}"


def _counts(basis: Basis) -> str:
    times = sorted(Counter(basis.degrees).items())
    return f"{len(basis)} ({', '.join(f'{count} of degree {degree}' for degree, count in times)})"


# --- CSV and Markdown ------------------------------------------------------------------------------------------------


def _csv(basis: Basis, formulas: Formulas) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(_COLUMNS)
    for m in basis:
        writer.writerow((m.index, m.degree, m.contraction, formulas.latex(m), ",".join(m.tensors), _multidegree(m)))
    return text.getvalue()


def _markdown(basis: Basis, formulas: Formulas) -> str:
    lines = [f"**{_title(basis)}**", ""]
    lines += [f"- {fact.name}: {f'`{fact.text}`' if fact.code else fact.text}" for fact in facts(basis, formulas.facts)]
    lines += ["", f"| {' | '.join(_COLUMNS)} |", "| ---: | ---: | --- | --- | --- | --- |"]
    for m in basis:
        contraction = f"`{m.contraction}`" if m.contraction else ""
        cells = (str(m.index), str(m.degree), contraction, f"${formulas.latex(m)}$", f"`{','.join(m.tensors)}`")
        lines.append(f"| {' | '.join(cells)} | {_multidegree(m)} |")
    return "\n".join(lines) + "\n"


def _title(basis: Basis) -> str:
    adjective = SELECTIONS[basis.select].adjective
    members = f"{adjective} {noun(basis.outputs, len(basis))}".strip()
    return f"{len(basis)} {members} under {_group(basis.space)}"


# --- LaTeX -----------------------------------------------------------------------------------------------------------


def _latex(basis: Basis, formulas: Formulas) -> str:
    wide = formulas is not _EXPRESSIONS or _latex_points(basis) > _LINE_POINTS
    rows = _WIDE_PAGE_ROWS if wide else _PAGE_ROWS
    pages = [basis[start : start + rows] for start in range(0, len(basis), rows)]
    parts = [r"% Needs \usepackage{booktabs}."]
    for number, members in enumerate(pages):
        parts += _latex_page(basis, members, formulas, first=number == 0, last=number == len(pages) - 1, wide=wide)
    return "\n".join(parts) + "\n"


def _latex_page(
    basis: Basis, members: Sequence[Invariant], formulas: Formulas, first: bool, last: bool, wide: bool
) -> list[str]:
    given = {fact.name: _latex_text(fact) for fact in facts(basis)}
    structure = "".join(f" {fact.name.capitalize()}: {_latex_text(fact)}." for fact in _structure(basis, formulas))
    caption = (
        f"{latex_escape(_title(basis))} of {given['space']}.{structure} Convention: {given['convention']}. "
        f"Selection: {given['selection']}. Members: {given['members']}. Rank: {given['rank']}. "
        "Multidegrees and tensors are in the order of the space."
        if first
        else f"{latex_escape(_title(basis))} of {given['space']} (continued)."
    )
    columns = r"rrp{0.22\linewidth}p{0.28\linewidth}p{0.14\linewidth}l" if wide else "rrllll"
    lines = [
        r"\begin{table}",
        r"\centering",
        rf"\caption{{{caption}}}",
        r"\footnotesize",
        r"\renewcommand{\arraystretch}{1.15}",
        *([r"\setlength{\tabcolsep}{3pt}"] if wide else []),
        rf"\begin{{tabular}}{{{columns}}}",
        r"\toprule",
        r"No. & degree & contraction & formula & tensors & multidegree \\",
        r"\midrule",
    ]
    for m in members:
        formula = formulas.latex(m)
        if wide:
            formula = formula.replace(r"\, ", r"\,\allowbreak ")
        cells = (
            str(m.index),
            str(m.degree),
            latex_code(m.contraction, wide) if m.contraction else "",
            f"${formula}$",
            latex_code(",".join(m.tensors), wide),
            _multidegree(m),
        )
        lines.append(" & ".join(cells) + r" \\")
    lines += [r"\bottomrule", r"\end{tabular}"]
    if last:
        lines += ["", rf"\smallskip Basis id (SHA-256): {given['id']}"]
    return [*lines, r"\end{table}"]


def _latex_points(basis: Basis) -> int:
    """About how wide the table is without line breaks, in points, at the size of footnotes."""
    typewriter, margins_and_numbers, tensor, index = 4.3, 120, 15, 3.5
    widest = (
        max(typewriter * len(m.contraction) for m in basis),
        max(typewriter * len(",".join(m.tensors)) for m in basis),
        max(typewriter * len(_multidegree(m)) for m in basis),
        max(tensor * len(m.tensors) + index * len(m.contraction) for m in basis),
    )
    return round(margins_and_numbers + sum(widest))


def _latex_text(fact: Fact) -> str:
    if fact.name == "id":
        return r"\texttt{" + r"\allowbreak ".join(re.findall(".{1,16}", fact.text)) + "}"
    return latex_code(fact.text, False) if fact.code else latex_escape(fact.text)


def latex_code(text: str, breaks: bool) -> str:
    """Text in typewriter, which may break after commas."""
    escaped = latex_escape(text)
    return r"\texttt{" + (escaped.replace(",", r",\allowbreak ") if breaks else escaped) + "}"


def latex_escape(text: str) -> str:
    """Text with the characters that mean something to LaTeX written out."""
    return "".join(_LATEX_SPECIAL.get(c, c) for c in text)


# --- HTML ------------------------------------------------------------------------------------------------------------

# Inline, because notebooks strip style elements from output that they do not trust.
_CELL = "text-align:left;vertical-align:middle;padding:0.25em 0.8em"


def _html(basis: Basis, formulas: Formulas) -> str:
    lines = [
        '<table class="invgen-basis">',
        f'<caption style="text-align:left">{_html_head(basis, formulas)}</caption>',
        "<thead><tr>" + "".join(f'<th style="text-align:left">{name}</th>' for name in _COLUMNS) + "</tr></thead>",
        "<tbody>",
    ]
    for m in basis:
        cells = (
            str(m.index),
            str(m.degree),
            f"<code>{escape(m.contraction)}</code>",
            formulas.html(m),
            f"<code>{escape(','.join(m.tensors))}</code>",
            _multidegree(m),
        )
        lines.append("<tr>" + "".join(f'<td style="text-align:left">{cell}</td>' for cell in cells) + "</tr>")
    return "\n".join([*lines, "</tbody>", "</table>"]) + "\n"


def _html_head(basis: Basis, formulas: Formulas) -> str:
    given = {f.name: _html_text(f) for f in facts(basis)}
    return (
        f"<strong>{escape(_title(basis))}</strong> of {given['space']}<br>\n"
        + "".join(f"{fact.name} {_html_text(fact)}<br>\n" for fact in _structure(basis, formulas))
        + f"rank {given['rank']}<br>\n"
        f"<small>selection {given['selection']}<br>\n"
        f"members {given['members']}, convention {given['convention']}<br>\n"
        f"id {given['id']}</small>"
    )


def _html_text(fact: Fact) -> str:
    return f"<code>{escape(fact.text)}</code>" if fact.code else escape(fact.text)


def _structure(basis: Basis, formulas: Formulas) -> list[Fact]:
    """What a point group leaves unchanged; nothing of O(3) and SO(3)."""
    return [fact for fact in facts(basis, formulas.facts) if fact.name == STRUCTURE or fact in formulas.facts]


def _html_formula(member: Invariant) -> str:
    return member.expression.written(HTML)


_EXPRESSIONS = Formulas(lambda member: member.latex(), _html_formula)
_RENDERERS: dict[str, Callable[[Basis, Formulas], str]] = {
    "latex": _latex,
    "markdown": _markdown,
    "csv": _csv,
    "html": _html,
}
