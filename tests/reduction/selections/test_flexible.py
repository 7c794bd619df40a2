"""`flexible` against the published counts, against all vanishing patterns, and its certificate against tampering."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain, combinations
from typing import Any

import numpy as np
import pytest

from invgen import TensorSpace, generate
from invgen.basis import file as basis_file
from invgen.basis.basis import Basis
from invgen.errors import BasisFileError, InputError
from invgen.reduction.options import MODES
from invgen.reduction.proofs.certificate import Certificate
from invgen.reduction.proofs.jacobian import IndependentProof
from invgen.reduction.search.supports import flexible_plan, own_members, support_of, target_of
from tests.support.tampering import changed, holds, leaves


def flexible(irreps: str, mode: str = "specific", group: str = "O3", degree: int = 10, **options: Any) -> Basis:
    return generate(TensorSpace(irreps, group), degree, select="flexible", flexible=mode, **options)


def natural(highest: int) -> str:
    return " + ".join(f"{l}{'eo'[l % 2]}" for l in range(highest + 1))


def patterns(names: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    return chain.from_iterable(combinations(names, size) for size in range(1, len(names) + 1))


@pytest.mark.parametrize(
    ("highest", "specific", "minimal"), [(2, 6, 6), (3, 13, 15), (4, 22, 29), (5, 33, 48), (6, 46, 72)]
)
def test_the_sets_have_the_published_sizes(highest: int, specific: int, minimal: int) -> None:
    for mode, size in (("specific", specific), ("minimal-set", minimal)):
        basis = flexible(natural(highest), mode)
        assert len(basis) == size
        assert basis.certificate.complete and basis.certificate.rank == specific == basis.space.dimension - 3
        assert all(claim.holds for claim in basis.verify())


@pytest.mark.parametrize(
    ("irreps", "part", "needed", "own"),
    [
        ("0e", (0,), 1, 1),
        ("1o", (0,), 1, 1),
        ("2e", (0,), 2, 2),
        ("6e", (0,), 10, 10),
        ("1o + 2e", (0, 1), 5, 2),
        ("2e + 3o", (0, 1), 9, 3),
        ("2x1o", (0, 1), 3, 1),
        ("2x4e", (0, 1), 15, 3),
    ],
)
def test_single_tensors_and_pairs_need_what_the_counts_say(
    irreps: str, part: tuple[int, ...], needed: int, own: int
) -> None:
    space = TensorSpace(irreps)
    assert target_of(space, part) == needed and own_members(space, part) == own
    basis = flexible(irreps, "minimal-set")
    assert Counter(support_of(member.multidegree) for member in basis)[part] == own


# Natural and pseudo-tensors, multiplicities, scalars that change sign, vectors only, and both groups.
SPACES = [
    ("0e + 1o + 2e + 3o", "O3"),
    ("1o + 3o + 4e", "O3"),
    ("2x1o + 2x2e", "O3"),
    ("3x1o + 0e", "O3"),
    ("2x1o + 1e + 0o", "O3"),
    ("1e + 2o + 2e", "O3"),
    ("0o + 2o", "O3"),
    ("2x3o", "SO3"),
    ("1e + 2e", "SO3"),
]


@pytest.mark.parametrize(("irreps", "group"), SPACES)
def test_the_minimal_set_is_complete_on_every_vanishing_pattern(irreps: str, group: str) -> None:
    basis = flexible(irreps, "minimal-set", group)
    for names in patterns(basis.space.names):
        certificate = basis.restricted(names).certificate
        assert certificate.complete, names


@pytest.mark.parametrize(("irreps", "group"), SPACES)
def test_the_specific_set_is_independent_and_complete_where_the_anchor_is_left(irreps: str, group: str) -> None:
    basis = flexible(irreps, "specific", group)
    certificate = basis.certificate
    assert len(basis) == basis.space.dimension - basis.space.orbit_dimension and certificate.independent
    assert certificate.flexible is not None and certificate.flexible.anchor is not None
    anchor = basis.space.tensors[basis.space.index(certificate.flexible.anchor)]
    rigid = [t.l for t in basis.space.tensors if t.l >= 2]
    assert anchor.l == (min(rigid) if rigid else 1)
    for names in patterns(basis.space.names):
        if len(names) == 1 or (rigid and anchor.name in names):
            assert basis.restricted(names).certificate.complete, names


def test_the_specific_set_falls_short_without_its_anchor_and_the_minimal_set_does_not() -> None:
    without = ("l1", "l3")
    specific = flexible(natural(3)).restricted(without).certificate
    assert (specific.rank, specific.target) == (5, 7)
    assert flexible(natural(3), "minimal-set").restricted(without).certificate.complete


def test_floating_point_ranks_agree_on_every_vanishing_pattern() -> None:
    basis = flexible(natural(4), "minimal-set")
    x = np.random.default_rng(3).normal(size=basis.space.dimension)
    for size in (1, 2, 3):
        for kept in combinations(range(1, 5), size):
            at = np.zeros_like(x)
            columns = np.concatenate([np.arange(s.start, s.stop) for s in (basis.space.slices[i] for i in kept)])
            at[columns] = x[columns]
            jacobian = basis.jacobian(at)[:, columns]
            jacobian /= np.maximum(np.linalg.norm(jacobian, axis=1, keepdims=True), 1e-30)
            orbit = 2 if kept == (1,) else 3
            # Rows are normalised: a zero singular value is about 1e-16, the smallest other one was above 1e-5.
            assert np.linalg.matrix_rank(jacobian, tol=1e-9) == len(columns) - orbit, kept


def test_vectors_have_their_products_pruned_by_the_orbit_rule() -> None:
    for number in range(1, 6):
        expected = 3 * number - 3 if number > 1 else 1
        specific = flexible(f"{number}x1o", degree=2)
        assert len(specific) == expected and set(specific.degrees) == {2}
        assert len(flexible(f"{number}x1o", "minimal-set", degree=2)) == number * (number + 1) // 2


def test_another_anchor_ties_all_tensors_to_it() -> None:
    basis = flexible("1o + 2e + 3o + 4e", anchor="l4")
    supports = {support_of(member.multidegree) for member in basis}
    assert supports == {(0,), (1,), (2,), (3,), (0, 3), (1, 3), (2, 3)}
    assert len(basis) == basis.space.dimension - 3 and basis.certificate.verify(basis)
    assert basis.id != flexible("1o + 2e + 3o + 4e").id


def test_the_members_do_not_depend_on_a_higher_degree() -> None:
    assert flexible("2e + 3o").contractions == flexible("2e + 3o", degree=12).contractions


def test_members_come_in_order_of_degree() -> None:
    for mode in MODES:
        degrees = flexible(natural(5), mode).degrees
        assert list(degrees) == sorted(degrees)


def test_equal_tensors_have_equal_members_up_to_names() -> None:
    basis = flexible("2x3o + 2e", "minimal-set")
    swapped = {"l3_0": "l3_1", "l3_1": "l3_0"}
    alone = [Counter(c.renamed({**swapped, "l2": "l2"}) for c in basis.contractions if set(c.factors) == {name})
             for name in ("l3_0", "l3_1")]  # fmt: skip
    kept = [Counter(c for c in basis.contractions if set(c.factors) == {name}) for name in ("l3_1", "l3_0")]
    assert alone == kept and sum(map(len, kept)) == 8


@pytest.mark.parametrize(
    ("irreps", "degree", "options", "sentence"),
    [
        (
            "1o + t:3o",
            8,
            {},
            "invariants of t:3o alone do not reach rank 4 there; raise max_degree to 10$",
        ),
        ("2x1e + 1o", 3, {}, "the pair .* do not reach rank 3 there; raise max_degree to 4$"),
        (
            "1o + 2e",
            3,
            {"flexible": "minimal-set"},
            "the pair l1:1o and l2:2e do not reach rank 5 there; raise max_degree to 4$",
        ),
        ("1o + 2e", 4, {"anchor": "l1"}, "anchor must have l >= 2, l1:1o does not; choose one of l2"),
        ("0e + 1o", 4, {"anchor": "l0"}, "anchor must have l >= 1, l0:0e does not; choose one of l1"),
        ("0e", 4, {"anchor": "l0"}, "a space of scalars has none, leave it out"),
        ("1o + 2e", 4, {"anchor": "q"}, "no tensor 'q'; it has l1, l2"),
        ("1o + 2e", 4, {"flexible": "minimal-set", "anchor": "l2"}, "anchors every pair, so it takes no anchor"),
        ("1o + 2e", 4, {"flexible": "loose"}, "flexible must be one of 'specific', 'minimal-set', got 'loose'"),
        (
            "1o + 2e",
            4,
            {"select": "linear", "flexible": "specific"},
            "goes with select='flexible' only, got select='lin",
        ),
        ("1o + 2e", 4, {"select": "independent", "anchor": "l2"}, "goes with select='flexible' only"),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence(
    irreps: str, degree: int, options: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(InputError, match=sentence) as caught:
        generate(TensorSpace(irreps), degree, **{"select": "flexible", **options})
    assert "\n" not in str(caught.value)


def test_bytes_are_reproducible_and_survive_a_file() -> None:
    for mode in MODES:
        basis = flexible("1o + 2e + 3o", mode)
        text = basis_file.dumps(basis)
        assert text == basis_file.dumps(flexible("1o + 2e + 3o", mode))
        again, stated, actual = basis_file.from_json(json.loads(text), "file")
        assert Basis.of(again) == basis and stated == actual == basis.id
        assert basis.select == "flexible"


def test_members_of_a_part_have_the_same_values_where_the_rest_vanishes() -> None:
    basis = flexible("1o + 2e + 3o", "minimal-set")
    x = np.random.default_rng(0).normal(size=(3, basis.space.dimension))
    restricted = basis.restricted(["l3"])
    kept = [i for i, c in enumerate(basis.contractions) if set(c.factors) == {"l3"}]
    at = np.zeros_like(x)
    at[:, basis.space.slices[2]] = x[:, basis.space.slices[2]]
    np.testing.assert_allclose(
        basis.evaluate(at)[:, kept], restricted.evaluate(x[:, basis.space.slices[2]]), rtol=1e-12
    )


# --- the certificate -------------------------------------------------------------------------------------------------

TAMPERED = {
    "specific": lambda: flexible("1o + 2e + 3o"),
    "minimal-set": lambda: flexible("1o + 2e + 4e", "minimal-set", degree=7),
    "vectors": lambda: flexible("3x1o", degree=2),
}


def minor(basis: Basis) -> tuple[tuple[int, ...], tuple[int, ...], int]:
    proof = basis.certificate.proof
    return proof.rows, proof.columns, proof.error_log2


@pytest.fixture(scope="module", params=TAMPERED)
def basis(request: pytest.FixtureRequest) -> Basis:
    return TAMPERED[request.param]()


def test_every_changed_number_of_the_certificate_is_refused(basis: Basis) -> None:
    data = basis_file.to_json(basis)
    assert holds(data)
    accepted = []
    for path, value in leaves(data["certificate"], ("certificate",)):
        if isinstance(value, bool):
            others: list[Any] = [not value]
        elif isinstance(value, int):
            others = [value + 1, value - 1]
        else:
            others = ["specific", "minimal-set", "l2", "l4", None, "l1_1"]
        accepted += [(path, o) for o in others if o != value and holds(changed(data, path, o))]
    assert accepted == []


def test_a_part_left_out_or_added_is_refused(basis: Basis) -> None:
    data = basis_file.to_json(basis)
    path = ("certificate", "flexible", "parts")
    parts = data["certificate"]["flexible"]["parts"]
    assert not holds(changed(data, path, parts[:-1]))
    assert not holds(changed(data, path, [*parts, parts[-1]]))
    assert not holds(changed(data, path, parts[::-1]))
    assert not holds(changed(data, path, []))
    for i in range(len(parts)):
        for k in range(3):
            assert not holds(changed(data, (*path, i, k), parts[i][k][:-1]))


def test_a_member_left_out_or_put_twice_is_refused(basis: Basis) -> None:
    data = basis_file.to_json(basis)
    members = data["members"]
    for i in range(len(members)):
        size = changed(data, ("certificate", "size"), len(members) - 1)
        assert not holds(changed(size, ("members",), members[:i] + members[i + 1 :]))
    size = changed(data, ("certificate", "size"), len(members) + 1)
    assert not holds(changed(size, ("members",), [*members, members[0]]))


def test_another_degree_group_or_space_is_refused(basis: Basis) -> None:
    data = basis_file.to_json(basis)
    assert not holds(changed(data, ("selection", "max_degree"), basis.max_degree + 1))
    assert not holds(changed(data, ("space", "group"), "SO3"))


def test_flexibility_is_not_claimed_by_another_kind_of_certificate(basis: Basis) -> None:
    assert basis.certificate.flexible is not None
    other = generate(TensorSpace("1o + 2e"), 4)
    assert not replace(other.certificate, proof=basis.certificate.proof).verify(other)
    assert not replace(basis.certificate, proof=IndependentProof(*minor(basis))).verify(basis)
    data = basis_file.to_json(basis)
    del data["certificate"]["flexible"]
    with pytest.raises(BasisFileError, match="certificate in the basis file is damaged: KeyError"):
        basis_file.from_json(data, "file")
    data = basis_file.to_json(other)
    data["certificate"]["flexible"] = basis.certificate.flexible.to_json()
    with pytest.raises(BasisFileError, match="holds fields that no basis has"):
        basis_file.from_json(data, "file")


@pytest.mark.parametrize(
    "damage", [{}, {"mode": 1}, {"anchor": 2}, {"parts": [[[0], [0]]]}, {"parts": [[[0], [0], [-1]]]}]
)
def test_a_damaged_proof_is_damage(damage: dict[str, Any]) -> None:
    data = TAMPERED["vectors"]().certificate.to_json()
    data["flexible"] = {**data["flexible"], **damage} if damage else {}
    with pytest.raises(BasisFileError, match="certificate in the basis file is damaged"):
        Certificate.from_json(data)


def test_the_layout_lists_singles_then_pairs() -> None:
    space = TensorSpace("0e + 1o + 2e + 3o")
    assert flexible_plan(space, "specific").parts == ((0,), (1,), (2,), (3,), (1, 2), (2, 3))
    assert flexible_plan(space, "minimal-set").parts == ((0,), (1,), (2,), (3,), (1, 2), (1, 3), (2, 3))
    assert flexible_plan(TensorSpace("0e + 0o"), "specific").anchor is None
