"""What runs the kernels of each family on a GPU."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from invgen.runtime.gpu.convolution import CudaConvolution
from invgen.runtime.gpu.gathered import CudaGathered
from invgen.runtime.gpu.invariants import CudaInvariants
from invgen.runtime.gpu.library import CudaLibrary
from invgen.runtime.gpu.moments import CudaMoments
from invgen.runtime.gpu.weighted import CudaWeighted

LIBRARIES: Final[Mapping[str, Callable[[Any], CudaLibrary]]] = {
    "invariants": CudaInvariants,
    "weighted": CudaWeighted,
    "gathered": CudaGathered,
    "moments": CudaMoments,
    "convolution": CudaConvolution,
}
"""By family: spec -> the library, which loads on a device when it is first called there."""
