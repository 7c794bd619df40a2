"""What moments are freed of: equal for what a normalisation ignores, and the counts that are left."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from invgen import TensorSpace, fields, generate
from invgen.errors import InputError
from invgen.fields import Window
from invgen.fields.normalisation import norms
from invgen.fields.slabs import exponents_of
from invgen.testing.rotations import random_rotation

HERMITE, GAUSSIAN = Window.hermite(1.6), Window.gaussian(1.6)


def blobs(
    shape: tuple[int, ...],
    spacing: tuple[float, ...],
    shift: Any = 0.0,
    scale: float = 1.0,
    matrix: np.ndarray | None = None,
) -> np.ndarray:
    """Four Gaussian blobs about the middle of the grid, moved, enlarged and turned."""
    generator = np.random.default_rng(3)
    dimension = len(shape)
    turn = np.eye(dimension) if matrix is None else matrix
    axes = [(np.arange(n) - (n - 1) / 2) * h for n, h in zip(shape, spacing, strict=True)]
    places = np.stack(np.meshgrid(*axes, indexing="ij"), -1)
    found = np.zeros(shape)
    for centre in generator.normal(size=(4, dimension)) * 1.5:
        square = ((places - shift - scale * (turn @ centre)) ** 2).sum(-1)
        found += generator.uniform(0.5, 1.5) * np.exp(-square / (2 * (1.2 * scale) ** 2))
    return found


@pytest.mark.parametrize("dimension", [2, 3])
def test_places_and_sizes_of_an_object_change_nothing_whatever_the_voxels(dimension: int) -> None:
    """Normalised moments that ignore the spacing are a known mistake of image libraries."""
    options: Any = {"at": "whole", "normalise": ("translation", "scale")}
    one = (1.0,) * dimension
    first = fields.moments(blobs((30,) * dimension, one), 4, **options)
    bricks = (1.0, 0.7, 1.3)[:dimension]
    shape = (60, 70, 48)[:dimension]
    moved = blobs(shape, bricks, shift=np.array([1.3, -2.1, 0.4])[:dimension], scale=1.7)
    second = fields.moments(moved, 4, spacing=bricks, **options)
    # sums are integrals up to exp(-2π² (1.2)²) and what lies beyond the faces
    np.testing.assert_allclose(second.values, first.values, atol=1e-6)
    assert first.removed == {"translation": dimension, "scale": 1}
    group = "O3" if dimension == 3 else "O2"
    assert first.space == TensorSpace.moments((0, 2, 3, 4), "scalar", dimension, group)
    assert first.noise is None
    whole = TensorSpace.moments(range(5), "scalar", dimension, group)
    assert first.independent == whole.dimension - whole.orbit_dimension - dimension - 1


def test_invariants_of_a_normalised_whole_do_not_change_as_it_moves_grows_and_turns() -> None:
    found = []
    basis = None
    for shift, scale, matrix, factor in (
        (0.0, 1.0, np.eye(3), 1.0),
        (np.array([1.0, -0.7, 0.3]), 1.4, random_rotation(np.random.default_rng(0)), 5.0),
    ):
        field = factor * blobs((44,) * 3, (1.0,) * 3, shift, scale, matrix)
        made = fields.moments(field, 3, at="whole", normalise=("translation", "scale", "contrast"))
        basis = basis or generate(made.space, 3)
        found.append(basis.evaluate(made.values))
        norm = norms(made.values[:, None], [e for e in exponents_of(3, 3) if sum(e) != 1])
        assert norm == pytest.approx(1.0, rel=1e-14)
        assert made.removed == {"translation": 3, "scale": 1, "contrast": 1}
    np.testing.assert_allclose(found[1], found[0], atol=1e-7)


def test_a_moved_centre_is_the_binomial_sum_of_the_moments_before() -> None:
    field = np.random.default_rng(0).random((7, 8, 9))
    point = np.array([[3.2, 3.9, 4.1]])
    found = fields.moments(field, 3, GAUSSIAN, at=point, normalise="translation")
    exponents = exponents_of(3, 3)
    assert found.space == TensorSpace.moments((0, 2, 3)) and found.removed == {"translation": 3}
    places = np.stack(np.meshgrid(*[np.arange(n) for n in field.shape], indexing="ij"), -1) - point[0]
    weight = field * np.exp(-(places**2).sum(-1) / (2 * 1.6**2)) / (1.6 * np.sqrt(2 * np.pi)) ** 3
    centre = (weight[..., None] * places).sum((0, 1, 2)) / weight.sum()
    wanted = [
        (weight * np.prod(((places - centre) / 1.6) ** np.array(e), axis=-1)).sum() for e in exponents if sum(e) != 1
    ]
    # the window ends 6 sigma away, beyond all faces
    np.testing.assert_allclose(found.values[0], wanted, rtol=1e-11, atol=1e-13)


@pytest.mark.parametrize("window", [HERMITE, GAUSSIAN, Window.ball(2.5)], ids=lambda w: w.kind)
@pytest.mark.parametrize("boundary", ["zero", "nearest", "wrap"])
def test_a_constant_added_to_the_field_changes_nothing(window: Window, boundary: str) -> None:
    field = np.random.default_rng(0).normal(size=(8, 9, 10))
    one, other = (fields.moments(f, 3, window, boundary=boundary, normalise="offset") for f in (field, field + 7.0))
    np.testing.assert_allclose(other.values, one.values, atol=1e-12)
    assert one.removed == {"offset": 1} and one.space == TensorSpace.moments(range(4))
    assert one.noise is not None
    # what is projected out has no noise
    assert np.linalg.eigvalsh(one.noise)[0] == pytest.approx(0.0, abs=1e-12)


def test_a_constant_vector_has_three_offsets() -> None:
    field = np.random.default_rng(0).normal(size=(5, 6, 7, 3))
    one, other = (
        fields.moments(f, 2, HERMITE, "vector", normalise="offset") for f in (field, field + np.array([1.0, 2.0, 3.0]))
    )
    np.testing.assert_allclose(other.values, one.values, atol=1e-12)
    assert one.removed == {"offset": 3} and one.independent == 30 - 3 - 3


def test_a_constant_under_a_mask_changes_nothing() -> None:
    generator = np.random.default_rng(0)
    field, weights = generator.normal(size=(8, 9, 10)), generator.random((8, 9, 10))
    one, other = (
        fields.moments(f, 2, HERMITE, weights=weights, normalise=("offset", "contrast")) for f in (field, 3 * field + 2)
    )
    np.testing.assert_allclose(other.values, one.values, atol=1e-12)


@pytest.mark.parametrize("at", ["every", "points"])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_contrast_is_a_unit_norm_that_rotations_keep(at: str, dtype: Any) -> None:
    field = np.random.default_rng(0).normal(size=(5, 6, 7)).astype(dtype)
    where: Any = "every" if at == "every" else [(1.0, 2.5, 3.0)]
    found = fields.moments(field, 3, HERMITE, at=where, normalise="contrast")
    sizes = norms(found.values[..., None], exponents_of(3, 3))
    np.testing.assert_allclose(sizes, 1.0, rtol=10 * np.finfo(dtype).eps)
    assert found.values.dtype == dtype and found.removed == {"contrast": 1} and found.noise is None
    other = fields.moments(-4 * field, 3, HERMITE, at=where, normalise="contrast").values
    np.testing.assert_allclose(-other, found.values, atol=10 * np.finfo(dtype).eps)


def test_empty_places_have_no_contrast_and_zeros() -> None:
    field = np.zeros((40, 6, 6))
    field[2, 3, 3] = 1.0
    values = fields.moments(field, 2, HERMITE, normalise="contrast").values
    assert np.isfinite(values).all() and (values[30] == 0).all() and values[3].any()
    with pytest.raises(InputError, match="the moments vanish about 1 of the points, so there is no contrast"):
        fields.moments(field, 2, HERMITE, at=[(3, 3, 3), (30, 3, 3)], normalise="contrast")


RAMP = np.arange(64.0).reshape(4, 4, 4)


@pytest.mark.parametrize(
    ("field", "options", "words"),
    [
        (RAMP, {"normalise": "rotation"}, "a normalisation must be one of"),
        (RAMP, {"normalise": "translation"}, "moments about every voxel keep their places"),
        (RAMP, {"normalise": "translation", "at": [(1, 1, 1)]}, "goes with monomials"),
        (RAMP, {"normalise": "scale"}, '"scale" takes lengths in units of the object itself'),
        (RAMP, {"normalise": "scale", "at": [(1, 1, 1)]}, '"scale" takes lengths in units of the object itself'),
        (RAMP, {"normalise": "offset", "at": "whole", "window": None}, '"offset" goes with windows'),
        (
            RAMP,
            {"normalise": ("offset", "translation"), "at": [(1, 1, 1)], "window": GAUSSIAN},
            '"offset" moves the centroid',
        ),
        (RAMP, {"normalise": "contrast", "at": "whole", "window": None}, 'needs "scale", too'),
        (np.ones((4, 4, 4)), {"normalise": "contrast"}, "the field is constant, so it has no contrast"),
        (np.full((4, 4, 4), 0.1), {"normalise": ("offset", "contrast")}, "the field is constant"),
        (RAMP - RAMP.mean(), {"normalise": "translation", "at": "whole", "window": None}, "the field sums to zero"),
        (RAMP, {"normalise": "translation", "at": "whole", "window": None, "order": 0}, "needs the moments of order 1"),
        (RAMP, {"normalise": "scale", "at": "whole", "window": None, "order": 1}, "needs the moments of order 2"),
        (
            np.ones((4, 4, 4, 3)),
            {"normalise": "translation", "at": "whole", "window": None, "values": "vector"},
            "is for fields of numbers",
        ),
    ],
)
def test_combinations_without_a_meaning_are_one_sentence(
    field: np.ndarray, options: dict[str, Any], words: str
) -> None:
    with pytest.raises(InputError, match=words):
        fields.moments(field, **{"order": 2, "window": HERMITE, **options})


def test_a_constant_is_none_under_weights_that_are_not() -> None:
    weights = np.random.default_rng(0).random((4, 4, 4))
    with pytest.raises(InputError, match="the field is constant"):
        fields.moments(np.full((4, 4, 4), 0.3), 2, HERMITE, weights=weights, normalise="contrast")


def test_a_field_of_both_signs_has_no_size() -> None:
    field = np.zeros((9, 9, 9))
    field[4, 4, 4], field[0, 4, 4], field[8, 4, 4] = 3.0, -1.0, -1.0
    with pytest.raises(InputError, match="the field has no size of its own"):
        fields.moments(field, 2, at="whole", normalise=("translation", "scale"))
