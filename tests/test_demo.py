"""The demo: its moment tensors, its bound of what rounding may change, its pictures and its report."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from html import escape
from pathlib import Path

import numpy as np
import pytest

import invgen
from invgen.testing import harmonic_components, representation

pytest.importorskip("ase")
pytest.importorskip("matplotlib")
torch = pytest.importorskip("torch")

# The demo is a script: its modules find each other as they do when it is run.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "demo"))

import invariance  # noqa: E402
import neighbourhoods  # noqa: E402
import run as demo  # noqa: E402
import shapes  # noqa: E402
import speed  # noqa: E402

NAMES = ("BF3", "C2H4", "CH3OH", "CH4", "CO2", "H", "H2O", "NH3")


@pytest.fixture(scope="module")
def basis() -> invgen.Basis:
    return invgen.generate(invgen.TensorSpace(demo.SPACE), max_degree=demo.MAX_DEGREE)


@pytest.fixture(scope="module")
def molecules() -> neighbourhoods.Molecules:
    return neighbourhoods.read_g2(NAMES)


def tensors(molecules: neighbourhoods.Molecules, basis: invgen.Basis) -> neighbourhoods.Floats:
    return neighbourhoods.moment_tensors(
        molecules,
        neighbourhoods.pairs(molecules),
        demo.RADIAL,
        basis.space,
        basis.convention,
        neighbourhoods.elements(molecules),
    )


def exact(basis: invgen.Basis, x: neighbourhoods.Floats) -> neighbourhoods.Floats:
    return np.moveaxis(basis.evaluate(np.moveaxis(x, 1, 2)), 2, 1)


def test_radial_functions_are_positive_and_reach_zero_smoothly() -> None:
    radial = demo.RADIAL
    inside = radial(np.linspace(0.7, 0.97 * radial.cutoff, 500))
    assert inside.shape == (500, 4)
    assert (inside > 0).all()
    at = radial.cutoff + np.linspace(-0.05, 0.05, 11)
    # The bump is below exp(1 - 1 / 0.017) = 2e-25 there, and each difference quotient divides by 0.01.
    for order in range(4):
        assert np.abs(np.diff(radial(at), n=order, axis=0)).max() / 0.01**order < 1e-18
    assert (radial(at[at >= radial.cutoff]) == 0).all()


def test_moment_tensors_are_the_sums_that_define_them(basis: invgen.Basis, molecules: neighbourhoods.Molecules) -> None:
    x = tensors(molecules, basis)
    kinds = neighbourhoods.elements(molecules)
    expected = np.zeros_like(x)
    for i in range(len(x)):
        for j in range(len(x)):
            if i == j or molecules.molecule[i] != molecules.molecule[j]:
                continue
            vector = molecules.positions[j] - molecules.positions[i]
            length = np.sqrt(vector @ vector)
            start = 4 * list(kinds).index(molecules.numbers[j])
            for nu in range(4):
                s = demo.RADIAL(np.array([length]))[0, nu]
                components = [harmonic_components(l, vector / length, basis.convention) for l in range(4)]
                expected[i, :, start + nu] += s * np.concatenate(components)
    assert x.shape == (len(molecules.numbers), 16, 4 * len(kinds))
    assert np.abs(x).max() > 0.1
    np.testing.assert_allclose(x, expected, atol=1e-14)  # sums of at most 6 numbers below 1


def test_moment_tensors_turn_with_the_molecules(basis: invgen.Basis, molecules: neighbourhoods.Molecules) -> None:
    matrices = invariance.random_motions(len(NAMES), True, seed=3)
    assert np.allclose(np.linalg.det(matrices), -1)
    turned = tensors(molecules.moved(matrices), basis)
    acting = np.stack([representation(basis.space, matrix, basis.convention) for matrix in matrices])
    # The representation is accurate to 1e-13.
    np.testing.assert_allclose(turned, acting[molecules.molecule] @ tensors(molecules, basis), atol=1e-12)


def test_frobenius_norms_are_those_of_the_traceless_tensors(basis: invgen.Basis) -> None:
    directions = np.random.default_rng(0).normal(size=(5, 3))
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    x = np.concatenate([harmonic_components(l, directions, basis.convention) for l in range(4)], axis=-1)
    # |traceless part of r⊗...⊗r|² = l! / (2l - 1)!! for a unit vector r
    expected = np.sqrt([1, 1, 2 / 3, 6 / 15])
    np.testing.assert_allclose(invariance.frobenius_norms(basis, x), np.tile(expected, (5, 1)), rtol=1e-12)


def test_norms_before_cancellation_are_upper_bounds(basis: invgen.Basis, molecules: neighbourhoods.Molecules) -> None:
    x = invariance.samples(tensors(molecules, basis))
    norms, before = invariance.frobenius_norms(basis, x), invariance.uncancelled_norms(basis, x)
    assert (norms <= before * (1 + 1e-12) + 1e-15).all()
    # A vanishing vector, as at the centre of methane, is one that had parts.
    assert (norms[:, 1] < 1e-6 * before[:, 1]).any()


@pytest.mark.slow
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("reflect", [False, True])
def test_no_invariant_of_a_moved_molecule_changes_by_more_than_rounding(
    basis: invgen.Basis, molecules: neighbourhoods.Molecules, dtype: str, reflect: bool
) -> None:
    value = demo.function(invgen.compile(basis, "torch", getattr(torch, dtype)))
    moved = molecules.moved(invariance.random_motions(len(NAMES), reflect, seed=5))
    found = invariance.compare(basis, value, tensors(molecules, basis), tensors(moved, basis), "moved", dtype)
    assert found.share <= 1
    assert max(found.relative) < {"float32": 2e-6, "float64": 1e-11}[dtype]  # some 20 units; 1e-14 / CLEAR
    assert found.tensors[0] < 1e-14
    assert min(found.tensors[1:]) > 0.3


def test_the_bound_tells_a_function_that_is_not_invariant(
    basis: invgen.Basis, molecules: neighbourhoods.Molecules
) -> None:
    moved = molecules.moved(invariance.random_motions(len(NAMES), False, seed=5))

    def wrong(x: neighbourhoods.Floats) -> neighbourhoods.Floats:
        return exact(basis, x) * (1 + 1e-4 * x[:, 1:2])

    found = invariance.compare(basis, wrong, tensors(molecules, basis), tensors(moved, basis), "moved", "float32")
    assert found.share > 1


def test_fingerprints_are_those_of_ideal_shapes(basis: invgen.Basis, molecules: neighbourhoods.Molecules) -> None:
    bonds = neighbourhoods.coordination(molecules, neighbourhoods.pairs(molecules))
    found = shapes.fingerprints(basis, lambda x: exact(basis, x), tensors(molecules, basis), demo.BONDED_SHELL, 4)
    centres = dict(shapes.central_atoms(molecules, bonds, ("CO2", "BF3", "CH4", "C6H6")))
    assert {name: int(bonds[atom]) for name, atom in centres.items()} == {"CO2": 2, "BF3": 3, "CH4": 4}
    # |T1|², |T2|², |T3|² and tr T2³ of two opposite, three coplanar and four tetrahedral unit vectors, against those
    # of one vector; the geometries of the set are given to 1e-6 Å.
    columns = [[m.contraction for m in basis].index(c) for c in ("i,i", "ij,ij", "ijk,ijk", "ij,ik,jk")]
    ideal = {"CO2": (0, 1, 0, 1), "BF3": (0, 1 / 4, 5 / 8, -1 / 8), "CH4": (0, 0, 5 / 9, 0)}
    for name, expected in ideal.items():
        np.testing.assert_allclose(found.values[centres[name], columns], expected, atol=1e-5)
    alone = molecules.molecule == NAMES.index("H")
    assert (found.values[alone] == 0).all()


@pytest.mark.slow
def test_the_kernel_of_hippynns_list_agrees_with_its_layer(molecules: neighbourhoods.Molecules) -> None:
    installed = speed.hippynn_layer()
    if installed is None:
        pytest.skip("hippynn is not installed")
    listed = speed.hippynn_basis()
    theirs = tensors(molecules, listed)
    kernel = invgen.compile(listed, "torch")
    channels = torch.tensor(theirs, dtype=torch.float32)
    rows = torch.tensor(invariance.samples(theirs), dtype=torch.float32)
    # Both sides round some 17 times at most, at 6e-8 of the product of the norms each.
    assert speed.disagreement(listed, kernel, channels, installed[1], rows) < 2e-6


def test_without_hippynn_the_kernel_is_timed_beside_plain_pytorch_alone(
    basis: invgen.Basis, molecules: neighbourhoods.Molecules, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "hippynn", None)  # importing it raises ImportError
    monkeypatch.setattr(speed, "ROUNDS", 1)
    listed = speed.hippynn_basis()
    kernel = invgen.compile(basis, "torch")
    race = speed.compare_speed(basis, kernel, tensors(molecules, basis), listed, tensors(molecules, listed))
    assert (race.hippynn, race.disagreement) == (None, None)
    assert [timing.name for timing in race.timings] == ["C kernel", "plain PyTorch"]
    assert all(0 < t.value.best <= t.value.median and 0 < t.gradient.best for t in race.timings)


@pytest.mark.slow
@pytest.mark.parametrize("hippynn", ["0.1.3", None])
def test_the_report_stands_alone_and_holds_table_certificate_and_pictures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], hippynn: str | None
) -> None:
    duration = speed.Duration(1e-3, 2e-3)
    timing = speed.Timing("C kernel", "the 13 of this page", duration, duration)
    race = speed.Race((timing, replace(timing, name="another")), 100, 2, hippynn, 1e-7 if hippynn else None)
    monkeypatch.setattr(demo, "compare_speed", lambda *arguments: race)
    report = tmp_path / "report.html"
    result = demo.run(NAMES, report)
    page = report.read_text(encoding="utf-8")
    assert result.basis.table("html") in page
    assert result.basis.id in page
    assert all(claim.holds and escape(claim.text) in page for claim in result.claims)
    assert page.count("<svg ") == 1 and page.count('src="data:image/svg+xml;base64,') == 1
    assert "src=" not in page.replace('src="data:', "") and "href=" not in page
    assert ("hippynn is not installed" in page) == (hippynn is None)
    assert (result.alone, result.molecules) == (1, len(NAMES))
    printed = capsys.readouterr().out
    assert "l1[i] l2[ij] l1[j]" in printed
    assert ("hippynn is not installed" in printed) == (hippynn is None)


def test_a_cause_that_the_user_can_remove_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    def refuse(*arguments: object, **options: object) -> None:
        raise invgen.CompilerError("no C compiler was found; install one")

    monkeypatch.setattr(invgen, "compile", refuse)
    assert demo.main(tmp_path / "report.html") == 2
    assert capsys.readouterr().err == "demo: no C compiler was found; install one\n"
    assert list(tmp_path.iterdir()) == []


# The script as it is run, but for the rounds in which it times: they are all alike.
ONE_ROUND = """
import runpy, sys
sys.path.insert(0, sys.argv[1])
import speed
speed.ROUNDS = 1
runpy.run_path(sys.argv.pop(1) + "/run.py", run_name="__main__")
"""


@pytest.mark.slow
def test_the_whole_demo_runs_as_a_script(repository: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.html"
    done = subprocess.run(
        [sys.executable, "-c", ONE_ROUND, str(repository / "demo"), str(report)],
        env={**os.environ, "PYTHONPATH": str(repository)},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "162 molecules" in done.stdout
    assert "162 molecules of the G2 set" in report.read_text(encoding="utf-8")
