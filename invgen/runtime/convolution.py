"""The object that couples features of sources with harmonics of pairs and sums over neighbours."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar

import torch

from invgen.errors import InputError
from invgen.runtime.bound import BoundKernel
from invgen.runtime.building import built
from invgen.runtime.convolution_spec import ConvolutionPath, ConvolutionSpec, OutputBlock
from invgen.runtime.families import family_of
from invgen.runtime.implementation import Implementation
from invgen.runtime.neighbours import Neighbours
from invgen.runtime.operators import Operators
from invgen.runtime.pair_arguments import PairArguments
from invgen.stages import Progress

Three = tuple[torch.Tensor, torch.Tensor, torch.Tensor]
Four = tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]


def build_convolution(
    spec: ConvolutionSpec, registration: str = "python", prebuilt: Path | None = None, progress: Progress | None = None
) -> ConvolutionKernel:
    """The same as `build_weighted`, for a convolution."""
    return ConvolutionKernel(spec, *built(spec, registration, prebuilt, progress))


class ConvolutionArguments(PairArguments):
    """Arguments pass exactly when a kernel of convolutions can take them as they are."""

    def __init__(self, spec: ConvolutionSpec) -> None:
        super().__init__(spec)
        self._coordinates, self._weights, self._rows = spec.coordinates, spec.weights, spec.kernel.dimension

    def check_value(self, *given: torch.Tensor) -> None:
        """All tensors fit the lists and each other."""
        vectors, weights, features, *lists = given
        pairs = lists[1].shape[0]
        self.check_shape("features", features, (lists[3].shape[0] - 1, self._rows, None))
        self.check_shape("weights", weights, (pairs, self._weights, features.shape[-1]))
        self.check_shape("vectors", vectors, (pairs, self._coordinates))
        self.check_device("weights", weights, vectors)
        self.check_device("features", features, vectors)
        self.check_lists(lists, vectors.device)


_Spec = TypeVar("_Spec", bound=ConvolutionSpec)
_Arguments = TypeVar("_Arguments", bound=ConvolutionArguments)


class Coupled(BoundKernel[_Spec, _Arguments]):
    """What kernels of convolutions say about their rows, wherever their weights come from."""

    def __init__(
        self, spec: _Spec, arguments: _Arguments, implementation: Implementation, operators: Operators
    ) -> None:
        super().__init__(spec, arguments, implementation, operators)
        self.angular = spec.angular
        self.coordinates = spec.coordinates
        self.dimension = spec.kernel.dimension
        self.weights = spec.weights
        self.rows = spec.kernel.count
        self.paths: tuple[ConvolutionPath, ...] = spec.paths
        self.blocks: tuple[OutputBlock, ...] = spec.blocks

    def __repr__(self) -> str:
        outputs = " + ".join(f"{block.copies}x{block.irrep}" for block in self.blocks)
        return (
            f"{type(self).__name__}({self.name}: {self.spec.irreps} -> {outputs}, {len(self.paths)} paths, "
            f"{self.convention}, {self.spec.kernel.dtype}, target={self.target!r})"
        )

    def _along(self, u: Any) -> Three:
        if not isinstance(u, tuple) or len(u) != 3:
            points = ", ".join(family_of(self.spec).points)
            raise InputError(f"kernel {self.name!r} takes u as a tuple of three tensors: {points}")
        return u

    def _flags(self, wanted: Any) -> tuple[bool, ...]:
        if not isinstance(wanted, tuple) or len(wanted) != 3:
            raise InputError(f"kernel {self.name!r} takes wanted as three booleans, got {wanted!r}")
        return tuple(map(bool, wanted))


class ConvolutionKernel(Coupled[ConvolutionSpec, ConvolutionArguments]):
    """out[i, m, p, c] = Σ over the pairs of receiver i of w[pair, p, c] Σ_{n, j} K_p[m, n, j] x[source, n, c] Y_j(r).

    K_p is the coupling of path p (`invgen.compile_convolution` says how it is normalised). Where features and harmonics
    are turned by one rotation, so is the result. Sums run over the pairs of a receiver in their order, and gradients
    with respect to features over fixed parts of the receivers: results do not depend on the number of threads.
    Nothing of the size pairs × paths × channels is stored but the weights and their gradients.

    Calling the kernel is twice differentiable with respect to vectors (or harmonics), weights and features. This holds
    in eager mode and under `torch.compile`, `torch.export` and `torch.func`. The methods `value`, `vjp`, `jvp` and
    `vjp_of_vjp` are the bare functions, of which nothing is recorded.

    A pair of length zero has no direction: with unit vectors its receiver's sums are NaN where harmonics of rank 1 and
    more enter.

    Attributes:
        spec: everything the kernel was built from.
        angular: "unit" or "solid" where the first argument is vectors, "given" where it is harmonics.
        coordinates: 3, or the number of components of the harmonics.
        dimension: rows of the features: their components, those of an irrep by component, then by copy.
        weights: rows of the weights of a pair.
        rows: rows of the result.
        paths: the irreps of every path, and its rows of weights.
        blocks: for each irrep of the result the number of its tensors and its rows, by component, then by path.
        dtype: the torch dtype of all floating-point inputs and outputs.
    """

    def __init__(self, spec: ConvolutionSpec, implementation: Implementation, operators: Operators) -> None:
        super().__init__(spec, ConvolutionArguments(spec), implementation, operators)

    def __call__(
        self, vectors: torch.Tensor, weights: torch.Tensor, features: torch.Tensor, neighbours: Neighbours
    ) -> torch.Tensor:
        """The sums, (receivers, rows, channels), recorded by autograd.

        Args:
            vectors: (pairs, 3), from receiver to source; (pairs, coordinates), harmonics, where these are given.
            weights: (pairs, weights, channels).
            features: (sources, dimension, channels).
            neighbours: the pairs.

        Raises:
            InputError: if an argument does not fit, or later, if a third derivative is asked for.
        """
        given = self._given(vectors, weights, features, neighbours)
        self._arguments.check_value(*given)
        return self._recorded(*given)

    def value(
        self, vectors: torch.Tensor, weights: torch.Tensor, features: torch.Tensor, neighbours: Neighbours
    ) -> torch.Tensor:
        """The sums, without autograd; `InputError` for an argument that does not fit, here and below."""
        return self._run("value", self._given(vectors, weights, features, neighbours))  # type: ignore[no-any-return]

    def vjp(
        self,
        vectors: torch.Tensor,
        weights: torch.Tensor,
        features: torch.Tensor,
        neighbours: Neighbours,
        ybar: torch.Tensor,
        wanted: tuple[bool, bool, bool] = (True, True, True),
    ) -> Three:
        """The gradients of <ybar, sums> with respect to vectors, weights and features, without autograd.

        Gradients that are not wanted have no elements. Without that of the weights nothing of their size is written.
        """
        given = self._given(vectors, weights, features, neighbours)
        return self._run("vjp", given, (ybar,), flags=self._flags(wanted))  # type: ignore[no-any-return]

    def jvp(
        self, vectors: torch.Tensor, weights: torch.Tensor, features: torch.Tensor, neighbours: Neighbours, u: Three
    ) -> torch.Tensor:
        """The change of the sums along `u`, which is shaped as (vectors, weights, features); without autograd."""
        return self._run(  # type: ignore[no-any-return]
            "jvp", self._given(vectors, weights, features, neighbours), self._along(u)
        )

    def vjp_of_vjp(
        self,
        vectors: torch.Tensor,
        weights: torch.Tensor,
        features: torch.Tensor,
        neighbours: Neighbours,
        ybar: torch.Tensor,
        u: Three,
    ) -> Four:
        """Gradients of <u, vjp> with respect to vectors, weights, features and ybar, without autograd."""
        given = self._given(vectors, weights, features, neighbours)
        return self._run("vjp_of_vjp", given, (ybar, *self._along(u)))  # type: ignore[no-any-return]

    def __reduce__(self) -> tuple[Any, ...]:
        return build_convolution, (self.spec,)

    def _given(
        self, vectors: torch.Tensor, weights: torch.Tensor, features: torch.Tensor, neighbours: Neighbours
    ) -> tuple[torch.Tensor, ...]:
        self._arguments.check_neighbours(neighbours)
        return vectors, weights, features, *neighbours.lists
