"""The repulsion of nuclei follows its law, ends smoothly, and is added to any network."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from invgen.errors import InputError
from invgen.nn import ZBL, NequIP, Potential
from invgen.runtime import Neighbours
from invgen.structures import pair_vectors
from tests.support.equivariant_cases import CUTOFF, ROUNDING, SMALL, SPECIES, batch_of, lists


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


def test_pairs_from_the_cutoff_on_are_left_out() -> None:
    repulsion, reach = ZBL((55,), 4.0, dtype=torch.float64), 2 * 2.44
    neighbours = Neighbours.from_receivers(torch.tensor([0, 1]), torch.tensor([1, 0]), 2)
    for distance in (3.9, 4.0, 4.1):
        assert distance < reach
        vectors = torch.tensor([[0.0, 0.0, distance], [0.0, 0.0, -distance]], dtype=torch.float64)
        assert (repulsion(torch.tensor([55, 55]), vectors, neighbours) > 0).all() == (distance < 4.0)


def test_a_repulsion_is_added_to_any_network_and_atoms_alone_have_none() -> None:
    torch.manual_seed(0)
    network = NequIP(SPECIES, CUTOFF, messages="0e", l_max=0, layers=1, target="torch", **SMALL)
    plain, repelled = Potential(network), Potential(network, repulsion=ZBL(SPECIES, CUTOFF, dtype=torch.float64))
    assert repelled.repulsion is not None
    repelled.energy = plain.energy
    batch = batch_of()
    vectors = 0.7 * pair_vectors(batch)  # so that radii overlap
    own = repelled.repulsion(batch.species, vectors, lists(batch))
    torch.testing.assert_close(
        repelled(batch, vectors=vectors).atoms.total, plain(batch, vectors=vectors).atoms.total + own, **ROUNDING
    )
    assert own.max() > 0.1
    numbers = torch.tensor(SPECIES)
    torch.testing.assert_close(repelled.self_energies(numbers), plain.self_energies(numbers), rtol=0, atol=0)
    assert all(not key.startswith("repulsion") for key in plain.state_dict())


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(InputError, match="power 6, this one has 5"):
        ZBL(SPECIES, CUTOFF, power=5).set_extra_state(ZBL(SPECIES, CUTOFF).get_extra_state())
    with pytest.raises(InputError, match="covalent radii are known up to Cm, got Og"):
        ZBL((1, 118), CUTOFF)
    with pytest.raises(InputError, match="the power of the envelope"):
        ZBL(SPECIES, CUTOFF, power=1)
    nobody = Neighbours.from_csr(torch.tensor([0, 0]), torch.zeros(0, dtype=torch.int64))
    with pytest.raises(InputError, match="unknown elements N"):
        ZBL(SPECIES, CUTOFF)(torch.tensor([7]), torch.zeros(0, 3), nobody)
