"""Convolutions over neighbours: held against dense couplings, finite differences, rotations and damaged input."""

from __future__ import annotations

import copy
import pickle
import platform
import shlex
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch.autograd import gradcheck, gradgradcheck
from torch.library import opcheck

from invgen.errors import InputError
from invgen.runtime import ConvolutionKernel, Neighbours, find_compiler
from invgen.runtime.operators import NAMESPACE, operator_name
from invgen.spaces.space import TensorSpace
from invgen.testing import representation
from invgen.testing.rotations import random_rotation
from tests.support.built_kernels import as_users_build
from tests.support.convolution_cases import MIXED, SMALL, ConvolutionCase, case
from tests.support.moments_cases import CLOSE, derivatives, leaves, neighbours_of

TARGETS = ("c", "torch")
# What every kind of kernel has: multiplicities and both parities, polynomials, harmonics that are given and stand in
# another order, paths in an order of one's own with factors and a source that none reads, one irrep alone.
KINDS: dict[str, dict[str, Any]] = {
    "unit": {"irreps": MIXED},
    "solid": {"irreps": SMALL, "angular": "solid"},
    "given": {"irreps": "1o + 2x0o", "l_max": None, "harmonics": "1o + 0e + 2e", "irreps_out": "0e + 1o + 2o"},
    "paths": {
        "irreps": "1o + 0e + 0e",
        "paths": [(0, 1, "1e"), (1, 0, "0e"), (0, 0, "1o"), (1, 1, "1o")],  # the second "0e" is read by none
        "factors": [0.5, -3, 1, 0.1],
    },
    # More rows than one walk over the channels reads.
    "rank 3": {"irreps": "1o", "l_max": None, "harmonics": "2e", "paths": [(0, 0, "3o")]},
    "scalars": {"irreps": "0e", "l_max": 0},
}


def assert_is_the_definition(this: ConvolutionCase) -> None:
    """Value, gradients and their gradients by everything are those of the definition."""
    ours, theirs = derivatives(this, this.tensors), derivatives(this.naive, this.tensors)
    for one, two in zip(ours, theirs, strict=True):
        assert one.shape == two.shape
        torch.testing.assert_close(one, two, **CLOSE)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("target", TARGETS)
def test_value_and_both_derivatives_are_those_of_the_definition(kind: str, target: str) -> None:
    # Channels: less than a vector, a whole one or two, a rest after it, a tile of several and a rest.
    for channels in (1, 8, 11, 67):
        assert_is_the_definition(case(channels=channels, target=target, **KINDS[kind]))


@pytest.mark.slow
def test_kernels_that_users_build_are_the_definition() -> None:
    with as_users_build():
        this = case(MIXED, 1, 1, irreps_out="0e + 1o", name="as_users_build_it")
        for channels in (1, 8, 11, 67):
            assert_is_the_definition(case(MIXED, 1, channels, irreps_out="0e + 1o", name=this.kernel.name))


@pytest.mark.parametrize("convention", ["e3nn", "e3nn_component", "e3nn_norm"])
def test_components_are_those_of_the_convention(convention: str) -> None:
    assert_is_the_definition(case("1o", 2, 3, irreps_out="1e + 1o", convention=convention, target="torch"))


def test_blocks_and_parts_of_pairs_join_without_a_seam() -> None:
    # More pairs than one block holds, and than one part of the receivers; receivers of more pairs than are summed at
    # once or that straddle blocks; sources far apart.
    for neighbours in (neighbours_of(20, 5000, 7000), neighbours_of(900, 3, 4000)):
        assert_is_the_definition(case(channels=3, neighbours=neighbours))


@pytest.mark.parametrize("target", TARGETS)
def test_float32_is_float64_rounded(target: str) -> None:
    this = case(dtype=torch.float32, target=target)
    exact = derivatives(this.naive, tuple(tensor.double() for tensor in this.tensors))
    for low, high in zip(derivatives(this, this.tensors), exact, strict=True):
        assert low.dtype == torch.float32
        # Directions of random pairs may have |r| of 0.1, which second derivatives divide by twice.
        assert (low.double() - high).abs().max() <= 1e-4 * (1 + high.abs().max())


@pytest.mark.parametrize("target", TARGETS)
def test_bare_functions_are_the_derivatives(target: str) -> None:
    this = case(MIXED, target=target)
    arguments = (*this.tensors, this.neighbours)
    value = this.kernel.value(*arguments)
    ybar, u = torch.ones_like(value), tuple(torch.ones_like(tensor) for tensor in this.tensors)
    given, bar = leaves(this.tensors), ybar.clone().requires_grad_()
    first = torch.autograd.grad(this.naive(*given), given, bar, create_graph=True)
    second = torch.autograd.grad(sum(gradient.sum() for gradient in first), [*given, bar])
    torch.testing.assert_close(value, this.naive(*this.tensors), **CLOSE)
    for ours, theirs in zip(this.kernel.vjp(*arguments, ybar), first, strict=True):
        torch.testing.assert_close(ours, theirs.detach(), **CLOSE)
    for ours, theirs in zip(this.kernel.vjp_of_vjp(*arguments, ybar, u), second, strict=True):
        torch.testing.assert_close(ours, theirs, **CLOSE)
    torch.testing.assert_close(this.kernel.jvp(*arguments, u), second[-1], **CLOSE)  # linear in ybar


@pytest.mark.parametrize("target", TARGETS)
def test_gradients_that_are_not_wanted_have_no_elements_and_change_no_other(target: str) -> None:
    # Receivers in several parts, so that all ways to sum over them are taken.
    this = case(channels=3, neighbours=neighbours_of(9, 5, 2500), target=target)
    ybar = torch.ones_like(this(*this.tensors))
    every = this.kernel.vjp(*this.tensors, this.neighbours, ybar)
    for number in range(8):
        wanted = bool(number & 1), bool(number & 2), bool(number & 4)
        for flag, found, full in zip(
            wanted, this.kernel.vjp(*this.tensors, this.neighbours, ybar, wanted), every, strict=True
        ):
            assert torch.equal(found, full) if flag else found.shape == (0,)
    with pytest.raises(InputError, match=r"takes wanted as three booleans, got \(True,\)"):
        this.kernel.vjp(*this.tensors, this.neighbours, ybar, (True,))  # type: ignore[arg-type]


@pytest.mark.parametrize("target", TARGETS)
def test_only_what_needs_gradients_gets_them(target: str) -> None:
    this = case(target=target)
    for wanted in range(3):
        inputs = [tensor.clone().requires_grad_(k == wanted) for k, tensor in enumerate(this.tensors)]
        (ours,) = torch.autograd.grad(this(*inputs).square().sum(), inputs[wanted], create_graph=True)
        (theirs,) = torch.autograd.grad(this.naive(*inputs).square().sum(), inputs[wanted], create_graph=True)
        torch.testing.assert_close(ours, theirs, **CLOSE)
        ours, theirs = (torch.autograd.grad(g.square().sum(), inputs[wanted])[0] for g in (ours, theirs))
        torch.testing.assert_close(ours, theirs, **CLOSE)


@pytest.mark.xdist_group("threads")
@pytest.mark.parametrize("target", TARGETS)
def test_results_do_not_depend_on_the_number_of_threads(target: str) -> None:
    # 5,000 pairs are four parts of the receivers. Some receivers have no pairs, one has more than a part.
    generator = torch.Generator().manual_seed(4)
    receivers = (300 * torch.rand(5000, generator=generator) ** 6).long().sort().values
    index = torch.randint(0, 60, (5000,), generator=generator)
    neighbours = Neighbours.from_receivers(receivers, index, 310, 60)
    assert neighbours.row_pointer.diff().max() > 1250 and neighbours.row_pointer.diff().min() == 0
    this = case(channels=5, neighbours=neighbours, dtype=torch.float32, target=target)
    before, results = torch.get_num_threads(), []
    try:
        for threads in (1, 2, 3):
            torch.set_num_threads(threads)
            results.append(derivatives(this, this.tensors))
    finally:
        torch.set_num_threads(before)
    for other in results[1:]:
        assert all(torch.equal(one, two) for one, two in zip(results[0], other, strict=True))


@pytest.mark.parametrize("reflect", [False, True])
@pytest.mark.parametrize("kind", ["unit", "given"])
def test_turning_and_reflecting_all_inputs_turns_and_reflects_the_sums(kind: str, reflect: bool) -> None:
    this = case(**KINDS[kind])
    matrix = random_rotation(np.random.default_rng(3), reflect)

    def turned(irreps: list[tuple[int, int, int]], tensor: torch.Tensor) -> torch.Tensor:
        """Every irrep of rows by component, then by copy; the inversion changes the sign of odd ones."""
        found, row = [], 0
        for copies, l, parity in irreps:
            size = (2 * l + 1) * copies
            own = TensorSpace(f"{l}{'e' if parity > 0 else 'o'}")
            d = torch.from_numpy(representation(own, matrix, this.kernel.convention))
            rows = tensor[:, row : row + size].unflatten(1, (2 * l + 1, copies))
            found.append(torch.einsum("mn,pn...->pm...", d, rows).flatten(1, 2))
            row += size
        assert row == tensor.shape[1]
        return torch.cat(found, 1)

    vectors, weights, features = this.tensors
    moved = turned(this.harmonics, vectors) if kind == "given" else vectors @ torch.from_numpy(matrix).T
    outputs = [(b.copies, int(b.irrep[:-1]), 1 if b.irrep[-1] == "e" else -1) for b in this.kernel.blocks]
    wanted = turned(outputs, this(*this.tensors))
    # Representations are fitted to about 1e-13; sums of some dozen terms of order ten.
    torch.testing.assert_close(this(moved, weights, turned(this.sources, features)), wanted, rtol=1e-11, atol=1e-11)


def test_e3nns_tensor_product_is_the_same_up_to_a_sign_for_each_path() -> None:
    o3 = pytest.importorskip("e3nn.o3", reason="e3nn is not installed")
    this = case("0e + 1o", 1, 5, convention="e3nn_component", target="torch")
    vectors, weights, features = this.tensors
    # e3nn's layout is channel by channel: (channels, components) of each irrep.
    outputs = " + ".join(f"5x{path.target}" for path in this.kernel.paths)
    instructions = [(s, h, k, "uvu", True) for k, (s, h, *_) in enumerate(this.routes)]
    product = o3.TensorProduct(
        "5x0e + 5x1o",
        "0e + 1o",
        outputs,
        instructions,
        irrep_normalization="component",
        path_normalization="none",
        internal_weights=False,
        shared_weights=False,
    ).double()
    harmonics = o3.spherical_harmonics("0e + 1o", vectors, normalize=True, normalization="component").double()
    read = features[this.neighbours.index]
    left = torch.cat([read[:, :1].mT.flatten(1), read[:, 1:].mT.flatten(1)], 1)
    messages = product(left, harmonics, weights.flatten(1)).split([3 * 5 if l else 5 for *_, l, _ in this.routes], 1)
    found, copies = this(*this.tensors), dict.fromkeys((block.irrep for block in this.kernel.blocks), 0)
    blocks = {block.irrep: block for block in this.kernel.blocks}
    for path, message in zip(this.kernel.paths, messages, strict=True):
        block = blocks[path.target]
        ours = found[:, block.rows].unflatten(1, (-1, block.copies))[:, :, copies[path.target]]
        copies[path.target] += 1
        terms = message.unflatten(1, (5, -1)).mT
        theirs = torch.zeros_like(ours).index_add(0, this.neighbours.receivers, terms)
        # e3nn's tables are of the default dtype, float32: six digits.
        assert min((ours - theirs).abs().max(), (ours + theirs).abs().max()) < 1e-5


@pytest.mark.parametrize("target", TARGETS)
def test_derivatives_are_those_of_finite_differences_in_both_modes(target: str) -> None:
    # A plain text is traced and differentiated operator by operator, so scalars have to do.
    this = case(SMALL if target == "c" else "0e", channels=1, neighbours=neighbours_of(3, 2, 3), target=target)
    inputs = leaves(this.tensors)
    # Zero tangents would be a wrong number without an error; check_forward_ad is what sees them.
    assert gradcheck(this, inputs, check_forward_ad=True, check_batched_grad=True)
    assert gradgradcheck(this, inputs, check_fwd_over_rev=True)


@pytest.mark.parametrize("target", TARGETS)
def test_operators_pass_opcheck(target: str) -> None:
    # A plain text is traced and differentiated operator by operator, so scalars have to do.
    this = case(SMALL if target == "c" else "0e", channels=1, neighbours=neighbours_of(3, 2, 3), target=target)
    lists, ybar = this.neighbours.lists, torch.ones_like(this(*this.tensors))
    inputs = leaves(this.tensors)

    def operator(function: str) -> Any:
        return getattr(getattr(torch.ops, NAMESPACE), operator_name(this.kernel.spec, function)).default

    opcheck(operator("value"), (*inputs, *lists))
    opcheck(operator("vjp"), (*inputs, ybar, *lists, True, True, True))
    opcheck(operator("vjp"), (*this.tensors, ybar, *lists, True, False, False))
    opcheck(operator("jvp"), (*inputs, *this.tensors, *lists))
    # With inputs that require gradients the check would differentiate a third time.
    opcheck(operator("vjp_of_vjp"), (*this.tensors, ybar, *this.tensors, *lists))


@pytest.mark.parametrize("target", TARGETS)
def test_torch_func_agrees_with_the_definition(target: str) -> None:
    this = case(channels=2, neighbours=neighbours_of(3, 3, 4), target=target)
    _, weights, features = this.tensors
    several = torch.randn(3, 4, 3, generator=torch.Generator().manual_seed(5), dtype=torch.float64)
    for transform in (
        torch.func.vmap,
        lambda f: torch.func.vmap(torch.func.jacrev(f)),
        lambda f: torch.func.vmap(torch.func.jacfwd(f)),
        lambda f: torch.func.vmap(torch.func.grad(lambda v: torch.tanh(f(v)).sum())),
    ):
        ours = transform(lambda v: this(v, weights, features))(several)
        theirs = transform(lambda v: this.naive(v, weights, features))(several)
        torch.testing.assert_close(ours, theirs, **CLOSE)


class Energies(torch.nn.Module):
    """A number for each receiver, as a potential has them."""

    def __init__(self, kernel: ConvolutionKernel) -> None:
        super().__init__()
        self.kernel = kernel

    def forward(
        self, vectors: torch.Tensor, weights: torch.Tensor, features: torch.Tensor, neighbours: Neighbours
    ) -> torch.Tensor:
        return torch.tanh(self.kernel(vectors, weights, features, neighbours)).sum(dim=(1, 2))


@pytest.mark.slow
@pytest.mark.parametrize("target", TARGETS)
def test_compiled_and_exported_models_give_the_same(target: str, tmp_path: Path) -> None:
    this = case(target=target)
    model, inputs = Energies(this.kernel), leaves(this.tensors)
    eager = model(*inputs, this.neighbours)
    gradients = torch.autograd.grad(eager.sum(), inputs)
    compiled = torch.compile(model, fullgraph=True)(*inputs, this.neighbours)
    torch.testing.assert_close(compiled, eager, **CLOSE)
    for ours, theirs in zip(torch.autograd.grad(compiled.sum(), inputs), gradients, strict=True):
        torch.testing.assert_close(ours, theirs, **CLOSE)
    program = torch.export.export(model, (*this.tensors, this.neighbours), strict=False)
    torch.export.save(program, tmp_path / "model.pt2")
    loaded = torch.export.load(tmp_path / "model.pt2").module()
    torch.testing.assert_close(loaded(*this.tensors, this.neighbours), eager.detach(), **CLOSE)


@pytest.mark.slow
@pytest.mark.skipif(platform.machine() != "x86_64", reason="the options are those of x86-64")
@pytest.mark.parametrize("option", ["-mno-avx512f", "-mno-avx"])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_narrower_vectors_give_the_same(option: str, dtype: torch.dtype, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CC", shlex.join([*find_compiler().command, option]))
    name, paths = f"narrow{option.replace('-', '_')}", [(0, 1, "1o"), (1, 1, "0e")]
    this = case(channels=21, paths=paths, dtype=dtype, name=name)
    exact = derivatives(this.naive, tuple(tensor.double() for tensor in this.tensors))
    # As for vectors of the full width, in both dtypes.
    close = 1e-4 if dtype == torch.float32 else 1e-10
    for ours, theirs in zip(derivatives(this, this.tensors), exact, strict=True):
        assert (ours.double() - theirs).abs().max() <= close * (1 + theirs.abs().max())


@pytest.mark.parametrize("target", TARGETS)
def test_copies_and_pickles_are_the_kernel(target: str) -> None:
    this = case(target=target)
    for other in (copy.copy(this.kernel), copy.deepcopy(this.kernel), pickle.loads(pickle.dumps(this.kernel))):
        assert torch.equal(other(*this.tensors, this.neighbours), this(*this.tensors))


def test_a_kernel_says_what_it_computes() -> None:
    kernel = case(MIXED, irreps_out="0e + 1o", target="torch").kernel
    assert (kernel.angular, kernel.coordinates, kernel.dimension, kernel.weights, kernel.rows) == ("unit", 3, 14, 9, 21)
    assert [(path.source, path.harmonic, path.target, path.weights) for path in kernel.paths] == [
        ("0e", "0e", "0e", slice(0, 2)),
        ("1o", "1o", "0e", slice(2, 3)),
        ("0e", "1o", "1o", slice(3, 5)),
        ("1o", "0e", "1o", slice(5, 6)),
        ("1e", "1o", "1o", slice(6, 9)),
    ]
    blocks = [(block.irrep, block.copies, block.rows) for block in kernel.blocks]
    assert blocks == [("0e", 3, slice(0, 3)), ("1o", 6, slice(3, 21))]
    assert repr(kernel) == (
        "ConvolutionKernel(convolution: 2x0e + 1o + 3x1e -> 3x0e + 6x1o, 5 paths, sphericart, float64, target='torch')"
    )


@pytest.mark.parametrize("target", TARGETS)
def test_strides_do_not_matter(target: str) -> None:
    this = case(target=target)
    vectors, weights, features = this.tensors
    strided = (
        vectors.T.contiguous().T,
        weights.repeat(1, 1, 2)[:, :, :5],
        features.transpose(1, 2).contiguous().transpose(1, 2),
    )
    assert not any(each.is_contiguous() for each in strided)
    found, wanted = this(*strided), this(*this.tensors)
    if target == "c":
        assert torch.equal(found, wanted)
    # PyTorch's matrix products add in another order where strides are others.
    torch.testing.assert_close(found, wanted, **CLOSE)


@pytest.mark.parametrize("target", TARGETS)
def test_empty_lists_and_channels_give_zeros_and_nothing(target: str) -> None:
    none = torch.zeros(0, dtype=torch.int64)
    for atoms, sources in ((0, 0), (3, 2), (3, 0)):
        this = case(neighbours=Neighbours.from_receivers(none, none, atoms, sources), target=target)
        value, *rest = derivatives(this, this.tensors)
        assert value.shape == (atoms, this.kernel.rows, 5)
        assert all((each == 0).all() for each in (value, *rest))
    this = case(channels=0, target=target)
    value, *rest = derivatives(this, this.tensors)
    assert value.shape == (this.neighbours.atoms, this.kernel.rows, 0)
    assert [each.shape for each in rest[:3]] == [tensor.shape for tensor in this.tensors] and (rest[0] == 0).all()


@pytest.mark.parametrize("target", TARGETS)
def test_nan_infinity_and_coincident_atoms_stay_with_their_receiver(target: str) -> None:
    this = case(target=target)
    clean, hit = this(*this.tensors), int(this.neighbours.receivers[7])
    others = torch.arange(this.neighbours.atoms) != hit
    # Harmonics of rank 0 are a constant. With them scalars give row 0, and vectors the second copy in rows 5 to 10.
    rows = torch.arange(this.kernel.rows)
    constant = (rows == 0) | (rows >= 5) & (rows % 2 == 0)
    for bad in (float("nan"), float("inf"), 0.0):
        vectors, weights, features = (tensor.clone() for tensor in this.tensors)
        vectors[7] = bad
        value = this(vectors, weights, features)
        assert value[hit, ~constant].isnan().all() and torch.equal(value[hit, constant], clean[hit, constant])
        assert torch.equal(value[others], clean[others])
    vectors, weights, features = (tensor.clone() for tensor in this.tensors)
    weights[7, :, 2] = float("nan")
    value = this(vectors, weights, features)
    assert value[hit, :, 2].isnan().all()
    value[hit, :, 2] = clean[hit, :, 2]
    assert torch.equal(value, clean)
    vectors, weights, features = (tensor.clone() for tensor in this.tensors)
    features[3] = float("nan")
    reached = this.neighbours.receivers[this.neighbours.index == 3].unique()
    value = this(vectors, weights, features)
    assert value[reached].isnan().all()
    others = torch.ones(this.neighbours.atoms, dtype=torch.bool)
    others[reached] = False
    assert others.any() and torch.equal(value[others], clean[others])


@pytest.mark.parametrize("target", TARGETS)
def test_nan_of_a_pair_reaches_its_own_gradients_and_those_of_its_source(target: str) -> None:
    this = case(target=target)
    vectors, weights, features = (tensor.clone() for tensor in this.tensors)
    ybar = torch.ones_like(this(*this.tensors))
    clean = this.kernel.vjp(*this.tensors, this.neighbours, ybar)
    vectors[7] = float("nan")
    found = this.kernel.vjp(vectors, weights, features, this.neighbours, ybar)
    for one, two, hit in zip(found, clean, (7, 7, int(this.neighbours.index[7])), strict=True):
        others = torch.arange(len(one)) != hit
        assert one[hit].isnan().any() and torch.equal(one[others], two[others])


@pytest.mark.parametrize("target", TARGETS)
def test_what_does_not_fit_is_refused(target: str) -> None:
    this = case(target=target)
    kernel, neighbours, (vectors, weights, features) = this.kernel, this.neighbours, this.tensors
    for arguments, sentence in (
        ((vectors[1:], weights, features, neighbours), "vectors of shape"),
        ((vectors[:, 1:], weights, features, neighbours), "vectors of shape"),
        ((vectors, weights[1:], features, neighbours), "weights of shape"),
        ((vectors, weights[:, 1:], features, neighbours), "weights of shape"),
        ((vectors, weights[:, :, 1:], features, neighbours), "weights of shape"),
        ((vectors, weights, features[1:], neighbours), "features of shape"),
        ((vectors, weights, features[:, 1:], neighbours), "features of shape"),
        ((vectors, weights[0], features, neighbours), "weights of shape"),
        ((vectors, weights.float(), features, neighbours), "takes torch.float64"),
        ((vectors, weights.numpy(), features, neighbours), "torch tensors"),
        ((vectors, weights, features, neighbours.lists), "takes neighbours as a Neighbours, got tuple"),
    ):
        with pytest.raises(InputError, match=sentence):
            kernel(*arguments)
    with pytest.raises(InputError, match="ybar of shape"):
        kernel.vjp(vectors, weights, features, neighbours, vectors)
    with pytest.raises(InputError, match="u_features of shape"):
        kernel.jvp(vectors, weights, features, neighbours, (vectors, weights, weights))
    with pytest.raises(InputError, match="takes u as a tuple of three tensors: vectors, weights, features"):
        kernel.jvp(vectors, weights, features, neighbours, (vectors, weights))  # type: ignore[arg-type]


# C reads the lists by receiver alone.
@pytest.mark.parametrize(
    ("target", "altered"),
    [("c", name) for name in ("index", "row_pointer")] + [("torch", name) for name in Neighbours.__dataclass_fields__],
)
def test_lists_that_were_altered_are_refused_by_every_function(target: str, altered: str) -> None:
    this = case(target=target)
    ybar = torch.ones_like(this(*this.tensors))
    for wrong in (10**6, -1, this.neighbours.pairs + 1):
        lists = {name: getattr(this.neighbours, name).clone() for name in Neighbours.__dataclass_fields__}
        lists[altered][2] = wrong
        broken = Neighbours(**lists)
        for function, others in (
            ("value", ()),
            ("vjp", (ybar,)),
            ("jvp", (this.tensors,)),
            ("vjp_of_vjp", (ybar, this.tensors)),
        ):
            with pytest.raises(InputError, match=r"was given a neighbour list in which .*: make it with Neighbours"):
                getattr(this.kernel, function)(*this.tensors, broken, *others)
