"""Training: configurations, `train`, and the files that it writes; Lightning runs it."""

from invgen.training.basis_config import BasisConfig
from invgen.training.config import (
    Config,
    DataConfig,
    HardwareConfig,
    LossConfig,
    ModelConfig,
    OptimiserConfig,
    SourceConfig,
    TrainingConfig,
)
from invgen.training.displaced import DisplacedLoss, displaced_loss
from invgen.training.run import Result, evaluate, train
from invgen.training.saved import Trained, load_potential, save_potential
from invgen.training.yaml_file import read_config

__all__ = [
    "Config",
    "DataConfig",
    "SourceConfig",
    "ModelConfig",
    "BasisConfig",
    "LossConfig",
    "OptimiserConfig",
    "TrainingConfig",
    "HardwareConfig",
    "read_config",
    "train",
    "Result",
    "evaluate",
    "Trained",
    "save_potential",
    "load_potential",
    "displaced_loss",
    "DisplacedLoss",
]
