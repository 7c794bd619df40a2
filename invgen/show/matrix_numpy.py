"""Matrix forms at given arrays."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from invgen.algebra.modular import Array, Plain
from invgen.errors import InputError
from invgen.show.matrix_words import DEVIATOR, NUMBER, PROJECTOR, SKEW, SYMMETRIC, VECTOR, Letter, Values

if TYPE_CHECKING:
    from invgen.show.matrix_form import MatrixForm

_TOLERANCE = 1e-4  # of a symmetry, relative to the greatest entry: what single precision keeps through a few products


def evaluate(form: MatrixForm, matrices: Mapping[str, Any]) -> Array:
    """As `MatrixForm.numpy` says."""
    tensors = [letter for letter in form.letters if letter.place is not None]
    unknown = [name for name in matrices if name not in {t.name for t in tensors}]
    missing = [letter.name for letter in form.used if letter.place is not None and letter.name not in matrices]
    if unknown or missing:
        what = f"does not know {unknown[0]!r}" if unknown else f"needs {', '.join(missing)}"
        raise InputError(f"{form} {what}; its tensors are {', '.join(t.name for t in tensors)}")
    given = {t.name: _read(t, matrices[t.name]) for t in tensors if t.name in matrices}
    if form.axis is not None:
        direction = np.array(form.axis, dtype=np.float64)
        direction /= np.linalg.norm(direction)
        axis = form.letters[-1]
        given[axis.name] = np.outer(direction, direction) if axis.kind == PROJECTOR else direction
    values = Values(given, Plain(np.float64))
    total: Any = 0.0
    for term in form.terms:
        value: Any = float(term.coefficient)
        for factor in term.factors:
            found = values.of(factor)
            value = np.asarray(value)
            value = value.reshape(*value.shape, *(1,) * factor.order) * found
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
