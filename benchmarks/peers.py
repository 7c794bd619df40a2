"""What the kernels are held beside: hippynn's layer, and SymPy's common subexpressions of the expanded polynomials."""

from __future__ import annotations

import importlib.util
import warnings
from collections.abc import Callable
from typing import TYPE_CHECKING

from benchmarks.support import GENERATED

if TYPE_CHECKING:
    import sympy
    import torch

    from invgen.runtime import Kernel


PART = 64
"""torch.compile's second derivatives are timed on one sample of so many."""


def why_no_hippynn() -> str | None:
    """None where hippynn can be measured, otherwise the reason why not."""
    if importlib.util.find_spec("hippynn") is None:
        return "hippynn is not installed: its layer is left out (pip install hippynn)"
    return None


def hippynn_calls(
    x: torch.Tensor, ybar: torch.Tensor, u: torch.Tensor, kernel: Kernel
) -> dict[str, Callable[[], object]]:
    """hippynn's layer on the samples of x, eager and compiled: value, gradient, its derivatives.

    "vjp_of_vjp" is the backward pass of the gradient alone, as a loss on forces needs it: the gradient and its graph
    are made before, untimed. torch.compile refuses to differentiate twice what it compiled, so there all of it, value
    and gradient included, is traced into one graph, and that is compiled. Its time is that of the first 1/`PART` of the
    samples: torch 2.13 writes code for it that takes many times as long as the eager calls, over a minute for 2^18
    samples.

    hippynn's layout is (samples, component); the samples are brought into it here, untimed.

    Raises:
        RuntimeError: hippynn's numbers differ from the kernel's: then the comparison would mean nothing.
    """
    import torch
    from torch.fx.experimental.proxy_tensor import make_fx

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from hippynn.layers.hiplayers.tensors import HopInvariantLayer
    layer = HopInvariantLayer(n_max=4, l_max=3)
    rows = x.transpose(1, 2).reshape(-1, x.shape[1]).contiguous()
    bar = ybar.transpose(1, 2).reshape(-1, ybar.shape[1]).contiguous()
    direction = u.transpose(1, 2).reshape(rows.shape).contiguous()
    leaf, bar_leaf = rows.clone().requires_grad_(), bar.clone().requires_grad_()

    def pair(call: Callable[[torch.Tensor], torch.Tensor]) -> tuple[Callable[[], object], Callable[[], object]]:
        def value() -> torch.Tensor:
            with torch.no_grad():
                return call(rows)

        def gradient() -> torch.Tensor:
            return torch.autograd.grad(call(leaf), leaf, bar)[0]

        return value, gradient

    def second(gradient: torch.Tensor) -> Callable[[], object]:
        return lambda: torch.autograd.grad(gradient, (leaf, bar_leaf), direction, retain_graph=True)

    def second_of_part() -> Callable[[], object]:
        def derivatives(at: torch.Tensor, along: torch.Tensor, towards: torch.Tensor) -> tuple[torch.Tensor, ...]:
            at, along = at.detach().requires_grad_(), along.detach().requires_grad_()
            gradient = torch.autograd.grad(layer(at), at, along, create_graph=True)[0]
            return torch.autograd.grad(gradient, (at, along), towards)

        part = tuple(each[: len(rows) // PART].contiguous() for each in (rows, bar, direction))
        graph = torch.compile(make_fx(derivatives)(*part), dynamic=False, fullgraph=True)

        def call() -> object:
            with torch.no_grad():
                return graph(*part)

        return call

    compiled = torch.compile(layer, dynamic=False, fullgraph=True)
    expected = kernel.value(x).transpose(1, 2).reshape(bar.shape)
    calls: dict[str, Callable[[], object]] = {}
    for name, call in (("hippynn, eager", layer), ("hippynn, torch.compile", compiled)):
        with torch.no_grad():
            difference = float((call(rows) - expected).abs().max() / expected.abs().max())
        if difference > 1e-5:  # float32 on both sides: rounding is a few 1e-7 of the largest value
            raise RuntimeError(f"{name} differs from the kernel by {difference:.1e} of the largest value")
        calls[f"{name}, value"], calls[f"{name}, value and gradient"] = pair(call)
    eager = torch.autograd.grad(layer(leaf), leaf, bar_leaf, create_graph=True)[0]
    calls["hippynn, eager, vjp_of_vjp"] = second(eager)
    calls["hippynn, torch.compile, vjp_of_vjp"] = second_of_part()
    ours = [part.transpose(1, 2).reshape(-1, part.shape[1]) for part in kernel.vjp_of_vjp(x, ybar, u)]
    for name in ("hippynn, eager", "hippynn, torch.compile"):
        found: tuple[torch.Tensor, ...] = calls[f"{name}, vjp_of_vjp"]()  # type: ignore[assignment]
        pairs = [(a, b[: len(a)]) for a, b in zip(found, ours)]
        difference = max(float((a - b).abs().max() / b.abs().max()) for a, b in pairs)
        if difference > 1e-4:  # sums of a hundred products of four float32 factors, of both signs
            raise RuntimeError(
                f"second derivatives of {name} differ from the kernel by {difference:.1e} of the largest"
            )
    return calls


def operations(package: str) -> dict[str, int]:
    """Operations per sample and channel of the emitted programs, and of `sympy.cse` on the expanded polynomials."""
    import sympy

    from invgen import Basis
    from invgen.ir.lowering import lower
    from invgen.passes.programs import kernel_programs

    basis = Basis.load(GENERATED / package / "basis.json")
    programs = kernel_programs(lower(basis))
    counts = {name: program.operations for name, program in programs.items()}
    values = [member.sympy() for member in basis]
    components = [sympy.Symbol(name, real=True) for name in basis.components]
    bars = sympy.symbols(f"ybar:{len(basis)}")
    weighted = sympy.Add(*(bar * value for bar, value in zip(bars, values)))
    gradient = [sympy.diff(weighted, component) for component in components]
    counts["sympy.cse value"] = _operations(values)
    counts["sympy.cse value_and_vjp"] = _operations(values + gradient)
    return counts


def _operations(expressions: list[sympy.Expr]) -> int:
    """The lower of SymPy's counts without and with its basic optimizations: neither is always better."""
    import sympy

    counts = []
    for optimizations in (None, "basic"):
        replacements, reduced = sympy.cse(expressions, optimizations=optimizations)
        counts.append(sum(sympy.count_ops(e) for e in [*(e for _, e in replacements), *reduced]))
    return int(min(counts))
