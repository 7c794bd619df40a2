"""Every public name says what it is, in one style, and stands in the reference of the documentation."""

from __future__ import annotations

import ast
import importlib.util
import inspect
import os
import re
import subprocess
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.paths import REPOSITORY

SOURCES = sorted((REPOSITORY / "invgen").rglob("*.py"))
ENTRY = re.compile(r"^    (\*{0,2}\w+(?:, \*{0,2}\w+)*)(?: \(.*?\))?:", re.MULTILINE)
Function = ast.FunctionDef | ast.AsyncFunctionDef


def site_names() -> Any:
    """The module of the documentation that lists what is public."""
    spec = importlib.util.spec_from_file_location("public_names", REPOSITORY / "docs" / "_site" / "public_names.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def documented() -> Iterator[tuple[str, Any]]:
    """Public classes and functions by their full name, each once; constants have no docstring of their own."""
    seen = set()
    for module, name, value in site_names().names():
        if (inspect.isclass(value) or inspect.isroutine(value)) and id(value) not in seen:
            seen.add(id(value))
            yield f"{module}.{name}", value


def entries(doc: str, section: str) -> list[str] | None:
    """The names that a section of a docstring explains; None if there is no such section."""
    found = re.search(rf"^{section}:\n((?:(?:    .*)?\n?)*)", doc, re.MULTILINE)
    if found is None:
        return None
    return [name.lstrip("*") for entry in ENTRY.findall(found[1]) for name in entry.split(", ")]


def parameters(function: Function) -> list[str]:
    given = function.args
    every = [*given.posonlyargs, *given.args, given.vararg, *given.kwonlyargs, given.kwarg]
    return [each.arg for each in every if each is not None and each.arg not in ("self", "cls")]


def test_the_first_line_of_every_public_docstring_is_a_sentence() -> None:
    checked = 0
    for name, value in documented():
        members = {name: value}
        if inspect.isclass(value):
            own = {key: member for key, member in vars(value).items() if not key.startswith("_")}
            members |= {f"{name}.{key}": member for key, member in own.items() if inspect.isfunction(member)}
        for full, member in members.items():
            first = (inspect.getdoc(member) or "").split("\n\n")[0].split("\n===")[0].rstrip()
            assert first.endswith((".", ":")), f"{full}: {first!r}"
            checked += 1
    assert checked > 200


def test_public_functions_and_classes_say_what_each_argument_is() -> None:
    for name, value in documented():
        doc = inspect.getdoc(value) or ""
        # "The same ..." refers to the function above it, whose arguments it takes.
        if (isinstance(value, type) and issubclass(value, Exception)) or doc.startswith("The same "):
            continue
        try:
            given = inspect.signature(value).parameters.values()
        except ValueError:
            continue
        named = [each.name for each in given if each.kind not in (each.VAR_POSITIONAL, each.VAR_KEYWORD)]
        if named:
            assert entries(doc, "Args") or entries(doc, "Attributes"), f"{name} does not say what {named} are"


@pytest.mark.parametrize("folder", sorted({path.relative_to(REPOSITORY / "invgen").parts[0] for path in SOURCES}))
def test_sections_of_arguments_name_the_arguments_there_are_in_their_order(folder: str) -> None:
    for path in SOURCES:
        if path.relative_to(REPOSITORY / "invgen").parts[0] != folder:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                functions = [
                    each for each in node.body if isinstance(each, ast.FunctionDef) and each.name == "__init__"
                ]
            else:
                functions = [node] if isinstance(node, Function) else []
            doc = ast.get_docstring(node) if functions else None
            stated = entries(doc, "Args") if doc else None
            if stated is not None:
                assert stated == parameters(functions[0]), f"{path}:{node.lineno}"  # type: ignore[attr-defined]


def test_code_in_docstrings_stands_between_single_backquotes() -> None:
    for path in SOURCES:
        source = path.read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(source)) if "``" in source else ():
            if isinstance(node, ast.Module | ast.ClassDef | Function):
                assert "``" not in (ast.get_docstring(node) or ""), path


# --- the reference ----------------------------------------------------------------------------------------------------


def test_every_public_module_has_its_page_and_its_place_in_the_contents() -> None:
    reference = REPOSITORY / "docs" / "reference"
    pages = {page: page.read_text(encoding="utf-8") for page in reference.glob("*.md")}
    contents = (REPOSITORY / "docs" / "index.md").read_text(encoding="utf-8")
    for module in site_names().PUBLIC:
        assert any(f".. automodule:: {module}\n   :members:" in text for text in pages.values()), module
    assert all(f"\nreference/{page.stem}\n" in contents for page in pages)


def test_every_public_module_under_invgen_is_listed() -> None:
    import invgen

    modules = {f"invgen.{name}" for name in invgen.__all__ if inspect.ismodule(getattr(invgen, name))}
    assert modules <= set(site_names().PUBLIC)


@pytest.mark.slow
def test_the_documentation_builds_without_a_warning_and_holds_every_public_name(tmp_path: Path) -> None:
    inventory_file = REPOSITORY / "build" / "docs" / "objects.inv"
    # CI has built the site of this very tree before it runs tests; on a desk what lies there may be old.
    if os.environ.get("CI") != "true" or not inventory_file.exists():
        if importlib.util.find_spec("sphinx") is None:
            pytest.skip("Sphinx is not installed; make docs runs it")
        inventory_file = tmp_path / "objects.inv"
        command = [
            sys.executable,
            "-m",
            "sphinx",
            "-q",
            "-n",
            "-W",
            "--keep-going",
            "-b",
            "html",
            "docs",
            str(tmp_path),
        ]
        env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(REPOSITORY), os.environ.get("PYTHONPATH", "")])}
        done = subprocess.run(command, cwd=REPOSITORY, env=env, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
    inventory = zlib.decompress(inventory_file.read_bytes().split(b"\n", 4)[4]).decode()
    listed = {line.split(" ")[0] for line in inventory.splitlines()}
    # The same function has its entry under the module that defines what it loads from.
    named = {"invgen.catalogue.load" if name == "invgen.load" else name for name, _ in documented()}
    assert named - listed == set()
