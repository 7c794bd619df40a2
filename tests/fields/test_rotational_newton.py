"""Newton steps find the rotation of a turned template, at many places at once, and its runner-up."""

from __future__ import annotations

import numpy as np

from invgen.fields.harmonic_coordinates import layout_of
from invgen.fields.rotation_grids import rotation_grid
from invgen.fields.rotation_matrices import angle_between, turned
from invgen.fields.rotational_newton import maximise

LAYOUT = layout_of(5, 3)
GRID = rotation_grid(25.0)


def test_turned_templates_are_turned_back() -> None:
    generator = np.random.default_rng(0)
    template = generator.normal(size=LAYOUT.size)
    rotations = generator.normal(size=(20, 4))
    rotations /= np.linalg.norm(rotations, axis=1, keepdims=True)
    found = maximise(turned(template, LAYOUT, rotations), template, LAYOUT, GRID)
    # The angle from the product of quaternions is good to the root of the rounding.
    assert angle_between(found.quaternions, rotations).max() < 1e-7
    assert np.allclose(found.values, template @ template, rtol=1e-12)
    assert (found.runners_up < 0.9 * found.values).all()


def test_no_finer_grid_finds_more_in_noise() -> None:
    generator = np.random.default_rng(1)
    template, places = generator.normal(size=LAYOUT.size), generator.normal(size=(10, LAYOUT.size))
    found = maximise(places, template, LAYOUT, GRID, starts=8)
    finer = (places @ turned(template, LAYOUT, rotation_grid(12.0)).T).max(axis=1)
    assert (found.values >= finer).all()


def test_the_hessian_is_that_of_finite_differences() -> None:
    from invgen.fields.rotation_matrices import exponential, product

    generator = np.random.default_rng(2)
    template, places = generator.normal(size=LAYOUT.size), generator.normal(size=(1, LAYOUT.size))
    found = maximise(places, template, LAYOUT, GRID)

    def value(vector: np.ndarray) -> float:
        return float((places @ turned(template, LAYOUT, product(exponential(vector[None]), found.quaternions)).T)[0, 0])

    step, unit = 1e-3, np.eye(3)
    wanted = [
        [sum(s * t * value(step * (s * a + t * b)) for s in (1, -1) for t in (1, -1)) / (4 * step**2) for b in unit]
        for a in unit
    ]
    # Differences err by the fourth derivative, up to 5⁴, times 1e-6.
    assert np.abs(found.hessians[0] - wanted).max() < 1e-3 * np.abs(found.hessians[0]).max()


def test_no_places_give_empty_arrays() -> None:
    found = maximise(np.empty((0, LAYOUT.size)), np.ones(LAYOUT.size), LAYOUT, GRID)
    assert found.quaternions.shape == (0, 4) and found.hessians.shape == (0, 3, 3)
