"""Cuts by total degree: the products of the atomic cluster expansion, counted by brute force."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from invgen import Basis, TensorSpace, cli, generate
from invgen.basis import file as basis_file
from invgen.errors import BasisFileError, InputError
from invgen.reduction.search.limits import Limit, limit_of
from tests.support import oracles

BOX = TensorSpace.ace(n_max=3, l_max=2)
CASES: list[tuple[TensorSpace, int, int, Any]] = [
    (BOX, 4, 6, None),
    (BOX, 3, 9, (1, 2)),
    (TensorSpace.ace(n_max=4, l_max=3), 3, 11, (2, 3)),
    (TensorSpace("a:1o + b:1e + c:2e"), 5, 7, {"a": 1, "b": 2, "c": 3}),
    (TensorSpace("a:1o + b:1e + c:2e", "SO3"), 4, 6, {"a": 1, "b": 2, "c": 3}),
]


def within(space: TensorSpace, max_degree: int, total_degree: int, weights: Any) -> Iterator[tuple[int, ...]]:
    """Every multidegree of the cut, by looking at all there are up to max_degree."""
    if not isinstance(weights, dict):
        n_weight, l_weight = weights or (1, 1)
        weights = {t.name: n_weight * int(t.name[1:].split("l")[0]) + l_weight * t.l for t in space.tensors}
    for powers in product(*(range(min(max_degree, total_degree // weights[name]) + 1) for name in space.names)):
        total = sum(weights[name] * k for name, k in zip(space.names, powers, strict=True))
        if 0 < sum(powers) <= max_degree and total <= total_degree:
            yield powers


def molien(space: TensorSpace, powers: tuple[int, ...]) -> int:
    odd = sum(k for t, k in zip(space.tensors, powers, strict=True) if t.parity < 0) % 2
    factors = [(t.l, k) for t, k in zip(space.tensors, powers, strict=True) if k]
    return 0 if odd and space.group == "O3" else oracles.invariants_by_weights(factors)


@pytest.mark.parametrize(("space", "max_degree", "total_degree", "weights"), CASES, ids=str)
def test_linear_bases_have_the_molien_count_of_every_multidegree_of_the_cut(
    space: TensorSpace, max_degree: int, total_degree: int, weights: Any
) -> None:
    basis = generate(space, max_degree, select="linear", total_degree=total_degree, weights=weights)
    cut = list(within(space, max_degree, total_degree, weights))
    expected = {powers: count for powers in cut if (count := molien(space, powers))}
    assert Counter(member.multidegree for member in basis) == expected
    assert basis.certificate.complete and all(claim.holds for claim in basis.verify())
    everything = generate(space, max_degree, select="linear")
    assert set(basis.contractions) < set(everything.contractions)


@pytest.mark.parametrize(("space", "max_degree", "total_degree", "weights"), CASES, ids=str)
def test_the_multidegrees_of_a_cut_are_listed_and_counted_without_looking_at_others(
    space: TensorSpace, max_degree: int, total_degree: int, weights: Any
) -> None:
    limit = limit_of(space, total_degree, weights)
    assert limit is not None
    found = [m for degree in range(1, max_degree + 1) for m in limit.multidegrees(degree)]
    assert sorted(found) == sorted(within(space, max_degree, total_degree, weights))
    for degree in range(1, max_degree + 1):
        here = [m for m in found if sum(m) == degree]
        assert here == sorted(here, reverse=True) and len(here) == limit.count(degree)
    assert limit.count(limit.highest + 1) == 0


@pytest.mark.parametrize("order", ["degree", "cost"])
@pytest.mark.parametrize(("space", "max_degree", "total_degree", "weights"), CASES, ids=str)
def test_independent_members_have_the_rank_of_all_invariants_of_the_cut(
    space: TensorSpace, max_degree: int, total_degree: int, weights: Any, order: str
) -> None:
    basis = generate(space, max_degree, order=order, total_degree=total_degree, weights=weights)
    cut = set(within(space, max_degree, total_degree, weights))
    assert all(member.multidegree in cut for member in basis)
    linear = generate(space, max_degree, select="linear", total_degree=total_degree, weights=weights)
    everything = Basis.from_contractions(linear.contractions, space)
    assert len(basis) == everything.certificate.rank
    assert basis.certificate.verify(basis)


def test_generators_of_a_cut_are_those_generators_that_belong_to_it() -> None:
    whole = generate(BOX, 4, select="integrity")
    cut = generate(BOX, 4, select="integrity", total_degree=7)
    limit = limit_of(BOX, 7, None)
    assert limit is not None and cut.limit == limit
    assert cut.contractions == tuple(c for c in whole.contractions if limit.admits(c.multidegree(BOX)))
    assert cut.certificate.verify(cut)


def test_covariants_are_cut_too() -> None:
    whole = generate(BOX, 3, select="linear", outputs="1o")
    cut = generate(BOX, 3, select="linear", outputs="1o", total_degree=6, weights=(1, 1))
    assert cut.contractions == tuple(
        c for c in whole.contractions if cut.limit and cut.limit.admits(c.multidegree(BOX))
    )
    assert 0 < len(cut) < len(whole) and cut.certificate.verify(cut)


def test_a_cut_reaches_boxes_that_are_too_large_without_it() -> None:
    space = TensorSpace.ace(n_max=12, l_max=6)
    with pytest.raises(InputError, match="has 2225895 multidegrees"):
        generate(space, 4, select="linear")
    basis = generate(space, 4, select="linear", total_degree=12, weights=(1, 2))
    limit = limit_of(space, 12, (1, 2))
    assert limit is not None
    assert basis.degrees.count(4) == sum(molien(space, m) for m in limit.multidegrees(4)) > 50
    assert basis.certificate.verify(basis)


def test_a_cut_that_keeps_everything_changes_the_request_and_no_member() -> None:
    free, cut = generate(BOX, 3, select="linear"), generate(BOX, 3, select="linear", total_degree=15)
    assert cut.contractions == free.contractions and cut.id != free.id
    assert cut.limit == Limit(tuple(n + l for n in (1, 2, 3) for l in (0, 1, 2)), 15)


def test_proportional_weights_are_one_request() -> None:
    once = generate(BOX, 3, select="linear", total_degree=7, weights=(1, 2))
    assert generate(BOX, 3, select="linear", total_degree=14, weights=(2, 4)).id == once.id
    assert generate(BOX, 3, select="linear", total_degree=15, weights=[2, 4]).id == once.id
    named = {t.name: 2 * t.l + int(t.name[1]) for t in BOX.tensors}
    assert generate(BOX, 3, select="linear", total_degree=7, weights=named).id == once.id


def test_executors_and_checkpoints_change_no_byte(tmp_path: Path) -> None:
    request: dict[str, Any] = {"select": "linear", "total_degree": 7}
    alone = basis_file.dumps(generate(BOX, 4, **request))
    with ThreadPoolExecutor(2) as executor:
        assert basis_file.dumps(generate(BOX, 4, **request, executor=executor, checkpoint=tmp_path)) == alone
    assert basis_file.dumps(generate(BOX, 4, **request, checkpoint=tmp_path)) == alone


@pytest.mark.parametrize("select", ["independent", "linear", "integrity"])
def test_files_keep_the_cut_and_another_is_refused(select: str, tmp_path: Path) -> None:
    basis = generate(BOX, 3, select=select, total_degree=6)
    path = tmp_path / "basis.json"
    basis.save(path)
    assert Basis.load(path) == basis and "total degree 6" in basis.table("markdown")
    assert basis.limit is not None
    for limit in (None, replace(basis.limit, highest=5), replace(basis.limit, highest=7)):
        assert not basis.certificate.verify(replace(basis, limit=limit))
    with pytest.raises(BasisFileError, match="is damaged"):
        text = path.read_text()
        path.write_text(text.replace('"highest": 6', '"highest": -6'))
        Basis.load(path)


@pytest.mark.parametrize("weights", ["1,2", ",".join(f"n{n}l{l}={n + 2 * l}" for n in (1, 2, 3) for l in (0, 1, 2))])
def test_the_command_line_takes_a_cut(weights: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "cut.json"
    request = ["generate", "ace n_max=3 l_max=2", "--max-degree", "3", "--select", "linear", "-o", str(path)]
    assert cli.main([*request, "--total-degree", "7", "--weights", weights]) == 0
    assert Basis.load(path).id == generate(BOX, 3, select="linear", total_degree=7, weights=(1, 2)).id
    assert cli.main(["verify", str(path)]) == 0
    assert "no member is beyond the total degree 7" in capsys.readouterr().out
    for wrong in ("x", "1,2.5", "n1l0=1,2"):
        assert cli.main([*request, "--total-degree", "7", "--weights", wrong]) == 2
        assert capsys.readouterr().err.count("\n") == 1


def test_what_is_beyond_the_cut_is_not_expanded() -> None:
    basis = generate(BOX, 2, select="linear", total_degree=4)
    assert basis.expand((",", ("n1l0", "n2l0")))
    with pytest.raises(InputError, match="is beyond the basis, which reaches total degree 4"):
        basis.expand((",", ("n3l0", "n2l0")))


@pytest.mark.parametrize(
    ("space", "options", "words"),
    [
        (BOX, {"weights": (1, 1)}, "give total_degree too"),
        (BOX, {"total_degree": 0}, "total_degree is an integer of at least 1, got 0"),
        (BOX, {"total_degree": 2.5}, "total_degree is an integer of at least 1, got 2.5"),
        (BOX, {"total_degree": 1, "weights": (2, 1)}, "leaves nothing: the lowest tensor has 2"),
        (BOX, {"total_degree": 5, "weights": (1, 0)}, "weight of a total degree is an integer of at least 1, got 0"),
        (BOX, {"total_degree": 5, "weights": (1, 1, 1)}, "are two integers, of n and of l"),
        (BOX, {"total_degree": 5, "weights": {"n1l0": 1}}, "give one for each of"),
        (BOX, {"total_degree": 20_000}, "total_degree=20000 is above 10000"),
        (
            BOX,
            {"total_degree": 5, "select": "flexible"},
            "total_degree=5 goes with select='independent', 'linear' or 'integrity' only",
        ),
        (
            BOX,
            {"total_degree": 5, "select": "separating"},
            "total_degree=5 goes with select='independent', 'linear' or 'integrity' only",
        ),
        (BOX, {"total_degree": 5, "strata": True}, "cannot be combined with strata=True; leave one of them out"),
        (TensorSpace("1o"), {"total_degree": 5}, "'l1' is not a channel of TensorSpace.ace, .* give weights"),
        (TensorSpace("n1l2:1o"), {"total_degree": 5}, "'n1l2' is not a channel"),
        (TensorSpace("1o"), {"total_degree": 5, "weights": {"l1": 3}}, "no O3 invariants of degree 1 to 3 within"),
    ],
    ids=str,
)
def test_cuts_that_make_no_sense_are_refused(space: TensorSpace, options: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError, match=words):
        generate(space, 3, **options)
