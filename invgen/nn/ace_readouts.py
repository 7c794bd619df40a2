"""From the descriptors of an atom to its energy."""

from __future__ import annotations

from collections.abc import Sequence

import torch

from invgen.checks import integer
from invgen.nn.perceptrons import perceptron


class LinearReadout(torch.nn.Module):
    """E_i = bias[e_i] + weight[e_i] · B_i for an atom of element number e_i: linear in its parameters.

    Zero when it is made; `invgen.nn.LeastSquares` fits it.

    Args:
        elements: how many elements there are.
        descriptors: how many descriptors there are.
        dtype: of the parameters.

    Shapes:
        descriptors (atoms, K), element (atoms,) of int64 -> (atoms,).
    """

    def __init__(self, elements: int, descriptors: int, dtype: torch.dtype = torch.float64) -> None:
        super().__init__()
        shape = (integer("elements", elements, 1), integer("descriptors", descriptors, 1))
        self.weight = torch.nn.Parameter(torch.zeros(shape, dtype=dtype))
        self.bias = torch.nn.Parameter(torch.zeros(shape[:1], dtype=dtype))

    def forward(self, descriptors: torch.Tensor, element: torch.Tensor) -> torch.Tensor:
        """The energy of every atom."""
        energies: torch.Tensor = (descriptors * self.weight[element]).sum(-1) + self.bias[element]
        return energies


class NetworkReadout(torch.nn.Module):
    """E_i = linear(B_i) + f_e((B_i - mean) · transform): a linear readout plus one small network for every element.

    The network has SiLU layers and starts at zero (its last layer does), so a fitted linear readout is where training
    begins. Set `mean` and `transform` (K, K) from the descriptors of a training set with `whiten`: descriptors are far
    from independent statistically, and a network learns little from directions in which its inputs hardly vary.

    Args:
        elements: how many elements there are.
        descriptors: how many descriptors there are.
        hidden: the widths of the hidden layers.
        dtype: of the parameters.

    Shapes:
        descriptors (atoms, K), element (atoms,) of int64 -> (atoms,).
    """

    mean: torch.Tensor
    transform: torch.Tensor

    def __init__(
        self, elements: int, descriptors: int, hidden: Sequence[int] = (32, 32), dtype: torch.dtype = torch.float64
    ) -> None:
        super().__init__()
        elements, descriptors = integer("elements", elements, 1), integer("descriptors", descriptors, 1)
        self.linear = LinearReadout(elements, descriptors, dtype)
        self.networks = torch.nn.ModuleList(_starting_at_zero(descriptors, hidden, dtype) for _ in range(elements))
        self.register_buffer("mean", torch.zeros(descriptors, dtype=dtype))
        self.register_buffer("transform", torch.eye(descriptors, dtype=dtype))

    @torch.no_grad()
    def whiten(self, descriptors: torch.Tensor, floor: float = 0.01) -> None:
        """Take `mean` and `transform` from these descriptors (atoms, K), see `whitening`."""
        mean, transform = whitening(descriptors, floor)
        self.mean.copy_(mean)
        self.transform.copy_(transform)

    def forward(self, descriptors: torch.Tensor, element: torch.Tensor) -> torch.Tensor:
        """The energy of every atom."""
        inputs = (descriptors - self.mean) @ self.transform
        energies: torch.Tensor = self.linear(descriptors, element)
        for number, network in enumerate(self.networks):
            if torch.compiler.is_compiling():  # shapes cannot depend on data there: every network sees every atom
                energies = energies + torch.where(element == number, network(inputs).squeeze(-1), 0.0)
                continue
            atoms = torch.nonzero(element == number).squeeze(-1)
            energies = energies.index_add(0, atoms, network(inputs[atoms]).squeeze(-1))
        return energies


def whitening(descriptors: torch.Tensor, floor: float) -> tuple[torch.Tensor, torch.Tensor]:
    """The mean, and the map (K, K) to principal components of the standardised descriptors (atoms, K).

    Components are divided by their standard deviation plus `floor` times the largest one: those that vary more than
    that come out with a variance near one, the others stay small. Constants are left out.
    """
    samples = descriptors.to(torch.float64)
    mean = samples.mean(0)
    deviations = samples.std(0, correction=0)
    scales = torch.where(deviations > 0, deviations, torch.inf)
    values, axes = torch.linalg.eigh(torch.cov(((samples - mean) / scales).T, correction=0).reshape(2 * mean.shape))
    spread = values.clamp(min=0).sqrt()
    return mean, axes / (spread + floor * spread.max()) / scales[:, None]


def _starting_at_zero(descriptors: int, hidden: Sequence[int], dtype: torch.dtype) -> torch.nn.Sequential:
    network = perceptron(descriptors, hidden, 1, dtype)
    torch.nn.init.zeros_(network[-1].weight)  # type: ignore[arg-type]
    torch.nn.init.zeros_(network[-1].bias)  # type: ignore[arg-type]
    return network
