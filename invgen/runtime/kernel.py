"""The object that a user calls."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch

from invgen.checks import one_of
from invgen.errors import InputError
from invgen.runtime.arguments import Arguments
from invgen.runtime.bound import BoundKernel
from invgen.runtime.building import built
from invgen.runtime.gpu.invariants import CudaInvariants
from invgen.runtime.implementation import Implementation, Tensors
from invgen.runtime.operators import Operators
from invgen.runtime.spec import LAYOUTS, KernelSpec
from invgen.runtime.targets import target_named, targets_with

Pair = tuple[torch.Tensor, torch.Tensor]


def build(
    spec: KernelSpec,
    layout: str = "channel",
    registration: str = "python",
    tune: bool = False,
    prebuilt: Path | None = None,
) -> Kernel:
    """The kernel of ``spec``, compiled (or found in the cache) for ``c`` and ``cuda``, executed for ``torch``.

    A process loads and registers each spec once; further kernels of it share the code.

    Args:
        spec: What to build.
        layout: ``"channel"``: x is (..., dim, channel); ``"plain"``: x is (..., dim).
        registration: Who registers the torch operators: ``"python"``, or ``"c++"``, which makes small calls cheaper
            and needs target ``c`` and a C++ compiler; the first kernel of a spec decides for the process.
        tune: Whether to time the kernels of target ``cuda`` on the current device and to use the fastest from now on,
            instead of those that a model chooses.
        prebuilt: A library of the same kernel that this processor runs, for where no C compiler is found.

    Raises:
        InputError: If an argument is unknown, ``"c++"`` is asked for where it cannot be, or another target than
            ``cuda`` is to be tuned.
        CompilerError: If target ``c`` finds no compiler, target ``cuda`` no GPU, CuPy or NVRTC, or the compiler
            refuses the source.
        CacheError: If the kernel cache cannot be used.
        BasisFileError: If a torch source is damaged.
    """
    one_of("layout", layout, LAYOUTS)
    if tune and not target_named(spec.target).tuned:
        names = " or ".join(map(repr, targets_with("tuned")))
        raise InputError(
            f"target {spec.target!r} has one way to run and cannot be tuned: use tune=True for {names} only"
        )
    implementation, operators = built(spec, registration, prebuilt)
    if tune and isinstance(implementation, CudaInvariants):
        implementation.tune(torch.device("cuda", torch.cuda.current_device()))
    return Kernel(spec, layout, implementation, operators)


class Kernel(BoundKernel[KernelSpec, Arguments]):
    """Equals the basis it was built from: ``kernel(x)[..., k, c]`` is invariant k of ``x[..., :, c]``.

    Of a basis of covariants of rank L, ``kernel(x)[..., k * (2L + 1) + i, c]`` is component i of covariant k.

    Calling the kernel is differentiable twice, in eager mode, under `torch.compile`, `torch.export` and `torch.func`.
    The methods `value`, `vjp`, `value_and_vjp`, `jvp` and `vjp_of_vjp` are the bare functions: nothing is recorded,
    and results go to ``out`` where it is given. Kernels are immutable; a copy is the kernel itself, and a pickled one
    is rebuilt from its source.

    In layout ``"channel"`` x is (..., dimension, channel) and y is (..., count, channel); in layout ``"plain"`` x is
    (..., dimension) and y is (..., count). Inputs of other strides are copied; empty batches give empty results.

    Attributes:
        spec: Everything the kernel was built from.
        name: Its name, as in the name of its package.
        basis_id: Hash of the basis.
        convention: Convention of the components.
        dimension: Number of components.
        count: Number of invariants, or of components of covariants.
        dtype: The torch dtype of inputs and outputs.
        layout: ``"channel"`` or ``"plain"``.
        target: ``"c"`` (CPU), ``"cuda"`` (NVIDIA GPUs) or ``"torch"`` (any device).
    """

    def __init__(self, spec: KernelSpec, layout: str, implementation: Implementation, operators: Operators) -> None:
        super().__init__(spec, Arguments(spec, layout), implementation, operators)
        self.dimension = spec.dimension
        self.count = spec.count
        self.layout = layout
        self._plain = layout == "plain"

    def __call__(self, x: torch.Tensor) -> torch.Tensor:
        """The invariants of ``x``, recorded by autograd.

        Raises:
            InputError: If shape, dtype or device of ``x`` do not fit; later, if a third derivative is asked for.
        """
        self._arguments.check_x(x)
        return self._recorded(x.unsqueeze(-1)).squeeze(-1) if self._plain else self._recorded(x)

    def value(self, x: torch.Tensor, out: torch.Tensor | None = None) -> torch.Tensor:
        """y = I(x), without autograd.

        Raises:
            InputError: If an argument does not fit, or ``out`` is given where gradients are recorded.
        """
        self._arguments.check_x(x)
        if out is not None:
            self._arguments.check_like_y("out", out, x)
        return self._one("value", (x,), out)

    def vjp(self, x: torch.Tensor, ybar: torch.Tensor, out: torch.Tensor | None = None) -> torch.Tensor:
        """The transposed Jacobian at x times ybar, without autograd; shaped as x.

        Raises:
            InputError: If an argument does not fit, or ``out`` is given where gradients are recorded.
        """
        self._arguments.check_x(x)
        self._arguments.check_like_y("ybar", ybar, x)
        if out is not None:
            self._arguments.check_like_x("out", out, x)
        return self._one("vjp", (x, ybar), out)

    def value_and_vjp(self, x: torch.Tensor, ybar: torch.Tensor, out: Pair | None = None) -> Pair:
        """(value, vjp) in one pass, without autograd; ``out`` is the pair of both.

        Raises:
            InputError: If an argument does not fit, or ``out`` is given where gradients are recorded.
        """
        self._arguments.check_x(x)
        self._arguments.check_like_y("ybar", ybar, x)
        if out is not None:
            y, xbar = self._pair(out)
            self._arguments.check_like_y("out[0]", y, x)
            self._arguments.check_like_x("out[1]", xbar, x)
        return self._two("value_and_vjp", (x, ybar), out)

    def jvp(self, x: torch.Tensor, u: torch.Tensor, out: torch.Tensor | None = None) -> torch.Tensor:
        """The Jacobian at x times u, without autograd; shaped as y.

        Raises:
            InputError: If an argument does not fit, or ``out`` is given where gradients are recorded.
        """
        self._arguments.check_x(x)
        self._arguments.check_like_x("u", u, x)
        if out is not None:
            self._arguments.check_like_y("out", out, x)
        return self._one("jvp", (x, u), out)

    def vjp_of_vjp(self, x: torch.Tensor, ybar: torch.Tensor, u: torch.Tensor, out: Pair | None = None) -> Pair:
        """Gradients of <u, vjp(x, ybar)> with respect to x and to ybar, without autograd; ``out`` is the pair of both.

        Raises:
            InputError: If an argument does not fit, or ``out`` is given where gradients are recorded.
        """
        self._arguments.check_x(x)
        self._arguments.check_like_y("ybar", ybar, x)
        self._arguments.check_like_x("u", u, x)
        if out is not None:
            grad_x, grad_ybar = self._pair(out)
            self._arguments.check_like_x("out[0]", grad_x, x)
            self._arguments.check_like_y("out[1]", grad_ybar, x)
        return self._two("vjp_of_vjp", (x, ybar, u), out)

    def __repr__(self) -> str:
        return (
            f"Kernel({self.name}: {self.dimension} components -> {self.count} invariants, "
            f"{self.spec.dtype}, layout={self.layout!r}, target={self.target!r})"
        )

    def __reduce__(self) -> tuple[Any, ...]:
        return build, (self.spec, self.layout)

    def _pair(self, out: Pair) -> Pair:
        if not isinstance(out, (tuple, list)) or len(out) != 2:
            raise InputError(f"kernel {self.name!r} has two results here and takes out= as a pair of tensors")
        return out[0], out[1]

    def _one(self, function: str, inputs: tuple[torch.Tensor, ...], out: torch.Tensor | None) -> torch.Tensor:
        return self._run(function, inputs, None if out is None else (out,))[0]

    def _two(self, function: str, inputs: tuple[torch.Tensor, ...], out: Pair | None) -> Pair:
        first, second = self._run(function, inputs, None if out is None else tuple(out))
        return first, second

    def _run(self, function: str, inputs: tuple[torch.Tensor, ...], out: Tensors | None) -> Tensors:
        given = tuple([tensor.unsqueeze(-1) for tensor in inputs]) if self._plain else inputs
        if out is not None:
            to = tuple([tensor.unsqueeze(-1) for tensor in out]) if self._plain else out
            return self._written(function, inputs, out, (given, to))
        results = self._functions[function](given, None)
        return tuple([result.squeeze(-1) for result in results]) if self._plain else results
