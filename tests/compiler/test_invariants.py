"""Compiled kernels are the bases they were compiled from, on every target, and refusals leave nothing behind."""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import cycle, product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

import invgen
from invgen import Basis, TensorSpace, generate, write_package
from invgen.compiler.invariants import invariants_spec
from invgen.compiler.packages import package_files
from invgen.errors import CompilerError, InputError
from invgen.runtime import Kernel, load_package
from invgen.spaces import conventions
from invgen.testing import assert_kernel_matches
from tests.support.basis_cases import CASES, PACKAGES, basis_of, draw, expected, rank_conventions
from tests.support.kernel_cases import TOLERANCE, assert_close, kernel_of, results, tensors

TARGETS = ("c", "torch")
DTYPES = (torch.float32, torch.float64)


@pytest.fixture
def threads() -> Iterator[None]:
    before = torch.get_num_threads()
    yield
    torch.set_num_threads(before)


# What is computed

QUICK = {*product(PACKAGES, DTYPES[1:]), ("one scalar", torch.float64), ("pseudo-tensors", torch.float64)}
# The dtype changes a type and the digits of constants in emitted C, whatever branches of the lowering it came from: of
# the cases that lead into these branches, the compiler builds the dtype whose tolerance is narrower.
BUILT = [
    (case, target, dtype)
    for case, target, dtype in product(CASES, TARGETS, DTYPES)
    if target == "torch" or dtype == torch.float64 or case in (*PACKAGES, "one scalar")
]


@pytest.mark.parametrize("layout", ["channel", "plain"])
@pytest.mark.parametrize(
    ("case", "target", "dtype"),
    [
        # Where time is short, the compiler builds every package once, and the smallest of the other bases.
        pytest.param(
            *each,
            marks=[pytest.mark.slow] if each[1] == "c" and (each[0], each[2]) not in QUICK else [],
            id=f"{each[0]}-{each[1]}-{str(each[2]).removeprefix('torch.')}",
        )
        for each in BUILT
    ],
)
def test_kernels_are_the_basis(case: str, target: str, dtype: torch.dtype, layout: str) -> None:
    kernel = kernel_of(case, target, dtype, layout)
    basis = basis_of(case)
    assert (kernel.dimension, kernel.count, kernel.basis_id) == (basis.space.dimension, len(basis), basis.id)
    assert (kernel.convention, kernel.dtype, kernel.layout, kernel.target) == (basis.convention, dtype, layout, target)
    assert_kernel_matches(kernel, basis)


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("case", ["hiphop_l3_n4", "optimal_l3_n4"])
def test_every_number_of_channels_is_right(case: str, target: str, dtype: torch.dtype) -> None:
    basis, kernel = basis_of(case), kernel_of(case, target, dtype)
    # Both sides of the blocks of 64 channels and of the vectors in them.
    for channels in (1, 3, 16, 33, 64, 65):
        arrays = draw(basis, (2, 3), channels, seed=channels)
        assert_close(results(kernel, *tensors(arrays, dtype)), expected(basis, *arrays), TOLERANCE[dtype])


# Constants of a convention and digits of a dtype are written independently of each other: both dtypes occur.
CONVENTIONS = list(zip(conventions.NAMES, cycle(DTYPES[::-1])))


@pytest.mark.parametrize(("convention", "dtype"), CONVENTIONS, ids=str)
@pytest.mark.parametrize("target", [pytest.param("c", marks=pytest.mark.slow), "torch"])
def test_every_convention_is_computed_as_the_basis_evaluates_it(
    target: str, convention: str, dtype: torch.dtype
) -> None:
    assert_computed(basis_of("optimal_l2_n4").with_convention(convention), target, dtype)


# Beside sphericart's, in which all of these are built above. Ranks up to 3 have one value in all conventions below, and
# programs of all cases are held in several of them in tests/ir/test_lowering.py.
@pytest.mark.slow
@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize(
    ("case", "convention"),
    [("optimal_l3_n4", "e3nn_norm"), ("products", "hippynn"), ("pseudo-tensors", "e3nn"), ("long epsilon", "rational")],
)
def test_larger_bases_are_computed_in_other_conventions(case: str, convention: str, target: str) -> None:
    assert_computed(basis_of(case).with_convention(convention), target, torch.float64)


def assert_computed(basis: Basis, target: str, dtype: torch.dtype) -> None:
    """The kernel of a basis has its convention and its values; few of them, as the rational ones are exact."""
    kernel = invgen.compile(basis, target, dtype)
    assert kernel.convention == basis.convention
    arrays = draw(basis, (2,), 3)
    assert_close(results(kernel, *tensors(arrays, dtype)), expected(basis, *arrays), TOLERANCE[dtype])


@pytest.mark.slow
def test_a_contraction_has_one_value_in_all_conventions() -> None:
    # T = matrix (scale x): components of one tensor in different conventions give the same invariants.
    from invgen.testing import harmonic_components

    vectors = np.random.default_rng(3).standard_normal((6, 5, 3))
    found = []
    for convention in rank_conventions(basis_of("optimal_l3_n4")):
        basis = basis_of("optimal_l3_n4").with_convention(convention)
        x = np.concatenate([harmonic_components(l, vectors, convention).sum(1) for l in range(4)], -1)
        found.append(invgen.compile(basis, "torch", torch.float64, "plain").value(torch.tensor(x)).numpy())
    for other in found[1:]:
        np.testing.assert_allclose(other, found[0], rtol=1e-11, atol=1e-11 * np.abs(found[0]).max())


# How inputs and outputs lie in memory


def strided(tensor: torch.Tensor) -> list[torch.Tensor]:
    """The same numbers with other strides."""
    turned = tensor.movedim(0, -1).contiguous().movedim(-1, 0)
    wide = torch.full((*tensor.shape[:-1], 2 * tensor.shape[-1]), torch.nan, dtype=tensor.dtype)
    wide[..., ::2] = tensor
    shifted = torch.full((tensor.numel() + 1,), torch.nan, dtype=tensor.dtype)
    shifted[1:] = tensor.flatten()
    return [turned, wide[..., ::2], shifted[1:].view(tensor.shape), tensor.transpose(-1, -2).contiguous().mT]


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("case", PACKAGES)
def test_strides_change_nothing(case: str, target: str) -> None:
    basis, kernel = basis_of(case), kernel_of(case, target)
    straight = tensors(draw(basis, (5, 3), 17), torch.float64)
    wanted = results(kernel, *straight)
    for others in zip(*(strided(tensor) for tensor in straight)):
        assert any(not tensor.is_contiguous() or tensor.storage_offset() for tensor in others)
        found = results(kernel, *others)
        assert all(torch.equal(found[name], wanted[name]) for name in wanted)
        assert all(found[name].is_contiguous() for name in wanted)


@pytest.mark.parametrize("layout", ["channel", "plain"])
@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("case", PACKAGES)
def test_expanded_inputs_give_what_their_copies_give(case: str, target: str, layout: str) -> None:
    basis, kernel = basis_of(case), kernel_of(case, target, layout=layout)
    parts = tensors(draw(basis, (1,), 1), torch.float64)
    parts = tuple(part.expand(6, -1, 70) if layout == "channel" else part[..., 0].expand(6, -1) for part in parts)
    assert all(0 in part.stride() for part in parts)
    found, wanted = (results(kernel, *inputs) for inputs in (parts, tuple(part.contiguous() for part in parts)))
    assert all(torch.equal(found[name], wanted[name]) for name in wanted)


@pytest.mark.parametrize("shape", [(0,), (4, 0), (0, 3), (2, 0, 3)], ids=str)
@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("case", PACKAGES)
def test_nothing_in_gives_nothing_out(case: str, target: str, shape: tuple[int, ...]) -> None:
    basis = basis_of(case)
    for channels in (0, 1, 65):
        inputs = tensors(draw(basis, shape, channels), torch.float64)
        for name, tensor in results(kernel_of(case, target), *inputs).items():
            rows = basis.space.dimension if name in ("vjp", "vjp+", "grad_x") else len(basis)
            assert tensor.shape == (*shape, rows, channels)
    x = torch.zeros(3, basis.space.dimension, 0, dtype=torch.float64, requires_grad=True)
    kernel_of(case, target)(x).sum().backward()
    assert x.grad is not None and x.grad.shape == x.shape


@pytest.mark.parametrize("poison", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("dtype", DTYPES, ids=str)
@pytest.mark.parametrize("case", PACKAGES)
def test_nan_and_infinity_stay_in_their_sample_of_layout_plain(case: str, dtype: torch.dtype, poison: float) -> None:
    # 83 samples: tiles of 16 and of 8 that are turned in registers, and a rest that is not.
    basis, kernel = basis_of(case), kernel_of(case, "c", dtype, "plain")
    inputs = tuple(tensor[..., 0].contiguous() for tensor in tensors(draw(basis, (83,), 1), dtype))
    clean = results(kernel, *inputs)
    for sample in (0, 15, 16, 37, 64, 82):
        for position, tensor in enumerate(inputs):
            before = tensor[sample].clone()
            tensor[sample] = poison
            dirty = results(kernel, *inputs)
            tensor[sample] = before
            for name, found in dirty.items():
                others = torch.arange(83) != sample
                assert torch.equal(found[others], clean[name][others]), name
                if position == 0:
                    assert not found[sample].isfinite().all(), name


@pytest.mark.parametrize("poison", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("case", PACKAGES)
def test_nan_and_infinity_stay_in_their_lane(case: str, target: str, poison: float) -> None:
    basis, kernel = basis_of(case), kernel_of(case, target, torch.float32)
    for channels in (1, 3, 65):
        inputs = tensors(draw(basis, (19,), channels), torch.float32)
        clean = results(kernel, *inputs)
        touched = torch.zeros(19, channels, dtype=torch.bool)
        # The second component of x, of a vector in all three bases, and one of ybar and u each.
        for place, (tensor, sample) in enumerate(zip(inputs, (3, 18, 7))):
            tensor[sample, 1, (place * 31) % channels] = poison
            touched[sample, (place * 31) % channels] = True
        dirty = results(kernel, *inputs)
        for name, tensor in dirty.items():
            lanes, before = tensor.movedim(1, 2), clean[name].movedim(1, 2)
            assert torch.equal(lanes[~touched], before[~touched]), name
            assert before.isfinite().all()
            if name in ("value", "value+", "grad_x", "vjp"):
                assert not lanes[3, 0].isfinite().all(), name


@pytest.mark.parametrize("layout", ["channel", "plain"])
@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("case", PACKAGES)
def test_results_go_to_out_and_nowhere_else(case: str, target: str, layout: str) -> None:
    basis, kernel = basis_of(case), kernel_of(case, target, layout=layout)
    x, ybar, u = tensors(draw(basis, (9,), 35), torch.float64)
    if layout == "plain":
        x, ybar, u = x[..., 0].contiguous(), ybar[..., 0].contiguous(), u[..., 0].contiguous()
    wanted = results(kernel, x, ybar, u)
    guarded = []

    def place(like: torch.Tensor) -> torch.Tensor:
        whole = torch.full((like.numel() + 128,), 7.0, dtype=like.dtype)
        guarded.append(whole)
        return whole[64:-64].view(like.shape)

    y, xbar, ydot = place(ybar), place(x), place(ybar)
    assert kernel.value(x, out=y) is y
    assert kernel.vjp(x, ybar, out=xbar) is xbar
    assert kernel.jvp(x, u, out=ydot) is ydot
    pair, second = (place(ybar), place(x)), (place(x), place(ybar))
    assert all(a is b for a, b in zip(kernel.value_and_vjp(x, ybar, out=pair), pair))
    assert all(a is b for a, b in zip(kernel.vjp_of_vjp(x, ybar, u, out=second), second))
    found = {"value": y, "vjp": xbar, "jvp": ydot, "value+": pair[0], "vjp+": pair[1]}
    found |= {"grad_x": second[0], "grad_ybar": second[1]}
    assert all(torch.equal(found[name], wanted[name]) for name in wanted)
    assert all((whole[:64] == 7).all() and (whole[-64:] == 7).all() for whole in guarded)


@pytest.mark.xdist_group("threads")
@pytest.mark.parametrize("dtype", DTYPES, ids=str)
@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("case", PACKAGES)
def test_threads_and_repetition_change_no_bit(case: str, target: str, dtype: torch.dtype, threads: None) -> None:
    kernel = kernel_of(case, target, dtype)
    inputs = tensors(draw(basis_of(case), (301,), 67), dtype)
    runs = []
    for count in (1, 2, 3, 1):
        torch.set_num_threads(count)
        runs += [results(kernel, *inputs), results(kernel, *inputs)]
    for run in runs[1:]:
        assert all(torch.equal(run[name], runs[0][name]) for name in run)


@pytest.mark.slow
@pytest.mark.xdist_group("memory")
def test_results_beyond_the_caches_are_those_of_smaller_batches(threads: None) -> None:
    # 32 MiB of results are written past the caches, where lines are whole: 64 channels, aligned; others are not.
    kernel = kernel_of("hiphop_l3_n4", "c", torch.float32)
    samples = 11000
    assert samples * 13 * 64 * 4 > 1 << 25
    generator = torch.Generator().manual_seed(0)
    x, ybar = (torch.randn(samples, rows, 64, generator=generator) for rows in (16, 13))
    for count in (1, 2):
        torch.set_num_threads(count)
        y, xbar, both = kernel.value(x), kernel.vjp(x, ybar), kernel.value_and_vjp(x, ybar)
        shifted = torch.full((y.numel() + 2,), 7.0)
        kernel.value(x, out=shifted[1:-1].view(y.shape))
        assert shifted[0] == 7 and shifted[-1] == 7 and torch.equal(shifted[1:-1].view(y.shape), y)
        for part in (slice(0, 4001), slice(4001, 9000), slice(9000, samples)):
            assert torch.equal(kernel.value(x[part]), y[part])
            assert torch.equal(kernel.vjp(x[part], ybar[part]), xbar[part])
            for found, wanted in zip(kernel.value_and_vjp(x[part], ybar[part]), both, strict=True):
                assert torch.equal(found, wanted[part])


def test_a_lane_does_not_depend_on_its_neighbours() -> None:
    # Blocks, remainders and single channels run the same arithmetic, so that a batch may be cut anywhere.
    kernel = kernel_of("hiphop_l3_n4", "c", torch.float32)
    (x, _, _) = tensors(draw(basis_of("hiphop_l3_n4"), (70,), 65), torch.float32)
    whole = kernel.value(x)
    assert torch.equal(kernel.value(x[13:29]), whole[13:29])
    torch.testing.assert_close(kernel.value(x[..., 7:20]), whole[..., 7:20], rtol=1e-5, atol=1e-4)


@pytest.mark.slow
@pytest.mark.parametrize("layout", ["channel", "plain"])
def test_float32_computed_in_float64_is_the_float64_kernel_rounded_once(layout: str) -> None:
    basis = basis_of("optimal_l3_n4")
    kernel = invgen.compile(basis, "c", torch.float32, layout, accumulate=torch.float64)
    single = kernel_of("optimal_l3_n4", "c", torch.float32, layout)
    assert kernel.dtype == torch.float32 and kernel.spec.accumulate == "float64"
    assert kernel.spec.key != invariants_spec(basis, "c", torch.float32, layout).key
    inputs = tensors(draw(basis, (83,), 35 if layout == "channel" else 1), torch.float32)
    if layout == "plain":
        inputs = tuple(tensor[..., 0] for tensor in inputs)
    exact = results(kernel_of("optimal_l3_n4", "c", torch.float64, layout), *(t.double() for t in inputs))
    plainly = results(single, *inputs)
    for name, found in results(kernel, *inputs).items():
        assert found.dtype == torch.float32
        wanted = exact[name].float()
        # Two orders of fused operations differ in the last bits of a double, and that rarely moves a float32.
        torch.testing.assert_close(found, wanted, rtol=2**-23, atol=0.0)
        assert (found != wanted).double().mean() < 1e-3
        assert (plainly[name] != wanted).double().mean() > 0.1


# What is refused


def small() -> Basis:
    return generate(TensorSpace("0e + 1o"), 2)


def test_equal_bases_share_their_program_and_name_their_operators() -> None:
    one, other = invgen.compile(small(), "torch", name="one"), invgen.compile(small(), "torch", name="other")
    assert (one.name, other.name) == ("one", "other")
    assert one.basis_id == other.basis_id
    assert one.spec.key != other.spec.key
    assert invgen.compile(small(), "torch", name="one").spec == one.spec


def test_the_defaults_are_c_float32_channel() -> None:
    kernel = invgen.compile(small())
    assert (kernel.target, kernel.dtype, kernel.layout) == ("c", torch.float32, "channel")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"target": "fortran"}, "target must be one of 'c', 'cuda', 'torch', got 'fortran'"),
        ({"target": None}, "target must be one of 'c', 'cuda', 'torch', got None"),
        ({"dtype": torch.bfloat16}, "dtype must be torch.float32 or torch.float64, got torch.bfloat16"),
        ({"dtype": "float32"}, "dtype must be torch.float32 or torch.float64, got float32"),
        ({"dtype": []}, r"dtype must be torch.float32 or torch.float64, got \[\]"),
        ({"layout": "rows"}, "layout must be one of 'channel', 'plain', got 'rows'"),
        ({"basis": "basis.json"}, r"the first argument is a Basis, got str; use invgen.generate or Basis.load"),
        ({"basis": None}, "the first argument is a Basis, got NoneType"),
        ({"name": "2nd"}, "a kernel cannot be named '2nd': use letters"),
        ({"name": "*/ int evil;"}, "a kernel cannot be named"),
        ({"name": "ä"}, "a kernel cannot be named"),
        ({"name": None}, "a kernel cannot be named None"),
        ({"accumulate": torch.float64}, "for target 'c', torch.float64; got torch.float64 for target 'torch'"),
        ({"accumulate": torch.float32, "dtype": torch.float64, "target": "c"}, "dtype torch.float64"),
        ({"accumulate": "float64", "target": "c"}, "accumulate must be dtype or"),
    ],
)
def test_what_cannot_be_compiled_is_refused_with_what_can(arguments: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError, match=said) as caught:
        invgen.compile(**{"basis": small(), "target": "torch", **arguments})
    assert_one_sentence(caught.value)


def assert_one_sentence(error: Exception) -> None:
    assert "\n" not in str(error) and "Traceback" not in str(error) and len(str(error)) < 400


@pytest.mark.parametrize("compiler", ["/nowhere/cc", "no-such-compiler-anywhere -O1", "'unbalanced"])
def test_without_a_compiler_the_torch_target_is_named(compiler: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CC", compiler)
    unbuilt = generate(TensorSpace("0e + 1o + 1e"), 2)
    with pytest.raises(CompilerError, match="CC is set to") as caught:
        invgen.compile(unbuilt, "c", name="never_built")
    assert_one_sentence(caught.value)
    if "'" not in compiler:
        assert 'target="torch"' in str(caught.value)
    assert invgen.compile(unbuilt, "torch", name="never_built").target == "torch"


def test_without_any_compiler_on_the_path_the_torch_target_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("CC", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(CompilerError, match=r'no C compiler was found .*target="torch"') as caught:
        invgen.compile(small(), "c", name="never_built_either")
    assert_one_sentence(caught.value)


def test_a_compiler_that_refuses_the_source_is_quoted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    script = tmp_path / "cc"
    script.write_text(
        '#!/bin/sh\n[ "$1" = --version ] && { echo refuser 1; exit 0; }\necho "k.c:1: error: no" >&2; exit 3\n'
    )
    script.chmod(0o755)
    monkeypatch.setenv("CC", str(script))
    with pytest.raises(CompilerError, match=r'exit code 3: k\.c:1: error: no.*target="torch"') as caught:
        invgen.compile(small(), "c", name="refused")
    assert_one_sentence(caught.value)


# Packages


def contents(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_a_package_holds_what_its_manifest_lists_and_loads(tmp_path: Path) -> None:
    basis = small()
    folder = write_package(basis, tmp_path / "tiny")
    assert folder == tmp_path / "tiny"
    manifest = json.loads((folder / "MANIFEST.json").read_text())
    assert set(contents(folder)) == {"MANIFEST.json", *manifest["files"]}
    assert contents(folder) == {name: text.encode() for name, text in package_files(basis, "tiny").items()}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["tiny"]
    assert not any("\r" in text for text in package_files(basis, "tiny").values())
    package = load_package(folder)
    assert package.components == basis.components
    assert package.invariants == tuple(str(member) for member in basis)
    for target in TARGETS:
        assert_kernel_matches(package.kernel(torch.float64, target=target), basis)


def test_the_same_basis_gives_the_same_bytes(tmp_path: Path) -> None:
    one = write_package(small(), tmp_path / "same")
    (tmp_path / "else").mkdir()
    small().save(tmp_path / "basis.json")
    other = write_package(Basis.load(tmp_path / "basis.json"), str(tmp_path / "else" / "same"))
    assert contents(one) == contents(other)


def test_an_older_package_and_an_empty_folder_are_replaced(tmp_path: Path) -> None:
    (tmp_path / "tiny").mkdir()
    write_package(small(), tmp_path / "tiny")
    newer = generate(TensorSpace("0e + 1o + 2e"), 2)
    write_package(newer, tmp_path / "tiny")
    assert contents(tmp_path / "tiny") == {n: t.encode() for n, t in package_files(newer, "tiny").items()}
    assert [path.name for path in tmp_path.iterdir()] == ["tiny"]


@pytest.mark.parametrize("name", ["2nd", "with-dash", "a b", "ä", "class", "None", "import"])
def test_a_name_that_cannot_be_imported_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=rf"package name '{re.escape(name)}' must be a Python identifier") as caught:
        write_package(small(), tmp_path / name)
    assert_one_sentence(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_a_missing_parent_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=rf"the folder {tmp_path}/missing does not exist; create it first") as caught:
        write_package(small(), tmp_path / "missing" / "tiny")
    assert_one_sentence(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_something_that_is_no_basis_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"is a Basis, got str"):
        write_package("basis.json", tmp_path / "tiny")  # type: ignore[arg-type]
    assert list(tmp_path.iterdir()) == []


def a_file(place: Path) -> None:
    place.write_text("precious")


def a_folder(place: Path) -> None:
    place.mkdir()
    (place / "thesis.tex").write_text("precious")


def another_manifest(place: Path) -> None:
    place.mkdir()
    (place / "MANIFEST.json").write_text('{"format": "something else"}')


def a_damaged_manifest(place: Path) -> None:
    place.mkdir()
    (place / "MANIFEST.json").write_text("{")


@pytest.mark.parametrize("occupy", [a_file, a_folder, another_manifest, a_damaged_manifest])
def test_a_place_that_holds_something_else_is_refused_and_untouched(
    occupy: Callable[[Path], None], tmp_path: Path
) -> None:
    occupy(tmp_path / "tiny")
    before = contents(tmp_path)
    with pytest.raises(InputError, match=r"tiny exists and is not a kernel package; choose another place") as caught:
        write_package(small(), tmp_path / "tiny")
    assert_one_sentence(caught.value)
    assert contents(tmp_path) == before


def test_files_that_someone_put_into_a_package_are_not_lost(tmp_path: Path) -> None:
    folder = write_package(small(), tmp_path / "tiny")
    (folder / "__pycache__").mkdir()
    (folder / "__pycache__" / "x.pyc").write_text("made by Python, may go")
    write_package(small(), folder)
    (folder / "notes.txt").write_text("precious")
    before = contents(tmp_path)
    with pytest.raises(InputError, match=r"notes\.txt") as caught:
        write_package(small(), folder)
    assert_one_sentence(caught.value)
    assert contents(tmp_path) == before


def test_a_move_that_fails_leaves_the_older_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write_package(small(), tmp_path / "tiny")
    before = contents(tmp_path)
    replace = os.replace

    def second_fails(source: Any, target: Any) -> None:
        if Path(target) == folder and Path(source).name == "new":
            raise OSError(28, "No space left on device")
        replace(source, target)

    monkeypatch.setattr("invgen.compiler.packages.os.replace", second_fails)
    with pytest.raises(InputError, match=r"cannot write the package .*No space left on device"):
        write_package(generate(TensorSpace("0e + 1o"), 4), folder)
    monkeypatch.undo()
    assert contents(tmp_path) == before


@contextmanager
def unprivileged() -> Iterator[None]:
    """Root may write anywhere, so root becomes somebody else for a while."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.mark.parametrize("mode", [0o555, 0o000])
def test_a_parent_that_cannot_be_written_is_one_sentence(mode: int) -> None:
    basis = small()
    write = package_files(basis, "tiny")  # imports and templates are read before the rights go
    # Folders of pytest are closed to others, so this one stands elsewhere.
    with tempfile.TemporaryDirectory(prefix="invgen-test-") as name:
        os.chmod(name, mode)
        try:
            with unprivileged(), pytest.raises(InputError, match=r"cannot write the package|cannot be") as caught:
                write_package(basis, Path(name) / "tiny")
        finally:
            os.chmod(name, 0o755)
        assert_one_sentence(caught.value)
        assert list(Path(name).iterdir()) == [] and write


def test_kernels_say_what_they_are() -> None:
    kernel: Kernel = kernel_of("hiphop_l3_n4", "torch", torch.float32)
    assert repr(kernel) == (
        "Kernel(hiphop_l3_n4: 16 components -> 13 invariants, float32, layout='channel', target='torch')"
    )
