"""What a model of mace-torch adds up to energies of atoms, as the head and the repulsion of a potential."""

from __future__ import annotations

from math import sqrt
from typing import Any

import torch

from invgen.interop.e3nn_layouts import instruction_weights
from invgen.nn.equivariant_kinds import MACE
from invgen.nn.potential import Potential
from invgen.nn.radial_weights import SILU_GAIN
from invgen.nn.repulsion import ZBL


def readout_width(readout: Any) -> int | None:
    """How many numbers the hidden layer of a readout has for each head; None without such a layer."""
    if not hasattr(readout, "linear_1"):
        return None
    ((_, matrix),) = instruction_weights(readout.linear_1)
    return int(matrix.shape[1]) // _heads(readout)


def repulsion_of(model: Any, head: int, network: MACE) -> ZBL | None:
    """The pair repulsion, which mace-torch multiplies by the scale of the head; None if the model has none."""
    if not hasattr(model, "pair_repulsion_fn"):
        return None
    theirs, numbers = model.pair_repulsion_fn, model.atomic_numbers
    found = ZBL(network.elements.species, network.cutoff, power=int(theirs.p), dtype=network.dtype)
    with torch.no_grad():
        found.radii.copy_(theirs.covalent_radii[numbers])
        found.weights.copy_(theirs.c)
        found.exponent.copy_(theirs.a_exp)
        found.length.copy_(theirs.a_prefactor)
        found.scale.fill_(_scale_and_shift(model, head)[0])
    return found


def fill_heads(model: Any, head: int, network: MACE, potential: Potential) -> None:
    """Energies of atoms, scale and shift, and the readouts of all layers, of one head."""
    scale, shift = _scale_and_shift(model, head)
    ours: Any = potential.energy
    hidden: Any = network.readout
    ours.levels[0].weight.copy_(_atomic_energies(model)[head : head + 1] + shift)
    for level, readout in zip(list(ours.levels)[1:], model.readouts, strict=True):
        level.bias.zero_()
        if hasattr(readout, "linear_1"):
            (inner, matrix), (outer, vector) = (
                next(iter(instruction_weights(each))) for each in (readout.linear_1, readout.linear_2)
            )
            # Hidden numbers stand by head, and those of other heads are masked.
            width = hidden.shape[1]
            own = slice(0, width) if _heads(readout) == 1 else slice(head * width, (head + 1) * width)
            hidden.copy_(matrix[:, own] * (float(inner.path_weight) * sqrt(matrix.shape[0])))
            gain = float(readout.non_linearity.acts[0].cst) / SILU_GAIN
            vector, factor = vector[own], float(outer.path_weight) * gain
        else:
            outer, vector = next(iter(instruction_weights(readout.linear)))
            factor = float(outer.path_weight)
        level.weight.copy_(vector[:, head : head + 1].T * (factor * scale))


def _atomic_energies(model: Any) -> torch.Tensor:
    """(heads, species)."""
    return torch.atleast_2d(model.atomic_energies_fn.atomic_energies)  # type: ignore[no-any-return]


def _scale_and_shift(model: Any, head: int) -> tuple[float, float]:
    """Of the energies of atoms beside those of isolated ones."""
    scaled = getattr(model, "scale_shift", None)
    if scaled is None:
        return 1.0, 0.0
    scale, shift = (torch.atleast_1d(each)[head] for each in (scaled.scale, scaled.shift))
    return float(scale), float(shift)


def _heads(readout: Any) -> int:
    """For how many heads a hidden layer stands."""
    return int(getattr(readout, "num_heads", 1))
