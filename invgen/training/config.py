"""What one training run is: frozen dataclasses, the same in Python and in one YAML file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from invgen import schema
from invgen.errors import InputError
from invgen.nn.residuals import residual_state
from invgen.runtime.targets import check_target
from invgen.structures.elements import SYMBOLS
from invgen.structures.structure import TARGETS
from invgen.training.basis_config import BasisConfig, at_least


@dataclass(frozen=True)
class SourceConfig:
    """Frames of a file, as `invgen.structures.read` takes it.

    Attributes:
        file: extxyz, db, npz, h5, or a tar archive.
        member: the file in an archive.
        keys: where the file keeps targets under other names.
        energy_unit: of files that do not say it.
        length_unit: the same.
        stress_unit: the same.
        dipole_unit: the same.
        polarizability_unit: the same.
        select: labels that frames must have, such as {split: train}.
        frames: the first frame and the one after the last, of those selected.
    """

    file: str
    member: str | None = None
    keys: Mapping[str, str] = field(default_factory=dict)
    energy_unit: str | None = None
    length_unit: str | None = None
    stress_unit: str | None = None
    dipole_unit: str | None = None
    polarizability_unit: str | None = None
    select: Mapping[str, str | int] = field(default_factory=dict)
    frames: tuple[int, int] | None = None

    def __post_init__(self) -> None:
        schema.check(self)


@dataclass(frozen=True)
class DataConfig:
    """The frames to train on, to choose by, and to report.

    Attributes:
        train: where they are.
        validation: where they are, or how many are drawn from `train` and not trained on.
        test: by name; reported at the end, never chosen by.
        train_frames: how many of `train` are used, drawn with the seed; all if left out.
        atomic_energies: "fit" them to the training frames, "none", or eV by chemical symbol; energies are trained
            without them.
        batch_size: frames a step, over all processes.
        workers: processes that make batches; 0 makes them where the training runs.
    """

    train: SourceConfig
    validation: SourceConfig | int
    test: Mapping[str, SourceConfig] = field(default_factory=dict)
    train_frames: int | None = None
    atomic_energies: Literal["fit", "none"] | Mapping[str, float] = "fit"
    batch_size: int = 32
    workers: int = 0

    def __post_init__(self) -> None:
        schema.check(self)
        at_least(1, batch_size=self.batch_size, train_frames=self.train_frames)
        at_least(0, workers=self.workers)
        if isinstance(self.validation, int):
            at_least(1, validation=self.validation)
        if "validation" in self.test:
            raise InputError("test has a set called validation, which errors of the validation frames are: rename it")


_MOST_THREADS = 4096  # more than any machine has; torch takes 32 bits
KINDS = ("HIPNN", "HIPNNTS", "HIPHOPNN", "ACE", "MACE", "NequIP", "BOTNet", "EquivariantNetwork", "Allegro")
_HIP = ("features", "interactions", "atom_layers", "sensitivities", "soft_min", "soft_max", "residual", "radial")
EQUIVARIANT = ("MACE", "NequIP", "BOTNet", "EquivariantNetwork")
_EQUIVARIANT = (
    "messages",
    "l_max",
    "layers",
    "channels",
    "average_neighbours",
    "n_radial",
    "radial_hidden",
    "tables",
    "readout",
)
_BLOCKS = ("self_connection", "normalisation", "distance_transform")
_OPTIONS: Mapping[str, tuple[str, ...]] = {
    "HIPNN": _HIP,
    "HIPNNTS": (*_HIP, "l_max"),
    "HIPHOPNN": (*_HIP, "basis", "group_norm"),
    "ACE": ("basis", "n_radial", "hidden"),
    "MACE": (*_EQUIVARIANT, *_BLOCKS, "correlation"),
    "NequIP": _EQUIVARIANT,
    "BOTNet": _EQUIVARIANT,
    "EquivariantNetwork": (*_EQUIVARIANT, *_BLOCKS, "correlation", "nonlinearity", "levels"),
    "Allegro": ("l_max", "parity", "layers", "channels", "features", "hidden", "average_neighbours", "n_radial"),
}


@dataclass(frozen=True)
class ModelConfig:
    """The network. What is left out has the default of its class in `invgen.nn`.

    Attributes:
        kind: the class.
        cutoff: Angstrom.
        elements: chemical symbols or atomic numbers; those of the training frames if left out.
        basis: of HIPHOPNN and ACE; HIPHOPNN has hippynn's list by default.
        features: of the HIP family; the number of scalars of a pair in Allegro.
        interactions: of the HIP family.
        atom_layers: of the HIP family.
        sensitivities: of the HIP family.
        soft_min: of the HIP family.
        soft_max: of the HIP family.
        residual: of the HIP family: "own" (or true), "none" (or false), or the inner width.
        radial: of the HIP family: "gaussians" or "bessel".
        group_norm: of HIPHOPNN.
        l_max: of HIPNNTS, Allegro and the equivariant networks MACE, NequIP, BOTNet and EquivariantNetwork.
        n_radial: radial functions of ACE; Bessel functions of the equivariant networks and Allegro, 8 if left out.
        hidden: widths of the network that reads ACE's descriptors, linear if left out; of Allegro's networks.
        messages: of the equivariant networks, irreps such as "0e + 1o + 2e".
        correlation: of MACE and EquivariantNetwork.
        layers: of the equivariant networks and Allegro.
        channels: of the equivariant networks and Allegro.
        nonlinearity: of EquivariantNetwork, "product" or "gate".
        average_neighbours: of the equivariant networks and Allegro; that of the training frames if left out.
        radial_hidden: of the equivariant networks.
        tables: of the equivariant networks, knots on which radial networks run in place of all pairs.
        readout: of the equivariant networks, the width of the hidden layer before the heads; 0 for none.
        levels: of EquivariantNetwork, "all" or "last".
        self_connection: of MACE and EquivariantNetwork: "all", "later" or "none" of the layers have one.
        normalisation: of MACE and EquivariantNetwork, "average" or "density".
        distance_transform: of MACE and EquivariantNetwork, "agnesi".
        repulsion: of all models, "zbl" adds `ZBL` to the energies of atoms.
        parity: of Allegro.
        target: of the kernels: "c", "torch" or "cuda"; "c" on CPUs and "cuda" on GPUs if left out. Equivariant networks
            have "torch" on GPUs.
    """

    kind: Literal["HIPNN", "HIPNNTS", "HIPHOPNN", "ACE", "MACE", "NequIP", "BOTNet", "EquivariantNetwork", "Allegro"]
    cutoff: float
    elements: tuple[str | int, ...] | None = None
    basis: BasisConfig | None = None
    features: int | tuple[int, ...] | None = None
    interactions: int | None = None
    atom_layers: int | None = None
    sensitivities: int | None = None
    soft_min: float | None = None
    soft_max: float | None = None
    residual: bool | int | Literal["own", "none"] | None = None
    radial: Literal["gaussians", "bessel"] | None = None
    group_norm: bool | None = None
    l_max: int | None = None
    n_radial: int | None = None
    hidden: tuple[int, ...] | None = None
    messages: str | None = None
    correlation: int | None = None
    layers: int | None = None
    channels: int | None = None
    nonlinearity: Literal["product", "gate"] | None = None
    average_neighbours: float | None = None
    radial_hidden: tuple[int, ...] | None = None
    tables: int | None = None
    readout: int | None = None
    levels: Literal["all", "last"] | None = None
    self_connection: Literal["all", "later", "none"] | None = None
    normalisation: Literal["average", "density"] | None = None
    distance_transform: Literal["agnesi"] | None = None
    repulsion: Literal["zbl"] | None = None
    parity: bool | None = None
    target: str | None = None

    def __post_init__(self) -> None:
        schema.check(self)
        allowed = _OPTIONS[self.kind]
        for name in sorted({name for names in _OPTIONS.values() for name in names}):
            if getattr(self, name) is not None and name not in allowed:
                raise InputError(f"{name} is not an option of {self.kind}; its options are {', '.join(allowed)}")
        if self.kind == "Allegro" and isinstance(self.features, tuple):
            raise InputError("features of Allegro are one number, as all layers have as many scalars")
        if self.kind == "ACE" and (self.basis is None or self.n_radial is None):
            raise InputError("ACE needs basis and n_radial")
        at_least(1, n_radial=self.n_radial, correlation=self.correlation, layers=self.layers, channels=self.channels)
        at_least(0, readout=self.readout)
        if self.average_neighbours is not None and self.average_neighbours <= 0:
            raise InputError(f"average_neighbours is positive, got {self.average_neighbours}")
        if self.target is not None:
            check_target(self.target)
        if self.residual is not None:
            residual_state(self.residual)
        if self.elements is not None and not self.elements:
            raise InputError("elements are one or more; leave them out for those of the training frames")
        for each in self.elements or ():
            if isinstance(each, int) and not 1 <= each <= len(SYMBOLS):
                raise InputError(f"elements are symbols or atomic numbers from 1 to {len(SYMBOLS)}, got {each}")


@dataclass(frozen=True)
class LossConfig:
    """Σ weight · mean penalty of the errors: of energies per atom, components of forces, stresses, dipoles and so on.

    Attributes:
        energy: weight of the error of the energy per atom, eV.
        forces: weight of the errors of force components, eV/Angstrom.
        stress: weight of the errors of stress components, eV/Angstrom^3.
        charges: weight of the errors of charges, e.
        dipole: weight of the errors of dipole components, e Angstrom; of networks with tensors.
        polarizability: weight of the errors of its components, Angstrom^3; of networks with tensors.
        hierarchicality: weight of how far later energy terms of HIP networks are from being corrections.
        penalty: "squared", "absolute", or "huber" (squared up to delta, absolute beyond).
        delta: of huber, in the units above.
    """

    energy: float = 1.0
    forces: float = 1.0
    stress: float = 0.0
    charges: float = 0.0
    dipole: float = 0.0
    polarizability: float = 0.0
    hierarchicality: float = 0.0
    penalty: Literal["squared", "absolute", "huber"] = "squared"
    delta: float = 0.01

    def __post_init__(self) -> None:
        schema.check(self)
        if self.delta <= 0:
            raise InputError(f"delta is positive, got {self.delta}")
        weights = {name: getattr(self, name) for name in (*TARGETS, "hierarchicality")}
        negative = [name for name, weight in weights.items() if weight < 0]
        if negative:
            raise InputError(f"weights are 0 or more, got {negative[0]} = {weights[negative[0]]}")
        if not self.targets:
            raise InputError(f"at least one weight of {', '.join(TARGETS)} is not 0")

    @property
    def targets(self) -> tuple[str, ...]:
        """What frames must have."""
        return tuple(name for name in TARGETS if getattr(self, name) > 0)


@dataclass(frozen=True)
class OptimiserConfig:
    """How weights are changed.

    Attributes:
        name: "adam" or "adamw".
        learning_rate: the highest.
        weight_decay: of adamw.
        schedule: "constant", "cosine" or "exponential" (to `final` times the rate, over all steps), or "plateau"
            (times `factor` when the validation loss has not fallen for `patience` epochs).
        warmup_steps: over which the rate rises from 0 first.
        final: of cosine and exponential.
        factor: of plateau.
        patience: of plateau.
        clip: the longest gradient, longer ones are shortened to it; any length if left out.
        ema: decay of the exponential moving average of the weights, which is validated and kept; none if left out.
    """

    name: Literal["adam", "adamw"] = "adam"
    learning_rate: float = 1e-3
    weight_decay: float = 0.0
    schedule: Literal["constant", "cosine", "exponential", "plateau"] = "cosine"
    warmup_steps: int = 0
    final: float = 0.01
    factor: float = 0.5
    patience: int = 20
    clip: float | None = None
    ema: float | None = None

    def __post_init__(self) -> None:
        schema.check(self)
        at_least(0, warmup_steps=self.warmup_steps, patience=self.patience)
        for name in ("learning_rate", "final", "clip"):
            value = getattr(self, name)
            if value is not None and value <= 0:
                raise InputError(f"{name} is positive, got {value}")
        for name in ("factor", "ema"):
            value = getattr(self, name)
            if value is not None and not 0 < value < 1:
                raise InputError(f"{name} is between 0 and 1, got {value}")
        if self.weight_decay and self.name == "adam":
            raise InputError("weight_decay is an option of adamw, not of adam")


@dataclass(frozen=True)
class TrainingConfig:
    """How long, and how force gradients are made.

    Attributes:
        epochs: at most.
        patience: stop after this many epochs without a lower validation loss; never if left out.
        force_gradients: "exact" (backward of backward) or "displaced" (`invgen.training.displaced`).
        displacement: of the displaced geometries, Angstrom; by the dtype if left out.
    """

    epochs: int
    patience: int | None = None
    force_gradients: Literal["exact", "displaced"] = "exact"
    displacement: float | None = None

    def __post_init__(self) -> None:
        schema.check(self)
        at_least(1, epochs=self.epochs, patience=self.patience)
        if self.displacement is not None and (self.force_gradients == "exact" or self.displacement <= 0):
            raise InputError("displacement is a positive number, for force_gradients: displaced")


@dataclass(frozen=True)
class HardwareConfig:
    """Where it runs.

    Attributes:
        accelerator: "cpu" or "gpu".
        devices: processes on each node, one a GPU.
        nodes: machines, as Lightning's launchers set them up.
        threads: of each process; torch's choice if left out.
    """

    accelerator: Literal["cpu", "gpu"] = "cpu"
    devices: int = 1
    nodes: int = 1
    threads: int | None = None

    def __post_init__(self) -> None:
        schema.check(self)
        at_least(1, devices=self.devices, nodes=self.nodes, threads=self.threads)
        if (self.threads or 1) > _MOST_THREADS:
            raise InputError(f"threads is at most {_MOST_THREADS}, got {self.threads}")


@dataclass(frozen=True)
class Config:
    """One training run: the same configuration and seed give the same curve, bit for bit, on the same machine.

    Attributes:
        data: frames.
        model: the network.
        training: how long.
        loss: what is minimised.
        optimiser: how.
        hardware: where.
        seed: of weights, splits and the order of frames.
        dtype: of the network.
        tensorboard: whether to write its logs beside curve.csv.
        output: the folder that is written; its parent must exist.

    Raises:
        InputError: a value is not allowed; the sentence says which, what is, and what was given.
    """

    data: DataConfig
    model: ModelConfig
    training: TrainingConfig
    output: str
    loss: LossConfig = field(default_factory=LossConfig)
    optimiser: OptimiserConfig = field(default_factory=OptimiserConfig)
    hardware: HardwareConfig = field(default_factory=HardwareConfig)
    seed: int = 0
    dtype: Literal["float32", "float64"] = "float32"
    tensorboard: bool = False

    def __post_init__(self) -> None:
        schema.check(self)
        if not 0 <= self.seed < 2**63:
            raise InputError(f"seed is from 0 to 2^63 - 1, got {self.seed}")
        if self.model.kind in ("ACE", "Allegro"):
            odd = [name for name in ("hierarchicality", "charges") if getattr(self.loss, name)]
            if odd:
                raise InputError(
                    f"loss.{odd[0]} is for HIP networks, {self.model.kind} gives one energy an atom: leave it out"
                )
        tensors = [name for name in ("dipole", "polarizability") if getattr(self.loss, name)]
        if tensors and self.model.kind not in EQUIVARIANT:
            raise InputError(
                f"loss.{tensors[0]} is for networks whose atoms have tensors, {', '.join(EQUIVARIANT)}, not for "
                f"{self.model.kind}: choose one of them, or leave it out"
            )

    @classmethod
    def from_mapping(cls, given: Mapping[str, Any]) -> Config:
        """The configuration of nested mappings, such as a YAML file holds."""
        return schema.from_mapping(cls, given)

    def to_json(self) -> str:
        """Canonical JSON: what `from_mapping` takes, with all defaults."""
        return json.dumps(schema.to_mapping(self), sort_keys=True)
