"""The atomic cluster expansion on any selection of descriptors."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import torch

from invgen.basis.basis import Basis
from invgen.checks import integer
from invgen.compiler.moments import compile_moments
from invgen.errors import InputError
from invgen.nn import earlier
from invgen.nn.ace_readouts import LinearReadout
from invgen.nn.arguments import named
from invgen.nn.chebyshev import Chebyshev
from invgen.nn.elements import check_species, one_hot_table
from invgen.nn.invariants import Invariants
from invgen.nn.kernels import KeepsDtype
from invgen.nn.tables import Tables
from invgen.runtime import Neighbours
from invgen.spaces.space import TensorSpace
from invgen.structures import element_index

_COMPONENT = re.compile(r"n(?P<n>[1-9][0-9]*)l(?P<l>[0-9]+)\[(?P<m>-?[0-9]+)\]")


class ACE(KeepsDtype, Tables):
    """E_i = readout(B(A_i)), A_i[n l m] = Σ_j R_ν(r_ij) Y_lm(r̂_ij) [z_j = element e], n = 1 + ν + e · n_radial.

    B are the members of `basis`: a `linear` basis and a linear readout make the atomic cluster expansion of R. Drautz,
    Phys. Rev. B 99, 014104 (2019); `independent` descriptors, any other subset or a network are other
    choices of the same model. Energies do not change under rotations, reflections and permutations of equal atoms, and
    are as smooth as the radial functions.

    Args:
        basis: invariants of channels (n, l), as those of `ACE.space(elements, n_radial, l_max)`.
        elements: the atomic numbers that the model knows, rising; a neighbour's element is part of n.
        radial: a module (pairs,) -> (pairs, n_radial) of functions that vanish from `radial.cutoff` on.
        readout: a module (descriptors (atoms, K), element (atoms,)) -> (atoms,); `LinearReadout` if left out.
        dtype: torch.float64 (the default; that of the HIP networks is torch.float32) or torch.float32.
        target: "c" (compiled, CPU), "cuda" (compiled, NVIDIA GPUs) or "torch" (plain PyTorch, any device).

    Shapes:
        species (atoms,) of int64, vectors (pairs, 3), `Neighbours` whose sources are the atoms -> (atoms,).

    Inside a compiled or exported graph nothing can be raised: there the descriptors of an atom of an unknown element,
    and of its neighbours, are NaN.

    Raises:
        InputError: the basis has other tensors than channels (n, l) or other outputs than invariants, an element is
            given twice, or the radial functions are fewer or more than the channels need.
    """

    _components: torch.Tensor
    _one_hot: torch.Tensor
    _place: torch.Tensor
    _own: torch.Tensor

    interactions = 1

    @named
    def __init__(
        self,
        basis: Basis,
        elements: Sequence[int],
        radial: Chebyshev,
        readout: torch.nn.Module | None = None,
        dtype: torch.dtype = torch.float64,
        target: str = "c",
    ) -> None:
        super().__init__()
        self.elements = _elements(elements)
        channels = [_channel(name) for name in basis.space.components]
        self.l_max = max(l for _, l, _ in channels)
        count = len(self.elements) * radial.n_max
        if max(n for n, _, _ in channels) > count:
            raise InputError(
                f"the basis has channels up to n = {max(n for n, _, _ in channels)}, but {len(self.elements)} elements "
                f"times {radial.n_max} radial functions make {count}; use ACE.space for the tensors of the basis"
            )
        self.basis = basis
        self.radial = radial
        self.invariants = Invariants(basis, dtype=dtype, layout="plain", target=target)
        # Every target has this form; radial function nu reads the elements under the features (nu, element) alone.
        self.moments = compile_moments(self.l_max, "mixed", basis.convention, dtype=dtype, target=target)
        self.readout = LinearReadout(len(self.elements), len(basis), dtype) if readout is None else readout
        self._dtype = dtype
        self._position = [
            (l * (l + 1) + m) * count + (n - 1) % radial.n_max * len(self.elements) + (n - 1) // radial.n_max
            for n, l, m in channels
        ]
        self.register_tables()

    def __setstate__(self, state: dict[str, Any]) -> None:
        super().__setstate__(earlier.ace(state))  # type: ignore[no-untyped-call]

    def tables(self) -> dict[str, torch.Tensor]:
        """Where channels are among moments, what atomic numbers are, and which features a radial function reads."""
        one_hot = one_hot_table(self.elements, self._dtype)
        return {
            "_components": torch.tensor(self._position, device="cpu"),
            "_one_hot": one_hot,
            "_place": one_hot.nan_to_num().argmax(1),
            "_own": torch.eye(self.radial.n_max, dtype=self._dtype, device="cpu"),
        }

    @property
    def cutoff(self) -> float:
        """Where the radial functions vanish."""
        return self.radial.cutoff

    @staticmethod
    def space(elements: int, n_radial: int, l_max: int) -> TensorSpace:
        """The channels (n, l) of this many elements, n = 1 + ν + e · n_radial, in a full box."""
        elements, n_radial = integer("elements", elements, 1), integer("n_radial", n_radial, 1)
        return TensorSpace.ace(n_max=elements * n_radial, l_max=integer("l_max", l_max, 0))

    def element(self, species: torch.Tensor) -> torch.Tensor:
        """The place of every atomic number among `elements`; 0 for the others inside a compiled graph.

        Raises:
            InputError: the model does not know one of them.
        """
        if torch.compiler.is_compiling():
            return self._place.index_select(0, species)
        return element_index(species, self.elements)

    def densities(self, species: torch.Tensor, vectors: torch.Tensor, neighbours: Neighbours) -> torch.Tensor:
        """A (atoms, dim), the components of the basis's space at every atom."""
        if not torch.compiler.is_compiling():
            self.element(species)
            self.bring_tables(species.device)
        sources = self._one_hot.index_select(0, species).to(vectors.dtype)
        read = (self._own.to(vectors.dtype)[:, :, None] * sources[:, None, None, :]).flatten(2)
        moments = self.moments(vectors, self.radial(vectors.norm(dim=-1)), read, neighbours)
        return moments.flatten(1)[:, self._components]

    def descriptors(self, species: torch.Tensor, vectors: torch.Tensor, neighbours: Neighbours) -> torch.Tensor:
        """B (atoms, K), the members of the basis at every atom."""
        invariants: torch.Tensor = self.invariants(self.densities(species, vectors, neighbours))
        if torch.compiler.is_compiling():
            # One for a known element, NaN for another, whose own place in the readout does not show it.
            invariants = invariants * self._one_hot.index_select(0, species).sum(1, keepdim=True)
        return invariants

    def forward(self, species: torch.Tensor, vectors: torch.Tensor, neighbours: Neighbours) -> torch.Tensor:
        """The energy of every atom."""
        energies: torch.Tensor = self.readout(self.descriptors(species, vectors, neighbours), self.element(species))
        return energies

    def get_extra_state(self) -> dict[str, Any]:
        """What the weights belong to, apart from the basis."""
        return {"elements": list(self.elements), "radial": str(self.radial)}

    def set_extra_state(self, state: Any) -> None:
        """Refuse the state of a model with other elements or radial functions."""
        if state != self.get_extra_state():
            raise InputError(
                f"the state was saved with {state}, this model has {self.get_extra_state()}; build the model with what "
                "the state names"
            )


def _elements(given: Sequence[int]) -> tuple[int, ...]:
    elements = check_species([integer("an element", number, 1) for number in given])
    if list(elements) != sorted(elements):
        raise InputError(f"elements are atomic numbers in rising order, each once, got {list(given)}")
    return elements


def _channel(name: str) -> tuple[int, int, int]:
    match = _COMPONENT.fullmatch(name)
    if match is None:
        raise InputError(f"{name!r} is not a component of a channel (n, l); use ACE.space for the tensors of the basis")
    return int(match["n"]), int(match["l"]), int(match["m"])
