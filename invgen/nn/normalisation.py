"""Normalisation of invariants."""

from __future__ import annotations

from typing import Any

import torch

from invgen.checks import integer, positive
from invgen.errors import InputError
from invgen.runtime.autograd import SignedFunction
from invgen.runtime.families.table import batch_first


class GroupNorm(torch.nn.Module):
    """y[k, f] = (x[k, f] - mean_f x[k]) / sqrt(var_f x[k] + eps) · weight[k, f] + bias[k, f].

    Each invariant k is normalised over the features f of one atom: invariants of degree 4 and degree 1 then have one
    scale. The group norm of HIP-HOP-NN, with one group per invariant.

    Args:
        groups: how many invariants there are.
        features: how many features.
        eps: added to the variance.
        dtype: of the parameters.

    Raises:
        InputError: there is one feature, which would always be zero, or an argument is not allowed.

    Shapes:
        (atoms, groups, features) -> the same.
    """

    def __init__(self, groups: int, features: int, eps: float = 1e-5, dtype: torch.dtype = torch.float32) -> None:
        super().__init__()
        shape = (integer("the number of groups", groups, 1), integer("the number of features", features, 1))
        if shape[1] == 1:
            raise InputError(
                "group norm normalises over features, and turns a single one into zero: use at least 2 features, or "
                "group_norm=False"
            )
        self.eps = positive("the eps of a group norm", eps)
        self.weight = torch.nn.Parameter(torch.ones(shape, dtype=dtype))
        self.bias = torch.nn.Parameter(torch.zeros(shape, dtype=dtype))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """The normalised invariants."""
        return normalised(x, self.eps) * self.weight + self.bias

    def mixed(self, x: torch.Tensor, mixing: torch.Tensor) -> torch.Tensor:
        """`forward(x)` times a matrix (groups, features, outputs): (atoms, outputs)."""
        return normalised_and_mixed(x, self.weight, self.bias, self.eps, mixing)

    def extra_repr(self) -> str:
        """Shape and eps."""
        return f"{self.weight.shape[0]} groups of {self.weight.shape[1]}, eps={self.eps}"


def normalised_and_mixed(
    x: torch.Tensor, weight: torch.Tensor, bias: torch.Tensor, eps: float, mixing: torch.Tensor
) -> torch.Tensor:
    """(N(x) weight + bias) · mixing, with weight and bias taken into the matrix, which is smaller than x."""
    matrix = (weight[:, :, None] * mixing).flatten(0, 1)
    return torch.addmm(bias.flatten() @ mixing.flatten(0, 1), normalised(x, eps).flatten(1), matrix)


def normalised(x: torch.Tensor, eps: float) -> torch.Tensor:
    """N(x) = (x - mean x) / sqrt(var x + eps) along the last axis, differentiable twice."""
    if torch.compiler.is_compiling():  # which fuses the lines, and traces no chain of functions
        return _plain(x, eps)[0]
    normalise: Any = _Normalise
    result: torch.Tensor = normalise.apply(x, eps)[0]
    return result


def _plain(x: torch.Tensor, eps: float) -> tuple[torch.Tensor, torch.Tensor]:
    """N(x) and 1 / sqrt(var x + eps)."""
    centred = x - x.mean(dim=-1, keepdim=True)
    scale = torch.rsqrt(_mean(centred, centred) + eps)
    return centred * scale, scale


class _Normalise(SignedFunction):
    """x -> n, s with n = (x - mean x) s, s = 1 / sqrt(var x + eps); s is for the gradient alone."""

    @staticmethod
    def forward(x: torch.Tensor, eps: float) -> tuple[torch.Tensor, torch.Tensor]:
        return _plain(x, eps)

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Any, ...], output: tuple[torch.Tensor, torch.Tensor]) -> None:
        ctx.mark_non_differentiable(output[1])
        # The first gradient is differentiated with respect to x, which is saved; n and s are what it is computed from.
        ctx.save_for_backward(inputs[0], *output)

    @staticmethod
    def backward(ctx: Any, grad: torch.Tensor, _: torch.Tensor) -> tuple[torch.Tensor, None]:
        x, n, s = ctx.saved_tensors
        differentiate: Any = _Gradient
        return differentiate.apply(x, grad, n.detach(), s), None

    @staticmethod
    def vmap(info: Any, in_dims: tuple[Any, ...], x: torch.Tensor, eps: float) -> tuple[Any, tuple[int, int]]:
        normalise: Any = _Normalise
        return normalise.apply(x.movedim(in_dims[0], 0), eps), (0, 0)


class _Gradient(SignedFunction):
    """x, g -> s P g with P g = g - mean g - n mean(n g), the gradient of N; P is symmetric.

    With S = mean(u P g) the gradient of <u, s P g> with respect to g is s P u. That with respect to x is
    -s² (n S + mean(n u) P g + mean(n g) P u).
    """

    @staticmethod
    def forward(x: torch.Tensor, grad: torch.Tensor, n: torch.Tensor, s: torch.Tensor) -> torch.Tensor:
        return _projected(grad, n, _mean(n, grad)) * s

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[torch.Tensor, ...], output: torch.Tensor) -> None:
        ctx.save_for_backward(*inputs[1:])

    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(ctx: Any, u: torch.Tensor) -> tuple[torch.Tensor | None, torch.Tensor, None, None]:
        grad, n, s = ctx.saved_tensors
        along_u, along_g = _mean(n, u), _mean(n, grad)
        pu, pg = _projected(u, n, along_u), _projected(grad, n, along_g)
        by_x = _plus(_plus(n * _mean(u, pg), pg, along_u), pu, along_g).mul_(-s.square())
        return by_x, pu.mul_(s), None, None

    @staticmethod
    def vmap(info: Any, in_dims: tuple[Any, ...], *given: torch.Tensor) -> tuple[torch.Tensor, int]:
        differentiate: Any = _Gradient
        return differentiate.apply(*batch_first(in_dims, info.batch_size, given)), 0


def _projected(g: torch.Tensor, n: torch.Tensor, along: torch.Tensor) -> torch.Tensor:
    """g - mean g - n along."""
    return _plus(g - g.mean(dim=-1, keepdim=True), n, along, -1)


def _plus(fresh: torch.Tensor, a: torch.Tensor, b: torch.Tensor, factor: int = 1) -> torch.Tensor:
    """fresh + factor a b, in the memory of the first where torch maps that: torch.func maps what makes new memory."""
    if torch._C._are_functorch_transforms_active():
        return torch.addcmul(fresh, a, b, value=factor)
    return fresh.addcmul_(a, b, value=factor)


def _mean(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """The mean of the products along the last axis, which stays."""
    products: torch.Tensor = torch.linalg.vecdot(a, b)
    return products[..., None] / a.shape[-1]
