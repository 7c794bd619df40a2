"""Covariants: `generate(..., outputs="1o")`, their values, kernels, files and certificates."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import invgen
from invgen import TensorSpace, generate
from invgen.basis import file as basis_file
from invgen.basis.basis import Basis
from invgen.cli import main
from invgen.contractions.contraction import Contraction
from invgen.contractions.trees import CouplingTree
from invgen.errors import BasisFileError, InputError
from invgen.reduction.proofs.counts import IntegrityProof, LinearProof
from invgen.reduction.proofs.jacobian import IndependentProof
from invgen.spaces.outputs import series
from invgen.testing import assert_equivariant, assert_kernel_matches

FULL = TensorSpace("0e + 1o + 2e + 3o")
CONVENTIONS = ("sphericart", "e3nn", "e3nn_component", "e3nn_norm", "hippynn")
# Coordinates of random rotations carry some 1e-13 (see `representation`), a map of degree k multiplies that by k and by
# its condition; a wrong sign or component is off by 1.
EQUIVARIANT = 3e-10
KINDS = [
    ("0e + 1o + 2e + 3o", "O3", 3, "1o"),
    ("0e + 1o + 2e + 3o", "O3", 3, "2e"),
    ("0e + 1o + 2e + 3o", "O3", 3, "1e"),
    ("2x1o", "O3", 2, "1e"),
    ("1o + 1e", "O3", 3, "0o"),
    ("1e + 2o", "O3", 4, "2e"),
    ("1o + 2e", "SO3", 4, "0o"),
    ("1o + 2e", "SO3", 3, "3e"),
]


def covariants(irreps: str, group: str, degree: int, outputs: str, convention: str | None = None) -> Basis:
    return generate(TensorSpace(irreps, group), degree, select="linear", outputs=outputs, convention=convention)


@pytest.mark.parametrize(("outputs", "count"), [("0e", 13), ("1o", 16), ("2e", 20)])
def test_there_are_thirteen_sixteen_and_twenty_up_to_degree_three(outputs: str, count: int) -> None:
    basis = generate(FULL, 3, select="linear", outputs=outputs)
    assert len(basis) == count and basis.certificate.complete
    assert all(claim.holds for claim in basis.verify())


@pytest.mark.parametrize(("irreps", "group", "degree", "outputs"), KINDS)
@pytest.mark.parametrize("convention", CONVENTIONS)
def test_members_turn_with_their_arguments(irreps: str, group: str, degree: int, outputs: str, convention: str) -> None:
    basis = covariants(irreps, group, degree, outputs, convention)
    assert_equivariant(basis.evaluate, basis.space, outputs, convention, tolerance=EQUIVARIANT)


def test_what_turns_as_the_other_parity_is_refused_by_the_check_of_equivariance() -> None:
    basis = covariants("2x1o", "O3", 2, "1e")
    with pytest.raises(AssertionError, match="rotated value is off"):
        assert_equivariant(basis.evaluate, basis.space, "1o", basis.convention)


def test_the_pseudo_vector_of_two_vectors_is_their_cross_product() -> None:
    basis = covariants("a:1o + b:1o", "O3", 2, "1e", "hippynn")
    assert [str(member) for member in basis] == ["(a,b)1"]
    a, b = np.random.default_rng(0).normal(size=(2, 5, 3))
    found = basis.evaluate(np.concatenate([a, b], axis=1))[:, 0]
    scale = found[0, 0] / np.cross(a, b)[0, 0]
    np.testing.assert_allclose(found, scale * np.cross(a, b), rtol=1e-12)  # a few roundings
    assert abs(abs(scale) - round(abs(scale))) < 1e-12 and abs(scale) > 0.5


@pytest.mark.parametrize("convention", CONVENTIONS)
@pytest.mark.parametrize(("irrep", "place"), [("1o", 1), ("2e", 2), ("3o", 3)])
def test_a_tensor_itself_comes_out_as_it_went_in(convention: str, irrep: str, place: int) -> None:
    basis = generate(FULL, 1, select="linear", outputs=irrep, convention=convention)
    x = np.random.default_rng(1).normal(size=(4, FULL.dimension))
    np.testing.assert_allclose(basis.evaluate(x)[:, 0], x[:, FULL.slices[place]], rtol=1e-13)  # two scalings


def test_rational_and_cartesian_values_are_exact() -> None:
    basis = covariants("1o + 2e", "O3", 3, "1o", "rational")
    x = np.array([Fraction(i * i - 7, i + 1) for i in range(8)], dtype=object)
    exact = basis.evaluate(x)
    assert exact.shape == (len(basis), 3) and all(isinstance(v, Fraction | int) for v in exact.flat)
    moments = generate(TensorSpace.moments(range(3)), 2, select="linear", outputs="1o")
    assert moments.convention == "cartesian" and moments.output_names[:2] == ("m1_1[-1]", "m1_1[0]")
    m = np.arange(1, 11).astype(object)
    np.testing.assert_allclose(moments.evaluate(m).astype(float), moments.evaluate(m.astype(float)), rtol=1e-14)
    assert_equivariant(moments.evaluate, moments.space, "1o", "cartesian", tolerance=EQUIVARIANT)


@pytest.mark.parametrize(("irreps", "group", "degree", "outputs"), KINDS)
def test_members_are_linearly_independent_as_a_float_svd_sees_it(
    irreps: str, group: str, degree: int, outputs: str
) -> None:
    basis = covariants(irreps, group, degree, outputs)
    x = np.random.default_rng(2).normal(size=(2 * len(basis) + 5, basis.space.dimension))
    values = basis.evaluate(x).transpose(1, 0, 2).reshape(len(basis), -1)
    values /= np.linalg.norm(values, axis=1, keepdims=True)
    singular = np.linalg.svd(values, compute_uv=False)
    assert singular[-1] > 1e-6  # dependent rows leave 1e-15


@settings(max_examples=12)
@given(
    st.lists(st.tuples(st.integers(0, 2), st.sampled_from("eo")), min_size=1, max_size=2),
    st.sampled_from(["O3", "SO3"]),
    st.tuples(st.integers(0, 3), st.sampled_from("eo")).filter(lambda kind: kind != (0, "e")),
)
def test_counts_are_those_of_an_integral_over_the_group(
    terms: list[tuple[int, str]], group: str, kind: tuple[int, str]
) -> None:
    """The mean over the group of the character of Sym^k(V) times that of the output, in floats."""
    space, outputs = TensorSpace(" + ".join(f"{l}{p}" for l, p in terms), group), f"{kind[0]}{kind[1]}"
    parity = 1 if kind[1] == "e" else -1
    expected = [_mean_character(space, degree, kind[0], parity) for degree in (1, 2, 3)]
    assert series(space, outputs, 3)[1:] == expected
    if not sum(expected):
        with pytest.raises(InputError, match=f"covariants {outputs}"):
            generate(space, 3, select="linear", outputs=outputs)
        return
    basis = generate(space, 3, select="linear", outputs=outputs)
    counted = Counter(basis.degrees)
    assert [counted[degree] for degree in (1, 2, 3)] == expected
    assert all(claim.holds for claim in basis.verify())
    assert_equivariant(basis.evaluate, space, outputs, basis.convention, samples=4, tolerance=EQUIVARIANT)


def _mean_character(space: TensorSpace, degree: int, rank: int, parity: int) -> int:
    angles = 2 * np.pi * np.arange(64) / 64  # the integrand has weights below 64, so the sum is exact
    weight = (1 - np.cos(angles)) / 64
    total = np.zeros(2)
    for part, sign in enumerate((1, -1)):
        power = [_trace(space, k * angles, sign**k) for k in range(1, degree + 1)]
        symmetric = [np.ones_like(angles)]
        for k in range(1, degree + 1):  # Newton's identity k h_k = sum of p_i h_(k-i)
            symmetric.append(sum(power[i - 1] * symmetric[k - i] for i in range(1, k + 1)) / k)
        output = sum(np.cos(m * angles) for m in range(-rank, rank + 1)) * (parity if sign < 0 else 1)
        total[part] = (weight * symmetric[degree] * output).sum()
    return round(float(total[0] if space.group == "SO3" else total.mean()))


def _trace(space: TensorSpace, angles: Any, sign: int) -> Any:
    """The trace of the rotation by an angle, times the inversion if the sign is -1, on the space."""
    return sum(
        (t.parity if sign < 0 else 1) * sum(np.cos(m * angles) for m in range(-t.l, t.l + 1)) for t in space.tensors
    )


def test_raising_the_degree_only_appends_and_cost_rises_within_a_degree() -> None:
    previous: tuple[Any, ...] = ()
    for degree in range(1, 5):
        members = generate(TensorSpace("0e + 1o + 2e"), degree, select="linear", outputs="1o").contractions
        assert members[: len(previous)] == previous
        assert all(member.degree == degree for member in members[len(previous) :])
        previous = members
    assert [str(member) for member in previous[:3]] == ["l1", "(l0,l1)1", "(l1,l2)1"]


@pytest.mark.parametrize("outputs", ["1o", "1e", "2e"])
def test_a_killed_run_goes_on_from_its_checkpoint_to_the_same_bytes(outputs: str, tmp_path: Path) -> None:
    space = TensorSpace("1o + 1e + 2e")
    alone = basis_file.dumps(generate(space, 4, select="linear", outputs=outputs))

    def interrupt(text: str, done: int, total: int) -> None:
        if text == "degree 3":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        generate(space, 4, select="linear", outputs=outputs, checkpoint=tmp_path, progress=interrupt)
    kept = {path.name for path in tmp_path.iterdir()}
    assert kept
    told: list[tuple[str, int, int]] = []
    with ThreadPoolExecutor(2) as executor:
        again = generate(
            *(space, 4),
            select="linear",
            outputs=outputs,
            checkpoint=tmp_path,
            executor=executor,
            progress=lambda *step: told.append(step),
        )
    assert basis_file.dumps(again) == alone
    assert {text for text, _, _ in told[1:]} == {"degree 3", "degree 4"}  # the lower ones are read, not solved
    assert kept < {path.name for path in tmp_path.iterdir()}
    generate(space, 3, checkpoint=tmp_path)  # invariants may lie in the same folder
    assert basis_file.dumps(generate(space, 4, select="linear", outputs=outputs, checkpoint=tmp_path)) == alone


def test_an_executor_changes_no_byte_and_progress_is_told() -> None:
    told: list[tuple[str, int, int]] = []
    serial = generate(FULL, 3, select="linear", outputs="2e", progress=lambda *step: told.append(step))
    with ThreadPoolExecutor(2) as executor:
        parallel = generate(FULL, 3, select="linear", outputs="2e", executor=executor)
    assert basis_file.dumps(parallel) == basis_file.dumps(serial)
    assert (
        told[0][0].startswith("estimate: ")
        and told[1][0] == "degree 1"
        and all(done <= total for _, done, total in told)
    )


@pytest.mark.torch
@pytest.mark.parametrize("target", ["c", "torch"])
@pytest.mark.parametrize(
    ("outputs", "convention"), [("1o", "sphericart"), ("1o", "e3nn"), ("2e", "e3nn_norm"), ("1e", "hippynn")]
)
def test_kernels_have_all_five_functions_of_the_basis(outputs: str, convention: str, target: str) -> None:
    import torch

    basis = covariants("0e + 1o + 2e", "O3", 3, outputs, convention)
    assert_kernel_matches(invgen.compile(basis, target=target, dtype=torch.float64), basis)


@pytest.mark.torch
def test_kernels_of_cartesian_moments_match() -> None:
    import torch

    basis = generate(TensorSpace.moments(range(3)), 2, select="linear", outputs="1o")
    assert_kernel_matches(invgen.compile(basis, target="torch", dtype=torch.float64), basis)


@pytest.mark.torch
def test_a_kernel_is_flat_and_twice_differentiable() -> None:
    import torch

    basis = covariants("1o + 2e", "O3", 3, "1o")
    kernel = invgen.compile(basis, dtype=torch.float64)
    x = torch.randn(3, basis.space.dimension, 2, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    y = kernel(x)
    assert y.shape == (3, 3 * len(basis), 2) and kernel.count == len(basis.output_names)
    expected = basis.evaluate(x.permute(0, 2, 1).numpy())
    found = y.unflatten(-2, (len(basis), 3)).permute(0, 3, 1, 2).numpy()
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-12)  # sums in another order
    point = x[:1, :, :1].clone().requires_grad_()
    assert torch.autograd.gradcheck(kernel, (point,)) and torch.autograd.gradgradcheck(kernel, (point,))


@pytest.mark.torch
def test_the_layer_and_the_package_name_every_component(tmp_path: Path) -> None:
    import torch

    basis = covariants("v:1o + q:2e", "O3", 2, "1o", "hippynn")
    assert basis.output_names == ("v[x]", "v[y]", "v[z]", "(v,q)1[x]", "(v,q)1[y]", "(v,q)1[z]")
    folder = invgen.write_package(basis, tmp_path / "vectors")
    manifest = json.loads((folder / "MANIFEST.json").read_text())
    assert manifest["invariants"] == list(basis.output_names) and manifest["count"] == 6
    assert "6 components of 2 covariants 1o" in (folder / "__init__.py").read_text()
    package = invgen.runtime.load_package(folder)
    x = torch.randn(4, 8, dtype=torch.float64, generator=torch.Generator().manual_seed(1))
    y = package.kernel(torch.float64, layout="plain", target="torch")(x)
    np.testing.assert_allclose(y.numpy().reshape(4, 2, 3), basis.evaluate(x.numpy()), rtol=1e-12, atol=1e-12)
    assert "2 covariants 1o" in repr(invgen.nn.Invariants(basis, layout="plain", target="torch"))


def test_scalars_keep_their_ids_and_files() -> None:
    basis = generate(FULL, 4)
    assert generate(FULL, 4, outputs="0e") == basis
    assert "outputs" not in basis_file.to_json(basis)["selection"]
    assert basis.output_names == tuple(map(str, basis))


def test_files_round_trip_and_outputs_are_part_of_the_id(tmp_path: Path) -> None:
    basis = covariants("1o + 2e", "SO3", 3, "1o")
    path = basis.save(tmp_path / "vectors.json")
    loaded = Basis.load(path)
    assert loaded == basis and loaded.id == basis.id and loaded.outputs == "1o"
    assert basis_file.dumps(loaded) == path.read_text()
    # SO(3) ignores the parity: the same members, asked for by another name
    other = covariants("1o + 2e", "SO3", 3, "1e")
    assert other.contractions == basis.contractions and other.id != basis.id


def _set(*keys: Any, to: Any) -> Callable[[Any], None]:
    def change(data: Any) -> None:
        for key in keys[:-1]:
            data = data[key]
        data[keys[-1]] = to

    return change


@pytest.mark.parametrize(
    "change",
    [
        _set("selection", "outputs", to="1"),
        _set("selection", "outputs", to="01o"),
        _set("selection", "outputs", to=1),
        _set("selection", "outputs", to=None),
        _set("selection", "outputs", to="0e"),
        _set("selection", "outputs", to="21o"),
        _set("selection", "output", to="1o"),
        _set("convention", "name", to="cartesian"),
    ],
)
def test_damaged_files_are_refused(change: Callable[[Any], None], tmp_path: Path) -> None:
    data = json.loads(basis_file.dumps(covariants("1o + 2e", "O3", 2, "1o")))
    change(data)
    (tmp_path / "damaged.json").write_text(json.dumps(data))
    with pytest.raises(BasisFileError, match="damaged"):
        basis_file.read(tmp_path / "damaged.json")


def test_a_selection_of_invariants_cannot_be_said_to_be_covariants(tmp_path: Path) -> None:
    data = json.loads(basis_file.dumps(generate(TensorSpace("1o + 2e"), 4, select="flexible")))
    data["selection"]["outputs"] = "1o"
    (tmp_path / "damaged.json").write_text(json.dumps(data))
    with pytest.raises(BasisFileError, match="outputs are '1o'"):
        basis_file.read(tmp_path / "damaged.json")


BASIS = covariants("0e + 1o + 2e", "O3", 3, "1o")
TREES = BASIS.contractions


@pytest.mark.parametrize(
    "tampered",
    [
        replace(BASIS, outputs="1e"),
        replace(BASIS, outputs="2e"),
        replace(BASIS, outputs="0e"),
        replace(BASIS, max_degree=4),
        replace(BASIS, max_degree=2),
        replace(BASIS, contractions=TREES[:-1]),
        replace(BASIS, contractions=(*TREES[:-1], TREES[-2])),
        replace(BASIS, contractions=(*TREES[:-1], CouplingTree("((l1,l1)1,l2)1"))),
        replace(BASIS, contractions=(*TREES[:-1], Contraction("i,i", ("l1", "l1")))),
        replace(BASIS, contractions=(CouplingTree("l2"), *TREES[1:])),
        *(
            replace(BASIS, certificate=replace(BASIS.certificate, **{name: value}))
            for name, value in [
                ("size", len(BASIS) + 1),
                ("rank", len(BASIS) - 1),
                ("target", len(BASIS) + 1),
                ("complete", False),
                ("primes", (2147483647,)),
                ("points", BASIS.certificate.points[:-1]),
                ("proof", LinearProof(BASIS.certificate.counts[:-1])),
                ("proof", IntegrityProof(BASIS.certificate.counts)),
                ("proof", IndependentProof((0,), (0,), -1)),
            ]
        ),
    ],
)
def test_a_false_claim_is_found(tampered: Basis) -> None:
    assert BASIS.certificate.verify(BASIS)
    assert not tampered.certificate.verify(tampered)


def test_members_that_depend_on_each_other_are_found_by_their_values() -> None:
    """Right counts, wrong rank: one member becomes another with the arguments of its coupling exchanged."""
    space = TensorSpace("1o + 2e")
    basis = generate(space, 3, select="linear", outputs="1o")
    groups = Counter(member.multidegree(space) for member in basis.contractions)
    multidegree = next(m for m, count in groups.items() if count == 2)
    first, second = [i for i, m in enumerate(basis.contractions) if m.multidegree(space) == multidegree]
    members = list(basis.contractions)
    left, right, rank = members[first].root  # type: ignore[union-attr, misc]
    swapped = CouplingTree(f"({_text(right)},{_text(left)}){rank}")
    assert swapped != members[first]
    members[second] = swapped
    tampered = replace(basis, contractions=tuple(members))
    false = [claim.text for claim in tampered.verify() if not claim.holds]
    assert false == ["the members of each multidegree are linearly independent"]


def _text(node: Any) -> str:
    return node if isinstance(node, str) else f"({_text(node[0])},{_text(node[1])}){node[2]}"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"outputs": "1o", "select": "flexible"}, "select='independent', 'linear' or 'integrity' only"),
        ({"outputs": "1o", "select": "separating"}, "select='independent', 'linear' or 'integrity' only"),
        ({"outputs": "1o", "order": "cost"}, "order is for invariants"),
        ({"outputs": "1o", "strata": True}, "strata=True is for invariants"),
        ({"outputs": "1o", "select": "integrity", "forms": "cheapest"}, "forms='cheapest' is for invariants"),
        ({"outputs": "ijk", "select": "integrity"}, "several irreducible parts of rank 1, 2"),
        ({"outputs": "vector", "select": "linear"}, "outputs is one irrep .* got .vector"),
        ({"outputs": "1", "select": "linear"}, "outputs is one irrep"),
        ({"outputs": "01o", "select": "linear"}, "outputs is one irrep"),
        ({"outputs": "1o + 2e", "select": "linear"}, "outputs is one irrep"),
        ({"outputs": 1, "select": "linear"}, "outputs is one irrep"),
        ({"outputs": "21o", "select": "linear"}, "l <= 20"),
        ({"outputs": "4e", "select": "linear", "convention": "hippynn"}, "outputs 4e cannot be written .*hippynn"),
        ({"outputs": "5o", "select": "linear"}, "no O3 covariants 5o of degree 1 to 2; the first have degree 3"),
    ],
)
def test_requests_that_make_no_sense_are_refused(options: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError, match=words):
        generate(TensorSpace("1o + 2e"), 2, **options)


def test_what_only_invariants_have_is_refused() -> None:
    for refused in (
        lambda: BASIS.report(),
        lambda: BASIS.fibre(),
        lambda: BASIS.restricted(["l1"]),
        lambda: BASIS.expand("i,i l1,l1"),
        lambda: BASIS[0].polynomial(),
        lambda: BASIS[0].sympy(),
        lambda: generate(TensorSpace("4e"), 1, select="linear", outputs="4e").with_convention("hippynn"),
    ):
        with pytest.raises(InputError):
            refused()
    with pytest.raises(InputError, match="outputs='1o'"):
        generate(TensorSpace.moments(range(3), spatial_dimension=2, group="O2"), 2, select="linear", outputs="1o")
    with pytest.raises(InputError, match="20000"):
        generate(TensorSpace("20x1o + 20x2e"), 4, select="linear", outputs="1o")


def test_tables_and_pictures_show_covariants() -> None:
    for style in ("markdown", "latex", "csv", "html"):
        assert "(l0,l1)1" in BASIS.table(style)
    assert f"{len(BASIS)} linearly independent covariants 1o under O(3)" in BASIS.table()
    assert "covariants 1o" in repr(BASIS) and repr(BASIS[0]).startswith("<Covariant 1o 0: l1")
    assert BASIS[1].latex() == r"\{T^{(0)}, T^{(1)}\}_{1}"
    assert "<svg" in BASIS._repr_html_()


def test_the_command_line_makes_shows_and_verifies_covariants(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = str(tmp_path / "vectors.json")
    request = ["generate", "0e + 1o + 2e + 3o", "--max-degree", "3", "--outputs", "1o", "-o", path]
    assert main([*request, "--select", "flexible"]) == 2 and "'linear' or 'integrity' only" in capsys.readouterr().err
    assert main([*request, "--select", "linear"]) == 0
    assert "16 covariants 1o, rank 16 of 16" in capsys.readouterr().out
    assert main(["show", path]) == 0 and "outputs     1o" in capsys.readouterr().out
    assert main(["verify", path]) == 0 and "FAILED" not in capsys.readouterr().out
