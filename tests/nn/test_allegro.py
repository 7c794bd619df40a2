"""Laws of Allegro: invariance, strict locality, exact forces, states, and the same numbers from compiled kernels."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from invgen.errors import InputError
from invgen.interop.lammps import LammpsPotential
from invgen.interop.networks import known_species
from invgen.nn import Allegro, AtomScalars, Bessel, Potential
from invgen.nn.allegro_layers import track_irreps
from invgen.nn.irrep_rows import text_of
from invgen.nn.kernels import kernels_of
from invgen.runtime import Neighbours
from invgen.structures import Batch, Structure, pair_vectors
from invgen.testing import random_rotation
from tests.support.cuda_on_cpu import GPP, take_cpu_tensors
from tests.support.network_cases import CUTOFF, SPECIES, batch_of, molecules

# float64 rounding over some thousand operations on energies of order 1.
ROUNDING = {"rtol": 1e-11, "atol": 1e-11}
SIZES: dict[str, Any] = {"l_max": 1, "channels": 3, "features": 6, "hidden": (8,)}
SIZES |= {"dtype": torch.float64, "target": "torch"}


def allegro(seed: int = 0, cutoff: float = CUTOFF, **options: Any) -> Allegro:
    torch.manual_seed(seed)
    made = Allegro(SPECIES, cutoff, **{**SIZES, **options})
    with torch.no_grad():  # zero at first
        made.energies.normal_()
    return made


def moved(structures: list[Structure], matrix: Any, shift: Any) -> list[Structure]:
    return [Structure(each.numbers, each.positions @ np.asarray(matrix).T + shift) for each in structures]


@pytest.mark.parametrize("options", [{"l_max": 2}, {"layers": 3}, {"l_max": 0}])
def test_energies_are_invariant_and_forces_turn(options: dict[str, Any]) -> None:
    model, generator = Potential(allegro(**options)).eval(), np.random.default_rng(0)
    here = model(batch_of())
    for reflect in (False, True):
        rotation = random_rotation(generator, reflect)
        there = model(batch_of(moved(molecules(), rotation, [3.0, -2.0, 5.0])))
        torch.testing.assert_close(there.energy, here.energy, **ROUNDING)
        torch.testing.assert_close(there.forces, here.forces @ torch.from_numpy(rotation).T, **ROUNDING)
    assert here.forces.abs().max() > 1e-2


def test_tensors_of_both_parities_come_and_go_where_three_layers_have_room_for_them() -> None:
    harmonics = "0e + 1o + 2e"
    both = [text_of(each) for each in track_irreps(2, True, 3)]
    assert both == [harmonics, "0e + 1e + 1o + 2e + 2o", harmonics, "0e"]
    assert [text_of(each) for each in track_irreps(2, False, 3)] == [harmonics, harmonics, harmonics, "0e"]
    assert [text_of(each) for each in track_irreps(2, True, 1)] == [harmonics, "0e"]
    # A pseudoscalar takes two layers to be made, and three to become a scalar: 1o, 1e, 0o, 1e, 1o, 0e.
    assert [n for n, each in enumerate(track_irreps(1, True, 5)) if "0o" in text_of(each)] == [2]
    assert "1e" in allegro(layers=3).layers[0].product.extra_repr()


def test_atoms_and_structures_may_come_in_any_order() -> None:
    model, structures = Potential(allegro()).eval(), molecules()
    here = model(batch_of(structures))
    order = np.random.default_rng(1).permutation(len(structures[0]))
    first = Structure(structures[0].numbers[order], structures[0].positions[order])
    there = model(batch_of([*structures[1:], first]))
    torch.testing.assert_close(there.energy, here.energy.roll(-1), **ROUNDING)
    torch.testing.assert_close(there.forces[-len(order) :], here.forces[: len(order)][order], **ROUNDING)


def chain(step: float = 1.5) -> Batch:
    """Eight atoms on a bent line: each sees three on either side, and through them the others."""
    points = np.stack([np.arange(8) * step, 0.3 * np.cos(np.arange(8)), 0.3 * np.sin(np.arange(8))], 1)
    return batch_of([Structure(np.array([6, 1, 8, 6, 1, 6, 8, 1]), points)])


@pytest.mark.parametrize("layers", [1, 3])
def test_atoms_beyond_the_cutoff_have_no_influence_whatever_is_between(layers: int) -> None:
    network, batch = allegro(layers=layers), chain()

    def energies(positions: torch.Tensor) -> torch.Tensor:
        # The pairs of a larger cutoff are all there, and those beyond the network's give exact zeros.
        wide = replace(batch, positions=positions, pairs=batch.with_pairs(9.0).pairs)
        return network(wide.species, pair_vectors(wide, positions=positions), wide.pairs.neighbours)

    start = batch.positions.clone().requires_grad_()
    (by_positions,) = torch.autograd.grad(energies(start)[0], start)
    near = (batch.positions - batch.positions[0]).norm(dim=1) < CUTOFF
    assert near.sum() == 4 and by_positions[near].abs().min() > 0
    assert torch.equal(by_positions[~near], torch.zeros(4, 3, dtype=torch.float64))
    # Neighbours of neighbours move, and stay beyond the cutoff: the same bits.
    elsewhere = batch.positions + torch.where(near, 0.0, 0.4)[:, None]
    assert torch.equal(energies(elsewhere)[0], energies(batch.positions)[0])
    assert not torch.equal(energies(elsewhere)[3], energies(batch.positions)[3])


def test_ghosts_need_no_neighbours() -> None:
    network, batch, owned = allegro(layers=3), chain(), 4
    vectors, lists = pair_vectors(batch), batch.pairs.neighbours
    own = lists.receivers < owned
    alone = Neighbours.from_receivers(lists.receivers[own], lists.index[own], batch.atoms)
    found = network(batch.species, vectors[own], alone)
    torch.testing.assert_close(found[:owned], network(batch.species, vectors, lists)[:owned], rtol=0, atol=1e-14)
    assert LammpsPotential(Potential(network)).ghosts is False and known_species(Potential(network)) == SPECIES


def test_energies_and_their_slopes_are_smooth_at_the_cutoff() -> None:
    model, ends = Potential(allegro()).eval(), []
    for distance in (CUTOFF - 1e-4, CUTOFF + 1e-4):
        points = np.array([[0.0, 0, 0], [1.2, 0, 0], [0, distance, 0]])
        ends.append(model(batch_of([Structure(np.array([6, 1, 8]), points)])))
    # With the polynomial envelope energies near the cutoff fall with its distance cubed, forces with the square.
    torch.testing.assert_close(ends[0].energy, ends[1].energy, rtol=0, atol=1e-10)
    torch.testing.assert_close(ends[0].forces, ends[1].forces, rtol=0, atol=1e-6)


@pytest.mark.parametrize("target", ["torch", pytest.param("c", marks=pytest.mark.slow)])
def test_first_and_second_derivatives_are_right(target: str) -> None:
    network = allegro(channels=2, features=3, hidden=(4,), target=target)
    batch = batch_of(molecules()[1:2])
    vectors = pair_vectors(batch).requires_grad_()

    def energies(vectors: torch.Tensor, *weights: torch.Tensor) -> torch.Tensor:
        names = [name for name, _ in network.named_parameters()]
        inputs = (batch.species, vectors, batch.pairs.neighbours)
        return torch.func.functional_call(network, dict(zip(names, weights, strict=True)), inputs)

    weights = [each.detach().clone().requires_grad_() for each in network.parameters()]
    assert torch.autograd.gradcheck(energies, (vectors, *weights), fast_mode=True)
    assert torch.autograd.gradgradcheck(energies, (vectors, *weights), fast_mode=True)


def test_compiled_kernels_give_what_plain_pytorch_gives() -> None:
    results = []
    for target in ("c", "torch"):
        model = Potential(allegro(target=target)).train()
        found = model(batch_of())
        loss = found.energy.square().mean() + found.forces.square().mean()
        results.append((found.energy, found.forces, *torch.autograd.grad(loss, list(model.parameters()))))
    for compiled, plain in zip(*results, strict=True):
        torch.testing.assert_close(compiled, plain, rtol=1e-10, atol=1e-10 * float(plain.detach().abs().max() + 1))


@pytest.mark.slow
@pytest.mark.skipif(GPP is None, reason="no g++ on this machine")
def test_kernels_for_gpus_whose_text_runs_on_the_cpu_give_what_plain_pytorch_gives(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    take_cpu_tensors(monkeypatch, tmp_path)
    batch, results = batch_of(molecules()[:2]), []
    for target in ("cuda", "torch"):
        model = Potential(allegro(target=target)).train()
        assert {kernel.target for kernel in kernels_of(model)} == {target}
        found = model(batch)
        loss = found.energy.square().mean() + found.forces.square().mean()
        results.append((found.energy, found.forces, *torch.autograd.grad(loss, list(model.parameters()))))
    for emulated, plain in zip(*results, strict=True):
        torch.testing.assert_close(emulated, plain, rtol=1e-10, atol=1e-10 * float(plain.detach().abs().max() + 1))


def test_energies_and_tensors_start_with_numbers_of_order_one() -> None:
    torch.manual_seed(0)
    points = np.random.default_rng(0).uniform(0, 6, (40, 3))
    apart = np.linalg.norm(points[:, None] - points[None], axis=-1) + 9 * np.eye(40)
    points = points[apart.min(1) > 0.8]
    batch = batch_of([Structure(np.full(len(points), 6), points)])
    network = allegro(l_max=2, channels=32, features=64, hidden=(64, 64))
    network.set_average_neighbours(batch.pairs.neighbours.pairs / batch.atoms)
    seen: list[torch.Tensor] = []
    hooks = [layer.product.register_forward_hook(lambda m, i, y: seen.extend([*i[:2], y])) for layer in network.layers]
    network(batch.species, pair_vectors(batch), batch.pairs.neighbours)
    for hook in hooks:
        hook.remove()
    sizes = [float(each.detach().square().mean().sqrt()) for each in seen]
    # Envelopes fall towards the cutoff, where most pairs are, and one-hot features are mostly zero.
    assert all(0.02 < size < 3 for size in sizes), sizes


def test_a_state_makes_the_same_network_again_and_another_is_refused() -> None:
    first, second = allegro(average_neighbours=7.0), allegro(seed=3)
    second.load_state_dict(first.state_dict())
    models = [Potential(each).eval() for each in (first, second, copy.deepcopy(first))]
    found = [model(batch_of()).forces for model in models]
    assert second.average_neighbours == 7.0 and torch.equal(found[0], found[1]) and torch.equal(found[0], found[2])
    for other, message in (
        ({"cutoff": 4.0}, "saved by a network with cutoff 5.0, this one has 4.0"),
        ({"parity": False}, "saved by a network with parity True"),
        ({"l_max": 2}, "l_max 1|size mismatch"),
        ({"radial": lambda: Bessel(5, CUTOFF, dtype=torch.float64)}, "radial|size mismatch"),
    ):
        with pytest.raises((InputError, RuntimeError), match=message):
            allegro(**other).load_state_dict(first.state_dict())


def test_isolated_atoms_have_their_own_energies() -> None:
    model = Potential(allegro()).eval()
    lonely = [Structure(np.array([z]), np.zeros((1, 3))) for z in SPECIES]
    found = model(batch_of(lonely))
    assert torch.equal(found.energy, model.network.energies.detach()) and not found.forces.any()
    torch.testing.assert_close(model.self_energies(torch.tensor(SPECIES)), found.energy, **ROUNDING)


def test_a_network_built_on_no_device_is_complete_once_it_has_a_state() -> None:
    first = allegro()
    with torch.device("meta"):
        empty = Allegro(SPECIES, CUTOFF, **SIZES)
    empty.load_state_dict(first.state_dict(), assign=True)
    assert torch.equal(Potential(empty).eval()(batch_of()).energy, Potential(first).eval()(batch_of()).energy)


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: allegro(layers=0), "the number of layers is an integer of at least 1, got 0"),
        (lambda: allegro(l_max=-1), "l_max is an integer of at least 0, got -1"),
        (lambda: allegro(target="tpu"), "the target of a network must be one of 'c', 'cuda', 'torch', got 'tpu'"),
        (lambda: allegro(hidden=64), "hidden is a sequence of widths"),
        (lambda: allegro(average_neighbours=0.0), "average_neighbours is a positive number"),
        (lambda: Allegro(SPECIES, CUTOFF, channel=3), "got 'channel', did you mean 'channels'"),
        (lambda: Potential(allegro()).float(), "has kernels compiled for torch.float64"),
        (lambda: Potential(allegro(), scalars={"q": AtomScalars((3,))}), "Allegro gives energies, not features"),
        (lambda: Potential(allegro())(batch_of([Structure(np.array([7]), np.zeros((1, 3)))])), "unknown elements N"),
    ],
)
def test_bad_input_is_refused_with_a_sentence(make: Callable[[], Any], sentence: str) -> None:
    with pytest.raises(InputError, match=sentence) as caught:
        make()
    assert "\n" not in str(caught.value)
