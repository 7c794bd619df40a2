"""Moments over neighbours: held against plain sums, other libraries, finite differences and rotations."""

from __future__ import annotations

import copy
import pickle
import platform
import shlex
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch.autograd import gradcheck, gradgradcheck
from torch.library import opcheck

import invgen
from invgen.emit import moments as emit
from invgen.errors import InputError
from invgen.runtime import MomentsKernel, Neighbours, find_compiler
from invgen.runtime.operators import NAMESPACE, operator_name
from tests.support.built_kernels import as_users_build
from tests.support.moments_cases import CLOSE, FORMS, case, derivatives, leaves, neighbours_of


# Moments of the form "environment" have no directions, which might have lengths or not.
@pytest.mark.parametrize(
    ("form", "angular"),
    [
        *((form, "unit") for form in FORMS),
        *(pytest.param(form, "solid", marks=pytest.mark.slow) for form in FORMS if form != "environment"),
    ],
)
def test_value_and_both_derivatives_are_those_of_the_definition(form: str, angular: str) -> None:
    with as_users_build() if angular == "unit" else nullcontext():
        # Channels: less than a vector, a whole one, several and a rest, a tile and a rest.
        for channels in (1, 8, 20, 67):
            for radial in (1, 6):
                this = case(form, 3, radial, channels, angular)
                for ours, theirs in zip(derivatives(this, this.tensors), derivatives(this.naive, this.tensors)):
                    torch.testing.assert_close(ours, theirs, **CLOSE)


@pytest.mark.slow
@pytest.mark.parametrize(("form", "l_max"), [("mixed", 0), ("mixed", 5), ("full", 1)])
def test_any_rank_is_right(form: str, l_max: int) -> None:
    this = case(form, l_max)
    for ours, theirs in zip(derivatives(this, this.tensors), derivatives(this.naive, this.tensors)):
        torch.testing.assert_close(ours, theirs, **CLOSE)


@pytest.mark.parametrize("form", FORMS)
def test_blocks_of_pairs_join_without_a_seam(form: str) -> None:
    # More pairs than one block or thread holds, atoms of more pairs than are taken together, or that straddle blocks,
    # sources far apart.
    this = case(form, 3, 2, 3, neighbours=neighbours_of(20, 5000, 7000))
    for ours, theirs in zip(derivatives(this, this.tensors), derivatives(this.naive, this.tensors)):
        torch.testing.assert_close(ours, theirs, **CLOSE)


@pytest.mark.slow
@pytest.mark.xdist_group("threads")
@pytest.mark.parametrize("form", FORMS)
def test_results_do_not_depend_on_the_number_of_threads(form: str) -> None:
    this = case(form, 3, 2, 16, neighbours=neighbours_of(300, 300, 5000), dtype=torch.float32)
    before, results = torch.get_num_threads(), []
    try:
        for threads in (1, 2, 3):
            torch.set_num_threads(threads)
            results.append(derivatives(this, this.tensors))
    finally:
        torch.set_num_threads(before)
    for other in results[1:]:
        assert all(torch.equal(one, two) for one, two in zip(results[0], other))


@pytest.mark.slow
@pytest.mark.xdist_group("memory")
@pytest.mark.parametrize("form", FORMS)
def test_large_results_that_are_streamed_are_those_of_small_ones(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(emit, "STREAMED_BYTES", 1 << 20)
    # Sums of 3,000 receivers are streamed, those of 40 are not. They have up to some 150 pairs: some are streamed
    # whole, some may be cut, and those that have none are zeros.
    generator = torch.Generator().manual_seed(4)
    receivers = (3000 * torch.rand(30_000, generator=generator) ** 1.5).long().sort().values
    neighbours = Neighbours.from_receivers(receivers, torch.randint(0, 50, (30_000,), generator=generator), 3000, 50)
    this = case(form, 3, 2 if form == "full" else 16, 64, neighbours=neighbours, dtype=torch.float32)
    vectors, (radial, features) = this.tensors[0] if len(this.tensors) == 3 else None, this.tensors[-2:]
    large = this.kernel.value(vectors, radial, features, neighbours)
    assert large.numel() * 4 >= emit.STREAMED_BYTES > 40 * large[0].numel() * 4
    for first in (0, 1500, 2960):
        begin, end = (int(neighbours.row_pointer[k]) for k in (first, first + 40))
        part = Neighbours.from_receivers(receivers[begin:end] - first, neighbours.index[begin:end], 40, 50)
        small = this.kernel.value(None if vectors is None else vectors[begin:end], radial[begin:end], features, part)
        assert torch.equal(small, large[first : first + 40])


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMS)
def test_float32_is_float64_rounded(form: str) -> None:
    coarse, fine = case(form, dtype=torch.float32), case(form)
    inputs = tuple(tensor.double() for tensor in coarse.tensors)
    for low, high in zip(derivatives(coarse, coarse.tensors), derivatives(fine, inputs)):
        assert low.dtype == torch.float32
        # Directions of random pairs may have |r| of 0.1, which second derivatives divide by twice.
        assert (low.double() - high).abs().max() <= 1e-4 * (1 + high.abs().max())


@pytest.mark.parametrize("form", FORMS)
def test_bare_functions_are_the_derivatives(form: str) -> None:
    this = case(form)
    inputs, vectors = this.tensors[-2:], this.tensors[0] if len(this.tensors) == 3 else None
    arguments = (vectors, *inputs, this.neighbours)
    value = this.kernel.value(*arguments)
    ybar = torch.ones_like(value)
    u = (None if vectors is None else torch.ones_like(vectors), *(torch.ones_like(t) for t in inputs))
    given = leaves(this.tensors)
    bar = ybar.clone().requires_grad_()
    first = torch.autograd.grad(this.naive(*given), given, bar, create_graph=True)
    second = torch.autograd.grad(sum(g.sum() for g in first), [*given, bar])
    torch.testing.assert_close(value, this.naive(*this.tensors), **CLOSE)
    for ours, theirs in zip(this.kernel.vjp(*arguments, ybar)[-len(given) :], first):
        torch.testing.assert_close(ours, theirs.detach(), **CLOSE)
    for ours, theirs in zip(this.kernel.vjp_of_vjp(*arguments, ybar, u)[-len(given) - 1 :], second):
        torch.testing.assert_close(ours, theirs, **CLOSE)
    torch.testing.assert_close(this.kernel.jvp(*arguments, u), second[-1], **CLOSE)  # linear in ybar


def test_a_source_per_pair_makes_features_messages() -> None:
    neighbours = neighbours_of()
    messages = Neighbours.from_csr(neighbours.row_pointer, torch.arange(neighbours.pairs), neighbours.pairs)
    this = case("full", radial=1, neighbours=messages)
    vectors, _, h = this.tensors
    ones = torch.ones(messages.pairs, 1, dtype=torch.float64)
    torch.testing.assert_close(this(vectors, ones, h), this.naive(vectors, ones, h), **CLOSE)


def test_mixing_first_or_last_is_the_same() -> None:
    mixed, full = case("mixed"), case("full")
    vectors, radial, z = full.tensors
    weights = torch.randn(radial.shape[1], z.shape[1], 4, generator=torch.Generator().manual_seed(3)).double()
    first = mixed(vectors, radial, torch.einsum("jf,nfg->jng", z, weights))
    torch.testing.assert_close(first, torch.einsum("acnf,nfg->acg", full(*full.tensors), weights), **CLOSE)


@pytest.mark.slow
@pytest.mark.parametrize("form", ["mixed", "full"])
def test_rotating_all_pairs_rotates_the_moments(form: str) -> None:
    o3 = pytest.importorskip("e3nn.o3", reason="e3nn is not installed")
    this = case(form, convention="e3nn")
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    try:
        rotation = o3.matrix_x(torch.tensor(0.4)) @ o3.matrix_y(torch.tensor(-1.1)) @ o3.matrix_z(torch.tensor(2.0))
        wigner = o3.Irreps("0e + 1o + 2e + 3o").D_from_matrix(rotation)
    finally:
        torch.set_default_dtype(before)
    vectors, radial, features = this.tensors
    turned = this(vectors @ rotation.T, radial, features)
    wanted = torch.einsum("cd,ad...->ac...", wigner, this(vectors, radial, features))
    # e3nn's Wigner matrices come from matrix exponentials of float64 generators.
    torch.testing.assert_close(turned, wanted, rtol=1e-9, atol=1e-9)


@pytest.mark.slow
def test_hippynns_environment_sum_and_its_gradients_are_the_same() -> None:
    peer = pytest.importorskip("hippynn.custom_kernels.env_pytorch", reason="hippynn is not installed")
    this = case("environment", neighbours=neighbours_of(5, 5))
    radial, features = this.tensors
    lists = (this.neighbours.receivers, this.neighbours.index)
    env, ybar = peer.envsum(radial, features, *lists), torch.ones(5, 3, 5, dtype=torch.float64)
    torch.testing.assert_close(this(radial, features), env, **CLOSE)
    _, by_radial, by_features = this.kernel.vjp(None, radial, features, this.neighbours, ybar)
    torch.testing.assert_close(by_radial, peer.sensesum(ybar, features, *lists), **CLOSE)
    torch.testing.assert_close(by_features, peer.featsum(ybar, radial, *lists), **CLOSE)


def test_sphericart_gives_the_same_moments() -> None:
    sphericart = pytest.importorskip("sphericart", reason="sphericart is not installed")
    this = case("full", 3, 1, 1)
    vectors, radial, features = this.tensors
    harmonics = sphericart.SphericalHarmonics(3).compute(vectors.numpy())
    terms = harmonics * (radial * features[this.neighbours.index]).numpy()
    wanted = np.zeros((this.neighbours.atoms, 16))
    np.add.at(wanted, this.neighbours.receivers.numpy(), terms)
    torch.testing.assert_close(this(*this.tensors)[:, :, 0, 0], torch.from_numpy(wanted), **CLOSE)


@pytest.mark.parametrize("form", FORMS)
def test_derivatives_are_those_of_finite_differences(form: str) -> None:
    this = case(form, 3, 2, 2, neighbours=neighbours_of(3, 3, 5))
    inputs = leaves(this.tensors)
    # Zero tangents would be a wrong number without an error; check_forward_ad is what sees them.
    assert gradcheck(this, inputs, check_forward_ad=True, check_batched_grad=True)
    assert gradgradcheck(this, inputs, check_fwd_over_rev=True)


@pytest.mark.parametrize("form", FORMS)
def test_operators_pass_opcheck(form: str) -> None:
    this = case(form, 3, 2, 2, neighbours=neighbours_of(3, 3, 5))
    lists = this.neighbours.lists
    given = this.tensors if len(this.tensors) == 3 else (torch.zeros(5, 0, dtype=torch.float64), *this.tensors)
    ybar = torch.ones_like(this(*this.tensors))
    inputs = [tensor.clone().requires_grad_(tensor.numel() > 0) for tensor in given]

    def operator(function: str) -> Any:
        return getattr(getattr(torch.ops, NAMESPACE), operator_name(this.kernel.spec.kernel, function)).default

    opcheck(operator("value"), (*inputs, *lists))
    opcheck(operator("vjp"), (*inputs, ybar, *lists, True, True))
    opcheck(operator("vjp"), (*given, ybar, *lists, True, False))
    opcheck(operator("jvp"), (*inputs, *given, *lists))
    # With inputs that require gradients the check would differentiate a third time.
    opcheck(operator("vjp_of_vjp"), (*given, ybar, *given, *lists))


def test_a_third_derivative_and_twice_forward_are_refused() -> None:
    this = case()
    inputs = leaves(this.tensors)
    (first,) = torch.autograd.grad(this(*inputs).square().sum(), inputs[:1], create_graph=True)
    (second,) = torch.autograd.grad(first.square().sum(), inputs[:1], create_graph=True)
    with pytest.raises(InputError, match="third derivative"):
        second.square().sum().backward()
    vectors, radial, features = this.tensors
    with pytest.raises(InputError, match="twice in forward mode"):
        torch.func.jacfwd(torch.func.jacfwd(lambda v: this(v, radial, features)))(vectors)


def test_torch_func_agrees_with_the_definition() -> None:
    this = case(neighbours=neighbours_of(3, 3, 4))
    _, radial, features = this.tensors
    several = torch.randn(3, 4, 3, generator=torch.Generator().manual_seed(5), dtype=torch.float64)
    for transform in (
        torch.func.vmap,
        lambda f: torch.func.vmap(torch.func.jacrev(f)),
        lambda f: torch.func.vmap(torch.func.jacfwd(f)),
        lambda f: torch.func.vmap(torch.func.grad(lambda v: torch.tanh(f(v)).sum())),
    ):
        ours = transform(lambda v: this(v, radial, features))(several)
        theirs = transform(lambda v: this.naive(v, radial, features))(several)
        torch.testing.assert_close(ours, theirs, **CLOSE)


def test_only_what_needs_gradients_gets_them() -> None:
    this = case()
    for wanted in range(3):
        inputs = [tensor.clone().requires_grad_(k == wanted) for k, tensor in enumerate(this.tensors)]
        (ours,) = torch.autograd.grad(this(*inputs).square().sum(), inputs[wanted], create_graph=True)
        (theirs,) = torch.autograd.grad(this.naive(*inputs).square().sum(), inputs[wanted], create_graph=True)
        torch.testing.assert_close(ours, theirs, **CLOSE)
        ours, theirs = (torch.autograd.grad(g.square().sum(), inputs[wanted])[0] for g in (ours, theirs))
        torch.testing.assert_close(ours, theirs, **CLOSE)


class Forces(torch.nn.Module):
    """Energy and its gradient by the vectors, as a potential has them."""

    def __init__(self, kernel: MomentsKernel) -> None:
        super().__init__()
        self.kernel = kernel

    def forward(
        self, vectors: torch.Tensor, radial: torch.Tensor, features: torch.Tensor, neighbours: Neighbours
    ) -> torch.Tensor:
        return torch.tanh(self.kernel(vectors, radial, features, neighbours)).sum(dim=(1, 2))


@pytest.mark.slow
def test_compiled_and_exported_models_give_the_same(tmp_path: Path) -> None:
    this = case(neighbours=neighbours_of())
    model = Forces(this.kernel)
    inputs = leaves(this.tensors)
    eager = model(*inputs, this.neighbours)
    gradients = torch.autograd.grad(eager.sum(), inputs)
    compiled = torch.compile(model, fullgraph=True)(*inputs, this.neighbours)
    torch.testing.assert_close(compiled, eager, **CLOSE)
    for ours, theirs in zip(torch.autograd.grad(compiled.sum(), inputs), gradients):
        torch.testing.assert_close(ours, theirs, **CLOSE)
    program = torch.export.export(model, (*this.tensors, this.neighbours), strict=False)
    torch.export.save(program, tmp_path / "model.pt2")
    loaded = torch.export.load(tmp_path / "model.pt2").module()
    torch.testing.assert_close(loaded(*this.tensors, this.neighbours), eager.detach(), **CLOSE)


@pytest.mark.slow
@pytest.mark.skipif(platform.machine() != "x86_64", reason="the options are those of x86-64")
@pytest.mark.parametrize(
    ("form", "option"),
    [("mixed", "-mno-avx512f"), ("mixed", "-mno-avx"), ("full", "-mno-avx"), ("environment", "-mno-avx")],
)
def test_narrower_vectors_give_the_same(form: str, option: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CC", shlex.join([*find_compiler().command, option]))
    this = case(form, channels=21, name=f"narrow{option.replace('-', '_')}")
    for ours, theirs in zip(derivatives(this, this.tensors), derivatives(this.naive, this.tensors)):
        torch.testing.assert_close(ours, theirs, **CLOSE)


def test_copies_and_pickles_are_the_kernel() -> None:
    this = case()
    for other in (copy.copy(this.kernel), copy.deepcopy(this.kernel), pickle.loads(pickle.dumps(this.kernel))):
        assert torch.equal(other(*this.tensors, this.neighbours), this(*this.tensors))


def test_strides_do_not_matter() -> None:
    this = case()
    vectors, radial, features = this.tensors
    strided = (
        vectors.T.contiguous().T,
        radial.repeat(1, 2)[:, :3],
        features.transpose(1, 2).contiguous().transpose(1, 2),
    )
    assert torch.equal(this(*strided), this(*this.tensors))


@pytest.mark.parametrize("form", FORMS)
def test_empty_lists_give_zeros(form: str) -> None:
    for atoms, sources in ((0, 0), (3, 2), (3, 0)):
        none = torch.zeros(0, dtype=torch.int64)
        this = case(form, neighbours=Neighbours.from_receivers(none, none, atoms, sources))
        value, *rest = derivatives(this, this.tensors)
        assert value.shape[0] == atoms and all((each == 0).all() for each in (value, *rest))
    assert case(form, channels=0)(*case(form, channels=0).tensors).numel() == 0


def test_nan_infinity_and_coincident_atoms_stay_with_their_receiver() -> None:
    this = case()
    clean = this(*this.tensors)
    for bad in (float("nan"), float("inf"), 0.0):
        vectors, radial, features = (tensor.clone() for tensor in this.tensors)
        vectors[7] = bad
        value = this(vectors, radial, features)
        hit = int(this.neighbours.receivers[7])
        # Unit vectors of nothing, of infinity and of NaN are NaN; the harmonic of rank 0 is a constant.
        assert value[hit, 1:].isnan().all() and torch.equal(value[hit, 0], clean[hit, 0])
        others = torch.arange(this.neighbours.atoms) != hit
        assert torch.equal(value[others], clean[others])


def test_what_does_not_fit_is_refused() -> None:
    this = case()
    kernel, neighbours, (vectors, radial, features) = this.kernel, this.neighbours, this.tensors
    for arguments, sentence in (
        ((vectors[1:], radial, features, neighbours), "vectors of shape"),
        ((None, radial, features, neighbours), "vectors of shape"),
        ((vectors, radial[1:], features, neighbours), "radial of shape"),
        ((vectors, radial, features[1:], neighbours), "features of shape"),
        ((vectors, radial, features[:, 1:], neighbours), "features of shape"),
        ((vectors, radial.float(), features, neighbours), "takes torch.float64"),
        ((vectors, radial.to("meta"), features, neighbours), "CPU"),
        ((vectors, radial.numpy(), features, neighbours), "torch tensors"),
        ((vectors, radial, features, neighbours.lists), "Neighbours"),
    ):
        with pytest.raises(InputError, match=sentence):
            kernel(*arguments)
    with pytest.raises(InputError, match="no directions"):
        case("environment").kernel(vectors, radial, features[:, 0], neighbours)
    with pytest.raises(InputError, match="ybar of shape"):
        kernel.vjp(vectors, radial, features, neighbours, vectors)
    with pytest.raises(InputError, match="u_features of shape"):
        kernel.jvp(vectors, radial, features, neighbours, (vectors, radial, radial))


@pytest.mark.parametrize(
    ("altered", "sentence"),
    [("index", "does not exist"), ("row_pointer", "does not rise"), ("column_pairs", "are not those by receiver")],
)
def test_lists_that_were_altered_are_refused_by_the_kernel(altered: str, sentence: str) -> None:
    this = case()
    lists = {name: getattr(this.neighbours, name).clone() for name in Neighbours.__dataclass_fields__}
    lists[altered][2] = 10**6
    broken = Neighbours(**lists)
    vectors, radial, features = this.tensors
    with pytest.raises(InputError, match=sentence):
        this.kernel.vjp(vectors, radial, features, broken, torch.ones_like(this(*this.tensors)))


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"l_max": None}, "l_max is None for the form 'environment'"),
        ({"l_max": 2, "form": "environment"}, "l_max is None for the form 'environment'"),
        ({"l_max": -1}, "l_max is an integer"),
        ({"l_max": 2, "form": "half"}, "form must be one of"),
        ({"l_max": 2, "angular": "square"}, "angular must be one of"),
        ({"l_max": 2, "dtype": torch.float16}, "dtype must be"),
        ({"l_max": 2, "convention": "mine"}, "the convention must be one of"),
        ({"l_max": 2, "name": "2 moments"}, "cannot be named"),
    ],
)
def test_other_options_are_refused(options: dict[str, Any], sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        invgen.compile_moments(**options)
