"""Signatures name classes where they are defined; this leads their links to where they are public.

`invgen.basis.basis.Basis` is public as `invgen.Basis`, and documented there. A class of invgen that no public module
names is shown without a link.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib import import_module
from typing import Any

# The modules whose `__all__` is public, in the order in which the reference shows them.
PUBLIC = (
    "invgen",
    "invgen.catalogue",
    "invgen.compiler",
    "invgen.runtime",
    "invgen.nn",
    "invgen.fields",
    "invgen.structures",
    "invgen.training",
    "invgen.testing",
    "invgen.interop.ase",
    "invgen.interop.export",
    "invgen.interop.hippynn",
    "invgen.interop.lammps",
)
# Errors that are raised, and named by `invgen.errors` alone.
ERRORS = ("DegreeError", "MemoryShortageError", "TrainingError", "MissingPackageError")


def names() -> Iterator[tuple[str, str, Any]]:
    """Every public module with each of its public names and what it names."""
    for module_name in PUBLIC:
        module = import_module(module_name)
        for name in module.__all__:
            yield module_name, name, getattr(module, name)
    for name in ERRORS:
        yield "invgen.errors", name, getattr(import_module("invgen.errors"), name)


@cache
def homes() -> dict[str, str]:
    """The public name of every object that a public module names, by where it is defined."""
    found: dict[str, str] = {}
    for module, name, value in names():
        home, own = getattr(value, "__module__", None), getattr(value, "__qualname__", None)
        if isinstance(home, str) and isinstance(own, str):
            found.setdefault(f"{home}.{own}", f"{module}.{name}")
    return found


@cache
def _by_last_word() -> dict[str, str]:
    """Public names by their last word, where one alone has it: docstrings say `InputError` without its module."""
    words: dict[str, list[str]] = {}
    for public in homes().values():
        words.setdefault(public.rpartition(".")[2], []).append(public)
    return {word: found[0] for word, found in words.items() if len(found) == 1}


def _resolve(app: Any, env: Any, node: Any, contnode: Any) -> Any:
    if node.get("refdomain") != "py":
        return None
    target = str(node["reftarget"])
    public = homes().get(target) or _by_last_word().get(target)
    if public is not None and public != target:
        domain = env.get_domain("py")
        # A class and a function are looked up alike: a signature does not know which one it names.
        return domain.resolve_xref(env, node["refdoc"], app.builder, "obj", public, node, contnode)
    if public is None and target.startswith("invgen."):
        from docutils import nodes

        return nodes.inline("", "", contnode)  # an object of invgen that is not public
    return None


def setup(app: Any) -> dict[str, Any]:
    """Connect to what Sphinx asks when a name leads nowhere."""
    app.connect("missing-reference", _resolve)
    return {"version": "1", "parallel_read_safe": True}
