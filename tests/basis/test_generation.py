from __future__ import annotations

import numpy as np
import pytest

from invgen import TensorSpace, generate
from invgen.errors import InputError

SPACE = TensorSpace("1o + 2e")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"max_degree": 0}, "a degree is an integer of at least 1, got 0"),
        ({"max_degree": -3}, "at least 1, got -3"),
        ({"max_degree": 2.5}, "at least 1, got 2.5"),
        ({"max_degree": "4"}, "at least 1, got '4'"),
        ({"max_degree": None}, "at least 1, got None"),
        ({"max_degree": True}, "at least 1, got True"),
        ({"max_degree": np.int64(0)}, "at least 1, got 0"),
        ({"max_degree": np.float64(3)}, "at least 1, got 3.0"),
        ({"select": "best"}, "select must be one of 'independent', .*'separating', 'linear', 'integrity', got 'best'"),
        ({"order": "size"}, "order must be one of 'degree', 'cost', or a mapping of weights such as .* got 'size'"),
        ({"forms": "dear"}, "forms must be one of 'contraction', 'cheapest', got 'dear'"),
        ({"convention": "racah"}, "convention must be one of .*got 'racah'"),
    ],
)
def test_bad_arguments_are_refused_with_what_is_allowed(arguments: dict, words: str) -> None:
    with pytest.raises(InputError, match=words):
        generate(SPACE, **{"max_degree": 3, **arguments})


@pytest.mark.parametrize("space", ["1o + 2e", None, 5])
def test_the_first_argument_is_a_space(space: object) -> None:
    with pytest.raises(InputError, match="first argument is a TensorSpace, got"):
        generate(space, 3)


def test_hippynn_is_refused_beyond_rank_three() -> None:
    with pytest.raises(InputError, match="l <= 3, the space has l = 4"):
        generate(TensorSpace("4e"), 2, convention="hippynn")


@pytest.mark.parametrize("degree", [10**9, 10**6])
def test_huge_degrees_are_refused_where_work_grows_with_them(degree: int) -> None:
    with pytest.raises(InputError, match="out of reach; lower the degree"):
        generate(TensorSpace("2e"), degree, select="linear")


def test_huge_degrees_cost_nothing_once_the_rank_is_full() -> None:
    assert generate(TensorSpace("2e"), 10**9).degrees == (2, 3)


@pytest.mark.parametrize("select", ["independent", "linear"])
@pytest.mark.parametrize(
    ("irreps", "degree", "first"), [("1o", 1, 2), ("2e", 1, 2), ("1o + 2e", 1, 2), ("3o", 1, 2), ("0o", 1, 2)]
)
def test_a_space_with_nothing_to_find_says_where_to_look(irreps: str, degree: int, first: int, select: str) -> None:
    with pytest.raises(
        InputError, match=f"has no O3 invariants of degree 1 to {degree}; the first have degree {first}"
    ):
        generate(TensorSpace(irreps), degree, select=select)


@pytest.mark.parametrize("select", ["independent", "linear"])
def test_the_result_is_what_was_asked_for(select: str) -> None:
    basis = generate(SPACE, 4, select=select, convention="e3nn_integral")
    assert (basis.space, basis.max_degree, basis.select, basis.convention) == (SPACE, 4, select, "e3nn")
    assert (basis.order, basis.forms) == ("degree", "contraction")
    assert max(basis.degrees) == 4
    assert basis.certificate.verify(basis)


def test_the_convention_changes_neither_members_nor_certificate() -> None:
    a, b = generate(SPACE, 4, convention="rational"), generate(SPACE, 4, convention="sphericart")
    assert (a.contractions, a.certificate) == (b.contractions, b.certificate)
    assert a.with_convention("sphericart") == b


def test_progress_is_told_and_changes_nothing() -> None:
    told = []
    basis = generate(SPACE, 3, progress=lambda *now: told.append(now))
    assert basis == generate(SPACE, 3)
    assert told[0][0].startswith("estimate: ")
    texts = {text for text, _, _ in told[1:]}
    assert {"degree 2", "degree 3"} <= texts <= {"degree 1", "degree 2", "degree 3"}
    assert all(0 <= done <= total for _, done, total in told)


def test_an_insufficient_degree_is_admitted_not_hidden() -> None:
    certificate = generate(TensorSpace("3o"), 4).certificate
    assert (certificate.rank, certificate.target, certificate.complete) == (2, 4, False)


@pytest.mark.slow
def test_a_thousand_tensors_are_enumerated_or_refused() -> None:
    assert len(generate(TensorSpace("1001x0e"), 1)) == 1001


def test_more_contraction_graphs_than_can_be_held_are_refused_with_a_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("invgen.contractions.graphs.MAX_GRAPHS", 300)  # the limit itself takes half a minute to reach
    with pytest.raises(
        InputError, match="more than 300 contraction graphs; lower max_degree, or use select='integrity'"
    ):
        generate(TensorSpace("20e"), 6)
