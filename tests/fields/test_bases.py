"""Bases for one template: full rank where a selection loses it, and what is said of it."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from invgen import TensorSpace, generate
from invgen.errors import InputError
from invgen.fields import Window, basis_for, moments
from invgen.spaces.harmonics import monomials

MIDDLE = [[12, 12, 12]]


def blobs(seed: int) -> np.ndarray:
    """Eight Gaussian blobs in 25³ voxels."""
    rng = np.random.default_rng(seed)
    grid = np.stack(np.meshgrid(*[np.arange(25.0) - 12] * 3, indexing="ij"), axis=-1)
    return sum(
        height * np.exp(-((grid - centre) ** 2).sum(axis=-1) / 4.5)
        for height, centre in zip(rng.normal(size=8), rng.uniform(-4, 4, (8, 3)))
    )


def on_the_sphere(order: int) -> np.ndarray:
    rng = np.random.default_rng(order)
    u = rng.normal(size=(7, 3))
    u /= np.linalg.norm(u, axis=1, keepdims=True)
    masses = rng.uniform(0.5, 2.0, 7)
    return np.array([(masses * np.prod(u**e, axis=1)).sum() for n in range(order + 1) for e in monomials(n)])


def test_a_generic_template_keeps_the_selection() -> None:
    chosen = basis_for(moments(blobs(1), 3, Window.hermite(1.8), at=MIDDLE))
    assert (chosen.rank, chosen.needed, chosen.before) == (17, 17, 17)
    assert chosen.basis == generate(TensorSpace.moments(range(4)), 4) and not chosen.replaced and not chosen.vanishing


@pytest.mark.parametrize("select", ["independent", "flexible"])
def test_an_inversion_symmetric_template_gets_full_rank(select: str) -> None:
    field = blobs(2)
    chosen = basis_for(moments(field + field[::-1, ::-1, ::-1], 4, Window.hermite(1.8), at=MIDDLE), select=select)
    assert chosen.vanishing == ("m1_1", "m3_3", "m3_1")
    assert chosen.full and chosen.needed == 19  # 22 components of even order, orbits of dimension 3
    lost = select == "independent"
    assert (chosen.before < 19) == bool(chosen.replaced) == lost
    assert len(chosen.basis) == 32 and chosen.basis.certificate.complete


def test_a_function_on_a_shell_gets_full_rank() -> None:
    space = TensorSpace.moments(range(4))
    chosen = basis_for(on_the_sphere(3), space)
    assert chosen.proportional == (("m1_1", "m3_1"),)
    assert (chosen.before, chosen.rank, chosen.needed) == (15, 17, 17)
    assert len(chosen.replaced) == len(chosen.added) == 2
    members = set(map(str, chosen.basis.contractions))
    assert members.isdisjoint(chosen.replaced) and members.issuperset(chosen.added)
    # The float Jacobian of the chosen members, rows scaled, has the rank that is claimed; that of the selection not.
    for basis, rank in ((chosen.basis, 17), (generate(space, 4), 15)):
        rows = basis.jacobian(on_the_sphere(3))
        values = np.linalg.svd(rows / np.linalg.norm(rows, axis=1, keepdims=True), compute_uv=False)
        assert (values > 1e-9).sum() == rank


def test_a_cubic_template_needs_what_its_symmetry_leaves() -> None:
    field = blobs(3)
    for axis in range(3):
        field = field + np.flip(field, axis)
    field = sum(np.transpose(field, p) for p in ((0, 1, 2), (1, 2, 0), (2, 0, 1), (0, 2, 1), (2, 1, 0), (1, 0, 2)))
    chosen = basis_for(moments(field, 4, Window.hermite(1.8), at=MIDDLE))
    assert chosen.needed == chosen.rank == 4  # three scalars and the cubic part of order 4


def test_parts_below_the_noise_count_as_vanishing() -> None:
    field = blobs(2) + blobs(2)[::-1, ::-1, ::-1]
    noisy = field + 0.01 * np.random.default_rng(0).normal(size=field.shape)
    found = moments(noisy, 4, Window.hermite(1.8), at=MIDDLE)
    assert basis_for(found).vanishing == ()
    assert basis_for(found, noise=0.01).vanishing == ("m1_1", "m3_3", "m3_1")


def test_what_is_given_may_be_an_array_moments_or_a_template() -> None:
    found = moments(blobs(4), 2, Window.hermite(1.8), at=MIDDLE)
    wanted = basis_for(found)
    assert basis_for(found.values[0], found.space) == wanted == basis_for(SimpleNamespace(moments=found))
    template = SimpleNamespace(moments=found.values[0], order=2, shape=(25, 25, 25), window=found.window)
    assert basis_for(template, noise=1e-3) == wanted


def test_vectors_in_the_plane() -> None:
    field = np.random.default_rng(6).normal(size=(25, 25, 2))
    chosen = basis_for(moments(field, 3, Window.hermite(1.8), values="vector", at=[[12, 12]]))
    assert chosen.full and chosen.needed == len(chosen.basis) == 19


def test_the_repr_names_what_was_replaced() -> None:
    text = repr(basis_for(on_the_sphere(3), TensorSpace.moments(range(4))))
    assert "rank 17 of 17 at the template, 15 before replacement" in text
    assert "proportional: m1_1 ~ m3_1" in text and "replaced: i,i m3_1,m3_1; " in text


def test_bad_input_is_one_sentence() -> None:
    space = TensorSpace.moments(range(3))
    with pytest.raises(InputError, match="the space that they belong to"):
        basis_for(np.ones(10))
    with pytest.raises(InputError, match="moments of one place, 10 real numbers"):
        basis_for(np.ones((2, 10)), space)
    with pytest.raises(InputError, match="finite and not all zero"):
        basis_for(np.zeros(10), space)
    with pytest.raises(InputError, match="must be one of 'independent', 'flexible'"):
        basis_for(np.ones(10), space, select="linear")
    with pytest.raises(InputError, match="know their covariance"):
        basis_for(np.ones(10), space, noise=0.1)
    with pytest.raises(InputError, match="O3, SO3, O2 or SO2"):
        basis_for(np.ones(10), TensorSpace.moments(range(3), group="Oh"))
