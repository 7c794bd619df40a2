"""Radial networks of other libraries as tables: tables of the weights of a block, and what they are made of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import torch

from invgen.checks import integer, one_of, positive
from invgen.errors import InputError
from invgen.interop.e3nn_layouts import tabulated_of
from invgen.nn.kept import Kept
from invgen.nn.radial_tables import in_float64, kinds_checked, tensors_of
from invgen.runtime import TabulatedKernel
from invgen.runtime.splines import table_from


class RadialFunctions(Protocol):
    """The radial functions of a model.

    Attributes:
        cutoff: beyond which they vanish.
        shortest: the distance where tables begin.
        elements: how many there are.
        by_elements: whether radial functions depend on them.
        symmetric: whether those of two elements stay the same when the elements are exchanged.
    """

    cutoff: float
    shortest: float
    elements: int
    by_elements: bool
    symmetric: bool

    def of_elements(self, lengths: torch.Tensor, kinds: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor | None]:
        """Functions and a factor of the weights, in float64; a kind is first element × elements + second element."""

    def tensors(self) -> Iterable[torch.Tensor]:
        """All that they follow from."""


class BlockTables:
    """Tables of the weights of one block; made anew for every call that records gradients of its parameters.

    Args:
        radial: the radial functions.
        layers: of the network from radial functions to weights; the last is linear.
    """

    def __init__(self, radial: RadialFunctions, layers: Sequence[torch.nn.Module]) -> None:
        self._radial, self._inner, self._last = radial, torch.nn.Sequential(*layers[:-1]), layers[-1]
        self._latest: Kept[torch.Tensor] = Kept()

    def __call__(
        self,
        kernel: TabulatedKernel,
        channels: int,
        species: torch.Tensor,
        first: torch.Tensor,
        second: torch.Tensor,
    ) -> tuple[torch.Tensor, torch.Tensor | None]:
        """(tables, the table of each pair), for pairs of a first and a second atom of these species."""
        radial = self._radial
        if not radial.by_elements:
            return self._kept(kernel, channels, species.new_zeros(1)), None
        one, other = species[first], species[second]
        if radial.symmetric:
            one, other = torch.minimum(one, other), torch.maximum(one, other)
        kinds, numbers = torch.unique(one * radial.elements + other, return_inverse=True)
        return self._kept(kernel, channels, kinds if kinds.numel() else species.new_zeros(1)), numbers

    def check(self, kernel: TabulatedKernel, channels: int, bound: float) -> None:
        """Tables are within an error bound, in float64.

        Raises:
            InputError: one is not.
        """
        count = self._radial.elements if self._radial.by_elements else 1
        for kind in kinds_checked(count, self._radial.symmetric).tolist():

            def function(lengths: torch.Tensor, kind: int = kind) -> torch.Tensor:
                hidden = self._hidden(lengths, torch.full(lengths.shape, kind))
                weights: torch.Tensor = in_float64(self._last, hidden)
                return weights.reshape(lengths.shape[0], kernel.weights, channels).detach()

            kernel.table_of(function, bound)

    def _kept(self, kernel: TabulatedKernel, channels: int, kinds: torch.Tensor) -> torch.Tensor:
        """The tables of these kinds."""
        own = [*self._radial.tensors(), *tensors_of(self._inner, self._last)]
        key = kernel.dtype, tuple(kinds.tolist())
        return self._latest(own, key, lambda: self._made(kernel, channels, kinds))

    def _made(self, kernel: TabulatedKernel, channels: int, kinds: torch.Tensor) -> torch.Tensor:
        knots = kernel.knots(torch.float64).to(kinds.device)
        count = knots.shape[0]
        # Slopes of splines are differences over the distance of knots, and so are errors of rounding in the network:
        # what comes before its last layer is computed in float64, and coefficients and differences of that are rounded
        # once. The last layer is linear, so that it may come after, where it is applied to both.
        hidden = self._hidden(knots.repeat(kinds.shape[0]), kinds.repeat_interleave(count))
        rows = table_from(hidden.unflatten(0, (kinds.shape[0], count))[:, :, None], kernel.dtype)
        weights: torch.Tensor = self._last(rows.flatten(0, -2))
        return weights.reshape(kinds.shape[0], kernel.table_rows, 2, kernel.weights, channels)

    def _hidden(self, lengths: torch.Tensor, kinds: torch.Tensor) -> torch.Tensor:
        """What the last layer is applied to, (distances, width), in float64."""
        functions, cutoff = self._radial.of_elements(lengths, kinds)
        hidden: torch.Tensor = in_float64(self._inner, functions)
        return hidden if cutoff is None else hidden * cutoff


@dataclass(frozen=True)
class TableSettings:
    """What blocks with radial tables share.

    Attributes:
        functions: the radial functions.
        l_max: the highest rank of the harmonics.
        knots: of the tables.
        bound: of their errors.
    """

    functions: RadialFunctions
    l_max: int
    knots: int
    bound: float

    def kernel(self, product: Any, dtype: torch.dtype, target: str, name: str) -> TabulatedKernel:
        """The kernel of e3nn's tensor product with tables."""
        span = (self.functions.shortest, self.functions.cutoff)
        return tabulated_of(product, dtype, target, name, l_max=self.l_max, knots=self.knots, span=span)

    def tables(self, layers: Sequence[torch.nn.Module], kernel: TabulatedKernel, channels: int) -> BlockTables:
        """The tables of a block.

        Raises:
            InputError: one differs from its function by more than the bound.
        """
        found = BlockTables(self.functions, layers)
        found.check(kernel, channels, self.bound)
        return found


def l_max_of(harmonics: Any) -> int:
    """The highest rank of e3nn's `SphericalHarmonics`, where kernels with tables make the same.

    Raises:
        InputError: they are not the unit harmonics of all ranks that the kernels make.
    """
    ranks = [(int(mul), int(ir.l), int(ir.p)) for mul, ir in harmonics.irreps_out]
    wanted = [(1, l, (-1) ** l) for l in range(len(ranks))]
    if ranks != wanted or not harmonics.normalize or harmonics.normalization != "component":
        raise InputError(
            f'radial="table" takes harmonics of all ranks with the component normalisation, got '
            f"{harmonics.irreps_out} with {harmonics.normalization!r}"
        )
    return len(ranks) - 1


def check_table_options(radial: Any, knots: Any, bound: Any) -> tuple[bool, int, float]:
    """Whether there are tables, how many knots they have, and their error bound.

    Raises:
        InputError: one of them is not allowed.
    """
    one_of("radial", radial, ("network", "table"))
    accepted = positive("the error bound of tables", bound)
    return radial == "table", integer("the number of knots", knots, 4), accepted
