"""Laws of what foundation models add to equivariant networks: self-connections, densities, transforms, repulsion."""

from __future__ import annotations

import copy
import pickle
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import torch

from invgen.errors import InputError
from invgen.interop.export import export_forces
from invgen.nn import MACE, ZBL, Agnesi, Bessel, EquivariantNetwork, InverseDistanceGaussians, NequIP, Potential
from invgen.nn.by_species import BySpecies
from invgen.nn.interaction import Geometry
from invgen.runtime import Neighbours
from invgen.structures import Batch, Structure, pair_vectors
from invgen.testing.rotations import random_rotation
from tests.nn.test_equivariant import CUTOFF, ROUNDING, SMALL, SPECIES, batch_of, lists

TINY: dict[str, Any] = {"messages": "0e + 1o", "l_max": 1, "correlation": 2, "readout": 4, "target": "torch", **SMALL}
DENSE: dict[str, Any] = {"normalisation": "density", "average_neighbours": None}
CASES: dict[str, dict[str, Any]] = {
    "later": {"self_connection": "later"},
    "none": {"self_connection": "none", "nonlinearity": "gate", "correlation": 1},
    "density": DENSE,
    "agnesi": {"distance_transform": "agnesi"},
    "all": {"self_connection": "later", "distance_transform": "agnesi", **DENSE},
}


@cache
def made(name: str, **options: Any) -> Potential:
    torch.manual_seed(0)
    network = EquivariantNetwork(SPECIES, CUTOFF, **{**TINY, **CASES[name], **options})
    repulsion = ZBL(SPECIES, CUTOFF, scale=0.2, dtype=torch.float64) if name == "all" else None
    return Potential(network, repulsion=repulsion).eval()


def energies(model: Potential, batch: Batch, vectors: torch.Tensor) -> torch.Tensor:
    found = model.network(batch.species, vectors, lists(batch))
    return model.energies_of(found, batch.species, vectors, lists(batch)).total


@pytest.mark.parametrize("name", CASES)
def test_energies_are_invariant_and_forces_turn(name: str) -> None:
    model, batch = made(name), batch_of()
    rotation = torch.from_numpy(random_rotation(np.random.default_rng(0), True))
    here, there = model(batch), model(batch, vectors=pair_vectors(batch) @ rotation.T)
    torch.testing.assert_close(there.energy, here.energy, **ROUNDING)
    torch.testing.assert_close(there.forces, here.forces @ rotation.T, **ROUNDING)
    torch.testing.assert_close(here.atoms.terms.sum(1), here.atoms.total, **ROUNDING)
    assert here.forces.abs().max() > 1e-3
    # Every part of the model has its share in the forces.
    for each, parameter in model.named_parameters():
        assert name != "all" or parameter.numel() > 0, each


def test_forces_and_gradients_of_forces_are_right() -> None:
    model, batch = made("all"), batch_of(atoms=3)
    vectors = pair_vectors(batch).detach().requires_grad_()

    def total(given: torch.Tensor) -> torch.Tensor:
        return energies(model, batch, given).sum()

    assert torch.autograd.gradcheck(total, (vectors,))
    assert torch.autograd.gradgradcheck(total, (vectors,), fast_mode=True)


def test_a_force_loss_has_the_slope_of_its_values_by_every_new_weight() -> None:
    model, batch = copy.deepcopy(made("all")).train(), batch_of(atoms=3)
    new = {key: each for key, each in model.named_parameters() if "density" in key or "species_map" in key}
    assert len(new) == 3  # a density of each layer, a map by species of the first

    def loss() -> torch.Tensor:
        return model(batch).forces.square().mean()  # type: ignore[no-any-return]

    gradients = torch.autograd.grad(loss(), list(new.values()))
    generator, step = torch.Generator().manual_seed(0), 1e-5
    for (key, parameter), gradient in zip(new.items(), gradients, strict=True):
        direction = torch.randn(parameter.shape, generator=generator, dtype=torch.float64)
        ends = []
        for distance in (-step, 2 * step):
            with torch.no_grad():
                parameter.add_(distance * direction)
            ends.append(loss().detach())
        with torch.no_grad():
            parameter.sub_(step * direction)
        slope = (ends[1] - ends[0]) / (2 * step)
        # Central differences: step² times third derivatives, and rounding over the step.
        torch.testing.assert_close((gradient * direction).sum(), slope, rtol=1e-6, atol=1e-9, msg=key)
        assert slope != 0


def test_layers_without_self_connection_have_none_and_a_map_by_species() -> None:
    for name, wanted in (("later", [True, False]), ("none", [True, True]), ("agnesi", [False, False])):
        layers: Any = made(name).network.layers
        assert [layer.own is None for layer in layers] == wanted
        assert [layer.species_map is not None for layer in layers] == wanted


def test_a_density_divides_the_sums_by_one_and_the_saturated_squares() -> None:
    network: Any = made("density").network
    batch, layer = batch_of(), network.layers[0]
    geometry = Geometry.of(lists(batch), pair_vectors(batch))
    squares = torch.tanh(network.radial(geometry.distances) @ layer.density.matrices[0] / np.sqrt(8)).squeeze(1)
    squares = torch.tanh((network.radial(geometry.distances) @ layer.density.matrices[0]).squeeze(1).square() / 8)
    sums = torch.zeros(batch.atoms, dtype=torch.float64).index_add(0, lists(batch).receivers, squares)
    caught: list[torch.Tensor] = []
    with torch.no_grad():
        handles = [layer.mix.register_forward_hook(lambda *given: caught.append(given[2]))]
        handles.append(layer.product.register_forward_pre_hook(lambda _, given: caught.append(given[0])))
        network(batch.species, geometry.vectors, lists(batch))
        for handle in handles:
            handle.remove()
    torch.testing.assert_close(caught[1] * (1 + sums)[:, None, None], caught[0], **ROUNDING)
    assert layer.mix.factor == 1.0 and sums.min() > 0.01


def test_agnesi_goes_from_one_at_contact_to_zero_and_depends_on_both_elements() -> None:
    transform = Agnesi((1, 8), dtype=torch.float64)
    distances = torch.linspace(0.05, 12.0, 60, dtype=torch.float64)
    found = []
    for pair in ((0, 0), (0, 1), (1, 0), (1, 1)):
        neighbours = Neighbours.from_receivers(torch.zeros(60, dtype=torch.int64), torch.ones(60, dtype=torch.int64), 2)
        found.append(transform(distances, torch.tensor(pair), neighbours))
        assert (found[-1].diff() < 0).all() and found[-1][0] > 0.999 and found[-1][-1] < 0.2
    torch.testing.assert_close(found[1], found[2], rtol=0, atol=0)
    for smaller, larger in pairwise((found[0], found[1], found[3])):
        assert (smaller < larger)[5:].all()  # smaller atoms, larger relative distances
    radii = np.array([0.31, 0.66])
    s = distances.numpy() / radii.mean()
    wanted = 1 / (1 + 1.0805 * s**0.9183 / (1 + s ** (0.9183 - 4.5791)))
    torch.testing.assert_close(found[1], torch.from_numpy(wanted), **ROUNDING)


def test_zbl_is_its_law_and_vanishes_smoothly_at_the_sum_of_the_radii() -> None:
    repulsion = ZBL((6, 8), 5.0, power=5, scale=2.0, dtype=torch.float64)
    reach, at = 0.76 + 0.66, 0.8
    neighbours = Neighbours.from_receivers(torch.tensor([0, 1]), torch.tensor([1, 0]), 2)

    def energy(distance: torch.Tensor) -> torch.Tensor:
        direction = torch.tensor([0.6, 0.0, 0.8], dtype=torch.float64)
        vectors = torch.stack([direction, -direction]) * distance
        found: torch.Tensor = repulsion(torch.tensor([6, 8]), vectors, neighbours)
        return found.sum()

    length = 0.4543 * 0.529 / (6**0.3 + 8**0.3)
    terms = zip((0.1818, 0.5099, 0.2802, 0.02817), (3.2, 0.9423, 0.4028, 0.2016), strict=True)
    screening, u = sum(w * np.exp(-b * at / length) for w, b in terms), at / reach
    wanted = 2.0 * 14.3996 * 48 / at * screening * (1 - 21 * u**5 + 35 * u**6 - 15 * u**7)
    # The digits of the law times rounding.
    assert abs(float(energy(torch.tensor(at, dtype=torch.float64))) / wanted - 1) < 1e-13
    near = torch.tensor(reach - 1e-5, dtype=torch.float64, requires_grad=True)
    (slope,) = torch.autograd.grad(energy(near), near, create_graph=True)
    # Third powers of 1e-5 and second ones, times energies of some hundred eV.
    assert abs(float(energy(near).detach())) < 1e-11 and abs(float(slope.detach())) < 1e-6
    assert float(energy(torch.tensor(reach + 1e-5, dtype=torch.float64))) == 0.0
    assert torch.autograd.gradcheck(energy, (torch.tensor(at, dtype=torch.float64, requires_grad=True),))
    assert torch.autograd.gradgradcheck(energy, (torch.tensor(at, dtype=torch.float64, requires_grad=True),))


def test_a_repulsion_is_added_to_any_network_and_atoms_alone_have_none() -> None:
    torch.manual_seed(0)
    network = NequIP(SPECIES, CUTOFF, messages="0e", l_max=0, layers=1, target="torch", **SMALL)
    plain, repelled = Potential(network), Potential(network, repulsion=ZBL(SPECIES, CUTOFF, dtype=torch.float64))
    assert repelled.repulsion is not None
    repelled.energy = plain.energy
    batch = batch_of()
    vectors = pair_vectors(batch)
    own = repelled.repulsion(batch.species, vectors, lists(batch))
    torch.testing.assert_close(repelled(batch).atoms.total, plain(batch).atoms.total + own, **ROUNDING)
    assert own.max() > 1e-3
    numbers = torch.tensor(SPECIES)
    torch.testing.assert_close(repelled.self_energies(numbers), plain.self_energies(numbers), rtol=0, atol=0)
    assert all(not key.startswith("repulsion") for key in plain.state_dict())


def test_states_name_the_options_and_are_as_before_without() -> None:
    plain = MACE(SPECIES, CUTOFF, **TINY)
    assert set(plain.get_extra_state()) == {
        *("format", "kind", "cutoff", "levels", "correlation", "l_max", "nonlinearity", "radial", "average_neighbours")
    }
    for name in CASES:
        model = made(name)
        network: Any = model.network
        torch.manual_seed(1)
        options = {key: value for key, value in CASES[name].items() if key not in ("correlation", "nonlinearity")}
        assert {key: network.get_extra_state().get(key) for key in options if key != "average_neighbours"} == {
            key: value for key, value in options.items() if key != "average_neighbours"
        }
        with pytest.raises((InputError, RuntimeError), match=f"this one has {'None' if name == 'agnesi' else ''}"):
            EquivariantNetwork(SPECIES, CUTOFF, **TINY).set_extra_state(network.get_extra_state())
    again = pickle.loads(pickle.dumps(made("all")))
    other = copy.deepcopy(made("all"))
    with torch.no_grad():
        for each in (*other.parameters(), *other.buffers()):
            each.mul_(0)
    other.load_state_dict(made("all").state_dict())
    for found in (again, other):
        assert torch.equal(found(batch_of()).energy, made("all")(batch_of()).energy)
    with pytest.raises(InputError, match="power 6, this one has 5"):
        ZBL(SPECIES, CUTOFF, power=5).set_extra_state(ZBL(SPECIES, CUTOFF).get_extra_state())


def test_a_density_stands_beside_radial_tables() -> None:
    options = {"messages": "0e", "l_max": 1, "layers": 1}
    plain, tables = made("density", **options), copy.deepcopy(made("density", **options, tables=257))
    tables.load_state_dict(plain.state_dict())
    found, wanted = tables(batch_of()), plain(batch_of())
    # The error of the splines alone: about the fourth and third power of their distance.
    torch.testing.assert_close(found.energy, wanted.energy, rtol=1e-6, atol=0)
    torch.testing.assert_close(found.forces, wanted.forces, rtol=0, atol=1e-4 * float(wanted.forces.abs().max()))


def test_samples_need_not_be_sorted_by_species() -> None:
    model, batch = made("all"), batch_of()
    sorted_ = energies(model, batch, pair_vectors(batch))
    with pytest.MonkeyPatch.context() as patch:
        unsorted = BySpecies.of
        patch.setattr(BySpecies, "of", lambda species, kinds: unsorted(species, kinds, False))
        torch.testing.assert_close(energies(model, batch, pair_vectors(batch)), sorted_, **ROUNDING)


@pytest.mark.slow
def test_exported_programs_have_the_new_parts() -> None:
    model = made("all")
    structure = Structure(np.array([1, 6, 8, 1]), 1.1 * np.array([[0, 0, 0], [1, 0, 0.2], [0, 1, 0.1], [0.9, 1, 0.5]]))
    batch = Batch.from_structures([structure], CUTOFF, dtype=torch.float64)
    offsets = torch.zeros((lists(batch).index.numel(), 3), dtype=torch.float64)
    atoms, forces, _ = export_forces(model).module()(batch.positions, batch.species, offsets, *lists(batch).lists)
    wanted = model(batch)
    torch.testing.assert_close(atoms, wanted.atoms.total, **ROUNDING)
    torch.testing.assert_close(forces, wanted.forces, **ROUNDING)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"self_connection": "first"}, "self_connection must be one of 'all', 'later', 'none', got 'first'"),
        ({"normalisation": "sum"}, "normalisation must be one of 'average', 'density'"),
        ({"distance_transform": "soft"}, "distance_transform must be one of 'agnesi', got 'soft'"),
        ({"normalisation": "density"}, "average_neighbours goes with normalisation='average', got 'density'"),
        ({"distance_transform": "agnesi", "tables": 64}, "leave out tables or distance_transform"),
        (
            {"distance_transform": "agnesi", "radial": lambda: InverseDistanceGaussians(4, 0.5, 2.0, CUTOFF)},
            "goes with Bessel functions, got InverseDistanceGaussians",
        ),
        ({"distance_transform": "agnesi", "species": (1, 118)}, "covalent radii are known up to Cm, got Og"),
    ],
)
def test_bad_arguments_are_refused_with_a_sentence(options: dict[str, Any], message: str) -> None:
    options = {**TINY, **options}
    with pytest.raises(InputError, match=message) as caught:
        MACE(options.pop("species", SPECIES), CUTOFF, **options)
    assert "\n" not in str(caught.value)


def test_bessel_functions_of_equal_distances_are_those_of_the_distance() -> None:
    radial, distances = Bessel(4, CUTOFF, dtype=torch.float64), torch.linspace(0.3, 4.0, 9, dtype=torch.float64)
    assert torch.equal(radial(distances, distances), radial(distances))
    # The envelope is that of the distance.
    assert radial(distances, distances / 4)[distances > CUTOFF].abs().max() == 0
