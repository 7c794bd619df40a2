"""The layers of Allegro, and the irreps that tensors have between them."""

from __future__ import annotations

from math import sqrt

import torch

from invgen.nn.bilinear import GatheredProduct
from invgen.nn.covariant_linear import CovariantLinear
from invgen.nn.irrep_rows import IrrepRows, in_order, text_of
from invgen.nn.radial_weights import RadialWeights

Irreps = tuple[IrrepRows, ...]

SCALAR = IrrepRows(0, 1)


def harmonic_irreps(l_max: int) -> Irreps:
    """Those of harmonics, 0e + 1o + 2e + ..."""
    return tuple(IrrepRows(l, (-1) ** l) for l in range(l_max + 1))


def track_irreps(l_max: int, parity: bool, layers: int) -> tuple[Irreps, ...]:
    """The irreps of tensors before the first layer, after it, and so on to the last, which leaves scalars alone.

    An irrep is there where the layers before can make it and those after can make scalars of it.

    Args:
        l_max: the highest rank.
        parity: whether both parities are allowed.
        layers: how many.
    """
    around = harmonic_irreps(l_max)
    known = [set(around)]
    for _ in range(layers - 1):
        made = {each for a in known[-1] for b in around for each in _products(a, b, l_max)}
        known.append({each for each in made if parity or each.parity == (-1) ** each.l})
    used = [{SCALAR}]
    for before in reversed(known):
        used.append({a for a in before if any(used[-1] & _products(a, b, l_max) for b in around)})
    return tuple(in_order(tuple(each)) for each in reversed(used))


def _products(a: IrrepRows, b: IrrepRows, l_max: int) -> set[IrrepRows]:
    ranks = range(abs(a.l - b.l), min(a.l + b.l, l_max) + 1)
    return {IrrepRows(l, a.parity * b.parity) for l in ranks}


class AllegroLayer(torch.nn.Module):
    """V <- W' (V ⊗ Γ), x <- (2 x + MLP(x, s) u) / √5, s the scalars of V ⊗ Γ.

    Args:
        before: irreps of the tensors.
        after: irreps of the new tensors, 0e the first; 0e alone in the last layer, whose tensors nobody reads.
        l_max: of the environment.
        channels: of the tensors.
        features: how many scalars x there are.
        hidden: widths of the network.
        dtype: torch.float32 or torch.float64.
        target: of the kernel.

    Shapes:
        scalars (pairs, features), tensors (pairs, rows, channels), environments (atoms, rows, channels), cutoff
        function (pairs, 1), receivers (pairs) -> new scalars and tensors.
    """

    def __init__(
        self,
        before: Irreps,
        after: Irreps,
        l_max: int,
        channels: int,
        features: int,
        hidden: tuple[int, ...],
        dtype: torch.dtype,
        target: str,
    ) -> None:
        super().__init__()
        first, second, outputs = (
            tuple(each.irrep for each in irreps) for irreps in (before, harmonic_irreps(l_max), after)
        )
        self.weights = RadialWeights(features, (), l_max + 1, channels, dtype)
        self.product = GatheredProduct(first, second, outputs, channels, dtype, target)
        self.mix = None
        if after != (SCALAR,):
            self.mix = CovariantLinear(text_of(after), text_of(after), channels, dtype=dtype)
        self.latent = RadialWeights(features + channels, hidden, 1, features, dtype)

    def forward(
        self,
        scalars: torch.Tensor,
        tensors: torch.Tensor,
        around: torch.Tensor,
        envelope: torch.Tensor,
        receivers: torch.Tensor,
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Scalars and tensors after the layer."""
        products = self.product(tensors, around, receivers)
        invariants = products.split([1, products.shape[1] - 1], 1)[0].squeeze(1)
        added = self.latent(torch.cat([scalars, invariants], 1)).squeeze(1) * envelope
        mixed = products if self.mix is None else self.mix(products)
        return (2 * scalars + added) / sqrt(5), mixed
