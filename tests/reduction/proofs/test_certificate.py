from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from invgen import TensorSpace, generate
from invgen.basis import file as basis_file
from invgen.basis.basis import Basis
from invgen.errors import BasisFileError
from invgen.reduction.proofs.certificate import Certificate
from invgen.reduction.search.request import Request
from tests.support import oracles
from tests.support.tampering import changed, holds, leaves

PAIR = TensorSpace("v:1o + q:2e")
BASES = {
    "complete": lambda: generate(TensorSpace("0e + 1o + 2e"), 4),
    "incomplete": lambda: generate(TensorSpace("3o"), 8),
    "so3": lambda: generate(TensorSpace("1o + 2e", group="SO3"), 6),
    "linear": lambda: generate(PAIR, 4, select="linear"),
    "given": lambda: Basis.from_contractions(["i,i v,v", "ij,ij q,q", "ij,ij,kl,kl q,q,q,q", "ij,jk,ki q,q,q"], PAIR),
}


@pytest.fixture(scope="module", params=BASES)
def case(request: pytest.FixtureRequest) -> tuple[str, Basis]:
    return request.param, BASES[request.param]()


def test_every_claim_of_a_generated_certificate_holds(case: tuple[str, Basis]) -> None:
    _, basis = case
    claims = basis.verify()
    assert len(claims) >= 6 and all(c.holds for c in claims)
    assert basis.certificate.verify(basis)
    assert len({c.text for c in claims}) == len(claims)


FIELDS = ["size", "rank", "target", "complete", "rows", "columns", "primes", "points", "counts", "error_log2"]


@pytest.mark.parametrize("field", FIELDS)
def test_a_changed_number_is_refused(case: tuple[str, Basis], field: str) -> None:
    _, basis = case
    data = basis_file.to_json(basis)
    accepted = []
    for path, value in leaves(data["certificate"][field], ("certificate", field)):
        for other in [not value] if isinstance(value, bool) else [value + 1, value - 1]:
            if holds(changed(data, path, other)):
                accepted.append((path, value, other))
    assert accepted == []


@pytest.mark.parametrize("field", ["rows", "columns", "primes", "points", "counts"])
def test_a_number_more_or_less_is_refused(case: tuple[str, Basis], field: str) -> None:
    _, basis = case
    data = basis_file.to_json(basis)
    listed = data["certificate"][field]
    assert holds(data)
    for other in (listed[:-1], [*listed, listed[-1] if listed else 0], [*listed, [[1, 2], 1]], []):
        assert other == listed or not holds(changed(data, ("certificate", field), other)), other


def test_a_kind_has_the_fields_that_prove_it_and_no_others(case: tuple[str, Basis]) -> None:
    name, basis = case
    data = basis.certificate.to_json()
    empty = {field for field in ("columns", "counts") if not data[field]}
    assert empty == ({"columns"} if name == "linear" else {"counts"})
    for field in empty:
        with pytest.raises(BasisFileError, match="damaged"):
            Certificate.from_json({**data, field: [[[1, 2], 1]] if field == "counts" else [0]})


def test_another_kind_is_refused(case: tuple[str, Basis]) -> None:
    _, basis = case
    data = basis_file.to_json(basis)
    for kind in ("independent", "linear", "given"):
        if kind != basis.select:
            forged = changed(data, ("certificate", "kind"), kind)
            assert not holds(changed(forged, ("selection", "select"), kind))


@pytest.mark.parametrize("step", [-1, 1])
def test_another_degree_is_refused(case: tuple[str, Basis], step: int) -> None:
    _, basis = case
    data = basis_file.to_json(basis)
    assert not holds(changed(data, ("selection", "max_degree"), basis.max_degree + step))


def test_a_member_left_out_put_twice_or_exchanged_is_refused(case: tuple[str, Basis]) -> None:
    _, basis = case
    data = basis_file.to_json(basis)
    members = data["members"]
    assert not holds(changed(data, ("members",), members[:-1]))
    assert not holds(changed(data, ("members",), [*members, members[0]]))
    assert not holds(changed(data, ("members", len(members) - 1), members[0]))
    assert not holds(changed(data, ("members",), []))


def test_a_member_of_another_group_is_refused() -> None:
    basis = BASES["so3"]()
    assert any("eps" in c.tensors for c in basis.contractions) is False  # rank 5 is reached without the odd one
    odd = Basis.from_contractions(["i,i v,v", "ijk,i,jl,l,km,mn,n eps,v,q,v,q,q,v"], TensorSpace("v:1o + q:2e", "SO3"))
    assert odd.certificate.verify(odd)
    under_o3 = replace(odd, space=PAIR)
    claims = odd.certificate.claims(under_o3)
    assert [c.text for c in claims if not c.holds] == ["every member is an invariant of the space"]


def test_another_space_is_refused(case: tuple[str, Basis]) -> None:
    _, basis = case
    data = basis_file.to_json(basis)
    other = "SO3" if basis.space.group == "O3" else "O3"
    assert not holds(changed(data, ("space", "group"), other))
    extra = {"name": "more", "l": 2, "parity": 1}
    assert not holds(changed(data, ("space", "tensors"), [*data["space"]["tensors"], extra]))


@pytest.mark.parametrize("name", [name for name in BASES if name != "linear"])
def test_the_minor_is_not_zero_over_the_rationals_either(name: str) -> None:
    basis = BASES[name]()
    certificate = basis.certificate
    at = np.array(certificate.points[0], dtype=object)
    rows = basis.with_convention("rational").jacobian(at)
    minor = [[rows[r, c] for c in certificate.columns] for r in certificate.rows]
    assert oracles.exact_rank(minor) == certificate.rank == len(certificate.rows)


def test_independence_is_claimed_of_independent_lists_only() -> None:
    assert BASES["complete"]().certificate.independent
    assert BASES["incomplete"]().certificate.independent
    assert not BASES["linear"]().certificate.independent
    independent = Basis.from_contractions(["ij,ij q,q", "i,i v,v"], PAIR)
    assert independent.certificate.independent and not independent.certificate.complete
    assert not BASES["given"]().certificate.independent  # the third is the square of the second


def test_a_dependent_last_member_is_not_called_independent() -> None:
    dependent = Basis.from_contractions(["ij,ij q,q", "ij,jk,ki q,q,q", "ij,ij,kl,kl q,q,q,q"], PAIR)
    assert dependent.certificate.rank == 2 < len(dependent)
    assert not dependent.certificate.independent


def test_a_complete_certificate_rests_on_no_probability() -> None:
    for name in ("complete", "so3", "linear"):
        assert BASES[name]().certificate.complete
        assert BASES[name]().certificate.error_log2 == 0


def test_an_incomplete_certificate_bounds_its_error() -> None:
    certificate = BASES["incomplete"]().certificate
    assert not certificate.complete and certificate.rank == 3 < certificate.target == 4
    assert -90 < certificate.error_log2 < -20  # three primes of 31 bits, less the size of the coefficients
    listed = BASES["given"]().certificate
    assert not listed.complete and listed.rank == 3 < listed.size == 4
    assert -90 < listed.error_log2 < -20
    nothing_rejected = Basis.from_contractions(["i,i v,v", "ij,ij q,q"], PAIR).certificate
    assert not nothing_rejected.complete and nothing_rejected.error_log2 == 0


def test_a_basis_answers_the_request_that_made_it(case: tuple[str, Basis]) -> None:
    name, basis = case
    request = basis.certificate.proof.request(basis)
    listed = basis.contractions if name == "given" else ()
    assert request == Request(basis.space, basis.max_degree, basis.select, listed=listed)


def test_the_claims_are_those_of_the_kind(case: tuple[str, Basis]) -> None:
    name, basis = case
    texts = " ".join(claim.text for claim in basis.verify())
    assert ("minor of the Jacobian" in texts) == (name != "linear")
    assert ("Molien counts" in texts) == (name == "linear")
    assert ("members are independent" in texts) == (name not in ("linear", "given"))


def test_certificates_survive_json(case: tuple[str, Basis]) -> None:
    certificate = case[1].certificate
    assert Certificate.from_json(json.loads(json.dumps(certificate.to_json()))) == certificate


@pytest.mark.parametrize("field", ["kind", *FIELDS])
def test_a_missing_field_is_damage(field: str) -> None:
    data = BASES["given"]().certificate.to_json()
    del data[field]
    with pytest.raises(BasisFileError, match=f"certificate in the basis file is damaged.*{field}"):
        Certificate.from_json(data)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("rank", 3.0),
        ("rank", "3"),
        ("rank", True),
        ("rows", 5),
        ("rows", [0.5]),
        ("points", [1]),
        ("counts", [[1]]),
        ("primes", None),
    ],
)
def test_a_field_of_the_wrong_type_is_damage(field: str, value: object) -> None:
    data = BASES["given"]().certificate.to_json() | {field: value}
    with pytest.raises(BasisFileError, match="damaged"):
        Certificate.from_json(data)


def test_an_unknown_kind_is_refused_with_the_known_ones() -> None:
    data = BASES["given"]().certificate.to_json() | {"kind": "flawless"}
    with pytest.raises(BasisFileError, match=r"one of independent, .*separating, .*given, got 'flawless'"):
        Certificate.from_json(data)
