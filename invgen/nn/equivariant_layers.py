"""The layers of an equivariant network: convolution, linear maps, and a product or a gate."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypedDict

import torch

from invgen.compiler.convolution import compile_convolution
from invgen.nn.by_species import BySpecies
from invgen.nn.covariant_linear import CovariantLinear, SpeciesLinear
from invgen.nn.equivariant_plan import GATE, Design, Irreps, LayerPlan
from invgen.nn.irrep_rows import IrrepRows, text_of
from invgen.nn.joining import joined
from invgen.nn.kept import Kept
from invgen.nn.radial_tables import tensors_of
from invgen.nn.radial_weights import SILU_GAIN, TANH_GAIN, RadialWeights
from invgen.nn.symmetric_product import CONVENTION, SymmetricProduct
from invgen.runtime import ConvolutionKernel, Neighbours, TabulatedKernel
from invgen.structures.segments import over_receivers


class CompileOptions(TypedDict):
    """How the convolution of a layer is compiled."""

    convention: str
    dtype: torch.dtype
    target: str
    name: str


@dataclass(frozen=True, eq=False)
class Surroundings:
    """What all layers read beside features.

    Attributes:
        one_hot: (atoms, species).
        samples: the atoms by species.
        vectors: (pairs, 3), from the receiver to the source.
        radial: (pairs, functions), zero from the cutoff on; with tables those at the knots, in float64, of every kind
            of pairs if they depend on it.
        radial_of_pairs: (pairs, functions) in both cases, where sums are divided by a density.
        neighbours: the pairs.
        radial_tensors: the parameters and buffers of the radial functions.
        kinds: which kinds of pairs there are.
        numbers: (pairs), the number of the kind of each; None if radial functions do not depend on it.
    """

    one_hot: torch.Tensor
    samples: BySpecies
    vectors: torch.Tensor
    radial: torch.Tensor
    neighbours: Neighbours
    radial_tensors: tuple[torch.Tensor, ...] = ()
    radial_of_pairs: torch.Tensor | None = None
    kinds: tuple[int, ...] = ()
    numbers: torch.Tensor | None = None


class Gate(torch.nn.Module):
    """Scalars pass a(z) = silu(z) (0e) and tanh(z) (0o) over their root mean square, tensors are multiplied by a(gate).

    Args:
        outputs: the irreps of the result, with 0e among them.

    Shapes:
        (samples, rows, channels) with the irreps `inputs`, whose 0e are the scalars and one gate for each tensor ->
        (samples, rows, channels) with the irreps `outputs`.
    """

    def __init__(self, outputs: Irreps) -> None:
        super().__init__()
        self.gated = tuple(each for each in outputs if each.l > 0)
        odd = tuple(each for each in outputs if each.l == 0 and each.parity < 0)
        self.inputs: Irreps = (IrrepRows(0, 1, 1 + len(self.gated)), *odd, *self.gated)
        self._odd = len(odd)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """The gated features."""
        even, *parts = x.split([each.rows for each in self.inputs], 1)
        passed = torch.nn.functional.silu(even) * SILU_GAIN
        if not parts:
            return passed
        scalars, *gates = passed.split(1, 1)
        odd, tensors = parts[: self._odd], parts[self._odd :]
        turned = [tensor * gate for tensor, gate in zip(tensors, gates, strict=True)]
        return joined([scalars, *(torch.tanh(each) * TANH_GAIN for each in odd), *turned], 1)


class EquivariantLayer(torch.nn.Module):
    """h_i -> product(A_i) + S h_i, or gate(A_i + S h_i), A_i = W Σ_j conv(R(r_ij), Y(r̂_ij), U h_j) / divisor.

    U, W and the map after the product mix channels of each irrep; S does so by species. Features of the first layer
    depend on the species alone: there U is left out, and S h_i is a table. A layer that is not connected has T A_i in
    place of A_i, with a map T by species, and no S h_i. With a density the divisor is 1 + Σ_j tanh((D s(r_ij))²).

    Args:
        plan: the irreps.
        design: of the network.
        species: how many there are.
        channels: of every irrep.
        functions: how many radial functions pairs have.
        radial_hidden: widths of the radial network.
        dtype: torch.float32 or torch.float64.
        target: of the kernels.
        first: whether the features are a table of species.
        span: the distances of tables, and
        knots: how many knots they have; None where the radial network runs on every pair.
        connected: whether the layer adds what an atom gets from its own features.
        by_density: whether a density divides the sums.

    Shapes:
        (atoms, rows of `plan.inputs`, channels) -> (atoms, rows of `plan.outputs`, channels).
    """

    def __init__(
        self,
        plan: LayerPlan,
        design: Design,
        species: int,
        channels: int,
        functions: int,
        radial_hidden: Iterable[int],
        dtype: torch.dtype,
        target: str,
        first: bool,
        span: tuple[float, float],
        knots: int | None = None,
        *,
        connected: bool = True,
        by_density: bool = False,
    ) -> None:
        super().__init__()
        inputs, outputs = text_of(plan.inputs), text_of(plan.outputs)
        paths = inputs, design.l_max, text_of(plan.sums)
        options = CompileOptions(convention=CONVENTION, dtype=dtype, target=target, name="messages")
        self.convolve: ConvolutionKernel | TabulatedKernel
        if knots is None:
            self.convolve = compile_convolution(*paths, **options)
        else:
            self.convolve = compile_convolution(*paths, radial="table", knots=knots, span=span, **options)
        self._table: Kept[torch.Tensor] = Kept()
        copies = " + ".join(f"{block.copies}x{block.irrep}" for block in self.convolve.blocks)
        self.radial = RadialWeights(functions, radial_hidden, self.convolve.weights, channels, dtype)
        self.gate = Gate(plan.outputs) if design.nonlinearity == GATE else None
        summed = plan.sums if self.gate is None else self.gate.inputs
        self.up = None if first else CovariantLinear(inputs, inputs, channels, dtype=dtype)
        self.mix = CovariantLinear(copies, text_of(summed), channels, dtype=dtype)
        self.product = self.after = None
        if self.gate is None:
            names = tuple(each.irrep for each in plan.outputs)
            self.product = SymmetricProduct(
                text_of(plan.sums), names, design.correlation, species, channels, dtype, target
            )
            self.after = CovariantLinear(outputs, outputs, channels, dtype=dtype)
        known = {each.irrep for each in plan.inputs}
        added = plan.outputs if self.gate is None else self.gate.inputs
        self._sizes = [each.rows for each in added]
        self._kept = [each.irrep in known for each in added]
        kept = text_of(tuple(each for each, both in zip(added, self._kept, strict=True) if both))
        self.own: torch.nn.Parameter | SpeciesLinear | None
        self.species_map: SpeciesLinear | None = None
        self.density: RadialWeights | None = None
        if by_density:
            self.density = RadialWeights(functions, (), 1, 1, dtype)
        if not connected:
            self.own, both = None, text_of(summed)
            self.species_map = SpeciesLinear(both, both, species, channels, dtype=dtype)
        elif first:
            self.own = torch.nn.Parameter(torch.empty(species, self._sizes[0] * channels, dtype=dtype))
            torch.nn.init.normal_(self.own)
        else:
            self.own = SpeciesLinear(inputs, kept, species, channels, dtype=dtype)

    def forward(self, features: torch.Tensor, around: Surroundings) -> torch.Tensor:
        """The features of every atom after the layer."""
        up = features if self.up is None else self.up(features)
        numbers = () if around.numbers is None else (around.numbers,)
        sums = self.convolve(around.vectors, self._weights(around), up, around.neighbours, *numbers)
        found: torch.Tensor = self.mix(sums)
        if self.density is not None:
            found = found / self._density(self.density, around)[:, None, None]
        if self.species_map is not None:
            found = self.species_map(found, around.samples)
        if self.product is not None and self.after is not None:
            found = self.after(self.product(found, around.samples.species))
        if self.own is not None:
            found = self._plus(found, self._own(self.own, features, around))
        return found if self.gate is None else self.gate(found)

    def _weights(self, around: Surroundings) -> torch.Tensor:
        """Those of every pair, or their table."""
        if isinstance(self.convolve, ConvolutionKernel):
            return self.radial(around.radial)  # type: ignore[no-any-return]
        own = (*around.radial_tensors, *tensors_of(self.radial))
        return self._table(own, around.kinds, lambda: self.radial.table(around.radial, self.convolve.dtype))

    @staticmethod
    def _density(weights: RadialWeights, around: Surroundings) -> torch.Tensor:
        """1 + Σ_j tanh((D s(r_ij))²), (atoms)."""
        found: torch.Tensor = weights(around.radial_of_pairs).flatten()
        return 1 + over_receivers(torch.tanh(found.square()), around.neighbours)

    def _own(
        self, map_: torch.nn.Parameter | SpeciesLinear, features: torch.Tensor, around: Surroundings
    ) -> torch.Tensor:
        """What an atom gets from its own features."""
        if isinstance(map_, SpeciesLinear):
            own: torch.Tensor = map_(features, around.samples)
        else:
            own = (around.one_hot @ map_).unflatten(1, (self._sizes[0], -1))
        return own

    def _plus(self, found: torch.Tensor, own: torch.Tensor) -> torch.Tensor:
        """The sum, where `own` has the irreps that the features had."""
        if all(self._kept):
            return found + own
        rows = iter(own.split([size for size, kept in zip(self._sizes, self._kept, strict=True) if kept], 1))
        parts = found.split(self._sizes, 1)
        return joined([part + next(rows) if kept else part for part, kept in zip(parts, self._kept, strict=True)], 1)
