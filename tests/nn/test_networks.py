"""Laws of the networks: invariance, exact forces and stress, extensivity, states, compilation, bad input."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import ase.build
import numpy as np
import pytest
import torch

from invgen.errors import InputError
from invgen.nn import HIPHOPNN, HIPNN, AtomScalars, Bessel, Bottleneck, Potential, moment_basis
from invgen.structures import Batch, Structure, pair_vectors
from invgen.testing import random_rotation
from tests.support.network_cases import CUTOFF, NETWORKS, SIZES, SPECIES, batch_of, molecules, network, potential

# float64 rounding over some thousand operations on energies of order 10.
ROUNDING = {"rtol": 1e-10, "atol": 1e-10}
# Compiled kernels where a network has all of them; plain PyTorch for the others, which compiles nothing.
CASES = [(name, "c" if name == "HIP-HOP 3,4" else "torch") for name in NETWORKS]


def moved(structures: list[Structure], matrix: Any, shift: Any) -> list[Structure]:
    return [
        Structure(numbers=each.numbers, positions=each.positions @ np.asarray(matrix).T + shift) for each in structures
    ]


@pytest.mark.parametrize(("name", "target"), CASES)
def test_energies_are_invariant_and_forces_turn(name: str, target: str) -> None:
    model = potential(name, target=target)
    generator = np.random.default_rng(0)
    here = model(batch_of())
    for reflect in (False, True):
        rotation = random_rotation(generator, reflect)
        there = model(batch_of(moved(molecules(), rotation, [3.0, -2.0, 5.0])))
        torch.testing.assert_close(there.energy, here.energy, **ROUNDING)
        torch.testing.assert_close(there.forces, here.forces @ torch.from_numpy(rotation).T, **ROUNDING)
    assert here.forces.abs().max() > 1e-3


@pytest.mark.parametrize(("name", "target"), CASES)
def test_atoms_and_structures_may_come_in_any_order(name: str, target: str) -> None:
    model, structures = potential(name, target=target), molecules()
    here = model(batch_of(structures))
    order = np.random.default_rng(1).permutation(len(structures[0]))
    first = Structure(numbers=structures[0].numbers[order], positions=structures[0].positions[order])
    there = model(batch_of([*structures[1:], first]))
    torch.testing.assert_close(there.energy, here.energy.roll(-1), **ROUNDING)
    torch.testing.assert_close(there.forces[-len(order) :], here.forces[: len(order)][order], **ROUNDING)


@pytest.mark.parametrize(("name", "target"), CASES)
def test_forces_are_the_exact_gradient(name: str, target: str) -> None:
    model, batch = potential(name, target=target), batch_of()
    forces = model(batch).forces
    generator = torch.Generator().manual_seed(0)
    step = 2e-5
    for _ in range(3):
        direction = torch.randn(batch.positions.shape, generator=generator, dtype=torch.float64)
        direction /= direction.norm()
        ends = []
        for sign in (-1, 1):
            vectors = pair_vectors(batch, positions=batch.positions + sign * step * direction)
            ends.append(model(batch, forces=False, vectors=vectors).energy.sum())
        slope = (ends[1] - ends[0]) / (2 * step)
        # Central differences are wrong by step² / 6 times a third derivative that group norm makes as large as 100.
        torch.testing.assert_close(-(forces * direction).sum(), slope, rtol=1e-6, atol=1e-6)


def test_stress_is_the_exact_gradient_by_strain() -> None:
    model = potential("HIP-HOP 3,4")
    generator = np.random.default_rng(3)
    atoms = ase.build.bulk("C", cubic=True)  # a cell of 3.57 Angstrom, smaller than the cutoff of 5
    atoms.positions += generator.normal(scale=0.05, size=atoms.positions.shape)
    atoms.numbers[::2] = 8
    batch = batch_of([Structure.from_ase(atoms)])
    found = model(batch, stress=True)
    step = 1e-4
    for i, j in ((0, 0), (1, 2), (2, 2), (0, 1)):
        strain = torch.zeros(1, 3, 3, dtype=torch.float64)
        strain[0, i, j] = step
        ends = [
            model(batch, forces=False, vectors=pair_vectors(batch, strain=sign * strain)).energy.sum()
            for sign in (-1, 1)
        ]
        slope = (ends[1] - ends[0]) / (2 * step) / batch.volumes[0]
        torch.testing.assert_close(found.stress[0, i, j], slope, rtol=1e-6, atol=1e-8)
    assert found.stress.abs().max() > 1e-4


def test_a_supercell_has_a_multiple_of_the_energy_and_the_same_forces() -> None:
    model = potential("HIP-HOP 3,4")
    atoms = ase.build.bulk("C", cubic=True)
    atoms.positions[0] += 0.1
    small, large = (batch_of([Structure.from_ase(each)]) for each in (atoms, atoms.repeat((2, 1, 2))))
    here, there = model(small, stress=True), model(large, stress=True)
    torch.testing.assert_close(there.energy, 4 * here.energy, **ROUNDING)
    torch.testing.assert_close(there.forces, here.forces.repeat(4, 1), **ROUNDING)
    torch.testing.assert_close(there.stress, here.stress, **ROUNDING)


@pytest.mark.parametrize(("name", "target"), CASES)
def test_energies_of_far_molecules_add_up(name: str, target: str) -> None:
    model, (first, second, *_) = potential(name, target=target), molecules()
    together = Structure(
        numbers=np.concatenate([first.numbers, second.numbers]),
        positions=np.concatenate([first.positions, second.positions + 100.0]),
    )
    apart, joined = model(batch_of([first, second])), model(batch_of([together]))
    torch.testing.assert_close(joined.energy[0], apart.energy.sum(), **ROUNDING)
    torch.testing.assert_close(joined.forces, apart.forces, **ROUNDING)


@pytest.mark.parametrize(("name", "target"), CASES)
def test_an_isolated_atom_has_its_self_energy_and_no_force(name: str, target: str) -> None:
    model = potential(name, target=target)
    lonely = [Structure(numbers=np.array([z]), positions=np.zeros((1, 3))) for z in SPECIES]
    found = model(batch_of(lonely))
    torch.testing.assert_close(found.energy, model.self_energies(torch.tensor(SPECIES)), **ROUNDING)
    assert not found.forces.any()
    far = Structure(numbers=np.array(SPECIES), positions=np.diag([0.0, 50.0, 100.0]))
    torch.testing.assert_close(model(batch_of([far])).energy[0], found.energy.sum(), **ROUNDING)


@pytest.mark.parametrize("name", ["HIP-HOP 3,4", pytest.param("HIP-NN-TS 2", marks=pytest.mark.slow)])
def test_plain_pytorch_gives_what_the_compiled_network_gives(name: str) -> None:
    batch = batch_of()
    results = []
    for target in ("c", "torch"):
        model = potential(name, target=target).train()
        found = model(batch)
        loss = found.energy.square().mean() + found.forces.square().mean()
        gradients = torch.autograd.grad(loss, list(model.parameters()))
        results.append((found.energy, found.forces, *gradients))
    for compiled, plain in zip(*results, strict=True):
        torch.testing.assert_close(compiled, plain, rtol=1e-10, atol=1e-10 * float(plain.detach().abs().max() + 1))


@pytest.mark.parametrize(
    ("l_max", "n_max", "select"), [(2, 4, "flexible"), (4, 3, "independent"), (3, 3, "linear"), (0, 1, "hippynn")]
)
def test_any_basis_makes_a_network(l_max: int, n_max: int, select: str) -> None:
    basis = moment_basis(l_max, n_max, select)
    torch.manual_seed(0)
    model = Potential(HIPHOPNN(SPECIES, CUTOFF, basis, **SIZES, dtype=torch.float64, target="torch")).eval()
    assert model.network.basis is basis
    rotation = random_rotation(np.random.default_rng(0), True)
    here, there = model(batch_of()), model(batch_of(moved(molecules(), rotation, 0.0)))
    torch.testing.assert_close(there.energy, here.energy, **ROUNDING)
    torch.testing.assert_close(there.forces, here.forces @ torch.from_numpy(rotation).T, **ROUNDING)


def test_a_refusal_names_the_degree_as_the_caller_does() -> None:
    with pytest.raises(InputError, match="raise n_max to 10"):
        HIPHOPNN(SPECIES, CUTOFF, l_max=3, n_max=4, select="flexible")


def test_a_spherical_convention_changes_no_energy() -> None:
    energies = []
    for convention in ("sphericart", "e3nn"):  # which differ in the order of components alone
        torch.manual_seed(0)
        basis = moment_basis(2, 3).with_convention(convention)
        made = HIPHOPNN(SPECIES, CUTOFF, basis, **SIZES, dtype=torch.float64, target="torch")
        energies.append(Potential(made).eval()(batch_of(), forces=False).energy)
    torch.testing.assert_close(energies[1], energies[0], **ROUNDING)


def test_gradients_of_a_force_loss_are_right() -> None:
    model, batch = potential("HIP-HOP 3,4").train(), batch_of(molecules()[1:2])
    parameters = list(model.parameters())

    def loss() -> torch.Tensor:
        found = model(batch)
        return found.energy.square().mean() + found.forces.square().mean()

    gradients = torch.autograd.grad(loss(), parameters)
    generator = torch.Generator().manual_seed(0)
    directions = [torch.randn(p.shape, generator=generator, dtype=p.dtype) for p in parameters]
    slope = sum((g * d).sum() for g, d in zip(gradients, directions, strict=True))
    ends, step = [], 1e-5
    start = [p.detach().clone() for p in parameters]
    for sign in (-1, 1):
        with torch.no_grad():
            for p, origin, d in zip(parameters, start, directions, strict=True):
                p.copy_(origin + sign * step * d)
        ends.append(loss().detach())
    # Central differences along 4,000 random weights: step² times a third derivative.
    torch.testing.assert_close(slope, (ends[1] - ends[0]) / (2 * step), rtol=1e-5, atol=1e-5)


@pytest.mark.slow
def test_float32_follows_float64() -> None:
    wide = potential("HIP-HOP 3,4")
    narrow = potential("HIP-HOP 3,4", torch.float32)
    narrow.load_state_dict(wide.state_dict())
    here, there = wide(batch_of()), narrow(batch_of(dtype=torch.float32))
    # Group norm divides invariants of small molecules by spreads of 0.01 to 1, which costs two of seven digits.
    torch.testing.assert_close(there.energy.double(), here.energy, rtol=1e-4, atol=1e-4)
    torch.testing.assert_close(there.forces.double(), here.forces, rtol=1e-3, atol=1e-3)


@pytest.mark.xdist_group("threads")
def test_results_do_not_depend_on_threads_or_run() -> None:
    model, batch = potential("HIP-HOP 3,4"), batch_of()
    threads = torch.get_num_threads()
    try:
        results = []
        for number in (1, 2):
            torch.set_num_threads(number)
            results.append(model(batch))
    finally:
        torch.set_num_threads(threads)
    # Matrix products of the BLAS may sum in another order with another number of threads.
    torch.testing.assert_close(results[0].forces, results[1].forces, rtol=1e-13, atol=1e-13)
    assert torch.equal(model(batch).forces, model(batch).forces)


def test_evaluation_leaves_no_graph_and_training_does() -> None:
    model, batch = potential("HIP-NN", target="torch"), batch_of()
    with torch.no_grad():
        found = model(batch)
    assert not found.energy.requires_grad and not found.forces.requires_grad
    assert model(batch).forces.grad_fn is None and model(batch, create_graph=True).forces.grad_fn is not None
    assert model.train()(batch).forces.grad_fn is not None


def test_charges_come_with_energies() -> None:
    network = HIPNN(SPECIES, CUTOFF, **SIZES, dtype=torch.float64, target="torch")
    charges = AtomScalars(network.feature_sizes, dtype=torch.float64)
    model, batch = Potential(network, scalars={"charges": charges}).eval(), batch_of()
    found = model(batch).scalars["charges"]
    assert found.shape == (batch.atoms, 1)
    turned = model(batch_of(moved(molecules(), random_rotation(np.random.default_rng(0)), 1.0)))
    torch.testing.assert_close(turned.scalars["charges"], found, **ROUNDING)


@pytest.mark.parametrize(
    "options",
    [
        {"residual": False},
        {"residual": 5},
        {"features": (6, 9), "interactions": None},
        {"atom_layers": 0},
        {"radial": lambda: Bessel(4, CUTOFF, dtype=torch.float64)},
        {"radial": lambda: Bottleneck(Bessel(9, CUTOFF, dtype=torch.float64), 3)},
        {"activation": torch.nn.functional.silu},
    ],
)
def test_options_make_networks_with_exact_forces(options: dict[str, Any]) -> None:
    model, batch = potential("HIP-HOP 2,3", target="torch", **options), batch_of(molecules()[:1])
    forces, step = model(batch).forces, 1e-4
    ends = []
    for sign in (-1, 1):
        positions = batch.positions.clone()
        positions[0, 0] += sign * step
        ends.append(model(batch, forces=False, vectors=pair_vectors(batch, positions=positions)).energy.sum())
    torch.testing.assert_close(-forces[0, 0], (ends[1] - ends[0]) / (2 * step), rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("name", NETWORKS)
def test_a_state_makes_the_same_network_again(name: str, tmp_path: Path) -> None:
    model = potential(name, target="torch")
    torch.save(model.state_dict(), tmp_path / "weights.pt")
    other = potential(name, seed=5, target="torch")
    batch = batch_of()
    assert not torch.allclose(other(batch).energy, model(batch).energy)
    other.load_state_dict(torch.load(tmp_path / "weights.pt", weights_only=True))
    assert torch.equal(other(batch).forces, model(batch).forces)
    assert torch.equal(copy.deepcopy(other)(batch).energy, model(batch).energy)


@pytest.mark.parametrize(
    ("name", "other", "message"),
    [
        ("HIP-HOP 2,3", {"basis": "convention"}, "saved with basis"),
        ("HIP-HOP 2,3", {"basis": "order"}, "saved with basis"),
        ("HIP-HOP 2,3", {"cutoff": 4.5}, "cutoff 5.0, this one has 4.5"),
        ("HIP-HOP 2,3", {"species": (1, 8, 6)}, r"elements \[1, 6, 8\]"),
        ("HIP-HOP 2,3", {"group_norm_eps": 1e-3}, "group_norm_eps"),
        ("HIP-NN-TS 1", {"cusp": 1e-3}, "cusp"),
    ],
)
def test_the_state_of_another_network_is_refused(name: str, other: dict[str, Any], message: str) -> None:
    state = network(name, target="torch").state_dict()
    kind, own = NETWORKS[name]
    options = {**SIZES, **own, "dtype": torch.float64, "target": "torch", **other}
    if "basis" in options:
        same = moment_basis(2, 3)
        change = options.pop("basis")
        basis = same.with_convention("sphericart") if change == "convention" else moment_basis(2, 3, "independent")
        options = {n: v for n, v in options.items() if n not in own} | {"basis": basis}
    model = kind(options.pop("species", SPECIES), options.pop("cutoff", CUTOFF), **options)
    with pytest.raises((InputError, RuntimeError), match=message):
        model.load_state_dict(state)


def test_unknown_elements_are_named() -> None:
    model = potential("HIP-NN", target="torch")
    with pytest.raises(InputError, match=r"unknown elements N: the model knows H, C, O"):
        model(batch_of([Structure(numbers=np.array([7, 1]), positions=np.diag([0.0, 1.0, 0.0])[:2])]))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: HIPNN([], CUTOFF), "distinct atomic numbers"),
        (lambda: HIPNN([1, 1], CUTOFF), "distinct atomic numbers"),
        (lambda: HIPNN([0, 6], CUTOFF), "distinct atomic numbers"),
        (lambda: HIPNN(SPECIES, -1.0), "cutoff is a positive number"),
        (lambda: HIPNN(SPECIES, CUTOFF, features=()), "names 0 blocks"),
        (lambda: HIPNN(SPECIES, CUTOFF, features=(8, 8), interactions=3), "names 2 blocks"),
        (lambda: HIPNN(SPECIES, CUTOFF, soft_min=4.0, soft_max=3.0), "soft_min must be below"),
        (lambda: HIPNN(SPECIES, CUTOFF, dtype=torch.float16), "dtype must be"),
        (lambda: HIPNN(SPECIES, CUTOFF, target="tpu"), "target of a network"),
        (lambda: HIPHOPNN(SPECIES, CUTOFF, moment_basis(1, 2), l_max=1), "not both"),
        (lambda: HIPHOPNN(SPECIES, CUTOFF, l_max=4, n_max=4), "hippynn's list ends"),
        (lambda: HIPHOPNN(SPECIES, CUTOFF, select="best"), "select must be one of"),
        (lambda: Potential(HIPNN(SPECIES, CUTOFF, target="torch"))(batch_of([molecules()[0]]).with_pairs(4.0)), "4"),
        (lambda: Potential(HIPNN(SPECIES, CUTOFF, target="torch"))(_without_pairs()), "has no pairs"),
    ],
)
def test_bad_input_is_refused_with_a_sentence(make: Any, message: str) -> None:
    with pytest.raises(InputError, match=message) as caught:
        make()
    assert "\n" not in str(caught.value)


def _without_pairs() -> Batch:
    return Batch.from_structures(molecules()[:1], dtype=torch.float32)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["HIP-NN", "HIP-HOP 3,4"])
def test_energies_compile_into_one_graph(name: str) -> None:
    model, batch = potential(name, torch.float32), batch_of(dtype=torch.float32)
    assert batch.pairs is not None
    species, neighbours, vectors = batch.species, batch.pairs.neighbours, pair_vectors(batch)

    def energies(vectors: torch.Tensor) -> torch.Tensor:
        return model.energy(model.network(species, vectors, neighbours)).total

    # Inductor compiles such a graph with its gradient below.
    compiled = torch.compile(energies, fullgraph=True, backend="aot_eager")
    # Compilers may fuse and reorder float32 operations.
    torch.testing.assert_close(compiled(vectors), energies(vectors), rtol=1e-4, atol=1e-4)
    inputs = [vectors.clone().requires_grad_() for _ in range(2)]
    gradients = [torch.autograd.grad(f(v).sum(), v)[0] for f, v in zip((compiled, energies), inputs, strict=True)]
    torch.testing.assert_close(*gradients, rtol=1e-3, atol=1e-3)


@pytest.mark.slow
def test_forces_compile_inside_the_graph() -> None:
    model, batch = potential("HIP-HOP 3,4", torch.float32), batch_of(dtype=torch.float32)
    assert batch.pairs is not None
    species, neighbours = batch.species, batch.pairs.neighbours

    def energy_and_gradient(vectors: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        energy = model.energy(model.network(species, vectors, neighbours)).total.sum()
        (gradient,) = torch.autograd.grad(energy, vectors, create_graph=True)
        return energy, gradient

    vectors = pair_vectors(batch).requires_grad_()
    expected = energy_and_gradient(vectors)
    with torch._dynamo.config.patch(trace_autograd_ops=True):
        found = torch.compile(energy_and_gradient, fullgraph=True)(vectors)
    torch.testing.assert_close(found[0], expected[0], rtol=1e-4, atol=1e-4)
    torch.testing.assert_close(found[1], expected[1], rtol=1e-3, atol=1e-3)
