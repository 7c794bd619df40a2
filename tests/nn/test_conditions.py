"""Networks on the meta device, under inference mode, in ensembles and after conversions give their numbers."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch.func import functional_call, stack_module_state, vmap

import invgen
from invgen.errors import InputError
from invgen.interop.ase import InvgenCalculator
from invgen.nn import ACE, HIPHOPNN, HIPNN, HIPNNTS, MACE, Allegro, Chebyshev, GroupNorm, Potential
from invgen.nn.normalisation import normalised
from invgen.structures import pair_vectors
from invgen.training.ace import ACENetwork, OneEnergy
from tests.support.network_cases import CUTOFF, SPECIES, batch_of, molecules

SMALL: dict[str, Any] = {"features": 4, "interactions": 1, "atom_layers": 1, "sensitivities": 4, "dtype": torch.float64}
EQUIVARIANT: dict[str, Any] = {
    **{"messages": "0e + 1o", "l_max": 1, "channels": 2, "radial_hidden": (3,)},
    **{"dtype": torch.float64, "target": "torch"},
}
ALLEGRO: dict[str, Any] = {
    **{"l_max": 1, "layers": 1, "channels": 2, "features": 3, "hidden": (3,)},
    **{"dtype": torch.float64, "target": "torch"},
}


def ace() -> ACE:
    basis = invgen.generate(ACE.space(len(SPECIES), 1, 1), 2, select="linear")
    made = ACE(basis, SPECIES, Chebyshev(1, CUTOFF), target="torch")
    torch.nn.init.normal_(made.readout.weight)
    return made


def ace_network() -> ACENetwork:
    basis = invgen.generate(ACE.space(len(SPECIES), 1, 1), 2, select="linear")
    return ACENetwork(basis, SPECIES, CUTOFF, 1, (3,), torch.float64, "torch")


MADE: dict[str, Callable[[], Potential]] = {
    "HIPNN": lambda: Potential(HIPNN(SPECIES, CUTOFF, target="torch", **SMALL)),
    "HIPNNTS": lambda: Potential(HIPNNTS(SPECIES, CUTOFF, l_max=1, **SMALL)),
    "HIPHOPNN": lambda: Potential(HIPHOPNN(SPECIES, CUTOFF, l_max=1, n_max=2, target="torch", **SMALL)),
    "MACE": lambda: Potential(MACE(SPECIES, CUTOFF, correlation=2, readout=3, **EQUIVARIANT)),
    "Allegro": lambda: Potential(Allegro(SPECIES, CUTOFF, **ALLEGRO)),
    "ACE": lambda: Potential(ace()),
    "ACENetwork": lambda: Potential(ace_network(), OneEnergy()),
}


@pytest.fixture(params=MADE)
def made(request: pytest.FixtureRequest) -> Callable[[], Potential]:
    def make() -> Potential:
        torch.manual_seed(0)
        return MADE[request.param]().eval()

    return make


def same(one: Potential, other: Potential) -> None:
    batch = batch_of()
    here, there = one(batch), other(batch)
    assert torch.isfinite(here.energy).all()
    assert torch.equal(here.energy, there.energy) and torch.equal(here.forces, there.forces)


@pytest.fixture
def nan_in_fresh_memory() -> Any:
    torch.use_deterministic_algorithms(True)  # torch fills memory that nobody has written to with NaN
    yield
    torch.use_deterministic_algorithms(False)


@pytest.mark.parametrize("assign", [False, True])
@pytest.mark.usefixtures("nan_in_fresh_memory")
def test_a_potential_of_the_meta_device_is_the_one_whose_state_it_loads(
    made: Callable[[], Potential], assign: bool
) -> None:
    reference = made()
    with torch.device("meta"):
        empty = made()
    if not assign:
        empty = empty.to_empty(device="cpu")
    empty.load_state_dict(reference.state_dict(), strict=True, assign=assign)
    same(empty, reference)


@pytest.mark.usefixtures("nan_in_fresh_memory")
def test_emptying_a_potential_leaves_its_tables(made: Callable[[], Potential]) -> None:
    reference, other = made(), made()
    names = [name for name, _ in reference.named_buffers() if name not in reference.state_dict()]
    assert names, "what follows from the elements is in no state"
    other.to_empty(device="cpu").load_state_dict(reference.state_dict())
    same(other, reference)


def test_forces_under_inference_mode_are_those_outside(made: Callable[[], Potential]) -> None:
    potential, batch = made(), batch_of()
    with torch.no_grad():
        outside = potential(batch)
    with torch.inference_mode():
        for given in (batch, batch_of()):  # tensors from outside, and tensors of the mode
            inside = potential(given)
            assert torch.equal(inside.energy, outside.energy) and torch.equal(inside.forces, outside.forces)
        assert potential(batch, forces=False).energy.is_inference()
        built_inside, of_the_mode = made(), batch_of()
        assert torch.equal(built_inside(batch).forces, outside.forces)
    assert torch.equal(potential(of_the_mode).forces, outside.forces)
    assert torch.equal(built_inside(batch).forces, outside.forces)
    with pytest.raises(InputError, match=r"built under torch\.inference_mode, so that its parameters cannot learn"):
        built_inside.train()(batch)


def test_bridges_give_forces_under_inference_mode() -> None:
    atoms = molecules()[1]
    system = pytest.importorskip("ase").Atoms(numbers=atoms.numbers, positions=atoms.positions)
    torch.manual_seed(0)
    system.calc = InvgenCalculator(MADE["HIPHOPNN"]().eval())
    expected = system.get_forces()
    with torch.inference_mode():
        system.positions += 0.0
        system.calc.reset()
        assert (system.get_forces() == expected).all()


@pytest.mark.parametrize("name", ["HIPNN", "HIPNNTS", "HIPHOPNN", "MACE", "Allegro", "ACENetwork"])
def test_an_ensemble_under_vmap_has_the_features_of_its_members(name: str) -> None:
    torch.manual_seed(0)
    members = [MADE[name]().network for _ in range(3)]
    batch = batch_of(molecules()[1:2])
    vectors, lists = pair_vectors(batch), batch.pairs.neighbours
    parameters, buffers = stack_module_state(members)
    base = copy.deepcopy(members[0])

    def features(parameters: Any, buffers: Any, vectors: torch.Tensor) -> torch.Tensor:
        return functional_call(base, (parameters, buffers), (batch.species, vectors, lists))[-1]

    found = vmap(features, (0, 0, None))(parameters, buffers, vectors)
    each = torch.stack([member(batch.species, vectors, lists)[-1] for member in members])
    # The same operations, with products of matrices over all members at once.
    torch.testing.assert_close(found, each, rtol=1e-12, atol=1e-12)
    slopes = vmap(torch.func.grad(lambda p, b, v: features(p, b, v).sum(), 2), (0, 0, None))(
        parameters, buffers, vectors
    )
    leaf = vectors.clone().requires_grad_()
    for slope, member in zip(slopes, members, strict=True):
        (expected,) = torch.autograd.grad(member(batch.species, leaf, lists)[-1].sum(), leaf)
        torch.testing.assert_close(slope, expected, rtol=1e-10, atol=1e-10)


def test_normalisation_maps_over_any_axis_and_with_gradients_of_both_orders() -> None:
    x = torch.randn(4, 3, 5, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    for axis in (0, 1):
        found = vmap(lambda part: normalised(part, 1e-3), axis, axis)(x)
        torch.testing.assert_close(found, normalised(x, 1e-3), rtol=0, atol=0)

    def loss(part: torch.Tensor) -> torch.Tensor:
        return normalised(part, 1e-3).pow(3).sum()

    slopes = vmap(torch.func.grad(loss))(x)
    torch.testing.assert_close(slopes, torch.stack([torch.func.grad(loss)(part) for part in x]), rtol=1e-12, atol=1e-12)
    bent = vmap(torch.func.grad(lambda part: torch.func.grad(loss)(part).pow(2).sum()))(x)
    each = [torch.func.grad(lambda part: torch.func.grad(loss)(part).pow(2).sum())(part) for part in x]
    torch.testing.assert_close(bent, torch.stack(each), rtol=1e-11, atol=1e-11)


@pytest.mark.parametrize(
    "make",
    [
        lambda: GroupNorm(3, 1),
        lambda: HIPHOPNN(SPECIES, CUTOFF, l_max=1, n_max=2, features=1),
        lambda: HIPHOPNN(SPECIES, CUTOFF, l_max=1, n_max=2, features=4, residual=1),
        lambda: HIPHOPNN(SPECIES, CUTOFF, l_max=1, n_max=2, features=(4, 1)),
    ],
)
def test_a_group_norm_of_one_feature_is_refused(make: Callable[[], Any]) -> None:
    with pytest.raises(InputError, match="turns a single one into zero: use at least 2 features, or group_norm=False"):
        make()
    assert HIPHOPNN(SPECIES, CUTOFF, l_max=1, n_max=2, features=1, group_norm=False).widths == (1, 1)


CONVERSIONS: dict[str, Callable[[torch.nn.Module], Any]] = {
    "float": lambda module: module.float(),
    "half": lambda module: module.half(),
    "bfloat16": lambda module: module.bfloat16(),
    "to": lambda module: module.to(torch.float32),
    "to device and dtype": lambda module: module.to("cpu", torch.float32),
    "type": lambda module: module.type(torch.float32),
}


@pytest.mark.parametrize("name", CONVERSIONS)
def test_a_conversion_of_the_dtype_is_refused_and_changes_nothing(name: str) -> None:
    for potential in (MADE["HIPHOPNN"]().eval(), MADE["ACE"]().eval()):
        before = {key: value.clone() for key, value in potential.named_parameters()}
        for module in (potential, potential.network):
            with pytest.raises(
                InputError, match=r"has kernels compiled for torch\.float64, and a conversion to"
            ) as caught:
                CONVERSIONS[name](module)
            if name not in ("half", "bfloat16"):
                assert "load_potential(path, dtype='float32')" in str(caught.value)
        assert all(torch.equal(value, before[key]) for key, value in potential.named_parameters())
        assert potential.double().to(torch.float64)(batch_of()).energy.dtype == torch.float64
