"""Compiles, caches, loads and registers kernels; all that a generated kernel package needs.

A package calls `load_package` on its own folder and asks the result for kernels:

    package = load_package(folder)
    kernel = package.kernel(dtype=torch.float32, layout="channel", target="c")
    kernel(x)                                    # (..., dim, channel) -> (..., K, channel), twice differentiable

Nothing here imports the stages that make kernels: torch, platformdirs, filelock and `invgen.errors` suffice. A name is
imported when it is first used (PEP 562), so that emitters can read the facts in `invgen.runtime.constants` where torch
is not installed.
"""

import sys
from importlib import import_module
from typing import TYPE_CHECKING

from invgen._lazy import attach

if TYPE_CHECKING:
    from invgen.runtime.build.cache import build_count, cache_folder, search_folders
    from invgen.runtime.build.compilers import Compiler, find_compiler
    from invgen.runtime.build.cubin import KernelReport
    from invgen.runtime.convolution import ConvolutionKernel, build_convolution
    from invgen.runtime.convolution_spec import ConvolutionSpec, TabulatedSpec
    from invgen.runtime.doctor import Finding, describe_environment
    from invgen.runtime.gathered import GatheredKernel, build_gathered
    from invgen.runtime.gpu.convolution import convolution_report
    from invgen.runtime.gpu.gathered import gathered_report
    from invgen.runtime.gpu.invariants import build_report
    from invgen.runtime.gpu.moments import moments_report
    from invgen.runtime.gpu.weighted import weighted_report
    from invgen.runtime.kernel import Kernel, build
    from invgen.runtime.moments import MomentsKernel, build_moments
    from invgen.runtime.moments_spec import MOMENTS_FORMS, MomentsSpec
    from invgen.runtime.neighbours import Neighbours
    from invgen.runtime.outputs import OutputPool, output_pool
    from invgen.runtime.package import Package, load_package
    from invgen.runtime.shared_weights import SharedWeightsKernel, build_shared_weights
    from invgen.runtime.spec import DTYPES, LAYOUTS, KernelSpec
    from invgen.runtime.tabulated import TabulatedKernel, build_tabulated
    from invgen.runtime.targets import TARGETS
    from invgen.runtime.weighted import WeightedKernel, build_weighted
    from invgen.runtime.weighted_spec import GatheredSpec, WeightedSpec
else:
    # The folder `build` has the name of a function: it is imported first, so that the name ends as the function.
    import_module(f"{__name__}.build")
    globals().pop("build", None)

    _HOMES = {
        "build.cache": ("build_count", "cache_folder", "search_folders"),
        "build.compilers": ("Compiler", "find_compiler"),
        "build.cubin": ("KernelReport",),
        "convolution": ("ConvolutionKernel", "build_convolution"),
        "convolution_spec": ("ConvolutionSpec", "TabulatedSpec"),
        "doctor": ("Finding", "describe_environment"),
        "gathered": ("GatheredKernel", "build_gathered"),
        "gpu.convolution": ("convolution_report",),
        "gpu.gathered": ("gathered_report",),
        "gpu.invariants": ("build_report",),
        "gpu.moments": ("moments_report",),
        "gpu.weighted": ("weighted_report",),
        "kernel": ("Kernel", "build"),
        "moments": ("MomentsKernel", "build_moments"),
        "moments_spec": ("MOMENTS_FORMS", "MomentsSpec"),
        "neighbours": ("Neighbours",),
        "outputs": ("OutputPool", "output_pool"),
        "package": ("Package", "load_package"),
        "shared_weights": ("SharedWeightsKernel", "build_shared_weights"),
        "spec": ("DTYPES", "LAYOUTS", "KernelSpec"),
        "tabulated": ("TabulatedKernel", "build_tabulated"),
        "targets": ("TARGETS",),
        "weighted": ("WeightedKernel", "build_weighted"),
        "weighted_spec": ("GatheredSpec", "WeightedSpec"),
    }
    __getattr__, __dir__ = attach(
        __name__, {name: f"{__name__}.{home}" for home, names in _HOMES.items() for name in names}
    )
    # torch.export.load must know the class that a saved program names.
    if sys.modules.get("torch") is not None:  # None: an import of torch is an error
        import_module(f"{__name__}.neighbours")

__all__ = [
    "KernelSpec",
    "Kernel",
    "build",
    "WeightedSpec",
    "WeightedKernel",
    "build_weighted",
    "GatheredSpec",
    "GatheredKernel",
    "build_gathered",
    "gathered_report",
    "SharedWeightsKernel",
    "build_shared_weights",
    "weighted_report",
    "MomentsSpec",
    "MomentsKernel",
    "build_moments",
    "moments_report",
    "ConvolutionSpec",
    "ConvolutionKernel",
    "build_convolution",
    "convolution_report",
    "TabulatedSpec",
    "TabulatedKernel",
    "build_tabulated",
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
