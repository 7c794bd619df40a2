"""Matching: turned copies are found, with their rotations; the bound changes nothing; bad input is one sentence."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest

from invgen import TensorSpace, fields, generate
from invgen.errors import InputError
from invgen.fields import Template, Window, detect, similarity
from invgen.fields.matching import search_field
from invgen.fields.search_rules import SearchRules

pytest.importorskip("skimage")
from scipy.spatial.transform import Rotation

WINDOW, ORDER, SIZE = Window.hermite(1.6), 4, 32
CENTRES = np.array([(8.0, 9.0, 8.0), (23.0, 22.0, 9.0), (10.0, 22.0, 23.0)])
TURNS = Rotation.random(3, random_state=2)
BLOBS = np.array([(2.2, 0.0, 0.3), (-1.0, 1.8, 0.0), (0.0, -1.0, 2.0), (0.5, -1.6, -1.2)])


def pattern(points: np.ndarray, matrix: np.ndarray) -> np.ndarray:
    """Four blobs of different height without symmetry, turned by a matrix, at points (..., 3)."""
    heights = (1.0, 0.7, -0.8, 0.5)
    return sum(  # type: ignore[return-value]
        h * np.exp(-((points - matrix @ b) ** 2).sum(axis=-1) / (2 * 1.2**2))
        for h, b in zip(heights, BLOBS, strict=True)
    )


def grid_points(size: int) -> np.ndarray:
    axis = np.arange(size, dtype=np.float64)
    return np.stack(np.meshgrid(axis, axis, axis, indexing="ij"), axis=-1)


@cache
def template() -> Template:
    return Template(pattern(grid_points(15) - 7.0, np.eye(3)), WINDOW, ORDER)


@cache
def field(noise: float) -> np.ndarray:
    points = grid_points(SIZE)
    clean = sum(pattern(points - c, r) for c, r in zip(CENTRES, TURNS.as_matrix(), strict=True))
    return np.asarray(clean + noise * np.random.default_rng(0).normal(size=clean.shape))  # type: ignore[union-attr]


@pytest.mark.parametrize("noise", [0.0, 0.05])
def test_turned_copies_are_found_with_their_rotations(noise: float) -> None:
    found = detect(field(noise), template(), angle=30.0)
    assert len(found) == 3
    for centre, turn in zip(CENTRES, TURNS, strict=True):
        row = found[np.abs(found["voxel"] - centre).sum(axis=1).argmin()]
        assert row["voxel"].tolist() == centre.tolist()
        error = (Rotation.from_quat(row["quaternion"]) * turn.inv()).as_rotvec()
        # Objects overlap by their tails: a degree without noise.
        assert np.degrees(np.linalg.norm(error)) < (1.5 if noise == 0 else 10.0)
        assert row["runner_up"] < row["score"] <= 1.0 and row["p_value"] < 1e-6
        assert (np.linalg.eigvalsh(row["rotation_covariance"]) >= (0 if noise else -1e-15)).all()


def test_positions_are_in_the_coordinates_of_a_labelled_field() -> None:
    xarray = pytest.importorskip("xarray")
    places = {name: 10.0 + np.arange(SIZE) for name in "xyz"}
    labelled = detect(xarray.DataArray(field(0.0), coords=places, dims=tuple("xyz")), template(), angle=30.0)
    plain = detect(field(0.0), template(), angle=30.0)
    assert np.array_equal(labelled["voxel"], plain["voxel"])
    assert np.allclose(labelled["position"], plain["position"] + 10.0, rtol=0, atol=1e-12)


@pytest.mark.parametrize("arguments", [{}, {"threshold": 0.6}, {"confusion": None}, {"contrast": 0.0}])
def test_the_bound_changes_nothing_but_the_time(arguments: dict[str, Any]) -> None:
    fast = search_field(field(0.1), template(), SearchRules(angle=30.0, **arguments))
    slow = search_field(field(0.1), template(), SearchRules(angle=30.0, exhaustive=True, **arguments))
    assert len(fast.table) >= 3 and fast.evaluated < 0.3 and slow.evaluated == 1.0
    for name in fast.table.dtype.names:
        # Products in float32 may add in another order; refined values come from the same numbers in float64.
        assert np.allclose(fast.table[name], slow.table[name], rtol=1e-9, atol=1e-12, equal_nan=True), name


def test_scores_lie_between_minus_one_and_one_whatever_the_contrast() -> None:
    steps = np.zeros((24, 24, 24))
    steps[:, :12] = 1e6  # a bright half, the case that leaves [-1, 1] where variances are differences of sums
    for noise in (None, 0.0):
        found = similarity(steps + field(0.1)[:24, :24, :24], template(), angle=40.0, noise=noise).map
        assert np.isfinite(found).all() and found.min() >= -1.0 and found.max() <= 1.0


def test_a_constant_and_a_factor_change_no_score() -> None:
    plain = similarity(field(0.1), template(), angle=40.0)
    other = similarity(3.0 * field(0.1) + 40.0, template(), angle=40.0)
    # Products in float32 of sums of some dozens.
    assert np.abs(plain.map - other.map).max() < 1e-4
    assert plain.rotations is not None and plain.rotation is not None
    assert plain.rotation.min() >= 0 and plain.rotation.max() < len(plain.rotations)


def test_noise_alone_gives_no_detections_and_all_columns() -> None:
    noise = np.random.default_rng(5).normal(size=(28, 28, 28))
    found = detect(noise, template(), angle=30.0, contrast=0.0, confusion=None, noise=1.0)
    assert len(found) == 0
    assert found.dtype.names == (
        *("position", "voxel", "scale", "score", "p_value", "quaternion", "rotation_covariance", "runner_up"),
    )
    assert found["rotation_covariance"].shape == (0, 3, 3) and found["position"].shape == (0, 3)


def test_noise_in_which_copies_could_be_other_objects_is_named() -> None:
    with pytest.warns(UserWarning, match="most copies may be other objects"):
        detect(np.random.default_rng(5).normal(size=(15, 15, 15)), template(), angle=60.0, noise=2.0)


def test_sizes_are_found() -> None:
    points = grid_points(SIZE)
    big = pattern((points - 15.0) / 1.4, TURNS[1].as_matrix())
    found = detect(big, template(), scales=(1.0, 1.4), angle=30.0, noise=0.0)
    assert found["voxel"].tolist() == [[15, 15, 15]] and found["scale"].tolist() == [1.4]


def test_positions_are_in_the_units_of_the_spacing() -> None:
    spacing = (1.0, 0.8, 0.9)
    points = grid_points(30) * spacing
    small = Template(pattern((grid_points(17) - 8.0) * spacing, np.eye(3)), WINDOW, ORDER, spacing)
    found = detect(pattern(points - np.array(spacing) * 15, TURNS[0].as_matrix()), small, angle=30.0)
    assert np.allclose(found["position"], [np.array(spacing) * 15])
    # Voxels of different sizes cost what sampling costs, far below a degree.
    assert np.degrees((Rotation.from_quat(found["quaternion"][0]) * TURNS[0].inv()).magnitude()) < 0.1


def test_images_are_matched_too() -> None:
    axis = np.arange(48.0)
    points = np.stack(np.meshgrid(axis, axis, indexing="ij"), axis=-1)

    def flat(x: np.ndarray, matrix: np.ndarray) -> np.ndarray:
        return sum(np.exp(-((x - matrix @ b[:2]) ** 2).sum(axis=-1) / 3) * (i + 1) for i, b in enumerate(BLOBS[:3]))  # type: ignore[return-value]

    small = Template(flat(points[:15, :15] - 7.0, np.eye(2)), WINDOW, ORDER)
    angle = np.radians(70.0)
    matrix = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    noise = 0.05 * np.random.default_rng(0).normal(size=(48, 48))
    found = detect(flat(points - (20.0, 30.0), matrix) + noise, small)
    assert found["voxel"].tolist() == [[20, 30]]
    assert np.degrees(Rotation.from_quat(found["quaternion"][0]).as_rotvec()) == pytest.approx([0, 0, 70.0], abs=4.0)
    assert found["rotation_covariance"][0, 2, 2] > 0 and not found["rotation_covariance"][0, :2].any()


@pytest.mark.parametrize("noise", [0.02, 0.0])
def test_invariants_are_most_alike_at_the_copies(noise: float) -> None:
    found = similarity(field(noise), template(), "invariants")
    for centre in CENTRES.astype(int):
        around = tuple(slice(c - 4, c + 5) for c in centre)
        best = np.unravel_index(found.map[around].argmax(), (9, 9, 9))
        assert np.abs(np.array(best) - 4).max() <= 1  # the tails of neighbours move the maximum by a voxel at most
    assert found.rotation is None and found.null.p_value(found.map.max()) < 0.01


def test_mirror_images_are_found_with_a_warning() -> None:
    basis = generate(TensorSpace.moments(range(4)), 3)
    with pytest.warns(UserWarning, match="mirror image"):
        similarity(field(0.05), template(), "invariants", basis=basis)


def test_candidates_are_all_that_is_looked_at() -> None:
    chosen = np.zeros((SIZE,) * 3, dtype=bool)
    chosen[6:11, 7:12, 6:11] = True
    found = search_field(field(0.05), template(), SearchRules(angle=30.0, candidates=chosen))
    assert found.table["voxel"].tolist() == [[8, 9, 8]] and found.evaluated == chosen.mean()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"field": np.ones((20, 20, 20))}, "field has no contrast"),
        ({"field": np.random.default_rng(0).normal(size=(10, 20, 20))}, "larger than the field"),
        ({"field": np.random.default_rng(0).normal(size=(40, 40))}, "3 dimensions, the field 2"),
        ({"spacing": 2.0}, "template has voxels of"),
        ({"template": np.ones((3, 3, 3))}, "fields.Template"),
        ({"angle": 0.0}, "angle between rotations"),
        ({"scales": (1.0, -1.0)}, "a scale is a positive number"),
        ({"scales": ()}, "scales are a list"),
        ({"scales": (0.2,)}, "too large for a window"),
        ({"threshold": 1.5}, "threshold is a number between 0 and 1"),
        ({"false_discoveries": 0.0}, "false_discoveries is a number between 0 and 1"),
        ({"min_distance": -1.0}, "min_distance is a number of at least 0"),
        ({"noise": -1.0}, "standard deviation"),
        ({"noise": np.ones((4, 4))}, "noise is None"),
        ({"candidates": np.ones((4, 4, 4), dtype=bool)}, "candidates are a map"),
        ({"field": np.full((20, 20, 20), np.nan)}, "finite"),
    ],
)
def test_what_detect_cannot_use_is_refused_in_one_sentence(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        detect(**({"field": field(0.1), "template": template()} | arguments))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"method": "guess"}, "method"),
        ({"basis": generate(TensorSpace.moments(range(3)), 2)}, "a basis is for"),
        ({"method": "invariants", "basis": generate(TensorSpace.moments(range(6)), 2)}, "orders up to 5"),
        (
            {
                "method": "invariants",
                "basis": generate(TensorSpace.moments(range(3), spatial_dimension=2, group="O2"), 2),
            },
            "template in 3 dimensions",
        ),
    ],
)
def test_what_similarity_cannot_use_is_refused(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        similarity(field(0.1), template(), **arguments)


def test_the_field_is_read_in_single_precision_too() -> None:
    double, single = (detect(field(0.05).astype(d), template(), angle=30.0) for d in (np.float64, np.float32))
    assert np.array_equal(double["voxel"], single["voxel"])
    assert np.abs(double["score"] - single["score"]).max() < 1e-4  # the noise is estimated in single precision
    assert fields.detect is detect
