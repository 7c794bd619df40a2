"""Descriptors: estimators whose rows do not change as a shape turns, and sentences that name the wrong shape."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils import estimator_checks

from invgen import TensorSpace, fields, generate
from invgen.errors import InputError, InvgenError
from invgen.testing.rotations import random_rotation

LOCAL = fields.LocalInvariants(scales=(1.0, 2.0), order=2)
SHAPE = fields.ShapeInvariants(order=3, scales=(1.5,))
BOTH = pytest.mark.parametrize("estimator", [LOCAL, SHAPE], ids=["local", "shape"])


def blobs(seed: int, matrix: np.ndarray | None = None, size: int = 39) -> np.ndarray:
    """Six Gaussian blobs of width 1.7, turned about the middle voxel; smooth, so that sampling has no direction."""
    generator = np.random.default_rng(seed)
    centres, weights = generator.normal(size=(6, 3)) * 2.0, generator.uniform(0.5, 1.5, size=6)
    turned = centres if matrix is None else centres @ matrix.T
    x = np.stack(np.meshgrid(*[np.arange(size) - size // 2] * 3, indexing="ij"), axis=-1)
    parts = (w * np.exp(-((x - c) ** 2).sum(axis=-1) / (2 * 1.7**2)) for w, c in zip(weights, turned, strict=True))
    return np.sum(list(parts), axis=0)


def solids(count: int, shape: tuple[int, ...] = (6, 7, 5)) -> np.ndarray:
    return (np.random.default_rng(0).random((count, *shape)) > 0.4).astype(np.float32)


@BOTH
def test_rows_do_not_change_as_smooth_shapes_turn(estimator: Any) -> None:
    generator = np.random.default_rng(0)
    matrices = [np.eye(3), random_rotation(generator), random_rotation(generator, reflect=True)]
    made = clone(estimator)
    if isinstance(made, fields.LocalInvariants):
        # Order statistics over voxels depend on where the voxels are; sums hardly do.
        made.set_params(pool=("mean", "std"), mask="all")
    rows = made.fit([blobs(seed) for seed in range(3)]).transform([blobs(0, m) for m in matrices])
    spread = np.abs(rows - rows[0]).max(axis=0)
    # What is beyond the faces of blobs whose windows reach 16 voxels from the middle.
    assert (spread <= 1e-3 * (np.abs(rows[0]) + 0.01)).all()


@BOTH
def test_quarter_turns_shifts_and_padding_change_nothing(estimator: Any) -> None:
    shape = solids(1)[0].astype(np.float64)
    moved = np.pad(np.rot90(shape, axes=(0, 2)), [(3, 1), (0, 2), (5, 4)])
    rows = clone(estimator).fit([shape]).transform([shape, moved, moved[::-1]])
    assert np.allclose(rows, rows[0], rtol=1e-10, atol=1e-12)  # sums in another order


@BOTH
def test_columns_have_names_and_come_as_a_frame(estimator: Any) -> None:
    x = solids(3)
    made = clone(estimator).set_output(transform="pandas")
    frame = made.fit_transform(list(x))
    names = list(made.get_feature_names_out())
    assert list(frame.columns) == names and len(set(names)) == len(names) and frame.shape[0] == 3
    assert np.array_equal(frame.to_numpy(), clone(estimator).fit(x).transform(x))
    assert not any(name.endswith(": m2_0") for name in names if name.startswith("central"))


def test_the_default_basis_has_32_members_for_order_4() -> None:
    made = fields.LocalInvariants(scales=[2.0], pool="mean").fit(solids(1))
    assert len(made.get_feature_names_out()) == len(made.basis_) == 32 and made.basis_.certificate.complete


@BOTH
def test_saved_descriptors_give_the_same_bits(estimator: Any, tmp_path: Path) -> None:
    x = solids(3)
    made = clone(estimator).fit(x)
    path = made.save(tmp_path / "descriptor.npz")
    found = type(made).load(path)
    assert np.array_equal(found.transform(x), made.transform(x))
    assert list(found.get_feature_names_out()) == list(made.get_feature_names_out())
    with np.load(path, allow_pickle=False) as content:
        assert list(content) == ["descriptor"]
    other = fields.ShapeInvariants if estimator is LOCAL else fields.LocalInvariants
    with pytest.raises(InputError, match=f"not a {other.__name__}; use {type(made).__name__}.load"):
        other.load(path)


def test_a_given_basis_is_used_and_saved(tmp_path: Path) -> None:
    basis = generate(TensorSpace.moments(range(3), group="SO3"), 2)
    made = fields.LocalInvariants(scales=(1.0,), basis=basis, pool=["max"]).fit(solids(2))
    assert made.basis_ == basis and made.get_feature_names_out().shape == (len(basis),)
    assert fields.LocalInvariants.load(made.save(tmp_path / "a.npz")).basis == basis


@pytest.mark.parametrize("content", [b"", b"no file of ours", None])
def test_damaged_files_are_refused(content: bytes | None, tmp_path: Path) -> None:
    path = tmp_path / "descriptor.npz"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError, match=r"descriptor\.npz"):
        fields.LocalInvariants.load(path)


def test_scales_and_orders_are_chosen_by_cross_validation() -> None:
    """Thin and thick bars in all directions: the volume is the same, the thickness is not."""
    shapes, labels = [], []
    for turn in range(3):
        for thick in (False, True):
            for jitter in range(3):
                bar = np.zeros((12, 12, 12), dtype=np.float32)
                bar[(slice(0, 3), slice(0, 4), slice(0, 4)) if thick else (slice(0, 12), slice(0, 2), slice(0, 2))] = 1
                bar[jitter, 0, 0] = 0
                shapes.append(np.moveaxis(bar, 0, turn))
                labels.append(int(thick))
    pipe = make_pipeline(
        fields.LocalInvariants(scales=(1.0,), order=1, pool=("mean",)), StandardScaler(), LogisticRegression()
    )
    grid = {"localinvariants__scales": [(1.0,), (1.0, 2.0)], "localinvariants__order": [1, 2]}
    found = GridSearchCV(pipe, grid, cv=3).fit(shapes, labels)
    assert found.best_score_ == 1.0 and set(found.best_params_) == set(grid)
    assert len(found.best_estimator_[:-1].get_feature_names_out()) == found.best_estimator_[-1].coef_.shape[1]


CHECKS = (
    "check_estimator_cloneable",
    "check_estimator_repr",
    "check_get_params_invariance",
    "check_mixin_order",
    "check_no_attributes_set_in_init",
    "check_parameters_default_constructible",
    "check_set_params",
    "check_valid_tag_types",
)


@pytest.mark.parametrize("check", CHECKS)
@BOTH
def test_checks_of_scikit_learn_that_need_no_table(check: str, estimator: Any) -> None:
    """The other checks of `check_estimator` fit tables of rows and columns, which are no shapes."""
    getattr(estimator_checks, check)(type(estimator).__name__, type(estimator)())


def test_masks_say_where_to_pool() -> None:
    x = np.random.default_rng(0).normal(size=(2, 6, 6, 6))
    masks = np.zeros(x.shape, dtype=bool)
    masks[:, 1:3, 2:5, 3] = True
    made = fields.LocalInvariants(scales=(1.0,), order=1, pool=("mean",), normalise="none")
    found = made.fit_transform(x, masks=masks)
    every = fields.invariants(x[1], made.basis_, fields.Window.hermite(1.0, coarse=True))
    assert np.allclose(found[1], every[masks[1]].mean(axis=0), rtol=1e-12)
    whole = made.set_params(mask="all").fit(x).transform(x)
    assert np.allclose(whole[1], every.mean(axis=(0, 1, 2)), rtol=1e-12)


def test_images_and_shapes_of_one_voxel_have_finite_rows() -> None:
    one = np.zeros((4, 4, 4))
    one[1, 2, 3] = 5
    for made in (clone(LOCAL), clone(SHAPE)):
        assert np.isfinite(made.fit([one, *solids(2)]).transform([one])).all()
        images = solids(3, (9, 8))
        assert np.isfinite(made.fit(images).transform([images[0], images[1][:5]])).all() and made.dimension_ == 2
    alone = SHAPE.set_params(scales=()).fit([one]).transform([one])
    assert np.array_equal(alone[0], [5.0, 0.0, *np.zeros(alone.shape[1] - 2)])
    SHAPE.set_params(scales=(1.5,))


def test_spacing_is_physical() -> None:
    fine = np.kron(solids(1)[0], np.ones((1, 1, 1)))
    made = clone(SHAPE).set_params(spacing=0.5, scales=(0.75,))
    one, two = made.fit([fine]).transform([fine]), clone(SHAPE).fit([fine]).transform([fine])
    assert one[0, 0] == pytest.approx(two[0, 0] / 8, rel=1e-12) and one[0, 1] == pytest.approx(two[0, 1] / 2, rel=1e-12)


def test_points_and_meshes_have_the_columns_of_volumes() -> None:
    volume = solids(1)[0].astype(np.float64)
    points = np.argwhere(volume > 0).astype(np.float64)
    a = clone(SHAPE).fit([volume])
    b = clone(SHAPE).set_params(kind="points").fit([points, (points, np.ones(len(points)))])
    assert np.allclose(a.transform([volume]), b.transform([points])[:1], rtol=1e-10, atol=1e-12)
    assert np.array_equal(*b.transform([points, (points, np.ones(len(points)))]))
    tetrahedron = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1.0]])
    faces = np.array([(0, 2, 1), (0, 1, 3), (0, 3, 2), (1, 2, 3)])
    c = fields.ShapeInvariants(order=3, kind="mesh").fit([(tetrahedron, faces)])
    rows = c.transform([(tetrahedron, faces), (2 * tetrahedron + 1, faces)])
    assert rows[0, 0] == pytest.approx(1 / 6) and rows[1, 0] == pytest.approx(8 / 6)
    assert np.allclose(rows[0, 2:], rows[1, 2:], rtol=1e-10, atol=1e-12)


NAN = np.where(solids(3) > 2, 0, solids(3))
NAN[2, 0, 0, 0] = np.nan


@pytest.mark.parametrize(
    ("estimator", "batch", "arguments", "words"),
    [
        (LOCAL, [], {}, "a batch holds at least one shape, got none"),
        (LOCAL, np.ones((3, 4)), {}, "put a single shape into a list"),
        (LOCAL, 3, {}, "a batch is an array"),
        (LOCAL, [np.ones((3, 3, 3)), np.zeros((3, 3, 3))], {}, "shape 1 has no voxel that is not zero"),
        (SHAPE, [np.ones((3, 3, 3)), np.zeros((3, 3, 3))], {}, "shape 1: it has no voxel that is not zero"),
        (LOCAL, NAN, {}, "shape 2: a field must be finite"),
        (SHAPE, NAN, {}, "shape 2: a field must be finite"),
        (LOCAL, [np.ones((3, 3, 3)), np.ones((3, 3))], {}, "shape 1 has 2 axes, but the others have 3"),
        (LOCAL, [np.ones(3)], {}, "shape 0: a field of scalar values has the shape"),
        (LOCAL, [np.ones((3, 3, 3))], {"scales": (0.3,)}, "too large for a window of scale 0.3"),
        (LOCAL, [np.ones((3, 3, 3))], {"scales": ()}, "scales are at least one positive number"),
        (LOCAL, [np.ones((3, 3, 3))], {"scales": (1.0, 1.0)}, "scales are different numbers"),
        (LOCAL, [np.ones((3, 3, 3))], {"normalise": "roots"}, "normalise must be one of"),
        (LOCAL, [np.ones((3, 3, 3))], {"mask": "some"}, "mask, if it is not a number, must be one of"),
        (LOCAL, [np.ones((3, 3, 3))], {"mask": 2.0}, "shape 0 has no voxel above 2.0"),
        (LOCAL, [np.ones((3, 3, 3))], {"order": -1}, "order is an integer from 0 to 20"),
        (LOCAL, [np.ones((3, 3, 3))], {"basis": "independent"}, "basis is a Basis or None"),
        (LOCAL, [np.ones((3, 3))], {"basis": generate(TensorSpace.moments(range(3)), 2)}, "in 2 dimensions"),
        (SHAPE, [np.ones((3, 3, 3))], {"basis": generate(TensorSpace.moments(range(3)), 2)}, r"moments\(range\(2"),
        (SHAPE, [np.ones((3, 3, 3))], {"kind": "surface"}, "kind must be one of"),
        (SHAPE, [np.ones((3, 3, 3))], {"order": 1}, "order is an integer from 2 to 20"),
        (SHAPE, [np.ones((3, 3))], {"kind": "mesh"}, "takes no scales"),
        (SHAPE, [np.ones((3, 3))], {"kind": "mesh", "scales": ()}, r"shape 0: a mesh is a pair \(vertices, faces\)"),
        (SHAPE, [np.ones((3, 3)), np.empty((0, 3))], {"kind": "points"}, "shape 1: a point cloud"),
        (SHAPE, [np.ones((3, 3)), np.ones((3, 2))], {"kind": "points"}, "shape 1 has 2 coordinates"),
        (SHAPE, [np.array([[1.0, -1.0]])], {}, "shape 0: the field sums to zero"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(estimator: Any, batch: Any, arguments: dict[str, Any], words: str) -> None:
    with pytest.raises(InvgenError, match=words):
        clone(estimator).set_params(**arguments).fit(batch)


@pytest.mark.parametrize(
    ("masks", "words"),
    [
        ([np.zeros((6, 7, 5), dtype=bool)] * 2, "shape 0 has an empty mask"),
        ([np.ones((6, 7, 5), dtype=bool)], "one mask for each shape, got 1 masks"),
        ([np.ones((6, 7, 5), dtype=bool)] * 3, "one mask for each shape, got 3 masks for 2 shapes"),
        ([np.ones((6, 7), dtype=bool)] * 2, "the mask of shape 0 is an array of true and false"),
    ],
)
def test_masks_that_do_not_fit_are_refused(masks: Any, words: str) -> None:
    with pytest.raises(InputError, match=words):
        clone(LOCAL).fit(solids(2), masks=masks)


def test_shapes_of_another_dimension_are_refused_after_fitting() -> None:
    made = clone(LOCAL).fit(solids(1))
    with pytest.raises(InputError, match="put a single shape into a list"):
        made.transform(solids(1)[0])
    with pytest.raises(InputError, match="shape 0 has 2 axes, but the others have 3"):
        made.transform([np.ones((3, 3))])


def test_the_package_loads_without_scikit_learn_and_says_what_is_missing() -> None:
    code = (
        "import sys\nsys.modules['sklearn'] = None\nimport invgen.fields as f\n"
        "assert not {'scipy', 'torch', 'pandas'} & set(sys.modules)\n"
        "try: f.LocalInvariants\nexcept ImportError as error: print(error)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "pip install 'invgen[fields]'" in run.stdout
