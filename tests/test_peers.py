"""Other people's libraries give the same numbers: hippynn's layer, e3nn's rotations, sphericart's harmonics."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import torch

import invgen
from invgen import Basis, TensorSpace, generate
from tests.support.basis_cases import basis_of
from tests.support.kernel_cases import kernel_of

SLOW = pytest.mark.slow
SPACES = ("0e + 1o + 2e + 3o", "0o + 1e + 2e + 2o", "2x1o + 2e")


@pytest.fixture
def default_float64() -> Iterator[None]:
    """e3nn and hippynn form their constants in the default dtype."""
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(before)


def hippynn_layer() -> Any:
    tensors = pytest.importorskip("hippynn.layers.hiplayers.tensors", reason="hippynn is not installed")
    return tensors.HopInvariantLayer(n_max=4, l_max=3).to(torch.float64)


def norms(x: torch.Tensor) -> dict[str, torch.Tensor]:
    """Frobenius norms of hippynn's tensors, from the traces that the components leave out."""
    s, v, q, t = x.split([1, 3, 5, 7], dim=-1)
    xx, xy, xz, yy, yz = q.unbind(-1)
    xxx, xxy, xxz, xyy, xyz, yyy, yyz = t.unbind(-1)
    xzz, yzz, zzz = -xxx - xyy, -xxy - yyy, -xxz - yyz
    second = xx**2 + yy**2 + (xx + yy) ** 2 + 2 * (xy**2 + xz**2 + yz**2)
    third = xxx**2 + yyy**2 + zzz**2 + 6 * xyz**2
    third = third + 3 * (xxy**2 + xxz**2 + xyy**2 + yyz**2 + xzz**2 + yzz**2)
    return {"s": s[..., 0].abs(), "v": v.norm(dim=-1), "q": second.sqrt(), "t": third.sqrt()}


def components(samples: int) -> torch.Tensor:
    return torch.randn(samples, 16, generator=torch.Generator().manual_seed(3), dtype=torch.float64)


@pytest.mark.slow
@pytest.mark.parametrize("target", ["c", "torch"])
def test_hippynns_layer_gives_the_same_thirteen_numbers(target: str) -> None:
    x = components(2000)
    theirs = hippynn_layer()(x)
    ours = kernel_of("hiphop_l3_n4", target, layout="plain")(x)
    size = norms(x)
    products = [torch.stack([size[name] for name in c.tensors]).prod(0) for c in basis_of("hiphop_l3_n4").contractions]
    error = (ours - theirs).abs() / torch.stack(products, -1)
    print(f"largest difference {error.max():.1e}")
    # A few dozen roundings in float64 on either side, relative to the product of the norms of what is contracted.
    assert error.max() < 1e-12


@pytest.mark.slow
def test_hippynns_layer_gives_the_same_forces_and_second_derivatives() -> None:
    layer, kernel = hippynn_layer(), kernel_of("hiphop_l3_n4", "c", layout="plain")
    weights = torch.linspace(-1, 1, 13, dtype=torch.float64)
    found = []
    for function in (layer, kernel):
        x = components(50).requires_grad_()
        (first,) = torch.autograd.grad((function(x) * weights).sum(), x, create_graph=True)
        found.append((first.detach(), torch.autograd.grad(first.square().sum(), x)[0]))
    for theirs, ours in zip(*found):
        # Relative to the largest entry: derivatives of degree 3 and 5 in numbers of order one.
        assert (ours - theirs).abs().max() < 1e-12 * theirs.abs().max()


@pytest.mark.slow
def test_hippynns_own_tensors_of_unit_vectors_are_the_components() -> None:
    tensors = pytest.importorskip("hippynn.layers.hiplayers.tensors", reason="hippynn is not installed")
    from invgen.testing import harmonic_components

    unit = torch.nn.functional.normalize(torch.randn(40, 3, dtype=torch.float64), dim=-1)
    theirs = tensors.TensorExtractor(l_max=3).to(torch.float64)(unit)
    for l, part in enumerate(theirs):
        ours = harmonic_components(l, unit.numpy(), "hippynn")
        # hippynn keeps its projections in float32, whatever the layer is converted to.
        np.testing.assert_allclose(part.numpy(), ours, atol=1e-6)


# Conventions scale each rank, which rotations keep: every space in one convention, and the largest in all.
@pytest.mark.parametrize(
    ("text", "convention"),
    [
        *((text, "e3nn") for text in SPACES),
        *(pytest.param(SPACES[0], f"e3nn_{name}", marks=SLOW) for name in ("component", "norm")),
    ],
)
def test_e3nns_rotations_leave_the_invariants_unchanged(text: str, convention: str, default_float64: None) -> None:
    o3 = pytest.importorskip("e3nn.o3", reason="e3nn is not installed")
    space = TensorSpace(text)
    irreps = o3.Irreps(text)
    assert irreps.dim == space.dimension
    kernel = invgen.compile(
        generate(space, 4, select="linear", convention=convention), "torch", torch.float64, layout="plain"
    )
    torch.manual_seed(0)
    x = torch.randn(8, space.dimension)
    before = kernel(x)
    for reflect in (False, True):
        for matrix in o3.rand_matrix(5):
            matrix = -matrix if reflect else matrix
            turned = x @ irreps.D_from_matrix(matrix).T
            assert (turned - x).abs().max() > 0.1
            # e3nn's matrices come from exponentials of generators, accurate to about 1e-13 in float64.
            torch.testing.assert_close(kernel(turned), before, rtol=1e-9, atol=1e-9 * before.abs().max().item())


def test_e3nns_rotations_of_another_convention_do_not(default_float64: None) -> None:
    # What the test above would not see if rotations happened to keep everything.
    o3 = pytest.importorskip("e3nn.o3", reason="e3nn is not installed")
    kernel = kernel_of("hiphop_l3_n4", "torch", layout="plain")
    torch.manual_seed(0)
    x = torch.randn(8, 16)
    turned = x @ o3.Irreps("0e + 1o + 2e + 3o").D_from_matrix(o3.rand_matrix()).T
    assert (kernel(turned) - kernel(x)).abs().max() > 0.1


@pytest.mark.slow
@pytest.mark.parametrize(
    ("convention", "normalization"),
    [("e3nn", "integral"), pytest.param("e3nn_component", "component", marks=SLOW)],
)
def test_moments_of_e3nns_harmonics_have_invariants_that_points_keep(
    convention: str, normalization: str, default_float64: None
) -> None:
    o3 = pytest.importorskip("e3nn.o3", reason="e3nn is not installed")
    kernel = invgen.compile(basis_of("optimal_l3_n4").with_convention(convention), "c", torch.float64, layout="plain")
    torch.manual_seed(0)
    points, matrix = torch.randn(6, 9, 3), -o3.rand_matrix()

    def invariants(points: torch.Tensor) -> torch.Tensor:
        harmonics = o3.spherical_harmonics([0, 1, 2, 3], points, normalize=True, normalization=normalization)
        return kernel((harmonics * torch.exp(-points.norm(dim=-1, keepdim=True))).sum(1))

    before = invariants(points)
    torch.testing.assert_close(invariants(points @ matrix.T), before, rtol=1e-10, atol=1e-12)
    # One environment in two conventions: the tensors are the same, and so are the numbers.
    from invgen.testing import harmonic_components

    sphericart = basis_of("optimal_l3_n4")
    unit = (points / points.norm(dim=-1, keepdim=True)).numpy()
    weights = np.exp(-points.norm(dim=-1, keepdim=True).numpy())
    x = np.concatenate([(harmonic_components(l, unit, "sphericart") * weights).sum(1) for l in range(4)], -1)
    np.testing.assert_allclose(before.numpy(), sphericart.evaluate(x), rtol=1e-10, atol=1e-12)


def test_sphericarts_harmonics_are_the_components_of_its_convention() -> None:
    sphericart = pytest.importorskip("sphericart", reason="sphericart is not installed")
    basis: Basis = basis_of("optimal_l3_n4")
    kernel = kernel_of("optimal_l3_n4", "c", layout="plain")
    from invgen.testing import random_rotation

    rng = np.random.default_rng(5)
    points = rng.standard_normal((7, 11, 3))
    calculator = sphericart.SolidHarmonics(3)

    def moments(points: np.ndarray) -> np.ndarray:
        return calculator.compute(points.reshape(-1, 3)).reshape(7, 11, 16).sum(1)

    before = kernel(torch.tensor(moments(points))).numpy()
    scale = np.abs(before).max(0)
    assert before.shape == (7, len(basis))
    for reflect in (False, True):
        matrix = random_rotation(rng, reflect)
        after = kernel(torch.tensor(moments(points @ matrix.T))).numpy()
        # Sums of solid harmonics of order 3 over eleven points, then degree 4: some thousand roundings.
        assert (np.abs(after - before) < 1e-11 * scale).all()
        assert np.abs(moments(points @ matrix.T) - moments(points)).max() > 0.1


def test_tensors_of_sphericart_components_contract_as_written() -> None:
    sphericart = pytest.importorskip("sphericart", reason="sphericart is not installed")
    # The tensor of a vector's own harmonics is its traceless power, so that contractions with the vector are known:
    # v Q v = 2/3 |v|^4 and tr Q^2 = 2/3 |v|^4 for Q = v v - |v|^2 / 3.
    v = np.random.default_rng(2).standard_normal((20, 3))
    space = TensorSpace("s:0e + v:1o + q:2e")
    basis = Basis.from_contractions(["i,i v,v", "ij,ij q,q", "i,ij,j v,q,v"], space, "sphericart")
    y = sphericart.SolidHarmonics(2).compute(v)
    r2 = (v**2).sum(-1)
    found = invgen.compile(basis, "c", torch.float64, layout="plain").value(torch.tensor(y)).numpy()
    np.testing.assert_allclose(found, np.stack([r2, 2 / 3 * r2**2, 2 / 3 * r2**2], -1), rtol=1e-12)
