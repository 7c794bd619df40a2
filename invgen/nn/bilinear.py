"""Products of the tensors of samples with tensors that many samples share, weighted by path and channel."""

from __future__ import annotations

from functools import lru_cache
from math import sqrt

import numpy as np
import torch

from invgen.basis.basis import Basis
from invgen.basis.generation import generate
from invgen.checks import integer
from invgen.compiler.weighted import compile_weighted
from invgen.nn.tables import Tables
from invgen.spaces.space import TensorSpace

CONVENTION = "e3nn_component"


@lru_cache(maxsize=32)
def bilinear_bases(first: tuple[str, ...], second: tuple[str, ...], outputs: tuple[str, ...]) -> tuple[Basis, ...]:
    """All couplings of a tensor of the first irreps with one of the second, for each irrep of the result."""
    space = TensorSpace(f"a:({' + '.join(first)}) + b:({' + '.join(second)})")
    degrees = {"a": 1, "b": 1}
    return tuple(
        generate(space, 2, select="linear", outputs=each, degrees=degrees, convention=CONVENTION) for each in outputs
    )


class GatheredProduct(Tables):
    """y[s, m, c] = Σ_k w[k, c] B_k,m(a[s, :, c], b[index[s], :, c]), B_k all couplings of a and b to an irrep.

    The tensor product of Allegro (Musaelian et al., Nature Communications 14, 579, 2023), in which channels do not mix
    and all samples share the weights. Couplings are scaled so that y starts with a variance of one where a and b have
    it and are independent.

    Args:
        first: the irreps of a, each once.
        second: the irreps of b, each once.
        outputs: the irreps of y, each once; every one is made by some coupling.
        channels: of a, b and y.
        dtype: torch.float32 or torch.float64.
        target: of the kernel: "c", "cuda" or "torch". Target "cuda" answers an index out of range with NaN.

    Shapes:
        a (samples, rows, channels), b (members, rows, channels), index (samples) of int64 with entries 0 ... members
        - 1 -> (samples, rows, channels); rows stand by irrep, then by component.
    """

    scales: torch.Tensor

    def __init__(
        self,
        first: tuple[str, ...],
        second: tuple[str, ...],
        outputs: tuple[str, ...],
        channels: int,
        dtype: torch.dtype = torch.float32,
        target: str = "c",
    ) -> None:
        super().__init__()
        self._irreps = first, second, outputs
        bases = bilinear_bases(first, second, outputs)
        self.kernel = compile_weighted(bases, gather="b", target=target, dtype=dtype, name="product_of_edges")
        shape = self.kernel.weights, integer("the number of channels", channels, 1)
        self.weight = torch.nn.Parameter(torch.empty(shape, dtype=dtype))
        torch.nn.init.normal_(self.weight)
        self.register_tables()

    def tables(self) -> dict[str, torch.Tensor]:
        """The scale of every coupling."""
        found = [scale for basis in bilinear_bases(*self._irreps) for scale in _scales(basis)]
        return {"scales": torch.tensor(found, dtype=self.kernel.dtype, device="cpu")[:, None]}

    def forward(self, a: torch.Tensor, b: torch.Tensor, index: torch.Tensor) -> torch.Tensor:
        """The products of every sample."""
        if not torch.compiler.is_compiling():
            self.bring_tables(a.device)
        return self.kernel(a, b, self.weight * self.scales, index)

    def extra_repr(self) -> str:
        """The irreps and how many couplings there are."""
        first, second, outputs = (" + ".join(each) for each in self._irreps)
        return f"({first}) x ({second}) -> {outputs}, {self.kernel.weights} couplings, channels={self.weight.shape[1]}"


@lru_cache(maxsize=256)
def _scales(basis: Basis) -> tuple[float, ...]:
    """1 / √(variance · members) of each coupling, whose variance is the mean squared length of its rows."""
    sizes = [slice_.stop - slice_.start for slice_ in basis.space.slices]
    components = dict.fromkeys(("a", "b"), 0)
    for tensor, size in zip(basis.space.tensors, sizes, strict=True):
        components[tensor.name[0]] += size
    first, second = components["a"], components["b"]
    # A coupling of two unit vectors is an entry of its tensor.
    points = np.concatenate([np.eye(first).repeat(second, 0), np.tile(np.eye(second), (first, 1))], 1)
    entries = np.asarray(basis.evaluate(points)).reshape(first * second, len(basis), -1)
    return tuple(1 / sqrt(float(each) * len(basis)) for each in (entries**2).sum(0).mean(1))
