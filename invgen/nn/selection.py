"""Forward selection: the members of a basis that data ask for, in the order in which they lower the error most."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from invgen.basis.basis import Basis
from invgen.basis.choices import Certificate, chosen, independence
from invgen.checks import as_integer, integer, not_negative, one_of, positive
from invgen.compiler.invariants import costs
from invgen.errors import InputError
from invgen.nn.least_squares import LeastSquares
from invgen.spaces.outputs import SCALAR, noun

Matrix = NDArray[np.float64]

_EPS = float(np.finfo(np.float64).eps)
_TIE = 1e-10  # gains that differ by less, relative to the largest, are equal: rounding must not decide between them
_BLOCK = 8  # rows are reduced to a triangle in blocks of so many times the number of columns


@dataclass(frozen=True, eq=False)
class LeastSquaresRows:
    """The problem min over c, b of |w (X c + n b - y)|²; the offsets b belong to every model, columns of X are chosen.

    Arrays of NumPy, tensors and nested lists of real numbers are taken; they are kept in float64.

    Attributes:
        matrix: X, (rows, columns): a row of an energy holds descriptors, a row of a force component their derivatives.
        targets: y, (rows,).
        weights: w, (rows,), at least 0; 1 by default.
        offsets: n, (rows, offsets): the counts of atoms of each element in a row of energies, 0 in a row of forces;
            none by default. A column of ones is an intercept.
        total: what the sum of squares is divided by before its root is an error; by default the sum of w².

    Raises:
        InputError: shapes do not fit together, or there is NaN or infinity in one of them.
    """

    matrix: Matrix
    targets: Matrix
    weights: Matrix | None = None
    offsets: Matrix | None = None
    total: float | None = None

    def __post_init__(self) -> None:
        given = {"matrix": 2, "targets": 1, "weights": 1, "offsets": 2}
        arrays = {name: _real(name, getattr(self, name), axes) for name, axes in given.items()}
        matrix, targets, weights = (arrays[name] for name in ("matrix", "targets", "weights"))
        if matrix is None or targets is None:
            raise InputError("rows need a matrix (rows, columns) and targets (rows,), got None")
        if 0 in matrix.shape or any(len(array) != len(matrix) for array in arrays.values() if array is not None):
            shapes = ", ".join(f"{name} {array.shape}" for name, array in arrays.items() if array is not None)
            raise InputError(f"every row of the matrix has a target, and weights and offsets if any; got {shapes}")
        if weights is not None and not (weights.min() >= 0 and weights.max() > 0):
            raise InputError(
                "weights of rows are numbers of at least 0, not all of them 0; leave out rows that do not count"
            )
        total = None if self.total is None else positive("the total that the sum of squares is divided by", self.total)
        vars(self).update(arrays, total=total)

    @classmethod
    def of(cls, problem: LeastSquares, total: float) -> LeastSquaresRows:
        """The rows that a `LeastSquares` took in, as its triangular factor, which has the same sums of squares.

        Args:
            problem: with as many offsets as it has elements.
            total: the sum of the squares of the weights of its rows, which the factor does not tell.
        """
        factor = problem.factor.cpu().numpy()
        free = problem.elements
        return cls(factor[:, free:-1], factor[:, -1], offsets=factor[:, :free], total=total)


@dataclass(frozen=True)
class Selection:
    """Members in the order in which they were chosen.

    The first j are what `select` returns for k = j, so that one selection holds those of every smaller size.

    Attributes:
        order: the members, as places in the basis.
        errors: after each step the root of the weighted mean of squared residuals of the model with the members so far.
        columns: the columns of the rows that belong to the members, those of the first member first.
        basis: the members in this order as a basis of their own, as `compile` and `ACE` take it; None without `basis=`.
    """

    order: tuple[int, ...]
    errors: tuple[float, ...]
    columns: tuple[int, ...]
    basis: Basis | None

    @property
    def certificate(self) -> Certificate:
        """The rank of the members' Jacobian and its proof; `certificate.independent` says whether all are independent.

        Raises:
            InputError: the selection was made without `basis=`.
        """
        return self._known().certificate

    @property
    def member_costs(self) -> tuple[int, ...]:
        """Multiplications of each member evaluated by itself, as `Invariant.cost` counts them.

        Raises:
            InputError: the selection was made without `basis=`.
        """
        return tuple(member.cost for member in self._known())

    @property
    def cost(self) -> dict[str, int]:
        """Operations of the compiled functions of all members together, per sample, as `invgen cost` counts them.

        `cost["value_and_vjp"]` are those of values and gradients. Members share what they can, so that this is less
        than the sum of `member_costs`. Complexity: that of making the programs, seconds for hundreds of members.

        Raises:
            InputError: the selection was made without `basis=`.
        """
        return {name: cost.operations for name, cost in costs(self._known()).items()}

    def _known(self) -> Basis:
        if self.basis is None:
            raise InputError("costs and certificates are those of members of a basis; pass basis= to select")
        return self.basis


def select(
    rows: LeastSquaresRows,
    k: int,
    independent: bool = False,
    *,
    basis: Basis | None = None,
    groups: Sequence[int] | NDArray[np.integer[Any]] | None = None,
    ridge: float = 0.0,
) -> Selection:
    """k members by forward selection: each step takes the member that lowers the sum of squared residuals most.

    Residuals are those of the least-squares fit to the member's columns and all columns chosen before (orthogonal least
    squares). The choice does not depend on the scale of a column. Of equal members the lowest is taken, and a member
    whose columns are linear combinations of those chosen lowers nothing. A step is never taken back: the set need not
    be the best of its size.

    With `independent=True` a member is passed over if its gradient is in the span of those of the members chosen, at a
    point modulo three primes: the certificate proves that the set is functionally independent. Independent sets are
    those of an algebraic matroid, so every k up to the rank of the basis is reached; it does not say that the choice
    is the best one.

    Args:
        rows: energies and forces, or anything else that is linear in the members.
        k: how many members, at most as many as there are rows.
        independent: whether the members are functionally independent; needs `basis`.
        basis: invariants of which the columns are made, in the same order.
        groups: for each column the member that it belongs to, where a member has several, such as one for each
            element: the blocks of `DescriptorRows` with E elements have `groups=[*range(len(basis))] * E`. By default
            column i is member i.
        ridge: adds ridge |D c|² to the sum of squares, D = diag of the norms of the columns beside the offsets, as
            `LeastSquares.solve` does; the errors are without it. With 0 errors never rise.

    Returns:
        Order, errors on the way, columns and, with `basis`, the certificate and the cost.

    Raises:
        InputError: k is not from 1 to the number of members, exceeds the number of rows or, for `independent=True`, the
            rank; the columns are not those of the members; the basis holds covariants; or the ridge is negative.

    Complexity: rows · columns² for one triangular factor of all rows, then k · columns² for columns that are members,
    and s² times that for groups of s; memory of columns² beside the rows. With `independent=True` at most one gradient
    of each member modulo the primes.
    """
    if not isinstance(rows, LeastSquaresRows):
        raise InputError(f"rows are a LeastSquaresRows, got {type(rows).__name__}; pass LeastSquaresRows(X, y)")
    independent = bool(one_of("independent", independent, (False, True)))
    ridge = not_negative("ridge", ridge)
    blocks = _blocks(rows.matrix.shape[1], basis, groups)
    k = integer("k", k, 1, len(blocks))
    if len(rows.matrix) < k:
        raise InputError(f"{k} members need at least {k} rows, got {len(rows.matrix)}; lower k or add rows")
    offers = None
    if independent:
        if basis is None:
            raise InputError("independent=True needs the basis whose members the columns are; pass basis=")
        most = basis.space.dimension - basis.space.orbit_dimension
        if k > most:
            raise InputError(f"no more than {most} invariants of {basis.space} are independent, got k = {k}; lower k")
        offers = independence(basis)
    state, unit = _start(rows, ridge)
    live = np.ones(len(blocks), dtype=bool)
    order: list[int] = []
    errors: list[float] = []
    while len(order) < k and live.any():
        best = _first_best(np.where(live, state.gains(blocks), -1.0))
        live[best] = False
        if offers is not None and basis is not None and not offers.offer(basis.contractions[best]):
            continue  # dependent on the members chosen, and so on all sets to come
        state.take(blocks[best])
        order.append(best)
        errors.append(unit * state.error)
    if len(order) < k:
        raise InputError(f"the basis has rank {len(order)}, got k = {k} independent members; lower k")
    columns = tuple(int(column) for member in order for column in blocks[member])
    return Selection(tuple(order), tuple(errors), columns, None if basis is None else chosen(basis, order))


class _Deflation:
    """Columns and targets without their parts along what is chosen, of rows of which the first `observed` are data.

    Columns have norm 1 in the beginning; one whose rest is below `nothing` is a linear combination of those chosen.
    """

    def __init__(self, columns: Matrix, targets: Matrix, observed: int) -> None:
        self.columns, self.rest, self.observed = columns, targets, observed
        self.nothing = 8 * _EPS * sum(columns.shape)
        self._floor = (self.nothing * float(np.linalg.norm(targets))) ** 2
        self._chosen = np.zeros((len(columns), 0))

    @property
    def error(self) -> float:
        """The norm of the residuals of data."""
        return float(np.linalg.norm(self.rest[: self.observed]))

    def gains(self, blocks: Sequence[NDArray[np.intp]]) -> Matrix:
        """What each block of columns would take from the sum of squares; 0 for what rounding may have made."""
        found = np.zeros(len(blocks))
        for size in sorted({len(block) for block in blocks}):
            members = [i for i, block in enumerate(blocks) if len(block) == size]
            columns = np.array([blocks[i] for i in members])
            if size == 1:
                part = self.columns[:, columns[:, 0]]
                lengths = np.linalg.norm(part, axis=0)
                along = self.rest @ part / np.where(lengths > self.nothing, lengths, np.inf)
                found[members] = along**2
            else:
                part = self.columns[:, columns].transpose(1, 0, 2)
                bases, lengths, _ = np.linalg.svd(part, full_matrices=False)
                along = np.where(lengths > self.nothing, self.rest @ bases, 0.0)
                found[members] = (along**2).sum(axis=1)
        return np.where(found > self._floor, found, 0.0)

    def take(self, block: NDArray[np.intp]) -> None:
        """Choose a block: modified Gram-Schmidt steps, each done twice, so that rounding leaves no part behind."""
        for column in block:
            direction = self.columns[:, column]
            length = float(np.linalg.norm(direction))
            if length > self.nothing:
                direction = direction / length
                for _ in range(2):
                    direction = direction - self._chosen @ (self._chosen.T @ direction)
                direction /= np.linalg.norm(direction)
                self._chosen = np.column_stack([self._chosen, direction])
                for _ in range(2):
                    self.columns -= np.outer(direction, direction @ self.columns)
                    self.rest -= direction * (direction @ self.rest)


def _start(rows: LeastSquaresRows, ridge: float) -> tuple[_Deflation, float]:
    """The problem beside its offsets with columns of norm 1, and what its norms are multiplied with to be errors."""
    offsets = np.zeros((len(rows.matrix), 0)) if rows.offsets is None else rows.offsets
    weights = np.ones(len(rows.matrix)) if rows.weights is None else rows.weights
    heaviest = weights.max()
    weights = weights / heaviest
    table, sizes = _triangle([offsets, rows.matrix, rows.targets[:, None]], weights)
    count = offsets.shape[1]
    if count:
        base, lengths, _ = np.linalg.svd(table[:, :count], full_matrices=False)
        base = base[:, lengths > 8 * _EPS * sum(table.shape) * lengths.max()]
        for _ in range(2):
            table = table - base @ (base.T @ table)
    columns, targets = table[:, count:-1], table[:, -1]
    lengths = np.linalg.norm(columns, axis=0)
    # A column that the offsets make, or zeros, has a rest of rounding alone, which must not be scaled up.
    live = lengths > 8 * _EPS * sum(table.shape)
    columns = np.where(live, columns / np.where(live, lengths, 1.0), 0.0)
    observed = len(columns)
    if ridge:
        columns = np.concatenate([columns, math.sqrt(ridge) * np.diag(live.astype(np.float64))])
        targets = np.concatenate([targets, np.zeros(columns.shape[1])])
        lengths = np.sqrt(1 + ridge * np.ones(columns.shape[1]))
        columns = columns / lengths
    if rows.total is None:
        unit = sizes[-1] / math.sqrt(float(weights @ weights))
    else:
        unit = sizes[-1] * heaviest / math.sqrt(rows.total)
    return _Deflation(columns, targets.copy(), observed), float(unit)


def _triangle(parts: Sequence[Matrix], weights: Matrix) -> tuple[Matrix, Matrix]:
    """The triangular factor of weighted columns, each scaled so that its largest entry is 1; (factor, scales).

    Sums of squares and which columns depend on each other are those of the rows, and no square can overflow.
    """
    sizes = np.concatenate([np.maximum(part.max(axis=0), -part.min(axis=0)) for part in parts])
    sizes = np.where(sizes > 0, sizes, 1.0)
    width, count = len(sizes), len(weights)
    factor = np.zeros((0, width))
    for first in range(0, count, _BLOCK * width):
        part = slice(first, first + _BLOCK * width)
        block = np.column_stack([each[part] for each in parts]) / sizes * weights[part, None]
        factor = np.concatenate([factor, block])
        if len(factor) > width:
            factor = np.asarray(np.linalg.qr(factor, mode="r"))
    # Norms of whole columns are known only now.
    norms = np.linalg.norm(factor, axis=0)
    norms = np.where(norms > 0, norms, 1.0)
    return factor / norms, sizes * norms


def _first_best(gains: Matrix) -> int:
    """The first of the largest gains."""
    return int(np.flatnonzero(gains >= gains.max() - _TIE * abs(gains.max()))[0])


def _blocks(
    columns: int, basis: Basis | None, groups: Sequence[int] | NDArray[np.integer[Any]] | None
) -> list[NDArray[np.intp]]:
    """The columns of every member."""
    if basis is not None and not isinstance(basis, Basis):
        raise InputError(f"basis is a Basis, got {type(basis).__name__}; use invgen.generate or Basis.load")
    if basis is not None and basis.outputs != SCALAR:
        raise InputError(f"members are chosen among invariants, this basis holds {noun(basis.outputs)}")
    if groups is None:
        if basis is not None and len(basis) != columns:
            raise InputError(
                f"rows have {columns} columns and the basis has {len(basis)} members; give rows of one column for each "
                "member, or pass groups= with the member of every column"
            )
        return list(np.arange(columns)[:, None])
    members = [as_integer(member) for member in np.ravel(np.asarray(groups, dtype=object))]
    known = [member for member in members if member is not None]
    count = len(basis) if basis is not None else max(known, default=-1) + 1
    if len(known) != columns or sorted(set(known)) != list(range(count)):
        raise InputError(
            f"groups are the member of each of {columns} columns, all of "
            f"{'the' if basis is None else len(basis)} members from 0 on with at least one column; got "
            f"{len(members)} entries that name {len(set(members))} members"
        )
    return [np.flatnonzero(np.array(known) == member) for member in range(count)]


def _real(name: str, value: Any, axes: int) -> Matrix | None:
    """An array of finite numbers in float64 with so many axes; None stays None."""
    if value is None:
        return None
    detach = getattr(value, "detach", None)
    array = np.asarray(detach().cpu() if callable(detach) else value)
    if array.ndim != axes or array.dtype.kind not in "biuf":
        shape = ("rows", "columns")[:axes]
        raise InputError(
            f"{name} of least-squares rows are real numbers ({', '.join(shape)}), got shape {array.shape} of "
            f"{array.dtype}"
        )
    array = array.astype(np.float64)
    if not np.isfinite(array).all():
        raise InputError(f"{name} of least-squares rows are finite numbers, got NaN or infinity; leave those rows out")
    return array
