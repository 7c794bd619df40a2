"""Radial networks of NequIP as tables: what stands in for its embeddings of edges, and its radial functions."""

from __future__ import annotations

from typing import Any, Final

import torch

from invgen.errors import InputError
from invgen.interop.block_tables import l_max_of
from invgen.interop.replacing import take_over
from invgen.nn.radial_tables import SMALLEST

# NequIP's names of fields (nequip.data.AtomicDataDict).
EMBEDDING: Final = "edge_embedding"
VECTORS: Final = "edge_vectors"

KINDS: Final = ("SphericalHarmonicEdgeAttrs", "EdgeLengthNormalizer", "BesselEdgeLengthEncoding", "ApplyFactor")
"""NequIP's modules from positions to what its radial networks read."""

Replaced = list[tuple[Any, str, torch.nn.Module]]
"""Parents, names, and what stands in their place."""


class _StandIn(torch.nn.Module):
    """Holds what a module of NequIP's graph holds."""

    irreps_in: dict[str, Any]
    irreps_out: dict[str, Any]

    def __init__(self, module: Any) -> None:
        super().__init__()
        take_over(self, module)
        self.irreps_in, self.irreps_out = module.irreps_in, module.irreps_out


class EdgeVectorsAlone(_StandIn):
    """Stands in for harmonics of edges: kernels with tables make their own, of the vectors.

    Args:
        harmonics: NequIP's `SphericalHarmonicEdgeAttrs`.

    Raises:
        InputError: they are not the unit harmonics of all ranks that the kernels make.
    """

    def __init__(self, harmonics: Any) -> None:
        super().__init__(harmonics)
        self.l_max = l_max_of(harmonics.sh)

    def forward(self, data: dict[str, Any]) -> dict[str, Any]:
        """The data with vectors of edges and without harmonics."""
        from nequip.nn.utils import with_edge_vectors_

        return with_edge_vectors_(data, with_lengths=False)  # type: ignore[no-any-return]


class LeftOut(_StandIn):
    """Stands in for what makes radial functions of edges, which blocks with tables do not read."""

    def forward(self, data: dict[str, Any]) -> dict[str, Any]:
        """The data as they are."""
        return data


class BesselFunctions:
    """NequIP's radial functions, for all pairs of types or for each: Bessel functions times a polynomial cutoff.

    Args:
        normaliser: its `EdgeLengthNormalizer`, which divides distances by cutoffs.
        encoding: what stands in for its `BesselEdgeLengthEncoding`.
        factor: by which they are multiplied afterwards.
    """

    def __init__(self, normaliser: Any, encoding: Any, factor: float) -> None:
        self._normaliser, self._encoding, self._factor = normaliser, encoding, factor
        self.cutoff, self.elements = float(normaliser.r_max), int(normaliser.num_types)
        self.shortest = SMALLEST * self.cutoff
        self.by_elements = bool(normaliser._per_edge_type)
        # Cutoffs of types are those of an edge from one to the other.
        self.symmetric = False

    def of_elements(self, lengths: torch.Tensor, kinds: torch.Tensor) -> tuple[torch.Tensor, None]:
        """The functions at distances (n) between types; a kind is receiver × types + source."""
        inverse = self._normaliser._rmax_recip.double()
        x = (lengths.double() * (inverse[kinds] if self.by_elements else inverse))[:, None]
        roots = self._encoding.bessel_weights.double()
        # NequIP's formula, whose own module rounds to the dtype of the model.
        return torch.sinc(x * roots) * roots * self._encoding.cutoff(x) * self._factor, None

    def tensors(self) -> tuple[torch.Tensor, ...]:
        """What they follow from."""
        return self._encoding.bessel_weights, self._normaliser._rmax_recip


def tabulated_parts(model: torch.nn.Module) -> tuple[Replaced, BesselFunctions, int]:
    """What stands in for the embeddings of edges of a model, its radial functions, and the highest rank of harmonics.

    Raises:
        InputError: the model does not make its embeddings of edges as NequIP's own models do.
    """
    found: dict[str, list[tuple[Any, str, Any]]] = {kind: [] for kind in KINDS}
    for parent in model.modules():
        child: Any
        for name, child in parent.named_children():
            kind = type(child).__name__
            if kind == "ApplyFactor" and (child.in_field, child.out_field) != (EMBEDDING, EMBEDDING):
                continue
            if kind in found:
                found[kind].append((parent, name, child))
            elif _changes_embedding(child):
                raise InputError(
                    f'radial="table" takes radial functions of class {KINDS[2]}, got {kind}: use radial="network"'
                )
    numbers = [len(found[kind]) for kind in KINDS]
    if numbers[:3] != [1, 1, 1] or numbers[3] > 1:
        raise InputError(
            f'radial="table" takes a whole model with one each of {", ".join(KINDS[:3])}, got {numbers[:3]}: '
            'use radial="network"'
        )
    (harmonics,), (normaliser,), (encoding,), factors = (found[kind] for kind in KINDS)
    if (encoding[2].edge_invariant_field, encoding[2].norm_length_field) != (
        EMBEDDING,
        normaliser[2].norm_length_field,
    ):
        raise InputError('radial="table" takes radial functions of the distance: use radial="network"')
    vectors, left_out = EdgeVectorsAlone(harmonics[2]), LeftOut(encoding[2])
    replaced: Replaced = [(*harmonics[:2], vectors), (*encoding[:2], left_out)]
    replaced += [(parent, name, LeftOut(child)) for parent, name, child in factors]
    factor = float(factors[0][2].factor) if factors else 1.0
    return replaced, BesselFunctions(normaliser[2], left_out, factor), vectors.l_max


def _changes_embedding(module: Any) -> bool:
    """It is one module of a graph, and what it gives for edges is not what it gets."""
    before, after = getattr(module, "irreps_in", None), getattr(module, "irreps_out", None)
    if not isinstance(before, dict) or not isinstance(after, dict):
        return False
    whole = any(isinstance(getattr(child, "irreps_out", None), dict) for child in module.children())
    return not whole and before.get(EMBEDDING) != after.get(EMBEDDING)


def layers_of(network: Any) -> list[Any]:
    """The layers of a block's network from radial functions to weights.

    Raises:
        InputError: the network does not end in a linear layer.
    """
    layers = list(getattr(network, "mlp", network).children())
    if not layers or type(layers[-1]).__name__ != "ScalarLinearLayer" or layers[-1].bias is not None:
        raise InputError(
            f'radial="table" takes a ScalarMLPFunction with a linear layer at its end, got {type(network).__name__}: '
            'use radial="network"'
        )
    return layers
