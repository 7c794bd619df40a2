"""A potential for LAMMPS: the Python interface `pair_style mliap unified` of its package ML-IAP."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import numpy as np
import torch

from invgen.errors import InputError
from invgen.interop.networks import atom_energies, device_and_dtype, known_species
from invgen.nn.network import CountsInteractions, require
from invgen.nn.potential import Potential
from invgen.runtime import Neighbours
from invgen.structures.elements import SYMBOLS

__all__ = ["LammpsPotential"]


class LammpsPotential:
    """What ML-IAP calls: pairs of owned and ghost atoms in, energies of owned atoms and forces of pairs out.

    LAMMPS finds methods and attributes by name, so that this class needs nothing of it. Units are those of the
    potential: eV and Angstrom, `units metal` in LAMMPS. The forces of a pair are dE/dr_ij for r_ij = r_j - r_i: LAMMPS
    adds them to i, subtracts them from j, and makes the virial of them.

    E is the sum over the atoms that a process owns. Networks of k interactions look as far as k cutoffs: ghosts must
    have their neighbours too (`unified FILE 1`), and the ghost region must reach that far
    (`comm_modify cutoff` k cutoffs plus the skin).

    Args:
        potential: with a network on the CPU.
        ghosts: whether ghost atoms must bring their neighbours; a list without them is then refused. By default
            exactly where the network has more than one interaction.
    """

    def __init__(self, potential: Potential, ghosts: bool | None = None) -> None:
        if ghosts is None:
            network: CountsInteractions = require(
                potential.network, CountsInteractions, "a choice of ghosts", "; or pass ghosts=True or ghosts=False"
            )
            ghosts = network.interactions > 1
        self.potential = potential.eval()
        self.ghosts = ghosts
        self.interface: Any = None
        self.species = known_species(potential)
        self.element_types = [SYMBOLS[z - 1] for z in self.species]
        # LAMMPS takes (radius of i + radius of j) rcutfac with radii 1 for the cutoff.
        self.rcutfac = potential.cutoff / 2
        self.ndescriptors = 1
        # LAMMPS would ask for gradients of these parameters, and takes memory for atoms x parameters x elements.
        self.nparams = 1

    def compute_gradients(self, data: Any) -> None:
        """Nothing: energies and forces come from `compute_forces`."""

    def compute_descriptors(self, data: Any) -> None:
        """Nothing: energies and forces come from `compute_forces`."""

    @torch.inference_mode(False)
    def compute_forces(self, data: Any) -> None:
        """Write energies and forces into `data`.

        Args:
            data: LAMMPS's MLIAPData, of which are read ntotal, nlistatoms, natomneigh, iatoms, elems, npairs, pair_i,
                pair_j and rij, and written eatoms and energy; `update_pair_forces` is called.

        Raises:
            InputError: it is the Kokkos variant, an atom type has no element, or ghosts lack their neighbours.
        """
        if "kokkos" in type(data).__module__.lower():
            raise InputError("this potential runs on the CPU through pair_style mliap, not mliap/kk: drop -sf kk")
        if data.nlistatoms == 0:
            data.energy = 0.0
            return
        if self.ghosts and data.ntotal > data.nlistatoms and data.natomneigh <= data.nlistatoms:
            raise InputError(
                "ghost atoms have no neighbours, which a network of several interactions needs: "
                "use pair_style mliap unified FILE 1"
            )
        owned = torch.from_numpy(np.array(data.iatoms[: data.nlistatoms], dtype=np.int64))
        order, vectors, neighbours = self._pairs(data)
        with torch.enable_grad():  # forces are gradients
            vectors = vectors.to(device_and_dtype(self.potential)[1]).requires_grad_()
            energies = atom_energies(self.potential, self._species(data), vectors, neighbours)[owned]
            (by_pairs,) = torch.autograd.grad(energies.sum(), vectors, materialize_grads=True)
        per_atom = energies.detach().double().numpy()
        data.eatoms = per_atom
        data.energy = float(per_atom.sum())
        if data.npairs:
            forces = np.empty((data.npairs, 3))
            forces[order] = by_pairs.double().numpy()
            data.update_pair_forces(forces)

    def _species(self, data: Any) -> torch.Tensor:
        types = np.array(data.elems, dtype=np.int64)[: data.ntotal]
        if types.size and not 0 <= types.min() <= types.max() < len(self.species):
            raise InputError(
                f"every atom type needs one of the elements {self.element_types} in pair_coeff, "
                "and NULL is not one of them"
            )
        return torch.tensor(self.species)[torch.from_numpy(types)]

    def _pairs(self, data: Any) -> tuple[np.ndarray, torch.Tensor, Neighbours]:
        """The order by receiver, in which LAMMPS need not list pairs, and vectors and lists in that order."""
        if not data.npairs:
            empty = torch.zeros(0, dtype=torch.int64)
            return np.zeros(0, int), torch.zeros(0, 3), Neighbours.from_receivers(empty, empty, int(data.ntotal))
        receivers = np.array(data.pair_i, dtype=np.int64)[: data.npairs]
        order = np.argsort(receivers, kind="stable")
        index = np.array(data.pair_j, dtype=np.int64)[: data.npairs][order]
        lists = torch.from_numpy(receivers[order]), torch.from_numpy(index)
        vectors = torch.from_numpy(np.array(data.rij, dtype=np.float64)[: data.npairs][order])
        return order, vectors, Neighbours.from_receivers(*lists, int(data.ntotal))

    def save(self, path: str | Path) -> Path:
        """Write the file that `pair_style mliap unified` reads: a pickle, for LAMMPS on the same version of invgen.

        Raises:
            InputError: the name ends in .pt or .pth, which LAMMPS would hand to torch.load.
        """
        path = Path(path)
        if path.suffix in (".pt", ".pth"):
            raise InputError(f"LAMMPS reads {path.suffix} with torch.load, but this is a pickle: end the name in .pkl")
        path.write_bytes(pickle.dumps(self))
        return path
