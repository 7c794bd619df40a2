"""Values and derivatives of a basis at samples: the definition that every kernel is checked against."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol

import numpy as np

from invgen.algebra.modular import Array, Plain
from invgen.basis.samples import read_samples
from invgen.contractions.at_points import exact_evaluator
from invgen.contractions.evaluation import Evaluator
from invgen.contractions.expression import Expression
from invgen.spaces import conventions
from invgen.spaces.outputs import SCALAR, dimension, output_map
from invgen.spaces.space import TensorSpace

_CHUNK = 4096  # samples evaluated at once, so that intermediates stay in cache


class Evaluated(Protocol):
    """What is evaluated: a basis."""

    @property
    def space(self) -> TensorSpace:
        """The tensors and the group."""

    @property
    def contractions(self) -> tuple[Expression, ...]:
        """The members in order."""

    @property
    def convention(self) -> str:
        """Which numbers stand for a tensor's components."""

    @property
    def outputs(self) -> str:
        """What members map to."""

    @property
    def _float_maps(self) -> list[Array]:
        """`float_maps` of its space, which are made once."""


def values(basis: Evaluated, x: Any) -> Array:
    """As `Basis.evaluate` says."""
    samples, shape = read_samples(x, basis.space, basis.convention)
    members = len(basis.contractions)
    trailing = (members,) if basis.outputs == SCALAR else (members, dimension(basis.outputs))
    result = np.empty((len(samples), *trailing), dtype=samples.dtype)
    for start, at in _evaluators(basis, samples):
        for k, member in enumerate(basis.contractions):
            if basis.outputs == SCALAR:
                found = at.value(member)
            else:
                covariant = at.covariant(member.root)
                found = covariant @ _output_matrix(basis, covariant).T
            result[start : start + len(found), k] = found
    return result.reshape(*shape, *trailing)


def derivatives(basis: Evaluated, x: Any) -> Array:
    """As `Basis.jacobian` says."""
    samples, shape = read_samples(x, basis.space, basis.convention)
    members = len(basis.contractions)
    trailing = (members,) if basis.outputs == SCALAR else (members, dimension(basis.outputs))
    result = np.empty((len(samples), *trailing, basis.space.dimension), dtype=samples.dtype)
    layout = _layout_matrix(basis, samples)
    for start, at in _evaluators(basis, samples):
        for k, member in enumerate(basis.contractions):
            if basis.outputs == SCALAR:
                rows = at.gradient(member)
            else:
                rows = _output_matrix(basis, at.covariant(member.root)) @ at.covariant_jacobian(member.root)
            result[start : start + len(rows), k] = rows if layout is None else rows @ layout
    return result.reshape(*shape, *trailing, basis.space.dimension)


def float_maps(space: TensorSpace, convention: str) -> list[Array]:
    """The matrices from the components of a convention to the tensors' entries."""
    maps = []
    irreducible = "rational" if convention == conventions.CARTESIAN else convention
    for tensor in space.tensors:
        tensor_map = conventions.map_of(irreducible, tensor)
        matrix = np.array(tensor_map.matrix, dtype=np.float64)
        maps.append((matrix * np.array([s.round() for s in tensor_map.scale]))[None])
    return maps


def _evaluators(basis: Evaluated, samples: Array) -> Iterator[tuple[int, Evaluator]]:
    layout = _layout_matrix(basis, samples)
    for start in range(0, len(samples), _CHUNK):
        chunk = samples[start : start + _CHUNK]
        if layout is not None:
            chunk = chunk @ layout.T
        if chunk.dtype == object:
            yield start, exact_evaluator(basis.space, chunk)
        else:
            yield start, Evaluator(basis.space, basis._float_maps, chunk, Plain(np.float64))


def _layout_matrix(basis: Evaluated, samples: Array) -> Array | None:
    """The matrix A from Cartesian to rational components, in the arithmetic of the samples."""
    if basis.space.layout is None or basis.convention != conventions.CARTESIAN:
        return None
    return np.array(basis.space.layout.matrix, dtype=samples.dtype)


def _output_matrix(basis: Evaluated, covariant: Array) -> Array:
    """The matrix from the rational components of a covariant (batch, 2L + 1) to the outputs' of the convention."""
    change = output_map(basis.convention, basis.outputs, covariant.shape[1] // 2)
    matrix = np.array(change.matrix, dtype=covariant.dtype)
    # Where samples are exact, the convention is rational and all scales are 1.
    return matrix if covariant.dtype == object else matrix * np.array([[s.round()] for s in change.scale])
