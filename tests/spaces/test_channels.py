from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pytest

from invgen import TensorSpace, cli, generate
from invgen.contractions.candidates import connected_contractions
from invgen.errors import InputError
from invgen.spaces.reading import read_space

# One species, full box: linearly independent invariants per correlation order, and functionally independent ones.
BOXES = [
    (1, 3, [1, 4, 8, 23, 45], 13),
    (2, 2, [2, 9, 26, 75, 192], 15),
    (2, 3, [2, 12, 46, 220, 894], 29),
    (3, 2, [3, 18, 74, 300, 1110], 24),
]
# Larger boxes, counted here: linear ones from the Hilbert series as well, ranks from dim V - 3.
LARGER = [(3, 3, 4), (4, 2, 4), (2, 5, 4), (4, 3, 3)]


@pytest.mark.parametrize(("n_max", "l_max", "linear", "independent"), BOXES)
def test_counts_of_ace_boxes(n_max: int, l_max: int, linear: list[int], independent: int) -> None:
    space = TensorSpace.ace(n_max, l_max)
    assert space.hilbert_series(5) == [1, *linear]
    found = Counter(generate(space, 4, select="linear").degrees)
    assert [found[degree] for degree in range(1, 5)] == linear[:4]
    basis = generate(space, 4)
    assert len(basis) == independent == basis.certificate.target and basis.certificate.complete


@pytest.mark.parametrize(("n_max", "l_max", "linear", "independent"), BOXES)
def test_counts_of_ace_boxes_at_correlation_five(n_max: int, l_max: int, linear: list[int], independent: int) -> None:
    basis = generate(TensorSpace.ace(n_max, l_max), 5, select="linear")
    found = Counter(basis.degrees)
    assert [found[degree] for degree in range(1, 6)] == linear
    assert basis.certificate.complete


@pytest.mark.parametrize(("n_max", "l_max", "degree"), LARGER)
def test_counts_of_larger_boxes_agree_with_the_hilbert_series(n_max: int, l_max: int, degree: int) -> None:
    space = TensorSpace.ace(n_max, l_max)
    found = Counter(generate(space, degree, select="linear").degrees)
    assert [found[k] for k in range(1, degree + 1)] == space.hilbert_series(degree)[1:]
    assert len(generate(space, degree)) == space.dimension - 3


@pytest.mark.parametrize("order", ["degree", "cost"])
def test_two_hundred_components_have_full_rank_at_correlation_three(order: str) -> None:
    space = TensorSpace.ace(8, 4)
    assert space.dimension == 200
    assert sum(space.hilbert_series(3)) - 1 == 4164 and sum(space.hilbert_series(4)) - 1 == 111_798
    basis = generate(space, 4, order=order)
    assert len(basis) == 197 and basis.certificate.complete
    if order == "degree":
        assert [sum(d <= k for d in basis.degrees) for k in (1, 2, 3)] == [8, 130, 197]
    assert basis.certificate.verify(basis)


@pytest.mark.parametrize(("l", "labels_differ", "labels_agree"), [(1, 3, 1), (2, 5, 1), (3, 7, 2), (4, 9, 2)])
def test_multiplicity_of_the_scalar_in_a_product_of_four_tensors(l: int, labels_differ: int, labels_agree: int) -> None:
    space = TensorSpace.ace(4, l)
    places = [space.index(f"n{n}l{l}") for n in range(1, 5)]
    different = tuple(int(i in places) for i in range(len(space.tensors)))
    equal = tuple(4 * (i == places[0]) for i in range(len(space.tensors)))
    assert (space.count(different), space.count(equal)) == (labels_differ, labels_agree)
    # And by what is listed, not counted: connected contractions and products of pairs span at least as many.
    products = 3  # (12)(34), (13)(24), (14)(23)
    assert len(connected_contractions(space, different)) + products >= labels_differ


def test_channels_are_named_by_n_and_l_with_natural_parity() -> None:
    assert str(TensorSpace.ace(2, 1)) == "n1l0:0e + n1l1:1o + n2l0:0e + n2l1:1o"
    assert TensorSpace.ace().names == ("n1l0", "n1l1", "n1l2", "n1l3", "n2l0", "n2l1", "n2l2", "n2l3")
    assert TensorSpace.ace().is_natural and TensorSpace.ace().group == "O3"
    assert TensorSpace.ace(1, 2, group="SO3").group == "SO3"
    assert TensorSpace.ace(12, 10).names[-1] == "n12l10"


@pytest.mark.parametrize("n_max", [1, 3, 6])
@pytest.mark.parametrize("l_max", [0, 2, 5])
@pytest.mark.parametrize("weights", [None, (1, 1), (2, 3), [3, 1]])
@pytest.mark.parametrize("cut", [3, 4, 6, 7, 100])
def test_a_total_degree_keeps_the_channels_below_it(n_max: int, l_max: int, weights: Any, cut: int) -> None:
    a, b = weights or (1, 1)
    kept = [(n, l) for n in range(1, n_max + 1) for l in range(l_max + 1) if a * n + b * l <= cut]
    space = TensorSpace.ace(n_max, l_max, total_degree=cut, weights=weights)
    assert [(t.name, t.l) for t in space.tensors] == [(f"n{n}l{l}", l) for n, l in kept]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"n_max": 0}, "n_max is an integer of at least 1, got 0"),
        ({"n_max": 2.0}, "n_max is an integer of at least 1, got 2.0"),
        ({"n_max": True}, "got True"),
        ({"l_max": -1}, "l_max is an integer of at least 0, got -1"),
        ({"l_max": "3"}, "got '3'"),
        ({"l_max": 21}, "ranks from 0 to 20 are supported"),
        ({"total_degree": 0}, "total_degree=0 leaves no channel: the lowest, n = 1 and l = 0, has 1; use 1 or more"),
        ({"total_degree": 4, "weights": (5, 1)}, "leaves no channel: .* has 5; use 5 or more"),
        ({"total_degree": -2}, "total_degree is an integer of at least 0, got -2"),
        ({"total_degree": 4.5}, "got 4.5"),
        ({"weights": (1, 2)}, "are the weights of a total degree; give total_degree too"),
        ({"total_degree": 4, "weights": (1, 1.5)}, "a weight of a total degree is an integer of at least 1, got 1.5"),
        ({"total_degree": 4, "weights": (0, 1)}, "got 0"),
        ({"total_degree": 4, "weights": (1, 1, 1)}, "two integers, of n and of l"),
        ({"total_degree": 4, "weights": 2}, "two integers, of n and of l, got 2"),
        ({"n_max": 10**12}, "more than 5000 channels; lower n_max, l_max or total_degree"),
        ({"n_max": 200, "l_max": 20}, "at most 5000 are supported"),
        ({"group": "O2"}, "the group must be one of O3, SO3"),
    ],
)
def test_bad_cuts_are_refused_with_what_is_allowed(arguments: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError, match=words):
        TensorSpace.ace(**arguments)


@pytest.mark.parametrize("number", [np.int64, np.int8, np.array])
def test_cuts_may_be_numbers_of_numpy(number: Any) -> None:
    plain = TensorSpace.ace(2, 4, 9, (2, 3))
    assert TensorSpace.ace(number(2), number(4), number(9), np.array([2, 3])) == plain
    assert repr(TensorSpace.ace(number(2), number(1))) == repr(TensorSpace.ace(2, 1))


def test_a_line_of_text_asks_for_channels() -> None:
    assert read_space("ace") == TensorSpace.ace()
    assert read_space("ace n_max=3 l_max=4", "SO3") == TensorSpace.ace(3, 4, group="SO3")
    assert read_space(" ace  l_max=4 total_degree=9 weights=2,3") == TensorSpace.ace(2, 4, 9, (2, 3))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("ace 3 4", "cannot read '3'; write channels as"),
        ("ace n=3", "cannot read 'n=3'"),
        ("ace n_max=-3", "cannot read 'n_max=-3'"),
        ("ace n_max=3,4", "cannot read 'n_max=3,4'"),
        ("ace weights=3", "cannot read 'weights=3'"),
        ("ace group=SO3", "cannot read 'group=SO3'"),
        ("ace n_max=3 n_max=4", "n_max appears twice"),
        ("ace total_degree=4 weights=1,2,3", "two integers"),
    ],
)
def test_unreadable_lines_are_refused(text: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        read_space(text)


def test_the_command_line_takes_channels(tmp_path: Any) -> None:
    path = tmp_path / "ace.json"
    assert cli.main(["generate", "ace n_max=2 l_max=2", "--max-degree", "3", "-o", str(path)]) == 0
    assert path.exists()
