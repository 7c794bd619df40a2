"""The object that a user calls."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import torch

from invgen import files
from invgen.errors import CompilerError, InputError
from invgen.runtime.arguments import Arguments
from invgen.runtime.build.cache import shared_library
from invgen.runtime.build.compilers import find_compiler
from invgen.runtime.build.cubin import KernelReport
from invgen.runtime.build.registration import REGISTRATIONS, find_registration
from invgen.runtime.c_library import CLibrary
from invgen.runtime.cuda_library import CudaLibrary
from invgen.runtime.function_chain import function_chain
from invgen.runtime.gpu.device import require_cuda
from invgen.runtime.implementation import Implementation, Pair
from invgen.runtime.operators import Operators, load_operators, register
from invgen.runtime.spec import LAYOUTS, KernelSpec, either
from invgen.runtime.torch_source import TorchSource

_loaded: dict[str, Implementation] = {}


def build(
    spec: KernelSpec,
    layout: str = "channel",
    registration: str = "python",
    tune: bool = False,
    prebuilt: Path | None = None,
) -> Kernel:
    """The kernel of ``spec``, compiled (or found in the cache) for ``c`` and ``cuda``, executed for ``torch``.

    A process loads and registers each spec once; further kernels of it share the code.

    Args:
        spec: What to build.
        layout: ``"channel"``: x is (..., dim, channel); ``"plain"``: x is (..., dim).
        registration: Who registers the torch operators: ``"python"``, or ``"c++"``, which makes small calls cheaper
            and needs target ``c`` and a C++ compiler; the first kernel of a spec decides for the process.
        tune: Whether to time the kernels of target ``cuda`` on the current device and to use the fastest from now on,
            instead of those that a model chooses.
        prebuilt: A library of the same kernel that this processor runs, for where no C compiler is found.

    Raises:
        InputError: If an argument is unknown, ``"c++"`` is asked for where it cannot be, or another target than
            ``cuda`` is to be tuned.
        CompilerError: If target ``c`` finds no compiler, target ``cuda`` no GPU, CuPy or NVRTC, or the compiler
            refuses the source.
        CacheError: If the kernel cache cannot be used.
        BasisFileError: If a torch source is damaged.
    """
    if layout not in LAYOUTS:
        raise InputError(f"layout {layout!r} is not known: use {either(LAYOUTS)}")
    if registration not in REGISTRATIONS:
        raise InputError(f"registration {registration!r} is not known: use {either(REGISTRATIONS)}")
    if registration == "c++" and spec.target != "c":
        raise InputError(f'registration "c++" is for target "c" alone, and kernel {spec.name!r} is for {spec.target!r}')
    if tune and spec.target != "cuda":
        raise InputError(
            f"target {spec.target!r} has one way to run and cannot be tuned: use tune=True for 'cuda' only"
        )
    implementation = _loaded.get(spec.key)
    if implementation is None or registration == "c++":
        implementation = _loaded.setdefault(spec.key, _load(spec, registration, prebuilt))
    if tune and isinstance(implementation, CudaLibrary):
        implementation.tune(torch.device("cuda", torch.cuda.current_device()))
    return Kernel(spec, layout, implementation, register(spec, implementation))


def write_operators(spec: KernelSpec, path: str | Path) -> Path:
    """A library at ``path`` that registers the operators of ``spec`` in any program with torch, Python or not.

    It is built for this machine's processor and links to torch alone; it is written beside its place and moved there.

    Raises:
        InputError: If the kernel is not for target ``c``, or the file cannot be written.
        CompilerError: If there is no C or C++ compiler, or one refuses the source.
        CacheError: If the kernel cache cannot be used.
    """
    if spec.target != "c":
        raise InputError(f'operators are written for target "c" alone, and kernel {spec.name!r} is for {spec.target!r}')
    target = Path(path)
    library = shared_library(spec, find_compiler(), find_registration()).library
    with files.replacing(target) as temporary:
        shutil.copyfile(library, temporary)
    return target


def _load(spec: KernelSpec, registration: str, prebuilt: Path | None) -> Implementation:
    if spec.target == "torch":
        return TorchSource(spec)
    if spec.target == "cuda":
        require_cuda()
        gpu_library = CudaLibrary(spec)
        gpu_library.load(torch.device("cuda", torch.cuda.current_device()))
        return gpu_library
    if registration == "c++":
        library = shared_library(spec, find_compiler(), find_registration()).library
        load_operators(spec, library)
    else:
        library = _library(spec, prebuilt)
    return CLibrary(library, spec.dimension, spec.count)


def _library(spec: KernelSpec, prebuilt: Path | None) -> Path:
    try:
        compiler = find_compiler()
    except CompilerError:
        if prebuilt is None:
            raise
        return prebuilt
    return shared_library(spec, compiler).library


class Kernel:
    """Equals the basis it was built from: ``kernel(x)[..., k, c]`` is invariant k of ``x[..., :, c]``.

    Of a basis of covariants of rank L, ``kernel(x)[..., k * (2L + 1) + i, c]`` is component i of covariant k.

    Calling the kernel is differentiable twice, in eager mode, under `torch.compile`, `torch.export` and `torch.func`.
    The methods `value`, `vjp`, `value_and_vjp`, `jvp` and `vjp_of_vjp` are the bare functions: nothing is recorded,
    and results go to ``out`` where it is given. Kernels are immutable; a copy is the kernel itself, and a pickled one
    is rebuilt from its source.

    In layout ``"channel"`` x is (..., dimension, channel) and y is (..., count, channel); in layout ``"plain"`` x is
    (..., dimension) and y is (..., count). Inputs of other strides are copied; empty batches give empty results.

    Attributes:
        spec: Everything the kernel was built from.
        name: Its name, as in the name of its package.
        basis_id: Hash of the basis.
        convention: Convention of the components.
        dimension: Number of components.
        count: Number of invariants, or of components of covariants.
        dtype: The torch dtype of inputs and outputs.
        layout: ``"channel"`` or ``"plain"``.
        target: ``"c"`` (CPU), ``"cuda"`` (NVIDIA GPUs) or ``"torch"`` (any device).
    """

    def __init__(self, spec: KernelSpec, layout: str, implementation: Implementation, operators: Operators) -> None:
        self.spec = spec
        self.name = spec.name
        self.basis_id = spec.basis_id
        self.convention = spec.convention
        self.dimension = spec.dimension
        self.count = spec.count
        self.layout = layout
        self.target = spec.target
        self._arguments = Arguments(spec, layout)
        self.dtype = self._arguments.dtype
        self._plain = layout == "plain"
        self._implementation = implementation
        self._operators = operators
        self._differentiable = function_chain(spec.name, operators)

    def __call__(self, x: torch.Tensor) -> torch.Tensor:
        """The invariants of ``x``, recorded by autograd.

        Raises:
            InputError: If shape, dtype or device of ``x`` do not fit; later, if a third derivative is asked for.
        """
        self._arguments.check_x(x)
        if self._plain:
            x = x.unsqueeze(-1)
        # The compilers see the operators, whose derivatives are registered; they refuse Functions that define jvp.
        y = self._operators.value(x) if torch.compiler.is_compiling() else self._differentiable(x)
        return y.squeeze(-1) if self._plain else y

    def value(self, x: torch.Tensor, out: torch.Tensor | None = None) -> torch.Tensor:
        """y = I(x), without autograd.

        Raises:
            InputError: If an argument does not fit, or ``out`` is given where gradients are recorded.
        """
        self._arguments.check_x(x)
        if out is not None:
            self._arguments.check_like_y("out", out, x)
        return self._one(self._implementation.value, (x,), out)

    def vjp(self, x: torch.Tensor, ybar: torch.Tensor, out: torch.Tensor | None = None) -> torch.Tensor:
        """The transposed Jacobian at x times ybar, without autograd; shaped as x.

        Raises:
            InputError: If an argument does not fit, or ``out`` is given where gradients are recorded.
        """
        self._arguments.check_x(x)
        self._arguments.check_like_y("ybar", ybar, x)
        if out is not None:
            self._arguments.check_like_x("out", out, x)
        return self._one(self._implementation.vjp, (x, ybar), out)

    def value_and_vjp(self, x: torch.Tensor, ybar: torch.Tensor, out: Pair | None = None) -> Pair:
        """(value, vjp) in one pass, without autograd; ``out`` is the pair of both.

        Raises:
            InputError: If an argument does not fit, or ``out`` is given where gradients are recorded.
        """
        self._arguments.check_x(x)
        self._arguments.check_like_y("ybar", ybar, x)
        if out is not None:
            y, xbar = self._pair(out)
            self._arguments.check_like_y("out[0]", y, x)
            self._arguments.check_like_x("out[1]", xbar, x)
        return self._two(self._implementation.value_and_vjp, (x, ybar), out)

    def jvp(self, x: torch.Tensor, u: torch.Tensor, out: torch.Tensor | None = None) -> torch.Tensor:
        """The Jacobian at x times u, without autograd; shaped as y.

        Raises:
            InputError: If an argument does not fit, or ``out`` is given where gradients are recorded.
        """
        self._arguments.check_x(x)
        self._arguments.check_like_x("u", u, x)
        if out is not None:
            self._arguments.check_like_y("out", out, x)
        return self._one(self._implementation.jvp, (x, u), out)

    def vjp_of_vjp(self, x: torch.Tensor, ybar: torch.Tensor, u: torch.Tensor, out: Pair | None = None) -> Pair:
        """Gradients of <u, vjp(x, ybar)> with respect to x and to ybar, without autograd; ``out`` is the pair of both.

        Raises:
            InputError: If an argument does not fit, or ``out`` is given where gradients are recorded.
        """
        self._arguments.check_x(x)
        self._arguments.check_like_y("ybar", ybar, x)
        self._arguments.check_like_x("u", u, x)
        if out is not None:
            grad_x, grad_ybar = self._pair(out)
            self._arguments.check_like_x("out[0]", grad_x, x)
            self._arguments.check_like_y("out[1]", grad_ybar, x)
        return self._two(self._implementation.vjp_of_vjp, (x, ybar, u), out)

    def write_operators(self, path: str | Path) -> Path:
        """A library that registers this kernel's operators in a program without Python; see `write_operators`."""
        return write_operators(self.spec, path)

    def build_report(self) -> tuple[KernelReport, ...]:
        """Registers, spills and occupancy of every GPU kernel, for each architecture that it was loaded for.

        Raises:
            InputError: If the target is not ``cuda``.
        """
        if not isinstance(self._implementation, CudaLibrary):
            raise InputError(f"kernel {self.name!r} of target {self.target!r} has no build report: only 'cuda' has one")
        return self._implementation.reports()

    def __repr__(self) -> str:
        return (
            f"Kernel({self.name}: {self.dimension} components -> {self.count} invariants, "
            f"{self.spec.dtype}, layout={self.layout!r}, target={self.target!r})"
        )

    def __copy__(self) -> Kernel:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Kernel:
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return build, (self.spec, self.layout)

    def _pair(self, out: Pair) -> Pair:
        if not isinstance(out, (tuple, list)) or len(out) != 2:
            raise InputError(f"kernel {self.name!r} has two results here and takes out= as a pair of tensors")
        return out[0], out[1]

    def _one(self, function: Any, inputs: tuple[torch.Tensor, ...], out: torch.Tensor | None) -> torch.Tensor:
        if out is None:
            result: torch.Tensor = function(*self._with_channels(inputs))
            return result.squeeze(-1) if self._plain else result
        self._arguments.check_out((out,), inputs)
        function(*self._with_channels(inputs), out=self._with_channels((out,))[0])
        _mark_written(out)
        return out

    def _two(self, function: Any, inputs: tuple[torch.Tensor, ...], out: Pair | None) -> Pair:
        if out is None:
            first, second = function(*self._with_channels(inputs))
            return (first.squeeze(-1), second.squeeze(-1)) if self._plain else (first, second)
        self._arguments.check_out(tuple(out), inputs)
        function(*self._with_channels(inputs), out=self._with_channels(tuple(out)))
        _mark_written(*out)
        return out[0], out[1]

    def _with_channels(self, tensors: tuple[torch.Tensor, ...]) -> tuple[torch.Tensor, ...]:
        return tuple(tensor.unsqueeze(-1) for tensor in tensors) if self._plain else tensors


def _mark_written(*tensors: torch.Tensor) -> None:
    """Lets autograd notice that saved tensors have changed: C code writes behind its back."""
    for tensor in tensors:
        if not tensor.is_inference():
            torch.autograd.graph.increment_version(tensor)
