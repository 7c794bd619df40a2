"""Links that work on GitHub work on the site: notebooks and files at the root of the repository have pages here."""

from __future__ import annotations

import re
from typing import Any

_PAGES = {
    "CONTRIBUTING.md": "project/contributing.md",
    "SECURITY.md": "project/security.md",
    "CHANGELOG.md": "project/changes.md",
    "README.md": "index.md",
}


def _process(app: Any, docname: str, source: list[str]) -> None:
    if "/" in docname:
        return
    for file, page in _PAGES.items():
        source[0] = source[0].replace(f"](../{file}", f"]({page}")
    source[0] = re.sub(r"\]\(\.\./notebooks/(\w+)\.ipynb\)", r"](notebooks/\1.md)", source[0])


def setup(app: Any) -> dict[str, Any]:
    """Connect to what Sphinx reads."""
    app.connect("source-read", _process)
    return {"version": "1", "parallel_read_safe": True}
