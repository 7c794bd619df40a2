"""Optimal bases of moment invariants: generated exactly, certified, compiled to differentiable kernels.

A name is imported when it is first used (PEP 562): `import invgen` loads nothing but the errors, so that a kernel
package, which needs `invgen.runtime` alone, loads neither SymPy nor Jinja, and the exact side never loads torch.
"""

from typing import TYPE_CHECKING

from invgen._version import __version__
from invgen.errors import BasisFileError, CacheError, CompilerError, EnumerationError, InputError, InvgenError

if TYPE_CHECKING:
    from invgen import nn, runtime, structures, testing
    from invgen.basis import Basis
    from invgen.compiler import compile, write_package
    from invgen.generation import generate
    from invgen.moments import compile_moments
    from invgen.reduction.subset import independent_subset
    from invgen.spaces import TensorSpace
    from invgen.weighted import compile_weighted
else:
    # Static tools read the imports above; hiding __getattr__ from them keeps misspelt names an error.
    _LAZY = {
        "TensorSpace": "invgen.spaces",
        "generate": "invgen.generation",
        "independent_subset": "invgen.reduction.subset",
        "Basis": "invgen.basis",
        "compile": "invgen.compiler",
        "compile_weighted": "invgen.weighted",
        "write_package": "invgen.compiler",
        "compile_moments": "invgen.moments",
        "nn": None,
        "runtime": None,
        "structures": None,
        "testing": None,
    }

    def __getattr__(name):
        if name not in _LAZY:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from importlib import import_module

        home = _LAZY[name]
        value = import_module(f"{__name__}.{name}") if home is None else getattr(import_module(home), name)
        globals()[name] = value
        return value

    def __dir__():
        return sorted({*globals(), *_LAZY})


__all__ = [
    "TensorSpace",
    "generate",
    "independent_subset",
    "Basis",
    "compile",
    "compile_weighted",
    "write_package",
    "compile_moments",
    "nn",
    "runtime",
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
