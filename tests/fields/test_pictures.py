"""Pictures: what is drawn where, in physical units."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from invgen.errors import InputError
from invgen.fields import plot_map, plot_peaks, plot_vectors

matplotlib = pytest.importorskip("matplotlib")

VOLUME = np.arange(60.0).reshape(5, 4, 3)
TABLE = np.zeros(2, dtype=[("position", "f8", (3,)), ("score", "f8")])
TABLE["position"] = [[1.0, 4.0, 2.0], [3.0, 2.0, 0.0]]


@pytest.fixture(autouse=True)
def without_windows() -> Iterator[None]:
    matplotlib.use("agg")
    yield
    matplotlib.pyplot.close("all")


@pytest.mark.parametrize(("axis", "kept"), [("x", (1, 2)), ("y", (0, 2)), ("z", (0, 1))])
def test_a_map_shows_a_slice_with_its_axes(axis: str, kept: tuple[int, int]) -> None:
    ax = plot_map(VOLUME, axis, 1, spacing=(1, 2, 3), label="density")
    image = ax.images[0]
    np.testing.assert_array_equal(image.get_array(), np.take(VOLUME, 1, axis="xyz".index(axis)).T)
    steps, sizes = (1, 2, 3), VOLUME.shape
    across, up = ((-steps[k] / 2, (sizes[k] - 0.5) * steps[k]) for k in kept)
    assert tuple(image.get_extent()) == (*across, *up) and image.origin == "lower"
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("xyz"[kept[0]], "xyz"[kept[1]])


def test_a_map_shows_one_invariant() -> None:
    values = np.stack([VOLUME, -VOLUME], axis=-1)
    np.testing.assert_array_equal(plot_map(values, component=1).images[0].get_array(), -VOLUME[:, :, 1].T)


def test_peaks_near_the_slice_are_drawn_at_their_positions() -> None:
    ax = plot_peaks(VOLUME, TABLE, spacing=(1, 2, 1), thickness=1.0)
    np.testing.assert_array_equal(ax.images[0].get_array(), VOLUME[:, :, 2].T)  # that of the first detection
    assert [line.get_xydata().tolist() for line in ax.lines] == [[[1.0, 4.0]]]
    assert [text.get_text() for text in ax.texts] == ["0"]
    assert len(plot_peaks(VOLUME, TABLE, thickness=2.0).lines) == 2
    assert len(plot_peaks(VOLUME, TABLE[:0]).lines) == 0


def test_vectors_stand_at_their_voxels() -> None:
    field = np.random.default_rng(0).normal(size=(5, 4, 3, 3))
    arrows = plot_vectors(field, "y", 2, spacing=(1, 2, 3), step=2).collections[0]
    assert arrows.N == 3 * 2
    x, z = np.meshgrid([0, 2, 4], [0, 6])
    np.testing.assert_array_equal(np.stack([arrows.X, arrows.Y]), [x.ravel(), z.ravel()])
    np.testing.assert_array_equal(arrows.U, field[::2, 2, ::2, 0].T.ravel())
    np.testing.assert_array_equal(arrows.V, field[::2, 2, ::2, 2].T.ravel())


def test_bad_input_is_one_sentence() -> None:
    with pytest.raises(InputError, match="component=k"):
        plot_map(np.ones((2, 2, 2, 5)))
    with pytest.raises(InputError, match="from 0 to 2"):
        plot_map(VOLUME, index=3)
    with pytest.raises(InputError, match="must be one of 'x', 'y', 'z'"):
        plot_map(VOLUME, axis="w")
    with pytest.raises(InputError, match="column 'position'"):
        plot_peaks(VOLUME, np.ones(3))
    with pytest.raises(InputError, match=r"\(X, Y, Z, 3\) or \(X, Y, 2\)"):
        plot_vectors(VOLUME)
    with pytest.raises(InputError, match="spacing of a grid is positive"):
        plot_map(VOLUME, spacing=0.0)
