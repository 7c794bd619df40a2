"""Large bases: their programs are long, split into parts, compiled in sections, and right."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

import invgen
from invgen import Basis, TensorSpace, generate
from invgen.compiler.invariants import costs
from invgen.runtime.build.compilers import sections

L5 = " + ".join(f"{l}{'eo'[l % 2]}" for l in range(6))


def exact(basis: Basis, x: np.ndarray, bars: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Values and vjp by the definitions of the members."""
    return basis.evaluate(x), np.einsum("nk,nkd->nd", bars, basis.jacobian(x))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("space", "members", "whole"),
    [(TensorSpace(L5), 33, {"value"}), (TensorSpace.ace(n_max=4, l_max=4), 97, set())],
    ids=["l <= 5", "ACE of 100 components"],
)
def test_large_bases_equal_their_definitions(
    space: TensorSpace,
    members: int,
    whole: set[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("INVGEN_CACHE_DIR", str(tmp_path))
    basis = generate(space, 4)
    assert len(basis) == members
    parts = {name: cost.parts for name, cost in costs(basis).items()}
    assert {name for name in parts if parts[name] == 1} == whole
    kernel = invgen.compile(basis, dtype=torch.float64)
    (source,) = tmp_path.rglob("source.c")
    assert {name for name in parts if parts[name] > 1} | {"vjp_1", "vjp_of_vjp_2"} <= set(
        sections(source.read_text(encoding="utf-8"))
    )
    assert not list(tmp_path.rglob("*.o")) and not list(tmp_path.rglob("sections"))
    rng = np.random.default_rng(3)
    # 12 samples of 3 channels fill neither a unit of lanes nor a whole number of them.
    x, u = (rng.standard_normal((12, space.dimension, 3)) for _ in range(2))
    bars = rng.standard_normal((12, members, 3))
    given = [torch.from_numpy(a) for a in (x, bars, u)]
    y, xbar = kernel.value_and_vjp(*given[:2])
    for channel in range(3):
        values, gradients = exact(basis, x[..., channel], bars[..., channel])
        # A few roundings of 2^-53 of each of up to 1e3 terms, relative to the greatest sum.
        for mine, right in ((y, values), (xbar, gradients)):
            assert np.abs(mine[..., channel].numpy() - right).max() < 1e-13 * np.abs(right).max()
    scale = y.abs().max(), xbar.abs().max()
    # Other orders of the same sums.
    assert (kernel.value(given[0]) - y).abs().max() < 1e-13 * scale[0]
    assert (kernel.vjp(*given[:2]) - xbar).abs().max() < 1e-13 * scale[1]
    # ybar . J u, in two ways, and the second derivative as a difference quotient: h^2 of the truncation.
    grad_x, grad_ybar = kernel.vjp_of_vjp(*given)
    jvp = kernel.jvp(given[0], given[2])
    assert (grad_ybar - jvp).abs().max() < 1e-13 * jvp.abs().max()
    assert abs(float((bars * jvp.numpy()).sum() - (u * xbar.numpy()).sum())) < 1e-11 * float(scale[1]) * x.size
    step = 1e-4
    ends = [kernel.vjp(given[0] + side * step * given[2], given[1]) for side in (1, -1)]
    quotient = (ends[0] - ends[1]) / (2 * step)
    assert (grad_x - quotient).abs().max() < 1e-6 * grad_x.abs().max()
