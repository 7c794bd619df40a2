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
from invgen.runtime.implementation import Implementation, Tensors, plain
from invgen.runtime.operators import Operators
from invgen.runtime.spec import LAYOUTS, KernelSpec
from invgen.runtime.targets import target_named, targets_with
from invgen.stages import Progress

Pair = tuple[torch.Tensor, torch.Tensor]


def build(
    spec: KernelSpec,
    layout: str = "channel",
    registration: str = "python",
    tune: bool = False,
    prebuilt: Path | None = None,
    progress: Progress | None = None,
) -> Kernel:
    """The kernel of `spec`, compiled (or found in the cache) for `c` and `cuda`, executed for `torch`.

    A process loads and registers each spec once; further kernels of it share the code.

    Args:
        spec: what to build.
        layout: `"channel"`: x is (..., dim, channel); `"plain"`: x is (..., dim).
        registration: what registers the torch operators: `"python"`, or `"c++"`, which makes small calls cheaper
            and needs target `c` and a C++ compiler; the first kernel of a spec decides for the process.
        tune: whether to time the kernels of target `cuda` on the current device and to use the fastest from now on,
            instead of those that a model chooses.
        prebuilt: a library of the same kernel that this processor runs, for where no C compiler is found.
        progress: called as progress(stage, done, 1) for the stages "build" and "load".

    Raises:
        InputError: if an argument is unknown, `"c++"` is asked for where it cannot be, or another target than
            `cuda` is to be tuned.
        CompilerError: if target `c` finds no compiler, target `cuda` no GPU, CuPy or NVRTC, or the compiler
            refuses the source.
        CacheError: if the kernel cache cannot be used.
        BasisFileError: if a torch source is damaged.
    """
    one_of("layout", layout, LAYOUTS)
    if tune and not target_named(spec.target).tuned:
        names = " or ".join(map(repr, targets_with("tuned")))
        raise InputError(
            f"target {spec.target!r} has one way to run and cannot be tuned: use tune=True for {names} only"
        )
    implementation, operators = built(spec, registration, prebuilt, progress)
    if tune:
        from invgen.runtime.gpu.invariants import CudaInvariants  # kernels for the CPU do not load it

        if isinstance(implementation, CudaInvariants):
            implementation.tune(torch.device("cuda", torch.cuda.current_device()))
    return Kernel(spec, layout, implementation, operators)


class Kernel(BoundKernel[KernelSpec, Arguments]):
    """Equals the basis it was built from: `kernel(x)[..., k, c]` is invariant k of `x[..., :, c]`.

    Of a basis of covariants of rank L, `kernel(x)[..., k * (2L + 1) + i, c]` is component i of covariant k.

    Calling the kernel is differentiable twice, in eager mode, under `torch.compile`, `torch.export` and `torch.func`.
    The methods `value`, `vjp`, `value_and_vjp`, `jvp` and `vjp_of_vjp` are the bare functions: nothing is recorded,
    and results go to `out` where it is given. Kernels are immutable; a copy is the kernel itself, and a pickled one
    is rebuilt from its source.

    In layout `"channel"` x is (..., dimension, channel) and y is (..., count, channel); in layout `"plain"` x is
    (..., dimension) and y is (..., count). Inputs of other strides are copied; empty batches give empty results.

    Attributes:
        spec: everything the kernel was built from.
        name: its name, as in the name of its package.
        basis_id: hash of the basis.
        convention: convention of the components.
        dimension: number of components.
        count: number of invariants, or of components of covariants.
        dtype: the torch dtype of inputs and outputs.
        layout: `"channel"` or `"plain"`.
        target: `"c"` (CPU), `"cuda"` (NVIDIA GPUs) or `"torch"` (any device).
    """

    def __init__(self, spec: KernelSpec, layout: str, implementation: Implementation, operators: Operators) -> None:
        super().__init__(spec, Arguments(spec, layout), implementation, operators)
        self.dimension = spec.dimension
        self.count = spec.count
        self.layout = layout
        self._plain = layout == "plain"

    def __call__(self, x: torch.Tensor) -> torch.Tensor:
        """The invariants of `x`, recorded by autograd.

        Raises:
            InputError: if shape, dtype or device of `x` do not fit; later, if a third derivative is asked for.
        """
        self._arguments.check_x(x)
        return self._recorded(x.unsqueeze(-1)).squeeze(-1) if self._plain else self._recorded(x)

    def value(self, x: torch.Tensor, out: torch.Tensor | None = None) -> torch.Tensor:
        """y = I(x), without autograd.

        Raises:
            InputError: if an argument does not fit, or `out` is given where gradients are recorded.
        """
        return self._run("value", (x,), (), out)  # type: ignore[no-any-return]

    def vjp(self, x: torch.Tensor, ybar: torch.Tensor, out: torch.Tensor | None = None) -> torch.Tensor:
        """The transposed Jacobian at x times ybar, without autograd; shaped as x.

        Raises:
            InputError: if an argument does not fit, or `out` is given where gradients are recorded.
        """
        return self._run("vjp", (x,), (ybar,), out)  # type: ignore[no-any-return]

    def value_and_vjp(self, x: torch.Tensor, ybar: torch.Tensor, out: Pair | None = None) -> Pair:
        """(value, vjp) in one pass, without autograd; `out` is the pair of both.

        Raises:
            InputError: if an argument does not fit, or `out` is given where gradients are recorded.
        """
        return self._run("value_and_vjp", (x,), (ybar,), out)  # type: ignore[no-any-return]

    def jvp(self, x: torch.Tensor, u: torch.Tensor, out: torch.Tensor | None = None) -> torch.Tensor:
        """The Jacobian at x times u, without autograd; shaped as y.

        Raises:
            InputError: if an argument does not fit, or `out` is given where gradients are recorded.
        """
        return self._run("jvp", (x,), (u,), out)  # type: ignore[no-any-return]

    def vjp_of_vjp(self, x: torch.Tensor, ybar: torch.Tensor, u: torch.Tensor, out: Pair | None = None) -> Pair:
        """Gradients of <u, vjp(x, ybar)> with respect to x and to ybar, without autograd; `out` is the pair of both.

        Raises:
            InputError: if an argument does not fit, or `out` is given where gradients are recorded.
        """
        return self._run("vjp_of_vjp", (x,), (ybar, u), out)  # type: ignore[no-any-return]

    def __repr__(self) -> str:
        return (
            f"Kernel({self.name}: {self.dimension} components -> {self.count} invariants, "
            f"{self.spec.dtype}, layout={self.layout!r}, target={self.target!r})"
        )

    def __reduce__(self) -> tuple[Any, ...]:
        return build, (self.spec, self.layout)

    def _called(self, name: str, inputs: tuple[Any, ...], out: Tensors | None = None) -> Any:
        if not self._plain:
            return plain(self._functions[name](inputs, out))
        to = None if out is None else tuple([tensor.unsqueeze(-1) for tensor in out])
        results = self._functions[name](tuple([tensor.unsqueeze(-1) for tensor in inputs]), to)
        return plain(tuple([result.squeeze(-1) for result in results]))
