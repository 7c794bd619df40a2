from __future__ import annotations

from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from invgen import TensorSpace, generate
from invgen.basis.basis import Basis
from invgen.contractions.contraction import Contraction
from invgen.errors import InputError
from invgen.spaces import conventions
from invgen.spaces.harmonics import free_entries
from tests.support import oracles
from tests.support.hiphop import HIPPYNN, SPACE, up_to

quaternions = st.tuples(*[st.integers(-3, 3)] * 4).filter(any)
seeds = st.integers(0, 10**6)

SO3 = TensorSpace("v:1o + q:2e + w:1e", group="SO3")
ODD = Basis.from_contractions(
    ["ijk,i,jl,l,km,mn,n eps,v,q,v,q,q,v", "i,i v,w", "ijk,i,j,kl,l eps,v,w,q,v", "i,ij,j v,q,w", "i,ij,j w,q,w"],
    SO3,
    "rational",
)
BASES = {
    "hiphop": Basis.from_contractions(HIPPYNN, SPACE, "rational"),
    "independent": generate(TensorSpace("0e + 1o + 2e + 3o"), 4, convention="rational"),
    "linear": generate(TensorSpace("1o + 2e"), 4, select="linear", convention="rational"),
    "pseudo": generate(TensorSpace("0o + 1e + 2o"), 4, convention="rational"),
    "odd": ODD,
}


def exact(basis: Basis, tensors: list) -> list[Fraction]:
    return basis.evaluate(np.array(oracles.rational_vector(tensors), dtype=object)).tolist()


@pytest.mark.parametrize("name", BASES)
@settings(max_examples=15)
@given(quaternions, st.booleans(), seeds)
def test_rotations_and_reflections_change_nothing_exactly(name: str, quaternion, inverted: bool, seed: int) -> None:
    basis = BASES[name]
    inverted = inverted and basis.space.group == "O3"
    tensors = oracles.random_tensors(basis.space, np.random.default_rng(seed))
    moved = oracles.transformed(basis.space, tensors, oracles.rotation(quaternion), inverted)
    assert exact(basis, moved) == exact(basis, tensors)


@given(quaternions, seeds)
def test_inversion_changes_the_sign_of_odd_multidegrees_exactly(quaternion, seed: int) -> None:
    tensors = oracles.random_tensors(SO3, np.random.default_rng(seed))
    moved = oracles.transformed(SO3, tensors, oracles.rotation(quaternion), inverted=True)
    signs = [SO3.parity(m.multidegree) for m in ODD]
    assert set(signs) == {1, -1}
    assert exact(ODD, moved) == [s * v for s, v in zip(signs, exact(ODD, tensors))]


def random_orthogonal(rng: np.random.Generator, determinant: int) -> np.ndarray:
    q, r = np.linalg.qr(rng.normal(size=(3, 3)))
    q = q * np.sign(np.diag(r))
    return q * determinant * np.sign(np.linalg.det(q))


@pytest.mark.parametrize(
    "convention",
    ["sphericart", *(pytest.param(name, marks=pytest.mark.torch) for name in ("e3nn", "e3nn_component", "e3nn_norm"))],
)
@pytest.mark.parametrize("determinant", [1, -1])
def test_rotated_and_reflected_points_have_the_same_invariants(convention: str, determinant: int) -> None:
    rng = np.random.default_rng(2)
    basis = generate(TensorSpace("0e + 1o + 2e + 3o + 4e"), 4, convention=convention)
    for _ in range(3):
        cloud = oracles.random_cloud(rng)
        moved = oracles.Cloud(cloud.vectors @ random_orthogonal(rng, determinant).T, cloud.weights)
        x, y = (np.concatenate([c.components(convention, t.l) for t in basis.space.tensors]) for c in (cloud, moved))
        assert np.abs(x - y).max() > 0.1 * np.abs(x).max()  # the tensors themselves are turned
        norms = [np.sqrt(np.sum(cloud.tensor(t.l) ** 2)) for t in basis.space.tensors]
        scale = [np.prod([n**k for n, k in zip(norms, m.multidegree)]) for m in basis]
        # float64: the rounding of a contraction is a few ulp of the product of the norms of its tensors
        assert np.all(np.abs(basis.evaluate(x) - basis.evaluate(y)) < 1e-13 * np.array(scale))


@pytest.mark.parametrize("name", BASES)
def test_values_are_full_contractions_of_cartesian_tensors(name: str) -> None:
    basis = BASES[name]
    tensors = oracles.random_tensors(basis.space, np.random.default_rng(1))
    expected = [oracles.contract(c, basis.space, tensors) for c in basis.contractions]
    assert exact(basis, tensors) == expected
    x = np.array(oracles.rational_vector(tensors), dtype=object)
    rows = [oracles.contract_gradient(c, basis.space, tensors) for c in basis.contractions]
    assert basis.jacobian(x).tolist() == rows


@pytest.mark.parametrize("name", BASES)
@given(st.lists(st.fractions(-3, 3, max_denominator=4), min_size=4, max_size=4), seeds)
@settings(max_examples=10)
def test_members_are_homogeneous_in_every_tensor(name: str, factors: list[Fraction], seed: int) -> None:
    basis = BASES[name]
    tensors = oracles.random_tensors(basis.space, np.random.default_rng(seed))
    scaled = [f * t for f, t in zip(factors, tensors)]
    powers = [np.prod([f**k for f, k in zip(factors, m.multidegree)], initial=Fraction(1)) for m in basis]
    assert exact(basis, scaled) == [p * v for p, v in zip(powers, exact(basis, tensors))]


@pytest.mark.parametrize("name", BASES)
def test_derivatives_along_each_tensor_obey_euler(name: str) -> None:
    basis = BASES[name]
    tensors = oracles.random_tensors(basis.space, np.random.default_rng(8))
    x = np.array(oracles.rational_vector(tensors), dtype=object)
    values, rows = basis.evaluate(x), basis.jacobian(x)
    for member in basis:
        for where, degree in zip(basis.space.slices, member.multidegree):
            assert rows[member.index, where] @ x[where] == degree * values[member.index]


@pytest.mark.parametrize("convention", ["sphericart", "e3nn", "hippynn"])
def test_the_jacobian_is_the_limit_of_differences(convention: str) -> None:
    basis = BASES["hiphop"].with_convention(convention)
    rng = np.random.default_rng(3)
    x, direction = rng.normal(size=(2, 16))
    step = 1e-4
    difference = (basis.evaluate(x + step * direction) - basis.evaluate(x - step * direction)) / (2 * step)
    # central differences of polynomials of degree 4: error step² times third derivatives, here of order 10²
    np.testing.assert_allclose(basis.jacobian(x) @ direction, difference, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("name", [n for n in conventions.NAMES if n != "rational"])
def test_float_values_are_the_rounded_exact_ones(name: str) -> None:
    basis, exactly = BASES["hiphop"].with_convention(name), BASES["hiphop"]
    tensors = oracles.random_tensors(SPACE, np.random.default_rng(5))
    x = []
    for t, tensor in zip(SPACE.tensors, tensors):
        scales, matrix = conventions.component_matrix(name, t.l)
        entry = {e: np.asarray(tensor)[index] for index, e in oracles.entries(t.l)}
        entries = [entry[e] for e in sorted(entry, reverse=True)]
        x += [s.round() * float(sum(m * v for m, v in zip(row, entries))) for s, row in zip(scales, matrix)]
    norms = [float(np.sum(np.asarray(t) ** 2)) ** 0.5 for t in tensors]
    scale = [np.prod([n**k for n, k in zip(norms, m.multidegree)]) for m in basis]
    expected = np.array([float(v) for v in exact(exactly, tensors)])
    # a few roundings of 2^-53 each per factor, relative to the product of the tensors' norms
    assert np.all(np.abs(basis.evaluate(x) - expected) <= 4e-15 * np.array(scale))


def test_samples_are_evaluated_alike_in_every_shape() -> None:
    basis = BASES["independent"].with_convention("sphericart")
    x = np.random.default_rng(0).normal(size=(3, 5, 16))
    values, rows = basis.evaluate(x), basis.jacobian(x)
    assert values.shape == (3, 5, 13) and rows.shape == (3, 5, 13, 16)
    for i, j in product(range(3), range(5)):
        np.testing.assert_allclose(basis.evaluate(x[i, j]), values[i, j], rtol=1e-13)  # BLAS may sum in another order
        np.testing.assert_allclose(basis.jacobian(x[i, j]), rows[i, j], rtol=1e-12, atol=1e-13)
    assert basis.evaluate(np.zeros((0, 16))).shape == (0, 13)
    assert basis.jacobian(np.zeros((2, 0, 16))).shape == (2, 0, 13, 16)
    assert basis.evaluate(np.asfortranarray(x[:, ::-1])[:, ::-1]).shape == (3, 5, 13)


def test_long_inputs_are_evaluated_in_chunks_without_seams() -> None:
    basis = generate(TensorSpace("1o + 2e"), 3)
    x = np.random.default_rng(0).normal(size=(10_000, 8))
    values = basis.evaluate(x)
    picked = [0, 4095, 4096, 8191, 8192, 9999]
    np.testing.assert_allclose(values[picked], basis.evaluate(x[picked]), rtol=1e-12)


def test_rational_values_are_fractions_and_floats_are_not_taken() -> None:
    basis = BASES["linear"]
    x = [1, Fraction(1, 2), 0, 1, 2, 3, 4, Fraction(-5, 3)]
    assert all(isinstance(v, Fraction) for v in basis.evaluate(x))
    assert basis.evaluate([2**70] * 8).dtype == object
    assert basis.evaluate(np.arange(8)).tolist() == basis.evaluate(list(range(8))).tolist()
    with pytest.raises(InputError, match="'rational' takes integers and Fractions, got float64; use with_convention"):
        basis.evaluate([0.5] * 8)


@pytest.mark.parametrize("x", [np.zeros(15), np.zeros((16, 3)), np.float64(1.0), np.zeros((2, 0))])
def test_wrong_shapes_are_refused(x: np.ndarray) -> None:
    with pytest.raises(InputError, match=r"last axis must hold the 16 components of .*, got shape"):
        BASES["hiphop"].with_convention("e3nn").evaluate(x)


@pytest.mark.parametrize("x", [np.zeros(16, dtype=complex), np.array(["a"] * 16), np.zeros(16, dtype=bool)])
def test_wrong_dtypes_are_refused(x: np.ndarray) -> None:
    with pytest.raises(InputError, match="'e3nn' takes real numbers, got"):
        BASES["hiphop"].with_convention("e3nn").jacobian(x)


@pytest.mark.parametrize("value", [0.5, None, "1/2"])
def test_objects_that_are_no_rational_numbers_are_refused(value: object) -> None:
    with pytest.raises(InputError, match="integers and Fractions"):
        BASES["linear"].evaluate(np.array([value, *range(7)], dtype=object))


# hippynn


@pytest.mark.slow
@pytest.mark.torch
def test_the_thirteen_have_the_values_of_hippynns_layer() -> None:
    import torch
    from hippynn.layers.hiplayers.tensors import HopInvariantLayer

    layer = HopInvariantLayer(n_max=4, l_max=3).double()  # its maps are made at import, in the then default dtype
    x = np.random.default_rng(0).normal(size=(500, 16))
    found = Basis.from_contractions(HIPPYNN, SPACE, "hippynn").evaluate(x)
    expected = layer(torch.tensor(x)).numpy()
    # Sums of float64 products, in another order. Where an output cancels, the error is still a few ulp of the product
    # of the Frobenius norms of the contracted tensors, so that product is the scale.
    assert np.all(np.abs(found - expected) <= 1e-12 * frobenius_scales(x))
    assert np.abs(expected).max(axis=0).min() > 0.1


def frobenius_scales(x: np.ndarray) -> np.ndarray:
    norms = []
    for t, where in zip(SPACE.tensors, SPACE.slices):
        full = conventions.tensor_map("hippynn", t.l)
        entries = x[:, where] @ np.array(full.matrix, dtype=float).T
        copies = [oracles.multinomial(e) for e in sorted(set(e for _, e in oracles.entries(t.l)), reverse=True)]
        norms.append(np.sqrt((entries**2 * copies).sum(axis=1)))
    members = Basis.from_contractions(HIPPYNN, SPACE, "hippynn")
    return np.stack([np.prod([n**k for n, k in zip(norms, m.multidegree)], axis=0) for m in members], axis=1)


HIPPYNN_COUNTS = {1: [1, 1, 1, 1], 2: [1, 2, 3, 4], 3: [1, 2, 5, 7], 4: [1, 2, 6, 13]}


@pytest.mark.slow
@pytest.mark.torch
@pytest.mark.parametrize("n_max", [1, 2, 3, 4])
@pytest.mark.parametrize("l_max", [0, 1, 2, 3])
def test_shorter_lists_are_those_of_hippynn(n_max: int, l_max: int) -> None:
    import torch
    from hippynn.layers.hiplayers.tensors import HopInvariantLayer

    lines = up_to(n_max, l_max)
    assert len(lines) == HIPPYNN_COUNTS[n_max][l_max]
    space = TensorSpace(SPACE.tensors[: l_max + 1])
    basis = Basis.from_contractions(lines, space, "hippynn")
    x = np.random.default_rng(1).normal(size=(20, space.dimension))
    layer = HopInvariantLayer(n_max=n_max, l_max=l_max).double()
    full = np.concatenate([x, np.zeros((20, 16 - space.dimension))], axis=1)
    scale = np.maximum(frobenius_scales(full)[:, [HIPPYNN.index(line) for line in lines]], 1e-300)
    assert np.all(np.abs(basis.evaluate(x) - layer(torch.tensor(x)).numpy()) <= 1e-12 * scale)  # reason above


def test_the_thirteen_are_complete_but_not_flexible() -> None:
    basis = Basis.from_contractions(HIPPYNN, SPACE, "hippynn")
    certificate = basis.certificate
    assert (certificate.rank, certificate.target, certificate.complete, certificate.independent) == (13, 13, True, True)
    assert certificate.verify(basis)
    assert [str(m) for m in basis] == list(HIPPYNN)
    assert basis.order == basis.select == "given"
    ranks = {}
    for names in ("t", "vt", "qt", "vq", "v", "q", "s", "sq"):
        found = basis.restricted(list(names)).certificate
        ranks[names] = (found.rank, found.target)
    assert ranks == {
        "t": (2, 4),
        "vt": (5, 7),
        "qt": (7, 9),
        "vq": (5, 5),
        "v": (1, 1),
        "q": (2, 2),
        "s": (1, 1),
        "sq": (3, 3),
    }


def test_hippynns_list_of_degree_three_leaves_one_out() -> None:
    lines = up_to(3, 3)
    short = Basis.from_contractions(lines, SPACE)
    longer = Basis.from_contractions([*lines, "i,jk,ijk v,q,t"], SPACE)
    assert short.certificate.rank == len(short) == 7
    assert longer.certificate.rank == len(longer) == 8 == len(generate(SPACE, 3))


@pytest.mark.torch
def test_the_thirteen_have_352_monomials() -> None:
    basis = Basis.from_contractions(HIPPYNN, SPACE, "hippynn")
    assert sum(len(m.polynomial()) for m in basis) == 352


# The witness on H3


def matrix(i: str, j: str, fresh: str) -> list[str]:
    """A_ij = O_ikl O_jkl."""
    return [i + fresh[0] + fresh[1], j + fresh[0] + fresh[1]]


def vector(i: str, fresh: str) -> list[str]:
    """u_i = O_ijk A_jk."""
    return [i + fresh[0] + fresh[1], *matrix(fresh[0], fresh[1], fresh[2:4])]


WITNESS = {
    "tr A": (["ijk", "ijk"], 788),
    "tr A²": (["ijk", "ijl", "abk", "abl"], 310058),
    "u·u": ([*vector("i", "abcd"), *vector("i", "efgh")], 182184),
    "O(u,u,u)": (["ijk", *vector("i", "abcd"), *vector("j", "efgh"), *vector("k", "lmno")], -4151896),
    "det[u, Au, A²u]": (
        [
            "xyz",
            *vector("x", "abcd"),
            *matrix("y", "e", "fg"),
            *vector("e", "hijk"),
            *matrix("z", "l", "mn"),
            *matrix("l", "o", "pq"),
            *vector("o", "rstu"),
        ],
        20640382199000,
    ),
}


@pytest.mark.parametrize("name", WITNESS)
def test_the_exact_witness_on_rank_three(name: str) -> None:
    groups, expected = WITNESS[name]
    odd = name.startswith("det")
    space = TensorSpace("O:3o", group="SO3" if odd else "O3")
    tensors = ("eps", *["O"] * (len(groups) - 1)) if odd else ("O",) * len(groups)
    basis = Basis.from_contractions([(",".join(groups), tensors)], space, "hippynn")
    free = [1, 2, 3, 4, 5, 6, 7]
    # integers below 2^53 in every step, so float64 is exact
    assert basis.evaluate(free).tolist() == [expected]
    assert basis.evaluate([-f for f in free]).tolist() == [-expected if odd else expected]
    # and over the rationals, from the full tensor
    full = np.empty((3, 3, 3), dtype=object)
    values = dict(zip(free_entries(3), free)) | {(1, 0, 2): -5, (0, 1, 2): -8, (0, 0, 3): -10}
    for index, exponents in oracles.entries(3):
        full[index] = Fraction(values[exponents])
    assert exact(basis.with_convention("rational"), [full]) == [expected]


# The object


def test_members_know_their_strings_and_degrees() -> None:
    basis = BASES["hiphop"]
    assert len(basis) == 13 and basis.degrees == (1, 2, 2, 3, 2, 4, 3, 4, 4, 4, 3, 4, 4)
    member = basis[6]
    assert (member.contraction, member.tensors, member.degree, member.multidegree) == (
        "i,ij,j",
        ("v", "q", "v"),
        3,
        (0, 2, 1, 0),
    )
    assert str(member) == "i,ij,j v,q,v" and repr(member) == "<Invariant 6: i,ij,j v,q,v, degree 3>"
    assert basis[-1].index == 12 and [m.index for m in basis[2:5]] == [2, 3, 4]
    assert [m.index for m in basis] == list(range(13))
    with pytest.raises(IndexError):
        basis[13]


def test_a_basis_is_frozen_and_its_parts_cannot_be_exchanged() -> None:
    basis = BASES["hiphop"]
    with pytest.raises(AttributeError):
        basis.convention = "e3nn"
    assert hash(basis) == hash(Basis.from_contractions(HIPPYNN, SPACE, "rational"))
    assert "13 invariants" in repr(basis) and basis.id[:12] in repr(basis)


def test_equal_content_has_equal_ids_and_any_difference_another() -> None:
    basis = generate(TensorSpace("1o + 2e"), 4)
    assert basis.id == generate(TensorSpace("1o + 2e"), 4).id
    others = [
        basis.with_convention("e3nn"),
        generate(TensorSpace("1o + 2e"), 5),
        generate(TensorSpace("1o + 2e", group="SO3"), 4),
        generate(TensorSpace("v:1o + 2e"), 4),
        generate(TensorSpace("1o + 2e"), 4, select="linear"),
        generate(TensorSpace("1e + 2e"), 4),
        Basis.from_contractions([str(m) for m in basis], basis.space),
    ]
    assert len({basis.id, *(o.id for o in others)}) == len(others) + 1
    assert len(basis.id) == 64 and set(basis.id) <= set("0123456789abcdef")


def test_another_convention_keeps_members_and_certificate() -> None:
    basis = BASES["independent"]
    other = basis.with_convention("e3nn_integral")
    assert other.convention == "e3nn"
    assert (other.contractions, other.certificate) == (basis.contractions, basis.certificate)
    assert other.certificate.verify(other)
    assert other.with_convention("rational") == basis
    with pytest.raises(InputError, match="convention must be one of"):
        basis.with_convention("cartesian")


def test_components_are_named_by_the_convention() -> None:
    assert BASES["hiphop"].components[:6] == ("s[0]", "v[-1]", "v[0]", "v[1]", "q[-2]", "q[-1]")
    hippynn = BASES["hiphop"].with_convention("hippynn").components
    assert hippynn[:5] == ("s[]", "v[x]", "v[y]", "v[z]", "q[xx]") and len(hippynn) == 16


def test_lists_may_be_pairs_or_lines() -> None:
    pairs = Basis.from_contractions([("i,i", ("v", "v")), ["ij,ij", ["q", "q"]]], SPACE)
    assert pairs == Basis.from_contractions(["i,i v,v", "ij,ij q,q"], SPACE)
    assert pairs == Basis.from_contractions([Contraction("i,i", ("v", "v")), pairs[1]], SPACE)


@pytest.mark.parametrize(
    ("given_list", "words"),
    [
        ([], "needs at least one contraction, the list is empty"),
        (["i,i v,v", "i,i v,v"], "i,i v,v appears twice in the list"),
        (["i,i w,w"], "has no tensor 'w'"),
        (["ijk,i,jl,kl eps,v,q,q"], "changes sign under inversion"),
        ([("i,i",)], "a contraction is a pair .* or a line"),
        ([5], "a contraction is a pair"),
        ([(1, ("v",))], "a contraction is a pair"),
        (["i,i q,q"], "q has rank 2"),
    ],
)
def test_bad_lists_are_refused(given_list: list, words: str) -> None:
    with pytest.raises(InputError, match=words):
        Basis.from_contractions(given_list, SPACE)


def test_restriction_refuses_what_is_not_there() -> None:
    basis = Basis.from_contractions(["i,ij,j v,q,v"], SPACE)
    with pytest.raises(InputError, match="no member of the basis consists of v alone"):
        basis.restricted(["v"])
    with pytest.raises(InputError, match="has no tensor 'w'"):
        basis.restricted(["w"])
    with pytest.raises(InputError, match="at least one tensor"):
        basis.restricted([])


def test_restriction_keeps_order_strings_and_convention() -> None:
    basis = BASES["hiphop"].restricted(["q", "v"])
    assert basis.space.names == ("v", "q") and basis.convention == "rational"
    assert [str(m) for m in basis] == [line for line in HIPPYNN if "t" not in line and line != "s"]
