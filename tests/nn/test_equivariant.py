"""Laws of equivariant networks: how energies and tensors turn, exact forces, smoothness, states, graphs, bad input."""

from __future__ import annotations

import copy
from functools import cache
from typing import Any

import numpy as np
import pytest
import torch

from invgen.errors import InputError
from invgen.nn import MACE, Bessel, BOTNet, EquivariantNetwork, NequIP, Potential
from invgen.nn.by_species import BySpecies
from invgen.nn.equivariant_layers import Gate
from invgen.nn.irrep_rows import rows_of
from invgen.nn.radial_weights import SILU_GAIN, TANH_GAIN
from invgen.spaces.space import TensorSpace
from invgen.structures import Batch, Structure, pair_vectors
from invgen.testing.rotations import random_rotation, representation
from tests.support.equivariant_cases import CUTOFF, ROUNDING, SMALL, SPECIES, batch_of, lists

CASES: dict[str, tuple[Any, dict[str, Any]]] = {
    "MACE": (MACE, {"messages": "0e + 1o", "l_max": 2, "correlation": 2, "readout": 4}),
    "MACE, 2e at the end": (MACE, {"messages": "0e + 1o", "last": "0e + 1o + 2e", "l_max": 1, "correlation": 2}),
    "NequIP": (NequIP, {"messages": "0e + 1o", "l_max": 1, "layers": 2}),
    "NequIP, both parities": (NequIP, {"messages": "0e + 0o + 1e + 1o", "l_max": 1, "layers": 4, "channels": 2}),
    "BOTNet": (BOTNet, {"messages": "0e + 1o", "l_max": 1, "layers": 2}),
}


@cache
def made(name: str, target: str = "torch") -> Potential:
    kind, options = CASES[name]
    torch.manual_seed(0)
    return Potential(kind(SPECIES, CUTOFF, **{**SMALL, **options}, target=target)).eval()


@pytest.mark.parametrize("name", CASES)
def test_energies_are_invariant_and_tensors_turn(name: str) -> None:
    model, batch = made(name), batch_of()
    network: Any = model.network
    vectors = pair_vectors(batch)
    here, tensors = model(batch), network.tensors(batch.species, vectors, lists(batch))
    assert [each.shape[2] for each in tensors] == list(network.tensor_channels)
    for reflect in (False, True):
        rotation = random_rotation(np.random.default_rng(0), reflect)
        turned = vectors @ torch.from_numpy(rotation).T
        there = model(batch, vectors=turned)
        torch.testing.assert_close(there.energy, here.energy, **ROUNDING)
        torch.testing.assert_close(there.forces, here.forces @ torch.from_numpy(rotation).T, **ROUNDING)
        found = network.tensors(batch.species, turned, lists(batch))
        for irreps, before, after in zip(network.tensor_irreps, tensors, found, strict=True):
            matrix = torch.from_numpy(representation(TensorSpace(irreps), rotation, network.convention))
            torch.testing.assert_close(after, torch.einsum("mn,snc->smc", matrix, before), **ROUNDING)
    assert here.forces.abs().max() > 1e-3
    assert all(float(each.detach().abs().min(0).values.max()) > 1e-6 for each in tensors[1:])


def test_forward_gives_the_scalars_of_the_tensors_that_heads_read() -> None:
    batch = batch_of()
    for name, sizes in (("MACE", (3, 3, 4)), ("NequIP", (3, 3))):
        network: Any = made(name).network
        assert network.feature_sizes == sizes
        given = (batch.species, pair_vectors(batch), lists(batch))
        features = network(*given)
        assert [tuple(each.shape) for each in features] == [(batch.atoms, size) for size in sizes]
        for ours, theirs in zip(features, network.features_of(network.tensors(*given)), strict=True):
            assert torch.equal(ours, theirs)
        assert torch.equal(features[0].argmax(1), torch.tensor([SPECIES.index(z) for z in batch.species.tolist()]))


@pytest.mark.parametrize("name", ["MACE", "NequIP"])
def test_tables_of_radial_networks_are_the_network_within_their_error(name: str) -> None:
    model, batch = made(name), batch_of()
    kind, options = CASES[name]
    errors = []
    for knots in (65, 129):
        other = Potential(kind(SPECIES, CUTOFF, **{**SMALL, **options}, target="torch", tables=knots)).eval()
        other.load_state_dict(model.state_dict())
        found, wanted = other(batch), model(batch)
        network: Any = other.network
        assert network.table_error() < 1e-2
        errors.append(float((found.forces - wanted.forces).abs().max() / wanted.forces.abs().max()))
        assert (found.energy - wanted.energy).abs().max() < 1e-4 * wanted.energy.abs().max()
    # Of third order or better: the slopes of splines of fourth order.
    assert errors[1] < errors[0] / 5 < 1e-3
    frozen: Any = other.requires_grad_(False)
    before = frozen(batch).energy
    assert torch.equal(frozen(batch).energy, before)
    state = copy.deepcopy(frozen.state_dict())
    # The wave numbers do not learn here: they are a buffer.
    for changed in (frozen.network.layers[1].radial.matrices[0], frozen.network.radial.wave_numbers):
        changed.mul_(1.5)
        assert not torch.equal(frozen(batch).energy, before)
        frozen.load_state_dict(state)
        assert torch.equal(frozen(batch).energy, before)


def test_training_goes_on_through_tables() -> None:
    kind, options = CASES["MACE"]
    torch.manual_seed(0)
    given = {**SMALL, **options, "radial": lambda: Bessel(4, CUTOFF, dtype=torch.float64), "target": "torch"}
    plain, tables = (Potential(kind(SPECIES, CUTOFF, **given, tables=knots)).train() for knots in (None, 257))
    tables.load_state_dict(plain.state_dict())
    gradients = []
    for model in (plain, tables):
        model(batch_of(atoms=3)).forces.square().sum().backward()
        gradients.append({key: each.grad for key, each in model.network.named_parameters() if each.grad is not None})
    assert list(gradients[0]) == list(gradients[1]) and any("wave_numbers" in key for key in gradients[0])
    for key, wanted in gradients[0].items():
        # The error of the splines, in second derivatives.
        assert float((gradients[1][key] - wanted).abs().max()) < 1e-4 * float(wanted.abs().max()), key
    with pytest.raises(InputError, match="MACE was built without tables: build it with tables=, a number of knots"):
        network: Any = plain.network
        network.table_error()
    with pytest.raises(InputError, match="the number of knots is an integer from 4 to 65536, got 2"):
        kind(SPECIES, CUTOFF, **given, tables=2)


@pytest.mark.parametrize("name", ["MACE", "NequIP, both parities"])
def test_atoms_may_come_in_any_order(name: str) -> None:
    model, batch = made(name), batch_of()
    order = torch.tensor([3, 1, 5, 0, 4, 2])
    cluster = Structure(batch.species[:6][order].numpy(), batch.positions[:6][order].numpy())
    found = model(Batch.from_structures([cluster], CUTOFF, dtype=torch.float64))
    here = model(batch)
    torch.testing.assert_close(found.energy[0], here.energy[0], **ROUNDING)
    torch.testing.assert_close(found.forces, here.forces[:6][order], **ROUNDING)


def test_forces_and_gradients_of_forces_are_right() -> None:
    model, batch = made("MACE, 2e at the end"), batch_of(atoms=3)
    network: Any = model.network
    energy: Any = model.energy

    def total(vectors: torch.Tensor) -> Any:
        found: torch.Tensor = energy(network(batch.species, vectors, lists(batch))).total.sum()
        return found

    vectors = pair_vectors(batch).detach().requires_grad_()
    assert torch.autograd.gradcheck(total, (vectors,))
    assert torch.autograd.gradgradcheck(total, (vectors,), fast_mode=True)


@pytest.mark.parametrize("name", ["MACE", "NequIP"])
def test_gradients_of_a_force_loss_by_every_weight_are_right(name: str) -> None:
    model, batch = copy.deepcopy(made(name)).train(), batch_of(atoms=3)
    parameters = list(model.parameters())

    def loss() -> Any:
        found = model(batch)
        return found.energy.square().mean() + found.forces.square().mean()

    gradients = torch.autograd.grad(loss(), parameters)
    generator = torch.Generator().manual_seed(0)
    start = [each.detach().clone() for each in parameters]
    for number, parameter in enumerate(parameters):
        direction = torch.randn(parameter.shape, generator=generator, dtype=torch.float64)
        ends, step = [], 1e-5
        for sign in (-1, 1):
            with torch.no_grad():
                parameter.copy_(start[number] + sign * step * direction)
            ends.append(loss().detach())
        with torch.no_grad():
            parameter.copy_(start[number])
        slope = (gradients[number] * direction).sum()
        # Central differences: step² times third derivatives of order ten, and rounding over the step.
        torch.testing.assert_close(slope, (ends[1] - ends[0]) / (2 * step), rtol=1e-6, atol=1e-7)


def test_no_work_is_done_along_a_closed_path() -> None:
    model, batch = made("MACE"), batch_of()
    generator = torch.Generator().manual_seed(3)
    first, second = (torch.randn(batch.positions.shape, generator=generator, dtype=torch.float64) for _ in range(2))
    steps, work = 24, 0.0
    for angle in 2 * torch.pi * torch.arange(steps, dtype=torch.float64) / steps:
        moved = batch.positions + 0.05 * (torch.cos(angle) * first + torch.sin(angle) * second)
        forces = model(batch, vectors=pair_vectors(batch, positions=moved)).forces
        along = 0.05 * (torch.cos(angle) * second - torch.sin(angle) * first)
        work += float((forces * along).sum()) * 2 * torch.pi / steps
    # The rule of rectangles on a closed smooth path is exact to rounding; pairs stay on their side of the cutoff.
    assert abs(work) < 1e-10
    assert float(model(batch).forces.norm()) * 0.05 > 1e-4


@pytest.mark.parametrize("name", ["MACE", "NequIP", "BOTNet"])
def test_energies_and_forces_are_continuous_where_an_atom_leaves(name: str) -> None:
    model = made(name)
    found = []
    for distance in (CUTOFF - 1e-6, CUTOFF + 1e-6):
        positions = np.array([[0.0, 0.0, 0.0], [0.9, 0.3, 0.0], [0.0, 0.0, distance]])
        found.append(
            model(Batch.from_structures([Structure(np.array([8, 1, 6]), positions)], 4.0, dtype=torch.float64))
        )
        bare = model(Batch.from_structures([Structure(np.array([8, 1, 6]), positions)], CUTOFF, dtype=torch.float64))
        # Pairs beyond the cutoff change nothing.
        torch.testing.assert_close(bare.energy, found[-1].energy, **ROUNDING)
    # The envelope vanishes with the third power of the distance to the cutoff, its slope with the second.
    torch.testing.assert_close(found[1].energy, found[0].energy, rtol=0, atol=1e-10)
    torch.testing.assert_close(found[1].forces, found[0].forces, rtol=0, atol=1e-8)


def test_compiled_kernels_give_the_numbers_of_plain_pytorch() -> None:
    batch, results = batch_of(), []
    for target in ("c", "torch"):  # the only test that compiles C, which takes seconds
        model = copy.deepcopy(made("MACE", target)).train()
        found = model(batch)
        loss = found.energy.square().mean() + found.forces.square().mean()
        results.append((found.energy, found.forces, *torch.autograd.grad(loss, list(model.parameters()))))
    for compiled, plain in zip(*results, strict=True):
        torch.testing.assert_close(compiled, plain, rtol=1e-10, atol=1e-10 * float(plain.detach().abs().max() + 1))


def test_samples_need_not_be_sorted_by_species() -> None:
    network: Any = made("MACE").network
    batch = batch_of()
    sorted_ = network(batch.species, pair_vectors(batch), lists(batch))
    with pytest.MonkeyPatch.context() as patch:
        unsorted = BySpecies.of
        patch.setattr(BySpecies, "of", lambda species, kinds: unsorted(species, kinds, False))
        found = network(batch.species, pair_vectors(batch), lists(batch))
    torch.testing.assert_close(found[-1], sorted_[-1], **ROUNDING)


@pytest.mark.slow
def test_energies_compile_into_one_graph() -> None:
    model, batch = made("MACE"), batch_of()
    network: Any = model.network
    energy: Any = model.energy

    def energies(vectors: torch.Tensor) -> torch.Tensor:
        found: torch.Tensor = energy(network(batch.species, vectors, lists(batch))).total
        return found

    vectors = pair_vectors(batch)
    compiled = torch.compile(energies, fullgraph=True, backend="aot_eager")
    inputs = [vectors.detach().clone().requires_grad_() for _ in range(2)]
    values = [f(v) for f, v in zip((compiled, energies), inputs, strict=True)]
    torch.testing.assert_close(*values, **ROUNDING)
    gradients = [torch.autograd.grad(value.sum(), v)[0] for value, v in zip(values, inputs, strict=True)]
    torch.testing.assert_close(*gradients, **ROUNDING)


def test_a_state_makes_the_same_network_again() -> None:
    model, batch = made("MACE"), batch_of()
    kind, options = CASES["MACE"]
    torch.manual_seed(9)
    other = Potential(kind(SPECIES, CUTOFF, **{**SMALL, **options, "average_neighbours": 7.0}, target="torch")).eval()
    assert not torch.allclose(other(batch).energy, model(batch).energy)
    other.load_state_dict(model.state_dict())
    assert torch.equal(other(batch).forces, model(batch).forces)  # with the average number of neighbours of the state
    assert torch.equal(copy.deepcopy(other)(batch).energy, model(batch).energy)
    assert model.state_dict()["network._extra_state"]["format"] == "invgen-equivariant-network-1"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"cutoff": 2.5}, "cutoff 3.0, this one has 2.5"),
        ({"species": (1, 8, 6)}, r"elements \[1, 6, 8\]"),
        ({"radial": lambda: Bessel(8, CUTOFF, 6, learn=False, dtype=torch.float64)}, "power=5"),
        ({"kind": NequIP, "correlation": None}, "MACE"),
    ],
)
def test_the_state_of_another_network_is_refused(changes: dict[str, Any], message: str) -> None:
    kind, options = CASES["MACE"]
    options = {**SMALL, **options, "target": "torch", **changes}
    options = {name: value for name, value in options.items() if value is not None}
    other = options.pop("kind", kind)(options.pop("species", SPECIES), options.pop("cutoff", CUTOFF), **options)
    with pytest.raises((InputError, RuntimeError), match=message):
        other.load_state_dict(made("MACE").network.state_dict(), strict=False)


def test_another_dtype_is_refused_and_numbers_in_float32_follow() -> None:
    with pytest.raises(InputError, match=r"kernels compiled for torch\.float64"):
        copy.deepcopy(made("MACE")).float()
    kind, options = CASES["MACE"]
    narrow = Potential(kind(SPECIES, CUTOFF, **{**SMALL, **options, "dtype": torch.float32}, target="torch")).eval()
    narrow.load_state_dict(made("MACE").state_dict())
    # Some hundred roundings of 6e-8 on energies of order one.
    torch.testing.assert_close(
        narrow(batch_of(torch.float32)).energy.double(), made("MACE")(batch_of()).energy, rtol=1e-4, atol=1e-5
    )


def test_gates_and_their_gains() -> None:
    points, weights = np.polynomial.hermite_e.hermegauss(150)
    weights = weights / weights.sum()
    for function, gain in ((lambda z: z / (1 + np.exp(-z)), SILU_GAIN), (np.tanh, TANH_GAIN)):
        assert abs(float(weights @ function(points) ** 2) * gain**2 - 1) < 1e-12
    gate = Gate(rows_of("irreps", "0e + 0o + 1o"))
    assert [str(each) for each in gate.inputs] == ["2x0e", "0o", "1o"]
    x = torch.randn(2, 6, 3, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    found = gate(x)
    torch.testing.assert_close(found[:, 0], torch.nn.functional.silu(x[:, 0]) * SILU_GAIN)
    torch.testing.assert_close(found[:, 1], torch.tanh(x[:, 2]) * TANH_GAIN)
    torch.testing.assert_close(found[:, 2:], x[:, 3:] * torch.nn.functional.silu(x[:, 1:2]) * SILU_GAIN)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"messages": "0e + 1e", "correlation": 1}, "messages: no layer can make 1e from .* up to l_max = 3"),
        ({"messages": "0e + 0o", "correlation": 1}, "no layer can make 0o"),
        (
            {"messages": "0e + 1o", "last": "0e + 5o", "l_max": 1, "correlation": 1},
            "the last layer: no layer can make 5o",
        ),
        ({"messages": "1o"}, "messages hold 0e, which energies are made of, got '1o'"),
        ({"messages": "0e + 2x1o"}, "multiplicities up to 1, got 2x1o"),
        ({"messages": "0e + 1o + 0e"}, "0e more than once"),
        ({"messages": 3}, "messages are a text"),
        ({"correlation": 0}, "correlation"),
        ({"layers": -1}, "number of layers"),
        ({"l_max": 9}, "l_max"),
        ({"channels": 0}, "number of channels"),
        ({"average_neighbours": 0.0}, "average_neighbours"),
        ({"nonlinearity": "relu"}, "nonlinearity"),
        ({"nonlinearity": "gate"}, "correlation 1, got 3"),
        ({"radial_hidden": 64}, "radial_hidden is a sequence of widths"),
        ({"radial_hidden": (0,)}, "a width of radial_hidden"),
        ({"readout": 0}, "width of the readout"),
        ({"levels": "first"}, "levels"),
        ({"target": "cuda", "tables": 64}, "built for target 'c' or 'torch', got 'cuda'"),
        ({"target": "tpu"}, "target of a network"),
        ({"dtype": torch.float16}, "dtype must be"),
        ({"cutoff": float("nan")}, "cutoff is a positive number"),
        ({"message": "0e"}, "did you mean 'messages'"),
    ],
)
def test_bad_arguments_are_refused_with_a_sentence(options: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message) as caught:
        EquivariantNetwork(SPECIES, **{"cutoff": CUTOFF, "target": "torch", **options})
    assert "\n" not in str(caught.value)


def test_unknown_elements_are_named_and_nan_stays_nan() -> None:
    model, batch = made("MACE"), batch_of()
    strange = Structure(np.array([7, 1]), np.array([[0.0, 0.0, 0.0], [1.0, 0.0, 0.0]]))
    with pytest.raises(InputError, match="unknown elements N: the model knows H, C, O"):
        model(Batch.from_structures([strange], CUTOFF, dtype=torch.float64))
    vectors = pair_vectors(batch).detach().clone()
    vectors[0] = torch.nan
    assert model(batch, forces=False, vectors=vectors).energy.isnan().tolist() == [True, False]
