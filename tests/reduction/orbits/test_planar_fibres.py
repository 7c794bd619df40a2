"""Orbits that share values in the plane: Hu's list, rings that are known, and counting by brute force."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from invgen import Basis, TensorSpace, generate
from invgen.contractions.expression import parse
from invgen.reduction.orbits.bezout import bezout
from invgen.reduction.orbits.fibres import FibreBounds, fibre_bounds
from invgen.reduction.orbits.field_degree import field_degree
from invgen.reduction.orbits.planar_fibres import planar_orbits
from invgen.reduction.orbits.ring_degree import ring_degree

# Hu 1962, in complex moments of orders 2 and 3 (Flusser 2000): a, b, c have weights 2, 3 and 1.
HU = (
    *("Re(s)", "Re(a a*)", "Re(b b*)", "Re(c c*)"),
    *("Re(b c* c* c*)", "Re(a c* c*)", "Im(b c* c* c*)"),
)
EIGHTH = "Im(a c* c*)"


def orders_two_and_three(group: str) -> TensorSpace:
    return TensorSpace("s:0e + a:2e + b:3e + c:1e", group)


def test_hus_seven_leave_two_orbits_and_the_eighth_tells_them_apart() -> None:
    space = orders_two_and_three("SO2")
    assert Basis.from_contractions(HU, space).fibre() == FibreBounds(2, 2)
    assert Basis.from_contractions([*HU, EIGHTH], space).fibre() == FibreBounds(1, 1)
    six = [member for member in HU if member.startswith("Re")]
    assert Basis.from_contractions(six, space).fibre() == FibreBounds(4, 4)
    assert Basis.from_contractions(six, orders_two_and_three("O2")).fibre() == FibreBounds(2, 2)


def test_bounds_that_hold_everywhere_agree_with_hus_seven() -> None:
    """The degree of the field that the eighth generates over the others of a system, by series instead of lattices."""
    space = orders_two_and_three("SO2")
    core = [parse(text) for text in HU[:6]]
    bound = bezout(space, [m.multidegree(space) for m in core])[-1]
    found = field_degree(space, core, [parse(HU[6]), parse(EIGHTH)], bound, "a test")
    assert found == 4
    assert field_degree(space, core, [parse(HU[6])], bound, "a test") == 2


@pytest.mark.parametrize(
    ("irreps", "group", "members", "orbits"),
    [
        (
            "a:1e + b:1e",
            "SO2",
            ("Re(a a*)", "Re(a b*)", "Im(a b*)"),
            1,
        ),  # the norm of b follows from those of a and a b*
        ("a:1e + b:1e", "O2", ("Re(a a*)", "Re(b b*)", "Re(a b*)"), 1),
        ("a:1e + b:1e", "SO2", ("Re(a a*)", "Re(b b*)", "Im(a b*)"), 2),
        ("a:1e + b:1e", "SO2", ("Re(a a*)", "Re(b b*)", "Re(a a b* b*)"), 4),  # index 2, and the conjugate
        ("a:1e + b:1e", "SO2", ("Re(a a*)", "Re(b b*)", "Re(a b*)", "Re(a a b* b*)"), 2),
        ("a:1e + b:1e", "SO2", ("Re(a a*)", "Re(b b*)", "Re(a b*)", "Im(a a b* b*)"), 1),
        ("a:1e + b:1e + c:1e", "SO2", ("Re(a a*)", "Re(b b*)", "Re(c c*)", "Re(a b*)", "Re(b c*)"), 4),
        ("a:1e + b:1e + c:1e", "SO2", ("Re(a a*)", "Re(b b*)", "Re(c c*)", "Re(a b*)", "Re(b c*)", "Re(a c*)"), 2),
        ("a:1e + b:1e + c:1e", "SO2", ("Re(a a*)", "Re(b b*)", "Re(c c*)", "Re(a b*)", "Im(b c*)", "Re(a c*)"), 1),
        ("p:0o + a:1e", "O2", ("Re(p p)", "Re(a a*)"), 1),
        ("p:0e + a:3e", "SO2", ("Re(p p)", "Re(a a* a a*)"), 4),
    ],
)
def test_orbits_are_counted(irreps: str, group: str, members: tuple[str, ...], orbits: int) -> None:
    space = TensorSpace(irreps, group)
    assert planar_orbits(space, [parse(text) for text in members]) == orbits
    assert Basis.from_contractions(members, space).fibre() == FibreBounds(orbits, orbits)


@pytest.mark.parametrize("irreps", ["1e + 2e", "2e + 3e", "2x1e", "0e + 0o + 1e + 3o", "4e + 6e", "1o + 2e + 3o"])
@pytest.mark.parametrize("group", ["SO2", "O2"])
def test_generators_of_the_ring_tell_orbits_apart_and_lattices_agree_with_degrees(irreps: str, group: str) -> None:
    space = TensorSpace(irreps, group)
    ring = generate(space, 6, select="integrity")
    assert ring.fibre() == FibreBounds(1, 1)
    basis = generate(space, 6)
    orbits = basis.fibre()
    assert orbits.lower == orbits.upper is not None
    bound = bezout(space, [m.multidegree(space) for m in basis.contractions])[-1]
    assert orbits.upper <= bound.bound
    others = [m for m in ring.contractions if m not in basis.contractions]
    assert not others or field_degree(space, basis.contractions, others, bound, "a test") == orbits.upper


@pytest.mark.parametrize(
    ("irreps", "group", "expected"),
    [
        ("1e", "SO2", Fraction(1, 2)),
        ("3e", "SO2", Fraction(1, 2)),
        ("1e", "O2", Fraction(1, 2)),
        ("2x1e", "SO2", Fraction(1, 4)),  # (1 + t²) / (1 - t²)³
        ("2x1e", "O2", Fraction(1, 8)),
        ("0e + 0o", "O2", Fraction(1, 2)),
    ],
)
def test_the_degree_of_the_ring_is_that_of_its_hilbert_series(irreps: str, group: str, expected: Fraction) -> None:
    assert ring_degree(TensorSpace(irreps, group)) == expected


def test_the_degree_of_a_ring_is_the_limit_of_its_counts() -> None:
    """Partial sums of the Hilbert series grow as the degree times n^r / r!."""
    for group in ("SO2", "O2"):
        space = TensorSpace("1e + 2e", group)
        degree = float(ring_degree(space))
        short, long = (sum(space.hilbert_series(n)) / (n**3 / 6) / degree - 1 for n in (30, 60))
        # corrections of order 1/n cancel, those of order 1/n² are left: 100 / 60² at most
        assert abs(2 * long - short) < 0.03


def test_products_whose_norms_are_unknown_have_bounds_from_degrees() -> None:
    space = TensorSpace("a:1e + b:2e", "SO2")
    basis = Basis.from_contractions(["Re(a a*)", "Re(a a b*)", "Re(a a a a b* b*)"], space)
    assert planar_orbits(space, basis.contractions) is None
    bounds = fibre_bounds(space, basis.contractions, range(3))
    assert bounds.upper == 2 and basis.fibre() == FibreBounds(2, 2)  # z + z*, z² + z*²: only their exchange is left


def test_without_full_rank_orbits_are_infinitely_many() -> None:
    assert Basis.from_contractions(["Re(a a*)"], TensorSpace("a:1e + b:2e", "SO2")).fibre().upper is None


@pytest.mark.parametrize(("group", "members"), [("SO2", 8), ("O2", 7)])
def test_separating_selections_append_what_tells_orbits_apart(group: str, members: int) -> None:
    basis = generate(orders_two_and_three(group), 4, select="separating")
    assert basis.certificate.fibre == FibreBounds(1, 1) and len(basis) == members
    assert all(claim.holds for claim in basis.verify())
    spare = Basis.from_contractions([*map(str, basis.contractions), "Re(a a* a a*)"], basis.space)
    changed = replace(basis, contractions=spare.contractions, certificate=replace(basis.certificate, size=members + 1))
    assert not changed.certificate.verify(changed)


def test_where_the_degree_is_too_low_the_number_of_orbits_stands_in_the_certificate() -> None:
    basis = generate(TensorSpace("a:2e + b:5e", "SO2"), 7, select="separating")
    assert basis.certificate.fibre == FibreBounds(1, 1) and basis.degrees == (2, 2, 7, 7)
    short = generate(TensorSpace("a:2e + b:5e", "SO2"), 6, select="separating")
    assert short.certificate.fibre.upper is None
    assert all(claim.holds for claim in short.verify())
