"""Pages of the site from notebooks: text and code as they are checked in, outputs where somebody ran them.

python docs/_site/notebooks.py build/notebooks    runs all notebooks and writes them there, with outputs.

A page `docs/notebooks/NAME.md` holds nothing but its place in the table of contents; here it becomes the notebook.
"""

from __future__ import annotations

import html
import json
import re
import sys
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parents[2] / "notebooks"
# Formulas in dollars are of notebooks alone: on other pages a dollar is a dollar.
_HEAD = """\
---
myst:
  enable_extensions: [dollarmath]
---
"""
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")


def page(notebook: dict[str, Any]) -> str:
    """The Markdown of a notebook."""
    parts = [_HEAD]
    for cell in notebook["cells"]:
        text = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            # Links are from notebooks/, and pages for notebooks are one folder below those that they link to.
            parts.append(re.sub(r"\]\((\w+)\.ipynb", r"](\1.md", text.replace("](../docs/", "](../")))
        elif text.strip():
            parts.append(_fenced("python", text))
            parts += [shown for output in cell["outputs"] if (shown := _output(output))]
    return "\n\n".join(parts) + "\n"


def said(notebook: dict[str, Any], name: str) -> str:
    """The line below the title: where the notebook is, and whether it was run."""
    ran = any(cell.get("outputs") for cell in notebook["cells"])
    return f"*This page is `notebooks/{name}.ipynb`{', as it ran' if ran else '; run it to see what it shows'}.*"


def _fenced(language: str, text: str) -> str:
    fence = "`" * max(3, 1 + max((len(found) for found in re.findall("`+", text)), default=0))
    return f"{fence}{language}\n{text}\n{fence}"


def _raw(text: str) -> str:
    return _fenced("{raw} html", f'<div class="notebook-output">\n{text}\n</div>')


def _output(output: dict[str, Any]) -> str:
    """What a cell printed or showed, in the richest form that a page can hold."""
    if output["output_type"] == "stream":
        # Progress bars are written over by their next state.
        lines = [line.rpartition("\r")[2] for line in "".join(output["text"]).split("\n")]
        return "" if output["name"] == "stderr" else _raw(f"<pre>{html.escape(chr(10).join(lines).rstrip())}</pre>")
    data = {kind: "".join(found) for kind, found in output.get("data", {}).items() if isinstance(found, str | list)}
    if "text/html" in data:
        return _raw(data["text/html"])
    if "image/svg+xml" in data:
        return _raw(data["image/svg+xml"])
    if "image/png" in data:
        source = "data:image/png;base64," + data["image/png"].replace("\n", "")
        return _raw(f'<img src="{source}" alt="{html.escape(data.get("text/plain", "a figure"))}">')
    formula = data.get("text/latex", "").strip()
    if formula.startswith("$"):  # tables in LaTeX come with HTML
        return _fenced("{math}", formula.strip("$"))
    return _raw(f"<pre>{html.escape(_COLOURS.sub('', data['text/plain']))}</pre>") if "text/plain" in data else ""


def _process(app: Any, docname: str, source: list[str]) -> None:
    folder, _, name = docname.rpartition("/")
    if folder != "notebooks":
        return
    executed = Path(app.config.notebooks_executed) / f"{name}.ipynb" if app.config.notebooks_executed else None
    path = executed if executed is not None and executed.is_file() else FOLDER / f"{name}.ipynb"
    app.env.note_dependency(str(path))
    notebook = json.loads(path.read_text(encoding="utf-8"))
    title, _, rest = page(notebook).partition("\n\n# ")[2].partition("\n")
    source[0] = f"{_HEAD}\n# {title}\n\n{said(notebook, name)}\n{rest}"


def setup(app: Any) -> dict[str, Any]:
    """Connect to what Sphinx reads."""
    app.add_config_value("notebooks_executed", "", "env")
    app.connect("source-read", _process)
    return {"version": "1", "parallel_read_safe": True}


def run(folder: Path) -> None:
    """Run all notebooks in that folder, and leave them there with their outputs."""
    import nbclient
    import nbformat

    folder.mkdir(parents=True, exist_ok=True)
    for path in sorted(FOLDER.glob("*.ipynb")):
        print(path.name, flush=True)
        notebook = nbformat.read(path, as_version=4)
        resources = {"metadata": {"path": str(folder)}}
        nbclient.NotebookClient(notebook, timeout=600, kernel_name="python3", resources=resources).execute()
        nbformat.write(notebook, folder / path.name)


if __name__ == "__main__":
    run(Path(sys.argv[1]))
