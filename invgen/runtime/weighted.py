"""The object that a user calls to contract bases with weights."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch

from invgen.errors import InputError
from invgen.runtime.arguments import Arguments
from invgen.runtime.bound import BoundKernel
from invgen.runtime.building import built
from invgen.runtime.implementation import Implementation, Tensors
from invgen.runtime.operators import Operators
from invgen.runtime.weighted_spec import Block, WeightedSpec
from invgen.stages import Progress


def build_weighted(
    spec: WeightedSpec, registration: str = "python", prebuilt: Path | None = None, progress: Progress | None = None
) -> WeightedKernel:
    """The kernel of `spec`, compiled or found in the cache; a process loads and registers each spec once.

    Args:
        spec: what to build.
        registration: `"python"`; these operators cannot be registered by C++.
        prebuilt: a library of the same kernel that this processor runs, for where no C compiler is found.
        progress: called as progress(stage, done, 1) for the stages "build" and "load".

    Raises:
        InputError: if the registration is another, or the target is not known.
        CompilerError: if no compiler is found, or the compiler refuses the source, or target "cuda" lacks something.
        CacheError: if the kernel cache cannot be used.
        BasisFileError: if a source is damaged.
    """
    return WeightedKernel(spec, *built(spec, registration, prebuilt, progress))


class WeightedKernel(BoundKernel[WeightedSpec, "WeightedArguments"]):
    """y[..., o, c] = Σ_k w[species, k, c] B_{k,o}(x[..., :, c]), twice differentiable with respect to x and w.

    x is (..., dimension, channel), w (species, weights, channel), species an int64 tensor of the leading shape of x.
    Of several bases, the weights and the outputs follow one another (`blocks`). Calls work in eager mode, under
    `torch.compile`, `torch.export` and `torch.func`. The methods named as its functions are the bare functions:
    nothing is recorded, and results go to `out` where it is given. Inputs of other strides are copied. The
    gradients with respect to w of an empty batch are zero. Target "c" never stores the values of the basis. Its sums
    over samples of a species have an order of their own: the number of threads changes no bit.

    Attributes:
        spec: everything the kernel was built from.
        name: its name.
        basis_id: hash of the bases.
        convention: convention of the components.
        dimension: number of components of x.
        weights: number of weights per species and channel.
        species: number of species.
        rows: number of rows of y.
        blocks: for each basis its irrep, its rows of w and its rows of y.
        dtype: the torch dtype of inputs and outputs.
    """

    def __init__(self, spec: WeightedSpec, implementation: Implementation, operators: Operators) -> None:
        super().__init__(spec, WeightedArguments(spec), implementation, operators)
        self.dimension = spec.kernel.dimension
        self.weights = spec.weights
        self.species = spec.species
        self.rows = spec.kernel.count
        self.blocks: tuple[Block, ...] = spec.blocks

    def __call__(self, x: torch.Tensor, w: torch.Tensor, species: torch.Tensor) -> torch.Tensor:
        """y, recorded by autograd.

        Raises:
            InputError: if an argument does not fit; later, if a third derivative is asked for.
        """
        self._arguments.check_value(x, w, species)
        return self._recorded(x, w, species)

    def value(
        self, x: torch.Tensor, w: torch.Tensor, species: torch.Tensor, out: torch.Tensor | None = None
    ) -> torch.Tensor:
        """y, without autograd; `InputError` for an argument that does not fit, here and below."""
        return self._run("value", (x, w, species), (), out)  # type: ignore[no-any-return]

    def vjp(
        self, x: torch.Tensor, w: torch.Tensor, species: torch.Tensor, ybar: torch.Tensor, out: Tensors | None = None
    ) -> Tensors:
        """(xbar, wbar), the gradients of Σ ybar · y with respect to x and w, without autograd."""
        return self._run("vjp", (x, w, species), (ybar,), out)  # type: ignore[no-any-return]

    def vjp_x(
        self,
        x: torch.Tensor,
        w: torch.Tensor,
        species: torch.Tensor,
        ybar: torch.Tensor,
        out: torch.Tensor | None = None,
    ) -> torch.Tensor:
        """xbar alone, for forces."""
        return self._run("vjp_x", (x, w, species), (ybar,), out)  # type: ignore[no-any-return]

    def value_and_vjp(
        self, x: torch.Tensor, w: torch.Tensor, species: torch.Tensor, ybar: torch.Tensor, out: Tensors | None = None
    ) -> Tensors:
        """(y, xbar, wbar) in one pass, without autograd."""
        return self._run("value_and_vjp", (x, w, species), (ybar,), out)  # type: ignore[no-any-return]

    def jvp(
        self,
        x: torch.Tensor,
        w: torch.Tensor,
        species: torch.Tensor,
        u: torch.Tensor,
        v: torch.Tensor,
        out: torch.Tensor | None = None,
    ) -> torch.Tensor:
        """The derivative of y along u (in x) and v (in w), without autograd."""
        return self._run("jvp", (x, w, species), (u, v), out)  # type: ignore[no-any-return]

    def vjp_of_vjp(
        self,
        x: torch.Tensor,
        w: torch.Tensor,
        species: torch.Tensor,
        ybar: torch.Tensor,
        u: torch.Tensor,
        v: torch.Tensor | None = None,
        out: Tensors | None = None,
    ) -> Tensors:
        """(grad_x, grad_w, grad_ybar), the gradients of <u, xbar> + <v, wbar>, without autograd; v = None is zero."""
        if v is None:
            return self._run("vjp_of_vjp_x", (x, w, species), (ybar, u), out)  # type: ignore[no-any-return]
        return self._run("vjp_of_vjp", (x, w, species), (ybar, u, v), out)  # type: ignore[no-any-return]

    def __repr__(self) -> str:
        outputs = " + ".join(f"{block.outputs}" for block in self.blocks)
        return (
            f"WeightedKernel({self.name}: {self.dimension} components -> {outputs}, {self.weights} weights, "
            f"{self.species} species, {self.spec.kernel.dtype}, target={self.spec.kernel.target!r})"
        )

    def __reduce__(self) -> tuple[Any, ...]:
        return build_weighted, (self.spec,)


class WeightedArguments(Arguments):
    """Arguments pass exactly when a weighted kernel can take them as they are."""

    def __init__(self, spec: WeightedSpec) -> None:
        super().__init__(spec)
        self._weighted = spec

    def check_value(self, *given: torch.Tensor) -> None:
        """x, w and species fit each other; whether species are in range is seen when a function runs."""
        x, w, species = given
        self.check_x(x)
        self.check_tensor("w", w)
        expected = (self._weighted.species, self._weighted.weights, x.shape[-1])
        if tuple(w.shape) != expected:
            raise InputError(
                f"{self._who()} takes w of shape (species, weights, channel) = {expected} beside x of shape "
                f"{tuple(x.shape)}, got {tuple(w.shape)}"
            )
        self.check_device("w", w, x)
        self.check_integers("species", species, x)
