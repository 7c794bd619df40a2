"""Where templates are found and how they are filled: a missing field fails, and a template computes nothing.

A template (`*.j2`) holds text, loops, names and a plain `if` on a name. What has none of these is a header (`*.h`,
`*.cuh`): C that editors and clang-format read, which templates include and which is inserted unchanged.
"""

from __future__ import annotations

from dataclasses import fields
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import jinja2

from invgen.errors import InvgenError

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

    from _typeshed import DataclassInstance


HEADERS = (".h", ".cuh")
"""Endings of files that are inserted unchanged."""


def template_source(name: str) -> str:
    """The text of a template or header, for example "c/kernels.c.j2".

    An installed wheel carries the templates inside the package; a checkout has them beside it.
    """
    for folder in _folders():
        candidate = folder
        for part in name.split("/"):
            candidate = candidate / part
        if candidate.is_file():
            return candidate.read_text(encoding="utf-8")
    raise InvgenError(f"the template {name!r} is in none of {[str(folder) for folder in _folders()]}; reinstall invgen")


def render(name: str, context: DataclassInstance) -> str:
    """Fill the template `name` with the fields of one dataclass; the text is ASCII and ends with a newline."""
    values: dict[str, Any] = {field.name: getattr(context, field.name) for field in fields(context)}
    text = environment().get_template(name).render(values)
    if not text.isascii():
        odd = sorted({character for character in text if not character.isascii()})
        raise InvgenError(f"the text made from {name} is not ASCII ({''.join(odd)}); name things in ASCII")
    return text


@cache
def environment() -> jinja2.Environment:
    """The one Jinja environment; an undefined name raises."""
    return jinja2.Environment(
        loader=jinja2.FunctionLoader(_jinja_source),
        undefined=jinja2.StrictUndefined,
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _jinja_source(name: str) -> str:
    text = template_source(name)
    return f"{{% raw %}}{text}{{% endraw %}}" if name.endswith(HEADERS) else text


def _folders() -> list[Traversable]:
    package = files("invgen")
    inside = package / "templates"
    found: list[Traversable] = [inside] if inside.is_dir() else []
    parent = getattr(package, "parent", None)
    if parent is not None:
        found.append(parent / "templates")
    return found
