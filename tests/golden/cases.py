"""Outputs that are promises: bases, tables, pictures, sources, keys, names of operators, packages; as SHA-256 hashes.

`hashes.json` holds the hash of every part of every case below. A changed hash is a breaking change that needs a
CHANGELOG entry: saved programs no longer find their operators, caches are built anew, or published basis ids differ.

    python -m tests.golden.cases            compare, and say which parts differ
    python -m tests.golden.cases --write    record the hashes anew

No case compiles anything or needs a GPU.
"""

from __future__ import annotations

import hashlib
import json
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any
from unittest import mock

import torch

import invgen
import invgen.runtime

# Everything that is not public stands here and in the four functions below, and nowhere else.
from invgen import Basis, TensorSpace, generate
from invgen.compiler import source
from invgen.compiler.convolution import convolution_spec
from invgen.compiler.moments import moments_spec
from invgen.compiler.weighted import gathered_spec, weighted_spec
from invgen.contractions.trees import CouplingTree
from invgen.runtime.families import family_of
from invgen.runtime.implementation import Implementation
from invgen.runtime.operators import register
from invgen.show import pictures, tables
from tests.support.paths import GENERATED

Part = str | bytes
Content = Mapping[str, Part]

HASHES = Path(__file__).with_name("hashes.json")
# No other test may build kernels of this name: their operators are registered here without an implementation.
NAME = "golden"


def invariants_spec(basis: Basis, *arguments: Any, **options: Any) -> Any:
    """What `invgen.compile` would build."""
    with mock.patch.object(invgen.runtime, "build", lambda spec, *_, **__: spec):
        return invgen.compile(basis, *arguments, **options)


def hip_source(basis: Basis) -> str:
    """The CUDA kernels in the dialect of HIP."""
    return source(basis, "hip", name=NAME)


def operators(spec: Any) -> str:
    """The schemas of the operators that torch has once a kernel is registered."""
    kernel = getattr(spec, "kernel", spec)
    assert kernel.name == NAME
    _register(spec)
    names = [name for name in torch._C._dispatch_get_all_op_names() if kernel.key in name]
    return "\n".join(sorted(str(getattr(torch.ops.invgen, n.removeprefix("invgen::")).default._schema) for n in names))


def _register(spec: Any) -> None:
    def no_implementation(*_: Any) -> Any:
        raise NotImplementedError

    register(spec, Implementation({each.name: no_implementation for each in family_of(spec).functions}))


@dataclass(frozen=True)
class Case:
    """A name, what makes the content by name of part, and whether that is left to the slow tests."""

    name: str
    make: Callable[[], Content]
    slow: bool = False

    def hashes(self) -> dict[str, str]:
        """SHA-256 of every part."""
        return {part: _sha256(content) for part, content in sorted(self.make().items())}


def _sha256(content: Part) -> str:
    return hashlib.sha256(content.encode("utf-8") if isinstance(content, str) else content).hexdigest()


# Bases

_GIVEN = {
    "given": lambda: Basis.from_contractions(
        ["ijk,i,j,k eps,v,u,w", "i,ij,j v,q,v", "i,i v,v", "i,i,j,j v,v,v,v", "ij,jk,ki q,q,q"],
        TensorSpace("v:1o + u:1o + w:1o + q:2e", group="SO3"),
    ),
    "given-coupling-trees": lambda: Basis.from_contractions(
        [CouplingTree(t) for t in ("(q,q)0", "((q,t)1,w)0", "((q,q)2,q)0", "((t,t)2,(w,w)2)0", "((q,t)3,t)0")],
        TensorSpace("w:1o + q:2e + t:3o"),
    ),
    "given-in-the-plane": lambda: Basis.from_contractions(
        generate(TensorSpace("a:1e + b:2e", "O2"), 4).contractions[:2], TensorSpace("a:1e + b:2e", "O2"), "rational"
    ),
    "with-convention-hippynn": lambda: basis("independent-l3").with_convention("hippynn"),
    "with-convention-e3nn": lambda: basis("independent-l3").with_convention("e3nn"),
    "with-convention-rational": lambda: basis("independent-l3").with_convention("rational"),
    "restricted": lambda: basis("independent-l3").restricted(("l1", "l2")),
    "package-optimal-l2": lambda: Basis.load(GENERATED / "optimal_l2_n4" / "basis.json"),
    "package-hiphop-l3": lambda: Basis.load(GENERATED / "hiphop_l3_n4" / "basis.json"),
}

_Options = dict[str, Any]
_GENERATED: dict[str, tuple[Callable[[], TensorSpace], int, _Options]] = {
    "independent-l2": (lambda: TensorSpace("0e + 1o + 2e"), 4, {}),
    "independent-l3": (lambda: TensorSpace("0e + 1o + 2e + 3o"), 4, {}),
    "independent-l4": (lambda: TensorSpace("0e + 1o + 2e + 3o + 4e"), 4, {}),
    "independent-l6": (lambda: TensorSpace("0e + 1o + 2e + 3o + 4e + 5o + 6e"), 3, {}),
    "independent-l7": (lambda: TensorSpace("0e + 1o + 2e + 3o + 4e + 5o + 6e + 7o"), 3, {}),
    "independent-named": (lambda: TensorSpace("v:1o + q:2x2e"), 4, {}),
    "independent-channels": (lambda: TensorSpace("3x0e + 3x1o + 3x2e"), 3, {}),
    "independent-pseudo": (lambda: TensorSpace("1e + 2o"), 6, {}),
    "independent-so3": (lambda: TensorSpace("1o + 2e", "SO3"), 6, {}),
    "independent-one-scalar": (lambda: TensorSpace("0e"), 1, {}),
    "independent-order-cost": (lambda: TensorSpace("0e + 1o + 2e + 3o"), 5, {"order": "cost"}),
    "independent-order-weights": (lambda: TensorSpace("1o + 2e + 3o"), 4, {"order": {"l1": 3, "l2": 1, "l3": 2}}),
    "independent-strata": (lambda: TensorSpace("2e + 3o"), 6, {"strata": True}),
    "independent-cheapest": (lambda: TensorSpace("0e + 1o + 2e + 3o"), 4, {"forms": "cheapest"}),
    "independent-total-degree": (
        lambda: TensorSpace.ace(3, 2),
        3,
        {"total_degree": 6},
    ),
    "flexible-specific": (lambda: TensorSpace("0e + 1o + 2e + 3o"), 10, {"select": "flexible"}),
    "flexible-specific-anchor": (
        lambda: TensorSpace("1o + 2e + 3o"),
        10,
        {"select": "flexible", "flexible": "specific", "anchor": "l3"},
    ),
    "flexible-minimal-set": (
        lambda: TensorSpace("0e + 1o + 2e + 3o"),
        10,
        {"select": "flexible", "flexible": "minimal-set"},
    ),
    "flexible-cheapest": (lambda: TensorSpace("1o + 2e + 3o"), 10, {"select": "flexible", "forms": "cheapest"}),
    "separating-2e": (lambda: TensorSpace("2e"), 3, {"select": "separating"}),
    "separating-1o-2e": (lambda: TensorSpace("1o + 2e", "SO3"), 6, {"select": "separating"}),
    "integrity-2x2e": (lambda: TensorSpace("2x2e"), 5, {"select": "integrity"}),
    "integrity-1o-3o": (lambda: TensorSpace("1o + 2e", "SO3"), 6, {"select": "integrity"}),
    "integrity-cheapest": (lambda: TensorSpace("2x2e"), 4, {"select": "integrity", "forms": "cheapest"}),
    "linear": (lambda: TensorSpace("0e + 1o + 2e"), 5, {"select": "linear"}),
    "linear-epsilon": (lambda: TensorSpace("2x1o + 2e", "SO3"), 4, {"select": "linear"}),
    "linear-pseudo": (lambda: TensorSpace("0o + 1e + 2o"), 4, {"select": "linear"}),
    "linear-outputs-1o": (lambda: TensorSpace("0e + 1o + 2e"), 3, {"select": "linear", "outputs": "1o"}),
    "linear-outputs-2e-hippynn": (
        lambda: TensorSpace("1o + 2e"),
        3,
        {"select": "linear", "outputs": "2e", "convention": "hippynn"},
    ),
    "linear-outputs-1e": (lambda: TensorSpace("2x1o"), 3, {"select": "linear", "outputs": "1e"}),
    "linear-total-degree": (
        lambda: TensorSpace("0e + 1o + 2e"),
        3,
        {"select": "linear", "total_degree": 4, "weights": {"l0": 1, "l1": 2, "l2": 1}},
    ),
    "ace": (lambda: TensorSpace.ace(2, 2), 3, {"select": "linear"}),
    "ace-total-degree": (lambda: TensorSpace.ace(4, 3, total_degree=4, weights=(1, 1)), 3, {"select": "linear"}),
    "moments-scalar-3d": (lambda: TensorSpace.moments(range(4)), 4, {}),
    "moments-vector-3d": (lambda: TensorSpace.moments(range(2), "vector"), 3, {}),
    "moments-matrix-3d": (lambda: TensorSpace.moments(range(1), "matrix"), 3, {"convention": "rational"}),
    "moments-scalar-2d": (lambda: TensorSpace.moments(range(4), "scalar", 2, "O2"), 4, {}),
    "moments-vector-2d": (lambda: TensorSpace.moments(range(3), "vector", 2, "SO2"), 3, {"convention": "complex"}),
    "plane-linear": (lambda: TensorSpace("a:1e + b:2e + p:0o", "O2"), 5, {"select": "linear"}),
    "plane-flexible": (
        lambda: TensorSpace("a:1e + b:2e + c:1o", "SO2"),
        3,
        {"select": "flexible", "anchor": "c"},
    ),
    "cartesian-elasticity": (lambda: TensorSpace.cartesian("ijkl=jikl=klij"), 3, {}),
    "cartesian-piezoelectric": (lambda: TensorSpace.cartesian("ijk=ikj"), 2, {}),
    "cartesian-so3": (lambda: TensorSpace.cartesian("ij", "SO3"), 4, {}),
}


@cache
def basis(name: str) -> Basis:
    """A basis by name."""
    if name in _GIVEN:
        return _GIVEN[name]()
    space, degree, options = _GENERATED[name]
    return generate(space(), degree, **options)


def basis_parts(name: str) -> Content:
    """The id, the file, the names and the formulas of a basis."""
    made = basis(name)
    with tempfile.TemporaryDirectory() as folder:
        file = made.save(Path(folder) / "basis.json").read_bytes()
    formulas = "\n".join(f"{member} {member.latex()}" for member in made)
    return {
        "id": made.id,
        "file": file,
        "names": "\n".join((*made.components, "", *made.output_names)),
        "formulas": formulas,
    }


def table_parts(name: str) -> Content:
    """The tables of a basis in all formats."""
    return {style: basis(name).table(style) for style in ("markdown", "latex", "csv", "html")} | {
        "notebook": tables.notebook(basis(name))
    }


def picture_parts(name: str) -> Content:
    """The pictures of a basis and of its members."""
    made = basis(name)
    return {
        "basis": pictures.basis_svg(made, columns=4),
        "members": "\n".join(pictures.contraction_svg(member, scale=0.5) for member in made),
    }


# Kernels


def spec_parts(spec: Any) -> dict[str, Part]:
    """The source, the key and all other fields of a spec; its operators, where it has the name that is ours."""
    kernel = getattr(spec, "kernel", spec)
    fields = asdict(spec)
    source = (fields["kernel"] if kernel is not spec else fields).pop("source")
    parts = {
        "source": source,
        "key": kernel.key,
        "fields": json.dumps(fields, sort_keys=True, separators=(",", ":")),
    }
    return {**parts, "operators": operators(spec)} if kernel.name == NAME else parts


def several(specs: Mapping[str, Callable[[], Any]]) -> Content:
    """The parts of several specs."""
    return {f"{label} {part}": text for label, make in specs.items() for part, text in spec_parts(make()).items()}


def invariants_parts(name: str, target: str, convention: str | None = None) -> Content:
    """Kernels of a basis in both dtypes, and what accumulates in float64 on processors."""
    made = basis(name) if convention is None else basis(name).with_convention(convention)
    specs = {
        str(dtype): partial(invariants_spec, made, target, dtype, name=NAME) for dtype in (torch.float32, torch.float64)
    }
    if target == "c":
        specs["accumulate"] = partial(invariants_spec, made, target, torch.float32, name=NAME, accumulate=torch.float64)
    specs["default name"] = partial(invariants_spec, made, target)
    return several(specs)


def layout_parts() -> Content:
    """Both layouts are one kernel."""
    made = basis("independent-l2")
    return several({layout: partial(invariants_spec, made, "c", None, layout, NAME) for layout in ("channel", "plain")})


def large_parts(name: str, target: str) -> Content:
    """One kernel of a basis whose program is split."""
    return spec_parts(invariants_spec(basis(name), target, torch.float32, name=NAME))


_WEIGHTED = {
    "small": ("0e + 1o", 2, ("0e", "1o"), "sphericart"),
    "cubic": ("1o + 2e", 3, ("0e", "1o"), "e3nn_component"),
    "hippynn": ("0e + 1o + 2e", 3, ("0e",), "hippynn"),
}


def weighted_parts(name: str, target: str) -> Content:
    """Weighted kernels in both dtypes."""
    irreps, degree, outputs, convention = _WEIGHTED[name]
    space = TensorSpace(irreps)
    bases = [generate(space, degree, select="linear", outputs=o, convention=convention) for o in outputs]
    specs = {
        str(dtype): partial(weighted_spec, bases, 3, target, dtype, NAME) for dtype in (torch.float32, torch.float64)
    }
    return several({**specs, "default name": partial(weighted_spec, bases, 3, target)})


def gathered_parts(target: str) -> Content:
    """Weighted kernels with a gather in both dtypes: products of two features."""
    space, degrees = TensorSpace("a:(0e + 1o) + b:(0e + 1o)"), {"a": 1, "b": 1}
    bases = [generate(space, 2, select="linear", outputs=o, degrees=degrees) for o in ("0e", "1o", "1e")]
    specs = {
        str(dtype): partial(gathered_spec, bases, "b", target, dtype, NAME) for dtype in (torch.float32, torch.float64)
    }
    return several({**specs, "default name": partial(gathered_spec, bases, "b", target)})


def moments_parts(form: str, target: str, angular: str, convention: str) -> Content:
    """Kernels of moments in both dtypes and of two ranks."""
    ranks = (None,) if form == "environment" else (1, 3)
    specs = {
        f"l_max {l} {dtype}": partial(moments_spec, l, form, convention, angular, dtype, NAME, target)
        for l in ranks
        for dtype in (torch.float32, torch.float64)
    }
    default = partial(moments_spec, ranks[-1], form, convention, angular, target=target)
    return several({**specs, "default name": default})


def moments_parts_of_high_rank(target: str) -> Content:
    """Harmonics up to l = 6."""
    return spec_parts(moments_spec(6, name=NAME, target=target))


_CONVOLUTIONS: dict[str, tuple[str, dict[str, Any]]] = {
    "unit": ("2x0e + 1o + 1e", {"l_max": 1}),
    "solid": ("0e + 1o", {"l_max": 2, "irreps_out": "0e + 1o", "angular": "solid", "convention": "e3nn_component"}),
    "given": ("1o + 3x0o", {"harmonics": "1o + 0e", "paths": [(1, 0, "1e"), (0, 0, "0e")], "factors": [0.5, -2]}),
}


def convolution_parts(target: str, irreps: str, options: Mapping[str, Any]) -> Content:
    """Kernels of convolutions in both dtypes."""
    specs = {
        str(dtype): partial(convolution_spec, irreps, **options, dtype=dtype, name=NAME, target=target)
        for dtype in (torch.float32, torch.float64)
    }
    return several({**specs, "default name": partial(convolution_spec, irreps, **options, target=target)})


# Packages and networks


def package_parts(name: str) -> Content:
    """All files of a package."""
    with tempfile.TemporaryDirectory() as folder:
        written = invgen.write_package(basis(name), Path(folder) / "golden_package")
        return {path.name: path.read_bytes() for path in sorted(written.iterdir())}


def network_parts(kind: str) -> Content:
    """The names, shapes and dtypes in the state dict of a network, its extra state, and the keys of its kernels."""
    from invgen import nn

    sizes: dict[str, Any] = {"features": 3, "interactions": 2, "atom_layers": 1, "sensitivities": 4, "target": "torch"}
    more: dict[str, Any] = {"HIPNNTS": {"l_max": 2}, "HIPHOPNN": {"l_max": 2, "n_max": 3}}
    network = (
        nn.ACE(generate(nn.ACE.space(2, 1, 1), 3, select="linear"), (1, 6), nn.Chebyshev(2, 4.0), target="torch")
        if kind == "ACE"
        else getattr(nn, kind)((1, 6), 4.0, **sizes, **more.get(kind, {}))
    )
    model = nn.Potential(network)
    state = [
        f"{name} {tuple(value.shape)} {value.dtype}" if isinstance(value, torch.Tensor) else f"{name} {value}"
        for name, value in model.state_dict().items()
    ]
    found = [
        f"{name} {value.spec.key}"
        for name, module in model.named_modules()
        for value in vars(module).values()
        if isinstance(value, invgen.runtime.Kernel)
    ]
    return {"state": "\n".join(state), "kernels": "\n".join(found)}


def _cases() -> Iterable[Case]:
    for name in (*_GENERATED, *_GIVEN):
        yield Case(f"basis {name}", partial(basis_parts, name))
    tabulated = ("independent-l3", "linear-outputs-1o", "moments-scalar-2d", "given", "separating-1o-2e")
    for name in tabulated:
        yield Case(f"tables {name}", partial(table_parts, name))
    for name in ("independent-l3", "given-coupling-trees", "plane-linear", "given"):
        yield Case(f"pictures {name}", partial(picture_parts, name))
    small = (
        "independent-l2",
        "independent-one-scalar",
        "linear",
        "linear-epsilon",
        "linear-pseudo",
        "linear-outputs-1o",
        "given-coupling-trees",
        "moments-scalar-2d",
        "cartesian-piezoelectric",
    )
    for target in ("c", "cuda", "torch"):
        for name in small:
            yield Case(f"invariants {target} {name}", partial(invariants_parts, name, target))
        for convention in ("rational", "sphericart", "e3nn", "e3nn_component", "e3nn_norm", "hippynn"):
            make = partial(invariants_parts, "independent-l2", target, convention)
            yield Case(f"invariants {target} {convention}", make)
        yield Case(f"invariants {target} optimal-l3", partial(large_parts, "independent-l3", target))
        yield Case(f"invariants {target} large-l4", partial(large_parts, "independent-l4", target), slow=True)
        if target != "torch":
            # Split into parts whose sums are outputs, and for CUDA of l <= 7 into sections as well.
            yield Case(f"invariants {target} large-l6", partial(large_parts, "independent-l6", target), slow=True)
    yield Case("invariants cuda large-l7", partial(large_parts, "independent-l7", "cuda"), slow=True)
    yield Case("invariants c layouts", layout_parts)
    yield Case("invariants hip independent-l2", lambda: {"source": hip_source(basis("independent-l2"))})
    for name in _WEIGHTED:
        for target in ("c", "cuda", "torch"):
            yield Case(f"weighted {target} {name}", partial(weighted_parts, name, target))
    for target in ("c", "cuda", "torch"):
        yield Case(f"gathered {target}", partial(gathered_parts, target))
    for form in invgen.runtime.MOMENTS_FORMS:
        for target in ("c",) if form == "full" else ("c", "cuda"):
            for angular in ("unit",) if form == "environment" else ("unit", "solid"):
                for convention in ("sphericart",) if form == "environment" else ("sphericart", "hippynn"):
                    make = partial(moments_parts, form, target, angular, convention)
                    yield Case(f"moments {target} {form} {angular} {convention}", make)
    for target in ("c", "cuda"):
        yield Case(f"moments {target} l6", partial(moments_parts_of_high_rank, target))
    for target in ("c", "cuda", "torch"):
        for name, (irreps, options) in _CONVOLUTIONS.items():
            yield Case(f"convolution {target} {name}", partial(convolution_parts, target, irreps, options))
    table = {"radial": "table", "knots": 9, "span": (0.5, 3.0)}
    for target in ("c", "torch"):
        yield Case(f"convolution {target} table", partial(convolution_parts, target, "0e + 1o", {"l_max": 1, **table}))
    for name in ("independent-l2", "linear-outputs-1o", "moments-scalar-2d"):
        yield Case(f"package {name}", partial(package_parts, name))
    for kind in ("HIPNN", "HIPNNTS", "HIPHOPNN", "ACE"):
        yield Case(f"network {kind}", partial(network_parts, kind))


CASES: dict[str, Case] = {case.name: case for case in _cases()}


def recorded() -> dict[str, dict[str, str]]:
    """The hashes in `hashes.json` by case and part."""
    return json.loads(HASHES.read_text(encoding="ascii"))


def main(arguments: list[str]) -> int:
    """Compare all cases with the file, or write it."""
    import time

    found = {}
    for name, case in CASES.items():
        start = time.process_time()
        found[name] = case.hashes()
        print(f"{time.process_time() - start:6.2f} s  {name}", file=sys.stderr)
    if arguments == ["--write"]:
        HASHES.write_text(json.dumps(found, indent=1, sort_keys=True) + "\n", encoding="ascii", newline="\n")
        return 0
    wanted = recorded()
    differing = [name for name in sorted({*found, *wanted}) if found.get(name) != wanted.get(name)]
    print(*differing, sep="\n")
    return len(differing) > 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
