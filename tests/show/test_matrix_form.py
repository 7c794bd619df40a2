from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from invgen.algebra.exact import Surd
from invgen.basis.basis import Basis
from invgen.basis.generation import generate
from invgen.errors import InputError
from invgen.reduction.given.subset import independent_subset
from invgen.show.matrices.arrays import evaluate
from invgen.show.matrices.sparse import sparse_support
from invgen.show.matrix_form import MatrixForm
from invgen.spaces.outputs import SCALAR, is_cartesian
from invgen.spaces.space import TensorSpace
from tests.support.paths import REPOSITORY
from tests.support.turbulence import (
    TRACES,
    change_of_basis,
    is_even,
    missing,
    multidegree,
    skew,
    symmetric,
    trace_polynomial,
)

TILTED = ((1, -1, 0), (0, 0, -1), (1, 1, 0))  # its main axis (1, 1, 0) has an irrational length
SR = TensorSpace("S:2e + R:1e")

# Each group, parity, kind of output and Cartesian space; degrees that give every kind of word.
CASES: dict[str, tuple[TensorSpace, int, dict[str, Any]]] = {
    "invariants of S and R": (SR, 6, {}),
    "S and R to 2e": (SR, 5, {"outputs": "2e"}),
    "S and R to 1e": (SR, 4, {"outputs": "1e"}),
    "S and R to ij": (SR, 3, {"outputs": "ij"}),
    "numbers": (TensorSpace("a:0e + v:1o + S:2e"), 3, {"select": "linear"}),
    "pseudo-scalar": (TensorSpace("a:0o + u:1o + v:1o + w:1o"), 4, {}),
    "contractions": (TensorSpace("S:2e + v:1o"), 4, {"select": "independent"}),
    "three skew": (TensorSpace("3x1e"), 3, {}),
    "SO3": (TensorSpace("S:2e + v:1o + w:1o", "SO3"), 4, {}),
    "SO3 to 1o": (TensorSpace("S:2e + v:1o", "SO3"), 4, {"outputs": "1o"}),
    "SO3, two matrices to 1o": (TensorSpace("S:2e + T:2e", "SO3"), 3, {"outputs": "1o"}),
    "SO3 to 2e": (TensorSpace("S:2e + v:1o", "SO3"), 4, {"outputs": "2e"}),
    "Cinf": (TensorSpace("S:2e + v:1o", "Cinf"), 3, {}),
    "Cinfv": (TensorSpace("S:2e + v:1o", "Cinfv", orientation=TILTED), 3, {}),
    "Cinfv to 1o": (TensorSpace("S:2e", "Cinfv", orientation=TILTED), 2, {"outputs": "1o"}),
    "Cinfh": (TensorSpace("S:2e + v:1o", "Cinfh", orientation=TILTED), 3, {"select": "linear"}),
    "Cinfh to 1e": (TensorSpace("S:2e", "Cinfh"), 2, {"outputs": "1e"}),
    "Cinfh to 2o, dyads in both orders": (TensorSpace("R:1e + v:1o", "Cinfh"), 2, {"outputs": "2o"}),
    "Cinfv to ij=-ji": (TensorSpace("R:1e + v:1o", "Cinfv"), 2, {"outputs": "ij=-ji"}),
    "Dinf to 1e": (TensorSpace("S:2e", "Dinf", orientation=TILTED), 3, {"outputs": "1e"}),
    "Dinfh": (TensorSpace("S:2e + R:1e", "Dinfh"), 3, {}),
    "Dinfh, an axis called N": (TensorSpace("N:2e", "Dinfh"), 2, {}),
    "i": (TensorSpace.cartesian("i", group="Dinfh"), 2, {}),
    "ij": (TensorSpace.cartesian("ij"), 3, {}),
    "ij to ij": (TensorSpace.cartesian("ij"), 2, {"outputs": "ij"}),
    "ij=-ji": (TensorSpace.cartesian("ij=-ji"), 2, {"outputs": "ij=ji"}),
    "ij=ji": (TensorSpace.cartesian("ij=ji"), 3, {"select": "linear"}),
    "ij=ji under Dinfh to itself": (TensorSpace.cartesian("ij=ji", group="Dinfh"), 2, {"outputs": "ij=ji"}),
    "ij=ji under Cinf": (TensorSpace.cartesian("ij=ji", group="Cinf", orientation=TILTED), 3, {}),
    "moments": (TensorSpace.moments([1, 2]), 3, {}),
}


@pytest.fixture(scope="module", params=CASES)
def basis(request: pytest.FixtureRequest) -> Basis:
    space, degree, options = CASES[request.param]
    return generate(space, degree, **{"select": "integrity", **options})


def rational(basis: Basis) -> Basis:
    return basis.with_convention("rational")


def tensors_of(space: TensorSpace, x: Any) -> tuple[dict[str, Any], Any]:
    """Matrices, vectors and numbers by name, and rational components, both from (batch, dimension) entries.

    Of a Cartesian space the entries are those of its tensor, otherwise those that `symmetric` and `skew` take.
    """
    if space.layout is not None and space.layout.recipe[0] == "cartesian":
        components = x @ np.array(space.layout.matrix, dtype=x.dtype).T
        names = [name.removeprefix("c") for name in space.layout.names]
        if len(names[0]) == 1:
            return {"c": x}, components
        sign = -1 if space.layout.recipe[1] == "ij=-ji" else 1
        matrix = np.zeros((len(x), 3, 3), dtype=x.dtype)
        for column, (i, j) in enumerate(names):
            if names.count(j + i) == 0:
                matrix[:, int(j) - 1, int(i) - 1] = sign * x[:, column]
            matrix[:, int(i) - 1, int(j) - 1] = x[:, column]
        return {"c": matrix}, components
    found, columns = {}, []
    for tensor, where in zip(space.tensors, space.slices, strict=True):
        part = x[:, where]
        if tensor.l == 0:
            found[tensor.name] = part[:, 0]
            columns.append(part)
        elif tensor.l == 1:
            found[tensor.name] = part if tensor.parity < 0 else skew(part)
            columns.append(part[:, [1, 2, 0]])
        else:
            t = found[tensor.name] = symmetric(part)
            columns.append(
                np.stack(
                    [t[:, 0, 1], t[:, 1, 2], 3 * t[:, 2, 2], t[:, 0, 2], t[:, 0, 0] - t[:, 1, 1]],
                    axis=-1,
                )
            )
    return found, np.concatenate(columns, axis=1)


def in_components(form: Any, outputs: str, rank: int) -> Any:
    """Values of a form (batch, ...) as the components or entries in which a basis in "rational" writes outputs."""
    if outputs == SCALAR:
        return form
    if is_cartesian(outputs):
        names = TensorSpace.cartesian(outputs).components
        return np.stack([form[(..., *(int(i) - 1 for i in name.removeprefix("c")))] for name in names], axis=-1)
    if rank == 2:
        parts = (form[..., 0, 1], form[..., 1, 2], 3 * form[..., 2, 2], form[..., 0, 2])
        return np.stack([*parts, form[..., 0, 0] - form[..., 1, 1]], axis=-1)
    vector = form if form.ndim == 2 else np.stack([form[:, 1, 2], form[:, 2, 0], form[:, 0, 1]], axis=-1)
    return vector[:, [1, 2, 0]]


def as_float(factor: Fraction | Surd) -> float:
    return factor.round() if isinstance(factor, Surd) else float(factor)


def test_the_form_times_its_factor_is_the_member(basis: Basis) -> None:
    generator = np.random.default_rng(3)
    x = generator.normal(size=(5, basis.space.dimension))
    matrices, components = tensors_of(basis.space, x)
    expected = rational(basis)
    for k, member in enumerate(basis):
        form = member.matrix_form()
        value = form.numpy(**matrices)
        rank = member.expression.rank(basis.space) if basis.outputs != SCALAR else 0  # type: ignore[attr-defined]
        value = value if member.degree else np.broadcast_to(value, (5, *value.shape))  # constants have no batch
        found = as_float(form.factor) * in_components(value, basis.outputs, rank)
        wanted = in_floats(expected, components)[:, k]
        # sums of some hundred products of six normal numbers, coefficients up to a few thousand
        scale = np.abs(wanted).max() + 1e-9
        np.testing.assert_allclose(found, np.broadcast_to(wanted, found.shape), rtol=1e-9, atol=1e-9 * scale)


def in_floats(basis: Basis, components: Any) -> Any:
    """A basis in "rational" at floats: exact arithmetic on the floats themselves."""
    exact = np.array([Fraction(float(v)) for v in components.ravel()], dtype=object).reshape(components.shape)
    return basis.evaluate(exact).astype(np.float64)


@settings(max_examples=25, deadline=None)
@given(
    x=arrays.arrays(np.int64, (2, 8), elements=st.integers(-50, 50)),
    index=st.integers(0, 9),
)
def test_forms_of_s_and_r_are_exact_at_all_integers(x: Any, index: int) -> None:
    basis = rational(generate(SR, 6, select="integrity", outputs="2e"))
    matrices, components = tensors_of(SR, x)
    form = basis[index].matrix_form()
    value = in_components(np.atleast_3d(form.numpy(**matrices)).reshape(-1, 3, 3), "2e", 2)
    found = float(form.factor) * value  # type: ignore[arg-type]
    wanted = basis.evaluate(components.astype(object))[:, index].astype(np.float64)
    # products of up to five entries below 100 in some hundred terms, rounded to 53 bits
    np.testing.assert_allclose(found, wanted, rtol=1e-12, atol=1e-12 * (1 + np.abs(x).max()) ** 5 * 1e5)


@pytest.mark.parametrize(
    ("space", "degree", "options"),
    [
        (SR, 4, {}),
        (TensorSpace("u:1o + v:1o + S:2e", "SO3"), 3, {}),
        (TensorSpace("S:2e", "Dinfh"), 2, {}),
        (TensorSpace("S:2e + v:1o", "Cinf"), 2, {}),
        (TensorSpace.cartesian("ij=ji"), 3, {"select": "linear"}),
        (TensorSpace.cartesian("ij"), 3, {}),
    ],
)
def test_sympy_expands_to_the_polynomial_of_the_member(
    space: TensorSpace, degree: int, options: dict[str, Any]
) -> None:
    basis = generate(space, degree, **{"select": "integrity", **options})
    basis = basis if space.layout is not None else rational(basis)
    symbols = np.array([[sympy.Symbol(name, real=True) for name in basis.components]], dtype=object)
    if space.layout is None:
        # the five entries xx, xy, xz, yy, yz and three entries of vectors from rational components
        parts = []
        for tensor, where in zip(space.tensors, space.slices, strict=True):
            c = list(symbols[0, where])
            xx, yy = (3 * c[4] - c[2]) / 6 if tensor.l == 2 else 0, (-3 * c[4] - c[2]) / 6 if tensor.l == 2 else 0
            parts += [xx, c[0], c[3], yy, c[1]] if tensor.l == 2 else [c[2], c[0], c[1]]
        entries = np.array([parts], dtype=object)
    else:
        entries = symbols
    given, _ = tensors_of(space, entries)
    explicit = {name: sympy.Matrix(array[0]) for name, array in given.items()}
    for member in basis:
        form = member.matrix_form()
        if form.axis is not None:
            explicit["n"] = sympy.Matrix(form.axis)
            explicit["N"] = explicit["n"] * explicit["n"].T
        expression = form.sympy()
        found = {s: explicit[s.name] for s in expression.atoms(sympy.MatrixSymbol)}
        value = expression.subs(found).doit()
        factor = form.factor
        assert isinstance(factor, Fraction)
        scaled = sympy.Rational(factor.numerator, factor.denominator) * value
        assert sympy.expand(scaled - member.sympy()) == 0, str(member)


def test_forms_are_written_as_mechanics_writes_them() -> None:
    def forms(space: TensorSpace, degree: int, **options: Any) -> list[str]:
        return [str(m.matrix_form()) for m in generate(space, degree, **{"select": "integrity", **options})]

    assert forms(SR, 6) == [
        "tr(R^2)",
        "tr(S^2)",
        "tr(S R^2)",
        "tr(S^3)",
        "tr(S^2 R^2) + tr(S R S R)",
        "tr(S^2 R^2 S R)",
    ]
    assert forms(SR, 4, outputs="2e")[:6] == [
        "S",
        "R^2 - 1/3 tr(R^2) 1",
        "S R - R S",
        "S^2 - 1/3 tr(S^2) 1",
        "S^2 R - R S^2",
        "S R^2 + R^2 S + 4 R S R - 2 tr(S R^2) 1",
    ]
    assert forms(TensorSpace("v:1o + S:2e"), 4) == ["v . v", "tr(S^2)", "v . S v", "tr(S^3)", "v . S^2 v"]
    assert forms(TensorSpace("S:2e", "Dinfh"), 3) == [
        "tr(S N)",
        "tr(S^2)",
        "tr(S^2) - 3 tr(S^2 N)",
        "tr(S^3)",
    ]
    assert forms(TensorSpace("u:1o + v:1o + w:1o", "SO3"), 3)[-1] == "det(u, v, w)"
    assert forms(TensorSpace("S:2e + T:2e", "SO3"), 2, outputs="1o") == ["axial(S T)"]


def test_trace_parts_of_a_full_matrix_are_explicit() -> None:
    basis = generate(TensorSpace.cartesian("ij=ji"), 3, select="integrity")
    assert [str(m.matrix_form()) for m in basis] == [
        "tr(c)",
        "tr(c^2) - 1/3 tr(c)^2",
        "tr(c^3) - tr(c) tr(c^2) + 2/9 tr(c)^3",
    ]
    maps = generate(TensorSpace.cartesian("ij=ji"), 2, select="integrity", outputs="ij=ji")
    assert [str(m.matrix_form()) for m in maps] == [
        "1",
        "c - 1/3 tr(c) 1",
        "c^2 - 2/3 tr(c) c - 1/3 tr(c^2) 1 + 2/9 tr(c)^2 1",
    ]


def test_latex_names_tensors_as_tables_do() -> None:
    member = generate(TensorSpace("1o + 2e"), 4, select="integrity")[4]
    assert member.matrix_form().latex() == r"T^{(1)} \cdot {T^{(2)}}^{2} T^{(1)}"
    trace = generate(TensorSpace.cartesian("ij=ji"), 2, select="integrity")[1].matrix_form()
    assert trace.latex() == r"\operatorname{tr}(c^{2}) - \tfrac{1}{3} \operatorname{tr}(c)^{2}"


def test_the_factor_of_an_irrational_axis_is_a_surd() -> None:
    member = generate(TensorSpace("S:2e", "Cinfv", orientation=TILTED), 1, select="integrity", outputs="1o")[1]
    form = member.matrix_form()
    assert (str(form), form.axis) == ("S n", (1, 1, 0))
    assert isinstance(form.factor, Surd)


def test_batches_broadcast() -> None:
    form = generate(SR, 2, select="integrity", outputs="2e")[2].matrix_form()
    s = symmetric(np.random.default_rng(0).normal(size=(4, 5)))[:, None]
    r = skew(np.random.default_rng(1).normal(size=(7, 3)))
    value = form.numpy(S=s, R=r)
    assert value.shape == (4, 7, 3, 3)
    np.testing.assert_allclose(value[2, 5], s[2, 0] @ r[5] - r[5] @ s[2, 0], rtol=1e-14, atol=1e-14)  # a few products


def test_the_forms_do_not_depend_on_the_hash_seed() -> None:
    program = (
        "from invgen import TensorSpace, generate\n"
        "for m in generate(TensorSpace('S:2e + R:1e'), 5, select='integrity', outputs='2e'): print(m.matrix_form())\n"
    )
    found = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(REPOSITORY)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(found) == 1
    assert found.pop().startswith("S\n")


@pytest.mark.parametrize(
    ("space", "options", "sentence"),
    [
        (TensorSpace("2e + 3o"), {}, "l <= 2; the space has l3:3o"),
        (TensorSpace("2e"), {"outputs": "4e"}, "outputs 4e have a higher rank"),
        (TensorSpace("2e", "Oh"), {}, "Oh has structural tensors of higher rank"),
        (TensorSpace.moments([1, 2], spatial_dimension=2, group="O2"), {}, "is in the plane"),
    ],
)
def test_what_has_no_matrix_form_is_refused(space: TensorSpace, options: dict[str, Any], sentence: str) -> None:
    member = generate(space, 2, select="integrity", **options)[0]
    with pytest.raises(InputError, match=sentence):
        member.matrix_form()


def test_arrays_that_do_not_fit_are_refused() -> None:
    form: MatrixForm = generate(SR, 3, select="integrity")[2].matrix_form()
    s, r = symmetric(np.arange(5.0)[None])[0], skew(np.arange(3.0)[None])[0]
    assert form.numpy(S=s, R=r).shape == ()
    for arguments, sentence in (
        ({"S": s}, "needs R; its tensors are S, R"),
        ({"S": s, "R": r, "T": r}, "does not know 'T'"),
        ({"S": s[0], "R": r}, "matrices"),
        ({"S": s + np.eye(3), "R": r}, "symmetric and traceless"),
        ({"S": s, "R": s}, "R must be skew"),
        ({"S": "text", "R": s}, "not an array of numbers"),
    ):
        with pytest.raises(InputError, match=sentence):
            form.numpy(**arguments)
    assert evaluate(str(form), form.terms, form.letters, form.axis, {"S": s, "R": r}) == form.numpy(S=s, R=r)


# --- what turbulence modellers print ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def module() -> Basis:
    return generate(SR, 6, select="integrity", outputs="2e")


def test_popes_ten_tensors_generate_the_module(module: Basis) -> None:
    assert Counter(module.degrees) == {1: 1, 2: 3, 3: 2, 4: 3, 5: 1}
    rows = change_of_basis(module, generate(SR, 6, select="integrity"), sparse_support)
    # Each of Pope's tensors is a multiple, not zero, of one generator, plus invariants times generators of lower
    # degree: a triangular matrix with an inverse over the invariants.
    leading = [[g for _, invariants, g in row.terms if not invariants] for row in rows]
    assert sorted(leading) == [[g] for g in range(10)]
    for row, (g,) in zip(rows, leading, strict=True):
        others = [other for _, invariants, other in row.terms if invariants]
        assert all(module.degrees[other] < module.degrees[g] for other in others)
    assert rows[9].terms == ((Fraction(1, 1440), (), 9), (Fraction(1, 24), (2,), 2), (Fraction(1, 20), (0,), 4))


def test_a_false_change_of_basis_is_not_found(module: Basis) -> None:
    with pytest.raises(AssertionError):
        change_of_basis(module, generate(SR, 2, select="integrity"), sparse_support)


def test_the_47_traces_in_print_have_the_degrees_of_a_generated_integrity_basis() -> None:
    basis = generate(TensorSpace("S:2e + R:1e + P:1e + K:1e"), 6, select="integrity")
    assert Counter(member.multidegree for member in basis) == Counter(map(multidegree, TRACES))
    assert Counter(map(len, TRACES)) == {2: 7, 3: 8, 4: 14, 5: 8, 6: 10}


def test_the_47_traces_generate_the_invariants_to_degree_6_and_none_is_superfluous() -> None:
    space = TensorSpace("S:2e + R:1e + P:1e + K:1e")
    assert missing(TRACES, space, 6) == {}
    for word in TRACES:
        others = [other for other in TRACES if other != word]
        assert missing(others, space, len(word)) == {multidegree(word): 1}


def test_eleven_of_the_47_traces_suffice_functionally_and_20_are_not_invariant_under_reflections() -> None:
    polynomials = [trace_polynomial(word) for word in TRACES]
    as_skew = independent_subset(polynomials, TensorSpace("S:2e + R:1e + P:1e + K:1e"), convention="rational")
    true = independent_subset(polynomials, TensorSpace("S:2e + R:1e + P:1o + K:1o"), convention="rational")
    odd = tuple(i for i, word in enumerate(TRACES) if not is_even(word))
    assert len(odd) == 20
    assert (as_skew.certificate.not_invariant, true.certificate.not_invariant) == ((), odd)
    for found in (as_skew, true):
        assert (found.certificate.rank, found.certificate.target, found.certificate.complete) == (11, 11, True)
        assert [TRACES[i] for i in found.certificate.rows] == [
            *("SS", "SSS", "RR", "PP", "KK"),
            *("RRS", "RRSS", "PPS", "PPSS", "KKS", "KKSS"),
        ]
