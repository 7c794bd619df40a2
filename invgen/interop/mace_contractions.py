"""MACE's symmetric contraction as a weighted contraction of ours: the linear map from its weights to those.

MACE's coupling tensors and our basis span the same equivariant polynomials (Batatia et al., arXiv:2206.07697, eq. 10
and 11), so each of its paths is a combination of members, whatever convention made its tensors.
"""

from __future__ import annotations

from typing import Any

import torch

from invgen.basis.basis import Basis
from invgen.errors import InputError
from invgen.interop.e3nn_layouts import slots_of
from invgen.nn.symmetric_product import equivariant_polynomials
from invgen.spaces.irreps import symbol_of

POINTS = 400
"""Random inputs at which both sides are compared: more equations than any basis here has members."""

OUTSIDE_SPAN = 1e-6
"""How far a path may be from our span, relative to the largest value: coupling tensors in float32 are off by 1e-7."""


def bases_for(module: Any) -> tuple[Basis, ...]:
    """The bases of one of MACE's `SymmetricContraction` modules.

    Raises:
        InputError: its irreps differ in multiplicity.
    """
    sources, outputs = slots_of(module.irreps_in), slots_of(module.irreps_out)
    if len({mul for mul, _, _ in (*sources, *outputs)}) != 1:
        raise InputError(
            f"a symmetric contraction has as many channels for every irrep, got {module.irreps_in} to "
            f"{module.irreps_out}"
        )
    correlations = {int(part.correlation) for part in module.contractions}
    if len(correlations) != 1:
        raise InputError(f"a symmetric contraction has one correlation for all irreps, got {sorted(correlations)}")
    text = " + ".join(symbol_of(l, parity) for _, l, parity in sources)
    return equivariant_polynomials(text, tuple(symbol_of(l, parity) for _, l, parity in outputs), correlations.pop())


def weights_of(part: Any) -> torch.Tensor:
    """The weights of one of its `Contraction` modules by rising degree, (species, paths, channels)."""
    return torch.cat([*reversed(list(part.weights)), part.weights_max], 1)


def map_of(part: Any, basis: Basis) -> torch.Tensor:
    """The matrix (paths, members), float64, that turns weights of paths into weights of members.

    Raises:
        InputError: a path is not in the span of the basis.
    """
    tensors = [
        getattr(part, f"U_matrix_{degree}").detach().double().cpu() for degree in range(1, int(part.correlation) + 1)
    ]
    generator = torch.Generator().manual_seed(2)
    x = torch.randn(POINTS, basis.space.dimension, generator=generator, dtype=torch.float64)
    columns = []
    for degree, tensor in enumerate(tensors, 1):
        size = 1 if tensor.dim() == degree + 1 else tensor.shape[0]
        power = x
        for _ in range(degree - 1):
            power = torch.einsum("bi,bj->bij", power, x).flatten(1)
        columns.append(torch.einsum("oik,bi->bok", tensor.reshape(size, -1, tensor.shape[-1]), power).flatten(0, 1))
    theirs = torch.cat(columns, 1)
    return combination_of(basis, x, theirs, "a symmetric contraction")


def combination_of(basis: Basis, x: torch.Tensor, theirs: torch.Tensor, what: str) -> torch.Tensor:
    """The matrix (paths, members), float64, by which paths are sums of members.

    Args:
        basis: the members.
        x: points, (points, components).
        theirs: the values of the paths there, (points × components of the result, paths).
        what: they belong to.

    Raises:
        InputError: a path is not in the span of the basis.
    """
    values = torch.from_numpy(basis.evaluate(x.numpy()))
    ours = values.reshape(x.shape[0], len(basis), -1).transpose(1, 2).flatten(0, 1)
    # Monomials of different degrees have different sizes.
    sizes = ours.norm(dim=0)
    found = torch.linalg.lstsq(ours / sizes, theirs, driver="gelsd").solution / sizes[:, None]
    residual = float((ours @ found - theirs).abs().max() / theirs.abs().max())
    if residual > OUTSIDE_SPAN:
        raise InputError(
            f"the coupling tensors of {what} leave the equivariant polynomials by {residual:.1e} of "
            "their largest value: the model was made with other irreps or is damaged"
        )
    matrix: torch.Tensor = found.T.contiguous()
    return matrix
