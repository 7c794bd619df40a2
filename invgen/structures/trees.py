"""Batches and pairs as trees of tensors, which torch.export takes apart and a saved program finds again by name."""

from __future__ import annotations

import torch
from torch.utils import _pytree as pytree

from invgen.structures.batch import FIELDS, Batch
from invgen.structures.pairs import Pairs
from invgen.structures.rounding import Exact

_PAIRS = ("neighbours", "shifts")


def register() -> None:
    """Tell torch what batches and pairs are made of; once, when `invgen.structures` is imported."""
    pytree.register_pytree_node(
        Pairs,
        lambda pairs: ([pairs.neighbours, pairs.shifts], pairs.cutoff),
        lambda parts, cutoff: Pairs(**dict(zip(_PAIRS, parts)), cutoff=cutoff),
        flatten_with_keys_fn=lambda pairs: (
            [(pytree.GetAttrKey(name), getattr(pairs, name)) for name in _PAIRS],
            pairs.cutoff,
        ),
        serialized_type_name="invgen.structures.Pairs",
        to_dumpable_context=lambda cutoff: cutoff,
        from_dumpable_context=lambda cutoff: cutoff,
    )
    pytree.register_pytree_node(
        Batch,
        lambda batch: ([getattr(batch, name) for name in FIELDS], None),
        lambda parts, _: Batch.trusted(**dict(zip(FIELDS, parts))),
        flatten_with_keys_fn=lambda batch: (
            [(pytree.GetAttrKey(name), getattr(batch, name)) for name in FIELDS],
            None,
        ),
        serialized_type_name="invgen.structures.Batch",
        to_dumpable_context=lambda context: "",
        from_dumpable_context=lambda text: None,
    )
    # A saved program holds the inputs that it was traced with; these classes are tensors and no code, so that it is
    # loaded without unpickling anything else.
    torch.serialization.add_safe_globals([Batch, Exact, Pairs])
