"""The public test kit: rotate tensors in any convention, and hold functions, kernels and packages to their laws."""

from invgen.testing.checks import assert_equivariant, assert_invariant, assert_kernel_matches
from invgen.testing.rotations import harmonic_components, random_rotation, representation

__all__ = [
    "assert_equivariant",
    "assert_invariant",
    "assert_kernel_matches",
    "harmonic_components",
    "random_rotation",
    "representation",
]
