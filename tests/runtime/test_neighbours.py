"""Neighbour lists: both constructors agree, the transpose is exact, and bad lists are refused."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from invgen.errors import InputError
from invgen.runtime import Neighbours


def test_both_constructors_agree() -> None:
    receivers, index = torch.tensor([0, 0, 2, 2, 2]), torch.tensor([1, 3, 0, 1, 1])
    one = Neighbours.from_receivers(receivers, index, 4, 5)
    two = Neighbours.from_csr(torch.tensor([0, 2, 2, 5, 5], dtype=torch.int32), index, 5)
    assert all(torch.equal(a, b) for a, b in zip(one.lists, two.lists, strict=True))
    assert (one.atoms, one.sources, one.pairs) == (4, 5, 5)
    assert repr(one) == "Neighbours(5 pairs, 5 sources -> 4 receivers)"


def test_the_transpose_lists_the_pairs_of_each_source_in_rising_order() -> None:
    index = torch.randint(0, 7, (50,), generator=torch.Generator().manual_seed(0))
    lists = Neighbours.from_csr(torch.tensor([0, 20, 50]), index, 9)
    for source in range(9):
        begin, end = lists.column_pointer[source], lists.column_pointer[source + 1]
        assert torch.equal(lists.column_pairs[begin:end], (index == source).nonzero()[:, 0])


CSR = (torch.tensor([0, 2, 3]), torch.tensor([0, 1, 1]))


@pytest.mark.parametrize(
    ("row_pointer", "index", "sources", "sentence"),
    [
        (torch.tensor([0, 2, 4]), CSR[1], None, "row_pointer must rise"),
        (torch.tensor([1, 2, 3]), CSR[1], None, "row_pointer must rise"),
        (torch.tensor([0, 3, 2, 3]), CSR[1], None, "row_pointer must rise"),
        (torch.zeros(0, dtype=torch.int64), CSR[1], None, "row_pointer is empty"),
        (CSR[0], torch.tensor([0, 1, 2]), None, "index goes from 0 to 1"),
        (CSR[0], torch.tensor([0, -1, 1]), None, "index goes from 0 to 1"),
        (CSR[0], CSR[1], -1, "number of sources"),
        (CSR[0], CSR[1].double(), None, "tensor of integers"),
        (CSR[0], CSR[1][None], None, "tensor of integers"),
        ([0, 2, 3], CSR[1], None, "tensor of integers"),
    ],
)
def test_bad_rows_are_refused(row_pointer: Any, index: Any, sources: Any, sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        Neighbours.from_csr(row_pointer, index, sources)


@pytest.mark.parametrize(
    ("receivers", "index", "sentence"),
    [
        (torch.tensor([0, 1, 0]), torch.tensor([0, 0, 0]), "receivers must not fall: sort the pairs"),
        (torch.tensor([0, 1, 2]), torch.tensor([0, 0, 0]), "receivers go from 0 to 1"),
        (torch.tensor([-1, 1, 1]), torch.tensor([0, 0, 0]), "receivers go from 0 to 1"),
        (torch.tensor([0, 1]), torch.tensor([0, 0, 0]), "equally long"),
    ],
)
def test_bad_receivers_are_refused(receivers: torch.Tensor, index: torch.Tensor, sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        Neighbours.from_receivers(receivers, index, 2)
