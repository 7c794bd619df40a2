"""A MACE model of mace-torch as a network of invgen: the same numbers from weights that were rewritten once."""

from __future__ import annotations

from math import sqrt
from pathlib import Path
from typing import Any

import torch

from invgen.checks import positive
from invgen.errors import InputError, InvgenError
from invgen.interop.e3nn_layouts import instruction_weights, own_sign, slots_of
from invgen.interop.mace_contractions import bases_for, map_of, weights_of
from invgen.interop.mace_states import model_of_state
from invgen.interop.replacing import check_model
from invgen.interop.torch_files import Record, read
from invgen.nn.equivariant_kinds import MACE
from invgen.nn.equivariant_layers import EquivariantLayer
from invgen.nn.potential import Potential
from invgen.nn.radial_weights import SILU_GAIN
from invgen.nn.sensitivities import Bessel
from invgen.spaces.irreps import symbol_of

BLOCK = "RealAgnosticResidualInteractionBlock"
PRODUCT = "EquivariantProductBasisBlock"


def potential_of(model: Any, target: str = "c") -> Potential:
    """A potential on `nn.MACE` with the energies and forces of a model of mace-torch.

    Every map of MACE is one of ours times factors, which weights take up: path weights of e3nn, signs of couplings, and
    the direction of vectors. Paths of symmetric contractions are sums of members of our bases. Energies of isolated
    atoms, scale and shift go to the head. Parameters are copies: training one model does not change the other.

    Args:
        model: a `MACE` or `ScaleShiftMACE` of mace-torch 0.3.16, in memory, with residual blocks (`BLOCK`), Bessel
            functions, one head, and as many channels for every irrep.
        target: of the kernels: "c" for CPUs, "torch" for any device.

    Raises:
        InputError: the model has a part that `nn.MACE` does not.
    """
    check_model(model, "interop.mace.potential_of", "mace-torch")
    return _rebuilt(model, target)


def load(path: str | Path, target: str = "c", *, average_neighbours: float | None = None) -> Potential:
    """A potential on `nn.MACE` with the energies and forces of a model that mace-torch saved.

    No code of the file is run, also where `import mace` has switched off torch's own protection: the file is read as
    records (`interop.torch_files`), and weights go where `potential_of` puts them. Neither mace-torch nor e3nn is
    imported or needed. The network is `potential.network`, an `nn.MACE`; the head, `potential.energy`, has the
    energies of isolated atoms, scale and shift. Numbers are those of `potential_of`, in the dtype of the file, on the
    CPU.

    Args:
        path: of a `.model` file, the pickle of a whole model that mace-torch and `torch.save(model, path)` write, or of
            a checkpoint or state dict; in both cases of a model that `potential_of` takes.
        target: of the kernels: "c" for CPUs, "torch" for any device.
        average_neighbours: `avg_num_neighbors` of the model, for a file of a state dict, which does not say it. Such a
            file does not say activations and cutoffs either: they are those that mace-torch has by default (silu, and
            radial functions times the cutoff).

    Raises:
        InputError: the file cannot be read, is damaged or not of `torch.save`, is TorchScript, calls a function that is
            not part of a model, the model has a part that `nn.MACE` does not, or `average_neighbours` is missing or
            given for a `.model` file.
    """
    try:
        return _rebuilt(_model_in(read(path), average_neighbours), target)
    except InputError as error:
        raise InputError(str(error) if str(path) in str(error) else f"{path} is not taken: {error}") from error
    except InvgenError:
        raise
    except Exception as error:  # a file that is damaged fails in every way there is
        raise InputError(f"{path} is damaged or not of mace-torch 0.3.16: {error or type(error).__name__}") from error


def _model_in(found: Any, average_neighbours: float | None) -> Any:
    """The record of a model.

    Raises:
        InputError: the file holds something else.
    """
    if isinstance(found, Record):
        if average_neighbours is not None:
            raise InputError("the file holds a whole model, which says average_neighbours itself: leave it out")
        return found
    state = found.get("model", found) if isinstance(found, dict) else None
    if not isinstance(state, dict) or not state or not all(isinstance(each, torch.Tensor) for each in state.values()):
        raise InputError("it holds neither a model of mace-torch nor a state dict of one")
    if average_neighbours is None:
        raise InputError(
            "it holds a state dict, which does not say by what sums over neighbours are divided: give "
            "average_neighbours=, the avg_num_neighbors of the model"
        )
    return model_of_state(state, positive("average_neighbours", average_neighbours))


def _rebuilt(model: Any, target: str) -> Potential:
    """The potential of a model, of a module or of its record.

    Raises:
        InputError: the model has a part that `nn.MACE` does not.
    """
    _check(model)
    first, last = model.interactions[0], model.readouts[-1]
    hidden = slots_of(model.interactions[-1].node_feats_irreps)
    end = slots_of(model.products[-1].linear.irreps_out)
    dtype = first.linear_up.weight.dtype
    cutoff, power = float(model.r_max), int(model.radial_embedding.cutoff_fn.p)
    functions = len(model.radial_embedding.bessel_fn.bessel_weights)
    contraction = model.products[0].symmetric_contractions.contractions[0]
    network = MACE(
        model.atomic_numbers.tolist(),
        cutoff,
        messages=_text(hidden),
        correlation=int(contraction.correlation),
        l_max=max(l for _, l, _ in slots_of(first.edge_attrs_irreps)),
        layers=len(model.interactions),
        channels=hidden[0][0],
        last=_text(end),
        average_neighbours=float(first.avg_num_neighbors),
        radial=lambda: Bessel(functions, cutoff, power, learn=False, dtype=dtype),
        radial_hidden=tuple(int(layer.weight.shape[1]) for layer in list(first.conv_tp_weights.children())[:-1]),
        readout=int(last.linear_1.weight.numel()) // hidden[0][0] if hasattr(last, "linear_1") else None,
        dtype=dtype,
        target=target,
    )
    potential = Potential(network)
    with torch.no_grad():
        _embed(model, network)
        for number, layer in enumerate(network.layers):
            _fill(model.interactions[number], model.products[number], layer)
        _fill_heads(model, network, potential)
    return potential.eval()


def _check(model: Any) -> None:
    """Every part is one that `nn.MACE` has.

    Raises:
        InputError: one is not.
    """
    what = ""
    blocks = [type(block).__name__ for block in getattr(model, "interactions", ())]
    if not blocks:
        raise InputError(f"{type(model).__name__} has none of MACE's interaction blocks")
    if not {"MACE", "ScaleShiftMACE"} & {each.__name__ for each in type(model).__mro__}:
        raise InputError(f"{type(model).__name__} is not a MACE of energies: take MACE or ScaleShiftMACE")
    others = [name for name in blocks if name != BLOCK]
    radial = model.radial_embedding
    if others:
        what = f"an interaction block of class {others[0]}"
    elif any(type(product).__name__ != PRODUCT for product in model.products):
        what = "a product of another class: convert or load the model before it is accelerated"
    elif type(radial.bessel_fn).__name__ != "BesselBasis" or hasattr(radial, "distance_transform"):
        what = "radial functions other than Bessel functions of the distance"
    elif getattr(model, "pair_repulsion", False):
        what = "a pair repulsion"
    elif len(getattr(model, "heads", ("Default",))) != 1:
        what = f"{len(model.heads)} heads"
    elif not getattr(radial, "apply_cutoff", True) or len(model.readouts) != len(model.interactions):
        what = "a cutoff outside the radial functions, or readouts of some layers alone"
    elif any(getattr(product, "use_agnostic_product", False) for product in model.products):
        what = "products without species"
    elif any(getattr(block, "edge_irreps", own := block.node_feats_irreps) != own for block in model.interactions):
        what = "other irreps on edges than on atoms"
    elif any(parity != (-1) ** l for _, l, parity in slots_of(model.interactions[0].edge_attrs_irreps)):
        what = "harmonics without parity"
    elif any(act != "silu" for act in _activations(model)):
        what = "activations other than silu"
    if what:
        raise InputError(f"nn.MACE has no counterpart for {what}; interop.mace.accelerate keeps the model as it is")


def _activations(model: Any) -> list[str]:
    """The names of the functions in radial networks and readouts."""
    acts = [
        layer.act for block in model.interactions for layer in block.conv_tp_weights.children() if layer.act is not None
    ]
    acts += [act for each in model.readouts if hasattr(each, "linear_1") for act in each.non_linearity.acts]
    return [str(getattr(act.f, "__name__", type(act.f).__name__)).lower() for act in acts]


def _text(slots: tuple[tuple[int, int, int], ...]) -> str:
    if len({mul for mul, _, _ in slots}) != 1:
        raise InputError("nn.MACE has as many channels for every irrep, the model has several numbers")
    return " + ".join(symbol_of(l, parity) for _, l, parity in slots)


def _embedding(model: Any) -> torch.Tensor:
    """(species, channels), what an atom's features are at first."""
    (found,) = instruction_weights(model.node_embedding.linear)
    return found[1] * float(found[0].path_weight)


def _embed(model: Any, network: MACE) -> None:
    """The first layer, which has no map before the convolution, and whose own features are a table."""
    table = _embedding(model)
    ((up, matrix),) = instruction_weights(model.interactions[0].linear_up)
    network.embedding.copy_(table @ matrix * float(up.path_weight))
    skip, weight = next(
        (each, own) for each, own in instruction_weights(model.interactions[0].skip_tp) if each.i_out == 0
    )
    first: Any = network.layers[0]
    first.own.copy_(torch.einsum("zu,uzv->zv", table, weight) * float(skip.path_weight))


def _maps(module: Any) -> dict[tuple[int, int], torch.Tensor]:
    """The matrix of e3nn's `Linear` for each irrep of its argument and of its result."""
    return {
        (int(each.i_in), int(each.i_out)): own * float(each.path_weight) for each, own in instruction_weights(module)
    }


def _fill(block: Any, product: Any, layer: Any) -> None:
    """The weights of one layer."""
    if layer.up is not None:
        _fill_linear(layer.up, block.linear_up)
    _fill_radial(block, layer)
    _fill_linear(layer.after, product.linear)
    if not isinstance(layer.own, torch.nn.Parameter):
        parts = {int(each.i_out): (each, own) for each, own in instruction_weights(block.skip_tp)}
        names = [symbol_of(l, parity) for _, l, parity in slots_of(block.skip_tp.irreps_out)]
        found = []
        for each in layer.own.irreps_out:
            instruction, own = parts[names.index(each.irrep)]
            # The coupling of rank l with a scalar is the unit matrix over the root of 2l + 1.
            factor = float(instruction.path_weight) * sqrt(own.shape[0] / each.components)
            found.append(own.transpose(0, 1).flatten(1) * factor)
        layer.own.weight.copy_(torch.cat(found, 1))
    contraction = product.symmetric_contractions
    theirs = bases_for(contraction)
    parts_of_weights = []
    for part, basis, own in zip(contraction.contractions, theirs, layer.product.bases, strict=True):
        if own.id != basis.id:
            raise InputError("the bases of a product are not those of the model: its irreps stand in another order")
        map_ = map_of(part, basis).to(layer.product.weight)
        parts_of_weights.append(torch.einsum("skc,kj->sjc", weights_of(part), map_))
    layer.product.weight.copy_(torch.cat(parts_of_weights, 1) / layer.product.scales)


def _fill_linear(ours: Any, module: Any) -> None:
    """One matrix for each irrep, which our map divides by the root of its inputs."""
    maps = _maps(module)
    inputs = [symbol_of(l, parity) for _, l, parity in slots_of(module.irreps_in)]
    outputs = [symbol_of(l, parity) for _, l, parity in slots_of(module.irreps_out)]
    found = []
    for each in ours.irreps_out:
        matrix = maps[inputs.index(each.irrep), outputs.index(each.irrep)]
        found.append((matrix * sqrt(matrix.shape[0])).flatten())
    ours.weight.copy_(torch.cat(found))


def _fill_radial(block: Any, layer: EquivariantLayer) -> None:
    """The radial network with our order of paths and our signs, and the linear map after the convolution."""
    conv = block.conv_tp
    sources, harmonics = slots_of(conv.irreps_in1), slots_of(conv.irreps_in2)
    targets = slots_of(conv.irreps_out)
    ours: Any = layer
    places = {}
    begin = 0
    for instruction in conv.instructions:
        (mul, a, pa), (_, b, pb), (_, c, pc) = (
            sources[instruction.i_in1],
            harmonics[instruction.i_in2],
            targets[instruction.i_out],
        )
        # Their vectors go from the source to the receiver, which changes the sign of odd harmonics.
        factor = own_sign(conv, a, b, c) * (-1) ** b * float(instruction.path_weight) / sqrt(2 * c + 1)
        key = symbol_of(a, pa), symbol_of(b, pb), symbol_of(c, pc)
        places[key] = (slice(begin, begin + mul), factor, int(instruction.i_out))
        begin += mul
    order = [places[path.source, path.harmonic, path.target] for path in ours.convolve.paths]
    layers = list(block.conv_tp_weights.children())
    for number, (matrix, theirs) in enumerate(zip(ours.radial.matrices, layers, strict=True)):
        weight = theirs.weight * sqrt(theirs.var_out / theirs.var_in) if number == len(layers) - 1 else theirs.weight
        if number == len(layers) - 1:
            weight = torch.cat([weight[:, columns] * factor for columns, factor, _ in order], 1)
        if number:
            weight = weight * (float(layers[number - 1].act.cst) / SILU_GAIN)
        matrix.copy_(weight)
    maps = _maps(block.linear)
    names = [symbol_of(l, parity) for _, l, parity in slots_of(block.linear.irreps_out)]
    found = []
    for each in ours.mix.irreps_out:
        own = [
            maps[place, names.index(each.irrep)]
            for path, (_, _, place) in zip(ours.convolve.paths, order, strict=True)
            if path.target == each.irrep
        ]
        matrix = torch.cat(own)
        found.append((matrix * sqrt(matrix.shape[0])).flatten())
    ours.mix.weight.copy_(torch.cat(found))


def _fill_heads(model: Any, network: MACE, potential: Potential) -> None:
    """Energies of atoms, scale and shift, and the readouts of all layers."""
    scaled = getattr(model, "scale_shift", None)
    scale = 1.0 if scaled is None else float(scaled.scale)
    shift = 0.0 if scaled is None else float(scaled.shift)
    head: Any = potential.energy
    hidden: Any = network.readout
    head.levels[0].weight.copy_(model.atomic_energies_fn.atomic_energies.reshape(1, -1) + shift)
    for level, readout in zip(list(head.levels)[1:], model.readouts, strict=True):
        level.bias.zero_()
        if hasattr(readout, "linear_1"):
            (inner, matrix), (outer, vector) = (
                next(iter(instruction_weights(each))) for each in (readout.linear_1, readout.linear_2)
            )
            hidden.copy_(matrix * (float(inner.path_weight) * sqrt(matrix.shape[0])))
            gain = float(readout.non_linearity.acts[0].cst) / SILU_GAIN
            level.weight.copy_(vector.reshape(1, -1) * (float(outer.path_weight) * gain * scale))
        else:
            outer, vector = next(iter(instruction_weights(readout.linear)))
            level.weight.copy_(vector.reshape(1, -1) * (float(outer.path_weight) * scale))
