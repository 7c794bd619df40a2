"""`strata=True`: full rank on symmetric inputs, held against the report and against tampering."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from invgen import TensorSpace, generate
from invgen.basis import file as basis_file
from invgen.basis.basis import Basis
from invgen.errors import BasisFileError, InputError
from invgen.reduction.proofs.certificate import Certificate
from tests.support.tampering import changed, holds, leaves


@pytest.fixture(scope="module")
def pair() -> Basis:
    return generate(TensorSpace("3o + 4e"), 7, strata=True)


@pytest.fixture(scope="module")
def flexible() -> Basis:
    return generate(TensorSpace("0e + 2e + 3o + 4e"), 10, select="flexible", strata=True)


def test_what_fell_short_on_inversion_is_repaired(pair: Basis) -> None:
    plain = generate(TensorSpace("3o + 4e"), 7)
    assert pair.contractions[: len(plain)] == plain.contractions and len(plain) == 13
    assert [set(c.factors) for c in pair.contractions[13:]] == [{"l4"}] * 3
    before, after = plain.report(), pair.report()
    assert (before.row("C_i").rank, after.row("C_i").rank, after.row("C_i").needed) == (3, 6, 6)
    assert after.row("C_2h").rank == after.row("C_2h").needed == 4
    assert after.symmetric and not before.symmetric


def test_floating_point_ranks_agree_on_inversion_symmetric_inputs(pair: Basis) -> None:
    x = np.zeros(16)
    x[7:] = np.random.default_rng(2).normal(size=9)
    jacobian = pair.jacobian(x)
    scaled = jacobian / np.maximum(np.linalg.norm(jacobian, axis=1, keepdims=True), 1e-30)
    # Rows of length one: a zero singular value is about 1e-16, the smallest other one above 1e-5.
    assert np.linalg.matrix_rank(scaled, tol=1e-9) == 6


def test_a_repaired_selection_is_certified_as_such(pair: Basis, flexible: Basis) -> None:
    for basis in (pair, flexible):
        claims = basis.verify()
        assert all(claim.holds for claim in claims) and basis.certificate.verify(basis)
        assert any("symmetry strata are not zero" in claim.text for claim in claims)
        assert basis.certificate.complete and basis.report().symmetric
    assert pair.select == "independent" and flexible.select == "flexible"
    assert not pair.certificate.independent  # three members are functions of the others on the whole


def test_nothing_is_added_where_nothing_is_missing() -> None:
    space = TensorSpace("0e + 1o + 2e + 3o")
    plain = generate(space, 10, select="flexible", flexible="minimal-set")
    repaired = generate(space, 10, select="flexible", flexible="minimal-set", strata=True)
    assert repaired.contractions == plain.contractions and repaired.certificate.verify(repaired)
    assert repaired.id != plain.id  # it claims more


@pytest.mark.parametrize(
    ("irreps", "group", "degree"), [("0e", "O3", 2), ("1o", "O3", 2), ("2x2e", "SO3", 4), ("1o + 1e + 2e", "O3", 6)]
)
def test_small_spaces_of_every_kind_are_repaired(irreps: str, group: str, degree: int) -> None:
    basis = generate(TensorSpace(irreps, group), degree, strata=True)
    assert basis.certificate.verify(basis) and basis.report().symmetric


def test_too_low_a_degree_names_the_symmetry() -> None:
    with pytest.raises(
        InputError, match=r"max_degree=5 is too low .* symmetry C_i .* rank 4 of the 6 needed; raise max_"
    ):
        generate(TensorSpace("3o + 4e"), 5, strata=True)


@pytest.mark.parametrize("select", ["linear", "integrity"])
def test_other_selections_take_no_strata(select: str) -> None:
    with pytest.raises(InputError, match="strata=True goes with select='independent' or 'flexible'"):
        generate(TensorSpace("2e"), 3, select=select, strata=True)


def test_without_it_files_are_as_they_were() -> None:
    assert "strata" not in generate(TensorSpace("1o + 2e"), 4).certificate.to_json()


def test_bytes_are_reproducible_and_survive_a_file(pair: Basis) -> None:
    text = basis_file.dumps(pair)
    assert text == basis_file.dumps(generate(TensorSpace("3o + 4e"), 7, strata=True))
    again, stated, actual = basis_file.from_json(json.loads(text), "file")
    assert Basis.of(again) == pair and stated == actual == pair.id


def test_every_changed_number_is_refused() -> None:
    basis = generate(TensorSpace("2x2e"), 6, strata=True)
    data = basis_file.to_json(basis)
    assert holds(data)
    numbers = list(leaves(data["certificate"]["strata"], ("certificate", "strata")))
    assert len(numbers) > 30
    accepted = [path for path, value in numbers if holds(changed(data, path, value + 1))]
    accepted += [path for path, value in numbers if holds(changed(data, path, value - 1))]
    assert accepted == []


def test_a_minor_or_a_member_more_or_less_is_refused(pair: Basis) -> None:
    data = basis_file.to_json(pair)
    path = ("certificate", "strata", "minors")
    minors = data["certificate"]["strata"]["minors"]
    assert not holds(changed(data, path, minors[:-1])) and not holds(changed(data, path, [*minors, minors[-1]]))
    for i in range(13, 16):
        members = data["members"][:i] + data["members"][i + 1 :]
        assert not holds(changed(changed(data, ("members",), members), ("certificate", "size"), 15))
    superfluous = changed(data, ("members",), [*data["members"], data["members"][0]])
    assert not holds(changed(superfluous, ("certificate", "size"), 17))


def test_a_selection_without_repair_cannot_claim_it(pair: Basis) -> None:
    plain = generate(TensorSpace("3o + 4e"), 7)
    assert pair.certificate.strata is not None
    claimed = replace(plain.certificate.proof, repair=pair.certificate.strata)
    assert not replace(plain.certificate, proof=claimed).verify(plain)
    data = basis_file.to_json(generate(TensorSpace("2e"), 3, select="linear"))
    data["certificate"]["strata"] = pair.certificate.strata.to_json()
    with pytest.raises(BasisFileError, match="holds fields that no basis has"):
        basis_file.from_json(data, "file")


@pytest.mark.parametrize("damage", [{"prime": "7"}, {"members": True}, {"point": None}, {"minors": [[[0]]]}])
def test_a_damaged_proof_is_damage(pair: Basis, damage: dict[str, Any]) -> None:
    data = pair.certificate.to_json()
    data["strata"] = {**data["strata"], **damage}
    with pytest.raises(BasisFileError, match="certificate in the basis file is damaged"):
        Certificate.from_json(data)
