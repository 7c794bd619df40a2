"""The drivers from a basis, or from harmonics, to a kernel and to a kernel package."""

from typing import TYPE_CHECKING

from invgen._lazy import attach

if TYPE_CHECKING:
    from invgen.compiler.convolution import compile_convolution
    from invgen.compiler.invariants import compile, costs, source
    from invgen.compiler.moments import compile_moments
    from invgen.compiler.packages import (
        package_files,
        write_convolution_package,
        write_moments_package,
        write_package,
        write_weighted_package,
    )
    from invgen.compiler.weighted import compile_weighted
else:
    __getattr__, __dir__ = attach(
        __name__,
        {
            "compile": "invgen.compiler.invariants",
            "costs": "invgen.compiler.invariants",
            "source": "invgen.compiler.invariants",
            "compile_moments": "invgen.compiler.moments",
            "compile_convolution": "invgen.compiler.convolution",
            "compile_weighted": "invgen.compiler.weighted",
            "package_files": "invgen.compiler.packages",
            "write_package": "invgen.compiler.packages",
            "write_weighted_package": "invgen.compiler.packages",
            "write_moments_package": "invgen.compiler.packages",
            "write_convolution_package": "invgen.compiler.packages",
        },
    )

__all__ = [
    "compile",
    "costs",
    "source",
    "compile_moments",
    "compile_convolution",
    "compile_weighted",
    "package_files",
    "write_package",
    "write_weighted_package",
    "write_moments_package",
    "write_convolution_package",
]
