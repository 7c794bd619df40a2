"""Given degrees in some tensors: bilinear maps are all couplings, counted by brute force, and verified from files."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from fractions import Fraction
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from invgen import Basis, TensorSpace, cli, generate
from invgen.errors import BasisFileError, InputError
from invgen.reduction.search.degrees import degrees_of, parse_degrees
from invgen.spaces.outputs import count_maps

PAIR = TensorSpace("a:(0e + 1o + 2e) + b:(0e + 1o + 2e)")
MIXED = TensorSpace("a:(1o + 1e) + v:1o + b:(0o + 2e)")
ASKED = {"a": 1, "b": 1}
CASES: list[tuple[TensorSpace, int, Any]] = [
    (PAIR, 2, ASKED),
    (PAIR, 3, {"a": 2}),
    (TensorSpace("a:1o + x:0e + b:1e + y:2e"), 4, {("a", "y"): 2, "b": 1}),
    (TensorSpace("a:1o + x:0e + b:1e + y:2e", "SO3"), 3, {("b", "x"): 0, "y": 1}),
    (MIXED, 3, {"b": 1, "a": 1}),
]


def within(space: TensorSpace, max_degree: int, degrees: Any) -> list[tuple[int, ...]]:
    """Every multidegree of the cut, by looking at all there are up to max_degree."""
    sets = [(k if isinstance(k, tuple) else (k,), degree) for k, degree in degrees.items()]
    groups = [([n for n in space.names if n in keys or n.split("_")[0] in keys], d) for keys, d in sets]
    named = [dict(zip(space.names, m, strict=True)) for m in product(range(max_degree + 1), repeat=len(space.names))]
    kept = [m for m in named if 0 < sum(m.values()) <= max_degree]
    return [tuple(m.values()) for m in kept if all(sum(m[n] for n in names) == d for names, d in groups)]


@pytest.mark.parametrize(("space", "max_degree", "degrees"), CASES, ids=str)
def test_the_multidegrees_are_listed_in_order_and_counted(space: TensorSpace, max_degree: int, degrees: Any) -> None:
    cut = degrees_of(space, degrees, max_degree)
    assert cut is not None
    everything = within(space, max_degree, degrees)
    for degree in range(1, max_degree + 1):
        wanted = sorted((m for m in everything if sum(m) == degree), reverse=True)
        assert list(cut.multidegrees(degree)) == wanted and cut.count(degree) == len(wanted)
        assert all(cut.admits(m) for m in wanted) and (degree in cut.searched(max_degree)) == bool(wanted)
    assert sum(map(cut.admits, product(range(max_degree + 1), repeat=len(space.names)))) >= len(everything)


@pytest.mark.parametrize("outputs", ["0e", "1o", "1e"])
@pytest.mark.parametrize(("space", "max_degree", "degrees"), CASES, ids=str)
def test_members_are_those_of_the_whole_basis_that_have_the_degrees(
    space: TensorSpace, max_degree: int, degrees: Any, outputs: str
) -> None:
    cut = degrees_of(space, degrees, max_degree)
    assert cut is not None
    whole = generate(space, max_degree, select="linear", outputs=outputs)
    wanted = tuple(m for m in whole.contractions if cut.admits(m.multidegree(space)))
    if not wanted:
        with pytest.raises(InputError, match="change the degrees or the outputs"):
            generate(space, max_degree, select="linear", outputs=outputs, degrees=degrees)
        return
    basis = generate(space, max_degree, select="linear", outputs=outputs, degrees=degrees)
    assert basis.contractions == wanted and basis.limit == cut and basis.id != whole.id
    counts = {m: n for m in within(space, max_degree, degrees) if (n := count_maps(space, outputs, m))}
    assert Counter(m.multidegree for m in basis) == counts == dict(basis.certificate.counts)
    assert all(claim.holds for claim in basis.verify())


@pytest.mark.torch
@pytest.mark.parametrize("outputs", ["0e", "1o", "1e", "2e", "2o"])
def test_bilinear_maps_span_the_couplings_of_wigner_symbols(outputs: str) -> None:
    from e3nn import o3

    basis = generate(PAIR, 2, select="linear", outputs=outputs, degrees=ASKED, convention="e3nn")
    l, parity = int(outputs[0]), {"e": 1, "o": -1}[outputs[1]]
    x = np.random.default_rng(0).normal(size=(12, PAIR.dimension))
    part = {t.name: x[:, where] for t, where in zip(PAIR.tensors, PAIR.slices, strict=True)}
    couplings = []
    for a, b in product(PAIR.tensors[:3], PAIR.tensors[3:]):
        if abs(a.l - b.l) <= l <= a.l + b.l and a.parity * b.parity == parity:
            symbols = o3.wigner_3j(a.l, b.l, l).double().numpy()
            couplings.append(np.einsum("sa,sb,abc->sc", part[a.name], part[b.name], symbols).ravel())
    ours = basis.evaluate(x).reshape(len(x), len(basis), -1).swapaxes(0, 1).reshape(len(basis), -1)
    assert len(basis) == len(couplings)
    solved, *_ = np.linalg.lstsq(np.stack(couplings).T, ours.T, rcond=None)
    # e3nn stores its symbols with 1e-7: each member is a multiple of one coupling.
    assert np.abs(np.stack(couplings).T @ solved - ours.T).max() < 1e-5 * np.abs(ours).max()
    assert np.linalg.matrix_rank(solved, tol=1e-3) == len(basis)
    assert ((np.abs(solved) > 1e-4 * np.abs(solved).max()).sum(0) == 1).all()


def test_equal_requests_have_one_id_however_they_are_written() -> None:
    named = generate(PAIR, 2, select="linear", outputs="1o", degrees=ASKED)
    spelt: dict[str | tuple[str, ...], int] = {("b_2e", "b_0e", "b_1o"): 1, ("a_0e", "a_1o", "a_2e"): 1}
    assert generate(PAIR, 2, select="linear", outputs="1o", degrees=spelt).id == named.id
    assert generate(PAIR, 2, select="linear", outputs="1o", degrees={"a": 1}).id != named.id
    copies = TensorSpace("2x1o + b:2e")  # default names share a stem, too
    assert generate(copies, 2, select="linear", degrees={"l1": 2}).degrees == (2, 2, 2)


def test_files_keep_the_degrees_and_others_are_refused(tmp_path: Path) -> None:
    basis = generate(PAIR, 2, select="linear", outputs="2e", degrees=ASKED)
    path = tmp_path / "basis.json"
    basis.save(path)
    assert Basis.load(path) == basis and "degree 1 in a_0e + a_1o + a_2e and degree 1 in b_0e" in basis.table()
    for degrees in ({"a": 1}, {"a": 2}, {"a": 1, ("b_0e", "b_1o"): 1}):
        assert not basis.certificate.verify(replace(basis, limit=degrees_of(PAIR, degrees, 2)))
    assert not basis.certificate.verify(replace(basis, limit=None))
    fewer = replace(basis, contractions=basis.contractions[:-1])
    assert not basis.certificate.verify(fewer)
    independent = generate(TensorSpace("a:1o + b:1o"), 2)
    wrong = replace(independent, limit=degrees_of(independent.space, {("a", "b"): 2}, 2))
    assert not independent.certificate.verify(wrong), "a selection without degrees"
    text = path.read_text()
    for old, new in (('"a_2e"], 1]', '"a_2e"], -1]'), ('"a_0e", "a_1o"', '"a_1o", "a_0e"'), ('["a_0e"', '["c_0e"')):
        assert old in text.replace("\n", "")
        path.write_text(text.replace(old, new, 1) if old != '["a_0e"' else text.replace(old, new))
        with pytest.raises(BasisFileError, match="is damaged"):
            Basis.load(path)


def test_the_command_line_takes_degrees(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "basis.json"
    request = ["generate", str(PAIR), "--max-degree", "2", "--select", "linear", "-o", str(path)]
    assert cli.main([*request, "--outputs", "1e", "--degrees", "a=1, b_1o+b_2e=1"]) == 0
    asked: dict[str | tuple[str, ...], int] = {"a": 1, ("b_1o", "b_2e"): 1}
    wanted = generate(PAIR, 2, select="linear", outputs="1e", degrees=asked)
    assert Basis.load(path).id == wanted.id
    assert cli.main(["verify", str(path)]) == 0
    assert "every member has degree 1 in a_0e + a_1o + a_2e and degree 1 in b_1o + b_2e" in capsys.readouterr().out
    for wrong in ("a", "a=", "a=x", "a=1,a=1", "a=-1", "+a=1", "a=1,"):
        assert cli.main([*request, "--degrees", wrong]) == 2
        assert capsys.readouterr().err.count("\n") == 1
    assert parse_degrees("a=1,b + c=2") == {"a": 1, ("b", "c"): 2}


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"degrees": {}}, "degrees is a mapping from names of tensors to degrees, such as {'a_0e': 1, 'a_1o': 1}"),
        ({"degrees": "a=1"}, "degrees is a mapping"),
        ({"degrees": {"c": 1}}, "has no tensor 'c'; it has a_0e"),
        ({"degrees": {"b_3o": 1}}, "has no tensor 'b_3o', did you mean 'b_1o'?"),
        ({"degrees": {3: 1}}, "a name or a tuple of names, got 3"),
        ({"degrees": {(): 1}}, r"a name or a tuple of names, got \(\)"),
        ({"degrees": {"a": -1}}, "the degree in a is an integer of at least 0, got -1"),
        ({"degrees": {"a": Fraction(1, 2)}}, "the degree in a is an integer of at least 0"),
        ({"degrees": {"a": 1, "a_0e": 1}}, "degrees name a_0e twice"),
        ({"degrees": {"a": 2, "b": 1}}, "sum to 3, above max_degree=2; raise max_degree"),
        ({"degrees": {"a": 0, "b": 0}}, "leave nothing but constants"),
        ({"degrees": ASKED, "outputs": "0o"}, "no O3 covariants 0o of degree 1 to 2 with degree 1 in a_0e"),
        ({"degrees": ASKED, "select": "independent"}, "goes with select='linear' only, got select='independent'"),
        ({"degrees": ASKED, "select": "integrity"}, "goes with select='linear' only, got select='integrity'"),
        (
            {"degrees": ASKED, "total_degree": 2, "weights": dict.fromkeys(PAIR.names, 1)},
            "total_degree cannot be combined with degrees",
        ),
    ],
    ids=str,
)
def test_other_degrees_are_refused_in_one_sentence(options: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError, match=words) as caught:
        generate(PAIR, 2, **{"select": "linear", **options})
    assert "\n" not in str(caught.value)
