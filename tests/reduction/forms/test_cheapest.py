from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from itertools import combinations_with_replacement
from pathlib import Path

import numpy as np
import pytest
from sympy.polys.domains import QQ
from sympy.polys.matrices import DomainMatrix

import invgen
from invgen import Basis, TensorSpace, generate
from invgen.contractions.expression import Expression, parse
from invgen.contractions.printing import polynomial
from invgen.contractions.trees import CouplingTree
from invgen.errors import BasisFileError, EnumerationError, InputError
from invgen.ir.lowering import lower
from invgen.ir.program import Program
from invgen.reduction.forms import cheapest as forms
from invgen.reduction.forms.cheapest import cheapest_forms
from invgen.reduction.options import FORMS
from invgen.reduction.search.request import Request
from invgen.reduction.selections import independent
from invgen.spaces.space import Irrep

NATURAL = tuple(f"{l}{'eo'[l % 2]}" for l in range(11))


@cache
def pair(irreps: str, degree: int, group: str = "O3", **options: str | int) -> tuple[Basis, Basis]:
    """A basis with the forms found first, and with the cheapest ones."""
    space = TensorSpace(irreps, group)
    first, second = (generate(space, degree, forms=name, **options) for name in FORMS)
    return first, second


def rank(rows: list[dict]) -> int:
    columns = sorted({c for row in rows for c in row})
    matrix = [[QQ(row[c].numerator, row[c].denominator) if c in row else QQ(0) for c in columns] for row in rows]
    return int(DomainMatrix(matrix, (len(rows), len(columns)), QQ).rank()) if rows else 0


def multiply(a: dict, b: dict) -> dict:
    result: dict = {}
    for m, x in a.items():
        for n, y in b.items():
            key = tuple(i + j for i, j in zip(m, n, strict=True))
            result[key] = result.get(key, 0) + x * y
    return result


def products(space: TensorSpace, members: list[Expression], multidegree: tuple[int, ...]) -> list[dict]:
    """The polynomials of all products of members that have a multidegree."""
    fitting = [m for m in members if all(a <= b for a, b in zip(m.multidegree(space), multidegree, strict=True))]
    found = []
    for count in range(1, sum(multidegree) + 1):
        for chosen in combinations_with_replacement(fitting, count):
            if tuple(map(sum, zip(*(m.multidegree(space) for m in chosen), strict=True))) == multidegree:
                total = rational(space, chosen[0])
                for factor in chosen[1:]:
                    total = multiply(total, rational(space, factor))
                found.append(total)
    return found


@cache
def rational(space: TensorSpace, expression: Expression) -> dict:
    expanded = polynomial(expression, space, "rational")
    return {m: c.as_fraction() if hasattr(c, "as_fraction") else c for m, c in expanded.items()}


def changes_within_the_algebra(space: TensorSpace, members: Sequence[Expression], found: Sequence[Expression]) -> int:
    """How many members have another form, each of which is a multiple plus products of members before it."""
    changed = 0
    for k, (member, form) in enumerate(zip(members, found, strict=True)):
        before = products(space, list(found[:k]), member.multidegree(space))
        m, f = rational(space, member), rational(space, form)
        assert rank([*before, m]) == rank([*before, f]) == rank([*before, m, f]) == rank(before) + 1
        changed += member != form
    return changed


@pytest.mark.parametrize(
    ("irreps", "degree", "options"),
    [
        ("1o + 2e + 3o", 4, {}),
        ("1o + 4e", 4, {}),
        ("2e + 4e", 4, {"select": "integrity"}),
        ("2e + 3o", 4, {"order": "cost"}),
    ],
)
def test_every_form_is_a_multiple_of_the_member_plus_products_of_those_before(
    irreps: str, degree: int, options: dict, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Whatever a form must gain to be taken: here every gain counts, so that there are changes to look at.
    monkeypatch.setattr(forms, "_WORTH", 1)
    first, second = pair.__wrapped__(irreps, degree, **options)  # not kept: other tests want the usual gain
    assert changes_within_the_algebra(first.space, first.contractions, second.contractions)


def test_without_members_before_it_a_form_is_a_multiple(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forms, "_WORTH", 1)
    # With the square of t·t before it, the last one is replaced by the square of a covariant, which differs by that.
    square, trace = parse("ijk,ijk t,t"), parse("ijk,ijl,kmn,lmn t,t,t,t")
    space = TensorSpace("t:3o")
    (alone,), (_, after) = cheapest_forms(space, [trace]), cheapest_forms(space, [square, trace])
    assert str(after) == "((t,t)2,(t,t)2)0"
    assert alone != after and rank([rational(space, alone), rational(space, trace)]) == 1
    assert rank([rational(space, after), rational(space, trace)]) == 2
    assert changes_within_the_algebra(space, [square, trace], [square, after])


def test_of_several_generators_each_keeps_its_own() -> None:
    space = TensorSpace("2e + 3o")
    members = [c for c in generate(space, 4, select="integrity").contractions if c.multidegree(space) == (2, 2)]
    assert len(members) > 1
    changes_within_the_algebra(space, members[::-1], cheapest_forms(space, members[::-1]))


def operations(basis: Basis) -> int:
    program: Program = lower(basis)
    return program.operations


@pytest.mark.parametrize(
    ("irreps", "degree", "select", "at_most"),
    [
        # What they are now, times the operations of the first forms, rounded up (docs/benchmarks.md).
        ("0e + 1o + 2e + 3o", 4, "independent", 1),
        pytest.param("0e + 1o + 2e + 3o + 4e", 4, "independent", 1, marks=pytest.mark.slow),
        pytest.param("0e + 1o + 2e + 3o + 4e + 5o + 6e", 4, "independent", 0.98, marks=pytest.mark.slow),
        ("3o", 10, "flexible", 0.84),
        pytest.param("1o + 2e + 3o", 10, "flexible", 0.91, marks=pytest.mark.slow),
        pytest.param("4e", 8, "integrity", 0.97, marks=pytest.mark.slow),
    ],
)
def test_programs_of_the_cheapest_forms_take_no_more_operations(
    irreps: str, degree: int, select: str, at_most: float
) -> None:
    a, b = pair(irreps, degree, select=select)
    assert operations(b) <= at_most * operations(a)


def test_raising_the_degree_only_appends() -> None:
    irreps = "1o + 2e + 4e"
    members = [pair(irreps, degree)[1].contractions for degree in (3, 4, 5)]
    assert members[0] == members[1][: len(members[0])] and members[1] == members[2][: len(members[1])]
    assert len(members[0]) < len(members[1])


@pytest.mark.parametrize(
    ("irreps", "degree", "group", "options"),
    [
        ("0e + 1o + 4e", 4, "O3", {}),
        ("1o + 2e + 3o", 4, "SO3", {}),
        ("0o + 1e + 1o + 2e", 4, "O3", {}),
        ("2e + 3o", 4, "O3", {"order": "cost"}),
        ("3o", 10, "O3", {"select": "flexible"}),
        ("1o + 2e + 3o", 10, "O3", {"select": "flexible", "flexible": "minimal-set"}),
        pytest.param("3o", 10, "O3", {"select": "separating"}, marks=pytest.mark.slow),
        ("1o + 2e", 6, "SO3", {"select": "separating"}),
        ("2e + 4e", 5, "O3", {"select": "integrity"}),
        ("n1l2:2e + n1l4:4e", 4, "O3", {"select": "integrity", "total_degree": 17}),
        ("n1l2:2e + n1l4:4e", 4, "O3", {"total_degree": 17}),
    ],
)
def test_every_selection_is_proved_in_its_cheapest_forms(
    irreps: str, degree: int, group: str, options: dict, tmp_path: Path
) -> None:
    first, second = pair(irreps, degree, group, **options)
    assert second.forms == "cheapest" and second.id != first.id
    assert second.degrees == first.degrees
    for attribute in ("kind", "rank", "target", "complete", "counts", "fibre"):
        assert getattr(second.certificate, attribute) == getattr(first.certificate, attribute)
    assert second.certificate.verify(second)
    loaded = Basis.load(second.save(tmp_path / "basis.json"))
    assert loaded == second and loaded.certificate.verify(loaded)
    other = second.with_convention("e3nn")
    assert other.contractions == second.contractions and other.certificate.verify(other)
    changed = replace(second, contractions=(*second.contractions[:-1], second.contractions[0]))
    assert not changed.certificate.verify(changed)


@pytest.mark.slow
def test_members_added_for_strata_are_proved_in_their_cheapest_forms() -> None:
    basis = generate(TensorSpace("3o + 4e"), 7, strata=True, forms="cheapest")
    assert basis.certificate.strata is not None
    assert basis.certificate.verify(basis)
    assert basis.report().symmetric


@pytest.mark.torch
def test_kernels_compute_what_the_basis_evaluates() -> None:
    import torch

    basis = pair("1o + 2e + 4e", 4)[1]
    assert any(isinstance(c, CouplingTree) for c in basis.contractions)
    assert not all(isinstance(c, CouplingTree) for c in basis.contractions)
    x = torch.tensor(np.random.default_rng(1).normal(size=(50, basis.space.dimension, 1)))
    kernel = invgen.compile(basis, target="torch", dtype=torch.float64)
    wanted = basis.evaluate(x[..., 0].numpy())
    # A few hundred roundings of numbers that cancel, relative to the largest value of each member.
    assert np.all(np.abs(kernel(x)[..., 0].numpy() - wanted) <= 1e-13 * np.abs(wanted).max(axis=0))


def test_forms_are_printed() -> None:
    basis = pair("1o + 4e", 4)[1]
    assert "cheapest forms" in basis.table() and "`(l4,l4)0`" in basis.table()
    printed = [str(member) for member in basis]
    assert "i,i l1,l1" in printed and "(l4,l4)0" in printed


@pytest.mark.parametrize(
    ("space", "options", "words"),
    [
        (TensorSpace("1o + 2e"), {"select": "linear"}, "'linear' holds these products themselves; use forms='contract"),
        (TensorSpace("1o + 2e"), {"select": "linear", "outputs": "1o"}, "select='linear' holds these products"),
        (TensorSpace("1e + 2e", "O2"), {}, "forms='cheapest'.*dimension"),
    ],
)
def test_where_forms_make_no_sense_a_sentence_says_so(space: TensorSpace, options: dict, words: str) -> None:
    with pytest.raises(InputError, match=words):
        generate(space, 3, forms="cheapest", **options)


@pytest.mark.parametrize(("select", "name"), [("independent", "dear"), ("linear", "cheapest")])
def test_files_with_forms_that_no_basis_has_are_refused(select: str, name: str, tmp_path: Path) -> None:
    path = generate(TensorSpace("1o + 2e"), 3, select=select).save(tmp_path / "basis.json")
    data = json.loads(path.read_text())
    data["selection"]["forms"] = name
    path.write_text(json.dumps(data))
    with pytest.raises(BasisFileError, match=f"forms are '{name}'"):
        Basis.load(path)


def test_forms_that_lose_rank_are_not_certified() -> None:
    basis = generate(TensorSpace([Irrep("v", 1, -1), Irrep("q", 2, 1)]), 4)
    members = [*basis.contractions[:-1], basis.contractions[0]]
    with pytest.raises(EnumerationError, match="cheapest forms have rank"):
        independent.recertify(Request(basis.space, 4), members, basis.certificate)


def test_progress_is_told() -> None:
    seen: list[tuple[str, int, int]] = []
    basis = generate(TensorSpace("1o + 2e"), 4, forms="cheapest", progress=lambda *told: seen.append(told))
    assert [told for told in seen if told[0] == "forms"] == [("forms", i + 1, len(basis)) for i in range(len(basis))]
