"""Laws of the options of layers: self-connections, densities and transforms of distances, alone and together."""

from __future__ import annotations

import copy
import pickle
from functools import cache
from typing import Any

import numpy as np
import pytest
import torch

from invgen.errors import InputError
from invgen.nn import MACE, ZBL, EquivariantNetwork, InverseDistanceGaussians, Potential
from invgen.nn.interaction import Geometry
from invgen.structures import Batch, pair_vectors
from invgen.testing.rotations import random_rotation
from tests.support.equivariant_cases import CUTOFF, ROUNDING, SMALL, SPECIES, batch_of, lists

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


def close(batch: Batch) -> torch.Tensor:
    """The vectors of atoms that are so close that they repel each other."""
    return 0.7 * pair_vectors(batch)


def energies(model: Potential, batch: Batch, vectors: torch.Tensor) -> torch.Tensor:
    found = model.network(batch.species, vectors, lists(batch))
    return model.energies_of(found, batch.species, vectors, lists(batch)).total


@pytest.mark.parametrize("name", CASES)
def test_energies_are_invariant_and_forces_turn(name: str) -> None:
    model, batch = made(name), batch_of()
    rotation = torch.from_numpy(random_rotation(np.random.default_rng(0), True))
    vectors = close(batch)
    here, there = model(batch, vectors=vectors), model(batch, vectors=vectors @ rotation.T)
    torch.testing.assert_close(there.energy, here.energy, **ROUNDING)
    torch.testing.assert_close(there.forces, here.forces @ rotation.T, **ROUNDING)
    torch.testing.assert_close(here.atoms.terms.sum(1), here.atoms.total, **ROUNDING)
    assert here.forces.abs().max() > 1e-3


def test_forces_and_gradients_of_forces_are_right() -> None:
    model, batch = made("all"), batch_of(atoms=3)
    vectors = close(batch).detach().requires_grad_()

    def total(given: torch.Tensor) -> torch.Tensor:
        return energies(model, batch, given).sum()

    assert torch.autograd.gradcheck(total, (vectors,))
    assert torch.autograd.gradgradcheck(total, (vectors,), fast_mode=True)


def test_a_force_loss_has_the_slope_of_its_values_by_every_new_weight() -> None:
    model, batch = copy.deepcopy(made("all")).train(), batch_of(atoms=3)
    new = {key: each for key, each in model.named_parameters() if "density" in key or "species_map" in key}
    assert len(new) == 3  # a density of each layer, a map by species of the first

    def loss() -> torch.Tensor:
        return model(batch, vectors=close(batch)).forces.square().mean()  # type: ignore[no-any-return]

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
    geometry = Geometry.of(lists(batch), close(batch))
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
    assert layer.mix.factor == 1.0 and sums.min() > 1e-3


def test_states_name_the_options_and_are_as_before_without() -> None:
    plain = MACE(SPECIES, CUTOFF, **TINY)
    assert set(plain.get_extra_state()) == {
        *("format", "kind", "cutoff", "levels", "correlation", "l_max", "nonlinearity", "radial", "average_neighbours")
    }
    for name in CASES:
        network: Any = made(name).network
        state = network.get_extra_state()
        options = [key for key in ("self_connection", "normalisation", "distance_transform") if key in CASES[name]]
        assert {key: state[key] for key in options} == {key: CASES[name][key] for key in options}
        assert len(state) == 9 + len(options)
        with pytest.raises(InputError, match=f"{options[0]} '.*', this one has '?(all|average|None)"):
            EquivariantNetwork(SPECIES, CUTOFF, **TINY).set_extra_state(
                {**state, "nonlinearity": "product", "correlation": 2}
            )
    again = pickle.loads(pickle.dumps(made("all")))
    other = copy.deepcopy(made("all"))
    with torch.no_grad():
        for each in other.state_dict().values():
            if torch.is_tensor(each):
                each.zero_()
    other.load_state_dict(made("all").state_dict())
    for found in (again, other):
        assert torch.equal(found(batch_of()).energy, made("all")(batch_of()).energy)


@pytest.mark.parametrize("name", ["density", "agnesi"])
def test_options_stand_beside_radial_tables(name: str) -> None:
    options = {"messages": "0e", "l_max": 1, "layers": 1}
    plain, tables = made(name, **options), copy.deepcopy(made(name, **options, tables=257))
    tables.load_state_dict(plain.state_dict())
    network: Any = tables.network
    assert 0 < network.table_error() < 1e-3
    found, wanted = tables(batch_of()), plain(batch_of())
    # The error of the splines alone: about the fourth and third power of the distance of the knots.
    torch.testing.assert_close(found.energy, wanted.energy, rtol=1e-6, atol=0)
    torch.testing.assert_close(found.forces, wanted.forces, rtol=0, atol=1e-4 * float(wanted.forces.abs().max()))
    gradients = []
    for model in (plain, tables):
        training = copy.deepcopy(model).train()
        training(batch_of()).forces.square().sum().backward()
        gradients.append({key: each.grad for key, each in training.named_parameters() if "layers" in key})
    for key, gradient in gradients[0].items():
        ours = gradients[1][key]
        assert gradient is not None and ours is not None
        # The error of the splines, in second derivatives.
        assert float((ours - gradient).abs().max()) < 1e-3 * float(gradient.abs().max()), key
    # Kept tables are of the elements of the batch.
    tables.requires_grad_(False)
    both = [tables(batch_of(atoms=atoms)).energy[-1] for atoms in (1, 6, 1)]
    torch.testing.assert_close(torch.stack(both), wanted.energy[-1].expand(3), rtol=1e-6, atol=0)


@pytest.mark.parametrize("tables", [None, 33])
def test_graphs_of_a_compiler_have_the_same_numbers(tables: int | None) -> None:
    model, batch = made("all", messages="0e", l_max=1, layers=1, tables=tables), batch_of()
    eager = energies(model, batch, close(batch))
    with pytest.MonkeyPatch.context() as patch:
        # What is done differently in a graph, without the time that compilers take.
        patch.setattr(torch.compiler, "is_compiling", lambda: True)
        torch.testing.assert_close(energies(model, batch, close(batch)), eager, **ROUNDING)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"self_connection": "first"}, "self_connection must be one of 'all', 'later', 'none', got 'first'"),
        ({"normalisation": "sum"}, "normalisation must be one of 'average', 'density'"),
        ({"distance_transform": "soft"}, "distance_transform must be one of 'agnesi', got 'soft'"),
        ({"normalisation": "density"}, "average_neighbours goes with normalisation='average', got 'density'"),
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
