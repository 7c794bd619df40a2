"""Weighted contractions whose weights all samples share: kernels of one species, called without species.

The operators are those of `WeightedKernel` with one species, and so are their names. They are given species of zeros,
one int64 for each sample, which is a fraction of a percent of what a call reads and computes.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import torch

from invgen.errors import InputError
from invgen.runtime.bound import BoundKernel
from invgen.runtime.building import built
from invgen.runtime.implementation import Tensors
from invgen.runtime.weighted import WeightedArguments
from invgen.runtime.weighted_spec import Block, WeightedSpec
from invgen.stages import Progress

_Given: TypeAlias = tuple[torch.Tensor, torch.Tensor, torch.Tensor]


def build_shared_weights(spec: WeightedSpec, progress: Progress | None = None) -> SharedWeightsKernel:
    """The kernel of a spec of one species, for weights without that axis.

    Args:
        spec: what to build.
        progress: as for `build_weighted`.

    Raises:
        InputError, CompilerError, CacheError, BasisFileError: as of `build_weighted`; there are several species.
    """
    if spec.species != 1:
        raise InputError(f"weights that all samples share are those of one species, got {spec.species}")
    return SharedWeightsKernel(spec, *built(spec, progress=progress))


class SharedWeightsKernel(BoundKernel[WeightedSpec, "_SharedArguments"]):
    """y[..., o, c] = Σ_k w[k, c] B_{k,o}(x[..., :, c]), twice differentiable with respect to x and w.

    x is (..., dimension, channel), w (weights, channel). All else is as of `WeightedKernel`: of several bases, the
    weights and the outputs follow one another, the methods named as its functions are the bare functions, and the sums
    over samples have an order of their own, which the number of threads does not change.

    Attributes:
        spec: everything the kernel was built from, with one species.
        name: its name.
        basis_id: hash of the bases.
        convention: convention of the components.
        dimension: number of components of x.
        weights: number of weights per channel.
        rows: number of rows of y.
        blocks: for each basis its irrep, its rows of w and its rows of y.
        dtype: the torch dtype of inputs and outputs.
    """

    def __init__(self, spec: WeightedSpec, *parts: Any) -> None:
        super().__init__(spec, _SharedArguments(spec), *parts)
        self.dimension = spec.kernel.dimension
        self.weights = spec.weights
        self.rows = spec.kernel.count
        self.blocks: tuple[Block, ...] = spec.blocks

    def __call__(self, x: torch.Tensor, w: torch.Tensor) -> torch.Tensor:
        """y, recorded by autograd.

        Raises:
            InputError: if an argument does not fit; later, if a third derivative is asked for.
        """
        return self._recorded(*self._given(x, w))

    def value(self, x: torch.Tensor, w: torch.Tensor, out: torch.Tensor | None = None) -> torch.Tensor:
        """y, without autograd; `InputError` for an argument that does not fit, here and below."""
        return self._run("value", self._given(x, w), (), out)  # type: ignore[no-any-return]

    def vjp(self, x: torch.Tensor, w: torch.Tensor, ybar: torch.Tensor, out: Tensors | None = None) -> Tensors:
        """(xbar, wbar), the gradients of Σ ybar · y with respect to x and w, without autograd."""
        return self._summed("vjp", 1, self._given(x, w), (ybar,), out)

    def vjp_x(
        self, x: torch.Tensor, w: torch.Tensor, ybar: torch.Tensor, out: torch.Tensor | None = None
    ) -> torch.Tensor:
        """xbar alone, for forces."""
        return self._run("vjp_x", self._given(x, w), (ybar,), out)  # type: ignore[no-any-return]

    def value_and_vjp(
        self, x: torch.Tensor, w: torch.Tensor, ybar: torch.Tensor, out: Tensors | None = None
    ) -> Tensors:
        """(y, xbar, wbar) in one pass, without autograd."""
        return self._summed("value_and_vjp", 2, self._given(x, w), (ybar,), out)

    def jvp(
        self, x: torch.Tensor, w: torch.Tensor, u: torch.Tensor, v: torch.Tensor, out: torch.Tensor | None = None
    ) -> torch.Tensor:
        """The derivative of y along u (in x) and v (in w), without autograd."""
        given = self._given(x, w)
        return self._run("jvp", given, (u, self._arguments.alone("v", v, x)), out)  # type: ignore[no-any-return]

    def vjp_of_vjp(
        self,
        x: torch.Tensor,
        w: torch.Tensor,
        ybar: torch.Tensor,
        u: torch.Tensor,
        v: torch.Tensor | None = None,
        out: Tensors | None = None,
    ) -> Tensors:
        """(grad_x, grad_w, grad_ybar), the gradients of <u, xbar> + <v, wbar>, without autograd; v = None is zero."""
        given = self._given(x, w)
        if v is None:
            return self._summed("vjp_of_vjp_x", 1, given, (ybar, u), out)
        return self._summed("vjp_of_vjp", 1, given, (ybar, u, self._arguments.alone("v", v, x)), out)

    def _given(self, x: torch.Tensor, w: torch.Tensor) -> _Given:
        """The arguments of the operators."""
        self._arguments.check_x(x)
        alone = self._arguments.alone("w", w, x)
        return x, alone, x.new_zeros(x.shape[:-2], dtype=torch.int64)

    def _summed(self, name: str, place: int, given: _Given, others: tuple[torch.Tensor, ...], out: Any) -> Tensors:
        """A function of which one result is a sum over samples, which has no axis of species here."""
        if isinstance(out, (tuple, list)) and len(out) > place:
            out = [*out]
            out[place] = self._arguments.alone(f"out[{place}]", out[place], given[0])
        found = list(self._run(name, given, others, out))
        found[place] = found[place].squeeze(0)
        return tuple(found)

    def __repr__(self) -> str:
        outputs = " + ".join(f"{block.outputs}" for block in self.blocks)
        return (
            f"SharedWeightsKernel({self.name}: {self.dimension} components -> {outputs}, {self.weights} weights, "
            f"{self.spec.kernel.dtype}, target={self.target!r})"
        )

    def __reduce__(self) -> tuple[Any, ...]:
        return build_shared_weights, (self.spec,)


class _SharedArguments(WeightedArguments):
    """Arguments pass exactly when a kernel of shared weights can take them as they are."""

    def alone(self, name: str, w: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
        """A tensor of the shape of the weights beside a checked x, with the axis of one species in front."""
        self.check_tensor(name, w)
        expected = (self._weighted.weights, x.shape[-1])
        if tuple(w.shape) != expected:
            raise InputError(
                f"{self._who()} takes {name} of shape (weights, channel) = {expected} beside x of shape "
                f"{tuple(x.shape)}, got {tuple(w.shape)}"
            )
        self.check_device(name, w, x)
        return w.unsqueeze(0)
