"""The object that sums moments over neighbours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import torch

from invgen.errors import InputError
from invgen.runtime.arguments import TORCH_DTYPES
from invgen.runtime.build.cache import shared_library
from invgen.runtime.build.compilers import find_compiler
from invgen.runtime.build.cubin import KernelReport
from invgen.runtime.gpu.device import require_cuda
from invgen.runtime.moments_chain import moments_chain
from invgen.runtime.moments_cuda import CudaMoments
from invgen.runtime.moments_library import MomentsImplementation, MomentsLibrary, Quadruple, Triple
from invgen.runtime.moments_operators import MomentsOperators, register_moments
from invgen.runtime.moments_torch import TorchMoments
from invgen.runtime.neighbours import Neighbours
from invgen.runtime.spec import KernelSpec

MOMENTS_FORMS: Final = ("mixed", "full", "environment")

_loaded: dict[str, MomentsImplementation] = {}


@dataclass(frozen=True)
class MomentsSpec:
    """What `build_moments` must know.

    Attributes:
        kernel: Source, name, dtype and target; `kernel.count` is the number of harmonics.
        form: One of `MOMENTS_FORMS`.
    """

    kernel: KernelSpec
    form: str


def build_moments(spec: MomentsSpec) -> MomentsKernel:
    """The kernel of ``spec``, compiled or found in the cache.

    Raises:
        CompilerError: If no compiler is found, or the compiler refuses the source, or target "cuda" lacks something.
        CacheError: If the kernel cache cannot be used.
    """
    kernel = spec.kernel
    library = _loaded.get(kernel.key)
    if library is None:
        library = _loaded.setdefault(kernel.key, _implementation(spec))
    return MomentsKernel(spec, library, register_moments(kernel, library))


def _implementation(spec: MomentsSpec) -> MomentsImplementation:
    kernel = spec.kernel
    if kernel.target == "cuda":
        require_cuda()
        return CudaMoments(kernel, Trailing(spec))
    if kernel.target == "torch":
        return TorchMoments(kernel, Trailing(spec))
    return MomentsLibrary(shared_library(kernel, find_compiler()).library, kernel.name, Trailing(spec))


@dataclass(frozen=True)
class Trailing:
    """The shape of a moment of one receiver and feature."""

    spec: MomentsSpec

    def __call__(self, radial: int) -> tuple[int, ...]:
        """The axes between atoms and features, for this many radial values."""
        count = self.spec.kernel.count
        return {"mixed": (count,), "full": (count, radial), "environment": (radial,)}[self.spec.form]


class MomentsKernel:
    """Moments of the neighbours of every receiver, with T_c the harmonics of the direction (or vector) of a pair.

    ===========  ====================================================  ======================  ========================
    form         result                                                features                shape of the result
    ===========  ====================================================  ======================  ========================
    mixed        E[i, c, f] = Σ_p T_c(r_p) Σ_nu s[p, nu] g[j_p, nu, f]  (sources, n, channels)  (atoms, C, channels)
    full         E[i, c, nu, f] = Σ_p T_c(r_p) s[p, nu] z[j_p, f]       (sources, channels)     (atoms, C, n, channels)
    environment  E[i, nu, f] = Σ_p s[p, nu] z[j_p, f]                   (sources, channels)     (atoms, n, channels)
    ===========  ====================================================  ======================  ========================

    Sums run over the pairs p of receiver i in their order: results do not depend on the number of threads. Nothing
    of the size pairs × channels is stored. Calling the kernel is differentiable twice by vectors, radial values and
    features, in eager mode, under `torch.compile`, `torch.export` and `torch.func`. The methods `value`, `vjp`, `jvp`
    and `vjp_of_vjp` are the bare functions, of which nothing is recorded.

    A pair of length zero has no direction: with unit vectors its receiver's moments of rank 1 and more are NaN, and so
    are gradients by that pair. NaN and infinity pass to the receivers whose pairs or sources hold them, no further.

    Attributes:
        spec: Everything the kernel was built from.
        form: As above.
        harmonics: C, the number of harmonics; 1 for the form environment.
        dtype: The torch dtype of all floating-point inputs and outputs.
    """

    def __init__(self, spec: MomentsSpec, library: MomentsImplementation, operators: MomentsOperators) -> None:
        self.spec = spec
        self.form = spec.form
        self.name = spec.kernel.name
        self.convention = spec.kernel.convention
        self.harmonics = spec.kernel.count
        self.dtype = TORCH_DTYPES[spec.kernel.dtype]
        self._device = {"c": "cpu", "cuda": "cuda"}.get(spec.kernel.target)  # None is any device
        self._library = library
        self._operators = operators
        self._differentiable = moments_chain(self.name, operators)

    def __call__(
        self, vectors: torch.Tensor | None, radial: torch.Tensor, features: torch.Tensor, neighbours: Neighbours
    ) -> torch.Tensor:
        """The moments, recorded by autograd.

        Args:
            vectors: (pairs, 3), from receiver to source; None exactly for the form environment.
            radial: (pairs, n), the radial functions of each pair.
            features: of the sources, shaped as the table says.
            neighbours: the pairs.

        Raises:
            InputError: if an argument does not fit, or later, if a third derivative is asked for.
        """
        vectors = self._checked(vectors, radial, features, neighbours)
        if torch.compiler.is_compiling():
            return self._operators.value(vectors, radial, features, *neighbours.lists)  # type: ignore[no-any-return]
        return self._differentiable(vectors, radial, features, *neighbours.lists)

    def value(
        self, vectors: torch.Tensor | None, radial: torch.Tensor, features: torch.Tensor, neighbours: Neighbours
    ) -> torch.Tensor:
        """The moments, without autograd.

        Raises:
            InputError: if an argument does not fit.
        """
        vectors = self._checked(vectors, radial, features, neighbours)
        return self._library.value(vectors, radial, features, *neighbours.lists)

    def vjp(
        self,
        vectors: torch.Tensor | None,
        radial: torch.Tensor,
        features: torch.Tensor,
        neighbours: Neighbours,
        ybar: torch.Tensor,
    ) -> Triple:
        """The gradients of <ybar, moments> by vectors, radial values and features, without autograd.

        Raises:
            InputError: if an argument does not fit.
        """
        vectors = self._checked(vectors, radial, features, neighbours)
        self._check("ybar", ybar, self._library.moments_shape(radial, features, neighbours.lists))
        return self._library.vjp(vectors, radial, features, ybar, *neighbours.lists, True, True)

    def jvp(
        self,
        vectors: torch.Tensor | None,
        radial: torch.Tensor,
        features: torch.Tensor,
        neighbours: Neighbours,
        u: tuple[torch.Tensor | None, torch.Tensor, torch.Tensor],
    ) -> torch.Tensor:
        """The change of the moments along ``u``, which is shaped as (vectors, radial, features); without autograd.

        Raises:
            InputError: if an argument does not fit.
        """
        vectors = self._checked(vectors, radial, features, neighbours)
        along = self._along(u, vectors, radial, features)
        return self._library.jvp(vectors, radial, features, *along, *neighbours.lists)

    def vjp_of_vjp(
        self,
        vectors: torch.Tensor | None,
        radial: torch.Tensor,
        features: torch.Tensor,
        neighbours: Neighbours,
        ybar: torch.Tensor,
        u: tuple[torch.Tensor | None, torch.Tensor, torch.Tensor],
    ) -> Quadruple:
        """Gradients of <u, vjp> by vectors, radial values, features and ybar, without autograd.

        Raises:
            InputError: if an argument does not fit.
        """
        vectors = self._checked(vectors, radial, features, neighbours)
        self._check("ybar", ybar, self._library.moments_shape(radial, features, neighbours.lists))
        along = self._along(u, vectors, radial, features)
        return self._library.vjp_of_vjp(vectors, radial, features, ybar, *along, *neighbours.lists)

    def build_report(self) -> tuple[KernelReport, ...]:
        """Registers, spills and occupancy of every kernel, for each GPU architecture that one was loaded for.

        Raises:
            InputError: the target is not "cuda".
        """
        if not isinstance(self._library, CudaMoments):
            raise InputError(f"kernel {self.name!r} of target {self.spec.kernel.target!r} has no build report")
        return self._library.reports()

    def __repr__(self) -> str:
        return f"MomentsKernel({self.form}, {self.harmonics} harmonics, {self.convention}, {self.spec.kernel.dtype})"

    def __copy__(self) -> MomentsKernel:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> MomentsKernel:
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return build_moments, (self.spec,)

    def _checked(
        self, vectors: torch.Tensor | None, radial: torch.Tensor, features: torch.Tensor, neighbours: Neighbours
    ) -> torch.Tensor:
        """The vectors, which without directions have no components; everything else has been found to fit."""
        if not isinstance(neighbours, Neighbours):
            raise InputError(
                f"kernel {self.name!r} takes neighbours as a Neighbours, got {type(neighbours).__name__}: "
                "make one with Neighbours.from_csr or Neighbours.from_receivers"
            )
        pairs = neighbours.pairs
        self._check("radial", radial, (pairs, None))
        middle = (radial.shape[-1],) if self.form == "mixed" else ()
        self._check("features", features, (neighbours.sources, *middle, None))
        for each in neighbours.lists:
            if each.dtype != torch.int64 or each.dim() != 1 or each.device != radial.device:
                raise InputError(
                    f"kernel {self.name!r} takes neighbour lists of int64 on {radial.device}, got {each.dtype} of "
                    f"shape {tuple(each.shape)} on {each.device}: use Neighbours.from_csr, and .to(radial.device)"
                )
        if self.form == "environment":
            if vectors is not None:
                raise InputError(f"kernel {self.name!r} knows no directions: pass None for vectors")
            return radial.new_empty((pairs, 0))
        if vectors is None:
            raise InputError(f"kernel {self.name!r} takes vectors of shape ({pairs}, 3), got None")
        self._check("vectors", vectors, (pairs, 3))
        return vectors

    def _along(
        self,
        u: tuple[torch.Tensor | None, torch.Tensor, torch.Tensor],
        vectors: torch.Tensor,
        radial: torch.Tensor,
        features: torch.Tensor,
    ) -> Triple:
        if not isinstance(u, tuple) or len(u) != 3:
            raise InputError(f"kernel {self.name!r} takes u as a tuple of three tensors: vectors, radial, features")
        first = vectors if u[0] is None and self.form == "environment" else u[0]
        if first is None:
            raise InputError(f"kernel {self.name!r} takes three tensors as u, got None for the vectors")
        for name, along, like in (("u[0]", first, vectors), ("u[1]", u[1], radial), ("u[2]", u[2], features)):
            self._check(name, along, tuple(like.shape))
        return first, u[1], u[2]

    def _check(self, name: str, tensor: Any, shape: tuple[int | None, ...]) -> None:
        if not isinstance(tensor, torch.Tensor):
            raise InputError(f"kernel {self.name!r} takes torch tensors, got {type(tensor).__name__} for {name}")
        if tensor.dtype != self.dtype:
            raise InputError(
                f"kernel {self.name!r} takes {self.dtype}, got {tensor.dtype} for {name}: convert it, or build the "
                "kernel with another dtype"
            )
        if self._device not in (None, tensor.device.type) or tensor.layout != torch.strided:
            where = "" if self._device is None else f"{self._device.upper()} "
            raise InputError(
                f"kernel {self.name!r} of target {self.spec.kernel.target!r} runs on dense {where}"
                f"tensors, got {name} on {tensor.device}, {tensor.layout}"
            )
        if tensor.dim() != len(shape) or any(
            want is not None and have != want for have, want in zip(tensor.shape, shape, strict=True)
        ):
            words = ", ".join("any" if size is None else str(size) for size in shape)
            raise InputError(f"kernel {self.name!r} takes {name} of shape ({words}) here, got {tuple(tensor.shape)}")
