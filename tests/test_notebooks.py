"""Notebooks are checked in without outputs, and every cell runs, its assertions included."""

from __future__ import annotations

import importlib.util
import json
import os
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest

from tests.support.built_kernels import as_users_build

nbclient = pytest.importorskip("nbclient")
nbformat = pytest.importorskip("nbformat")
pytest.importorskip("ipykernel")

import jupyter_client  # noqa: E402
from jupyter_core.utils import run_sync  # noqa: E402

NOTEBOOKS = sorted((Path(__file__).resolve().parent.parent / "notebooks").glob("*.ipynb"))


def read(path: Path) -> nbformat.NotebookNode:
    return nbformat.read(path, as_version=4)


SHOWN = {
    "01_first_basis": {"text/html", "text/latex", "image/svg+xml"},
    "02_a_potential": {"text/html", "image/png"},
    "03_materials": {"text/html", "image/png"},
    "04_fields": {"image/png"},
    "05_completeness": {"image/svg+xml"},
    "06_kernels": {"text/html"},
    "07_ace_and_pruning": {"image/png"},
    "08_covariant_networks": {"image/png"},
}


# Where kernels are timed, they are built as users build them.
TIMED = {"06_kernels"}
# Training that takes minutes is shorter here. The networks are then further from their best, and the bounds are wider.
SHORTER = {
    "02_a_potential": {
        '"epochs": 30': '"epochs": 12',
        "shaken() for _ in range(200)": "shaken() for _ in range(100)",
        '< 0.75 * errors["HIP-NN"]': '< 0.95 * errors["HIP-NN"]',
        '< 0.9 * errors["HIP-HOP (2, 3)"]': '< errors["HIP-HOP (2, 3)"]',
        "duration=250.0": "duration=80.0",
    },
    # These keep their bounds.
    "03_materials": {"max_iter=300": "max_iter=120", "labelled(60), labelled(150)": "labelled(60), labelled(60)"},
    "08_covariant_networks": {"EPOCHS = 8": "EPOCHS = 4"},
}


def test_every_notebook_says_what_it_shows() -> None:
    assert [path.stem for path in NOTEBOOKS] == list(SHOWN)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_valid_and_holds_no_outputs(path: Path) -> None:
    notebook = read(path)
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [cell["id"] for cell in code if cell.outputs or cell.execution_count is not None] == []
    # As stored: reading gives cells of equal ids new ones.
    stored = [cell["id"] for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]]
    assert len(set(stored)) == len(stored)
    assert any("assert " in cell.source for cell in code)


def test_every_notebook_has_a_page_of_the_site_with_its_title(repository: Path) -> None:
    index = (repository / "docs" / "index.md").read_text(encoding="utf-8")
    for path in NOTEBOOKS:
        page = (repository / "docs" / "notebooks" / f"{path.stem}.md").read_text(encoding="utf-8")
        assert page.partition("\n")[0] == read(path).cells[0].source.partition("\n")[0]
        assert f"\nnotebooks/{path.stem}\n" in index
    assert len(list((repository / "docs" / "notebooks").iterdir())) == len(NOTEBOOKS)


def test_a_page_holds_text_code_and_what_was_shown(repository: Path) -> None:
    spec = importlib.util.spec_from_file_location("notebooks", repository / "docs" / "_site" / "notebooks.py")
    assert spec is not None and spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    shown = [
        {"output_type": "stream", "name": "stdout", "text": "10%\r100% <done>\n"},
        {"output_type": "stream", "name": "stderr", "text": "a warning"},
        {"output_type": "execute_result", "data": {"text/plain": "x", "text/html": "<b>x</b>"}},
        {"output_type": "execute_result", "data": {"text/plain": "y", "text/latex": "$\\frac12$"}},
        {"output_type": "display_data", "data": {"image/png": "abc\n", "text/plain": "a picture"}},
    ]
    cells = [
        {"cell_type": "markdown", "source": ["# A title\n", "See [more](../docs/fields.md), [next](02_a.ipynb)."]},
        {"cell_type": "code", "source": "print()", "outputs": shown},
    ]
    page = script.page({"cells": cells})
    assert "[more](../fields.md), [next](02_a.md)" in page and "```python\nprint()\n```" in page
    assert "<pre>100% &lt;done&gt;</pre>" in page and "a warning" not in page
    assert "<b>x</b>" in page and "```{math}\n\\frac12\n```" in page
    assert '<img src="data:image/png;base64,abc" alt="a picture">' in page


def shortened(path: Path) -> nbformat.NotebookNode:
    """A notebook as it is run here."""
    notebook = read(path)
    for old, new in SHORTER.get(path.stem, {}).items():
        (cell,) = (cell for cell in notebook.cells if old in cell.source)
        cell.source = cell.source.replace(old, new)
    return notebook


@pytest.fixture(scope="module")
def process(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], Any]]:
    """Makes kernels' processes, which import this tree and leave no history in the user's folder, and ends them."""
    folder = tmp_path_factory.mktemp("notebooks")
    made = []

    def make() -> Any:
        made.append(jupyter_client.AsyncKernelManager(kernel_name="python3"))
        return made[-1]

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep.join([str(repository), *filter(None, [os.environ.get("PYTHONPATH")])]))
        patch.setenv("IPYTHONDIR", str(folder / "ipython"))
        patch.chdir(folder)
        yield make
        for manager in made:
            if manager.has_kernel:
                run_sync(manager.shutdown_kernel)(now=True)


@pytest.fixture(scope="module")
def shared(process: Callable[[], Any]) -> Any:
    """One process for all notebooks that are not timed: starting one is mostly an import of torch."""
    return process()


@pytest.mark.slow
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_cell_of_a_notebook_runs(path: Path, process: Callable[[], Any], shared: Any) -> None:
    notebook = shortened(path)
    notebook.cells.insert(0, nbformat.v4.new_code_cell("%reset -f"))  # nothing is left of the notebook before
    with as_users_build() if path.stem in TIMED else nullcontext():
        client = nbclient.NotebookClient(notebook, km=process() if path.stem in TIMED else shared, timeout=300)
        client.execute()  # raises at the first cell that does
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    shown = {kind for output in outputs for kind in output.get("data", {})}
    assert SHOWN[path.stem] <= shown
