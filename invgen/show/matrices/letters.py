"""How the tensors of a space, and the axis of its group, are read as numbers, vectors and matrices."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import product

import numpy as np

from invgen.algebra.modular import Array
from invgen.errors import EnumerationError, InputError
from invgen.show.matrices.words import (
    AXIAL,
    DEVIATOR,
    NUMBER,
    PROJECTOR,
    SKEW,
    SQUARE,
    SYMMETRIC,
    TRACE,
    TRANSPOSED,
    VALUE,
    VECTOR,
    WORD,
    Factor,
    Letter,
    Order,
    Symbol,
    Term,
    Word,
)
from invgen.spaces.cartesian import TENSOR
from invgen.spaces.harmonics import components_of_tensor
from invgen.spaces.irreps import Irrep
from invgen.spaces.outputs import cartesian_space, is_cartesian, parts
from invgen.spaces.space import TensorSpace

MAX_RANK = 2
_REVERSING = ("Dinf", "Dinfh")  # groups that reverse their axis, so that only n n^T is fixed
_CONTINUOUS = ("O3", "SO3")

Piece = tuple[Fraction, tuple[Factor, ...], Word]
"""A summand of a letter: a coefficient, scalar factors and a word."""


def check(space: TensorSpace, outputs: str) -> None:
    """`InputError` unless members of the space have matrix forms."""
    what = "matrix forms are for numbers, vectors and second-order tensors in three dimensions"
    if space.spatial_dimension != 3:
        raise InputError(f"{what}; the space {space} is in the plane, use latex()")
    group = space.point_group
    if group is not None and not group.is_axial:
        raise InputError(
            f"matrix forms are for O3, SO3 and the axial groups, whose structure is an axis; {space.group} has "
            "structural tensors of higher rank, use latex()"
        )
    high = [str(t) for t in space.tensors if t.l > MAX_RANK]
    if high:
        raise InputError(f"{what}, l <= {MAX_RANK}; the space has {', '.join(high)}, use latex()")
    if any(part.l > MAX_RANK for part in parts(outputs)):
        raise InputError(f"{what}, l <= {MAX_RANK}; outputs {outputs} have a higher rank, use latex()")
    if is_cartesian(outputs) and len(outputs.split("=")[0]) > MAX_RANK:
        raise InputError(f"{what}; outputs {outputs} have more indices, use latex()")


def axis(space: TensorSpace) -> tuple[int, int, int] | None:
    """The main axis of an axial group as coprime integers; None of O(3) and SO(3)."""
    if space.group in _CONTINUOUS:
        return None
    return (0, 0, 1) if space.orientation is None else space.orientation[2]


def letters(space: TensorSpace) -> tuple[Letter, ...]:
    """The irreducible tensors of a space, and the axis n or the matrix N = n n^T last."""
    found = tuple(Letter(t.name, _kind(t), i) for i, t in enumerate(space.tensors))
    if axis(space) is None:
        return found
    projects = space.group in _REVERSING
    names = ("N", "N_axis", "N_axis_") if projects else ("n", "n_axis", "n_axis_")
    name = next(name for name in names if name not in space.names)
    return (*found, Letter(name, PROJECTOR if projects else VECTOR))


def _kind(tensor: Irrep) -> str:
    if tensor.l == 0:
        return NUMBER
    if tensor.l == MAX_RANK:
        return DEVIATOR
    return VECTOR if tensor.parity < 0 else SKEW


def cartesian_letter(space: TensorSpace) -> Letter | None:
    """The whole vector or matrix of a space made by `TensorSpace.cartesian`, otherwise None."""
    if space.layout is None or space.layout.recipe[0] != "cartesian":
        return None
    ranks = {t.l for t in space.tensors}
    kind = {(1,): SKEW, (0, 2): SYMMETRIC, (0, 1, 2): SQUARE}.get(tuple(sorted(ranks)), SYMMETRIC)
    if len(space.layout.names[0]) == len(TENSOR) + 1:
        kind = VECTOR
    return Letter(TENSOR, kind, 0)


def scales(space: TensorSpace) -> dict[int, Fraction]:
    """For each rank l of a Cartesian space the s with: h0 = s tr(c), h1 = s axial(c) (of "i": s c), h2 = s (c + c^T)'.

    The prime means the deviator.
    """
    layout = space.layout
    if layout is None:
        raise EnumerationError(f"{space} has no Cartesian components; please report this as a defect")
    order = len(layout.names[0]) - len(TENSOR)
    probe = _probe(space, order)
    entries = [probe[tuple(int(i) - 1 for i in name.removeprefix(TENSOR))] for name in layout.names]
    found = np.array(layout.matrix, dtype=object) @ np.array(entries, dtype=object)
    result = {}
    for tensor, where in zip(space.tensors, space.slices, strict=True):
        if tensor.l == 0:
            value = [sum(probe[i, i] for i in range(3))]
        elif tensor.l == 1:
            value = list(probe) if order == 1 else [probe[i - 2, i - 1] - probe[i - 1, i - 2] for i in range(3)]
            value = [value[1], value[2], value[0]]
        else:
            twice = probe + probe.T
            flat = [twice[i, j] for i in range(3) for j in range(i, 3)]
            value = list(np.array(components_of_tensor(2), dtype=object) @ np.array(flat, dtype=object))
        ratios = {Fraction(int(a), int(b)) for a, b in zip(found[where], value, strict=True) if b}
        if len(ratios) != 1:
            raise EnumerationError(f"the parts of {space} are not read; please report this as a defect")
        result[tensor.l] = ratios.pop()
    return result


def _probe(space: TensorSpace, order: int) -> Array:
    """Integers with the symmetries of the Cartesian tensor."""
    free: Array = np.array([2, 3, 7] if order == 1 else [[2, 5, 11], [3, 13, 7], [17, 19, 31]], dtype=object)
    ranks = {t.l for t in space.tensors}
    if order == 2 and 1 not in ranks:
        free = free + free.T
    elif order == 2 and 2 not in ranks:
        free = free - free.T
    return free


def substitution(space: TensorSpace, whole: Letter) -> dict[Letter, list[Piece]]:
    """The irreducible letters of a Cartesian space as sums of words of the whole tensor."""
    found: dict[Letter, list[Piece]] = {}
    one = Symbol(whole)
    other = Symbol(whole, TRANSPOSED) if whole.kind == SQUARE else one
    for letter, tensor in zip(letters(space), space.tensors, strict=False):
        scale = scales(space)[tensor.l]
        trace = (Factor(TRACE, ((one,),)),)
        if tensor.l == 0:
            found[letter] = [(scale, trace, ())]
        elif tensor.l == 1 and whole.kind == SQUARE:
            found[letter] = [(scale, (), (one,)), (-scale, (), (other,))]
        elif tensor.l == 1:
            found[letter] = [(scale if whole.kind == VECTOR else 2 * scale, (), (one,))]
        else:
            found[letter] = [(scale, (), (one,)), (scale, (), (other,)), (-2 * scale / 3, trace, ())]
    return found


def output_scale(outputs: str, rank: int) -> Fraction:
    """The s with: the entries of outputs are s times the form, for the part of a rank (rank 0: the identity)."""
    scale = scales(cartesian_space(outputs))[rank]
    order = len(outputs.split("=")[0])
    return 1 / (3 * scale if rank == 0 else scale if order == 1 else 2 * scale)


def substituted(terms: Iterable[Term], pieces: Mapping[Letter, list[Piece]], order: Order) -> list[Term]:
    """Terms with letters replaced by sums of words, in first forms."""
    result = []
    for term in terms:
        expanded = [Term(term.coefficient, ())]
        for factor in term.factors:
            options = _expanded(factor, pieces, order)
            expanded = [
                Term(t.coefficient * c, (*t.factors, *factors)) for t, (c, factors) in product(expanded, options)
            ]
        result += expanded
    return result


def _expanded(
    factor: Factor, pieces: Mapping[Letter, list[Piece]], order: Order
) -> list[tuple[Fraction, tuple[Factor, ...]]]:
    if factor.kind == VALUE:
        return [(c, scalars) for c, scalars, _ in pieces[factor.words[0][0].letter]]
    result = []
    for chosen in product(*(_expanded_word(word, pieces) for word in factor.words)):
        coefficient, scalars = Fraction(1), list[Factor]()
        for c, factors, _ in chosen:
            coefficient *= c
            scalars += factors
        words = tuple(word for _, _, word in chosen)
        if factor.kind == TRACE:
            times, made = order.trace(words[0])
        elif factor.kind == AXIAL:
            times, made = order.axial(words[0])
        elif factor.kind == WORD and factor.is_scalar:
            times, made = order.scalar(words[0])
        else:
            times, made = 1, (Factor(factor.kind, words),)
        if times:
            result.append((coefficient * times, (*scalars, *made)))
    return result


def _expanded_word(word: Word, pieces: Mapping[Letter, list[Piece]]) -> list[Piece]:
    result: list[Piece] = [(Fraction(1), (), ())]
    for symbol in word:
        options: Sequence[Piece] = pieces.get(symbol.letter, [(Fraction(1), (), (symbol,))])
        if symbol.letter.kind == VECTOR and symbol.letter in pieces:
            options = [(c, factors, (Symbol(made[0].letter, symbol.role),)) for c, factors, made in options]
        result = [(a * b, f + g, v + w) for (a, f, v), (b, g, w) in product(result, options)]
    return result


def values_of(space: TensorSpace, entries: Array) -> tuple[dict[str, Array], Array]:
    """Numbers, vectors and matrices at points, and the rational components, both integers.

    Args:
        space: the space.
        entries: integers (points, dimension): of each tensor 2l + 1 entries that determine it.

    Returns:
        Arrays by name, and (points, dimension).
    """
    from invgen.show.matrices.words import cross

    given, columns = {}, []
    for tensor, where in zip(space.tensors, space.slices, strict=True):
        block = entries[:, where]
        if tensor.l == 0:
            given[tensor.name] = block[:, 0]
            full = block
        elif tensor.l == 1:
            given[tensor.name] = block if tensor.parity < 0 else cross(block)
            full = block
        else:
            xx, xy, xz, yy, yz = block.T
            full = np.stack([xx, xy, xz, yy, yz, -xx - yy], axis=-1)
            given[tensor.name] = full[:, [0, 1, 2, 1, 3, 4, 2, 4, 5]].reshape(-1, 3, 3)
        columns.append(full @ np.array(components_of_tensor(tensor.l), dtype=full.dtype).T)
    return given, np.concatenate(columns, axis=1)
