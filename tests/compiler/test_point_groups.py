"""Kernels of bases under point groups, of modules and of Cartesian outputs compute what the bases evaluate."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

import invgen
from invgen import Basis, TensorSpace, generate
from invgen.testing import assert_kernel_matches

TURNED = ((1, 1, 0), (-1, 1, 0), (0, 0, 1))
BASES = {
    "cubic": generate(TensorSpace.cartesian("ij=ji", "Oh"), 5, select="integrity"),
    "turned": generate(TensorSpace("1o + 2e", "D4h", orientation=TURNED), 3, select="linear"),
    "icosahedral": generate(TensorSpace("2e", "Ih"), 6),
    "chiral": generate(TensorSpace("1o + 1e", "C3"), 3, select="integrity"),
    "axial": generate(TensorSpace("1o + 2e", "Cinfv"), 3),
}
MODULES = {
    "Pope": generate(TensorSpace("S:2e + R:1e"), 5, select="integrity", outputs="2e"),
    "entries": generate(TensorSpace.cartesian("ij=ji", "Dinfh"), 3, select="integrity", outputs="ij=ji"),
    "vectors": generate(TensorSpace("1o + 2e", "Td", orientation=TURNED), 3, outputs="i"),
}


@pytest.mark.parametrize("target", ["c", "torch"])
@pytest.mark.parametrize("name", BASES)
def test_kernels_of_invariants_are_the_basis(name: str, target: str) -> None:
    assert_kernel_matches(invgen.compile(BASES[name], target, dtype=torch.float64, layout="plain"), BASES[name])


@pytest.mark.parametrize("target", ["c", "torch"])
@pytest.mark.parametrize("name", MODULES)
def test_kernels_of_maps_are_the_basis(name: str, target: str) -> None:
    basis = MODULES[name]
    kernel = invgen.compile(basis, target, dtype=torch.float64, layout="plain")
    x = np.random.default_rng(0).normal(size=(20, basis.space.dimension))
    wanted = basis.evaluate(x).reshape(len(x), -1)
    found = kernel(torch.tensor(x)).numpy()
    # some hundred roundings, relative to the largest value of each component
    assert np.abs(found - wanted).max() <= 1e-12 * np.abs(wanted).max()
    assert len(basis.output_names) == wanted.shape[1]
    jacobian = basis.jacobian(x).reshape(*wanted.shape, -1)
    ybar = np.random.default_rng(1).normal(size=wanted.shape)
    np.testing.assert_allclose(
        kernel.vjp(torch.tensor(x), torch.tensor(ybar)).numpy(),
        np.einsum("sk,skd->sd", ybar, jacobian),
        rtol=0,
        atol=1e-12 * np.abs(jacobian).max(),
    )


def test_weighted_kernels_sum_linear_maps_under_a_point_group() -> None:
    space = TensorSpace("1o + 2e", "Oh")
    bases = [generate(space, 2, select="linear"), generate(space, 2, select="linear", outputs="2e")]
    kernel = invgen.compile_weighted(bases, species=2, dtype=torch.float64)
    generator = np.random.default_rng(0)
    x, species = generator.normal(size=(6, space.dimension, 3)), np.array([0, 1, 1, 0, 1, 0])
    w = generator.normal(size=(2, sum(map(len, bases)), 3))
    found = kernel(torch.tensor(x), torch.tensor(w), torch.tensor(species)).numpy()
    rows = []
    first = 0
    for basis in bases:
        values = basis.evaluate(np.moveaxis(x, 1, -1))  # (samples, channels, K[, 5])
        values = values.reshape(*values.shape[:3], -1)
        own = w[species][:, first : first + len(basis)]
        rows.append(np.einsum("sckn,skc->snc", values, own))
        first += len(basis)
    np.testing.assert_allclose(found, np.concatenate(rows, axis=1), rtol=1e-11)


@pytest.mark.parametrize("name", ["cubic", "entries"])
def test_packages_of_point_groups_are_the_basis(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    basis: Basis = {**BASES, **MODULES}[name]
    invgen.write_package(basis, tmp_path / f"package_{name}")
    monkeypatch.syspath_prepend(tmp_path)
    package = importlib.import_module(f"package_{name}")
    x = np.random.default_rng(0).normal(size=(5, basis.space.dimension))
    wanted = basis.evaluate(x).reshape(5, -1)
    found = package.kernel(dtype=torch.float64, layout="plain")(torch.tensor(x)).numpy()
    assert np.abs(found - wanted).max() <= 1e-12 * np.abs(wanted).max()
    sys.modules.pop(f"package_{name}")
