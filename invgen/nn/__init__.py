"""Layers and networks on compiled bases."""

from invgen.nn.ace import ACE
from invgen.nn.ace_readouts import LinearReadout, NetworkReadout
from invgen.nn.ace_rows import DescriptorRows
from invgen.nn.allegro import Allegro
from invgen.nn.by_species import BySpecies
from invgen.nn.chebyshev import Chebyshev
from invgen.nn.covariant_linear import CovariantLinear, SpeciesLinear
from invgen.nn.cutoffs import CosineCutoff, PolynomialCutoff
from invgen.nn.descriptors import moment_basis
from invgen.nn.distance_transforms import Agnesi
from invgen.nn.equivariant import EquivariantNetwork
from invgen.nn.equivariant_kinds import MACE, BOTNet, NequIP
from invgen.nn.field_invariants import FieldInvariants
from invgen.nn.heads import AtomEnergies, AtomScalars, HierarchicalEnergy, fit_self_energies, hierarchicality
from invgen.nn.hipnn import HIPHOPNN, HIPNN, HIPNNTS
from invgen.nn.interaction import Geometry, Interaction, Residual
from invgen.nn.invariants import Invariants
from invgen.nn.least_squares import LeastSquares
from invgen.nn.materials import ScalarPotential, TensorBasis
from invgen.nn.moments import Moments
from invgen.nn.normalisation import GroupNorm
from invgen.nn.potential import Potential, Prediction
from invgen.nn.readouts import InvariantReadout, NormReadout, ScalarReadout
from invgen.nn.repulsion import ZBL
from invgen.nn.selection import LeastSquaresRows, Selection, select
from invgen.nn.sensitivities import Bessel, Bottleneck, InverseDistanceGaussians
from invgen.nn.tensor_heads import AtomTensors, Dipole, Polarizability, TensorLevels

__all__ = [
    "Invariants",
    "FieldInvariants",
    "ACE",
    "Allegro",
    "Chebyshev",
    "DescriptorRows",
    "LeastSquares",
    "LeastSquaresRows",
    "Selection",
    "select",
    "LinearReadout",
    "NetworkReadout",
    "CosineCutoff",
    "PolynomialCutoff",
    "InverseDistanceGaussians",
    "Bessel",
    "Bottleneck",
    "Agnesi",
    "ZBL",
    "Moments",
    "GroupNorm",
    "ScalarReadout",
    "NormReadout",
    "InvariantReadout",
    "Geometry",
    "Interaction",
    "Residual",
    "moment_basis",
    "HIPNN",
    "HIPNNTS",
    "HIPHOPNN",
    "HierarchicalEnergy",
    "AtomEnergies",
    "AtomScalars",
    "AtomTensors",
    "TensorLevels",
    "Dipole",
    "Polarizability",
    "hierarchicality",
    "fit_self_energies",
    "EquivariantNetwork",
    "MACE",
    "NequIP",
    "BOTNet",
    "BySpecies",
    "CovariantLinear",
    "SpeciesLinear",
    "Potential",
    "Prediction",
    "TensorBasis",
    "ScalarPotential",
]
