"""Templates: the moments of a patch about its middle, and what is no template."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from invgen import fields
from invgen.errors import InputError
from invgen.fields import Template, Window

WINDOW = Window.hermite(1.5)
PATCH = np.random.default_rng(0).normal(size=(7, 8, 9))


def test_the_moments_are_those_about_the_middle_voxel() -> None:
    template = Template(PATCH, WINDOW, 4, background=0.0)
    wanted = fields.moments(PATCH, 4, WINDOW).values[3, 4, 4]
    # Two kernels add in other orders.
    assert np.abs(template.moments - wanted).max() < 1e-12
    assert 0.0 < template.captured < 1.0


def test_what_is_beyond_the_patch_is_subtracted() -> None:
    inside = np.zeros((9, 9, 9))
    inside[3:6, 3:6, 4] = 1.0
    assert Template(inside + 5.0, WINDOW, 3).background == 5.0
    assert np.allclose(Template(inside + 5.0, WINDOW, 3).moments, Template(inside, WINDOW, 3).moments)


def test_a_function_gives_the_template_of_its_samples() -> None:
    template = Template.from_function(lambda x, y, z: x * np.exp(-(x**2 + y**2 + 2 * z**2) / 4), WINDOW, 3, 0.75)
    axis = np.arange(-12, 13) * 0.75
    x, y, z = np.meshgrid(axis, axis, axis, indexing="ij")
    patch = Template(x * np.exp(-(x**2 + y**2 + 2 * z**2) / 4), WINDOW, 3, 0.75, background=0.0)
    assert np.array_equal(template.moments, patch.moments) and template.spacing == (0.75, 0.75, 0.75)


@pytest.mark.parametrize(
    ("patch", "window", "message"),
    [
        (np.where(np.indices((5, 5, 5))[0] == 2, np.nan, 0.0), WINDOW, "25 values that are not"),
        (np.ones((5, 5, 5)), WINDOW, "no contrast"),
        (np.zeros((5, 5)), WINDOW, "no contrast"),
        (PATCH, Window.gaussian(2.0), "hermite"),
        (PATCH, 2.0, "hermite"),
        (np.random.default_rng(0).normal(size=(25, 5, 5)), WINDOW, "along x the template reaches 12"),
        (PATCH[0, 0], WINDOW, "array"),
        (PATCH.astype(complex), WINDOW, "real numbers"),
        (np.array([["a"]]), WINDOW, "real numbers"),
    ],
)
def test_what_is_no_template_is_refused(patch: Any, window: Any, message: str) -> None:
    with pytest.raises(InputError, match=message):
        Template(patch, window, 4)


def test_a_function_of_another_shape_is_refused() -> None:
    with pytest.raises(InputError, match="returns an array of the shape"):
        Template.from_function(lambda x, y, z: 1.0, WINDOW)
