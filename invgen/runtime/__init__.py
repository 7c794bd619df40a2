"""Compiles, caches, loads and registers kernels; all that a generated kernel package needs.

A package calls `load_package` on its own folder and asks the result for kernels:

    package = load_package(folder)
    kernel = package.kernel(dtype=torch.float32, layout="channel", target="c")
    kernel(x)                                    # (..., dim, channel) -> (..., K, channel), twice differentiable

Nothing here imports the stages that make kernels: torch, platformdirs, filelock and `invgen.errors` suffice.
"""

from invgen.runtime.build.cache import build_count, cache_folder, search_folders
from invgen.runtime.build.compilers import Compiler, find_compiler
from invgen.runtime.build.cubin import KernelReport
from invgen.runtime.cuda_library import build_report
from invgen.runtime.doctor import Finding, describe_environment
from invgen.runtime.kernel import Kernel, build
from invgen.runtime.moments import MOMENTS_FORMS, MomentsKernel, MomentsSpec, build_moments
from invgen.runtime.moments_cuda import moments_report
from invgen.runtime.neighbours import Neighbours
from invgen.runtime.output_pool import OutputPool, output_pool
from invgen.runtime.package import Package, load_package
from invgen.runtime.spec import DTYPES, LAYOUTS, TARGETS, KernelSpec
from invgen.runtime.weighted import WeightedKernel, build_weighted
from invgen.runtime.weighted_cuda import weighted_report
from invgen.runtime.weighted_spec import WeightedSpec

__all__ = [
    "KernelSpec",
    "Kernel",
    "build",
    "WeightedSpec",
    "WeightedKernel",
    "build_weighted",
    "weighted_report",
    "MomentsSpec",
    "MomentsKernel",
    "build_moments",
    "moments_report",
    "Neighbours",
    "MOMENTS_FORMS",
    "Package",
    "load_package",
    "KernelReport",
    "build_report",
    "Compiler",
    "find_compiler",
    "build_count",
    "cache_folder",
    "search_folders",
    "OutputPool",
    "output_pool",
    "Finding",
    "describe_environment",
    "DTYPES",
    "LAYOUTS",
    "TARGETS",
]
