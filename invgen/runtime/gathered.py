"""The object that a user calls to contract bases with weights, of which one part of the tensors is gathered."""

from __future__ import annotations

from typing import Any

import torch

from invgen.errors import InputError
from invgen.runtime.arguments import Arguments
from invgen.runtime.bound import BoundKernel
from invgen.runtime.building import built
from invgen.runtime.implementation import Tensors
from invgen.runtime.weighted_spec import Block, GatheredSpec
from invgen.stages import Progress


def build_gathered(spec: GatheredSpec, progress: Progress | None = None) -> GatheredKernel:
    """The kernel of `spec`, compiled or found in the cache.

    Args:
        spec: what to build.
        progress: as for `build_weighted`.

    Raises:
        InputError, CompilerError, CacheError, BasisFileError: as of `build_weighted`.
    """
    return GatheredKernel(spec, *built(spec, progress=progress))


class GatheredKernel(BoundKernel[GatheredSpec, "_GatheredArguments"]):
    """y[..., o, c] = Σ_k w[k, c] B_{k,o}(x[..., :, c], z[index, :, c]), twice differentiable in x, z and w.

    x is (..., dimension, channel), z (rows, gathered, channel), w (weights, channel), index an int64 tensor of the
    leading shape of x with entries 0..rows - 1, in any order. z[index] is never stored. Of several bases, the weights
    and the outputs follow one another (`blocks`). Calls work in eager mode, under `torch.compile`, `torch.export` and
    `torch.func`. The methods named as its functions are the bare functions: nothing is recorded, and results go to
    `out` where it is given. Sums over the samples of an index, and over all samples, have an order of their own: the
    number of threads changes no bit. An index out of range raises, but for target "cuda", whose calls do not wait for
    the device: it gives NaN for its sample, and in the gradients with respect to row 0 of z and to w.

    Attributes:
        spec: everything the kernel was built from.
        name: its name.
        basis_id: hash of the bases.
        convention: convention of the components.
        dimension: number of components of x.
        gathered: number of components of z.
        weights: number of weights per channel.
        rows: number of rows of y.
        blocks: for each basis its irrep, its rows of w and its rows of y.
        dtype: the torch dtype of inputs and outputs.
    """

    def __init__(self, spec: GatheredSpec, *parts: Any) -> None:
        super().__init__(spec, _GatheredArguments(spec), *parts)
        self.dimension = spec.kernel.dimension
        self.gathered = spec.gathered
        self.weights = spec.weights
        self.rows = spec.kernel.count
        self.blocks: tuple[Block, ...] = spec.blocks

    def __call__(self, x: torch.Tensor, z: torch.Tensor, w: torch.Tensor, index: torch.Tensor) -> torch.Tensor:
        """y, recorded by autograd.

        Raises:
            InputError: if an argument does not fit; later, if a third derivative is asked for.
        """
        self._arguments.check_value(x, z, w, index)
        return self._recorded(x, z, w, index)

    def value(
        self,
        x: torch.Tensor,
        z: torch.Tensor,
        w: torch.Tensor,
        index: torch.Tensor,
        out: torch.Tensor | None = None,
    ) -> torch.Tensor:
        """y, without autograd; `InputError` for an argument that does not fit, here and below."""
        return self._run("value", (x, z, w, index), (), out)  # type: ignore[no-any-return]

    def vjp(
        self,
        x: torch.Tensor,
        z: torch.Tensor,
        w: torch.Tensor,
        index: torch.Tensor,
        ybar: torch.Tensor,
        out: Tensors | None = None,
    ) -> Tensors:
        """(xbar, zbar, wbar), the gradients of Σ ybar · y with respect to x, z and w, without autograd."""
        return self._run("vjp", (x, z, w, index), (ybar,), out)  # type: ignore[no-any-return]

    def vjp_xz(
        self,
        x: torch.Tensor,
        z: torch.Tensor,
        w: torch.Tensor,
        index: torch.Tensor,
        ybar: torch.Tensor,
        out: Tensors | None = None,
    ) -> Tensors:
        """(xbar, zbar) alone, for forces."""
        return self._run("vjp_xz", (x, z, w, index), (ybar,), out)  # type: ignore[no-any-return]

    def value_and_vjp(
        self,
        x: torch.Tensor,
        z: torch.Tensor,
        w: torch.Tensor,
        index: torch.Tensor,
        ybar: torch.Tensor,
        out: Tensors | None = None,
    ) -> Tensors:
        """(y, xbar, zbar, wbar) in one pass, without autograd."""
        return self._run("value_and_vjp", (x, z, w, index), (ybar,), out)  # type: ignore[no-any-return]

    def jvp(
        self,
        x: torch.Tensor,
        z: torch.Tensor,
        w: torch.Tensor,
        index: torch.Tensor,
        u: torch.Tensor,
        t: torch.Tensor,
        v: torch.Tensor,
        out: torch.Tensor | None = None,
    ) -> torch.Tensor:
        """The derivative of y along u (in x), t (in z) and v (in w), without autograd."""
        return self._run("jvp", (x, z, w, index), (u, t, v), out)  # type: ignore[no-any-return]

    def vjp_of_vjp(
        self,
        x: torch.Tensor,
        z: torch.Tensor,
        w: torch.Tensor,
        index: torch.Tensor,
        ybar: torch.Tensor,
        u: torch.Tensor,
        t: torch.Tensor,
        v: torch.Tensor | None = None,
        out: Tensors | None = None,
    ) -> Tensors:
        """(grad_x, grad_z, grad_w, grad_ybar), the gradients of <u, xbar> + <t, zbar> + <v, wbar>, without autograd.

        v = None is zero.
        """
        if v is None:
            return self._run("vjp_of_vjp_xz", (x, z, w, index), (ybar, u, t), out)  # type: ignore[no-any-return]
        return self._run("vjp_of_vjp", (x, z, w, index), (ybar, u, t, v), out)  # type: ignore[no-any-return]

    def __repr__(self) -> str:
        outputs = " + ".join(f"{block.outputs}" for block in self.blocks)
        return (
            f"GatheredKernel({self.name}: {self.dimension} components and {self.gathered} gathered ones -> {outputs}, "
            f"{self.weights} weights, {self.spec.kernel.dtype}, target={self.target!r})"
        )

    def __reduce__(self) -> tuple[Any, ...]:
        return build_gathered, (self.spec,)


class _GatheredArguments(Arguments):
    """Arguments pass exactly when a kernel with a gather can take them as they are."""

    def __init__(self, spec: GatheredSpec) -> None:
        super().__init__(spec)
        self._gathered = spec

    def check_value(self, *given: torch.Tensor) -> None:
        """x, z, w and index fit each other; whether the index is in range is seen when a function runs."""
        x, z, w, index = given
        self.check_x(x)
        channels = x.shape[-1]
        self.check_tensor("z", z)
        if z.dim() != 3 or tuple(z.shape[1:]) != (self._gathered.gathered, channels):
            raise InputError(
                f"{self._who()} takes z of shape (rows, gathered, channel) = (rows, {self._gathered.gathered}, "
                f"{channels}) beside x of shape {tuple(x.shape)}, got {tuple(z.shape)}"
            )
        self.check_device("z", z, x)
        self.check_tensor("w", w)
        if tuple(w.shape) != (self._gathered.weights, channels):
            raise InputError(
                f"{self._who()} takes w of shape (weights, channel) = {(self._gathered.weights, channels)} beside x of "
                f"shape {tuple(x.shape)}, got {tuple(w.shape)}"
            )
        self.check_device("w", w, x)
        self.check_integers("index", index, x)
