"""Optimal bases of moment invariants: generated exactly, certified, compiled to differentiable kernels.

A name is imported when it is first used (PEP 562): `import invgen` loads nothing but the errors, so that a kernel
package, which needs `invgen.runtime` alone, loads neither SymPy nor Jinja, and the exact side never loads torch.
"""

from sys import meta_path
from typing import TYPE_CHECKING

from invgen._lazy import attach
from invgen._moved import Finder
from invgen._version import __version__
from invgen.errors import BasisFileError, CacheError, CompilerError, EnumerationError, InputError, InvgenError

meta_path.append(Finder())

if TYPE_CHECKING:
    from invgen import catalogue, fields, nn, runtime, structures, testing
    from invgen.basis.basis import Basis
    from invgen.basis.generation import generate
    from invgen.catalogue.loading import load
    from invgen.compiler.convolution import compile_convolution
    from invgen.compiler.invariants import compile
    from invgen.compiler.moments import compile_moments
    from invgen.compiler.packages import write_package
    from invgen.compiler.weighted import compile_weighted
    from invgen.reduction.given.subset import independent_subset
    from invgen.spaces.space import TensorSpace
else:
    # Static tools read the imports above; hiding __getattr__ from them keeps misspelt names an error.
    _LAZY = {
        "TensorSpace": "invgen.spaces.space",
        "generate": "invgen.basis.generation",
        "independent_subset": "invgen.reduction.given.subset",
        "Basis": "invgen.basis.basis",
        "compile": "invgen.compiler.invariants",
        "compile_weighted": "invgen.compiler.weighted",
        "write_package": "invgen.compiler.packages",
        "compile_moments": "invgen.compiler.moments",
        "compile_convolution": "invgen.compiler.convolution",
        "load": "invgen.catalogue.loading",
        "catalogue": None,
        "nn": None,
        "runtime": None,
        "fields": None,
        "structures": None,
        "testing": None,
    }

    __getattr__, __dir__ = attach(__name__, _LAZY)

__all__ = [
    "TensorSpace",
    "generate",
    "independent_subset",
    "Basis",
    "compile",
    "compile_weighted",
    "write_package",
    "compile_moments",
    "compile_convolution",
    "load",
    "catalogue",
    "nn",
    "runtime",
    "fields",
    "structures",
    "testing",
    "InvgenError",
    "InputError",
    "BasisFileError",
    "EnumerationError",
    "CompilerError",
    "CacheError",
    "__version__",
]
