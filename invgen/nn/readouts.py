"""From moment tensors to features: (atoms, components, f) -> (atoms, f), the part in which networks differ."""

from __future__ import annotations

import math

import torch

from invgen.basis.basis import Basis
from invgen.checks import integer, positive
from invgen.errors import InputError
from invgen.nn.descriptors import HIPPYNN, moment_basis, natural_space
from invgen.nn.invariants import Invariants
from invgen.nn.normalisation import GroupNorm
from invgen.spaces.outputs import SCALAR


class Readout(torch.nn.Module):
    """moments (atoms, components, f) -> features (atoms, f).

    Attributes:
        l_max: the highest rank that it reads.
        convention: in which it reads components.
    """

    l_max: int
    convention: str


class ScalarReadout(Readout):
    """E -> E[0]: the sum over neighbours without directions, as in HIP-NN."""

    l_max = 0
    convention = HIPPYNN

    def forward(self, moments: torch.Tensor) -> torch.Tensor:
        """The scalar moments."""
        return moments[:, 0]


class NormReadout(Readout):
    """E -> E_0 + Σ_l a_l sqrt(|E_l|² + cusp), l = 1 ... l_max: the tensor sensitivities of HIP-NN-TS.

    |E_l| is the Frobenius norm of the traceless tensor (Chigaev et al., J. Chem. Phys. 158, 184108, 2023).

    Args:
        l_max: 1 or 2 in the paper; any rank here.
        features: how many.
        cusp: what keeps the norm of a vanishing moment differentiable.
        dtype: torch.float32 or torch.float64.
        target: of the compiled norms, see `Invariants`.

    Raises:
        InputError: an argument is not allowed.
    """

    def __init__(
        self, l_max: int, features: int, cusp: float = 1e-6, dtype: torch.dtype = torch.float32, target: str = "c"
    ) -> None:
        super().__init__()
        self.l_max, self.cusp = integer("l_max", l_max, 1), positive("the cusp regularisation", cusp)
        features = integer("the number of features", features, 1)
        self.invariants = Invariants(_norms(self.l_max), dtype, target=target)
        self.convention = self.invariants.basis.convention
        self.scales = torch.nn.Parameter(torch.empty(self.l_max, features, dtype=dtype))
        torch.nn.init.normal_(self.scales)

    def forward(self, moments: torch.Tensor) -> torch.Tensor:
        """The features."""
        norms: torch.Tensor = self.invariants(moments)
        return norms[:, 0] + (torch.sqrt(norms[:, 1:] + self.cusp) * self.scales).sum(dim=1)


class InvariantReadout(Readout):
    """E -> Σ_k M_k N(I_k(E)): invariants of a basis, optionally normalised by `GroupNorm`, and mixed linearly.

    Args:
        basis: of the space 0e + 1o + 2e + ... that moments fill.
        features: how many.
        group_norm: whether to normalise.
        eps: of the group norm.
        dtype: torch.float32 or torch.float64.
        target: of the compiled invariants, see `Invariants`.

    Raises:
        InputError: the basis is not one of invariants of that space, or an argument is not allowed.
    """

    def __init__(
        self,
        basis: Basis,
        features: int,
        group_norm: bool = True,
        eps: float = 1e-5,
        dtype: torch.dtype = torch.float32,
        target: str = "c",
    ) -> None:
        super().__init__()
        self.l_max, self.convention = rank_of_moments(basis), basis.convention
        features = integer("the number of features", features, 1)
        self.invariants = Invariants(basis, dtype, target=target)
        self.normalisation = GroupNorm(len(basis), features, eps, dtype) if group_norm else None
        self.mixing = torch.nn.Parameter(torch.empty(len(basis), features, features, dtype=dtype))
        torch.nn.init.normal_(self.mixing, std=math.sqrt(2.0 / (features * (len(basis) + features))))

    def forward(self, moments: torch.Tensor) -> torch.Tensor:
        """The features."""
        values: torch.Tensor = self.invariants(moments)
        if self.normalisation is not None:
            return self.normalisation.mixed(values, self.mixing)
        return values.flatten(1) @ self.mixing.flatten(0, 1)


def rank_of_moments(basis: Basis) -> int:
    """The l_max of a basis on the space 0e + 1o + 2e + ... that moments of one channel fill.

    Raises:
        InputError: the basis has covariants, or another space.
    """
    if not isinstance(basis, Basis):
        raise InputError(f"the basis of a network is a Basis, got {type(basis).__name__}; use invgen.generate")
    tensors = basis.space.tensors
    natural = [(l, (-1) ** l) for l in range(len(tensors))]
    if basis.outputs != SCALAR or basis.space.layout is not None or [(t.l, t.parity) for t in tensors] != natural:
        raise InputError(
            f"a network needs invariants of moments of each rank once, 0e + 1o + 2e + ..., got a basis of "
            f"{basis.space}: generate one for that space"
        )
    return len(tensors) - 1


def _norms(l_max: int) -> Basis:
    """The scalar and the squared norms of all ranks, in hippynn's convention where that goes so far."""
    if l_max <= 3:
        return moment_basis(l_max, 2)
    space = natural_space(l_max)
    letters = "abcdefghijklmnopqrstuvwxyz"
    pairs = [(f"{letters[:l]},{letters[:l]}", (f"l{l}", f"l{l}")) for l in range(1, l_max + 1)]
    return Basis.from_contractions([("", ("l0",)), *pairs], space)
