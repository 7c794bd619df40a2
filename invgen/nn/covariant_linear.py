"""Linear maps that turn with their arguments: channels and copies of an irrep mix, components do not."""

from __future__ import annotations

from math import sqrt

import torch

from invgen.checks import integer
from invgen.errors import InputError
from invgen.nn.by_species import BySpecies
from invgen.nn.irrep_rows import rows_of, text_of
from invgen.nn.joining import joined


class _Maps(torch.nn.Module):
    """What maps of every irrep share: where rows and weights stand, and how weights are scaled."""

    def __init__(self, irreps_in: str, irreps_out: str, channels: int, channels_out: int | None, factor: float) -> None:
        super().__init__()
        self.irreps_in, self.irreps_out = rows_of("irreps_in", irreps_in), rows_of("irreps_out", irreps_out)
        self.channels = integer("the number of channels", channels, 1)
        self.channels_out = self.channels if channels_out is None else integer("channels_out", channels_out, 1)
        known = {each.irrep: place for place, each in enumerate(self.irreps_in)}
        missing = [each.irrep for each in self.irreps_out if each.irrep not in known]
        if missing:
            raise InputError(
                f"a linear map keeps irreps, and {missing[0]} of {irreps_out!r} is not among the irreps {irreps_in!r} "
                "that it reads: leave it out"
            )
        self._rows = [each.rows for each in self.irreps_in]
        places = [known[each.irrep] for each in self.irreps_out]
        self._shapes = [
            (self.irreps_in[place].copies * self.channels, each.copies * self.channels_out)
            for place, each in zip(places, self.irreps_out, strict=True)
        ]
        self._read = [
            (place, each.components, inputs)
            for place, each, (inputs, _) in zip(places, self.irreps_out, self._shapes, strict=True)
        ]
        self._sizes = [inputs * outputs for inputs, outputs in self._shapes]
        # A row of order one comes of rows of order one where weights are of order one.
        self._scales = [1 / sqrt(inputs) for inputs, _ in self._shapes]
        self.factor = float(factor)

    def _parts(self, x: torch.Tensor) -> list[torch.Tensor]:
        """For each irrep of the result what its matrix multiplies: (samples, components, copies × channels)."""
        self._check(x)
        # Gradients of parts that were split off are joined; those of slices would each be filled up with zeros.
        parts = x.split(self._rows, 1)
        return [_shaped(parts[place], rows, size) for place, rows, size in self._read]

    def _check(self, x: torch.Tensor) -> None:
        if x.dim() != 3 or x.shape[1] != sum(self._rows) or x.shape[2] != self.channels:
            raise InputError(
                f"a linear map of {text_of(self.irreps_in)} takes (samples, {sum(self._rows)}, {self.channels}), got "
                f"shape {tuple(x.shape)}"
            )

    def _matrices(self, weight: torch.Tensor) -> list[torch.Tensor]:
        """The scaled matrix of each irrep of the result, with the axes that the weights have before their last."""
        shared, scales = self.factor * self._scales[0], [scale / self._scales[0] for scale in self._scales]
        return [
            # Most maps have one scale, which has multiplied all weights at once.
            (part if scale == 1 else part * scale).view(*weight.shape[:-1], *shape)
            for part, shape, scale in zip((weight * shared).split(self._sizes, -1), self._shapes, scales, strict=True)
        ]

    def _joined(self, parts: list[torch.Tensor]) -> torch.Tensor:
        """(samples, rows, channels_out) of the products."""
        rows = [_shaped(part, each.rows, self.channels_out) for part, each in zip(parts, self.irreps_out, strict=True)]
        return joined(rows, 1)

    def extra_repr(self) -> str:
        """Irreps and channels."""
        return (
            f"{text_of(self.irreps_in)} -> {text_of(self.irreps_out)}, channels={self.channels} -> {self.channels_out}"
        )


def _shaped(part: torch.Tensor, rows: int, size: int) -> torch.Tensor:
    """(samples, rows, size); most parts have that shape already."""
    return part if part.shape[1] == rows else part.reshape(part.shape[0], rows, size)


def of_rows(part: torch.Tensor, matrix: torch.Tensor) -> torch.Tensor:
    """(samples, components, inputs) times (inputs, outputs) as one product for all rows.

    Of parts that do not lie in one piece PyTorch makes one for each sample otherwise, where gradients by the matrix are
    not recorded: then it reads the matrix again for every sample.
    """
    return (part.reshape(-1, part.shape[2]) @ matrix).view(part.shape[0], part.shape[1], matrix.shape[1])


class CovariantLinear(_Maps):
    """y[s, m, v] = factor / sqrt(n) Σ_u x[s, m, u] W[u, v] for each irrep, u and v over its copies and channels.

    n is the number of u. Weights start as normal numbers of variance one: so do the rows of y where those of x are
    independent and of variance one, and one learning rate fits maps of all widths.

    Args:
        irreps_in: of the rows of x, "2x0e + 3x1o".
        irreps_out: of the rows of y: irreps of x, with any multiplicities. Others of x are not read.
        channels: of x.
        channels_out: of y, the same if left out.
        factor: multiplies y; an attribute, which may be changed.
        dtype: of the weights.

    Shapes:
        (samples, rows, channels) -> (samples, rows, channels_out); rows stand by irrep, then component, then copy, as
        those of a convolution do.

    Raises:
        InputError: an irrep of y is not one of x, or an argument is not allowed.
    """

    def __init__(
        self,
        irreps_in: str,
        irreps_out: str,
        channels: int,
        channels_out: int | None = None,
        *,
        factor: float = 1.0,
        dtype: torch.dtype = torch.float32,
    ) -> None:
        super().__init__(irreps_in, irreps_out, channels, channels_out, factor)
        single = all(each.copies == 1 for each in self.irreps_in)
        self._by_rows = single and len(self.irreps_in) > 1 and self.irreps_in == self.irreps_out
        self.weight = torch.nn.Parameter(torch.empty(sum(self._sizes), dtype=dtype))
        torch.nn.init.normal_(self.weight)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """The map of every sample."""
        matrices = self._matrices(self.weight)
        if self._by_rows:
            # One product for all rows, each with the matrix of its irrep, has fewer operations than one for each irrep.
            self._check(x)
            rows = torch.cat([matrix.expand(n, -1, -1) for matrix, n in zip(matrices, self._rows, strict=True)])
            return torch.bmm(x.transpose(0, 1), rows).transpose(0, 1).contiguous()
        return self._joined([of_rows(part, matrix) for part, matrix in zip(self._parts(x), matrices, strict=True)])


class SpeciesLinear(_Maps):
    """`CovariantLinear` with matrices of the species of each sample: y[s, m, v] ~ Σ_u x[s, m, u] W[species[s], u, v].

    Samples are sorted by species once for all maps (`BySpecies.of`), and each species has one matrix product an irrep.
    Where they are not sorted, every species has one over all samples.

    Args:
        irreps_in: as of `CovariantLinear`.
        irreps_out: as of `CovariantLinear`.
        species: how many there are.
        channels: of x.
        channels_out: of y, the same if left out.
        factor: multiplies y; an attribute, which may be changed.
        dtype: of the weights.

    Shapes:
        (samples, rows, channels), `BySpecies` of the samples -> (samples, rows, channels_out).

    Raises:
        InputError: an irrep of y is not one of x, or an argument is not allowed.
    """

    def __init__(
        self,
        irreps_in: str,
        irreps_out: str,
        species: int,
        channels: int,
        channels_out: int | None = None,
        *,
        factor: float = 1.0,
        dtype: torch.dtype = torch.float32,
    ) -> None:
        super().__init__(irreps_in, irreps_out, channels, channels_out, factor)
        self.species = integer("the number of species", species, 1)
        self.weight = torch.nn.Parameter(torch.empty(self.species, sum(self._sizes), dtype=dtype))
        torch.nn.init.normal_(self.weight)

    def forward(self, x: torch.Tensor, samples: BySpecies) -> torch.Tensor:
        """The map of every sample."""
        if samples.kinds != self.species:
            raise InputError(f"the map has matrices of {self.species} species, samples have {samples.kinds}")
        if not samples.counts or self.species == 1:
            return self._unsorted(x, samples.species)
        parts = self._parts(x.index_select(0, samples.order))
        matrices = [matrix.unbind(0) for matrix in self._matrices(self.weight)]
        # Without any sample one empty product stays, which has the shape of the result.
        used = [kind for kind, count in enumerate(samples.counts) if count] or [0]
        products = [
            torch.cat([of_rows(rows[kind], own[kind]) for kind in used])
            for rows, own in zip((part.split(samples.counts) for part in parts), matrices, strict=True)
        ]
        return self._joined(products).index_select(0, samples.back)

    def _unsorted(self, x: torch.Tensor, species: torch.Tensor) -> torch.Tensor:
        parts = self._parts(x)
        matrices = [matrix.unbind(0) for matrix in self._matrices(self.weight)]
        found = self._joined([of_rows(part, own[0]) for part, own in zip(parts, matrices, strict=True)])
        for kind in range(1, self.species):
            other = self._joined([of_rows(part, own[kind]) for part, own in zip(parts, matrices, strict=True)])
            found = torch.where((species == kind)[:, None, None], other, found)
        return found

    def extra_repr(self) -> str:
        """Irreps, channels and species."""
        return f"{super().extra_repr()}, species={self.species}"
