from __future__ import annotations

import pytest

from invgen.contractions.expression import parse
from invgen.contractions.markup import HTML, LATEX, PLAIN


@pytest.mark.parametrize(
    ("line", "latex", "html", "plain"),
    [
        ("s", "s", "<i>s</i>", "s"),
        (
            "i,ij,j v,q,v",
            r"v_{i}\, q_{ij}\, v_{j}",
            "<i>v</i><sub>i</sub>&thinsp;<i>q</i><sub>ij</sub>&thinsp;<i>v</i><sub>j</sub>",
            "v[i] q[ij] v[j]",
        ),
        (
            "ijk,i,j,k eps,v,u,w",
            r"\varepsilon_{ijk}\, v_{i}\, u_{j}\, w_{k}",
            "<i>&epsilon;</i><sub>ijk</sub>&thinsp;<i>v</i><sub>i</sub>&thinsp;<i>u</i><sub>j</sub>&thinsp;"
            "<i>w</i><sub>k</sub>",
            "eps[ijk] v[i] u[j] w[k]",
        ),
        (
            "ij,ij l2,l2_1",
            r"T^{(2)}_{ij}\, T^{(2,1)}_{ij}",
            "<i>T</i><sup>(2)</sup><sub>ij</sub>&thinsp;<i>T</i><sup>(2,1)</sup><sub>ij</sub>",
            "l2[ij] l2_1[ij]",
        ),
        (
            "i,i my_vector,l1_name",
            r"\mathrm{my\_vector}_{i}\, \mathrm{l1\_name}_{i}",
            "<i>my_vector</i><sub>i</sub>&thinsp;<i>l1_name</i><sub>i</sub>",
            "my_vector[i] l1_name[i]",
        ),
        ("ā,ā v,v", r"v_{i_{257}}\, v_{i_{257}}", "<i>v</i><sub>ā</sub>&thinsp;<i>v</i><sub>ā</sub>", "v[ā] v[ā]"),
        (
            "((v,l2)1,v)0",
            r"\{\{v, T^{(2)}\}_{1}, v\}_{0}",
            "{{<i>v</i>, <i>T</i><sup>(2)</sup>}<sub>1</sub>, <i>v</i>}<sub>0</sub>",
            "((v,l2)1,v)0",
        ),
        (
            "Re(c2 c1* c1*)",
            r"\operatorname{Re}(\mathrm{c2}\, {\mathrm{c1}}^*\, {\mathrm{c1}}^*)",
            "Re(<i>c2</i>&thinsp;<i>c1</i><sup>*</sup>&thinsp;<i>c1</i><sup>*</sup>)",
            "Re(c2 c1* c1*)",
        ),
    ],
)
def test_every_kind_is_written_in_every_notation(line: str, latex: str, html: str, plain: str) -> None:
    expression = parse(line)
    assert [expression.written(markup) for markup in (LATEX, HTML, PLAIN)] == [latex, html, plain]


def test_html_escapes_names() -> None:
    assert HTML.indexed("<v&", "i") == "<i>&lt;v&amp;</i><sub>i</sub>"
