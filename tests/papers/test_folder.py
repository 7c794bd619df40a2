"""The example article of a folder: it compiles as it is, with its bibliography, and nothing sticks out."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from invgen.papers import folder, spec
from invgen.papers.building import make

SPEC = """\
title: Small % & _tables_
authors: [A. Author, B. Author]
tables:
  - {name: counts, kind: invariants, n_max: 2, l_max: 2, hippynn: true, caption: "Counts, $n \\\\le 2$."}
  - {name: fields, kind: moments, orders: 2, caption: Moments.}
  - {name: formulas, kind: members, space: 1o + 2e, max_degree: 4, caption: Formulas.}
  - {name: printed, kind: published, lists: [hu, milad_mat_3], caption: In print.}
"""


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="no pdflatex")
@pytest.mark.parametrize("columns", [2, 1])
def test_the_example_compiles_with_its_bibliography(tmp_path: Path, columns: int) -> None:
    made: folder.PaperFiles = make(spec.parse(SPEC + f"columns: {columns}\n", "a test"))
    for path, data in made.files.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_bytes(data)
    for command in (["pdflatex"], ["bibtex"], ["pdflatex"], ["pdflatex"]):
        options = ["-interaction=nonstopmode", "-halt-on-error"] if command == ["pdflatex"] else []
        done = subprocess.run([*command, *options, "example"], cwd=tmp_path, capture_output=True)
        assert done.returncode == 0, done.stdout[-2000:]
    log = (tmp_path / "example.log").read_text(encoding="latin-1")
    wide = [float(points) for points in re.findall(r"Overfull \\hbox \(([\d.]+)pt", log)]
    assert all(points <= 1 for points in wide), log
    assert "undefined" not in log and "Float too large" not in log
    assert (tmp_path / "example.bbl").read_text().count(r"\bibitem") == len(
        re.findall("^@", made.files["cite.bib"].decode(), re.M)
    )
