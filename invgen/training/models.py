"""The potential that a configuration describes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch

from invgen.basis.basis import Basis
from invgen.errors import BasisFileError, InputError
from invgen.nn.ace import ACE
from invgen.nn.allegro import Allegro
from invgen.nn.equivariant import EquivariantNetwork
from invgen.nn.equivariant_kinds import MACE, BOTNet, NequIP
from invgen.nn.heads import AtomScalars
from invgen.nn.hipnn import HIPHOPNN, HIPNN, HIPNNTS
from invgen.nn.network import HasBasis
from invgen.nn.potential import Potential
from invgen.nn.repulsion import ZBL
from invgen.nn.sensitivities import Bessel
from invgen.nn.tensor_heads import Dipole, Polarizability
from invgen.runtime.arguments import TORCH_DTYPES
from invgen.runtime.targets import targets_on
from invgen.structures import Dataset
from invgen.training.ace import ACENetwork, OneEnergy
from invgen.training.bases import build_basis
from invgen.training.basis_config import BasisConfig
from invgen.training.config import Config, ModelConfig

_COMMON = ("features", "interactions", "atom_layers", "sensitivities", "soft_min", "soft_max", "residual")
_EQUIVARIANT: dict[str, type[EquivariantNetwork]] = {
    "MACE": MACE,
    "NequIP": NequIP,
    "BOTNet": BOTNet,
    "EquivariantNetwork": EquivariantNetwork,
}
_OPTIONS = (
    *(
        "messages",
        "correlation",
        "l_max",
        "layers",
        "channels",
        "nonlinearity",
        "average_neighbours",
        "self_connection",
        "normalisation",
        "distance_transform",
        "radial_hidden",
        "tables",
    ),
    *("readout", "levels"),
)
_ALLEGRO = ("l_max", "parity", "layers", "channels", "features", "hidden", "average_neighbours")
_SAMPLE = 200  # frames whose neighbours are counted
_DEVICES = {"cpu": "cpu", "gpu": "cuda"}
_TENSORS = {"dipole": Dipole, "polarizability": Polarizability}
_DEFAULT = BasisConfig(l_max=3, max_degree=4, select="hippynn")


def build_potential(config: Config, elements: tuple[int, ...], basis: Basis | None) -> Potential:
    """The potential with its first weights, which the seed determines; torch's own random state is left alone.

    Args:
        config: of the run.
        elements: atomic numbers.
        basis: that of `model_basis`.

    Raises:
        InputError: the model or its basis is refused.
    """
    dtype = TORCH_DTYPES[config.dtype]
    target = config.model.target or _target(config)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(config.seed)
        network = _network(config, elements, basis, dtype, target)
        repulsion = None
        if config.model.repulsion is not None:
            repulsion = ZBL(elements, config.model.cutoff, dtype=dtype)
        if isinstance(network, ACENetwork):
            return Potential(network, OneEnergy(), repulsion=repulsion)
        tensors = {name: head(network) for name, head in _TENSORS.items() if getattr(config.loss, name)}
        scalars = {"charges": AtomScalars(network.feature_sizes, dtype=dtype)} if config.loss.charges else {}  # type: ignore[arg-type]
        return Potential(network, scalars=scalars, tensors=tensors, repulsion=repulsion)


def model_basis(config: Config, elements: tuple[int, ...], folder: Path) -> Basis | None:
    """The basis of a model, or None where it has none.

    Raises:
        InputError: it cannot be made.
        BasisFileError: its file is missing or damaged.
    """
    if config.model.kind not in ("HIPHOPNN", "ACE"):
        return None
    given, space = config.model.basis or _DEFAULT, None
    try:
        if config.model.kind == "ACE" and given.l_max is not None:
            space = ACE.space(len(elements), config.model.n_radial or 1, given.l_max)
        return build_basis(given, folder, space)
    except (InputError, BasisFileError) as error:
        raise type(error)(f"model.basis: {error}") from None


def basis_of(potential: Potential) -> Basis | None:
    """The basis that the network of a potential was built with, if it has one."""
    network = potential.network
    return network.basis if isinstance(network, HasBasis) else None


def _network(
    config: Config, elements: tuple[int, ...], basis: Basis | None, dtype: torch.dtype, target: str
) -> torch.nn.Module:
    model = config.model
    if model.kind == "Allegro":
        return _allegro(model, elements, dtype, target)
    if model.kind in _EQUIVARIANT:
        return _equivariant(config, elements, dtype, target)
    options: dict[str, Any] = {name: getattr(model, name) for name in _COMMON if getattr(model, name) is not None}
    if model.radial == "bessel":
        number = options.pop("sensitivities", 20)
        options["radial"] = lambda: Bessel(number, model.cutoff, dtype=dtype)
    options |= {"dtype": dtype, "target": target}
    if model.kind == "HIPNN":
        return HIPNN(elements, model.cutoff, **options)
    if model.kind == "HIPNNTS":
        ranks: dict[str, Any] = {} if model.l_max is None else {"l_max": model.l_max}
        return HIPNNTS(elements, model.cutoff, **ranks, **options)
    if model.kind == "HIPHOPNN":
        norm: dict[str, Any] = {} if model.group_norm is None else {"group_norm": model.group_norm}
        return HIPHOPNN(elements, model.cutoff, _present(basis), **norm, **options)
    return ACENetwork(_present(basis), elements, model.cutoff, model.n_radial or 1, model.hidden or (), dtype, target)


def _target(config: Config) -> str:
    """The target for the device of the run, where none is asked for."""
    if config.model.kind in (*_EQUIVARIANT, "Allegro") and config.hardware.accelerator == "gpu":
        return "torch"
    return targets_on(_DEVICES[config.hardware.accelerator])[0]


def _equivariant(config: Config, elements: tuple[int, ...], dtype: torch.dtype, target: str) -> EquivariantNetwork:
    model = config.model
    options: dict[str, Any] = {name: getattr(model, name) for name in _OPTIONS if getattr(model, name) is not None}
    # Dipoles and polarizabilities read the last layer too.
    heads = [irrep for name, irrep in (("dipole", "1o"), ("polarizability", "2e")) if getattr(config.loss, name)]
    if heads:
        options["last"] = " + ".join(["0e", *heads])
    if model.readout == 0:
        options["readout"] = None
    if model.n_radial is not None:
        number, power = model.n_radial, 6 if model.kind == "NequIP" else 5
        options["radial"] = lambda: Bessel(number, model.cutoff, power, learn=False, dtype=dtype)
    return _EQUIVARIANT[model.kind](elements, model.cutoff, **options, dtype=dtype, target=target)


def _allegro(model: ModelConfig, elements: tuple[int, ...], dtype: torch.dtype, target: str) -> Allegro:
    options: dict[str, Any] = {name: getattr(model, name) for name in _ALLEGRO if getattr(model, name) is not None}
    number = model.n_radial
    if number is not None:
        options["radial"] = lambda: Bessel(number, model.cutoff, learn=False, dtype=dtype)
    return Allegro(elements, model.cutoff, **options, dtype=dtype, target=target)


def mean_neighbours(dataset: Dataset) -> float:
    """How many neighbours an atom has in the mean of at most 200 frames; 1 where there are none."""
    batches = [dataset.batch([frame]) for frame in range(min(_SAMPLE, len(dataset)))]
    atoms = sum(batch.atoms for batch in batches)
    pairs = sum(0 if batch.pairs is None else batch.pairs.neighbours.index.shape[0] for batch in batches)
    return pairs / atoms if pairs else 1.0


def _present(basis: Basis | None) -> Basis:
    if basis is None:
        raise InputError("a model with invariants needs its basis: pass that of model_basis")
    return basis
