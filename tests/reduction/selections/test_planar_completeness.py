"""Flexible selections, symmetry strata and reports in the plane, against fixed spaces and ranks made independently."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from invgen import Basis, InputError, TensorSpace, generate
from invgen.reduction.orbits.strata import strata

PRIMES = (1_073_741_827,)
GROUPS = ("SO2", "O2")
MIXED = "s:0e + p:0o + a:1e + b:2o + c:3o + d:4e"


def turned(space: TensorSpace, angle: float, mirrored: bool) -> np.ndarray:
    """The matrix of a turn after, if mirrored, the reflection y -> -y."""
    matrix = np.zeros((space.dimension, space.dimension))
    for tensor, where in zip(space.tensors, space.slices, strict=True):
        sign = tensor.parity if mirrored else 1
        if not tensor.l:
            matrix[where, where] = sign
        else:
            cos, sin = np.cos(tensor.l * angle), np.sin(tensor.l * angle)
            matrix[where, where] = np.array([[cos, -sin], [sin, cos]]) @ np.diag([sign, -sign if mirrored else sign])
    return matrix


def fixed_dimension(space: TensorSpace, name: str) -> int:
    kind, _, order = name.partition("_")
    angle = 2 * np.pi / int(order) if order else 1.0  # one radian generates all turns
    equations = [turned(space, angle, False) - np.eye(space.dimension)]
    if kind in ("D", "O(2)"):
        equations.append(turned(space, 0.0, True) - np.eye(space.dimension))
    # entries are 0 or of order 1, up to rounding
    return space.dimension - int(np.linalg.matrix_rank(np.concatenate(equations), tol=1e-9))


@pytest.mark.parametrize("group", GROUPS)
def test_strata_have_the_dimensions_of_the_spaces_that_matrices_fix(group: str) -> None:
    space = TensorSpace(MIXED, group)
    listed = strata(space, PRIMES)
    names = {name for s in listed for name in s.subgroups}
    assert {"C_2", "C_3", "C_4", "SO(2)"} <= names and ("D_1" in names) == ("O(2)" in names) == (group == "O2")
    for stratum in listed:
        assert {fixed_dimension(space, name) for name in stratum.subgroups} == {stratum.dimension}
        cyclic = [name for name in stratum.subgroups if name.startswith("C")]
        assert stratum.needed == stratum.dimension - (1 if cyclic else 0)


def test_members_that_need_the_tensors_that_vanish_fall_short_and_are_repaired(tmp_path: Path) -> None:
    space = TensorSpace("c:1e + a:4e + b:6e", "SO2")
    independent = generate(space, 5)
    short = independent.report()
    assert short.complete and not short.symmetric and not short.flexible
    assert (short.row("C_2").rank, short.row("C_2").needed) == (2, 3)
    assert [row.name for row in short.shortfalls if row.section == "stratum"] == ["C_2"]
    repaired = generate(space, 5, strata=True)
    assert repaired.contractions[: len(independent)] == independent.contractions
    assert [str(m) for m in repaired.contractions[len(independent) :]] == ["Re(a a a b* b*)"]
    assert repaired.report().symmetric and all(claim.holds for claim in repaired.verify())
    assert Basis.load(repaired.save(tmp_path / "b.json")) == repaired
    with pytest.raises(InputError, match="too low for strata=True"):
        generate(TensorSpace("a:1e + b:6e + c:10e", "SO2"), 4, strata=True)


@pytest.mark.parametrize("group", GROUPS)
@pytest.mark.parametrize("mode", ["specific", "minimal-set"])
def test_flexible_selections_have_full_rank_where_moments_vanish(group: str, mode: str, tmp_path: Path) -> None:
    space = TensorSpace(MIXED, group)
    basis = generate(space, 7, select="flexible", flexible=mode)
    complex_moments = 4
    pairs = complex_moments - 1 if mode == "specific" else complex_moments * (complex_moments - 1) // 2
    assert len(basis) == len(space.tensors) + pairs
    assert all(claim.holds for claim in basis.verify())
    assert Basis.load(basis.save(tmp_path / "b.json")) == basis
    anchor = basis.certificate.flexible.anchor
    assert anchor == ("a" if mode == "specific" else None)
    kept = [names for size in range(1, 7) for names in combinations(space.names, size)]
    for names in kept:
        if mode == "minimal-set" or anchor in names or not {"a", "b", "c", "d"} & set(names):
            assert basis.restricted(names).certificate.complete, names


def test_a_flexible_set_is_reported_full_on_functions_on_the_circle() -> None:
    space = TensorSpace.moments(range(5), "scalar", 2, "O2")
    report = generate(space, 8, select="flexible", flexible="minimal-set").report()
    assert report.planar and report.complete and report.flexible and report.spherical
    assert "functions on the circle" in str(report) and "spherical" not in str(report)
    mixed = Basis.from_contractions(
        ["Re(a b*)", "Re(a a*)", "Re(b b*)", "Im(a b*)"], TensorSpace("a:2e + b:2e", "SO2")
    ).report()
    assert (mixed.row("a ~ b").rank, mixed.row("a ~ b").needed) == (1, 1)


@pytest.mark.parametrize(
    ("irreps", "degree", "anchor", "words"),
    [
        ("1e + 4e", 4, None, "raise max_degree to 5$"),
        ("0e + 1e", 2, "l0", "the anchor must have l >= 1"),
        ("7e + 8e", 4, None, "degree 12 is too low too"),
    ],
)
def test_what_a_flexible_selection_cannot_be_is_refused(
    irreps: str, degree: int, anchor: str | None, words: str
) -> None:
    with pytest.raises(InputError, match=words):
        generate(TensorSpace(irreps, "O2"), degree, select="flexible", anchor=anchor)


@pytest.mark.parametrize("group", GROUPS)
def test_any_complex_moment_can_be_the_anchor(group: str) -> None:
    basis = generate(TensorSpace("a:1e + b:2e + c:1o", group), 3, select="flexible", anchor="c")
    assert basis.certificate.flexible.anchor == "c" and all(claim.holds for claim in basis.verify())


def test_reports_in_the_plane_say_how_many_orbits_share_values() -> None:
    space = TensorSpace("s:0e + a:2e + b:3e + c:1e", "SO2")
    hu = ("Re(s)", "Re(a a*)", "Re(b b*)", "Re(c c*)", "Re(b c* c* c*)", "Re(a c* c*)", "Im(b c* c* c*)")
    report = Basis.from_contractions(hu, space).report()
    assert (report.fibre.lower, report.fibre.upper) == (2, 2)
    assert "at least 2, proved: generic orbits are not told apart; at most 2" in str(report)
    assert json.loads(json.dumps(report.to_json()))["fibre"] == {"lower": 2, "upper": 2, "witnesses": []}
    assert report.row("a + b").rank == 2  # no member ties orders 2 and 3 alone
    assert not report.flexible and report.complete


def test_a_changed_minor_of_a_stratum_is_refused() -> None:
    basis = generate(TensorSpace("c:1e + a:4e + b:6e", "O2"), 5, strata=True)
    proof = basis.certificate.strata
    assert proof is not None
    rows, columns = proof.minors[0]
    forged = replace(proof, minors=((rows[:-1], columns[:-1]), *proof.minors[1:]))
    claimed = replace(basis.certificate.proof, repair=forged)
    changed = replace(basis, certificate=replace(basis.certificate, proof=claimed))
    assert not changed.certificate.verify(changed)
