"""The suite itself: a test is where a reader looks for it, and shares only tests/support with others."""

from __future__ import annotations

import ast
import importlib.util
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.support import structure
from tests.support.lowest import lowest
from tests.support.paths import REPOSITORY
from tests.support.skips import LIST, ExpectedSkips, expected, listed
from tests.support.slow_cases import slow_cases

TESTS = REPOSITORY / "tests"
# Files in a folder of a stage that are named by the property that they hold, for want of one module that has it.
PROPERTIES = {
    "compiler/test_moments_torch",
    "compiler/test_point_groups",
    "compiler/test_sizes",
    "emit/test_c_processors",
    "emit/test_cuda_summands",
    "interop/test_foundation",
    "nn/test_conditions",
    "nn/test_forces",
    "nn/test_networks",
    "reduction/given/test_point_groups",
    "reduction/orbits/test_fibre_of_the_paper",
    "reduction/search/test_work",
    "reduction/selections/test_equivariant",
    "reduction/selections/test_planar_completeness",
    "reduction/selections/test_point_groups",
    "reduction/selections/test_spherical_functions",
}
# Folders that mirror none of invgen: helpers, and what was written before and must stay.
OTHER_FOLDERS = {"support", "golden"}


def stage_files() -> Iterator[str]:
    """The path of each test file below tests/, without its suffix; those at the top hold properties of the whole."""
    for path in sorted(TESTS.rglob("test_*.py")):
        parts = path.relative_to(TESTS).with_suffix("").parts
        if len(parts) > 1 and parts[0] not in OTHER_FOLDERS:
            yield "/".join(parts)


@dataclass(frozen=True)
class File:
    """What the properties below ask of a file of tests, which is parsed once.

    Attributes:
        imported: the names of all modules that it imports.
        functions: those at its top, in their order.
        wanted: the calls of `pytest.importorskip` that name a module: their arguments.
    """

    imported: frozenset[str]
    functions: tuple[str, ...]
    wanted: tuple[ast.Call, ...]


@cache
def files() -> dict[Path, File]:
    """Every Python file of the tests and of `benchmarks/checks`."""
    found = {}
    for path in (*TESTS.rglob("*.py"), *(REPOSITORY / "benchmarks" / "checks").glob("*.py")):
        source = path.read_text(encoding="utf-8")
        tree = ast.parse(source)
        calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call)) if "importorskip" in source else ()
        found[path] = File(
            frozenset(each.name for each in structure.imports_in(tree, "tests", ())),
            tuple(node.name for node in tree.body if isinstance(node, ast.FunctionDef)),
            tuple(
                call
                for call in calls
                if ast.unparse(call.func) == "pytest.importorskip" and isinstance(call.args[0], ast.Constant)
            ),
        )
    return found


def test_every_test_file_mirrors_a_module_or_is_named_by_a_listed_property() -> None:
    homeless = []
    for name in stage_files():
        folder, _, file = name.rpartition("/")
        if not (REPOSITORY / "invgen" / folder / f"{file.removeprefix('test_')}.py").is_file():
            homeless.append(name)
    assert set(homeless) == PROPERTIES


def test_no_test_imports_benchmarks_or_another_test() -> None:
    for path, file in files().items():
        for name in file.imported if path.is_relative_to(TESTS) else ():
            assert name.split(".")[0] != "benchmarks", path
            # What is frozen in tests/golden is written, read and compared there, in three files.
            shared = {"support"} | ({"golden"} if path.parent.name == "golden" else set())
            assert name.split(".")[0] != "tests" or name.split(".")[1] in shared, path


def test_no_test_function_is_defined_twice_in_a_file() -> None:
    for path, file in files().items():
        assert len(file.functions) == len(set(file.functions)), f"{path}: the later one hides the other"


def test_the_list_of_slow_cases_names_tests_that_there_are() -> None:
    named: dict[str, set[str]] = {}
    for node in slow_cases():
        file, _, test = node.partition("::")
        named.setdefault(file, set()).add(test.partition("[")[0])
    for file, tests in named.items():
        assert tests <= set(files()[REPOSITORY / file].functions), file


# --- the helpers of the suite ----------------------------------------------------------------------------------------


def skipped(node: str, reason: str, **more: Any) -> Any:
    return SimpleNamespace(nodeid=node, skipped=True, longrepr=("file", 1, f"Skipped: {reason}"), **more)


def test_a_run_with_a_skip_that_is_not_listed_fails() -> None:
    plugin, session = ExpectedSkips(SimpleNamespace()), SimpleNamespace(exitstatus=pytest.ExitCode.OK)
    plugin.pytest_runtest_logreport(skipped("a", "torch sees no CUDA device"))
    plugin.pytest_runtest_logreport(skipped("b", "a reason", wasxfail="expected"))
    plugin.pytest_runtest_logreport(SimpleNamespace(nodeid="c", skipped=False))
    plugin.pytest_sessionfinish(session)
    assert session.exitstatus == pytest.ExitCode.OK
    plugin.pytest_collectreport(skipped("d", "could not import 'e3nn'"))
    plugin.pytest_sessionfinish(session)
    assert session.exitstatus == pytest.ExitCode.TESTS_FAILED


def test_workers_tell_the_controller_which_skips_they_did_not_expect() -> None:
    config = SimpleNamespace(workeroutput={})
    worker, controller = ExpectedSkips(config), ExpectedSkips(SimpleNamespace())
    worker.pytest_collectreport(skipped("file", "could not import 'e3nn'"))
    worker.pytest_sessionfinish(SimpleNamespace(exitstatus=pytest.ExitCode.OK))
    controller.pytest_testnodedown(config)
    session = SimpleNamespace(exitstatus=pytest.ExitCode.OK)
    controller.pytest_sessionfinish(session)
    assert session.exitstatus == pytest.ExitCode.TESTS_FAILED


def test_the_list_of_skips_gives_a_reason_for_each() -> None:
    blocks = LIST.read_text(encoding="utf-8").strip().split("\n\n")
    assert all(block.startswith("# ") for block in blocks) and len(expected(LIST.read_text())) >= len(blocks) - 1


def reasons_of_absent_modules() -> Iterator[tuple[str, str]]:
    """Each module that a test may do without, and the reason that pytest gives where it is not installed."""
    absent = "no_such_module"
    with pytest.raises(pytest.skip.Exception) as caught:
        pytest.importorskip(absent)
    for file in files().values():
        for call in file.wanted:
            module = ast.literal_eval(call.args[0])
            given = [ast.literal_eval(each.value) for each in call.keywords if each.arg == "reason"]
            made = str(caught.value).replace(absent, module, 1)
            yield module, given[0] if given else made.replace(absent, module.partition(".")[0])


def test_the_list_of_skips_has_the_reason_for_each_module_that_ci_does_not_install() -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
    installed = {re.split(r"[^\w-]", requirement)[0] for requirement in project["dependency-groups"]["test"]}
    absent = {
        re.split(r"[^\w-]", each)[0] for each in project["project"]["optional-dependencies"]["paraview"]
    } - installed
    assert absent == {"pyvista"}
    patterns, seen = expected(LIST.read_text(encoding="utf-8")), set()
    for module, reason in reasons_of_absent_modules():
        top = module.partition(".")[0]
        seen.add(top)
        if top in absent or importlib.util.find_spec(top) is None:
            assert listed(reason, patterns), f"{reason!r} is not in {LIST.name}"
    assert absent <= seen


def test_the_lowest_versions_are_those_that_are_stated() -> None:
    project = '[project]\ndependencies = ["numpy>=1.26", "tqdm>=4"]\noptional-dependencies.torch = ["torch>=2.13"]\n'
    pins = "# why\nnumpy==2.4.6\npytest==9.2.0\ntorch==2.13.0\ntqdm==4.70.1\n"
    assert lowest(project, pins) == ["numpy==1.26.*", "pytest==9.2.0", "torch==2.13.0", "tqdm==4.70.1"]


GRAPH = {"top": {"a"}, "a": {"b"}, "b": {"a", "low"}, "low": set(), "alone": set()}


def test_floors_are_longest_paths_with_circles_drawn_together() -> None:
    assert structure.circles(GRAPH) == [("a", "b")]
    assert structure.floors(GRAPH) == {"top": 2, "a": 1, "b": 1, "low": 0, "alone": 0}
    assert structure.upward(GRAPH) == [("a", "b")]
    assert structure.upward({"a": {"b", "c"}, "b": {"a"}, "c": {"a"}}) == [("a", "b"), ("a", "c")]


def test_imports_count_inside_functions_and_under_type_checking() -> None:
    source = (
        "import os\n"
        "from typing import TYPE_CHECKING\n"
        "if TYPE_CHECKING:\n    from p.b import B\nelse:\n    import p.c\n"
        "class A:\n    import p.d\n"
        "def f():\n    from . import e\n    from .e import g\n"
    )
    found = structure.imports_of("p.a", False, source, {"p.e"})
    assert [(each.line, each.name, each.eager) for each in sorted(found, key=lambda each: each.line)] == [
        (1, "os", True),
        (2, "typing", True),
        (4, "p.b", False),
        (6, "p.c", True),
        (8, "p.d", True),
        (10, "p.e", False),
        (11, "p.e", False),
    ]


def test_the_rooms_of_a_package_are_its_folders_and_the_modules_at_its_root(tmp_path: Path) -> None:
    for name, text in {"__init__": "", "root": "", "x/__init__": "", "x/m": "from p import root", "x/y/n": ""}.items():
        path = tmp_path / "p" / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    modules = structure.modules_of(tmp_path / "p")
    rooms = {"p": "", "p.root": "root", "p.x": "x", "p.x.m": "x", "p.x.y.n": "x.y"}
    assert {name: module.room for name, module in modules.items()} == rooms
    assert structure.room_graph(modules)["x"] == {"root"}


# Names that users know, of two objects that are each the obvious one in their folder.
SHARED_NAMES = {"Moments"}


def test_one_name_is_one_class() -> None:
    places: dict[str, list[str]] = {}
    for path in sorted((REPOSITORY / "invgen").rglob("*.py")):
        for name in re.findall(r"^ *class ([A-Za-z]\w*)[(:]", path.read_text(encoding="utf-8"), re.MULTILINE):
            places.setdefault(name, []).append(str(path.relative_to(REPOSITORY)))
    assert len(places) > 200
    assert {name: found for name, found in places.items() if len(found) > 1 and name not in SHARED_NAMES} == {}
