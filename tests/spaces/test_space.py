from __future__ import annotations

from collections.abc import Callable
from math import comb
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from invgen import TensorSpace
from invgen.errors import InputError
from invgen.spaces.outputs import series
from invgen.spaces.space import EPSILON, Irrep

SERIES = {  # SO(3), degree 0, 1, 2, ...
    "2e": [1, 0, 1, 1, 1, 1, 2, 1, 2, 2, 2, 2, 3],
    "3o": [1, 0, 1, 0, 2, 0, 3, 0, 4, 0, 6, 0, 8, 0, 10, 1, 13],
    "4e": [1, 0, 1, 1, 2, 2, 4, 4, 7, 8, 12, 13, 20, 22, 31],
    "2x2e": [1, 0, 3, 4, 7, 12, 23, 28, 52, 72, 104],
    "1o + 2e": [1, 0, 2, 2, 4, 4, 10, 8, 17, 18, 28],
    "2e + 3o": [1, 0, 2, 2, 7, 8, 24, 31, 68, 100, 186],
}


def test_irreps_are_read_as_e3nn_writes_them() -> None:
    space = TensorSpace(" 0e+ 1o + 2 x 2e +3e")
    assert [(t.name, t.l, t.parity) for t in space.tensors] == [
        ("l0", 0, 1),
        ("l1", 1, -1),
        ("l2_0", 2, 1),
        ("l2_1", 2, 1),
        ("l3", 3, 1),
    ]
    assert space.dimension == 1 + 3 + 5 + 5 + 7
    assert str(space) == "l0:0e + l1:1o + l2_0:2e + l2_1:2e + l3:3e"


def test_repeated_ranks_are_numbered_even_with_different_parities() -> None:
    assert TensorSpace("1o + 1e + 2e").names == ("l1_0", "l1_1", "l2")


def test_names_are_kept_and_numbered_where_multiplied() -> None:
    assert TensorSpace("v:1o + q:2x2e + 1e").names == ("v", "q_0", "q_1", "l1")


@given(
    st.lists(st.tuples(st.integers(0, 12), st.sampled_from("eo")), min_size=1, max_size=6),
    st.sampled_from(["O3", "SO3"]),
)
def test_a_space_can_be_read_back_from_its_text(terms: list[tuple[int, str]], group: str) -> None:
    space = TensorSpace(" + ".join(f"{l}{p}" for l, p in terms), group=group)
    assert TensorSpace(str(space), group=group) == space
    assert eval(repr(space), {"TensorSpace": TensorSpace}) == space
    assert TensorSpace(space.tensors, group) == space
    assert [(t.l, "e" if t.parity > 0 else "o") for t in space.tensors] == terms
    assert space.dimension == sum(2 * l + 1 for l, _ in terms) == len(space.components) == space.slices[-1].stop


def test_components_are_named_after_tensor_and_order() -> None:
    space = TensorSpace("0e + 1o")
    assert space.components == ("l0[0]", "l1[-1]", "l1[0]", "l1[1]")
    assert space.slices == (slice(0, 1), slice(1, 4))


@pytest.mark.parametrize(
    ("irreps", "orbit"),
    [
        ("0e", 0),
        ("3x0e", 0),
        ("1o", 2),
        ("0e + 1o", 2),
        ("2x1o", 3),
        ("2e", 3),
        ("1o + 2e", 3),
        ("8e", 3),
        ("1e + 1o", 3),
    ],
)
@pytest.mark.parametrize("group", ["O3", "SO3"])
def test_the_dimension_of_a_generic_orbit(irreps: str, orbit: int, group: str) -> None:
    assert TensorSpace(irreps, group=group).orbit_dimension == orbit


@pytest.mark.parametrize(("irreps", "series"), list(SERIES.items()))
def test_hilbert_series_of_so3(irreps: str, series: list[int]) -> None:
    assert TensorSpace(irreps, group="SO3").hilbert_series(len(series) - 1) == series


def test_under_o3_odd_multidegrees_have_no_invariants() -> None:
    so3 = TensorSpace("3o", group="SO3").hilbert_series(16)
    o3 = TensorSpace("3o").hilbert_series(16)
    assert o3 == [n if degree % 2 == 0 else 0 for degree, n in enumerate(so3)]
    assert TensorSpace("3e").hilbert_series(16) == so3


# One species, n_max channels of each l <= l_max: linearly independent invariants per correlation order.
ACE = {
    (1, 3): [1, 4, 8, 23, 45],
    (2, 2): [2, 9, 26, 75, 192],
    (2, 3): [2, 12, 46, 220, 894],
    (3, 2): [3, 18, 74, 300, 1110],
}
FUNCTIONALLY = {(1, 3): 13, (2, 2): 15, (2, 3): 29, (3, 2): 24}


def ace(n_max: int, l_max: int) -> TensorSpace:
    return TensorSpace(" + ".join(f"{n_max}x{l}{'eo'[l % 2]}" for l in range(l_max + 1)))


@pytest.mark.parametrize("size", ACE)
def test_ace_counts(size: tuple[int, int]) -> None:
    space = ace(*size)
    assert space.hilbert_series(5)[1:] == ACE[size]
    assert space.dimension - space.orbit_dimension == FUNCTIONALLY[size]


@pytest.mark.parametrize(("output", "members"), [("0e", 13), ("1o", 16), ("2e", 20)])
def test_coupled_bases_of_correlation_three(output: str, members: int) -> None:
    # Equivariants with values in an irrep are the invariants that are linear in one more tensor of that irrep.
    space = TensorSpace(f"0e + 1o + 2e + 3o + extra:{output}")
    total = 0
    for degree in range(1, 4):
        for a in range(degree + 1):
            for b in range(degree - a + 1):
                for c in range(degree - a - b + 1):
                    total += space.count((a, b, c, degree - a - b - c, 1))
    assert total == members


@pytest.mark.parametrize("l_max", range(2, 7))
def test_the_number_needed_for_a_spherical_function(l_max: int) -> None:
    space = TensorSpace(" + ".join(f"{l}{'eo'[l % 2]}" for l in range(l_max + 1)))
    assert space.dimension - space.orbit_dimension == (l_max + 1) ** 2 - 3


@pytest.mark.parametrize(("order", "needed"), [(2, 7), (3, 17), (4, 32), (5, 53), (6, 81), (7, 117), (8, 162)])
def test_the_number_needed_for_moments_of_a_field(order: int, needed: int) -> None:
    terms = [f"{l}{'eo'[l % 2]}" for n in range(order + 1) for l in range(n, -1, -2)]
    space = TensorSpace(" + ".join(terms))
    assert space.dimension - space.orbit_dimension == comb(order + 3, 3) - 3 == needed


@pytest.mark.parametrize(("order", "needed"), [(2, 3), (3, 7), (4, 12), (5, 18), (6, 25)])
def test_the_number_needed_for_a_symmetric_tensor(order: int, needed: int) -> None:
    space = TensorSpace(" + ".join(f"{l}{'eo'[order % 2]}" for l in range(order, -1, -2)))
    assert space.dimension - space.orbit_dimension == needed


def test_multidegrees_are_admitted_by_the_product_of_parities() -> None:
    space = TensorSpace("0o + 1o + 1e")
    assert space.parity((1, 1, 3)) == 1
    assert space.parity((0, 1, 2)) == -1
    assert space.admits((1, 1, 0)) and not space.admits((1, 0, 0))
    assert TensorSpace("0o + 1o + 1e", group="SO3").admits((1, 0, 0))
    assert space.count((1, 0, 0)) == 0 and space.count_rotation_invariants((1, 0, 0)) == 1
    assert not space.is_natural and TensorSpace("0e + 1o + 2e").is_natural


@pytest.mark.parametrize(
    ("irreps", "words"),
    [
        ("", "cannot read '' in the irreps"),
        ("1o + ", "cannot read ''"),
        ("1x", "cannot read '1x'"),
        ("-1o", "cannot read '-1o'"),
        ("1.5o", "cannot read '1.5o'"),
        ("1o, 2e", "cannot read"),
        ("two", "cannot read 'two'.*joined by"),
        ("0x1o", "multiplicity is 1 to 5000, got 0"),
        ("5001x0e", "multiplicity is 1 to 5000, got 5001"),
        ("21e", "ranks from 0 to 20 are supported, got l = 21"),
        ("999999999999e", "ranks from 0 to 20"),
        ("200x20e", "8200 components; at most 5000"),
        ("v:1o + v:2e", "names must differ, but v appears more than once"),
        ("l1:2e + 1o", "names must differ, but l1"),
        (":1o", "'' is not a tensor name"),
        ("2v:1o", "'2v' is not a tensor name"),
        ("a b:1o", "'a b' is not a tensor name"),
        (f"{EPSILON}:1o", "'eps' is not a tensor name.*Levi-Civita"),
        ([], "at least one tensor"),
        ([Irrep("a", 25, 1)], "ranks from 0 to 20"),
    ],
)
def test_bad_spaces_are_refused_with_a_sentence(irreps: object, words: str) -> None:
    with pytest.raises(InputError, match=words):
        TensorSpace(irreps)


@pytest.mark.parametrize("group", ["o3", "SO4", "", None])
def test_unknown_groups_are_refused(group: object) -> None:
    with pytest.raises(InputError, match="group must be one of O3, SO3"):
        TensorSpace("1o", group=group)


@pytest.mark.parametrize("degree", [-1, 2.0, "3", None, True])
def test_a_degree_of_a_series_is_an_integer(degree: object) -> None:
    with pytest.raises(InputError, match="degree is an integer of at least 0"):
        TensorSpace("1o").hilbert_series(degree)


@pytest.mark.parametrize("number", [np.int64, np.int32, np.int8, np.array])
def test_numbers_of_numpy_are_numbers(number: Callable[[int], Any]) -> None:
    irrep = Irrep("q", number(2), number(1))
    space = TensorSpace([irrep])
    assert space == TensorSpace("q:2e") and repr(irrep) == "Irrep(name='q', l=2, parity=1)"
    assert type(irrep.l) is int and type(irrep.parity) is int
    assert space.hilbert_series(number(6)) == space.hilbert_series(6)
    assert series(TensorSpace("1o + 2e"), "1o", number(3)) == series(TensorSpace("1o + 2e"), "1o", 3)
    assert space.count([number(3)]) == space.count(np.array([3])) == space.count((3,)) == 1


def test_a_series_of_numpys_small_integers_does_not_overflow() -> None:
    assert TensorSpace("2e").hilbert_series(np.int8(60)) == TensorSpace("2e").hilbert_series(60)


@pytest.mark.parametrize("parity", [2, 0, 1.0, True, "e"])
def test_a_parity_is_a_sign(parity: object) -> None:
    with pytest.raises(InputError, match="the parity of a tensor is 1 or -1, got"):
        Irrep("q", 2, parity)


@pytest.mark.parametrize("rank", [2.0, "2", None, True])
def test_a_rank_is_an_integer(rank: object) -> None:
    with pytest.raises(InputError, match="the rank of a tensor is an integer, got"):
        Irrep("q", rank, 1)


def test_the_series_starts_at_degree_zero_and_refuses_what_is_out_of_reach() -> None:
    assert TensorSpace("5o").hilbert_series(0) == [1]
    with pytest.raises(InputError, match="at least 0, got -1"):
        TensorSpace("1o").hilbert_series(-1)
    with pytest.raises(InputError, match="out of reach; lower the degree"):
        TensorSpace("1o").hilbert_series(10**9)


@pytest.mark.parametrize("multidegree", [(1,), (1, 2, 3), (-1, 2), ()])
def test_a_multidegree_has_one_entry_for_each_tensor(multidegree: tuple[int, ...]) -> None:
    with pytest.raises(InputError, match="is 2 non-negative integers"):
        TensorSpace("1o + 2e").count(multidegree)


def test_an_unknown_tensor_is_refused_with_the_known_names() -> None:
    with pytest.raises(InputError, match="has no tensor 'w'; it has v, q"):
        TensorSpace("v:1o + q:2e").index("w")


def test_spaces_are_frozen_and_hashable() -> None:
    space = TensorSpace("1o")
    with pytest.raises(AttributeError):
        space.group = "SO3"
    assert len({space, TensorSpace("1o"), TensorSpace("1o", group="SO3")}) == 2


@pytest.mark.parametrize("given", [5, None, ["1o"], "9" * 5000 + "o", "9" * 5000 + "x1o", "\u0661o"])
def test_what_is_no_list_of_irreps_is_refused(given: object) -> None:
    with pytest.raises(InputError, match=r"a space is made from|cannot read"):
        TensorSpace(given)


@pytest.mark.parametrize("multidegree", [3, (1.5,), (-1,), (1, 2), None])
def test_what_is_no_multidegree_is_refused(multidegree: object) -> None:
    with pytest.raises(InputError, match="1 non-negative integers"):
        TensorSpace("2e").count(multidegree)


def test_one_name_for_several_tensors_is_followed_by_their_irreps() -> None:
    space = TensorSpace("a:(0e + 1o + 1e) + 2x2e + b:(2x0e + 1o) + v:1o")
    own = ["a_0e:0e", "a_1o:1o", "a_1e:1e", "l2_0:2e", "l2_1:2e", "b_0e_0:0e", "b_0e_1:0e", "b_1o:1o", "v:1o"]
    assert str(space) == " + ".join(own) and TensorSpace(str(space)) == space
    assert space.places("a") == (0, 1, 2) and space.places("l2") == (3, 4) and space.places("v") == (8,)
    assert space.places("b_0e") == (5, 6) and space.places("b_1o") == (7,)
    for text, words in (
        ("a:(0e + 1o", "cannot read 'a:\\(0e'"),
        ("a:(v:0e + 1o)", "leave out the name 'v'"),
        ("a:()", "cannot read ''"),
        ("(0e + 1o)", "cannot read"),
        ("a:1o + a:2e", "one name for several is written"),
        ("a:(1o + 2e) + a_1o:1o", "a_1o appears more than once"),
    ):
        with pytest.raises(InputError, match=words):
            TensorSpace(text)
    with pytest.raises(InputError, match="has no tensor 'w'"):
        space.places("w")
