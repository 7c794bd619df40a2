"""Selections under point groups and for modules of equivariant maps: known counts, a second method, and proofs."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from invgen import Basis, TensorSpace, generate
from invgen.errors import BasisFileError, InputError
from invgen.reduction.proofs.counts import IntegrityProof
from invgen.spaces.irreps import Irrep
from invgen.spaces.outputs import count_maps, output_irrep, series
from invgen.spaces.point_groups import POINT_GROUPS
from invgen.testing import assert_equivariant, assert_invariant
from tests.support import reynolds

TENSOR, AND_VECTOR = "s:0e + q:2e", "s:0e + q:2e + v:1o"
TURNED = ((1, 2, 2), (2, 1, -2), (2, -2, 1))

# Generators of one symmetric second-order tensor by degree; two more degrees give nothing new.
LAUE = {
    "Ci": {1: 6},
    "C2h": {1: 4, 2: 3},
    "D2h": {1: 3, 2: 3, 3: 1},
    "C4h": {1: 2, 2: 4, 3: 4, 4: 2},
    "D4h": {1: 2, 2: 3, 3: 2, 4: 1},
    "C3i": {1: 2, 2: 4, 3: 8},
    "D3d": {1: 2, 2: 3, 3: 4},
    "C6h": {1: 2, 2: 2, 3: 4, 4: 2, 5: 2, 6: 2},
    "D6h": {1: 2, 2: 2, 3: 2, 4: 1, 5: 1, 6: 1},
    "Th": {1: 1, 2: 2, 3: 5, 4: 3, 5: 2, 6: 1},
    "Oh": {1: 1, 2: 2, 3: 3, 4: 2, 5: 1},
    "Ih": {1: 1, 2: 1, 3: 2, 4: 1, 5: 2, 6: 2, 7: 1},
}


def degrees(basis: Basis) -> dict[int, int]:
    return dict(Counter(basis.degrees))


@pytest.mark.parametrize("group", LAUE)
def test_generators_of_a_symmetric_tensor_and_none_in_two_more_degrees(group: str) -> None:
    highest = max(LAUE[group]) + 2
    basis = generate(TensorSpace(TENSOR, group), highest if highest < 9 else 8, select="integrity")
    assert degrees(basis) == LAUE[group]
    assert all(claim.holds for claim in basis.verify())


@pytest.mark.parametrize("group", LAUE)
def test_the_sums_over_all_elements_give_the_same_numbers_of_generators(group: str) -> None:
    highest = min(max(LAUE[group]) + 1, 4 if group == "Ci" else 8)
    assert reynolds.generator_counts(TensorSpace(TENSOR, group), highest) == LAUE[group]


@pytest.mark.parametrize("group", ["C2", "Cs", "D2d", "C3v", "S4", "C3h", "D3h", "T", "Td", "O", "I"])
def test_with_a_vector_the_sums_over_all_elements_give_the_same_numbers(group: str) -> None:
    space = TensorSpace("q:2e + v:1o", group)
    assert reynolds.generator_counts(space, 4) == degrees(generate(space, 4, select="integrity"))


@pytest.mark.parametrize(
    ("irreps", "group", "outputs"),
    [
        ("2e", "Oh", "2e"),
        ("2e", "D3d", "2e"),
        ("1o", "O", "1o"),
        ("1o + 2e", "C3h", "1o"),
        ("1o", "Td", "2e"),
        ("2e", "Ih", "4e"),
    ],
)
def test_generators_of_modules_are_as_many_as_the_sums_over_all_elements_give(
    irreps: str, group: str, outputs: str
) -> None:
    space, highest = TensorSpace(irreps, group), 4
    basis = generate(space, highest, select="integrity", outputs=outputs)
    wanted = series(space, outputs, highest)
    assert reynolds.map_generator_counts(space, output_irrep(outputs), highest, wanted) == degrees(basis)
    assert_equivariant(basis.evaluate, space, outputs, basis.convention)


def test_known_generators() -> None:
    assert degrees(generate(TensorSpace(TENSOR, "Dinfh"), 5, select="integrity")) == {1: 2, 2: 2, 3: 1}
    assert degrees(generate(TensorSpace("1o", "O"), 10, select="integrity")) == {2: 1, 4: 1, 6: 1, 9: 1}


def test_pope_s_ten_tensors_and_none_of_degree_six() -> None:
    basis = generate(TensorSpace("S:2e + R:1e"), 6, select="integrity", outputs="2e")
    assert degrees(basis) == {1: 1, 2: 3, 3: 2, 4: 3, 5: 1}
    entries = generate(TensorSpace("S:2e + R:1e"), 6, select="integrity", outputs="ij=ji")
    assert degrees(entries) == {0: 1, 1: 1, 2: 3, 3: 2, 4: 3, 5: 1}
    assert str(entries[0]) == "@0e"
    x = np.random.default_rng(0).normal(size=(2, 8))
    # The identity, of trace 1; one rounding.
    np.testing.assert_allclose(entries.evaluate(x)[:, 0], np.array([[1, 0, 0, 1, 0, 1]] * 2) / 3, rtol=1e-15)


def test_the_47_invariants_of_a_strain_rate_and_three_skew_tensors() -> None:
    # Two gradients written as skew tensors, as turbulence models do; true vectors have 45.
    skew = generate(TensorSpace("2e + 3x1e"), 6, select="integrity")
    assert degrees(skew) == {2: 7, 3: 8, 4: 14, 5: 8, 6: 10}
    true = generate(TensorSpace("2e + 1e + 2x1o"), 8, select="integrity")
    assert degrees(true) == {2: 5, 3: 6, 4: 11, 5: 8, 6: 11, 7: 4}
    assert len(true) == 45


@pytest.mark.parametrize(
    ("group", "expected"),
    [("Oh", {0: 1, 1: 2, 2: 4, 3: 4, 4: 3}), ("Dinfh", {0: 2, 1: 2, 2: 2}), ("O3", {0: 1, 1: 1, 2: 1})],
)
def test_maps_from_a_symmetric_tensor_to_another(group: str, expected: dict[int, int]) -> None:
    space = TensorSpace.cartesian("ij=ji", group)
    basis = generate(space, 5, select="integrity", outputs="ij=ji")
    assert degrees(basis) == expected
    assert basis.certificate.verify(basis)
    assert_equivariant(basis.evaluate, space, "ij=ji", basis.convention)


@pytest.mark.parametrize(
    ("irreps", "group", "outputs", "number"),
    [
        ("2e", "O3", "2e", 2),
        ("1o", "O3", "2e", 1),
        ("2e + 1e", "O3", "2e", 5),
        ("2e + 1e", "O3", "ij=ji", 6),
        ("2e", "Oh", "2e", 5),
        ("1o", "Cinfv", "2e", 3),
        ("2e", "Dinfh", "ij=ji", 6),
        ("1o", "O3", "i", 1),
        ("2x1o", "O3", "i", 2),
        ("0e", "D2h", "ij=ji", 3),
    ],
)
def test_maps_independent_over_functions_of_invariants(irreps: str, group: str, outputs: str, number: int) -> None:
    basis = generate(TensorSpace(irreps, group), 6, outputs=outputs)
    certificate = basis.certificate
    assert (len(basis), certificate.rank, certificate.target, certificate.complete) == (number,) * 3 + (True,)
    assert certificate.verify(basis)
    assert certificate.error_log2 == 0
    less = generate(TensorSpace(irreps, group), max(basis.degrees[0], 1), outputs=outputs)
    assert basis.contractions[: len(less)] == less.contractions  # raising max_degree only appends


@pytest.mark.parametrize("group", POINT_GROUPS)
def test_members_are_invariant_and_equivariant_in_turned_axes(group: str) -> None:
    space = TensorSpace("q:2e + w:1e + v:1o + p:0o", group, orientation=TURNED)
    linear = generate(space, 2, select="linear")
    assert len(linear) == sum(space.hilbert_series(2)[1:])
    assert_invariant(linear.evaluate, space, linear.convention, samples=8)
    maps = generate(TensorSpace("q:2e + v:1o", group), 2, select="linear", outputs="2o")
    assert len(maps) == sum(series(maps.space, "2o", 2)[1:])
    assert_equivariant(maps.evaluate, maps.space, "2o", maps.convention, samples=8)


@pytest.mark.parametrize("group", ["D3h", "C3", "C3h", "D6", "Td", "Ih", "Cinfv", "S4", "C2v"])
def test_what_generates_in_the_standard_setting_generates_in_any_axes(group: str) -> None:
    straight = generate(TensorSpace("q:2e + v:1o", group), 4, select="integrity")
    turned = generate(TensorSpace("q:2e + v:1o", group, orientation=TURNED), 4, select="integrity")
    assert turned.contractions == straight.contractions
    assert turned.id != straight.id
    assert turned.certificate.verify(turned)
    aslant = replace(straight, space=TensorSpace("q:2e + v:1o", group, orientation=((1, 0, 0), (0, 1, 1), (0, -1, 1))))
    jacobian = aslant.jacobian(np.random.default_rng(1).normal(size=8))
    jacobian /= np.linalg.norm(jacobian, axis=1, keepdims=True)
    same = straight.jacobian(np.random.default_rng(1).normal(size=8))
    same /= np.linalg.norm(same, axis=1, keepdims=True)
    assert np.linalg.matrix_rank(jacobian) == np.linalg.matrix_rank(same)


@pytest.mark.parametrize("group", POINT_GROUPS)
def test_independent_members_are_as_many_as_dimensions_less_that_of_orbits(group: str) -> None:
    space = TensorSpace(AND_VECTOR, group)
    basis = generate(space, 6)
    assert len(basis) == space.dimension - int(POINT_GROUPS[group].is_axial) == basis.certificate.rank
    assert basis.certificate.verify(basis)
    jacobian = basis.jacobian(np.random.default_rng(1).normal(size=space.dimension))
    jacobian /= np.linalg.norm(jacobian, axis=1, keepdims=True)
    assert np.linalg.matrix_rank(jacobian) == len(basis)


def test_the_counts_are_those_of_the_group_alone() -> None:
    assert sum(TensorSpace(AND_VECTOR, "C3h").hilbert_series(6)[1:]) == 881
    assert sum(TensorSpace(AND_VECTOR, "C1").hilbert_series(6)[1:]) == 5004
    for group in ("S4", "D2d", "Th", "Cinfh"):
        space = TensorSpace("1o + 2e", group)
        by_multidegree = [sum(space.count((k, d - k)) for k in range(d + 1)) for d in range(6)]
        assert by_multidegree == space.hilbert_series(5)
        maps = [sum(count_maps(space, "3o", (k, d - k)) for k in range(d + 1)) for d in range(6)]
        assert maps == series(space, "3o", 5)


def test_noether_s_bound_says_when_all_invariants_are_generated() -> None:
    assert TensorSpace("2e", "D2h").degree_bound == 4
    assert TensorSpace("1o", "D2h").degree_bound == 8
    assert TensorSpace("0o", "D2h").degree_bound == 2
    assert TensorSpace("2e", "Dinfh").degree_bound is TensorSpace("2e").degree_bound is None
    assert "generating those of all degrees" in generate(TensorSpace("2e", "D2h"), 4, select="integrity").table()
    assert "(Noether: all degrees at 4)" in generate(TensorSpace("2e", "D2h"), 3, select="integrity").table()


def test_a_basis_is_read_back_with_its_orientation(tmp_path: Path) -> None:
    space = TensorSpace.cartesian("ij=ji", "D4h", orientation=((1, 1, 0), (-1, 1, 0), (0, 0, 1)))
    for options in ({"select": "integrity"}, {"select": "integrity", "outputs": "ij=ji"}, {"outputs": "2e"}):
        basis = generate(space, 3, **options)
        assert Basis.load(basis.save(tmp_path / "basis.json")) == basis
    assert generate(TensorSpace.cartesian("ij=ji", "D4h"), 3).id != generate(space, 3).id
    data = json.loads((tmp_path / "basis.json").read_text())
    data["space"]["orientation"] = [[1, 0, 0], [0, 1, 1], [0, 0, 1]]
    (tmp_path / "basis.json").write_text(json.dumps(data))
    with pytest.raises(BasisFileError, match="scalar product"):
        Basis.load(tmp_path / "basis.json")


@pytest.mark.parametrize("change", ["a coefficient", "a member", "the group", "an odd coefficient"])
def test_a_module_that_was_tampered_with_fails(change: str) -> None:
    basis = generate(TensorSpace("S:2e + R:1e"), 4, select="integrity", outputs="2e")
    certificate = basis.certificate
    proof = certificate.proof
    assert isinstance(proof, IntegrityProof)
    changed: Basis = {
        "a coefficient": replace(
            basis, certificate=replace(certificate, proof=replace(proof, coefficients=proof.coefficients[1:]))
        ),
        "a member": replace(
            basis, contractions=(*basis.contractions[:2], basis.contractions[1], *basis.contractions[3:])
        ),
        "the group": replace(basis, space=TensorSpace("S:2e + R:1e", "D2h")),
        "an odd coefficient": replace(
            basis, certificate=replace(certificate, proof=replace(proof, coefficients=(*proof.coefficients, TREE)))
        ),
    }[change]
    assert not changed.certificate.verify(changed)


TREE = generate(TensorSpace("S:2e + R:1e"), 2, select="integrity", outputs="2e").contractions[0]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (
            {"select": "flexible"},
            "select='flexible' is for .* got the group Oh; use 'independent', 'linear' or 'integrity'",
        ),
        ({"select": "separating"}, "select='separating' is for"),
        ({"strata": True}, "strata=True is for"),
        ({"forms": "cheapest"}, "forms='cheapest' is for"),
        ({"select": "integrity", "outputs": "3o"}, "has no Oh covariants 3o"),
    ],
)
def test_what_has_no_meaning_under_a_point_group_is_refused_by_name(options: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError, match=words):
        generate(TensorSpace("2e", "Oh"), 3, **options)


def test_reports_and_orbits_are_for_continuous_groups() -> None:
    basis = generate(TensorSpace("2e", "Oh"), 3)
    for ask in (basis.report, basis.fibre):
        with pytest.raises(InputError, match="this basis has the group Oh"):
            ask()


def test_irreps_of_both_parities_are_told_apart() -> None:
    space = TensorSpace([Irrep("a", 3, -1), Irrep("b", 3, 1)], "Td")
    basis = generate(space, 1, select="linear")
    assert [str(member) for member in basis] == ["(a,@3o)0"]
