"""The table of point groups: names, orders and numbers of structural tensors."""

from __future__ import annotations

import numpy as np
import pytest

from invgen.errors import InputError
from invgen.spaces.point_groups import (
    POINT_GROUPS,
    SYMMETRIES,
    find,
    generators,
    is_structural,
    read_structural,
    structural_names,
)
from invgen.spaces.space import TensorSpace
from tests.support import reynolds

FINITE = [name for name, group in POINT_GROUPS.items() if not group.is_axial]
ORDERS = {
    **{"C1": 1, "Ci": 2, "C2": 2, "Cs": 2, "C2h": 4, "D2": 4, "C2v": 4, "D2h": 8, "C4": 4, "S4": 4, "C4h": 8, "D4": 8},
    **{"C4v": 8, "D2d": 8, "D4h": 16, "C3": 3, "C3i": 6, "D3": 6, "C3v": 6, "D3d": 12, "C6": 6, "C3h": 6, "C6h": 12},
    **{"D6": 12, "C6v": 12, "D3h": 12, "D6h": 24, "T": 12, "Th": 24, "O": 24, "Td": 24, "Oh": 48, "I": 60, "Ih": 120},
}
HERMANN_MAUGUIN = """1 -1 2 m 2/m 222 mm2 mmm 4 -4 4/m 422 4mm -42m 4/mmm 3 -3 32 3m -3m 6 -6 6/m 622 6mm -6m2 6/mmm
    23 m-3 432 -43m m-3m""".split()


def test_there_are_the_32_crystallographic_two_icosahedral_and_five_axial_groups() -> None:
    assert len(HERMANN_MAUGUIN) == len({find(name) for name in HERMANN_MAUGUIN}) == 32
    assert set(FINITE) == {*(find(name).name for name in HERMANN_MAUGUIN if find(name)), "I", "Ih"}
    assert set(POINT_GROUPS) - set(FINITE) == {"Cinf", "Cinfv", "Cinfh", "Dinf", "Dinfh"}


@pytest.mark.parametrize("name", FINITE)
def test_a_group_has_as_many_elements_as_its_generators_make(name: str) -> None:
    assert POINT_GROUPS[name].order == ORDERS[name] == len(reynolds.elements(name))


@pytest.mark.parametrize("name", FINITE)
def test_structural_tensors_are_as_many_as_the_mean_of_the_characters(name: str) -> None:
    group, p = POINT_GROUPS[name], reynolds.prime()
    for l in range(7):
        for parity in (1, -1):
            space = TensorSpace(f"{l}{'e' if parity > 0 else 'o'}")
            traces = np.trace(reynolds.representation(space.tensors, name), axis1=1, axis2=2)
            mean = int(traces.sum()) * pow(group.order, -1, p) % p
            assert group.count(l, parity) == mean


def test_every_name_is_that_of_one_group() -> None:
    names = [name for group in POINT_GROUPS.values() for name in (group.name, *group.others)]
    assert len(names) == len(set(names))
    for group in POINT_GROUPS.values():
        for name in (group.name, *group.others):
            assert TensorSpace("1o", group=name).group == group.name


def test_the_continuous_groups_have_the_scalar_alone() -> None:
    assert [SYMMETRIES["O3"].count(l, p) for l in range(4) for p in (1, -1)] == [1, 0, 0, 0, 0, 0, 0, 0]
    assert [SYMMETRIES["SO3"].count(l, p) for l in range(4) for p in (1, -1)] == [1, 1, 0, 0, 0, 0, 0, 0]


@pytest.mark.parametrize("name", POINT_GROUPS)
def test_names_of_structural_tensors_are_read_back(name: str) -> None:
    group = POINT_GROUPS[name]
    for l in range(8):
        for parity in (1, -1):
            for number, text in enumerate(structural_names(group, l, parity)):
                assert is_structural(text)
                assert read_structural(group, text) == (l, 1 if group.is_chiral else parity, number)


@pytest.mark.parametrize("name", ["@3e", "@4e_0", "@4o", "@4", "4e", "@"])
def test_names_that_a_group_does_not_have_are_refused(name: str) -> None:
    with pytest.raises(InputError, match="Oh has no structural tensor"):
        read_structural(POINT_GROUPS["Oh"], name)


@pytest.mark.parametrize(
    ("given", "near"), [("oh", "'Oh'"), ("D2e", "'D2'"), ("m-3n", "'m-3m'"), ("Dinfinity", "'Dinf'"), ("???", "'Oh'")]
)
def test_an_unknown_group_is_answered_with_the_nearest_names(given: str, near: str) -> None:
    with pytest.raises(InputError, match="the group must be one of") as caught:
        TensorSpace("1o", group=given)
    assert repr(given) in str(caught.value)
    assert near in str(caught.value)


@pytest.mark.parametrize("name", POINT_GROUPS)
def test_generators_are_of_the_kinds_that_a_group_has(name: str) -> None:
    improper = any(o.sign < 0 for o in generators(POINT_GROUPS[name]))
    assert improper == (not POINT_GROUPS[name].is_chiral)
