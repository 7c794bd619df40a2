"""A potential with its forces as one program of torch.export, which needs no Python code of the network."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from functools import partial
from typing import Any, Final

import torch
from torch.fx.experimental.proxy_tensor import make_fx

from invgen.errors import InputError
from invgen.interop.networks import atom_energies, device_and_dtype, known_species
from invgen.nn.kernels import kernels_of
from invgen.nn.potential import Potential
from invgen.runtime import Neighbours
from invgen.runtime.families import family_of
from invgen.runtime.operators import operator_name
from invgen.runtime.torch_source import torch_implementation

__all__ = ["export_forces"]

_ATOMS: Final = 5  # of the example that is traced; any number runs afterwards


class _AtomEnergies(torch.nn.Module):
    """(species, vectors, lists) -> the energy of every atom, which torch.export traces as it is."""

    def __init__(self, potential: Potential) -> None:
        super().__init__()
        self.potential = potential

    def forward(self, species: torch.Tensor, vectors: torch.Tensor, *lists: torch.Tensor) -> torch.Tensor:
        return atom_energies(self.potential, species, vectors, Neighbours(*lists))


@torch.inference_mode(False)
def export_forces(potential: Potential, coordinates: torch.dtype | None = None) -> torch.export.ExportedProgram:
    """A program (positions, species, offsets, *lists) -> (energies, forces, virial) for any numbers of atoms and pairs.

    What is traced is the energy and then its gradient, so that forces are those of the potential, bit for bit but for
    the order in which compilers add. Parameters are constants of the program. A network with target="torch" leaves
    operators of PyTorch alone; with target="c" the program calls invgen's operators, which a process has once it has
    built the same network. `torch.export.save` writes it, AOTInductor compiles it.

    Args:
        potential: of any network, see `Potential`; it stays as it is.
        coordinates: the dtype of the positions and offsets that the program takes, that of the potential if left out.
            With torch.float64 a potential in float32 keeps its digits far from the origin: vectors are taken in
            float64 and rounded afterwards.

    Returns:
        The program. Its arguments are positions (atoms, 3); species (atoms), int64; offsets (pairs, 3), the vector
        from the cell of each receiver to that of its source (zero without periodic images); and the five lists of
        `Neighbours`, all pairs within the network's cutoff. It gives energies (atoms), forces (atoms, 3) and the virial
        dE/dstrain (3, 3), which over the volume is the stress. At least two atoms and two pairs.

    Raises:
        InputError: coordinates is not a floating dtype.
    """
    if coordinates is not None and not coordinates.is_floating_point:
        raise InputError(f"coordinates are floating numbers, they cannot be {coordinates}; use torch.float64")
    frozen = deepcopy(potential).eval().requires_grad_(False)
    device, dtype = device_and_dtype(frozen)
    given = dtype if coordinates is None else coordinates
    known = torch.tensor(known_species(frozen), dtype=torch.int64)
    species = known[torch.arange(_ATOMS) % known.numel()]
    # A star of five points, no two of them equal: every pair is within the cutoff.
    positions = torch.randn((_ATOMS, 3), generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    positions = (positions / positions.norm(dim=1).max() * (0.4 * frozen.cutoff)).to(given)
    receivers = torch.arange(_ATOMS).repeat_interleave(_ATOMS - 1)
    index = torch.cat([torch.tensor([j for j in range(_ATOMS) if j != i]) for i in range(_ATOMS)])
    lists = Neighbours.from_receivers(receivers, index, _ATOMS).lists
    offsets = torch.zeros((index.numel(), 3), dtype=given)

    example = tuple(each.to(device) for each in (positions, species, offsets, *lists))
    any_size = {0: torch.export.Dim.DYNAMIC}
    shapes = (any_size,) * 2 + ((any_size,) * 5,)
    vectors = (example[2] + example[0][example[4]] - example[0][example[5]]).to(dtype)
    traced = _AtomEnergies(frozen)
    energies = torch.export.export(traced, (example[1], vectors, *example[3:]), dynamic_shapes=shapes).module()

    def with_forces(*inputs: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        positions, species, offsets, *lists = inputs
        index, receivers = lists[1], lists[2]
        with torch.enable_grad():
            vectors = positions.index_select(0, index) - positions.index_select(0, receivers) + offsets
            vectors = vectors.to(dtype).detach().requires_grad_()
            atoms = energies(species, vectors, *lists)
            (by_pairs,) = torch.autograd.grad(atoms.sum(), vectors)
        forces = (
            torch.zeros_like(positions, dtype=dtype)
            .index_add(0, receivers, by_pairs)
            .index_add(0, index, by_pairs, alpha=-1)
        )
        return atoms.detach(), forces, vectors.detach().T @ by_pairs

    # Second, and not at once: torch.export alone keeps numbers of the example in gradients of composite operators.
    inlined = _plain_operators(frozen)
    module = make_fx(with_forces, decomposition_table=inlined, tracing_mode="symbolic", _allow_non_fake_inputs=True)(
        *example
    )
    return torch.export.export(module, example, dynamic_shapes=[any_size] * len(example))


def _plain_operators(potential: Potential) -> dict[Any, Callable[..., Any]]:
    """What the operators of kernels with the target "torch" are in operators of PyTorch."""
    table: dict[Any, Callable[..., Any]] = {}
    for kernel in kernels_of(potential):
        if kernel.target == "torch":
            source = torch_implementation(kernel.spec)
            for function in family_of(kernel.spec).functions:
                if function.kind in ("value", "vjp"):
                    operator = getattr(torch.ops.invgen, operator_name(kernel.spec, function.name)).default
                    table[operator] = partial(source.call, function.name)
    return table
