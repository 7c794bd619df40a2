"""Batches and pairs as trees of tensors, which torch.export takes apart and a saved program finds again by name."""

from __future__ import annotations

import torch
from torch.utils import _pytree as pytree

from invgen.structures.batch import FIELDS, Batch
from invgen.structures.pairs import Pairs
from invgen.structures.rounding import Exact

_PAIRS = ("neighbours", "shifts")
_LATER = ("dipole", "polarizability")
"""Fields that programs of earlier versions do not know: where a batch has none of them, its tree is what it was."""


_FIRST = tuple(name for name in FIELDS if name not in _LATER)


def _later(batch: Batch) -> tuple[str, ...] | None:
    return tuple(name for name in _LATER if getattr(batch, name) is not None) or None


def _names(batch: Batch) -> tuple[str, ...]:
    return (*_FIRST, *(_later(batch) or ()))


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
        lambda batch: ([getattr(batch, name) for name in _names(batch)], _later(batch)),
        lambda parts, later: Batch.trusted(**dict(zip((*_FIRST, *(later or ())), parts))),
        flatten_with_keys_fn=lambda batch: (
            [(pytree.GetAttrKey(name), getattr(batch, name)) for name in _names(batch)],
            _later(batch),
        ),
        serialized_type_name="invgen.structures.Batch",
        to_dumpable_context=lambda later: " ".join(later or ()),
        from_dumpable_context=lambda text: tuple(text.split()) or None,
    )
    # A saved program holds the inputs that it was traced with; these classes are tensors and no code, so that it is
    # loaded without unpickling anything else.
    torch.serialization.add_safe_globals([Batch, Exact, Pairs])
