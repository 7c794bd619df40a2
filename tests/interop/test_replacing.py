"""What stands in for modules of other libraries knows its list of edges by its values."""

from __future__ import annotations

import torch

from invgen.interop.replacing import PairOrder, in_order
from invgen.runtime import Neighbours

EDGES = torch.tensor([[1, 2, 0, 2, 0, 1], [0, 0, 1, 1, 2, 2]])
ATOMS = 3


def _receivers_of_sources(pairs: Neighbours) -> list[tuple[int, int]]:
    return list(zip(pairs.receivers.tolist(), pairs.index.tolist(), strict=True))


def test_edges_are_sorted_by_receiver_and_keep_their_order_otherwise() -> None:
    mixed = EDGES[:, [4, 1, 3, 0, 5, 2]]
    order, pairs = PairOrder()(mixed, ATOMS)
    assert _receivers_of_sources(pairs) == [(0, 2), (0, 1), (1, 2), (1, 0), (2, 0), (2, 1)]
    assert in_order(mixed[0], order).tolist() == pairs.index.tolist()


def test_one_list_is_sorted_once() -> None:
    order = PairOrder()
    first = order(EDGES, ATOMS)[1]
    assert order(EDGES, ATOMS)[1] is first
    assert order(EDGES.clone(), ATOMS)[1] is first


def test_a_list_whose_data_were_replaced_is_sorted_anew() -> None:
    order, edges = PairOrder(), EDGES.clone()
    order(edges, ATOMS)
    edges.data.copy_(EDGES.flip(1))
    assert _receivers_of_sources(order(edges, ATOMS)[1]) == [(0, 2), (0, 1), (1, 2), (1, 0), (2, 1), (2, 0)]


def test_the_same_edges_between_more_atoms_are_another_list() -> None:
    order = PairOrder()
    assert order(EDGES, ATOMS)[1].atoms == ATOMS
    assert order(EDGES, ATOMS + 1)[1].atoms == ATOMS + 1


def test_a_list_of_inference_mode_serves_a_training_step_later() -> None:
    order = PairOrder()
    with torch.inference_mode():
        order(EDGES.clone(), ATOMS)
    pairs = order(EDGES, ATOMS)[1]
    features = torch.ones(ATOMS, requires_grad=True)
    # index_select saves its index for the gradient, which it cannot do with a tensor of inference mode.
    features.index_select(0, pairs.index).sum().backward()
    assert features.grad is not None
    assert features.grad.tolist() == [2.0, 2.0, 2.0]
