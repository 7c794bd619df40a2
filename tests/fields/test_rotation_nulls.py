"""The null distribution: what simulated noise reaches, never less than that by more than its own error."""

from __future__ import annotations

import numpy as np
import pytest

from invgen.fields.harmonic_coordinates import layout_of
from invgen.fields.rotation_grids import rotation_grid
from invgen.fields.rotation_matrices import moved
from invgen.fields.rotation_nulls import empirical_null, rotation_null, union_null
from invgen.fields.rotational_newton import maximise


@pytest.mark.parametrize(("damping", "dimension"), [(0.0, 3), (1.0, 3), (0.0, 2)])
def test_noise_exceeds_scores_as_often_as_it_should(damping: float, dimension: int) -> None:
    layout = layout_of(3, dimension)
    generator = np.random.default_rng(0)
    template = generator.normal(size=layout.size)
    template /= np.linalg.norm(template)
    turns = moved(template, layout)
    null = rotation_null(turns @ turns.T, layout.size, damping * layout.size)
    noise = generator.normal(size=(800, layout.size))
    found = maximise(noise, template, layout, rotation_grid(25.0, dimension), starts=3).values
    p = null.p_value(found / np.sqrt((noise**2).sum(axis=1) + damping * layout.size))
    for level in (0.1, 0.03):
        share, error = (p <= level).mean(), np.sqrt(level / len(p))
        # Tubes overlap where p is great, which makes p-values too great there, by less than a third at 0.1.
        assert 0.65 * level - 3 * error < share < level + 3 * error


def test_templates_with_a_free_axis_have_the_null_of_their_shorter_orbit() -> None:
    # The product of directions in space with an axis is above r with the probability (1 - r) / 2.
    null = rotation_null(np.diag([1e-16, 0.0, 0.0]), 3, 0.0)
    assert null.p_value(0.5) == pytest.approx(0.25, abs=1e-3)  # interpolated in a table of steps of 1/800
    # The whole sphere in three dimensions is the orbit of a vector; the table holds the formula from r = 1 down.
    assert rotation_null(np.diag([1.0, 1.0, 0.0]), 3, 0.0).p_value(0.0) == 1.0


def test_scores_and_p_values_are_inverse() -> None:
    null = rotation_null(np.diag([3.0, 2.0, 1.0]), 40, 80.0)
    for p in (1e-2, 1e-6, 1e-12):
        assert null.p_value(null.score_at(p)) == pytest.approx(p, rel=1e-6)
    assert null.p_value(np.array([-1.0, 0.0, 1.0]))[[0, 1]].tolist() == [1.0, 1.0]
    both = union_null([null, null])
    assert both.p_value(0.4) == pytest.approx(min(1.0, 2 * null.p_value(0.4)), rel=1e-9)


def test_an_empirical_null_goes_on_beyond_its_sample() -> None:
    sample = np.random.default_rng(0).exponential(size=5000)
    null = empirical_null(sample)
    assert null.p_value(np.median(sample)) == pytest.approx(0.5, rel=0.01)
    # An exponential goes on as it began; the mean excess of 250 values is known to 6 %, here 14 times over.
    assert np.log(null.p_value(14.0)) == pytest.approx(-14.0, rel=0.2)
