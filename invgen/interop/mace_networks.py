"""A MACE model of mace-torch as a network of invgen: the same numbers from weights that were rewritten once."""

from __future__ import annotations

from collections.abc import Callable
from math import sqrt
from pathlib import Path
from typing import Any

import torch

from invgen.checks import positive
from invgen.errors import InputError, InvgenError
from invgen.interop.e3nn_layouts import instruction_weights, own_sign, slots_of
from invgen.interop.mace_checks import check, head_of, options_of
from invgen.interop.mace_contractions import bases_for, map_of, weights_of
from invgen.interop.mace_heads import fill_heads, readout_width, repulsion_of
from invgen.interop.mace_states import model_of_state
from invgen.interop.replacing import check_model
from invgen.interop.torch_files import Record, read
from invgen.nn.covariant_linear import SpeciesLinear
from invgen.nn.equivariant_kinds import MACE
from invgen.nn.equivariant_layers import EquivariantLayer
from invgen.nn.potential import Potential
from invgen.nn.radial_weights import SILU_GAIN
from invgen.nn.sensitivities import Bessel
from invgen.spaces.irreps import symbol_of


def potential_of(model: Any, target: str = "c", *, head: str | None = None, tables: int | None = None) -> Potential:
    """A potential on `nn.MACE` with the energies and forces of a model of mace-torch.

    Every map of MACE is one of ours times factors, which weights take up: path weights of e3nn, signs of couplings, and
    the direction of vectors. Paths of symmetric contractions are sums of members of our bases. Energies of isolated
    atoms, scale and shift go to the head. A pair repulsion is `potential.repulsion`, a `ZBL` that has the scale.
    Parameters are copies: training one model does not change the other.

    Args:
        model: a `MACE` or `ScaleShiftMACE` of mace-torch 0.3.16, in memory, with blocks of
            `invgen.interop.mace_checks.WHOLE`, Bessel functions of the distance or of its Agnesi transform, and as many
            channels for every irrep.
        target: of the kernels: "c" for CPUs, "torch" for any device.
        head: the name of one of the model's heads, whose energies the potential gives; needed where there are several.
        tables: as of `nn.MACE`: how many knots radial networks run on in place of all pairs; None for all pairs.

    Raises:
        InputError: the model has a part that `nn.MACE` does not, no head of this name, or several and none is named.
    """
    check_model(model, "interop.mace.potential_of", "mace-torch")
    return _rebuilt(model, target, head, tables)


def load(
    path: str | Path,
    target: str = "c",
    *,
    average_neighbours: float | None = None,
    head: str | None = None,
    tables: int | None = None,
) -> Potential:
    """A potential on `nn.MACE` with the energies and forces of a model that mace-torch saved.

    No code of the file is run, also where `import mace` has switched off torch's own protection: the file is read as
    records (`interop.torch_files`), and weights go where `potential_of` puts them. Neither mace-torch nor e3nn is
    imported or needed. The network is `potential.network`, an `nn.MACE`; the head, `potential.energy`, has the
    energies of isolated atoms, scale and shift. Numbers are those of `potential_of`, in the dtype of the file, on the
    CPU.

    Args:
        path: of a `.model` file, the pickle of a whole model that mace-torch and `torch.save(model, path)` write, or of
            a checkpoint or state dict; in both cases of a model that `potential_of` takes. Of the latter with residual
            blocks, distances as they are, no repulsion and one head.
        target: of the kernels: "c" for CPUs, "torch" for any device.
        average_neighbours: `avg_num_neighbors` of the model, for a file of a state dict, which does not say it. Such a
            file does not say activations and cutoffs either: they are those that mace-torch has by default (silu, and
            radial functions times the cutoff).
        head: the name of one of the model's heads, as of `potential_of`.
        tables: as of `potential_of`.

    Raises:
        InputError: the file cannot be read, is damaged or not of `torch.save`, is TorchScript, calls a function that is
            not part of a model, the model has a part that `nn.MACE` does not, no head of this name, or several and
            none is named, or `average_neighbours` is missing or given for a `.model` file.
    """
    try:
        return _rebuilt(_model_in(read(path), average_neighbours), target, head, tables)
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


def _rebuilt(model: Any, target: str, head: str | None, tables: int | None) -> Potential:
    """The potential of a model, of a module or of its record.

    Raises:
        InputError: the model has a part that `nn.MACE` does not, or the head is not one of its own.
    """
    check(model)
    number = head_of(model, head)
    first = model.interactions[0]
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
        radial=lambda: Bessel(functions, cutoff, power, learn=False, dtype=dtype),
        radial_hidden=tuple(int(layer.weight.shape[1]) for layer in list(first.conv_tp_weights.children())[:-1]),
        readout=readout_width(model.readouts[-1]),
        tables=tables,
        dtype=dtype,
        target=target,
        **options_of(model),
    )
    potential = Potential(network, repulsion=repulsion_of(model, number, network))
    with torch.no_grad():
        _embed(model, network)
        _fill_distances(model, network)
        for block, product, layer in zip(model.interactions, model.products, network.layers, strict=True):
            _fill(block, product, layer)
        fill_heads(model, number, network, potential)
    return potential.eval()


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
    first: Any = network.layers[0]
    if first.own is None:
        return
    skip, weight = next(
        (each, own) for each, own in instruction_weights(model.interactions[0].skip_tp) if each.i_out == 0
    )
    first.own.copy_(torch.einsum("zu,uzv->zv", table, weight) * float(skip.path_weight))


def _fill_distances(model: Any, network: MACE) -> None:
    """What radial functions are made of, with the digits that the model has."""
    theirs, ours = model.radial_embedding, network.transform
    if isinstance(network.radial, Bessel):
        network.radial.wave_numbers.copy_(theirs.bessel_fn.bessel_weights)
    if ours is not None:
        ours.radii.copy_(theirs.distance_transform.covalent_radii[model.atomic_numbers])
        for name in ("q", "p", "a"):
            getattr(ours, name).copy_(getattr(theirs.distance_transform, name))


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
    if layer.density is not None:
        _fill_network(layer.density, block.density_fn)
    for ours in (layer.own, layer.species_map):
        if isinstance(ours, SpeciesLinear):
            _fill_by_species(ours, block.skip_tp)
    contraction = product.symmetric_contractions
    theirs = bases_for(contraction)
    parts_of_weights = []
    for part, basis, own in zip(contraction.contractions, theirs, layer.product.bases, strict=True):
        if own.id != basis.id:
            raise InputError("the bases of a product are not those of the model: its irreps stand in another order")
        map_ = map_of(part, basis).to(layer.product.weight)
        parts_of_weights.append(torch.einsum("skc,kj->sjc", weights_of(part), map_))
    layer.product.weight.copy_(torch.cat(parts_of_weights, 1) / layer.product.scales)


def _fill_by_species(ours: SpeciesLinear, module: Any) -> None:
    """One matrix for each irrep and species, which our map divides by the root of its inputs."""
    parts = {int(each.i_out): (each, own) for each, own in instruction_weights(module)}
    names = [symbol_of(l, parity) for _, l, parity in slots_of(module.irreps_out)]
    found = []
    for each in ours.irreps_out:
        instruction, own = parts[names.index(each.irrep)]
        # The coupling of rank l with a scalar is the unit matrix over the root of 2l + 1.
        factor = float(instruction.path_weight) * sqrt(own.shape[0] / each.components)
        found.append(own.transpose(0, 1).flatten(1) * factor)
    ours.weight.copy_(torch.cat(found, 1))


def _fill_network(ours: Any, theirs: Any, last: Callable[[torch.Tensor], torch.Tensor] = lambda weight: weight) -> None:
    """The matrices of a radial network, of which the last one goes through a function."""
    layers = list(theirs.children())
    for number, (matrix, layer) in enumerate(zip(ours.matrices, layers, strict=True)):
        weight = layer.weight
        if number == len(layers) - 1:
            weight = last(weight * sqrt(layer.var_out / layer.var_in))
        if number:
            weight = weight * (float(layers[number - 1].act.cst) / SILU_GAIN)
        matrix.copy_(weight)


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
    _fill_network(
        ours.radial,
        block.conv_tp_weights,
        lambda weight: torch.cat([weight[:, columns] * factor for columns, factor, _ in order], 1),
    )
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
