"""Arguments of networks: names, numbers and states are taken for what they mean, or refused with one sentence."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

import invgen
from invgen.errors import DegreeError, InputError
from invgen.nn import (
    ACE,
    HIPHOPNN,
    HIPNN,
    HIPNNTS,
    Bessel,
    Chebyshev,
    InvariantReadout,
    InverseDistanceGaussians,
    LinearReadout,
    NormReadout,
    PolynomialCutoff,
    Potential,
    moment_basis,
)
from invgen.nn.residuals import residual_state

SMALL: dict[str, Any] = {"features": 4, "interactions": 1, "atom_layers": 1, "sensitivities": 3, "target": "torch"}
HIP = (HIPNN, HIPNNTS, HIPHOPNN)


@pytest.mark.parametrize("kind", HIP)
def test_signatures_name_every_option(kind: type) -> None:
    parameters = inspect.signature(kind).parameters
    own = {
        name: each for name, each in inspect.signature(HIPNN).parameters.items() if name not in ("species", "cutoff")
    }
    assert all(each.kind is not inspect.Parameter.VAR_KEYWORD for each in parameters.values())
    # The options of HIPNN are those of the others, with the same defaults.
    assert {name: each.default for name, each in own.items()} == {name: parameters[name].default for name in own}


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (
            lambda: HIPHOPNN((1,), 5.0, sensitivites=5),
            r"^HIPHOPNN has .*got 'sensitivites', did you mean 'sensitivities'\?",
        ),
        (lambda: HIPNN((1,), 5.0, feature=5), r"^HIPNN has .*got 'feature', did you mean 'features'\?"),
        (lambda: HIPNNTS((1,), 5.0, lmax=1), r"^HIPNNTS has .*got 'lmax', did you mean 'l_max'\?"),
        (lambda: HIPNN((1,), 5.0, l_max=1), r"^HIPNN has the arguments species, cutoff, features, .*got 'l_max'"),
        (lambda: ACE(None, [1], None, read_out=None), r"^ACE has .*got 'read_out', did you mean 'readout'\?"),
        (
            lambda: Potential(None, heads={}),
            r"^Potential has the arguments network, energy, scalars, tensors, repulsion; got 'heads'",
        ),
    ],
)
def test_a_misspelt_option_is_refused_with_the_nearest_name(make: Callable[[], Any], sentence: str) -> None:
    with pytest.raises(InputError, match=sentence) as caught:
        make()
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("value", "state"),
    [
        (True, "own"),
        (False, "none"),
        ("own", "own"),
        ("none", "none"),
        (5, 5),
        (np.int64(5), 5),
        (np.bool_(True), "own"),
    ],
)
def test_residuals_have_three_states(value: Any, state: Any) -> None:
    assert residual_state(value) == state and type(residual_state(value)) is type(state)


@pytest.mark.parametrize("value", [None, 0, -1, 2.5, "yes", [4], np.float64(3.0)])
def test_other_residuals_are_refused(value: Any) -> None:
    with pytest.raises(
        InputError, match=r"residual is 'own' .*, 'none', or the inner width, an integer of at least 1, got"
    ):
        HIPNN((1,), 5.0, residual=value, **SMALL)


@pytest.mark.parametrize(("old", "new"), [(True, "own"), (False, "none"), (3, np.int32(3))])
def test_old_and_new_residuals_are_the_same_network(old: Any, new: Any) -> None:
    states = []
    for residual in (old, new):
        torch.manual_seed(1)
        states.append(HIPNN((1, 6), 5.0, residual=residual, **SMALL).state_dict())
    assert list(states[0]) == list(states[1])
    assert all(torch.equal(a, b) for a, b in zip(*(s.values() for s in states)) if isinstance(a, torch.Tensor))


def plain(value: Any) -> bool:
    return type(value) in (int, float)


def test_numbers_of_numpy_are_numbers_and_become_pythons() -> None:
    integer, real = np.int64, np.float32
    options = {
        "features": integer(4),
        "interactions": integer(1),
        "atom_layers": integer(1),
        "sensitivities": integer(3),
    }
    network = HIPHOPNN(
        np.unique([8, 1, 1]), real(5), l_max=integer(1), n_max=integer(2), soft_min=real(0.8), soft_max=real(3.5),
        group_norm_eps=real(1e-5), target="torch", **options,
    )  # fmt: skip
    assert network.elements.species == (1, 8) and all(map(plain, (*network.elements, *network.widths, network.cutoff)))
    assert all(plain(value) for value in (network.atom_layers, network.get_extra_state()["group_norm_eps"]))
    assert HIPNN(torch.tensor([1, 6]), 5.0, **SMALL).elements.species == (1, 6)
    assert HIPNN((1,), 5.0, features=np.array([4, 6]), target="torch").widths == (4, 6)
    assert plain(HIPNNTS((1,), 5.0, l_max=integer(1), cusp=real(1e-6), **SMALL).get_extra_state()["cusp"])
    assert moment_basis(integer(1), integer(2)) is moment_basis(1, 2)
    basis = invgen.generate(ACE.space(integer(2), integer(1), integer(1)), 2)
    model = ACE(basis, np.array([1, 6]), Chebyshev(integer(1), real(4)), LinearReadout(integer(2), integer(len(basis))))
    assert all(map(plain, (*model.elements, model.cutoff))) and str(model.radial) == str(Chebyshev(1, 4.0))
    assert all(map(plain, (PolynomialCutoff(real(4), integer(6)).power, Bessel(integer(3), real(4)).number)))
    assert plain(InverseDistanceGaussians(integer(3), real(1), real(3), real(4)).number)
    assert plain(NormReadout(integer(1), integer(3), real(1e-6)).cusp)


@pytest.mark.parametrize(
    "make",
    [
        lambda: HIPNN([True], 5.0, **SMALL),
        lambda: HIPNN([1.5], 5.0, **SMALL),
        lambda: HIPNN(np.array([1.0, 6.0]), 5.0, **SMALL),
        lambda: HIPNN([1], np.float32("nan"), **SMALL),
        lambda: HIPNN([1], "5", **SMALL),
        lambda: HIPNN([1], 5.0, **{**SMALL, "features": None}),
        lambda: HIPNN([1], 5.0, **{**SMALL, "features": 2.0}),
        lambda: HIPNN([1], 5.0, **{**SMALL, "atom_layers": True}),
        lambda: HIPNNTS([1], 5.0, cusp=True, **SMALL),
        lambda: HIPHOPNN([1], 5.0, select=["linear"], **SMALL),
        lambda: HIPHOPNN([1], 5.0, group_norm_eps=-1.0, l_max=1, n_max=1, **SMALL),
        lambda: ACE.space(1, True, 1),
        lambda: Chebyshev(2.0, 4.0),
    ],
)
def test_what_is_not_such_a_number_is_one_sentence(make: Callable[[], Any]) -> None:
    with pytest.raises(InputError) as caught:
        make()
    assert "\n" not in str(caught.value) and "np." not in str(caught.value)


def test_a_seed_gives_readouts_their_weights_before_radial_functions() -> None:
    states = []

    def radial() -> Bessel:
        states.append(torch.get_rng_state())
        return Bessel(3, 5.0)

    torch.manual_seed(2)
    options = {**SMALL, "radial": radial}
    network = HIPHOPNN((1, 6), 5.0, l_max=1, n_max=2, **options)
    torch.manual_seed(2)
    readout = InvariantReadout(network.basis, 4, target="torch")
    assert torch.equal(states[0], torch.get_rng_state())
    assert torch.equal(network.blocks[0][0].layer.readout.mixing, readout.mixing)


def test_a_degree_that_is_too_low_has_the_name_that_the_caller_gave_it() -> None:
    with pytest.raises(InputError, match=r"^n_max=4 is too low for .*; raise n_max to 10$"):
        moment_basis(3, 4, "flexible")
    with pytest.raises(DegreeError, match=r"^max_degree=4 is too low for .*; raise max_degree to 10$"):
        invgen.generate(invgen.TensorSpace("0e + 1o + 2e + 3o"), 4, select="flexible")
