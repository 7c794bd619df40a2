"""The object that sums moments over neighbours."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch

from invgen.errors import InputError
from invgen.runtime.bound import BoundKernel
from invgen.runtime.building import built
from invgen.runtime.implementation import Implementation
from invgen.runtime.moments_spec import MOMENTS_FORMS, MomentsSpec
from invgen.runtime.neighbours import Neighbours
from invgen.runtime.operators import Operators
from invgen.runtime.pair_arguments import PairArguments
from invgen.stages import Progress

Triple = tuple[torch.Tensor, torch.Tensor, torch.Tensor]
Quadruple = tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]

__all__ = ["MOMENTS_FORMS", "MomentsKernel", "MomentsSpec", "build_moments"]


def build_moments(
    spec: MomentsSpec, registration: str = "python", prebuilt: Path | None = None, progress: Progress | None = None
) -> MomentsKernel:
    """The same as `build_weighted`, for moments."""
    return MomentsKernel(spec, *built(spec, registration, prebuilt, progress))


class MomentsKernel(BoundKernel[MomentsSpec, "_MomentsArguments"]):
    """Moments of the neighbours of every receiver, with T_c the harmonics of the direction (or vector) of a pair.

    ===========  =====================================================  ======================  ========================
    form         result                                                 features                shape of the result
    ===========  =====================================================  ======================  ========================
    mixed        E[i, c, f] = Σ_p T_c(r_p) Σ_nu s[p, nu] g[j_p, nu, f]  (sources, n, channels)  (atoms, C, channels)
    full         E[i, c, nu, f] = Σ_p T_c(r_p) s[p, nu] z[j_p, f]       (sources, channels)     (atoms, C, n, channels)
    environment  E[i, nu, f] = Σ_p s[p, nu] z[j_p, f]                   (sources, channels)     (atoms, n, channels)
    ===========  =====================================================  ======================  ========================

    Sums run over the pairs p of receiver i in their order: results do not depend on the number of threads. Nothing
    of the size pairs × channels is stored. Calling the kernel is twice differentiable with respect to vectors, radial
    values and features. This holds in eager mode and under `torch.compile`, `torch.export` and `torch.func`. The
    methods `value`, `vjp`, `jvp` and `vjp_of_vjp` are the bare functions, of which nothing is recorded.

    A pair of length zero has no direction: with unit vectors its receiver's moments of rank 1 and more are NaN, and so
    are gradients with respect to that pair. NaN and infinity pass to the receivers whose pairs or sources hold them,
    and no further.

    Attributes:
        spec: everything the kernel was built from.
        form: as above.
        harmonics: C, the number of harmonics; 1 for the form environment.
        dtype: the torch dtype of all floating-point inputs and outputs.
    """

    def __init__(self, spec: MomentsSpec, implementation: Implementation, operators: Operators) -> None:
        super().__init__(spec, _MomentsArguments(spec), implementation, operators)
        self.form = spec.form
        self.harmonics = spec.kernel.count

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
        given = self._given(vectors, radial, features, neighbours)
        self._arguments.check_value(*given)
        return self._recorded(*given)

    def value(
        self, vectors: torch.Tensor | None, radial: torch.Tensor, features: torch.Tensor, neighbours: Neighbours
    ) -> torch.Tensor:
        """The moments, without autograd.

        Raises:
            InputError: if an argument does not fit.
        """
        return self._run("value", self._given(vectors, radial, features, neighbours))  # type: ignore[no-any-return]

    def vjp(
        self,
        vectors: torch.Tensor | None,
        radial: torch.Tensor,
        features: torch.Tensor,
        neighbours: Neighbours,
        ybar: torch.Tensor,
    ) -> Triple:
        """The gradients of <ybar, moments> with respect to vectors, radial values and features, without autograd.

        Raises:
            InputError: if an argument does not fit.
        """
        given = self._given(vectors, radial, features, neighbours)
        return self._run("vjp", given, (ybar,), flags=(True, True))  # type: ignore[no-any-return]

    def jvp(
        self,
        vectors: torch.Tensor | None,
        radial: torch.Tensor,
        features: torch.Tensor,
        neighbours: Neighbours,
        u: tuple[torch.Tensor | None, torch.Tensor, torch.Tensor],
    ) -> torch.Tensor:
        """The change of the moments along `u`, which is shaped as (vectors, radial, features); without autograd.

        Raises:
            InputError: if an argument does not fit.
        """
        given = self._given(vectors, radial, features, neighbours)
        return self._run("jvp", given, self._along(u, given))  # type: ignore[no-any-return]

    def vjp_of_vjp(
        self,
        vectors: torch.Tensor | None,
        radial: torch.Tensor,
        features: torch.Tensor,
        neighbours: Neighbours,
        ybar: torch.Tensor,
        u: tuple[torch.Tensor | None, torch.Tensor, torch.Tensor],
    ) -> Quadruple:
        """Gradients of <u, vjp> with respect to vectors, radial values, features and ybar, without autograd.

        Raises:
            InputError: if an argument does not fit.
        """
        given = self._given(vectors, radial, features, neighbours)
        return self._run("vjp_of_vjp", given, (ybar, *self._along(u, given)))  # type: ignore[no-any-return]

    def __repr__(self) -> str:
        return f"MomentsKernel({self.form}, {self.harmonics} harmonics, {self.convention}, {self.spec.kernel.dtype})"

    def __reduce__(self) -> tuple[Any, ...]:
        return build_moments, (self.spec,)

    def _given(
        self, vectors: torch.Tensor | None, radial: torch.Tensor, features: torch.Tensor, neighbours: Neighbours
    ) -> tuple[torch.Tensor, ...]:
        """The arguments of the value; vectors without directions have no components."""
        self._arguments.check_neighbours(neighbours)
        if self.form == "environment":
            if vectors is not None:
                raise InputError(f"kernel {self.name!r} has no directions: pass None for vectors")
            self._arguments.check_tensor("radial", radial)
            vectors = radial.new_empty((neighbours.pairs, 0))
        elif vectors is None:
            raise InputError(f"kernel {self.name!r} takes vectors of shape ({neighbours.pairs}, 3), got None")
        return vectors, radial, features, *neighbours.lists

    def _along(
        self, u: tuple[torch.Tensor | None, torch.Tensor, torch.Tensor], given: tuple[torch.Tensor, ...]
    ) -> tuple[torch.Tensor, ...]:
        if not isinstance(u, tuple) or len(u) != 3:
            raise InputError(f"kernel {self.name!r} takes u as a tuple of three tensors: vectors, radial, features")
        first = given[0] if u[0] is None and self.form == "environment" else u[0]
        if first is None:
            raise InputError(f"kernel {self.name!r} takes three tensors as u, got None for the vectors")
        return first, u[1], u[2]


class _MomentsArguments(PairArguments):
    """Arguments pass exactly when a kernel of moments can take them as they are."""

    def __init__(self, spec: MomentsSpec) -> None:
        super().__init__(spec)
        self._form = spec.form

    def check_value(self, *given: torch.Tensor) -> None:
        """All tensors fit the lists."""
        vectors, radial, features, *lists = given
        pairs = lists[1].shape[0]
        self.check_shape("radial", radial, (pairs, None))
        middle = (radial.shape[-1],) if self._form == "mixed" else ()
        self.check_shape("features", features, (lists[3].shape[0] - 1, *middle, None))
        self.check_shape("vectors", vectors, (pairs, 0 if self._form == "environment" else 3))
        self.check_lists(lists, radial.device)
