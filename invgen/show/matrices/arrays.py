"""Matrix forms at given arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from invgen.algebra.modular import Array, Plain
from invgen.errors import InputError
from invgen.show.matrices.words import (
    DEVIATOR,
    NUMBER,
    PROJECTOR,
    SKEW,
    SYMMETRIC,
    VECTOR,
    Letter,
    Term,
    Values,
)

_TOLERANCE = 1e-4  # of a symmetry, relative to the greatest entry: what single precision keeps through a few products


def evaluate(
    text: str,
    terms: Sequence[Term],
    letters: Sequence[Letter],
    axis: tuple[int, int, int] | None,
    matrices: Mapping[str, Any],
) -> Array:
    """As `MatrixForm.numpy` says, of the form that is written `text`."""
    tensors = [letter for letter in letters if letter.place is not None]
    used = {symbol.letter.name for term in terms for f in term.factors for word in f.words for symbol in word}
    unknown = [name for name in matrices if name not in {t.name for t in tensors}]
    missing = [t.name for t in tensors if t.name in used and t.name not in matrices]
    if unknown or missing:
        what = f"does not know {unknown[0]!r}" if unknown else f"needs {', '.join(missing)}"
        raise InputError(f"{text} {what}; its tensors are {', '.join(t.name for t in tensors)}")
    given = {t.name: _read(t, matrices[t.name]) for t in tensors if t.name in matrices}
    if axis is not None:
        direction = np.array(axis, dtype=np.float64)
        direction /= np.linalg.norm(direction)
        given[letters[-1].name] = np.outer(direction, direction) if letters[-1].kind == PROJECTOR else direction
    values = Values(given, Plain(np.float64))
    total: Any = 0.0
    for term in terms:
        value: Any = float(term.coefficient)
        for factor in term.factors:
            found = values.of(factor)
            value = np.asarray(value)
            value = value.reshape((*value.shape, *(1,) * factor.order)) * found
        total = total + value
    return np.asarray(total)


def _read(letter: Letter, given: Any) -> Array:
    try:
        array = np.asarray(given, dtype=np.float64)
    except (TypeError, ValueError):
        raise InputError(f"{letter.name} is not an array of numbers, got {type(given).__name__}") from None
    if letter.kind == NUMBER:
        return array
    shape = (3,) if letter.kind == VECTOR else (3, 3)
    if array.shape[-len(shape) :] != shape:
        wanted = "vectors (..., 3)" if letter.kind == VECTOR else "matrices (..., 3, 3)"
        raise InputError(f"{letter.name} is given as {wanted}, got the shape {array.shape}")
    if letter.kind in (SYMMETRIC, DEVIATOR, SKEW):
        turned = np.swapaxes(array, -1, -2)
        size = np.abs(array).max(axis=(-1, -2), initial=0)
        wrong = np.abs(array + turned if letter.kind == SKEW else array - turned).max(axis=(-1, -2), initial=0)
        what = "skew" if letter.kind == SKEW else "symmetric"
        if letter.kind == DEVIATOR:
            what = "symmetric and traceless"
            wrong = np.maximum(wrong, np.abs(np.trace(array, axis1=-2, axis2=-1)))
        if np.any(wrong > _TOLERANCE * size):
            raise InputError(f"{letter.name} must be {what}, as its tensor is; subtract the other part first")
    return array
