"""Imports go one way: a stage imports stages before it, `runtime` imports none, and exact stages use no floats."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import resolve_name
from pathlib import Path

import pytest

import invgen

PACKAGE = Path(invgen.__file__).parent

# The line that data takes, first to last; modules of one row may import each other.
LINE = (
    ("errors", "checks", "files", "_lazy", "_version"),
    ("algebra",),
    ("spaces",),
    ("contractions",),
    ("reduction",),
    ("basis", "show"),
    ("ir",),
    ("passes",),
    ("emit",),
    ("compiler",),
)
ROW = {unit: row for row, units in enumerate(LINE) for unit in units}
LEAVES = frozenset(LINE[0])
STAGES = frozenset(ROW)
KERNEL_MAKERS = frozenset({"emit", "compiler"})
# Units beside the line, and what of invgen each may import.
BESIDE = {
    "runtime": frozenset({"errors", "checks", "_lazy", "_version"}),
    "structures": frozenset({"errors", "checks", "runtime"}),
    "nn": LEAVES | {"spaces", "basis", "show"} | {"algebra", "compiler", "runtime", "structures"},
    "interop": LEAVES | {"algebra", "spaces", "compiler", "runtime", "structures", "nn"},
    "training": LEAVES | {"spaces", "basis", "show"} | {"runtime", "structures", "nn"},
    "testing": STAGES | {"runtime", "nn"},
    "__main__": frozenset({"cli"}),
    "cli": STAGES | {"runtime", "nn", "testing", "training"},
}
UNITS = STAGES | frozenset(BESIDE)

# What must not even be imported inside a function: (units, packages, why).
FOREIGN = (
    (
        frozenset({"runtime"}),
        frozenset({"sympy", "jinja2", "mpmath", "networkx"}),
        "a kernel package needs torch, numpy, platformdirs and filelock only",
    ),
    (
        frozenset({"errors", "checks", "files", "algebra", "spaces", "contractions", "reduction", "basis", "show"}),
        frozenset({"torch", "cupy", "jinja2"}),
        "exact mathematics needs neither torch nor CuPy nor templates",
    ),
)


def allowed(unit: str) -> frozenset[str]:
    """The units that a unit may import: itself, and what the line or the table above grants it."""
    if unit in BESIDE:
        return BESIDE[unit] | {unit}
    before = frozenset(other for other in STAGES if ROW[other] <= ROW[unit])
    return before | ({"runtime"} if unit in KERNEL_MAKERS else frozenset())


def imported_modules(module: str, is_package: bool, source: str) -> Iterator[tuple[int, str]]:
    """Line and absolute name of everything a module imports, also inside functions and under TYPE_CHECKING."""
    package = module if is_package else module.rpartition(".")[0]
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom):
            base = resolve_name("." * node.level + (node.module or ""), package) if node.level else node.module
            if base == "invgen":
                # `from invgen import x` is an import of the unit x, or of the root for one of its lazy names.
                yield from ((node.lineno, f"invgen.{a.name}" if a.name in UNITS else "invgen") for a in node.names)
            else:
                yield node.lineno, str(base)


def violations(module: str, is_package: bool, source: str) -> list[str]:
    """One sentence for each import of a module that its place in the line does not allow."""
    unit = module.split(".")[1]
    if unit not in UNITS:
        return [f"{module} has no place in the line: add {unit!r} to the table in tests/test_layers.py"]
    found = []
    for line, name in imported_modules(module, is_package, source):
        root, _, rest = name.partition(".")
        if root == "invgen":
            target = rest.split(".")[0]
            if not target:
                found.append(f"{module}:{line} imports from the root `invgen`: import from the module that defines it")
            elif target not in allowed(unit):
                grant = ", ".join(sorted(allowed(unit)))
                found.append(f"{module}:{line} imports {name}, but {unit!r} may import only: {grant}")
        for units, packages, why in FOREIGN:
            if unit in units and root in packages:
                found.append(f"{module}:{line} imports {root}: {why}")
    return found


def float_uses(module: str, source: str) -> list[str]:
    """One sentence for each float literal, `float`, or NumPy float type in a source text."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, float | complex):
            found.append(f"{module}:{node.lineno} has the literal {node.value!r}")
        elif isinstance(node, ast.Constant) and node.value in ("float", "float32", "float64"):
            found.append(f"{module}:{node.lineno} names the dtype {node.value!r}")
        elif isinstance(node, ast.Name) and node.id in ("float", "complex"):
            found.append(f"{module}:{node.lineno} uses `{node.id}`")
        elif isinstance(node, ast.Attribute) and node.attr.startswith(("float", "complex", "linalg")):
            found.append(f"{module}:{node.lineno} uses `.{node.attr}`")
    return found


def sources() -> list[tuple[str, bool, str]]:
    """Name, whether it is a package, and text of every module of invgen but the lazy root."""
    result = []
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
        is_package = parts[-1] == "__init__"
        name = ".".join(parts[:-1] if is_package else parts)
        if name != "invgen" and parts[1] != "templates":
            result.append((name, is_package, path.read_text(encoding="utf-8")))
    return result


SOURCES = sources()


def test_imports_go_one_way() -> None:
    found = [sentence for module in SOURCES for sentence in violations(*module)]
    assert not found, "\n" + "\n".join(found)


def test_every_place_in_the_line_is_taken() -> None:
    present = {name.split(".")[1] for name, _, _ in SOURCES}
    assert UNITS - present == set(), "the table in tests/test_layers.py names units that do not exist"


def test_exact_stages_use_no_floats() -> None:
    exact = [
        (name, text)
        for name, _, text in SOURCES
        if name.split(".")[1] in ("contractions", "reduction") or name == "invgen.algebra.finite_field"
    ]
    found = [sentence for name, text in exact for sentence in float_uses(name, text)]
    assert exact and not found, "\n" + "\n".join(found)


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("invgen.spaces.space", "from invgen.contractions import graphs"),
        ("invgen.contractions.graphs", "def f():\n    from ..reduction import rank"),
        ("invgen.contractions.graphs", "import torch"),
        ("invgen.ir.program", "from invgen import TensorSpace"),
        ("invgen.passes.schedule", "from invgen import emit"),
        ("invgen.passes.schedule", "import invgen.runtime.spec"),
        (
            "invgen.runtime.spec",
            "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from invgen.basis.basis import Basis",
        ),
        ("invgen.runtime.load", "def f():\n    import sympy.core"),
        ("invgen.nn.layers", "from invgen.reduction import rank"),
        ("invgen.testing.kit", "from invgen.cli import main"),
        ("invgen.unheard_of", ""),
    ],
)
def test_the_layer_check_finds_what_it_forbids(module: str, source: str) -> None:
    assert len(violations(module, False, source)) == 1


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("invgen.emit.c", "from invgen.runtime.spec import KernelSpec\nfrom ..ir import program\nfrom . import cuda"),
        ("invgen.basis.generation", "from invgen.basis.basis import Basis\nimport numpy"),
        ("invgen.runtime.ops", "from invgen.errors import InputError\nfrom .spec import KernelSpec\nimport torch"),
    ],
)
def test_the_layer_check_lets_the_line_pass(module: str, source: str) -> None:
    assert violations(module, False, source) == []


@pytest.mark.parametrize(
    "source", ["x = 0.5", "x = float(1)", "x = np.float64", "f(dtype='float64')", "np.linalg.svd(a)"]
)
def test_the_float_check_finds_what_it_forbids(source: str) -> None:
    assert len(float_uses("m", source)) == 1


def loaded_after(statement: str) -> set[str]:
    """Names of all modules that a fresh interpreter holds after one statement."""
    code = f"{statement}\nimport sys\nprint('\\n'.join(sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=PACKAGE.parent)
    return set(run.stdout.split())


def test_the_root_is_lazy() -> None:
    loaded = loaded_after("import invgen")
    heavy = {"torch", "cupy", "sympy", "mpmath", "networkx", "jinja2", "numpy", "tqdm"}
    assert heavy & loaded == set()
    assert {name for name in loaded if name.startswith("invgen.")} == {
        "invgen._lazy",
        "invgen._version",
        "invgen.errors",
    }


def test_the_runtime_loads_no_stage_and_no_algebra() -> None:
    loaded = loaded_after("import invgen.runtime")
    assert loaded & {"sympy", "jinja2", "mpmath", "networkx", "cupy"} == set()
    units = {name.split(".")[1] for name in loaded if name.startswith("invgen.")}
    assert units == {"runtime", "errors", "_lazy", "_version"}


def test_structures_load_neither_readers_nor_algebra() -> None:
    loaded = loaded_after("import invgen.structures")
    assert loaded & {"ase", "h5py", "vesin", "sympy", "jinja2"} == set()


@pytest.mark.parametrize("name", invgen.__all__)
def test_every_public_name_resolves_and_is_listed(name: str) -> None:
    assert name in dir(invgen)
    assert getattr(invgen, name) is vars(invgen)[name], "a name is imported once and then kept"


def test_a_misspelt_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="TensorSpaec"):
        _ = invgen.TensorSpaec  # type: ignore[attr-defined]
