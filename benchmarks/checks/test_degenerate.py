"""Degenerate environments are told apart by the descriptors, and real networks, that theory says: by no others."""

from __future__ import annotations

import pytest

from benchmarks.degenerate import (
    FILES,
    MODELS,
    NETWORKS,
    SEPARATED,
    Descriptors,
    Pair,
    difference,
    exact_difference,
    network_difference,
    pairs,
)
from tests.support.data import data_file

pytest.importorskip("ase")

# The least that was found where there is a separation, and the most where there is none, are 3e-4 and 4e-9.
CLEAR = 100.0
LARGE = {"ACE, ν <= 4, l <= 3, SO(3)"}


@pytest.fixture(scope="module")
def found() -> list[Pair]:
    paths = [data_file(f"degenerate/{name}") for _, _, name in FILES]
    return pairs(paths[0].parent)


def test_pairs_are_those_of_the_notice(found: list[Pair]) -> None:
    assert [pair.order for pair in found] == [3, 4, 4, 4, 4, 5, 5, 5]
    assert [pair.name for pair in found if pair.exact] == ["2-body", "3-body", "4-body, chiral"]


@pytest.mark.parametrize("model", [model for model in MODELS if model.name not in LARGE], ids=lambda model: model.name)
def test_descriptors_separate_what_their_body_order_allows(model: Descriptors, found: list[Pair]) -> None:
    for pair in found:
        value = difference(model, pair)
        expected = model.separates(pair)
        assert value > SEPARATED * CLEAR if expected else value < SEPARATED / CLEAR, (pair.name, value)
        if pair.exact:
            assert exact_difference(model, pair) == expected, pair.name


def test_independent_members_of_several_channels_may_lack_the_highest_order() -> None:
    by_name = {model.name: model for model in MODELS}
    assert max(by_name["ACE, ν <= 4, l <= 2, independent"].basis.degrees) == 3
    assert max(by_name["ACE, ν <= 4, l <= 2"].basis.degrees) == 4


@pytest.mark.slow
@pytest.mark.parametrize("name", NETWORKS)
def test_networks_of_one_interaction_separate_the_same(name: str, found: list[Pair]) -> None:
    _, l_max, degree = NETWORKS[name]
    select = "linear" if l_max == 0 else "norms" if degree == 2 else "hippynn"
    descriptors = Descriptors(name, l_max, degree, select)
    for pair in found:
        value = network_difference(name, pair)
        assert value > SEPARATED * CLEAR if descriptors.separates(pair) else value < SEPARATED / CLEAR, (
            pair.name,
            value,
        )
