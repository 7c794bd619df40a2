"""ACE: invariant energies, exact forces, counts of the reference, and a linear fit that finds what was planted."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from scipy.spatial.transform import Rotation

import invgen
from invgen.errors import InputError
from invgen.nn import ACE, Chebyshev, DescriptorRows, LeastSquares, LinearReadout, NetworkReadout, Potential
from invgen.runtime import Neighbours
from invgen.structures import Batch, Structure, pair_vectors

CUTOFF = 4.0
# float64: sums of a few hundred terms of order one, products of up to three of them.
CLOSE = {"rtol": 1e-10, "atol": 1e-10}

Pairs = tuple[torch.Tensor, Neighbours]


def cluster(atoms: int = 7, seed: int = 0) -> torch.Tensor:
    """Positions at least 1 apart, within a box of 4: most pairs lie within the cutoff, some beyond."""
    draw = np.random.default_rng(seed)
    found: list[np.ndarray] = []
    while len(found) < atoms:
        candidate = draw.uniform(0, 4, 3)
        if all(np.linalg.norm(candidate - other) > 1 for other in found):
            found.append(candidate)
    return torch.tensor(np.array(found))


def pairs_of(positions: torch.Tensor) -> Pairs:
    """All pairs within the cutoff, of an open cluster."""
    vectors = positions[None] - positions[:, None]
    near = (vectors.detach().norm(dim=-1) < CUTOFF) & ~torch.eye(len(positions), dtype=torch.bool)
    receivers, sources = torch.nonzero(near, as_tuple=True)
    return vectors[receivers, sources], Neighbours.from_receivers(receivers, sources, len(positions))


@pytest.fixture(scope="module")
def basis() -> invgen.Basis:
    """Two radial functions, l <= 2, correlation order 3: 37 descriptors."""
    return invgen.generate(ACE.space(1, 2, 2), 3, select="linear")


def two_elements(readout: str) -> ACE:
    """Silver and gold as it were, all parameters random."""
    basis = invgen.generate(ACE.space(2, 1, 2), 3, select="independent")
    torch.manual_seed(3)
    layer: torch.nn.Module = (
        LinearReadout(2, len(basis)) if readout == "linear" else NetworkReadout(2, len(basis), (8, 8))
    )
    with torch.no_grad():
        for parameter in layer.parameters():
            parameter.normal_(std=0.1)
    return ACE(basis, [47, 79], Chebyshev(1, CUTOFF), layer)


SPECIES = torch.tensor([47, 79, 79, 47, 79, 47, 47])


def energies(model: ACE, positions: torch.Tensor, species: torch.Tensor = SPECIES) -> torch.Tensor:
    vectors, neighbours = pairs_of(positions)
    result: torch.Tensor = model(species, vectors, neighbours)
    return result


@pytest.mark.parametrize("readout", ["linear", "network"])
@pytest.mark.parametrize("sign", [1, -1])
def test_energies_do_not_change_under_rotations_and_reflections(readout: str, sign: int) -> None:
    model, positions = two_elements(readout), cluster()
    turn = torch.tensor(sign * Rotation.random(rng=np.random.default_rng(1)).as_matrix())
    torch.testing.assert_close(energies(model, positions @ turn.T), energies(model, positions), **CLOSE)


@pytest.mark.parametrize("readout", ["linear", "network"])
def test_energies_follow_a_permutation_of_atoms(readout: str) -> None:
    model, positions = two_elements(readout), cluster()
    order = torch.tensor([3, 1, 6, 0, 2, 5, 4])
    found = energies(model, positions[order], SPECIES[order])
    torch.testing.assert_close(found, energies(model, positions)[order], **CLOSE)


def test_energies_depend_on_the_element_of_atom_and_neighbour() -> None:
    model, positions = two_elements("linear"), cluster()
    changed = SPECIES.clone()
    changed[0] = 79
    moved = (energies(model, positions) - energies(model, positions, changed)).abs() > 1e-9
    assert moved.tolist() == ((positions - positions[0]).norm(dim=1) < CUTOFF).tolist()


@pytest.mark.parametrize("readout", ["linear", "network"])
def test_forces_are_the_exact_gradient_and_can_be_trained_on(readout: str) -> None:
    model = two_elements(readout)
    positions = cluster(5).requires_grad_()
    species = SPECIES[:5]
    assert torch.autograd.gradcheck(lambda r: energies(model, r, species).sum(), (positions,))
    (forces,) = torch.autograd.grad(-energies(model, positions, species).sum(), positions, create_graph=True)
    # A force has no torque and no net force: sums of about 20 terms of order one.
    torch.testing.assert_close(forces.sum(0), torch.zeros(3, dtype=torch.float64), rtol=0, atol=1e-12)
    torque = torch.linalg.cross(positions, forces).sum(0)
    torch.testing.assert_close(torque, torch.zeros(3, dtype=torch.float64), rtol=0, atol=1e-11)
    weight = next(model.readout.parameters())

    def loss(values: torch.Tensor) -> torch.Tensor:
        with torch.no_grad():
            weight.copy_(values)
        slopes = torch.autograd.grad(energies(model, positions, species).sum(), positions, create_graph=True)[0]
        return slopes.square().sum()

    start, along = weight.detach().clone(), torch.ones_like(weight)
    (found,) = torch.autograd.grad(loss(start), weight)
    step = 1e-6
    expected = (loss(start + step * along) - loss(start - step * along)) / (2 * step)
    # Central differences of a smooth function: an error of step², over a loss known to 1e-16 / step.
    torch.testing.assert_close((found * along).sum(), expected.detach(), rtol=1e-6, atol=1e-8)


def test_a_potential_gives_forces_and_stress_of_periodic_structures_in_one_batch() -> None:
    model, draw = two_elements("network"), np.random.default_rng(4)
    structures = [
        Structure(
            numbers=np.array([47, 79, 79]),
            positions=draw.uniform(0, 1, (3, 3)) + np.diag([0.0, 1.5, 3.0]),
            cell=np.diag([3.0, 3.5, 5.0]) + 0.1 * draw.normal(size=(3, 3)),
            periodic=np.ones(3, dtype=bool),
        )
        for _ in range(2)
    ]
    potential = Potential(model)
    batch = Batch.from_structures(structures, CUTOFF, dtype=torch.float64)
    found = potential(batch, forces=True, stress=True)
    assert found.forces is not None and found.stress is not None and batch.pairs is not None

    def energy(positions: torch.Tensor, strain: torch.Tensor) -> torch.Tensor:
        vectors = pair_vectors(batch, positions=positions, strain=strain)
        return potential(batch, forces=False, vectors=vectors).energy.sum()

    strain = torch.zeros(2, 3, 3, dtype=torch.float64)
    slopes = torch.autograd.functional.jacobian(energy, (batch.positions, strain))
    torch.testing.assert_close(found.forces, -slopes[0], **CLOSE)
    torch.testing.assert_close(found.stress, slopes[1] / batch.volumes[:, None, None], **CLOSE)
    alone = potential(Batch.from_structures(structures[1:], CUTOFF, dtype=torch.float64))
    torch.testing.assert_close(alone.energy, found.energy[1:], **CLOSE)


def test_an_atom_without_neighbours_has_the_energy_of_its_element() -> None:
    model = two_elements("linear")
    lone = torch.zeros(1, 3, dtype=torch.float64)
    readout = model.readout
    assert isinstance(readout, LinearReadout)
    assert energies(model, lone, torch.tensor([79])).item() == readout.bias[1].item()


def test_radial_functions_vanish_smoothly_at_the_cutoff() -> None:
    radial = Chebyshev(4, CUTOFF)
    at = torch.tensor([CUTOFF], dtype=torch.float64, requires_grad=True)
    value = radial(at)
    first = torch.autograd.functional.jacobian(radial, at)
    second = torch.autograd.functional.hessian(lambda r: radial(r).sum(), at)
    assert value.abs().max() == 0 and first.abs().max() == 0 and second.abs().max() == 0
    assert radial(torch.tensor([CUTOFF + 1.0])).abs().max() == 0


@pytest.mark.slow
def test_densities_are_sums_of_radial_functions_times_spherical_harmonics(basis: invgen.Basis) -> None:
    sphericart = pytest.importorskip("sphericart.torch")
    vectors, neighbours = pairs_of(cluster())
    model = ACE(basis, [29], Chebyshev(2, CUTOFF))
    harmonics = sphericart.SphericalHarmonics(2).compute(vectors)
    terms = model.radial(vectors.norm(dim=-1))[:, :, None] * harmonics[:, None, :]
    expected = torch.zeros(7, 18, dtype=torch.float64).index_add(0, neighbours.receivers, terms.flatten(1))
    found = model.densities(torch.full((7,), 29), vectors, neighbours)
    torch.testing.assert_close(found, expected, **CLOSE)
    torch.testing.assert_close(
        model.descriptors(torch.full((7,), 29), vectors, neighbours),
        torch.tensor(basis.evaluate(found.numpy())),
        **CLOSE,
    )


@pytest.mark.parametrize(
    ("n_max", "l_max", "counts", "independent"),
    [(1, 3, (1, 4, 8, 23), 13), (2, 2, (2, 9, 26), 15), (2, 3, (2, 12, 46), 29), (3, 2, (3, 18, 74), 24)],
)
def test_numbers_of_descriptors_are_those_of_the_reference(
    n_max: int, l_max: int, counts: tuple[int, ...], independent: int
) -> None:
    space = ACE.space(1, n_max, l_max)
    full = invgen.generate(space, len(counts), select="linear")
    assert tuple(full.degrees.count(order) for order in range(1, len(counts) + 1)) == counts
    pruned = invgen.generate(space, len(counts), select="independent")
    assert len(pruned) == independent
    assert {str(member) for member in pruned} <= {str(member) for member in full}


@pytest.mark.parametrize("block", [2**22, 4000])
def test_rows_are_the_gradients_of_summed_descriptors(
    basis: invgen.Basis, block: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("invgen.nn.ace_rows.BLOCK", block)
    model, species = ACE(basis, [29], Chebyshev(2, CUTOFF)), torch.full((7,), 29)
    positions = cluster()

    def summed(r: torch.Tensor) -> torch.Tensor:
        vectors, neighbours = pairs_of(r)
        return model.descriptors(species, vectors, neighbours).sum(0)

    vectors, neighbours = pairs_of(positions)
    values, rows = DescriptorRows(model)(species, vectors, neighbours)
    expected = torch.autograd.functional.jacobian(summed, positions)
    torch.testing.assert_close(values.sum(0), summed(positions), **CLOSE)
    torch.testing.assert_close(rows, -expected.permute(1, 2, 0), **CLOSE)


@pytest.mark.parametrize("elements", [1, 2])
def test_a_linear_fit_to_energies_and_forces_finds_the_model_that_made_them(basis: invgen.Basis, elements: int) -> None:
    planted = ACE(basis, [29], Chebyshev(2, CUTOFF)) if elements == 1 else two_elements("linear")
    readout = planted.readout
    assert isinstance(readout, LinearReadout)
    torch.manual_seed(0)
    with torch.no_grad():
        readout.weight.normal_()
        readout.bias.copy_(torch.tensor([-3.5, -1.25])[:elements])
    rows = DescriptorRows(planted)
    problem = LeastSquares(readout.weight.numel(), elements=elements)
    for seed in range(12):
        species = torch.full((7,), 29) if elements == 1 else SPECIES.where(torch.arange(7) != seed % 7, 79)
        positions = cluster(seed=seed).requires_grad_()
        energy = energies(planted, positions, species).sum()
        (slopes,) = torch.autograd.grad(energy, positions)
        vectors, neighbours = pairs_of(positions.detach())
        values, gradients = rows(species, vectors, neighbours)
        counts = torch.stack([(species == element).sum() for element in planted.elements])
        shape = (-1,) if elements == 1 else (-1, elements)
        problem.add(counts.reshape(shape), values.sum(0)[None], energy.detach()[None], 3.0)
        problem.add(torch.zeros(21 * elements).reshape(shape), gradients.flatten(0, 1), -slopes.flatten(), 0.5)
    weights, offsets = problem.solve([0.0])
    # The columns of 264 rows are nearly dependent: their condition number, about 1e7, times 1e-16, with a margin.
    wrong = weights.reshape(elements, -1) - readout.weight.detach()
    if elements == 2:
        # The sum of R over pairs of unlike atoms is a column of both blocks: what one has less, the other has more.
        wrong[0, 1], wrong[1, 0] = wrong[0, 1] + wrong[1, 0], 0.0
    torch.testing.assert_close(wrong, torch.zeros_like(wrong), rtol=0, atol=1e-7)
    torch.testing.assert_close(offsets.reshape(-1), readout.bias.detach(), rtol=1e-7, atol=1e-7)
    assert float(problem.loss(weights, offsets)) < 1e-16


def test_rows_of_two_elements_times_the_weights_are_energies_and_forces() -> None:
    model, positions = two_elements("linear"), cluster().requires_grad_()
    readout = model.readout
    assert isinstance(readout, LinearReadout)
    vectors, neighbours = pairs_of(positions.detach())
    rows = DescriptorRows(model)
    values, gradients = rows(SPECIES, vectors, neighbours)
    found = energies(model, positions)
    weights, biases = readout.weight.detach().flatten(), readout.bias.detach()
    torch.testing.assert_close(values @ weights + rows.counts(SPECIES) @ biases, found.detach(), **CLOSE)
    # Each element's block alone, so that no block hides in another.
    for element, number in enumerate(model.elements):
        of_element = (found * (SPECIES == number)).sum()
        (slopes,) = torch.autograd.grad(of_element, positions, retain_graph=True)
        block = slice(element * len(model.basis), (element + 1) * len(model.basis))
        torch.testing.assert_close(gradients[..., block] @ weights[block], -slopes, **CLOSE)


def test_least_squares_of_one_composition_take_the_offsets_of_least_norm() -> None:
    draw = torch.Generator().manual_seed(0)
    rows, targets = torch.randn(20, 3, generator=draw).double(), torch.randn(20, generator=draw).double()
    counts = torch.tensor([1.0, 2.0]).double().expand(20, 2)
    problem = LeastSquares(3, elements=2)
    problem.add(counts, rows, targets)
    weights, offsets = problem.solve([0.0])
    exact = torch.linalg.lstsq(torch.cat([counts, rows], 1), targets[:, None], driver="gelsd").solution[:, 0]
    # The minimum over all c and b leaves b open along (2, -1): least norm has b along (1, 2).
    torch.testing.assert_close(weights[0], exact[2:], **CLOSE)
    torch.testing.assert_close(offsets[0], exact[:2], **CLOSE)


def test_least_squares_of_subsets_and_folds_are_those_of_their_rows() -> None:
    draw = torch.Generator().manual_seed(0)
    rows, targets = torch.randn(90, 5, generator=draw).double(), torch.randn(90, generator=draw).double()
    counts, weights = torch.rand(90, generator=draw).double(), torch.rand(90, generator=draw).double()
    folds = [LeastSquares(5) for _ in range(3)]
    for k in range(90):
        part = slice(k, k + 1)
        folds[k % 3].add(counts[part], rows[part], targets[part], weights[part])
    columns = [4, 1, 2]
    found, offsets = folds[0].merge(folds[1:]).subset(columns).solve([0.0, 0.3])
    matrix = torch.cat([rows[:, columns], counts[:, None]], 1) * weights[:, None]
    exact = torch.linalg.lstsq(matrix, (weights * targets)[:, None]).solution[:, 0]
    torch.testing.assert_close(torch.cat([found[0], offsets[:1]]), exact, **CLOSE)
    across = matrix[:, -1:] / matrix[:, -1:].norm()
    norms = (matrix - across @ (across.T @ matrix))[:, :3].norm(dim=0)
    ridge = torch.diag(torch.cat([0.3**0.5 * norms, torch.zeros(1)]))
    more = torch.cat([matrix, ridge])
    ridged = torch.linalg.lstsq(more, torch.cat([weights * targets, torch.zeros(4)])[:, None]).solution[:, 0]
    torch.testing.assert_close(torch.cat([found[1], offsets[1:]]), ridged, **CLOSE)
    residual = (matrix @ exact - weights * targets).square().sum()
    torch.testing.assert_close(folds[0].merge(folds[1:]).subset(columns).loss(found, offsets)[0], residual, **CLOSE)


def test_a_state_returns_and_one_of_another_basis_or_radius_is_refused() -> None:
    model, other = two_elements("network"), two_elements("network")
    with torch.no_grad():
        next(other.readout.parameters()).zero_()
    other.load_state_dict(model.state_dict())
    torch.testing.assert_close(energies(other, cluster()), energies(model, cluster()), rtol=0, atol=0)
    wider = ACE(model.basis, [47, 79], Chebyshev(1, CUTOFF + 1), NetworkReadout(2, len(model.basis), (8, 8)))
    with pytest.raises(InputError, match="radial"):
        wider.load_state_dict(model.state_dict())


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: ACE(invgen.generate(ACE.space(1, 2, 1), 2), [2, 1], Chebyshev(2, 4.0)), "rising"),
        (lambda: ACE(invgen.generate(ACE.space(1, 2, 1), 2), [1], Chebyshev(1, 4.0)), "n = 2"),
        (lambda: ACE(invgen.generate(invgen.TensorSpace("0e + 1o"), 2), [1], Chebyshev(1, 4.0)), "channel"),
        (lambda: Chebyshev(0, 4.0), "n_max"),
        (lambda: Chebyshev(2, -1.0), "cutoff"),
        (lambda: Chebyshev(2, 4.0, float("nan")), "decay"),
        (lambda: energies(two_elements("linear"), cluster(), SPECIES + 1), "elements"),
        (lambda: LeastSquares(2).solve([0.0]), "too few rows"),
        (lambda: LeastSquares(2).solve([-1.0]), "0 or more"),
        (lambda: LeastSquares(2).add(torch.ones(1), torch.ones(1, 3), torch.ones(1)), "2 columns"),
        (lambda: LeastSquares(1).add(torch.ones(1), torch.ones(1, 1), torch.tensor([torch.nan])), "finite"),
    ],
)
def test_bad_input_is_refused_with_a_sentence(call: object, words: str) -> None:
    assert callable(call)
    with pytest.raises(InputError, match=words):
        call()
