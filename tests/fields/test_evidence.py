"""The evidence for a copy against another object: its law, and what it tells apart."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from invgen.errors import InputError
from invgen.fields.backgrounds import coordinates_of, white
from invgen.fields.evidence import UNLIKE, Evidence
from invgen.fields.matched_coordinates import MatchedCoordinates, match
from invgen.fields.rotation_grids import rotation_grid
from invgen.fields.rotation_matrices import moved, turned
from invgen.fields.rotational_newton import maximise
from invgen.fields.search_rules import SearchRules
from invgen.fields.windows import Window


@cache
def matched() -> MatchedCoordinates:
    coordinates = coordinates_of(Window.hermite(1.5), 4, (1.0, 1.0, 1.0), offset=True)
    moments = np.random.default_rng(0).normal(size=(coordinates.matrix.shape[1],))
    return match(moments, coordinates, white(1.0, coordinates.layout))


@cache
def metric() -> np.ndarray:
    turns = moved(matched().template, matched().layout)
    return turns @ turns.T


def evidence(length: float, least: float = 0.8, confusion: float = 0.05) -> Evidence:
    return Evidence.of(matched(), metric(), length, least, confusion)


def test_the_needed_product_is_where_the_likelihoods_have_the_ratio() -> None:
    length = 9.0
    found = evidence(length, 1.0)
    c = np.random.default_rng(1).normal(size=(5, matched().layout.size))
    needed = found.needed(matched().energies(c.T))
    noise = 1.0 + UNLIKE * length**2 / matched().layout.size
    variances = np.empty(matched().layout.size)
    for block in matched().layout.blocks:
        power = length**2 * (matched().template[block] ** 2).sum()
        variances[block] = noise + power / (block.stop - block.start)
    # Normal distributions, written out; the constants of 2π are the same on both sides.
    copy = -0.5 * ((c**2).sum(axis=1) - 2 * length * needed + length**2) / noise - 0.5 * c.shape[1] * np.log(noise)
    other = -0.5 * (c**2 / variances).sum(axis=1) - 0.5 * np.log(variances).sum()
    rotations = 0.5 * np.linalg.slogdet(length**2 / noise * metric() / (2 * np.pi))[1] + np.log(8 * np.pi**2)
    assert copy - other - rotations == pytest.approx(np.log(19.0), abs=1e-9)


def test_any_contrast_between_the_limits_counts_alike() -> None:
    energies = matched().energies(8.0 * matched().template[:, None])
    ranges = [evidence(9.0, least).needed(energies)[0] for least in (1.0, 0.8, 0.0)]
    # A wider range helps copies and other objects; here the contrast is 8/9, inside the second range and the third.
    assert np.isfinite(ranges).all() and ranges[1] < 8.0


def test_copies_are_told_from_objects_of_the_same_spectrum() -> None:
    generator = np.random.default_rng(2)
    size, length = matched().layout.size, 25.0
    turns = generator.normal(size=(40, 4))
    turns /= np.linalg.norm(turns, axis=1, keepdims=True)
    copies = length * turned(matched().template, matched().layout, turns)
    others = generator.normal(size=(40, size))
    for block in matched().layout.blocks:
        root = np.sqrt((matched().template[block] ** 2).sum() / (block.stop - block.start))
        others[:, block] *= length * root
    found = evidence(length)
    assert found.sufficient and not evidence(3.0).sufficient
    shares = []
    for objects in (copies, others):
        values = objects + generator.normal(size=objects.shape)
        best = maximise(values, matched().template, matched().layout, rotation_grid(30.0)).values
        shares.append((best >= found.needed(matched().energies(values.T))).mean())
    # At most 5 % of what is listed are others where both are equally frequent; far less of the others are listed.
    assert shares[0] > 0.9 and shares[1] <= 0.05


def test_the_evidence_asks_for_more_where_less_confusion_is_allowed() -> None:
    energies = matched().energies(np.random.default_rng(3).normal(size=(matched().layout.size, 20)))
    assert (evidence(9.0, confusion=0.01).needed(energies) > evidence(9.0, confusion=0.1).needed(energies)).all()


@pytest.mark.parametrize(
    ("rules", "message"),
    [
        ({"confusion": 1.0}, "confusion is a number between 0 and 1"),
        ({"contrast": 1.5}, "contrast is a number from 0 to 1"),
        ({"contrast": -0.5}, "contrast is a number of at least 0"),
    ],
)
def test_rules_are_checked_in_one_sentence(rules: dict[str, float], message: str) -> None:
    with pytest.raises(InputError, match=message):
        SearchRules(**rules)  # type: ignore[arg-type]
