"""Gradients of force losses from energies at two displaced geometries, without a second derivative.

Smith, Lubbers, Thompson, Barros, "Simple and efficient algorithms for training machine learning potentials to force
data", arXiv:2006.05475.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import torch

from invgen.checks import positive
from invgen.errors import InputError
from invgen.nn.potential import Potential, Prediction
from invgen.structures import Batch, pair_vectors
from invgen.training import losses
from invgen.training.config import LossConfig

# The longest change of a pair vector, Angstrom. Truncation grows with its square, rounding with its inverse; chosen at
# the least error of gradients of HIP-HOP-NN on ethanol (docs/networks.md).
DISPLACEMENT: Mapping[torch.dtype, float] = MappingProxyType({torch.float32: 1e-3, torch.float64: 2e-6})


@dataclass(frozen=True, eq=False)
class DisplacedLoss:
    """A number whose gradient with respect to the weights is that of the loss, and the loss.

    Attributes:
        surrogate: differentiable with respect to the weights; its value means nothing.
        terms: of the loss itself, detached.
        prediction: at the given geometry, detached.
    """

    surrogate: torch.Tensor
    terms: dict[str, torch.Tensor]
    prediction: Prediction


def displaced_loss(
    potential: Potential,
    batch: Batch,
    config: LossConfig,
    sizes: losses.Sizes | None = None,
    displacement: float | None = None,
) -> DisplacedLoss:
    """d(surrogate)/dw = dL/dw + O(h²): first derivatives of energies at the geometries v + h u and v - h u alone.

    With vectors v of pairs, forces and stress are linear in g = dE/dv, so dL/dw = u · dg/dw = d/dw (u · ∇_v E) with
    the fixed direction u = dL/dg, and u · ∇_v E is a central difference. In each structure u is scaled so that its
    longest pair vector changes by h = `displacement`. Energies, charges and energy terms enter as means of both
    geometries, which is of the same order.

    Args:
        potential: what is trained.
        batch: with pairs that reach h further than the cutoff.
        config: weights and penalty.
        sizes: what sums are divided by; those of the batch if left out.
        displacement: h, Angstrom; by dtype if left out: 1e-3 in float32, 2e-6 in float64.

    Raises:
        InputError: the pairs of the batch end too early, or h is not positive.
    """
    given = displacement_of(batch.positions.dtype) if displacement is None else displacement
    h = positive("the displacement", given)
    reach = float(potential.network.cutoff) + h  # type: ignore[arg-type]
    if batch.pairs is not None and batch.pairs.cutoff < reach:
        raise InputError(
            f"pairs must reach {h:g} Angstrom, the displacement, beyond the cutoff of the network: make the batch with "
            f"the cutoff {reach:g}, not {batch.pairs.cutoff:g}"
        )
    sizes = losses.Sizes.of(batch) if sizes is None else sizes
    vectors = pair_vectors(batch).detach()
    targets = config.targets
    derived = {name for name in ("forces", "stress") if name in targets}
    with torch.no_grad():
        here = potential(batch, forces="forces" in derived, stress="stress" in derived, vectors=vectors)
    leaves = {name: getattr(here, name).requires_grad_() for name in ("energy", *sorted(derived))}
    known = Prediction(
        leaves["energy"], here.atoms, leaves.get("forces"), leaves.get("stress"), here.scalars, here.tensors
    )
    terms = losses.loss_terms(config, batch, known, sizes, targets)
    slopes = torch.autograd.grad(losses.total(terms), list(leaves.values()), allow_unused=True, materialize_grads=True)
    slope = dict(zip(leaves, slopes))
    direction = _direction(batch, slope)
    owners = batch.structure.index_select(0, _pairs(batch).neighbours.receivers)
    longest = vectors.new_zeros(batch.structures)
    longest = longest.scatter_reduce(0, owners, direction.norm(dim=-1), "amax", include_self=True)
    scale = torch.where(longest > 0, h / longest, 0.0)
    step = direction * scale.index_select(0, owners)[:, None]
    coefficient = torch.where(longest > 0, 0.5 / scale, 0.0)
    others = tuple(name for name in targets if name in ("charges", "dipole", "polarizability"))
    surrogate = vectors.new_zeros(())
    for sign in (1.0, -1.0):
        there = potential(batch, forces=False, stress=False, vectors=vectors + sign * step)
        surrogate = surrogate + ((slope["energy"] / 2 + sign * coefficient) * there.energy).sum()
        if others or config.hierarchicality:
            surrogate = surrogate + losses.total(losses.loss_terms(config, batch, there, sizes, others)) / 2
    return DisplacedLoss(surrogate, {name: term.detach() for name, term in terms.items()}, known)


def displacement_of(dtype: torch.dtype) -> float:
    """The displacement for a dtype, Angstrom."""
    return DISPLACEMENT[dtype]


def _direction(batch: Batch, slope: Mapping[str, torch.Tensor]) -> torch.Tensor:
    """u = dL/dg (pairs, 3): how vectors move where positions move along -dL/dF and the strain along dL/dσ / V."""
    still = torch.zeros_like(batch.positions)
    positions = -slope["forces"] if "forces" in slope else still
    moved = pair_vectors(_without_cells(batch), positions=positions)
    if "stress" in slope:
        symmetric = (slope["stress"] + slope["stress"].transpose(1, 2)) / 2
        strain = symmetric / batch.volumes[:, None, None]
        moved = moved + pair_vectors(batch, strain=strain) - pair_vectors(batch)
    return moved


def _without_cells(batch: Batch) -> Batch:
    """The batch with cells of zeros, so that vectors of pairs are differences of positions alone."""
    tensors = {"positions": batch.positions, "species": batch.species, "structure": batch.structure}
    return Batch.trusted(cell=torch.zeros_like(batch.cell), periodic=batch.periodic, pairs=batch.pairs, **tensors)


def _pairs(batch: Batch):  # type: ignore[no-untyped-def]
    if batch.pairs is None:
        raise InputError("the batch has no pairs: make it with a cutoff")
    return batch.pairs
