"""What the runtime must know about a kernel of convolutions, as plain strings and numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

from invgen.runtime.spec import KernelSpec

CONVOLUTION_ANGULAR: Final = ("unit", "solid", "given")


@dataclass(frozen=True)
class ConvolutionPath:
    """One coupling of features with harmonics.

    Attributes:
        source: the irrep of the features as e3nn writes it, "1o".
        harmonic: that of the harmonics.
        target: that of the messages.
        weights: the rows of the weights that belong to it, one for each copy of the features.
    """

    source: str
    harmonic: str
    target: str
    weights: slice


@dataclass(frozen=True)
class OutputBlock:
    """The rows of one irrep in the sums: copies of component 0, then those of component 1, and so on.

    Attributes:
        irrep: as e3nn writes it.
        copies: how many tensors, those of all paths one after the other in the order of the paths.
        rows: where they stand.
    """

    irrep: str
    copies: int
    rows: slice


@dataclass(frozen=True)
class ConvolutionSpec:
    """What `invgen.runtime.build_convolution` must know.

    Attributes:
        kernel: source, name, dtype and target; `kernel.dimension` is the number of rows of the features and
            `kernel.count` that of the sums.
        angular: one of `CONVOLUTION_ANGULAR`.
        coordinates: numbers of a pair: 3 components of a vector, or the components of its harmonics.
        irreps: the irreps of the features, "0e + 1o".
        couplings: for each path the irreps of features, harmonics and messages, and the multiplicity.
        outputs: for each irrep of the sums how many tensors there are.
    """

    family: ClassVar[str] = "convolution"

    kernel: KernelSpec
    angular: str
    coordinates: int
    irreps: str
    couplings: tuple[tuple[str, str, str, int], ...]
    outputs: tuple[tuple[str, int], ...]

    @property
    def weights(self) -> int:
        """Rows of weights of a pair."""
        return sum(copies for *_, copies in self.couplings)

    @property
    def paths(self) -> tuple[ConvolutionPath, ...]:
        """The paths in the order of the weights."""
        found: list[ConvolutionPath] = []
        row = 0
        for source, harmonic, target, copies in self.couplings:
            found.append(ConvolutionPath(source, harmonic, target, slice(row, row + copies)))
            row += copies
        return tuple(found)

    @property
    def blocks(self) -> tuple[OutputBlock, ...]:
        """The irreps of the sums in order."""
        found: list[OutputBlock] = []
        row = 0
        for irrep, copies in self.outputs:
            size = copies * (2 * int(irrep[:-1]) + 1)
            found.append(OutputBlock(irrep, copies, slice(row, row + size)))
            row += size
        return tuple(found)


@dataclass(frozen=True)
class TabulatedSpec(ConvolutionSpec):
    """What `invgen.runtime.build_tabulated` must know: a convolution whose weights are looked up by distance.

    Attributes:
        knots: how many knots the tables have, both ends among them.
        span: the distances at the first knot and the last.
    """

    family: ClassVar[str] = "tabulated"

    knots: int
    span: tuple[float, float]

    @property
    def table_rows(self) -> int:
        """Coefficients of a weight in a table: one for each B-spline that does not vanish on all of the span."""
        return self.knots + 2
