"""The families of kernels: a table for each of what it computes."""

from __future__ import annotations

from typing import Final

from invgen.runtime.families.convolution import CONVOLUTION, TABULATED
from invgen.runtime.families.gathered import GATHERED
from invgen.runtime.families.invariants import INVARIANTS
from invgen.runtime.families.moments import MOMENTS
from invgen.runtime.families.table import Family, Spec
from invgen.runtime.families.weighted import WEIGHTED

FAMILIES: Final = {family.name: family for family in (INVARIANTS, WEIGHTED, GATHERED, MOMENTS, CONVOLUTION, TABULATED)}
"""All families by name."""


def family_of(spec: Spec) -> Family:
    """The family that a spec belongs to."""
    return FAMILIES[spec.family]
