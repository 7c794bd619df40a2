"""Normalisation of invariants."""

from __future__ import annotations

import torch

from invgen.nn.cutoffs import count


class GroupNorm(torch.nn.Module):
    """y[k, f] = (x[k, f] - mean_f x[k]) / sqrt(var_f x[k] + eps) · weight[k, f] + bias[k, f].

    Each invariant k is normalised over the features f of one atom: invariants of degree 4 and degree 1 then have one
    scale. The group norm of HIP-HOP-NN, with one group per invariant.

    Args:
        groups: how many invariants there are.
        features: how many features.
        eps: added to the variance.
        dtype: of the parameters.

    Shapes:
        (atoms, groups, features) -> the same.
    """

    def __init__(self, groups: int, features: int, eps: float = 1e-5, dtype: torch.dtype = torch.float32) -> None:
        super().__init__()
        shape = (count("the number of groups", groups), count("the number of features", features))
        self.eps = eps
        self.weight = torch.nn.Parameter(torch.ones(shape, dtype=dtype))
        self.bias = torch.nn.Parameter(torch.zeros(shape, dtype=dtype))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """The normalised invariants."""
        return group_norm(x, self.weight, self.bias, self.eps)

    def extra_repr(self) -> str:
        """Shape and eps."""
        return f"{self.weight.shape[0]} groups of {self.weight.shape[1]}, eps={self.eps}"


def group_norm(x: torch.Tensor, weight: torch.Tensor, bias: torch.Tensor, eps: float) -> torch.Tensor:
    """`GroupNorm` as a function: x (atoms, groups, features), weight and bias (groups, features)."""
    # Written out because the second derivative of layer_norm takes a third longer than that of these lines.
    centred = x - x.mean(dim=-1, keepdim=True)
    scale = torch.rsqrt(centred.square().mean(dim=-1, keepdim=True) + eps)
    return torch.addcmul(bias, centred * scale, weight)
