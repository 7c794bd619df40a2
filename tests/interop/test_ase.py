"""ASE sees the energy, its gradient and its stress; energy is conserved to second order in the time step."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from invgen.errors import InputError
from invgen.nn import HIPHOPNN, HIPNN, AtomScalars, Dipole, Polarizability, Potential
from invgen.structures import AtomicEnergies, Batch, Structure

ase = pytest.importorskip("ase")
pytest.importorskip("vesin")

from ase import units  # noqa: E402
from ase.build import bulk, molecule  # noqa: E402
from ase.md.verlet import VelocityVerlet  # noqa: E402

from invgen.interop.ase import InvgenCalculator  # noqa: E402
from invgen.structures.units import Units  # noqa: E402
from tests.support.tensor_cases import MomentTensors  # noqa: E402

pytestmark = pytest.mark.usefixtures("one_thread")


def potential(seed: int = 0, cutoff: float = 4.0, dtype: torch.dtype = torch.float64) -> Potential:
    """A network with random weights; charges come from a head of their own."""
    torch.manual_seed(seed)
    network = HIPHOPNN((1, 6, 8, 14), cutoff, l_max=2, n_max=3, features=6, sensitivities=6, dtype=dtype)
    return Potential(network, scalars={"charges": AtomScalars(network.feature_sizes, dtype=dtype)})


def silicon(seed: int = 0) -> ase.Atoms:
    """Two displaced atoms in a skewed cell much smaller than the cutoff."""
    atoms = bulk("Si")
    atoms.rattle(0.1, seed=seed)
    atoms.set_cell(atoms.cell.array @ (np.eye(3) + 0.03 * np.random.default_rng(seed).normal(size=(3, 3))), True)
    return atoms


def test_results_are_those_of_the_potential() -> None:
    model, atoms = potential(), silicon()
    atoms.calc = InvgenCalculator(model)
    batch = Batch.from_structures([Structure.from_ase(silicon())], 4.0, dtype=torch.float64)
    with torch.no_grad():
        expected = model(batch, stress=True)
    # The skin adds pairs that give zeros, and so other orders of sums: rounding of some hundred terms.
    close = {"rtol": 1e-11, "atol": 1e-12}
    np.testing.assert_allclose(atoms.get_potential_energy(), expected.energy[0].item(), **close)
    np.testing.assert_allclose(atoms.get_forces(), expected.forces, **close)
    np.testing.assert_allclose(atoms.get_stress(voigt=False), expected.stress[0], **close)
    np.testing.assert_allclose(atoms.get_potential_energies().sum(), atoms.get_potential_energy(), **close)
    np.testing.assert_allclose(atoms.get_charges(), expected.scalars["charges"][:, 0], **close)


def test_forces_and_stress_are_ases_numerical_ones() -> None:
    from ase.calculators.fd import FiniteDifferenceCalculator

    atoms = silicon()
    atoms.calc = InvgenCalculator(potential())
    forces, stress = atoms.get_forces(), atoms.get_stress()
    atoms.calc = FiniteDifferenceCalculator(InvgenCalculator(potential()), eps_disp=1e-4, eps_strain=1e-5)
    # Central differences: error eps² times a third derivative of order 10.
    np.testing.assert_allclose(forces, atoms.get_forces(), atol=1e-6)
    np.testing.assert_allclose(stress, atoms.get_stress(), atol=1e-6)


def test_units_and_atomic_energies() -> None:
    atoms, model = molecule("CH3OH"), potential()
    atoms.calc = InvgenCalculator(model)
    energy, forces, charges = atoms.get_potential_energy(), atoms.get_forces(), atoms.get_charges()
    small = atoms.copy()
    small.positions *= units.Bohr
    small.calc = InvgenCalculator(model, units=Units("kcal/mol", "Bohr"))
    # ASE's constants are those of 2014, ours of 2018: they agree to 1e-8.
    factor = units.kcal / units.mol
    np.testing.assert_allclose(small.get_potential_energy(), energy * factor, rtol=1e-7)
    np.testing.assert_allclose(small.get_forces(), forces * factor / units.Bohr, rtol=1e-6, atol=1e-8)
    np.testing.assert_allclose(small.get_charges(), charges, rtol=1e-6)
    atoms.calc = InvgenCalculator(model, atomic_energies=AtomicEnergies((1, 6, 8), (-10.0, -1000.0, -2000.0)))
    assert atoms.get_potential_energy() == pytest.approx(energy - 3040.0, abs=1e-9)


def test_pairs_are_kept_within_the_skin_and_results_do_not_depend_on_it() -> None:
    atoms, model, rng = silicon(), potential(), np.random.default_rng(1)
    kept, fresh = InvgenCalculator(model, skin=1.0), InvgenCalculator(model, skin=0.0)
    steps = 6
    for _ in range(steps):
        atoms.positions += rng.uniform(-0.1, 0.1, atoms.positions.shape) / np.sqrt(3)
        here, there = atoms.copy(), atoms.copy()
        here.calc, there.calc = kept, fresh
        np.testing.assert_allclose(here.get_forces(), there.get_forces(), rtol=1e-10, atol=1e-11)
    assert fresh.searches == steps
    assert kept.searches < steps
    atoms.positions[0] += 0.6  # beyond half of the skin
    before = kept.searches
    atoms.calc = kept
    atoms.get_forces()
    assert kept.searches == before + 1
    atoms.set_cell(atoms.cell.array * 1.01, scale_atoms=False)
    atoms.get_forces()
    assert kept.searches == before + 2


def test_bad_input_is_answered() -> None:
    atoms = molecule("CH3OH")
    with pytest.raises(InputError, match="skin"):
        InvgenCalculator(potential(), skin=-1.0)
    atoms.calc = InvgenCalculator(potential())
    with pytest.raises(InputError, match="without volume"):
        atoms.get_stress()
    strange = molecule("NH3")
    strange.calc = InvgenCalculator(potential())
    with pytest.raises(InputError, match="element"):
        strange.get_potential_energy()
    atoms.calc = InvgenCalculator(potential(), atomic_energies=AtomicEnergies((1, 6), (0.0, 0.0)))
    with pytest.raises(InputError, match="no atomic energy"):
        atoms.get_potential_energy()
    twin = ase.Atoms("OO", positions=[[0, 0, 0], [0, 0, 0]], calculator=InvgenCalculator(potential()))
    with pytest.raises(InputError, match="share a place"):
        twin.get_potential_energy()


def test_an_atom_alone_feels_nothing() -> None:
    atoms = ase.Atoms("O", calculator=InvgenCalculator(potential()))
    assert np.isfinite(atoms.get_potential_energy())
    assert (atoms.get_forces() == 0).all()


@pytest.mark.slow
def test_float32_potentials_give_their_numbers() -> None:
    atoms = molecule("CH3OH")
    atoms.calc = InvgenCalculator(potential())
    exact = atoms.get_forces()
    single = potential(dtype=torch.float32)
    single.load_state_dict(potential().state_dict())
    atoms.calc = InvgenCalculator(single)
    # float32 keeps 7 digits of each of a few hundred operations in a row.
    np.testing.assert_allclose(atoms.get_forces(), exact, rtol=1e-3, atol=1e-4 * np.abs(exact).max())


def drift(dt: float, time: float) -> float:
    """The largest deviation of the total energy (eV) from its start over a time (fs) in steps of dt (fs)."""
    atoms = molecule("CH3CH2OH")
    torch.manual_seed(3)
    network = HIPNN((1, 6, 8), 4.0, features=8, sensitivities=8, dtype=torch.float64)
    atoms.calc = InvgenCalculator(Potential(network))
    spread = np.sqrt(300 * units.kB / atoms.get_masses())
    atoms.set_velocities(spread[:, None] * np.random.default_rng(0).normal(size=(len(atoms), 3)))
    run = VelocityVerlet(atoms, timestep=dt * units.fs)
    start, worst = atoms.get_total_energy(), 0.0
    for _ in range(round(time / dt)):
        run.run(1)
        worst = max(worst, abs(atoms.get_total_energy() - start))
    return worst


@pytest.mark.slow
def test_energy_of_a_trajectory_is_conserved_to_second_order_in_the_step() -> None:
    coarse, middle, fine = (drift(dt, 4.0) for dt in (0.4, 0.2, 0.1))
    # Velocity Verlet: errors fall fourfold with half the step, up to its fourth order.
    assert coarse / middle == pytest.approx(4, rel=0.15)
    assert middle / fine == pytest.approx(4, rel=0.1)


@pytest.mark.parametrize("skin", [0.0, 0.5])
def test_forces_and_stress_in_float32_do_not_change_far_from_the_origin(skin: float) -> None:
    model = potential(dtype=torch.float32)
    for atoms, whole_cells in ((molecule("CH3CH2OH"), False), (silicon().repeat(2), True)):
        at_the_origin, far = atoms.copy(), atoms.copy()
        # Every atom of a crystal by its own number of cells: a trajectory that was never wrapped.
        cells = np.arange(3 * len(atoms)).reshape(-1, 3) * 37 - 900
        far.positions += cells @ atoms.cell.array if whole_cells else 5000.0
        at_the_origin.calc, far.calc = InvgenCalculator(model, skin=skin), InvgenCalculator(model, skin=skin)
        for step in range(2):
            for each in (at_the_origin, far):
                each.positions[0] += 0.01 * step
            # Rounding in float32 of forces up to some tens of eV/Angstrom, in another order of pairs.
            np.testing.assert_allclose(far.get_forces(), at_the_origin.get_forces(), rtol=0, atol=1e-4)
            if whole_cells:
                np.testing.assert_allclose(far.get_stress(), at_the_origin.get_stress(), rtol=0, atol=1e-5)
        assert skin == 0 or far.calc.searches == 1


def test_larger_systems_are_evaluated_by_domains() -> None:
    model, atoms = potential(), bulk("Si") * (2, 2, 1)
    atoms.rattle(0.1, seed=1)
    atoms.calc = InvgenCalculator(model)
    forces, stress, charges = atoms.get_forces(), atoms.get_stress(), atoms.get_charges()
    atoms.calc = InvgenCalculator(model, domain=3)
    # Sums of some hundred terms in another order.
    close = {"rtol": 1e-11, "atol": 1e-12}
    np.testing.assert_allclose(atoms.get_forces(), forces, **close)
    np.testing.assert_allclose(atoms.get_stress(), stress, **close)
    np.testing.assert_allclose(atoms.get_charges(), charges, **close)
    with pytest.raises(InputError, match="a domain is an integer of at least 1, got 0"):
        InvgenCalculator(model, domain=0)


def test_dipoles_are_not_made_by_domains() -> None:
    network = MomentTensors()
    atoms = molecule("CH3OH")
    atoms.calc = InvgenCalculator(Potential(network, tensors={"dipole": Dipole(network)}), domain=4)
    with pytest.raises(InputError, match="made of all atoms at once, and 6 are more than domain=4: leave domain out"):
        atoms.get_dipole_moment()


def test_dipole_and_polarizability_come_where_they_are_asked_for() -> None:
    network = MomentTensors()
    model = Potential(network, tensors={"dipole": Dipole(network), "polarizability": Polarizability(network)})
    atoms = molecule("CH3OH")
    atoms.calc = InvgenCalculator(model)
    with torch.no_grad():
        expected = model(Batch.from_structures([Structure.from_ase(atoms)], network.cutoff, dtype=torch.float64))
    # The skin adds pairs that give zeros, and so other orders of sums.
    close = {"rtol": 1e-11, "atol": 1e-12}
    np.testing.assert_allclose(atoms.get_dipole_moment(), expected.tensors["dipole"][0], **close)
    found = atoms.calc.get_property("polarizability", atoms)
    np.testing.assert_allclose(found, expected.tensors["polarizability"][0], **close)
    atoms.get_potential_energy()
    atoms.set_initial_charges([1.0, 0, 0, 0, 0, 0])
    with pytest.raises(InputError, match="structure 0 has the net charge 1 e"):
        atoms.get_dipole_moment()
    crystal = bulk("C", cubic=True)
    crystal.calc = InvgenCalculator(model)
    assert np.isfinite(crystal.get_potential_energy())
    with pytest.raises(InputError, match="a dipole is that of molecules"):
        crystal.get_dipole_moment()
