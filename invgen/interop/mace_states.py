"""A state dict of mace-torch as the record of the model that it was taken from.

Shapes say irreps, channels, layers and correlation. What they do not say is what mace-torch makes by default: residual
blocks, Bessel functions of the distance times the cutoff, silu, one head, no repulsion. Each array is used once and
must have the shape that follows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import count
from math import isqrt, prod, sqrt
from typing import Any, Final

import torch

from invgen.errors import InputError
from invgen.interop.e3nn_layouts import Slots
from invgen.interop.torch_files import LinearInstruction, MultipleIrrep, ProductInstruction, RankParity, Record, record

SILU: Final = 1.6791767923989418
"""e3nn's `normalize2mom` of silu, which is of a million normal numbers of a fixed seed and not of the integral."""


class _Arrays:
    """The arrays of a state dict, each of which is taken once."""

    def __init__(self, state: Mapping[str, torch.Tensor]) -> None:
        self._left = dict(state)

    def __contains__(self, name: str) -> bool:
        return name in self._left

    def size(self, name: str) -> int:
        """How many numbers one of them has, which stays."""
        found = self._left.get(name)
        return 0 if found is None else found.numel()

    def take(self, name: str, *shape: int) -> torch.Tensor:
        """One of them, of this shape, or of any where none is given."""
        if name not in self._left:
            raise InputError(f"the state dict has no {name}, which a MACE of residual blocks has")
        found = self._left.pop(name)
        if shape and tuple(found.shape) != shape:
            raise InputError(f"{name} of the state dict is {tuple(found.shape)}, where residual blocks have {shape}")
        return found

    def drop(self, *names: str) -> None:
        """These say nothing that others do not."""
        for name in names:
            self._left.pop(name, None)

    def check_empty(self) -> None:
        """All were taken."""
        if self._left:
            raise InputError(
                f"nn.MACE has no counterpart for {next(iter(self._left))} of the state dict: "
                "interop.mace.accelerate keeps the model as it is"
            )


def model_of_state(state: Mapping[str, torch.Tensor], average_neighbours: float) -> Record:
    """The record of a model of mace-torch that has this state dict.

    Args:
        state: of the model.
        average_neighbours: `avg_num_neighbors` of the model, by which it divides the sums over neighbours.

    Raises:
        InputError: an array is missing, is left over, or has another shape.
    """
    arrays = _Arrays(state)
    embedding = "radial_embedding.bessel_fn"
    radial = record(
        "RadialEmbeddingBlock",
        bessel_fn=record("BesselBasis", bessel_weights=arrays.take(f"{embedding}.bessel_weights")),
        cutoff_fn=record("PolynomialCutoff", p=arrays.take("radial_embedding.cutoff_fn.p")),
    )
    arrays.drop(*(f"{embedding}.{name}" for name in ("r_max", "prefactor")), "radial_embedding.cutoff_fn.r_max")
    numbers, layers = arrays.take("atomic_numbers"), int(arrays.take("num_interactions"))
    elements, cutoff = numbers.numel(), arrays.take("r_max")
    heads = arrays.size("atomic_energies_fn.atomic_energies") // elements
    if heads > 1:
        raise InputError(f"the state dict has {heads} heads and does not name them: take the file of the whole model")
    made = [_product_of(arrays, f"products.{k}") for k in range(layers)]
    channels = made[0][0][0][0]
    before: Slots = ((channels, 0, 1),)
    node = record(
        "LinearNodeEmbeddingBlock", linear=_linear(arrays, "node_embedding.linear", ((elements, 0, 1),), before)
    )
    interactions, products, readouts = [], [], []
    for k, (after, contractions) in enumerate(made):
        l_max = isqrt(int(contractions[0].U_matrix_1.shape[-2])) - 1
        middle: Slots = tuple((channels, l, (-1) ** l) for l in range(l_max + 1))
        name = f"interactions.{k}"
        interactions.append(_interaction(arrays, name, before, middle, after, elements, average_neighbours))
        linear = _linear(arrays, f"products.{k}.linear", after, after)
        contraction = record(
            "SymmetricContraction",
            irreps_in=_irreps(middle),
            irreps_out=_irreps(after),
            contractions=_listed(contractions),
        )
        products.append(record("EquivariantProductBasisBlock", linear=linear, symmetric_contractions=contraction))
        readouts.append(_readout(arrays, f"readouts.{k}", after))
        before = after
    energies = arrays.take("atomic_energies_fn.atomic_energies")
    parts: dict[str, Any] = {
        "heads": ["Default"],
        "atomic_numbers": numbers,
        "r_max": cutoff,
        "node_embedding": node,
        "radial_embedding": radial,
        "atomic_energies_fn": record("AtomicEnergiesBlock", atomic_energies=energies),
        "interactions": _listed(interactions),
        "products": _listed(products),
        "readouts": _listed(readouts),
    }
    shifted = "scale_shift.scale" in arrays
    if shifted:
        scale, shift = arrays.take("scale_shift.scale"), arrays.take("scale_shift.shift")
        parts["scale_shift"] = record("ScaleShiftBlock", scale=scale, shift=shift)
    arrays.check_empty()
    return record("ScaleShiftMACE" if shifted else "MACE", **parts)


def _irreps(slots: Slots) -> tuple[MultipleIrrep, ...]:
    return tuple(MultipleIrrep(mul, RankParity(l, parity)) for mul, l, parity in slots)


def _listed(parts: Sequence[Any]) -> Record:
    return record("ModuleList", _modules={str(k): part for k, part in enumerate(parts)})


def _linear(arrays: _Arrays, name: str, inputs: Slots, outputs: Slots) -> Record:
    """e3nn's `Linear`, which divides by the root of all inputs of a result."""
    pairs = [(i, j) for i, a in enumerate(inputs) for j, b in enumerate(outputs) if a[1:] == b[1:]]
    total = {j: sum(inputs[i][0] for i, other in pairs if other == j) for _, j in pairs}
    instructions = [LinearInstruction(i, j, (inputs[i][0], outputs[j][0]), 1 / sqrt(total[j])) for i, j in pairs]
    weight = arrays.take(f"{name}.weight", sum(prod(each.path_shape) for each in instructions))
    arrays.drop(f"{name}.bias", f"{name}.output_mask")
    return record(
        "Linear", weight=weight, instructions=instructions, irreps_in=_irreps(inputs), irreps_out=_irreps(outputs)
    )


def _product_of(arrays: _Arrays, name: str) -> tuple[Slots, list[Record]]:
    """(the irreps that a layer gives, a contraction for each), of which the coupling tensors say the ranks."""
    slots, parts = [], []
    for k in count():
        own = f"{name}.symmetric_contractions.contractions.{k}"
        if f"{own}.weights_max" not in arrays:
            break
        last = arrays.take(f"{own}.weights_max")
        tensors: dict[str, Any] = {}
        while f"{own}.U_matrix_{len(tensors) + 1}" in arrays:
            each = f"U_matrix_{len(tensors) + 1}"
            tensors[each] = arrays.take(f"{own}.{each}")
        correlation, linear = len(tensors), tensors["U_matrix_1"]
        l = linear.shape[0] // 2 if linear.dim() == 3 else 0
        slots.append((int(last.shape[2]), l, (-1) ** l))
        weights = _listed([arrays.take(f"{own}.weights.{j}") for j in range(correlation - 1)])
        arrays.drop(*(f"{own}.weights_{j}_zeroed" for j in (*range(correlation - 1), "max")))
        parts.append(record("Contraction", correlation=correlation, weights_max=last, weights=weights, **tensors))
    if not parts:
        raise InputError(f"the state dict has no contractions of {name}, which mace-torch's own products have")
    return tuple(slots), parts


def _interaction(
    arrays: _Arrays, name: str, before: Slots, middle: Slots, after: Slots, elements: int, average: float
) -> Record:
    """A block from features of irreps `before` to messages of irreps `middle` and a residual of irreps `after`."""
    channels, l_max = before[0][0], middle[-1][1]
    harmonics: Slots = tuple((1, l, parity) for _, l, parity in middle)
    paths = [
        (c, i, b)
        for i, (_, a, pa) in enumerate(before)
        for b in range(l_max + 1)
        for c in range(abs(a - b), min(a + b, l_max) + 1)
        if pa * (-1) ** b == (-1) ** c
    ]
    # mace-torch sorts paths by the irrep of their result, and keeps their order within it.
    paths.sort(key=lambda path: path[0])
    instructions = [
        ProductInstruction(i, b, k, "uvu", True, sqrt(2 * c + 1), (channels, 1)) for k, (c, i, b) in enumerate(paths)
    ]
    found: Slots = tuple((channels, c, (-1) ** c) for c, _, _ in paths)
    compiled = f"{name}.conv_tp._compiled_main_left_right"
    couplings = {
        each: arrays.take(f"{compiled}.{each}")
        for each in {f"_w3j_{before[i][1]}_{b}_{c}": None for c, i, b in paths if min(before[i][1], b, c)}
    }
    arrays.drop(f"{name}.conv_tp.weight", f"{name}.conv_tp.output_mask", f"{name}.skip_tp.output_mask")
    same = [(i, j) for i, a in enumerate(before) for j, b in enumerate(after) if a[1:] == b[1:]]
    skips = [
        ProductInstruction(
            i, 0, j, "uvw", True, sqrt((2 * after[j][1] + 1) / (channels * elements)), (channels, elements, after[j][0])
        )
        for i, j in same
    ]
    skip = arrays.take(f"{name}.skip_tp.weight", sum(prod(each.path_shape) for each in skips))
    return record(
        "RealAgnosticResidualInteractionBlock",
        avg_num_neighbors=average,
        node_feats_irreps=_irreps(before),
        edge_irreps=_irreps(before),
        edge_attrs_irreps=_irreps(harmonics),
        linear_up=_linear(arrays, f"{name}.linear_up", before, before),
        linear=_linear(arrays, f"{name}.linear", found, middle),
        conv_tp=record(
            "TensorProduct",
            irreps_in1=_irreps(before),
            irreps_in2=_irreps(harmonics),
            irreps_out=_irreps(found),
            instructions=instructions,
            _compiled_main_left_right=record("GraphModule", **couplings),
        ),
        conv_tp_weights=_radial(arrays, f"{name}.conv_tp_weights", channels * len(paths)),
        skip_tp=record("FullyConnectedTensorProduct", weight=skip, instructions=skips, irreps_out=_irreps(after)),
    )


def _radial(arrays: _Arrays, name: str, width: int) -> Record:
    """The network from radial functions to weights."""
    matrices: list[torch.Tensor] = []
    while f"{name}.layer{len(matrices)}.weight" in arrays:
        matrices.append(arrays.take(f"{name}.layer{len(matrices)}.weight"))
    if not matrices or matrices[-1].shape[1] != width:
        raise InputError(f"the state dict has no {name} with {width} weights for a pair, which residual blocks have")
    layers = [
        record("_Layer", weight=matrix, var_in=1, var_out=1, act=_silu() if k < len(matrices) - 1 else None)
        for k, matrix in enumerate(matrices)
    ]
    return record("FullyConnectedNet", _modules={f"layer{k}": layer for k, layer in enumerate(layers)})


def _silu() -> Record:
    return record("normalize2mom", f=torch.nn.functional.silu, cst=SILU)


def _readout(arrays: _Arrays, name: str, features: Slots) -> Record:
    """The map from features to an energy."""
    channels = features[0][0]
    if f"{name}.linear.weight" in arrays:
        return record("LinearReadoutBlock", linear=_linear(arrays, f"{name}.linear", features, ((1, 0, 1),)))
    if f"{name}.linear_2.weight" not in arrays:
        raise InputError(f"the state dict has no {name}, and nn.MACE reads out every layer")
    width = arrays.size(f"{name}.linear_1.weight") // channels
    return record(
        "NonLinearReadoutBlock",
        linear_1=_linear(arrays, f"{name}.linear_1", features, ((width, 0, 1),)),
        linear_2=_linear(arrays, f"{name}.linear_2", ((width, 0, 1),), ((1, 0, 1),)),
        non_linearity=record("Activation", acts=_listed([_silu()])),
    )
