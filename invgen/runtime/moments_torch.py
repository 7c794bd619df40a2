"""Moments in plain PyTorch: ordered sums over pairs, around harmonics that the torch emitter wrote, on any device."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import torch

from invgen.runtime.families.moments import value_shape
from invgen.runtime.families.pairs import apart, lists_error
from invgen.runtime.families.table import Function
from invgen.runtime.moments_spec import MomentsSpec
from invgen.runtime.neighbours import Lists
from invgen.runtime.pair_sums import complaint_of, sums_of

HARMONICS: Final = ("harmonics", "harmonics_vjp", "harmonics_jvp", "harmonics_second")
"""The functions of vectors (3, pairs) that a source has, where there are directions."""

_COPIED: Final = 128  # numbers of a pair that are copied at once

Tensors = tuple[torch.Tensor, ...]
Harmonics = Mapping[str, Callable[..., torch.Tensor]]


def moments_source(spec: MomentsSpec, function: Function, harmonics: Harmonics) -> Callable[..., Tensors]:
    """One function of a kernel of moments in operators of PyTorch, which can be traced.

    Equal inputs give equal bits: every sum is a weighted sum of rows in the order of its terms, without atomics.
    Nothing of the size pairs × harmonics × features is stored.
    """
    whole = value_shape(spec)
    kind = _Mixed if spec.form == "mixed" else _Outer

    def call(*inputs: Any) -> Tensors:
        (vectors, radial, features, *rest), five = apart(function, inputs)
        lists: Lists = tuple(five)  # type: ignore[assignment]
        # What is traced holds no numbers that could be looked at.
        complaint = complaint_of(lists) if type(lists[0]) is torch.Tensor else None
        if complaint is not None:
            raise lists_error(spec, complaint)
        messages = kind(lists, radial, features)
        if function.kind == "value":
            pairs = _Pairs(lists, harmonics, vectors.T, None)
            return (pairs.sums(pairs.angular, messages.made()).reshape(whole(inputs)),)
        if function.kind == "vjp":
            return _gradients(_Pairs(lists, harmonics, vectors.T, None), messages, *rest)
        *ybar, u_vectors, u_radial, u_features = rest
        pairs = _Pairs(lists, harmonics, vectors.T, u_vectors.T)
        return _along(pairs, messages, u_radial, u_features, whole(inputs), *ybar)

    return call


def _gradients(pairs: _Pairs, messages: _Messages, ybar: torch.Tensor, by_pairs: bool, by_features: bool) -> Tensors:
    """Gradients by vectors, radial values and features; without elements where they are not wanted."""
    ybar = pairs.by_harmonics(ybar)
    bar = pairs.spread(pairs.angular, ybar)
    rows = (pairs.by_vectors(ybar, messages.made()), messages.by_radial(bar)) if by_pairs else (_none(bar), _none(bar))
    return *rows, messages.by_features(bar) if by_features else _none(bar)


def _none(like: torch.Tensor) -> torch.Tensor:
    return like.new_empty(0)


def _along(
    pairs: _Pairs,
    messages: _Messages,
    u_radial: torch.Tensor,
    u_features: torch.Tensor,
    shape: tuple[int, ...],
    ybar: torch.Tensor | None = None,
) -> Tensors:
    """The change of the moments along u, in which harmonics and messages change; with ybar its gradients before it."""
    by_radial, by_features = messages.with_radial(u_radial), messages.with_features(u_features)
    made, change = messages.made(), by_radial.made() + by_features.made()
    turned = pairs.angular_along
    sums = pairs.sums(pairs.angular, change)
    moments = (sums if turned is None else sums + pairs.sums(turned, made)).reshape(shape)
    if ybar is None:
        return (moments,)
    ybar = pairs.by_harmonics(ybar)
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
        harmonics: what gives T; none without directions.
        vectors: (3, pairs).
        along: the change of the vectors, (3, pairs), or None.
    """

    lists: Lists
    harmonics: Harmonics
    vectors: torch.Tensor
    along: torch.Tensor | None

    @cached_property
    def angular(self) -> torch.Tensor | None:
        """T, (harmonics, pairs)."""
        return self.harmonics["harmonics"](self.vectors) if self.harmonics else None

    @cached_property
    def angular_along(self) -> torch.Tensor | None:
        """The change of T."""
        return self.harmonics["harmonics_jvp"](self.vectors, self.along) if self.harmonics else None

    def by_harmonics(self, ybar: torch.Tensor) -> torch.Tensor:
        """(atoms, harmonics, w)."""
        return ybar.flatten(2) if self.harmonics else ybar.flatten(1)[:, None]

    def sums(self, angular: torch.Tensor | None, messages: torch.Tensor) -> torch.Tensor:
        """(atoms, harmonics, w) of messages (pairs, w)."""
        pairs = torch.arange(messages.shape[0], device=messages.device)
        return sums_of(messages, pairs, self.lists[0], angular)

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
        if not self.harmonics:
            return torch.zeros_like(self.vectors.T)
        bar = _products(ybar, self.lists[2], messages).T
        if change is None:
            gradient = self.harmonics["harmonics_vjp"](self.vectors, bar)
        else:
            second = _products(ybar, self.lists[2], change).T
            gradient = self.harmonics["harmonics_second"](self.vectors, self.along, bar, second)
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
        return sums_of(bar, order, pointer, self.radial.index_select(0, order).T)


class _Outer(_Messages):
    """m[p, (nu, f)] = s[p, nu] z[j, f]."""

    def made(self) -> torch.Tensor:
        return (self.radial[:, :, None] * self._read()).flatten(1)

    def by_radial(self, bar: torch.Tensor) -> torch.Tensor:
        return (self._by_radius(bar) * self._read()).sum(-1)

    def by_features(self, bar: torch.Tensor) -> torch.Tensor:
        pointer, order = self.lists[3:]
        return sums_of((self._by_radius(bar) * self.radial[:, :, None]).sum(1), order, pointer)[:, 0]

    def _read(self) -> torch.Tensor:
        return self.features.index_select(0, self.lists[1])[:, None]

    def _by_radius(self, bar: torch.Tensor) -> torch.Tensor:
        return bar.reshape(*self.radial.shape, self.features.shape[1])


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
