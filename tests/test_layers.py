"""Imports go one way: a folder imports folders before it, `runtime` imports none, and exact stages use no floats.

Every import counts: at the top of a module, inside a function, and under TYPE_CHECKING.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache, partial
from pathlib import Path

import pytest

import invgen
from tests.support.structure import circles, imports_of, module_graph, modules_of

PACKAGE = Path(invgen.__file__).parent
# Made by the first test that asks: a process that collects the tests and runs others need not read the sources.
modules = cache(partial(modules_of, PACKAGE))

# The line that data takes, first to last: a unit imports itself and the units of rows before its own.
LINE = (
    ("_moved", "_version", "errors"),
    ("_lazy", "checks", "files", "stages", "yaml_text"),
    ("progress", "schema"),
    ("algebra",),
    ("spaces",),
    ("contractions",),
    ("reduction",),
    ("basis",),
    ("show",),
    ("ir",),
    ("passes",),
    ("emit",),
    ("compiler",),
)
ROW = {unit: row for row, units in enumerate(LINE) for unit in units}
LEAVES = frozenset(LINE[0] + LINE[1] + LINE[2])
STAGES = frozenset(ROW)
KERNEL_MAKERS = frozenset({"emit", "compiler"})
# Units beside the line, and what of invgen each may import besides itself.
BESIDE = {
    "runtime": frozenset({"errors", "checks", "files", "stages", "_lazy", "_version"}),
    "structures": frozenset({"errors", "checks", "runtime"}),
    "catalogue": frozenset({"errors", "checks", "_lazy", "runtime"}),
    "fields": LEAVES | {"algebra", "spaces", "contractions", "reduction", "basis", "emit", "compiler", "runtime"},
    "nn": LEAVES | {"spaces", "basis", "show"} | {"algebra", "compiler", "runtime", "structures", "fields"},
    "interop": LEAVES | {"algebra", "spaces", "basis", "compiler", "runtime", "structures", "nn"},
    "training": LEAVES | {"spaces", "basis", "show"} | {"runtime", "structures", "nn"},
    "papers": STAGES - {"_moved", "emit"},
    "testing": STAGES | {"runtime", "nn"},
    "__main__": frozenset({"cli"}),
    "cli": STAGES | {"runtime", "catalogue", "fields", "nn", "papers", "testing", "training"},
}
UNITS = STAGES | frozenset(BESIDE)
# Inside a unit, first to last: its folders, single modules that have a place of their own, and "" for the rest.
INSIDE = {
    "reduction": ("", "search", "orbits", "given", "proofs", "selections", "forms"),
    "runtime": (
        *("constants", "targets", "spec", "weighted_spec", "convolution_spec", "moments_spec", "families", "build"),
        *("outputs", "implementation", "gpu", ""),
    ),
    "show": ("matrices", ""),
}
# What a `Basis` offers for convenience leads back from `basis` to `show`: `report`, `table`, `_repr_html_`, and the
# matrix forms of its members.
CONVENIENCES = frozenset(
    {
        ("invgen.basis.basis", "invgen.show.report"),
        ("invgen.basis.basis", "invgen.show.tables"),
        ("invgen.basis.invariant", "invgen.show.matrix_form"),
    }
)

# What must not even be imported inside a function: (units, packages, why).
EXACT = frozenset({"errors", "checks", "files", "algebra", "spaces", "contractions", "reduction", "basis", "show"})
FOREIGN = (
    (
        frozenset({"runtime"}),
        frozenset({"sympy", "jinja2", "mpmath", "networkx"}),
        "a kernel package needs torch, numpy, platformdirs and filelock only",
    ),
    (
        EXACT | {"ir", "passes"},
        frozenset({"torch", "cupy", "jinja2"}),
        "exact mathematics and programs need neither torch nor CuPy nor templates",
    ),
)


def place_inside(name: str) -> tuple[int, str]:
    """The place of a module inside its unit, and its number in the order; 0 where the unit has no order."""
    unit, *path = name.split(".")[1:]
    order = INSIDE.get(unit, ("",))
    found = max((place for place in order if place and path[:1] == [place]), default="")
    return order.index(found), found


def allowed(unit: str) -> frozenset[str]:
    """The other units that a unit may import: what the line or the table above grants it."""
    if unit in BESIDE:
        return BESIDE[unit]
    before = frozenset(other for other in STAGES if ROW[other] < ROW[unit])
    return before | ({"runtime"} if unit in KERNEL_MAKERS else frozenset())


def violations(name: str, is_package: bool, source: str) -> list[str]:
    """One sentence for each import of a module that its place in the line does not allow."""
    unit = name.split(".")[1]
    found = []
    for imported in imports_of(name, is_package, source, modules()):
        root, _, rest = imported.name.partition(".")
        where = f"{name}:{imported.line} imports {imported.name}"
        if root == "invgen":
            target = rest.split(".")[0]
            if not target:
                found.append(f"{where}: import from the module that defines the name")
            elif target == unit:
                (mine, place), (its, other) = place_inside(name), place_inside(imported.name)
                if its > mine:
                    found.append(f"{where}, but inside {unit!r} the place {other!r} comes after {place!r}")
            elif target not in allowed(unit) and (name, imported.name) not in CONVENIENCES:
                grant = ", ".join(sorted(allowed(unit)))
                found.append(f"{where}, but {unit!r} may import only itself and: {grant}")
        for units, packages, why in FOREIGN:
            if unit in units and root in packages:
                found.append(f"{where}: {why}")
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


def inner() -> Iterator[tuple[str, bool, str]]:
    """Name, whether it is a package, and text of every module of invgen but the lazy root."""
    for name, module in modules().items():
        if name != "invgen":
            yield name, f"invgen.{module.room}" == name and (PACKAGE / module.room).is_dir(), module.source


def test_imports_go_one_way() -> None:
    found = [sentence for module in inner() for sentence in violations(*module)]
    assert not found, "\n" + "\n".join(found)


def test_every_folder_has_a_place_and_every_place_is_a_folder() -> None:
    rooms = {module.room for module in modules().values()} - {""}
    units = {room.split(".")[0] for room in rooms}
    assert units == UNITS, "LINE or BESIDE lacks a folder, or names one that does not exist"
    for unit in sorted(units):
        places = {place for place in INSIDE.get(unit, ("",)) if place}
        folders = {room.split(".")[1] for room in rooms if room.startswith(f"{unit}.")}
        assert folders <= places, f"INSIDE lacks a folder of {unit!r}: say where in its order it comes"
        named = {f"invgen.{unit}.{place}" for place in places}
        assert named <= modules().keys(), f"INSIDE names what {unit!r} does not have"


def test_no_modules_import_each_other_in_a_circle() -> None:
    graph = {
        name: {target for target in targets if (name, target) not in CONVENIENCES}
        for name, targets in module_graph(modules()).items()
    }
    assert circles(graph) == []


def test_the_conveniences_of_a_basis_load_when_they_are_called() -> None:
    whole, eager = module_graph(modules()), module_graph(modules(), eager_only=True)
    for name, target in CONVENIENCES:
        assert target in whole[name] and target not in eager[name]


def test_exact_stages_use_no_floats() -> None:
    exact = [
        module
        for name, module in modules().items()
        if name.split(".")[1:2] in (["contractions"], ["reduction"]) or name == "invgen.algebra.finite_field"
    ]
    found = [sentence for module in exact for sentence in float_uses(module.name, module.source)]
    assert exact and not found, "\n" + "\n".join(found)


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("invgen.spaces.space", "from invgen.contractions import graphs"),
        ("invgen.contractions.graphs", "def f():\n    from ..reduction import proofs"),
        ("invgen.contractions.graphs", "import torch"),
        ("invgen.passes.schedule", "def f():\n    import torch.nn"),
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
        ("invgen.basis.invariant", "def f():\n    from invgen.show import tables"),
        ("invgen.reduction.search.orders", "def f():\n    from invgen.reduction.proofs.certificate import Certificate"),
        ("invgen.reduction.search.orders", "from ..orbits import strata"),
        ("invgen.runtime.build.cache", "from invgen.runtime.gpu.device import Device"),
        ("invgen.runtime.build.cache", "if TYPE_CHECKING:\n    from ..kernel import Kernel"),
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
        ("invgen.reduction.orbits.strata", "from invgen.reduction.search.orders import generic_orders"),
        ("invgen.runtime.kernel", "from .build import cache\nfrom .spec import KernelSpec"),
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
        "invgen._moved",
        "invgen._version",
        "invgen.errors",
    }


@pytest.mark.torch
def test_the_runtime_loads_no_stage_and_no_algebra() -> None:
    loaded = loaded_after("import invgen.runtime")
    assert loaded & {"sympy", "jinja2", "mpmath", "networkx", "cupy"} == set()
    units = {name.split(".")[1] for name in loaded if name.startswith("invgen.")}
    assert units <= {"runtime", "errors", "checks", "files", "_lazy", "_moved", "_version"}


@pytest.mark.torch
def test_structures_load_neither_readers_nor_algebra() -> None:
    loaded = loaded_after("import invgen.structures")
    assert loaded & {"ase", "h5py", "vesin", "sympy", "jinja2"} == set()


NEED_TORCH = {"nn", "structures"}


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[pytest.mark.torch] * (name in NEED_TORCH)) for name in invgen.__all__]
)
def test_every_public_name_resolves_and_is_listed(name: str) -> None:
    assert name in dir(invgen)
    assert getattr(invgen, name) is vars(invgen)[name], "a name is imported once and then kept"


def test_a_misspelt_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="TensorSpaec"):
        _ = invgen.TensorSpaec  # type: ignore[attr-defined]
