"""`separating` against rings whose fibres are known, and its certificate against tampering."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from invgen import Basis, InputError, TensorSpace, generate
from invgen.basis import file as basis_file
from invgen.contractions.expression import parse
from invgen.reduction.orbits.fibres import FibreBounds
from invgen.reduction.proofs.certificate import Certificate

CASES = [
    ("3o", "O3", 10, (2, 4, 6, 10), (1, 1)),
    ("3o", "SO3", 15, (2, 4, 6, 10, 15), (1, 1)),
    ("3o", "SO3", 12, (2, 4, 6, 10), (2, 2)),
    ("1o + 2e", "O3", 4, (2, 2, 3, 3, 4), (1, 1)),
    ("1o + 2e", "SO3", 6, (2, 2, 3, 3, 4, 6), (1, 1)),
    ("4e", "O3", 7, (2, 3, 4, 5, 6, 7), (5, 5)),
    ("4e", "O3", 8, (2, 3, 4, 5, 6, 7, 8), (1, 1)),
    ("2x2e", "O3", 4, (2, 2, 2, 3, 3, 3, 3, 4), (1, 1)),
    ("3x1o", "SO3", 3, (2, 2, 2, 2, 2, 2, 3), (1, 1)),
    ("2e", "O3", 3, (2, 3), (1, 1)),
]


def forged(basis: Basis, bounds: FibreBounds) -> Certificate:
    """Its certificate with other bounds."""
    return replace(basis.certificate, proof=replace(basis.certificate.proof, bounds=bounds))


@pytest.mark.parametrize(("irreps", "group", "max_degree", "degrees", "bounds"), CASES)
def test_members_and_bounds_are_the_known_ones(
    irreps: str, group: str, max_degree: int, degrees: tuple[int, ...], bounds: tuple[int, int]
) -> None:
    basis = generate(TensorSpace(irreps, group), max_degree, select="separating")
    assert basis.degrees == degrees
    assert basis.certificate.fibre == FibreBounds(*bounds)
    assert all(claim.holds for claim in basis.verify())
    told = any("told apart, proved" in claim.text for claim in basis.verify())
    assert told == (bounds == (1, 1))


def test_the_witnesses_of_a_bound_from_below_are_held_against_it(tmp_path: Path) -> None:
    basis = generate(TensorSpace("4e"), 7, select="separating")
    fibre = basis.certificate.fibre
    assert fibre is not None and Basis.load(basis.save(tmp_path / "basis.json")).certificate.fibre == fibre
    texts = [claim.text for claim in basis.verify()]
    assert "every witness of the bound from below is an invariant of the space" in texts
    for witnesses in ((), (basis.contractions[0],), (parse("i,i v,v"),), (*fibre.witnesses, basis.contractions[0])):
        changed = replace(basis, certificate=forged(basis, replace(fibre, witnesses=witnesses)))
        if len(witnesses) < 2:
            assert not changed.certificate.verify(changed)
        else:  # one more does no harm: it is a function of the members
            assert changed.certificate.verify(changed)


def test_without_full_rank_nothing_is_claimed_of_orbits() -> None:
    basis = generate(TensorSpace("3o"), 6, select="separating")
    assert not basis.certificate.complete and basis.certificate.fibre.upper is None
    assert all(claim.holds for claim in basis.verify())


def test_a_separating_basis_is_read_back(tmp_path: Path) -> None:
    basis = generate(TensorSpace("1o + 2e", "SO3"), 6, select="separating")
    assert Basis.load(basis.save(tmp_path / "basis.json")) == basis


@pytest.mark.parametrize("bounds", [(1, 2), (2, 1), (1, None), (2, 2)])
def test_other_bounds_are_refused(bounds: tuple[int, int | None]) -> None:
    basis = generate(TensorSpace("1o + 2e", "SO3"), 6, select="separating")
    changed = replace(basis, certificate=forged(basis, FibreBounds(*bounds)))
    assert not changed.certificate.verify(changed)


def test_a_member_that_notices_nothing_is_refused() -> None:
    space = TensorSpace("1o + 2e", "SO3")
    basis = generate(space, 6, select="separating")
    spare = generate(space, 6, select="integrity").contractions[0]
    certificate = replace(basis.certificate, size=7)
    changed = replace(basis, contractions=(*basis.contractions, spare), certificate=certificate)
    assert not changed.certificate.verify(changed)


@pytest.mark.parametrize(
    "damaged",
    [
        None,
        [1, 1],
        {"lower": 0, "upper": 1, "witnesses": []},
        {"lower": 1, "upper": True, "witnesses": []},
        {"lower": "1", "upper": 1, "witnesses": []},
        {"lower": None, "upper": 1, "witnesses": []},
        {"lower": 1, "upper": 1, "witnesses": [{"product": 1}]},
        {"lower": 1, "upper": 1},
    ],
)
def test_damaged_bounds_are_refused(damaged: object, tmp_path: Path) -> None:
    data = basis_file.to_json(generate(TensorSpace("2e"), 3, select="separating"))
    data["certificate"]["fibre"] = damaged
    with pytest.raises(InputError.__mro__[1], match="damaged"):
        basis_file.from_json(data, "the file")
