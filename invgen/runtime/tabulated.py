"""The convolution whose weights are splines of the distance, looked up in tables while pairs are summed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch

from invgen.checks import positive
from invgen.errors import InputError
from invgen.runtime.building import built
from invgen.runtime.convolution import ConvolutionArguments, Coupled, Four, Three
from invgen.runtime.convolution_spec import TabulatedSpec
from invgen.runtime.implementation import Implementation
from invgen.runtime.neighbours import Neighbours
from invgen.runtime.operators import Operators
from invgen.runtime.splines import errors_between, table_from
from invgen.stages import Progress


def build_tabulated(
    spec: TabulatedSpec, registration: str = "python", prebuilt: Path | None = None, progress: Progress | None = None
) -> TabulatedKernel:
    """The same as `build_weighted`, for a convolution with radial tables."""
    return TabulatedKernel(spec, *built(spec, registration, prebuilt, progress))


class TabulatedKernel(Coupled[TabulatedSpec, "_TabulatedArguments"]):
    """out[i, m, p, c] = Σ over the pairs of receiver i of w[p, c](|r|) Σ_{n, j} K_p[m, n, j] x[source, n, c] Y_j(r).

    It is `ConvolutionKernel` with weights w that are cubic splines of the distance, twice continuously differentiable:

        w[p, c](d) = Σ_k C[kind, k, p, c] B((d - d_0) / h - k + 1),   h = (d_1 - d_0) / (knots - 1)

    with the cubic B-spline B of integer knots around 0, and kind a number of the pair. Beyond the span weights are
    those at its ends. A table holds the coefficients C[k] and beside them C[k + 1] - C[k], from which slopes are made:
    in float32 the differences of rounded coefficients would be wrong by 1e-7 of a weight over the distance of two
    knots. `table(values)` makes both from values at the knots.
    Nothing of the size pairs × paths × channels is stored: weights are made of four rows of the table while pairs are
    summed.

    Calling the kernel is twice differentiable with respect to vectors, table and features; gradients by the vectors
    include those of the distances, and are exact for the splines. Gradients by the table are summed over fixed parts of
    the receivers, so that no number of threads changes a bit.

    Attributes:
        spec: everything the kernel was built from.
        span: the distances at the first knot and the last.
        dimension: rows of the features.
        weights: rows of the weights of a pair.
        table_rows: coefficients of a weight in a table, two more than there are knots.
        rows: rows of the result.
        paths: the irreps of every path, and its rows of weights.
        blocks: for each irrep of the result the number of its tensors and its rows.
        dtype: the torch dtype of all floating-point inputs and outputs.
    """

    def __init__(self, spec: TabulatedSpec, implementation: Implementation, operators: Operators) -> None:
        super().__init__(spec, _TabulatedArguments(spec), implementation, operators)
        self.span, self.table_rows = spec.span, spec.table_rows

    def knots(self, dtype: torch.dtype | None = None) -> torch.Tensor:
        """The distances of the knots, (knots), in the dtype of the kernel or another."""
        low, high = self.span
        found = torch.linspace(low, high, self.spec.knots, dtype=torch.float64)
        return found.to(self.dtype if dtype is None else dtype)

    def table(self, values: torch.Tensor) -> torch.Tensor:
        """The table (..., table_rows, 2, weights, channels) of functions from their values at the knots.

        It has the dtype of the kernel; values of float64 are rounded once. The spline reproduces polynomials of degree
        3, and differs from a smooth function by terms of fourth order in the distance of the knots. The map is linear
        and local: gradients flow through it.

        Args:
            values: (..., knots, weights, channels).

        Raises:
            InputError: there are not as many values as knots.
        """
        if values.dim() < 3 or values.shape[-3] != self.spec.knots:
            raise InputError(
                f"kernel {self.name!r} makes tables of values (..., {self.spec.knots}, weights, channels), got shape "
                f"{tuple(values.shape)}: evaluate the function at its knots()"
            )
        return table_from(values, self.dtype)

    def table_of(self, function: Callable[[torch.Tensor], torch.Tensor], bound: float) -> torch.Tensor:
        """The table of a function, checked between the knots.

        Args:
            function: distances (n) -> weights (n, weights, channels).
            bound: the largest error that is accepted, relative to the largest value.

        Returns:
            (1, table_rows, 2, weights, channels), in the dtype of the kernel.

        Raises:
            InputError: the error is larger somewhere half or a quarter of the way between knots.
        """
        accepted = positive("the error bound of a table", bound)
        knots = self.knots(torch.float64)
        table = table_from(function(knots).double(), torch.float64)
        found = errors_between(table, knots, function)
        if not found.worst <= accepted * found.largest:
            raise InputError(
                f"the table of kernel {self.name!r} with {self.spec.knots} knots differs from its function by "
                f"{found.worst / found.largest:.1e} of the largest value at the distance {found.distance:.3g}, more "
                f"than the bound {accepted:.1e}: use more knots, or begin the table at a larger distance"
            )
        return table.to(self.dtype)[None]

    def __call__(
        self,
        vectors: torch.Tensor,
        table: torch.Tensor,
        features: torch.Tensor,
        neighbours: Neighbours,
        kinds: torch.Tensor | None = None,
    ) -> torch.Tensor:
        """The sums, (receivers, rows, channels), recorded by autograd.

        Args:
            vectors: (pairs, 3), from receiver to source.
            table: (tables, table_rows, 2, weights, channels).
            features: (sources, dimension, channels).
            neighbours: the pairs.
            kinds: (pairs), int64, the number of each pair's table; the first for all if left out.

        Raises:
            InputError: if an argument does not fit, or later, if a third derivative is asked for.
        """
        given = self._given(vectors, table, features, neighbours, kinds)
        self._arguments.check_value(*given)
        return self._recorded(*given)

    def value(
        self,
        vectors: torch.Tensor,
        table: torch.Tensor,
        features: torch.Tensor,
        neighbours: Neighbours,
        kinds: torch.Tensor | None = None,
    ) -> torch.Tensor:
        """The sums, without autograd; `InputError` for an argument that does not fit, here and below."""
        return self._run("value", self._given(vectors, table, features, neighbours, kinds))  # type: ignore[no-any-return]

    def vjp(
        self,
        vectors: torch.Tensor,
        table: torch.Tensor,
        features: torch.Tensor,
        neighbours: Neighbours,
        ybar: torch.Tensor,
        kinds: torch.Tensor | None = None,
        wanted: tuple[bool, bool, bool] = (True, True, True),
    ) -> Three:
        """The gradients of <ybar, sums> by vectors, table and features; those not wanted have no elements."""
        given = self._given(vectors, table, features, neighbours, kinds)
        return self._run("vjp", given, (ybar,), flags=self._flags(wanted))  # type: ignore[no-any-return]

    def jvp(
        self,
        vectors: torch.Tensor,
        table: torch.Tensor,
        features: torch.Tensor,
        neighbours: Neighbours,
        u: Three,
        kinds: torch.Tensor | None = None,
    ) -> torch.Tensor:
        """The change of the sums along `u`, which is shaped as (vectors, table, features); without autograd."""
        given = self._given(vectors, table, features, neighbours, kinds)
        return self._run("jvp", given, self._along(u))  # type: ignore[no-any-return]

    def vjp_of_vjp(
        self,
        vectors: torch.Tensor,
        table: torch.Tensor,
        features: torch.Tensor,
        neighbours: Neighbours,
        ybar: torch.Tensor,
        u: Three,
        kinds: torch.Tensor | None = None,
    ) -> Four:
        """Gradients of <u, vjp> with respect to vectors, table, features and ybar, without autograd."""
        given = self._given(vectors, table, features, neighbours, kinds)
        return self._run("vjp_of_vjp", given, (ybar, *self._along(u)))  # type: ignore[no-any-return]

    def __reduce__(self) -> tuple[Any, ...]:
        return build_tabulated, (self.spec,)

    def _given(
        self,
        vectors: torch.Tensor,
        table: torch.Tensor,
        features: torch.Tensor,
        neighbours: Neighbours,
        kinds: torch.Tensor | None,
    ) -> tuple[torch.Tensor, ...]:
        self._arguments.check_neighbours(neighbours)
        own = neighbours.index.new_empty(0) if kinds is None else kinds
        return vectors, table, features, *neighbours.lists, own


class _TabulatedArguments(ConvolutionArguments):
    """Arguments pass exactly when a kernel with radial tables can take them as they are."""

    def __init__(self, spec: TabulatedSpec) -> None:
        super().__init__(spec)
        self._table_rows = spec.table_rows

    def check_value(self, *given: torch.Tensor) -> None:
        """All tensors fit the lists and each other."""
        vectors, table, features, *lists, kinds = given
        pairs = lists[1].shape[0]
        self.check_shape("features", features, (lists[3].shape[0] - 1, self._rows, None))
        self.check_shape("table", table, (None, self._table_rows, 2, self._weights, features.shape[-1]))
        self.check_shape("vectors", vectors, (pairs, self._coordinates))
        self.check_device("table", table, vectors)
        self.check_device("features", features, vectors)
        self.check_lists(lists, vectors.device)
        if kinds.dtype != torch.int64 or kinds.dim() != 1 or kinds.device != vectors.device:
            raise InputError(
                f"{self._who()} takes kinds of int64 on {vectors.device}, got {kinds.dtype} on {kinds.device}"
            )
        if kinds.shape[0] not in (0, pairs):
            raise InputError(f"{self._who()} takes one kind for each of {pairs} pairs, got {kinds.shape[0]}")
        if not table.shape[0]:
            raise InputError(f"{self._who()} takes one table or more, got none")
