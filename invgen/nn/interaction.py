"""The blocks of HIP-NN: interactions between atoms, and residual layers around anything."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch

from invgen.nn.moments import Moments
from invgen.nn.readouts import Readout
from invgen.nn.sensitivities import Radial
from invgen.runtime import Neighbours

Activation = Callable[[torch.Tensor], torch.Tensor]


@dataclass(frozen=True, eq=False)
class Geometry:
    """Neighbours and where they are: what the interactions of all blocks share.

    Attributes:
        neighbours: the lists of neighbours.
        vectors: (pairs, 3), from the receiver to the source.
        distances: (pairs), the lengths of the vectors.
    """

    neighbours: Neighbours
    vectors: torch.Tensor
    distances: torch.Tensor

    @classmethod
    def of(cls, neighbours: Neighbours, vectors: torch.Tensor) -> Geometry:
        """The geometry of these vectors."""
        return cls(neighbours, vectors, torch.linalg.vector_norm(vectors, dim=-1))


class Interaction(torch.nn.Module):
    """z -> readout(E) + A z + b, with the moments E_i = Σ_j T(r̂_ij) Σ_ν s_ν(r_ij) W_ν z_j.

    Args:
        inputs: width of z.
        outputs: width of the result.
        radial: the module that gives the sensitivities s.
        readout: the module that makes features of moments.
        dtype: torch.float32 or torch.float64.
        target: of the compiled moments, see `Moments`.

    Shapes:
        (atoms, inputs) -> (atoms, outputs).
    """

    def __init__(
        self,
        inputs: int,
        outputs: int,
        radial: Radial,
        readout: Readout,
        dtype: torch.dtype = torch.float32,
        target: str = "c",
    ) -> None:
        super().__init__()
        self.radial = radial
        self.moments = Moments(inputs, outputs, radial.number, readout.l_max, readout.convention, dtype, target)
        self.readout = readout
        self.own = xavier_linear(inputs, outputs, dtype)

    def forward(self, features: torch.Tensor, geometry: Geometry) -> torch.Tensor:
        """The features that leave the interaction, before any activation."""
        radial = self.radial(geometry.distances)
        moments = self.moments(features, radial, geometry.vectors, geometry.neighbours)
        result: torch.Tensor = self.readout(moments) + self.own(features)
        return result


class Residual(torch.nn.Module):
    """z -> B act(layer(z)) + b + C z, with C the identity where the widths agree.

    Args:
        layer: from `inputs` to `middle` features.
        inputs: width of z.
        middle: width between.
        outputs: width of the result.
        activation: act.
        dtype: of the parameters.
    """

    def __init__(
        self,
        layer: torch.nn.Module,
        inputs: int,
        middle: int,
        outputs: int,
        activation: Activation,
        dtype: torch.dtype = torch.float32,
    ) -> None:
        super().__init__()
        self.layer = layer
        self.activation = activation
        self.back = torch.nn.Linear(middle, outputs, dtype=dtype)
        self.past = None if inputs == outputs else torch.nn.Linear(inputs, outputs, bias=False, dtype=dtype)

    def forward(self, features: torch.Tensor, *rest: Geometry) -> torch.Tensor:
        """The features after the layer, which is given `rest` as well."""
        difference: torch.Tensor = self.back(self.activation(self.layer(features, *rest)))
        return difference + (features if self.past is None else self.past(features))


class Activated(torch.nn.Module):
    """z -> act(layer(z)): what stands in for `Residual` in a network without residuals."""

    def __init__(self, layer: torch.nn.Module, activation: Activation) -> None:
        super().__init__()
        self.layer = layer
        self.activation = activation

    def forward(self, features: torch.Tensor, *rest: Geometry) -> torch.Tensor:
        """The features after the layer, which is given `rest` as well."""
        return self.activation(self.layer(features, *rest))


def xavier_linear(inputs: int, outputs: int, dtype: torch.dtype) -> torch.nn.Linear:
    """A linear layer with normal weights of variance 2 / (inputs + outputs)."""
    layer = torch.nn.Linear(inputs, outputs, dtype=dtype)
    torch.nn.init.xavier_normal_(layer.weight.data)
    return layer
