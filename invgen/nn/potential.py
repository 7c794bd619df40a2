"""Energies, forces and stress from a network."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import torch
from torch.func import functional_call

from invgen.checks import integer, positive
from invgen.errors import InputError
from invgen.nn import earlier
from invgen.nn.arguments import named
from invgen.nn.heads import AtomEnergies, AtomScalars, HierarchicalEnergy
from invgen.nn.inference import of_inference, usable, usable_state
from invgen.nn.kernels import KeepsDtype
from invgen.nn.network import CountsInteractions, GivesFeatures, GivesTensors, Network, require
from invgen.nn.tensor_heads import NEEDS_TENSORS, TensorHead
from invgen.runtime import Neighbours
from invgen.stages import Progress
from invgen.structures import Batch, Pairs, pair_vectors, stress_from, structure_totals
from invgen.structures.domains import domains_of
from invgen.structures.segments import total


@dataclass(frozen=True, eq=False)
class Prediction:
    """What a potential predicts for a batch of structures.

    Attributes:
        energy: (structures).
        atoms: the energies of atoms and their terms.
        forces: (atoms, 3), None where they were not asked for.
        stress: (structures, 3, 3), dE/dstrain over volume, None where it was not asked for.
        scalars: per-atom scalars by name, (atoms, outputs).
        tensors: of structures by name, (structures, ...), as each head shapes them.
    """

    energy: torch.Tensor
    atoms: AtomEnergies
    forces: torch.Tensor | None = None
    stress: torch.Tensor | None = None
    scalars: dict[str, torch.Tensor] = field(default_factory=dict)
    tensors: dict[str, torch.Tensor] = field(default_factory=dict)


class Potential(KeepsDtype):
    """E = Σ_i (E_i + V_i), F = -dE/dr exactly, and the stress of the same energy, from any network.

    V_i is the energy of `repulsion`, and zero where it is left out.

    A network is a module (species, vectors, neighbours) -> list of features (atoms, f), with attributes `cutoff`,
    `feature_sizes` and `dtype`: those of the HIP-NN family, or another that does the same. A module with a `cutoff`
    that gives the energies of atoms (atoms) itself, such as `ACE`, needs no head: it is one without `feature_sizes`.
    `invgen.nn.network` has these as protocols.

    Forces are sums of the gradients g_p = dE/dv_p of pairs, those of a pair being equal and opposite, so they sum to
    zero; the stress is Σ_p v_p ⊗ g_p / volume.

    Args:
        network: as above.
        energy: the head that gives energies of features; `HierarchicalEnergy` by default.
        scalars: further heads by name, as {"charges": AtomScalars(network.feature_sizes)}.
        tensors: heads of tensors by name, as {"dipole": Dipole(network)}, where the network gives tensors.
        repulsion: V, a module (species, vectors, neighbours) -> (atoms) with a `cutoff` that is not larger than the
            network's, such as `ZBL`. It belongs to the first term of the energies of atoms.

    Raises:
        InputError: heads are given for a network without features or tensors, a network or a repulsion lacks one of the
            attributes, or a repulsion reaches farther than the network.
    """

    @named
    def __init__(
        self,
        network: torch.nn.Module,
        energy: torch.nn.Module | None = None,
        scalars: Mapping[str, AtomScalars] | None = None,
        tensors: Mapping[str, TensorHead] | None = None,
        *,
        repulsion: torch.nn.Module | None = None,
    ) -> None:
        super().__init__()
        self.network = network
        reaching: Network = require(network, Network, "a potential")
        if not hasattr(network, "feature_sizes") and (energy is not None or scalars):
            raise InputError(f"{type(network).__name__} gives energies, not features: it takes no heads")
        if hasattr(network, "feature_sizes") and energy is None:
            features: GivesFeatures = require(network, GivesFeatures, "a potential without a head of its own")
            energy = HierarchicalEnergy(features.feature_sizes, dtype=features.dtype)
        self.energy = energy
        self.scalars = torch.nn.ModuleDict(dict(scalars or {}))
        if tensors:
            require(network, GivesTensors, "a potential with heads of tensors", NEEDS_TENSORS)
        self.tensors = torch.nn.ModuleDict(dict(tensors or {}))
        self.cutoff = positive("the cutoff of a network", reaching.cutoff)
        self.repulsion = repulsion if repulsion is None else _repulsion(repulsion, self.cutoff)

    def __setstate__(self, state: dict[str, Any]) -> None:
        super().__setstate__(earlier.potential(state))  # type: ignore[no-untyped-call]

    def forward(
        self,
        batch: Batch,
        *,
        forces: bool = True,
        stress: bool = False,
        create_graph: bool | None = None,
        vectors: torch.Tensor | None = None,
        tensors: bool = True,
    ) -> Prediction:
        """The prediction for a batch that has its pairs.

        Args:
            batch: structures, with pairs up to the network's cutoff at least.
            forces: whether to give them.
            stress: whether to give it; every structure needs a cell then.
            create_graph: whether a loss may contain forces and stress; by default while the module trains.
            vectors: (pairs, 3), in place of `pair_vectors(batch)`.
            tensors: whether to give what the heads of tensors make; without, structures may be periodic or charged.

        Raises:
            InputError: the batch has no pairs, or too short ones, or structures without volume for the stress. Or
                the potential was built under `torch.inference_mode`: gradients with respect to its parameters would be
                lost.
        """
        options: dict[str, Any] = {"forces": forces, "stress": stress, "create_graph": create_graph, "tensors": tensors}
        if (forces or stress) and torch.is_inference_mode_enabled():
            # Forces are gradients, which that mode does not record: they are made as under torch.no_grad.
            with torch.inference_mode(False), torch.no_grad():
                return self(usable(batch), **options, vectors=usable(vectors))  # type: ignore[no-any-return]
        if (forces or stress) and of_inference(self):
            if torch.is_grad_enabled() and self.training:
                raise InputError(
                    "the potential was built under torch.inference_mode, so that its parameters cannot learn: build it "
                    "outside, or call eval() for forces alone"
                )
            return functional_call(self, usable_state(self), (batch,), {**options, "vectors": vectors})  # type: ignore[no-any-return]
        batch, vectors = usable(batch), usable(vectors)
        pairs = self._pairs(batch)
        derived, recording = forces or stress, torch.is_grad_enabled()
        with torch.set_grad_enabled(derived or recording):
            vectors = pair_vectors(batch, pairs) if vectors is None else vectors
            if derived and not vectors.requires_grad:
                vectors = vectors.detach().requires_grad_()
            levels: list[torch.Tensor] = []
            heads = self.tensors.items() if tensors else ()
            if heads:
                giving: Any = self.network
                levels = giving.tensors(batch.species, vectors, pairs.neighbours)
                features = giving.features_of(levels)
            else:
                features = self.network(batch.species, vectors, pairs.neighbours)
            atoms = self.energies_of(features, batch.species, vectors, pairs.neighbours)
            scalars = {name: head(features) for name, head in self.scalars.items()}
            of_structures = {name: _of_structures(head, levels, batch) for name, head in heads}
            by_pairs = None
            if derived:
                keep = recording and (self.training if create_graph is None else create_graph)
                (by_pairs,) = torch.autograd.grad(
                    atoms.total.sum(), vectors, create_graph=keep, retain_graph=recording, materialize_grads=True
                )
        if not recording:
            atoms = AtomEnergies(atoms.total.detach(), atoms.terms.detach())
            scalars = {name: value.detach() for name, value in scalars.items()}
            of_structures = {name: value.detach() for name, value in of_structures.items()}
        energy = structure_totals(atoms.total, batch)
        if by_pairs is None:
            return Prediction(energy, atoms, scalars=scalars, tensors=of_structures)
        virial = stress_from(_virial(by_pairs, vectors, batch, pairs), batch) if stress else None
        return Prediction(energy, atoms, _forces(by_pairs, pairs) if forces else None, virial, scalars, of_structures)

    @torch.inference_mode(False)
    def by_domains(
        self,
        batch: Batch,
        atoms: int = 20_000,
        *,
        forces: bool = True,
        stress: bool = False,
        progress: Progress | None = None,
    ) -> Prediction:
        """The numbers of `forward` to rounding, one part of the atoms after the other, in the memory that one takes.

        A part is `structures.domains.Domain`: own atoms with all that their energies depend on. Energies of own atoms
        and their gradients by the vectors of pairs are added up over the parts, in their order. Atoms near the surface
        of a part are computed for its neighbours too, the more, the smaller parts are and the more interactions the
        network has. Nothing is recorded for a loss, and tensors are left out.

        Args:
            batch: structures, with pairs up to the network's cutoff at least.
            atoms: so many a part owns at most.
            forces: whether to give them.
            stress: whether to give it; every structure needs a cell then.
            progress: called as progress("energies", atoms done, atoms).

        Raises:
            InputError: as of `forward`; or the network does not say how many interactions it has, or the potential was
                built under `torch.inference_mode`.
        """
        counting: CountsInteractions = require(self.network, CountsInteractions, "an evaluation by domains")
        most = integer("the number of atoms of a domain", atoms, 1)
        if of_inference(self):
            raise InputError(
                "the potential was built under torch.inference_mode, where nothing has gradients: build it outside"
            )
        batch, derived = usable(batch), forces or stress
        pairs = self._pairs(batch)
        with torch.no_grad():
            vectors = pair_vectors(batch, pairs)
            by_pairs = torch.zeros_like(vectors) if derived else vectors[:0]
            owners, found = list[torch.Tensor](), list[dict[str, torch.Tensor]]()
            done = 0
            for domain in domains_of(batch, most, counting.interactions):
                with torch.set_grad_enabled(derived):
                    inside = vectors.index_select(0, domain.pairs).requires_grad_(derived)
                    around = batch.species[domain.atoms], inside, domain.neighbours
                    features = self.network(*around)
                    own = self.energies_of(features, *around)
                    scalars = {f"head {name}": head(features) for name, head in self.scalars.items()}
                    if derived:
                        summed = own.total.index_select(0, domain.own).sum()
                        (gradient,) = torch.autograd.grad(summed, inside, materialize_grads=True)
                        by_pairs.index_add_(0, domain.pairs, gradient)
                owners.append(domain.atoms[domain.own])
                parts = {"total": own.total, "terms": own.terms, **scalars}
                found.append({key: value.detach().index_select(0, domain.own) for key, value in parts.items()})
                done += owners[-1].numel()
                if progress is not None:
                    progress("energies", done, batch.atoms)
            back = torch.argsort(torch.cat(owners))
            whole = {key: torch.cat([part[key] for part in found]).index_select(0, back) for key in found[0]}
            energies = AtomEnergies(whole["total"], whole["terms"])
            return Prediction(
                structure_totals(energies.total, batch),
                energies,
                _forces(by_pairs, pairs) if forces else None,
                stress_from(_virial(by_pairs, vectors, batch, pairs), batch) if stress else None,
                {name: whole[f"head {name}"] for name in self.scalars},
            )

    def _pairs(self, batch: Batch) -> Pairs:
        cutoff = self.cutoff
        if batch.pairs is None:
            raise InputError(f"the batch has no pairs: make it with the cutoff {cutoff:g} of the network")
        if batch.pairs.cutoff < cutoff:
            raise InputError(
                f"the pairs of the batch end at {batch.pairs.cutoff:g}, the network looks as far as {cutoff:g}: make "
                "the batch with that cutoff"
            )
        return batch.pairs

    def energies_of(
        self,
        features: torch.Tensor | list[torch.Tensor],
        species: torch.Tensor,
        vectors: torch.Tensor,
        neighbours: Neighbours,
    ) -> AtomEnergies:
        """The energies of atoms of what the network gave for them, with the repulsion."""
        given: Any = features
        atoms = AtomEnergies(given, given[:, None]) if self.energy is None else self.energy(given)
        if self.repulsion is None:
            return atoms
        repulsion: torch.Tensor = self.repulsion(species, vectors, neighbours)
        first, *others = atoms.terms.split(1, 1)
        return AtomEnergies(atoms.total + repulsion, torch.cat([first + repulsion[:, None], *others], 1))

    @torch.no_grad()
    def self_energies(self, species: torch.Tensor) -> torch.Tensor:
        """The energies of isolated atoms of these atomic numbers, of the same shape."""
        reference = next(self.parameters())
        pointer = torch.zeros(species.numel() + 1, dtype=torch.int64, device=species.device)
        lonely = Neighbours.from_csr(pointer, pointer[:0])
        vectors = reference.new_zeros((0, 3))
        return self.energies_of(self.network(species, vectors, lonely), species, vectors, lonely).total


def _repulsion(given: Any, cutoff: float) -> torch.nn.Module:
    """A repulsion whose pairs are all among those of the network.

    Raises:
        InputError: it is not one.
    """
    if not isinstance(given, torch.nn.Module):
        raise InputError(f"a repulsion is a module such as nn.ZBL(species, cutoff), got {given!r}")
    reaching: Network = require(given, Network, "a repulsion")
    if reaching.cutoff > cutoff:
        raise InputError(
            f"a repulsion with the cutoff {reaching.cutoff:g} needs pairs that the network, which looks as far as "
            f"{cutoff:g}, does not: build it with the cutoff of the network"
        )
    return given


def _of_structures(head: Any, levels: list[torch.Tensor], batch: Batch) -> torch.Tensor:
    found: torch.Tensor = head.of_structures(levels, batch)
    return found


def _forces(by_pairs: torch.Tensor, pairs: Pairs) -> torch.Tensor:
    """A pair's vector begins at its receiver and ends at its source."""
    lists = pairs.neighbours
    begin = total(by_pairs, lists.receivers, lists.row_pointer)
    return begin - total(by_pairs, lists.index, lists.column_pointer, lists.column_pairs)


def _virial(by_pairs: torch.Tensor, vectors: torch.Tensor, batch: Batch, pairs: Pairs) -> torch.Tensor:
    """dE/dstrain, (structures, 3, 3): a strain moves every vector v by v · strain."""
    lists = pairs.neighbours
    owners = batch.structure.index_select(0, lists.receivers)
    pointer = lists.row_pointer.index_select(0, batch.atom_pointer)
    return total(vectors[:, :, None] * by_pairs[:, None, :], owners, pointer)
