"""hippynn's trained weights as networks of invgen, and hippynn's own models on compiled kernels.

Names of hippynn's parameters are those of version 0.1.3.
"""

from __future__ import annotations

import pickle
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import torch

from invgen.errors import InputError
from invgen.nn.descriptors import moment_basis
from invgen.nn.heads import HierarchicalEnergy
from invgen.nn.hipnn import HIPHOPNN, HIPNN, HIPNNTS
from invgen.nn.interaction import Activation
from invgen.nn.potential import Potential
from invgen.nn.sensitivities import Bottleneck, InverseDistanceGaussians, Radial

__all__ = ["load_state", "accelerate"]

State = Mapping[str, Any]
_NETWORK: Final = re.compile(r"^(.*?)blocks\.0\.0\.(base_layer\.)?int_weights$")


def load_state(
    source: str | Path | State,
    *,
    cutoff: float,
    species: Sequence[int] | None = None,
    energy: str | None = None,
    cusp: float | None = None,
    group_norm_eps: float = 1e-5,
    activation: Activation | None = None,
    dtype: torch.dtype | None = None,
    target: str = "c",
) -> Potential:
    """The potential with hippynn's weights: HIP-NN, HIP-NN-TS or HIP-HOP-NN, as the state shows.

    Nothing pickled is executed: files are read with `torch.load(weights_only=True)`. What a state dict does not say is
    asked for: the cutoff (hippynn's dist_hard_max), the species where the state has no encoder, and whatever was not
    left at hippynn's default. Units stay those of the training data.

    hippynn builds its harmonics in the default dtype at import: a model in float64 that was made from float32 differs
    from this one by the rounding of those, 1e-8, unless hippynn was imported with float64 as the default dtype.

    Args:
        source: a file, or a state dict of a hippynn model or of a network alone.
        cutoff: where sensitivities end, in the unit of the positions.
        species: atomic numbers in the order of the features; read from the encoder's map by default.
        energy: the prefix of the energy head, as "moddict.node17"; needed where there are several heads.
        cusp: cusp_reg of HIP-NN-TS; read from the state by default.
        group_norm_eps: of HIP-HOP-NN.
        activation: softplus by default.
        dtype: that of the weights by default.
        target: of the network, see `HIPNN`.

    Raises:
        InputError: the file or the state is not of that kind, or something that it does not say is missing.
    """
    state = _read(source)
    prefixes = sorted({match.group(1) for match in map(_NETWORK.match, state) if match})
    if len(prefixes) != 1:
        raise InputError(
            f"the state holds {len(prefixes)} networks of the HIP-NN family, one is needed: give the state dict of a "
            "hippynn model, or of its network alone"
        )
    network = _Source.of(state, prefixes[0])
    species = _species(state, network.inputs) if species is None else species
    dtype = network.tensor("0.0.int_weights").dtype if dtype is None else dtype
    model = _build(network, species, cutoff, cusp, group_norm_eps, activation, dtype, target)
    head = _head(state, energy, prefixes[0], model.feature_sizes)
    with_species = head is None or len(head) == len(model.feature_sizes)
    potential = Potential(model, HierarchicalEnergy(model.feature_sizes, with_species, dtype))
    translated = {f"network.{name}": value for name, value in _translated(network, model).items()}
    if head is not None:
        for level, layer in enumerate(head):
            translated |= {f"energy.levels.{level}.{name}": value for name, value in layer.items()}
    _load(potential, translated, head is not None)
    return potential


def accelerate(model: torch.nn.Module) -> torch.nn.Module:
    """The same hippynn model with its interactions and invariants compiled: same outputs, parameters and state dict.

    Interaction layers of HIP-NN, HIP-NN-TS and HIP-HOP-NN inside `model` are changed in place to classes that call
    compiled kernels, on the CPU; whatever trains, saves or loads the model goes on as before. Results differ by
    rounding: harmonics are exact here, and apply W before the sum over neighbours.

    Args:
        model: a hippynn network, or anything that holds one, such as a GraphModule.

    Returns:
        The model that was given.

    Raises:
        InputError: hippynn is not installed, or the model holds none of its interaction layers.
    """
    try:
        from invgen.interop.hippynn_layers import COMPILED
    except ImportError as error:
        raise InputError("hippynn is not installed: pip install hippynn") from error
    found = [module for module in model.modules() if type(module) in COMPILED]
    if not found and not any(type(module) in COMPILED.values() for module in model.modules()):
        names = ", ".join(layer.__name__ for layer in COMPILED)
        raise InputError(f"the model holds no layer of hippynn that is compiled; these are: {names}")
    for module in found:
        module.__class__ = COMPILED[type(module)]
    return model


@dataclass(frozen=True)
class _Source:
    """The parameters of one network in a state dict, by block and layer.

    Attributes:
        state: without the network's prefix.
        blocks: how many there are.
        residual: whether layers are wrapped by residuals.
    """

    state: dict[str, Any]
    blocks: int
    residual: bool

    @classmethod
    def of(cls, state: State, prefix: str) -> _Source:
        start = f"{prefix}blocks."
        own = {name[len(start) :]: value for name, value in state.items() if name.startswith(start)}
        blocks = 1 + max(int(name.split(".")[0]) for name in own)
        return cls(own, blocks, "0.0.base_layer.int_weights" in own)

    def layers(self, block: int) -> int:
        """How many layers a block has, the interaction included."""
        return 1 + max(int(name.split(".")[1]) for name in self.state if name.startswith(f"{block}."))

    def find(self, name: str) -> Any:
        """A value by "block.layer.name", past the wrapper of residuals; None if it is not there."""
        block, layer, rest = name.split(".", 2)
        return self.state.get(f"{block}.{layer}.base_layer.{rest}" if self.residual else name)

    def tensor(self, name: str) -> torch.Tensor:
        """A tensor by "block.layer.name".

        Raises:
            InputError: it is not there.
        """
        value = self.find(name)
        if not isinstance(value, torch.Tensor):
            raise InputError(f"the state has no tensor {name!r} of the network: it is not a state of hippynn 0.1.3")
        return value

    @property
    def inputs(self) -> int:
        """How many species there are."""
        return self.tensor("0.0.int_weights").shape[2]


def _read(source: str | Path | State) -> dict[str, Any]:
    if not isinstance(source, str | Path):
        given = source
    else:
        try:
            given = torch.load(source, map_location="cpu", weights_only=True)
        except FileNotFoundError as error:
            raise InputError(f"there is no file {source}; name a state dict that hippynn saved") from error
        except (pickle.UnpicklingError, RuntimeError, EOFError) as error:
            raise InputError(
                f"{source} is not a file of weights alone: save model.state_dict() with torch.save, "
                "or give best_model.pt"
            ) from error
    if isinstance(given, Mapping) and isinstance(given.get("model"), Mapping):
        given = given["model"]
    if not isinstance(given, Mapping) or not all(isinstance(name, str) for name in given):
        raise InputError(f"a state dict maps names to tensors, got {type(given).__name__}")
    return dict(given)


def _species(state: State, count: int) -> tuple[int, ...]:
    maps = [value for name, value in state.items() if name.rpartition(".")[2] == "species_map"]
    if len(maps) != 1:
        raise InputError(
            f"the state holds {len(maps)} maps of species: pass species, the atomic numbers in hippynn's order, "
            "without the 0 of padding"
        )
    places = maps[0].tolist()
    found = sorted((place, number) for number, place in enumerate(places) if place > 0)
    if [place for place, _ in found] != list(range(1, count + 1)):
        raise InputError(f"the map of species has {len(found)} elements, the network {count}: pass species")
    return tuple(number for _, number in found)


def _build(
    network: _Source,
    species: Sequence[int],
    cutoff: float,
    cusp: float | None,
    group_norm_eps: float,
    activation: Activation | None,
    dtype: torch.dtype,
    target: str,
) -> HIPNN | HIPNNTS | HIPHOPNN:
    """A network of that kind and those sizes."""
    weights = [network.tensor(f"{block}.0.int_weights") for block in range(network.blocks)]
    middle = [each.shape[1] for each in weights]
    if network.residual:
        widths = [network.state[f"{block}.0.res_layer.weight"].shape[0] for block in range(network.blocks)]
    else:
        widths = middle
    inner = {m for m, width in zip(middle, widths) if m != width}
    if inner and len(set(middle)) != 1:
        raise InputError(f"residual layers of different inner widths {middle} are not supported: train with one width")
    options: dict[str, Any] = {
        "features": widths,
        "atom_layers": network.layers(0) - 1,
        "radial": _radial(network, cutoff, dtype),
        "residual": middle[0] if inner else network.residual,
        "activation": activation,
        "dtype": dtype,
        "target": target,
    }
    mixing = network.find("0.0.mixing_weights")
    if mixing is not None:
        l_max, n_max = _ranks(mixing.shape[1])
        norm = network.find("0.0.group_norm.weight") is not None
        basis = moment_basis(l_max, n_max)
        return HIPHOPNN(species, cutoff, basis, group_norm=norm, group_norm_eps=group_norm_eps, **options)
    if network.find("0.0.vecscales") is None:
        return HIPNN(species, cutoff, **options)
    if cusp is None:
        said = network.find("0.0._extra_state")
        if not isinstance(said, Mapping) or "cusp_reg" not in said:
            raise InputError("the state does not say the cusp regularisation of HIP-NN-TS: pass cusp")
        cusp = float(said["cusp_reg"])
    return HIPNNTS(species, cutoff, l_max=1 if network.find("0.0.quadscales") is None else 2, cusp=cusp, **options)


def _ranks(members: int) -> tuple[int, int]:
    """(l_max, n_max) of hippynn's list with this many members; each number but 1 and 2 occurs once."""
    known = {1: (0, 1), 2: (1, 2)} | {len(moment_basis(l, n)): (l, n) for l in (2, 3) for n in (2, 3, 4)}
    if members not in known:
        raise InputError(f"hippynn has no list of {members} invariants; its lists have {sorted(known)}")
    return known[members]


def _radial(network: _Source, cutoff: float, dtype: torch.dtype) -> Callable[[], Radial]:
    bare = network.find("0.0.sensitivity.base_sense.mu")
    number = network.tensor("0.0.int_weights").shape[0]

    def gaussians() -> Radial:
        # Centres and widths are loaded afterwards; these only have to be valid.
        count = number if bare is None else bare.numel()
        base = InverseDistanceGaussians(count, cutoff / 4, cutoff / 2, cutoff, dtype)
        return base if bare is None else Bottleneck(base, number)

    return gaussians


def _translated(network: _Source, model: HIPNN | HIPNNTS | HIPHOPNN) -> dict[str, torch.Tensor]:
    """The state of our network from hippynn's."""
    wrapped = "layer."  # both residual and plain blocks hold what they wrap under this name
    result: dict[str, torch.Tensor] = {}
    for block in range(network.blocks):
        here, there = f"blocks.{block}.0.{wrapped}", f"{block}.0."
        # hippynn: (sensitivity, output, input).
        result[f"{here}moments.weight"] = network.tensor(f"{there}int_weights").permute(2, 0, 1)
        for name in ("weight", "bias"):
            result[f"{here}own.{name}"] = network.tensor(f"{there}selfint.{name}")
        bottleneck = network.find(f"{there}sensitivity.matching")
        base, ours = ("", "") if bottleneck is None else ("base_sense.", "base.")
        result[f"{here}radial.{ours}centres"] = network.tensor(f"{there}sensitivity.{base}mu").flatten()
        result[f"{here}radial.{ours}widths"] = network.tensor(f"{there}sensitivity.{base}sigma").flatten()
        if bottleneck is not None:
            result[f"{here}radial.mixing"] = bottleneck
        result |= {f"{here}readout.{name}": value for name, value in _readout(network, there, model).items()}
        for layer in range(network.layers(block)):
            at, from_ = f"blocks.{block}.{layer}.", f"{block}.{layer}."
            if layer:
                for name in ("weight", "bias"):
                    result[f"{at}{wrapped}{name}"] = network.tensor(f"{from_}{name}")
            if network.residual:
                result[f"{at}back.weight"] = network.state[f"{from_}res_layer.weight"]
                result[f"{at}back.bias"] = network.state[f"{from_}res_layer.bias"]
                past = network.state.get(f"{from_}adjust_layer.weight")
                result |= {} if past is None else {f"{at}past.weight": past}
    return result


def _readout(network: _Source, there: str, model: HIPNN | HIPNNTS | HIPHOPNN) -> dict[str, torch.Tensor]:
    if isinstance(model, HIPNNTS):
        quadratic = network.find(f"{there}quadscales")
        vectors = network.tensor(f"{there}vecscales")
        return {"scales": torch.stack([vectors] if quadratic is None else [vectors, quadratic])}
    if not isinstance(model, HIPHOPNN):
        return {}
    mixing = network.tensor(f"{there}mixing_weights")
    # hippynn mixes (feature, invariant) pairs feature by feature, we invariant by invariant; hippynn's parameter is
    # (feature, invariant, output) as it is used.
    result = {"mixing": mixing.transpose(0, 1)}
    for name in ("weight", "bias"):
        norm = network.find(f"{there}group_norm.{name}")
        if norm is not None:
            result[f"normalisation.{name}"] = norm.unflatten(0, (mixing.shape[1], mixing.shape[0]))
    return result


def _head(state: State, prefix: str | None, network: str, sizes: Sequence[int]) -> list[dict[str, torch.Tensor]] | None:
    """The layers of the energy head, None if the state has none."""
    pattern = re.compile(r"^(.*?)\.?layers\.(\d+)\.(weight|bias)$")
    heads: dict[str, dict[int, dict[str, torch.Tensor]]] = {}
    for name, value in state.items():
        match = pattern.match(name)
        if match and not name.startswith(f"{network}blocks."):
            heads.setdefault(match[1], {}).setdefault(int(match[2]), {})[match[3]] = value
    if prefix is not None:
        prefix = prefix.rstrip(".")
        if prefix not in heads:
            raise InputError(f"the state has no head {prefix!r}; it has {sorted(heads)}")
        heads = {prefix: heads[prefix]}
    if len(heads) > 1:
        raise InputError(f"the state has several heads, {sorted(heads)}: pass the prefix of the energy's as energy")
    if not heads:
        return None
    ((name, layers),) = heads.items()
    ordered = [layers[level] for level in sorted(layers)]
    widths = [layer["weight"].shape for layer in ordered]
    if widths not in ([(1, size) for size in sizes], [(1, size) for size in sizes[1:]]):
        raise InputError(
            f"the head {name!r} has layers of shapes {[tuple(w) for w in widths]}, an energy of this network needs "
            f"(1, width) for the widths {list(sizes)}"
        )
    return ordered


def _load(potential: Potential, translated: dict[str, torch.Tensor], whole: bool) -> None:
    """Copy tensors into parameters of the same names and shapes: all of them, but for the head where `whole` is not."""
    parameters = dict(potential.named_parameters())
    missing = [n for n in parameters if n not in translated and (whole or not n.startswith("energy."))]
    strange = [n for n, value in translated.items() if n not in parameters or parameters[n].shape != value.shape]
    if missing or strange:
        raise InputError(
            f"the state does not fit the network that it describes: {sorted(missing + strange)[:3]} do not agree; it "
            "is not a state of hippynn 0.1.3"
        )
    with torch.no_grad():
        for name, value in translated.items():
            parameters[name].copy_(value)
