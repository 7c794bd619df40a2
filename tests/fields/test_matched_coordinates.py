"""The bound is never below the rotational maximum, and is reached by the template itself."""

from __future__ import annotations

import numpy as np
import pytest

from invgen.errors import InputError
from invgen.fields.backgrounds import coordinates_of, white
from invgen.fields.matched_coordinates import match
from invgen.fields.rotation_grids import rotation_grid
from invgen.fields.rotation_matrices import turned
from invgen.fields.rotational_newton import maximise
from invgen.fields.windows import Window


@pytest.mark.parametrize("spacing", [(1.0, 1.0, 1.0), (1.0, 1.0)])
def test_no_rotation_exceeds_the_bound(spacing: tuple[float, ...]) -> None:
    generator = np.random.default_rng(0)
    coordinates = coordinates_of(Window.hermite(1.5), 4, spacing, offset=True)
    moments = generator.normal(size=coordinates.matrix.shape[1])
    covariances = {
        part.l: np.eye(part.count) + 0.5 * np.ones((part.count, part.count)) for part in coordinates.layout.parts
    }
    matched = match(moments, coordinates, covariances)
    places = generator.normal(size=(300, matched.layout.size))
    places[0] = matched.template
    grid = rotation_grid(25.0, len(spacing))
    best = maximise(places, matched.template, matched.layout, grid).values
    values = places.T.astype(np.float32)
    bounds = matched.bounds(values, matched.energies(values))
    assert (bounds >= best).all()
    assert bounds[0] == pytest.approx(1.0, rel=1e-4)  # the bound is raised by 1e-5 for rounding in float32
    # It cuts: independent parts would need to be aligned all at once.
    assert (bounds < 2.0 * best).mean() > 0.5


def test_noise_is_white_and_products_are_kept() -> None:
    generator = np.random.default_rng(1)
    coordinates = coordinates_of(Window.hermite(1.5), 4, (1.0, 1.0, 1.0), offset=True)
    covariances = {}
    for part in coordinates.layout.parts:
        root = generator.normal(size=(part.count, part.count + 2))
        covariances[part.l] = root @ root.T
    matched = match(generator.normal(size=35), coordinates, covariances)
    noise = coordinates.layout.spread({l: np.linalg.cholesky(c) for l, c in covariances.items()})
    inverse = np.linalg.pinv(coordinates.matrix)
    product = matched.matrix @ inverse @ noise
    assert np.abs(product @ product.T - np.eye(len(product))).max() < 1e-9  # condition numbers of some hundreds
    assert np.linalg.norm(matched.template) == pytest.approx(1.0)


def test_coordinates_turn_by_blocks() -> None:
    generator = np.random.default_rng(2)
    coordinates = coordinates_of(Window.hermite(1.5), 4, (1.0, 1.0, 1.0), offset=True)
    moments = generator.normal(size=35)
    matched = match(moments, coordinates, white(2.0, coordinates.layout))
    q = generator.normal(size=(1, 4))
    q /= np.linalg.norm(q)
    before = coordinates.matrix @ moments
    after = matched.matrix @ np.linalg.pinv(coordinates.matrix) @ turned(before, coordinates.layout, q)[0]
    assert np.abs(after / matched.length - turned(matched.template, matched.layout, q)[0]).max() < 1e-12


def test_a_constant_template_is_refused() -> None:
    coordinates = coordinates_of(Window.hermite(1.5), 2, (1.0, 1.0, 1.0), offset=True)
    window = Window.hermite(1.5)
    from invgen.fields.local_moments import moments

    constant = moments(np.ones((19, 19, 19)), 2, window, at=[(9.0, 9.0, 9.0)]).values[0]
    with pytest.raises(InputError, match="no contrast"):
        match(constant, coordinates, None)
