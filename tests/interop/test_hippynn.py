"""hippynn's networks with the same weights give the same numbers, imported or accelerated."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
import torch

from invgen.errors import InputError
from invgen.interop.hippynn import accelerate, load_state
from invgen.nn import HIPHOPNN, HIPNN, HIPNNTS, Bottleneck
from invgen.structures import Batch, pair_vectors, structure_totals
from tests.support.network_cases import CUTOFF, NETWORKS, SIZES, SPECIES, batch_of

# Energies are of order 10 and forces of order 1; float64 rounding over some thousand operations leaves 1e-12.
TOLERANCE = 1e-10

# The import of hippynn alone takes seconds.
pytestmark = pytest.mark.slow


class Peer(torch.nn.Module):
    """A hippynn network with its energy head, on our batches."""

    def __init__(self, name: str, **options: Any) -> None:
        super().__init__()
        hiphop = pytest.importorskip("hippynn.networks.hiphop")
        hipnn = pytest.importorskip("hippynn.networks.hipnn")
        targets = pytest.importorskip("hippynn.layers.targets")
        # Its numba kernels keep ten digits in float64 (moments of order 1 are 1.5e-10 from a plain einsum).
        pytest.importorskip("hippynn.custom_kernels").set_custom_kernels("pytorch")
        classes = {"HIP-NN": hipnn.Hipnn, "HIP-NN-TS 1": hipnn.HipnnVec, "HIP-NN-TS 2": hipnn.HipnnQuad}
        own = NETWORKS[name][1] if name.startswith("HIP-HOP") else {}
        torch.manual_seed(1)
        self.network = classes.get(name, hiphop.HipHopNNModule)(
            **{
                "n_features": SIZES["features"],
                "n_interaction_layers": SIZES["interactions"],
                "n_atom_layers": SIZES["atom_layers"],
                "n_sensitivities": SIZES["sensitivities"],
                "dist_soft_min": SIZES["soft_min"],
                "dist_soft_max": SIZES["soft_max"],
                "dist_hard_max": CUTOFF,
                "possible_species": [0, *SPECIES],
                **own,
                **options,
            }
        )
        self.head = targets.HEnergy(self.network.feature_sizes)
        self.double()
        if name.startswith("HIP-HOP"):
            self._round_harmonics_to_float64()
            for block in self.network.blocks:
                layer = block[0].base_layer if self.network.resnet else block[0]
                if layer.group_norm is not None:  # weights of 1 and biases of 0 would hide their order
                    torch.nn.init.normal_(layer.group_norm.weight)
                    torch.nn.init.normal_(layer.group_norm.bias)

    def _round_harmonics_to_float64(self) -> None:
        # hippynn makes its harmonics at import in the default dtype, float32, and they stay rounded to that.
        tensors = pytest.importorskip("hippynn.layers.hiplayers.tensors")
        maps = self.network.tensor_extractor.pmaps
        for rank in range(1, len(maps)):
            maps[rank].data = tensors.pinv_project(tensors.cartesian_irreducible_mapping(rank).double())

    def forward(self, batch: Batch, vectors: torch.Tensor) -> torch.Tensor:
        assert batch.pairs is not None
        one_hot = batch.species[:, None] == torch.tensor(SPECIES)
        lists = batch.pairs.neighbours
        given = [one_hot, lists.receivers, lists.index, torch.linalg.vector_norm(vectors, dim=1)]
        if type(self.network).__name__ != "Hipnn":
            given.append(vectors)
        energies: torch.Tensor = self.head(self.network(*given), batch.structure, batch.structures)[0][:, 0]
        return energies

    def energies_and_forces(self, batch: Batch) -> tuple[torch.Tensor, torch.Tensor]:
        positions = batch.positions.clone().requires_grad_()
        energies = self(batch, pair_vectors(batch, positions=positions))
        (gradient,) = torch.autograd.grad(energies.sum(), positions, create_graph=True)
        return energies, -gradient


@pytest.mark.parametrize(
    ("name", "options"),
    [
        *((name, {}) for name in NETWORKS),
        ("HIP-HOP 3,4", {"group_norm": False}),
        ("HIP-HOP 2,3", {"resnet": False}),
        ("HIP-NN", {"resnet": 6}),
        ("HIP-HOP 3,4", {"n_features": (6, 8), "n_interaction_layers": None}),
    ],
)
def test_the_same_weights_give_hippynns_energies_and_forces(name: str, options: dict[str, Any]) -> None:
    peer, batch = Peer(name, **options), batch_of()
    ours = load_state(peer.state_dict(), cutoff=CUTOFF, species=SPECIES)
    assert isinstance(ours.network, NETWORKS[name][0])
    energies, forces = peer.energies_and_forces(batch)
    found = ours.eval()(batch)
    torch.testing.assert_close(found.energy, energies, rtol=TOLERANCE, atol=TOLERANCE)
    torch.testing.assert_close(found.forces, forces, rtol=TOLERANCE, atol=TOLERANCE)
    assert energies.detach().std() > 0.1 and forces.detach().abs().max() > 0.1, "nothing to compare"


def test_a_bottleneck_of_sensitivities_is_imported() -> None:
    sensitivity = pytest.importorskip("hippynn.layers.hiplayers.sensitivity")

    def bottleneck(*given: Any) -> Any:
        return sensitivity.SensitivityBottleneck(*given, n_dist_bare=9)

    peer, batch = Peer("HIP-NN", sensitivity_type=bottleneck), batch_of()
    ours = load_state(peer.state_dict(), cutoff=CUTOFF, species=SPECIES).eval()
    assert any(isinstance(module, Bottleneck) for module in ours.modules())
    energies, forces = peer.energies_and_forces(batch)
    found = ours(batch)
    torch.testing.assert_close(found.energy, energies, rtol=TOLERANCE, atol=TOLERANCE)
    torch.testing.assert_close(found.forces, forces, rtol=TOLERANCE, atol=TOLERANCE)


@pytest.mark.parametrize("name", NETWORKS)
def test_an_accelerated_model_trains_as_before(name: str) -> None:
    peer, batch = Peer(name), batch_of()
    fast = accelerate(copy.deepcopy(peer))
    assert fast.state_dict().keys() == peer.state_dict().keys()
    results = []
    for model in (peer, fast):
        energies, forces = model.energies_and_forces(batch)
        loss = energies.square().mean() + forces.square().mean()
        gradients = torch.autograd.grad(loss, [p for p in model.parameters() if p.requires_grad], allow_unused=True)
        results.append((energies, forces, gradients))
    (energies, forces, gradients), (fast_energies, fast_forces, fast_gradients) = results
    torch.testing.assert_close(fast_energies, energies, rtol=TOLERANCE, atol=TOLERANCE)
    torch.testing.assert_close(fast_forces, forces, rtol=TOLERANCE, atol=TOLERANCE)
    assert len(gradients) > 20
    for mine, theirs in zip(fast_gradients, gradients, strict=True):
        assert (mine is None) == (theirs is None)
        if mine is not None and theirs is not None:
            # Gradients of a loss of order 100 to 10^4 with respect to weights of order 0.1.
            torch.testing.assert_close(mine, theirs, rtol=TOLERANCE, atol=TOLERANCE * float(theirs.abs().max() + 1))


def test_accelerated_pairs_may_come_in_any_order() -> None:
    peer, batch = Peer("HIP-HOP 2,3"), batch_of()
    fast = accelerate(copy.deepcopy(peer))
    assert batch.pairs is not None
    lists, vectors = batch.pairs.neighbours, pair_vectors(batch)
    order = torch.randperm(lists.pairs, generator=torch.Generator().manual_seed(0))
    one_hot = batch.species[:, None] == torch.tensor(SPECIES)
    given = (lists.receivers[order], lists.index[order], vectors.norm(dim=1)[order], vectors[order])
    for mine, theirs in zip(fast.network(one_hot, *given), peer.network(one_hot, *given), strict=True):
        torch.testing.assert_close(mine, theirs.to(mine.dtype), rtol=TOLERANCE, atol=TOLERANCE)


def test_a_graph_module_is_imported_from_a_file_and_accelerated(tmp_path: Path) -> None:
    pytest.importorskip("hippynn")
    from hippynn import GraphModule
    from hippynn.graphs import inputs, networks, physics, targets

    species, positions = inputs.SpeciesNode(db_name="Z"), inputs.PositionsNode(db_name="R")
    torch.manual_seed(2)
    kwargs = {
        "possible_species": [0, *SPECIES],
        "n_features": 8,
        "n_sensitivities": 5,
        "dist_soft_min": 0.7,
        "dist_soft_max": 4.0,
        "dist_hard_max": CUTOFF,
        "n_atom_layers": 1,
        "n_interaction_layers": 2,
    }
    node = networks.HipHopnn("network", (species, positions), module_kwargs=kwargs)
    energy = targets.HEnergyNode("energy", node, db_name="E")
    model = GraphModule([species, positions], [energy.mol_energy, physics.GradientNode("F", (energy, positions), -1)])
    model = model.double()
    torch.save(model.state_dict(), tmp_path / "best_model.pt")
    ours = load_state(tmp_path / "best_model.pt", cutoff=CUTOFF).eval()
    assert ours.network.elements.species == SPECIES
    batch = batch_of([_methane()])
    given = (batch.species[None], batch.positions[None].clone().requires_grad_())
    before = [value.detach().clone() for value in model(*given)]
    found = ours(batch)
    # hippynn's harmonics are those of float32, see `load_state`.
    torch.testing.assert_close(found.energy, before[0][:, 0], rtol=1e-6, atol=1e-6)
    torch.testing.assert_close(found.forces, before[1][0], rtol=1e-6, atol=1e-6)
    after = accelerate(model)(*given)
    torch.testing.assert_close(after[0], before[0], rtol=1e-6, atol=1e-6)
    torch.testing.assert_close(after[1], before[1], rtol=1e-6, atol=1e-6)


def _methane() -> Any:
    from tests.support.network_cases import molecules

    return molecules()[3]


def test_sums_over_structures_are_hippynns() -> None:
    batch = batch_of()
    per_atom = torch.arange(batch.atoms, dtype=torch.float64)
    expected = torch.zeros(batch.structures, dtype=torch.float64).index_add(0, batch.structure, per_atom)
    torch.testing.assert_close(structure_totals(per_atom, batch), expected, rtol=0, atol=0)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda state: {}, "0 networks"),
        (lambda state: state | {f"second.{n}": v for n, v in state.items()}, "2 networks"),
        (lambda state: {n: v for n, v in state.items() if not n.endswith("selfint.bias")}, "no tensor"),
        (lambda state: state | {f"other.{n}": v for n, v in state.items() if n.startswith("head.")}, "several heads"),
        (lambda state: state | {"network.blocks.0.1.res_layer.bias": torch.zeros(3)}, "do not agree"),
    ],
)
def test_states_of_another_kind_are_refused(change: Any, message: str) -> None:
    state = Peer("HIP-HOP 2,3").state_dict()
    with pytest.raises(InputError, match=message):
        load_state(change(dict(state)), cutoff=CUTOFF, species=SPECIES)


def test_species_must_be_known(tmp_path: Path) -> None:
    state = Peer("HIP-NN").state_dict()
    with pytest.raises(InputError, match="pass species"):
        load_state(state, cutoff=CUTOFF)
    with pytest.raises(InputError, match="no file"):
        load_state(tmp_path / "none.pt", cutoff=CUTOFF)
    (tmp_path / "bad.pt").write_bytes(b"not a checkpoint")
    with pytest.raises(InputError, match="weights alone"):
        load_state(tmp_path / "bad.pt", cutoff=CUTOFF)


def test_pickled_code_is_not_executed(tmp_path: Path) -> None:
    torch.save(_Trap(), tmp_path / "trap.pt")
    with pytest.raises(InputError, match="weights alone"):
        load_state(tmp_path / "trap.pt", cutoff=CUTOFF)
    assert not _Trap.sprung


class _Trap:
    sprung = False

    def __reduce__(self) -> tuple[Any, ...]:
        return setattr, (_Trap, "sprung", True)


def test_a_model_without_hippynns_layers_is_refused() -> None:
    pytest.importorskip("hippynn")
    with pytest.raises(InputError, match="holds no layer"):
        accelerate(torch.nn.Linear(2, 2))


def test_the_kind_of_network_is_read_from_the_state() -> None:
    for name, kind in (("HIP-NN", HIPNN), ("HIP-NN-TS 2", HIPNNTS), ("HIP-HOP 3,4", HIPHOPNN)):
        ours = load_state(Peer(name).network.state_dict(), cutoff=CUTOFF, species=SPECIES)
        assert type(ours.network) is kind
