"""Moments in plain PyTorch: the harmonics that the torch emitter wrote, and ordered sums, on any device."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import ModuleType
from typing import Any, Final

import numpy as np
import torch

from invgen.errors import BasisFileError
from invgen.runtime.moments_library import MomentsImplementation, Quadruple, as_lists, lists_error
from invgen.runtime.neighbours import Lists
from invgen.runtime.spec import KernelSpec

Tensors = tuple[torch.Tensor, ...]

_COPIED: Final = 128  # numbers of a pair that are copied at once
_HARMONICS: Final = ("harmonics", "harmonics_vjp", "harmonics_jvp", "harmonics_second")


class TorchMoments(MomentsImplementation):
    """The functions of moments on tensors of any device, without autograd.

    Equal inputs give equal bits: every sum is a weighted sum of rows in the order of its terms, without atomics.
    Nothing of the size pairs × harmonics × features is stored.

    Args:
        spec: the kernel; its source is Python.
        trailing: the shape of a moment of one receiver and feature, given the number of radial values.

    Raises:
        BasisFileError: the source is not Python, or lacks a function.
    """

    def __init__(self, spec: KernelSpec, trailing: Callable[[int], tuple[int, ...]]) -> None:
        super().__init__(spec.name, trailing)
        module = ModuleType(f"invgen_kernel_{spec.name}_{spec.key}", f"Generated source of kernel {spec.name}.")
        try:
            exec(compile(spec.source, f"<torch source of {spec.name}>", "exec"), module.__dict__)
        except SyntaxError as error:
            raise BasisFileError(
                f"the torch source of kernel {spec.name!r} is damaged ({error}): regenerate it"
            ) from error
        self._form = getattr(module, "FORM", None)
        needed = () if self._form == "environment" else _HARMONICS
        missing = [name for name in ("FORM", *needed) if not hasattr(module, name)]
        if missing:
            raise BasisFileError(f"the torch source of kernel {spec.name!r} lacks {missing[0]}: regenerate it")
        self._harmonics: Any = module if needed else None
        # torch.compile finds the globals of what it traces through the module of that name.
        sys.modules[module.__name__] = module

    def _call(self, name: str, lists: Lists, inputs: Sequence[torch.Tensor], outputs: Sequence[torch.Tensor]) -> None:
        with torch.no_grad():
            for out, result in zip(outputs, self._results(name, lists, inputs), strict=True):
                out.copy_(result)

    def vjp_of_vjp(self, *given: torch.Tensor) -> Quadruple:
        """Gradients of <u, vjp> by vectors, radial values, features and ybar, which share most of their work."""
        with torch.no_grad():
            by_vectors, by_radial, by_features, by_ybar = self._results("second", as_lists(given[7:]), given[:7])
        return by_vectors, by_radial, by_features, by_ybar

    def plain_value(
        self, vectors: torch.Tensor, radial: torch.Tensor, features: torch.Tensor, *lists: torch.Tensor
    ) -> torch.Tensor:
        """The operator `value` in operators of PyTorch, for programs that are to hold no others; lists are trusted."""
        return self._traced("value", as_lists(lists), (vectors, radial, features))[0]

    def plain_vjp(
        self, vectors: torch.Tensor, radial: torch.Tensor, features: torch.Tensor, ybar: torch.Tensor, *rest: Any
    ) -> Tensors:
        """The operator `vjp` likewise; `rest` are the lists, and which gradients are wanted."""
        *lists, by_pairs, by_features = rest
        found = self._traced("vjp", as_lists(tuple(lists)), (vectors, radial, features, ybar))
        wanted = (by_pairs, by_pairs, by_features)
        return tuple(each if keep else each.new_empty(0) for each, keep in zip(found, wanted, strict=True))

    def _results(self, name: str, lists: Lists, inputs: Sequence[torch.Tensor]) -> Tensors:
        complaint = _complaint(lists)
        if complaint is not None:
            raise lists_error(self._name, complaint)
        return self._traced(name, lists, inputs)

    def _traced(self, name: str, lists: Lists, inputs: Sequence[torch.Tensor]) -> Tensors:
        vectors, radial, features, *rest = inputs
        messages = (_Mixed if self._form == "mixed" else _Outer)(lists, radial, features)
        u = rest[-3:] if name in ("jvp", "second") else None
        pairs = _Pairs(lists, self._harmonics, vectors.T, None if u is None else u[0].T)
        shape = self.moments_shape(radial, features, lists)
        if u is None:
            return self._first(name, pairs, messages, shape, *rest)
        return self._along(name, pairs, messages, shape, *rest)

    def _first(
        self, name: str, pairs: _Pairs, messages: _Messages, shape: tuple[int, ...], ybar: torch.Tensor | None = None
    ) -> Tensors:
        if ybar is None:
            return (pairs.sums(pairs.angular, messages.made()).reshape(shape),)
        ybar = pairs.by_harmonics(ybar)
        bar = pairs.spread(pairs.angular, ybar)
        rows = () if name == "vjp_columns" else (pairs.by_vectors(ybar, messages.made()), messages.by_radial(bar))
        return rows if name == "vjp_rows" else (*rows, messages.by_features(bar))

    def _along(
        self, name: str, pairs: _Pairs, messages: _Messages, shape: tuple[int, ...], *rest: torch.Tensor
    ) -> Tensors:
        """The change of the moments along u, in which harmonics and messages change, and its gradients with ybar."""
        by_radial, by_features = messages.with_radial(rest[-2]), messages.with_features(rest[-1])
        made, change = messages.made(), by_radial.made() + by_features.made()
        turned = pairs.angular_along
        sums = pairs.sums(pairs.angular, change)
        moments = (sums if turned is None else sums + pairs.sums(turned, made)).reshape(shape)
        if name == "jvp":
            return (moments,)
        ybar = pairs.by_harmonics(rest[0])
        bar = pairs.spread(pairs.angular, ybar)
        gradients = by_features.by_radial(bar), by_radial.by_features(bar)
        if turned is not None:
            bar = pairs.spread(turned, ybar)
            gradients = gradients[0] + messages.by_radial(bar), gradients[1] + messages.by_features(bar)
        return pairs.by_vectors(ybar, made, change), *gradients, moments


@dataclass(frozen=True)
class _Pairs:
    """E[i, c, w] = Σ_p T[c, p] m[p, w] for messages m, and the adjoints of that map; without directions c is one.

    Attributes:
        lists: as in `Neighbours`.
        harmonics: the module that gives T, or None.
        vectors: (3, pairs).
        along: the change of the vectors, (3, pairs), or None.
    """

    lists: Lists
    harmonics: Any
    vectors: torch.Tensor
    along: torch.Tensor | None

    @cached_property
    def angular(self) -> torch.Tensor | None:
        """T, (harmonics, pairs)."""
        return None if self.harmonics is None else self.harmonics.harmonics(self.vectors)

    @cached_property
    def angular_along(self) -> torch.Tensor | None:
        """The change of T."""
        return None if self.harmonics is None else self.harmonics.harmonics_jvp(self.vectors, self.along)

    def by_harmonics(self, ybar: torch.Tensor) -> torch.Tensor:
        """(atoms, harmonics, w)."""
        return ybar.flatten(1)[:, None] if self.harmonics is None else ybar.flatten(2)

    def sums(self, angular: torch.Tensor | None, messages: torch.Tensor) -> torch.Tensor:
        """(atoms, harmonics, w) of messages (pairs, w)."""
        pairs = torch.arange(messages.shape[0], device=messages.device)
        return _sums(messages, pairs, self.lists[0], angular)

    def spread(self, angular: torch.Tensor | None, ybar: torch.Tensor) -> torch.Tensor:
        """(pairs, w): Σ_c T[c, p] ybar[i_p, c, w]."""
        receivers = self.lists[2]
        if angular is None:
            return ybar[:, 0].index_select(0, receivers)
        return _mixture(ybar, receivers, angular.T)

    def by_vectors(
        self, ybar: torch.Tensor, messages: torch.Tensor, change: torch.Tensor | None = None
    ) -> torch.Tensor:
        """(pairs, 3): the gradient of <ybar, E>, or of its change where the messages change."""
        if self.harmonics is None:
            return self.vectors.T
        bar = _products(ybar, self.lists[2], messages).T
        if change is None:
            gradient: torch.Tensor = self.harmonics.harmonics_vjp(self.vectors, bar)
        else:
            second = _products(ybar, self.lists[2], change).T
            gradient = self.harmonics.harmonics_second(self.vectors, self.along, bar, second)
        return gradient.T


@dataclass(frozen=True)
class _Messages:
    """What pairs bring to the moments of their receivers, (pairs, w): bilinear in radial values and features."""

    lists: Lists
    radial: torch.Tensor
    features: torch.Tensor

    def with_radial(self, radial: torch.Tensor) -> _Messages:
        """The messages of other radial values."""
        return type(self)(self.lists, radial, self.features)

    def with_features(self, features: torch.Tensor) -> _Messages:
        """The messages of other features."""
        return type(self)(self.lists, self.radial, features)

    def made(self) -> torch.Tensor:
        """The messages."""
        raise NotImplementedError

    def by_radial(self, bar: torch.Tensor) -> torch.Tensor:
        """(pairs, nu): the gradient of <bar, messages>."""
        raise NotImplementedError

    def by_features(self, bar: torch.Tensor) -> torch.Tensor:
        """The same by the features of the sources."""
        raise NotImplementedError


class _Mixed(_Messages):
    """m[p, f] = Σ_nu s[p, nu] g[j, nu, f]."""

    def made(self) -> torch.Tensor:
        return _mixture(self.features, self.lists[1], self.radial)

    def by_radial(self, bar: torch.Tensor) -> torch.Tensor:
        return _products(self.features, self.lists[1], bar)

    def by_features(self, bar: torch.Tensor) -> torch.Tensor:
        pointer, order = self.lists[3:]
        return _sums(bar, order, pointer, self.radial.index_select(0, order).T)


class _Outer(_Messages):
    """m[p, (nu, f)] = s[p, nu] z[j, f]."""

    def made(self) -> torch.Tensor:
        return (self.radial[:, :, None] * self._read()).flatten(1)

    def by_radial(self, bar: torch.Tensor) -> torch.Tensor:
        return (self._by_radius(bar) * self._read()).sum(-1)

    def by_features(self, bar: torch.Tensor) -> torch.Tensor:
        pointer, order = self.lists[3:]
        return _sums((self._by_radius(bar) * self.radial[:, :, None]).sum(1), order, pointer)[:, 0]

    def _read(self) -> torch.Tensor:
        return self.features.index_select(0, self.lists[1])[:, None]

    def _by_radius(self, bar: torch.Tensor) -> torch.Tensor:
        return bar.reshape(-1, self.radial.shape[1], self.features.shape[1])


def _sums(
    rows: torch.Tensor, order: torch.Tensor, pointer: torch.Tensor, weights: torch.Tensor | None = None
) -> torch.Tensor:
    """(b, c, w): Σ_k weights[c, k] rows[order[k], w] over k = pointer[b] ... pointer[b + 1] - 1, in that order.

    PyTorch's embedding bag adds one term after the other on every device, and stores no term. Without weights there is
    one c, and they are one.
    """
    members, bags, count = order.shape[0], pointer.shape[0] - 1, 1 if weights is None else weights.shape[0]
    if 0 in (count, rows.shape[1]):
        return rows.new_zeros((bags, count, rows.shape[1]))
    # Devices other than CPUs do not say whether an altered pointer would read beyond the members.
    pointer = pointer.clamp(0, members)
    if weights is not None:
        starts = members * torch.arange(count, device=pointer.device)
        ends = pointer.new_full((1,), count * members)
        pointer = torch.cat([(starts[:, None] + pointer[:-1]).flatten(), ends])
        order, weights = order.repeat(count), weights.flatten()
    sums: torch.Tensor = torch.nn.functional.embedding_bag(
        order, rows, pointer, mode="sum", per_sample_weights=weights, include_last_offset=True
    )
    return sums.reshape(count, bags, -1).transpose(0, 1)


def _mixture(rows: torch.Tensor, owners: torch.Tensor, weights: torch.Tensor) -> torch.Tensor:
    """Σ_k weights[p, k] rows[owners[p], k, w], (pairs, w)."""
    count = rows.shape[1]
    if 0 in rows.shape[1:]:
        return rows.new_zeros((owners.shape[0], rows.shape[2]))
    places = owners[:, None] * count + torch.arange(count, device=owners.device)
    mixed: torch.Tensor = torch.nn.functional.embedding_bag(
        places, rows.flatten(0, 1), mode="sum", per_sample_weights=weights.contiguous()
    )
    return mixed


def _products(rows: torch.Tensor, owners: torch.Tensor, others: torch.Tensor) -> torch.Tensor:
    """Σ_w rows[owners[p], k, w] others[p, w], (pairs, k): some k at a time, so that few rows are copied at once."""
    step = max(1, _COPIED // max(1, rows.shape[-1]))
    blocks = []
    for first in range(0, rows.shape[1], step):
        copied = rows[:, first : first + step].contiguous().index_select(0, owners)
        blocks.append((copied * others[:, None]).sum(-1))
    return torch.cat(blocks, 1) if blocks else others.new_zeros((others.shape[0], 0))


def _complaint(lists: Lists) -> int | None:
    """What is wrong with lists that were altered, as a key of `lists_error`.

    On devices other than CPUs nothing waits for an answer: there PyTorch asserts that indices are within bounds.
    """
    if lists[0].device.type != "cpu":
        return None
    rows, index, receivers, columns, column_pairs = (each.numpy() for each in lists)
    pairs, atoms, sources = len(index), len(rows) - 1, len(columns) - 1
    if _falls(rows, pairs) or _falls(columns, pairs):
        return 1
    if not _within(receivers, atoms) or not np.array_equal(receivers, np.repeat(np.arange(atoms), np.diff(rows))):
        return 1
    if not _within(index, sources):
        return 2
    if not _within(column_pairs, pairs):
        return 3
    by_source = np.repeat(np.arange(sources), np.diff(columns))
    return None if np.array_equal(index[column_pairs], by_source) else 3


def _falls(pointer: np.ndarray, pairs: int) -> bool:
    """Whether a pointer does not rise from 0 to the number of pairs."""
    return bool(pointer[0] != 0 or pointer[-1] != pairs or (np.diff(pointer) < 0).any())


def _within(numbers: np.ndarray, count: int) -> bool:
    return not numbers.size or bool(numbers.min() >= 0 and numbers.max() < count)
