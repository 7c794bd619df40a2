"""Docstrings are plain text that reads well in a terminal; this makes reStructuredText of them for the site.

Three things are marked up in a docstring: `code` between single backquotes, an indented block after an empty line,
which is shown as it stands, and the sections of Google's style, which napoleon reads afterwards. Everything else is
text, where a star, a bar or a trailing underscore means itself.
"""

from __future__ import annotations

import re
from typing import Any

_SECTION = re.compile(r"(Args|Attributes|Raises|Returns|Yields|Examples?|Notes?):$")
_CODE = re.compile(r"(`+)(.+?)\1(?!`)")
_RULE = re.compile(r"\s*=+(\s+=+)+\s*$")
_SPECIAL = re.compile(r"[\\*|]|_(?=\W|$)")


def _text(line: str) -> str:
    parts, end = [], 0
    for found in _CODE.finditer(line):
        parts.append(_SPECIAL.sub(r"\\\g<0>", line[end : found.start()]))
        # What follows code at once, such as the s of a plural, needs a separation that is not seen.
        after = line[found.end() : found.end() + 1]
        parts.append(f"``{found[2]}``" + (r"\ " if after and (after.isalnum() or after in "_`") else ""))
        end = found.end()
    return "".join(parts) + _SPECIAL.sub(r"\\\g<0>", line[end:])


def _indentation(line: str) -> int:
    return len(line) - len(line.lstrip())


def restructured(lines: list[str]) -> list[str]:
    """The lines of a docstring as reStructuredText, with Google's sections left to napoleon."""
    result: list[str] = []
    paragraph: int | None = None  # the indentation of the text before an empty line
    literal: int | None = None
    table = False
    for position, line in enumerate(lines):
        if not line.strip():
            result.append("")
            table = False
            continue
        table = table or bool(_RULE.match(line))
        if table:  # columns stand where they are
            result.append(line)
            continue
        depth = _indentation(line)
        if literal is not None and depth >= literal:
            result.append(line)
            continue
        literal = None
        after_gap = position > 0 and not lines[position - 1].strip()
        if after_gap and paragraph is not None and depth >= paragraph + 4:
            literal = depth
            result += [f"{' ' * paragraph}::", "", line]
            continue
        if _SECTION.match(line.strip()):
            paragraph = None
            result.append(line)
            continue
        paragraph = depth
        result.append(_text(line))
    return result


def _process(app: Any, what: str, name: str, obj: Any, options: Any, lines: list[str]) -> None:
    lines[:] = restructured(lines)


def setup(app: Any) -> dict[str, Any]:
    """Connect to autodoc, before napoleon does."""
    app.connect("autodoc-process-docstring", _process, priority=400)
    return {"version": "1", "parallel_read_safe": True}
