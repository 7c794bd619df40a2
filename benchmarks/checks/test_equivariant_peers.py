"""What weighted kernels and invariants are timed beside computes the same polynomials."""

from __future__ import annotations

import pytest
import torch

from benchmarks.equivariant_peers import IRREPS, E3nnPeer, MacePeer, why_no_e3nn, why_no_mace
from invgen import TensorSpace, generate
from tests.support.basis_cases import basis_of

pytestmark = pytest.mark.slow


@pytest.mark.skipif(why_no_e3nn() is not None, reason="e3nn is not installed")
def test_e3nn_spans_the_basis_with_few_paths() -> None:
    basis = basis_of("optimal_l3_n4").with_convention("e3nn_component")
    # The constructor raises where its scalars miss a member.
    peer = E3nnPeer(basis, channels=2)
    assert len(basis) - 1 <= peer.paths <= 2 * len(basis)


@pytest.mark.skipif(why_no_mace() is not None, reason="MACE is not installed")
@pytest.mark.parametrize(("outputs", "members"), [("0e", 13), ("1o", 16)])
def test_maces_span_is_that_of_the_linear_basis(outputs: str, members: int) -> None:
    basis = generate(TensorSpace(IRREPS), 3, select="linear", outputs=outputs, convention="e3nn_component")
    assert len(basis) == members
    # The constructor raises where either span misses the other.
    peer = MacePeer([basis], [outputs], 3, channels=2, species=2)
    assert peer.w.shape == (2, members, 2) and torch.isfinite(peer.w).all()
    assert peer.paths > members, "MACE's paths are not independent"
