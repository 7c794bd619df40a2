"""Moments in plain PyTorch: the harmonics that the torch emitter wrote, and ordered sums, on any device."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any, Final

import torch

from invgen.errors import BasisFileError
from invgen.runtime.moments_library import MomentsImplementation, lists_error
from invgen.runtime.neighbours import Lists
from invgen.runtime.spec import KernelSpec

Tensors = tuple[torch.Tensor, ...]

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
            complaint = _complaint(lists)
            if complaint is not None:
                raise lists_error(self._name, complaint)
            if 0 in (inputs[1].shape[-1], inputs[2].shape[-1]):
                for out in outputs:
                    out.zero_()  # sums over no radial values or no features
                return
            for out, result in zip(outputs, self.results(name, lists, inputs), strict=True):
                out.copy_(result)

    def plain_value(self, vectors: torch.Tensor, radial: torch.Tensor, features: torch.Tensor, *lists: Any) -> torch.Tensor:
        """The operator `value` in operators of PyTorch, for programs that are to hold no others."""
        return self.results("value", lists, (vectors, radial, features))[0]

    def plain_vjp(
        self, vectors: torch.Tensor, radial: torch.Tensor, features: torch.Tensor, ybar: torch.Tensor, *rest: Any
    ) -> Tensors:
        """The operator `vjp` likewise; `rest` are the lists, and which gradients are wanted."""
        *lists, by_pairs, by_features = rest
        found = self.results("vjp", tuple(lists), (vectors, radial, features, ybar))
        wanted = (by_pairs, by_pairs, by_features)
        return tuple(each if keep else each.new_empty(0) for each, keep in zip(found, wanted, strict=True))

    def results(self, name: str, lists: Lists, inputs: Sequence[torch.Tensor]) -> Tensors:
        """What one of `FUNCTIONS` gives, in operators of PyTorch that can be traced; lists are trusted."""
        vectors, radial, features, *rest = inputs
        pairs = _Pairs(lists, self._harmonics, vectors.T, self.moments_shape(radial, features, lists))
        messages = (_Mixed if self._form == "mixed" else _Outer)(lists, radial, features)
        made: Tensors = getattr(self, f"_{name}")(pairs, messages, *rest)
        return made

    def _value(self, pairs: _Pairs, messages: _Messages) -> Tensors:
        return (pairs.sums(pairs.angular(), messages.made()).reshape(pairs.shape),)

    def _vjp(self, pairs: _Pairs, messages: _Messages, ybar: torch.Tensor) -> Tensors:
        angular = pairs.angular()
        ybar = pairs.by_harmonics(ybar)
        bar = pairs.spread(angular, ybar)
        by_vectors = pairs.by_vectors(ybar, messages.made())
        return by_vectors, messages.by_radial(bar), messages.by_features(bar)

    def _vjp_rows(self, pairs: _Pairs, messages: _Messages, ybar: torch.Tensor) -> Tensors:
        ybar = pairs.by_harmonics(ybar)
        bar = pairs.spread(pairs.angular(), ybar)
        return pairs.by_vectors(ybar, messages.made()), messages.by_radial(bar)

    def _vjp_columns(self, pairs: _Pairs, messages: _Messages, ybar: torch.Tensor) -> Tensors:
        return (messages.by_features(pairs.spread(pairs.angular(), pairs.by_harmonics(ybar))),)

    def _jvp(
        self,
        pairs: _Pairs,
        messages: _Messages,
        u_vectors: torch.Tensor,
        u_radial: torch.Tensor,
        u_features: torch.Tensor,
    ) -> Tensors:
        return (self._along(pairs, messages, u_vectors, messages.along(u_radial, u_features)),)

    def _second_rows(
        self,
        pairs: _Pairs,
        messages: _Messages,
        ybar: torch.Tensor,
        u_vectors: torch.Tensor,
        u_radial: torch.Tensor,
        u_features: torch.Tensor,
    ) -> Tensors:
        """Gradients of <ybar, change of the moments along u>, in which the messages and their change stand apart."""
        change = messages.along(u_radial, u_features)
        by_ybar = self._along(pairs, messages, u_vectors, change)
        ybar = pairs.by_harmonics(ybar)
        by_vectors = pairs.by_vectors(ybar, messages.made(), u_vectors, change)
        by_radial = messages.with_features(u_features).by_radial(pairs.spread(pairs.angular(), ybar))
        turned = pairs.angular_along(u_vectors)
        if turned is not None:
            by_radial = by_radial + messages.by_radial(pairs.spread(turned, ybar))
        return by_vectors, by_radial, by_ybar

    def _second_columns(
        self,
        pairs: _Pairs,
        messages: _Messages,
        ybar: torch.Tensor,
        u_vectors: torch.Tensor,
        u_radial: torch.Tensor,
        u_features: torch.Tensor,
    ) -> Tensors:
        ybar = pairs.by_harmonics(ybar)
        by_features = messages.with_radial(u_radial).by_features(pairs.spread(pairs.angular(), ybar))
        turned = pairs.angular_along(u_vectors)
        if turned is not None:
            by_features = by_features + messages.by_features(pairs.spread(turned, ybar))
        return (by_features,)

    def _along(self, pairs: _Pairs, messages: _Messages, u_vectors: torch.Tensor, change: torch.Tensor) -> torch.Tensor:
        """The change of the moments, given that of the messages."""
        sums = pairs.sums(pairs.angular(), change)
        turned = pairs.angular_along(u_vectors)
        return (sums if turned is None else sums + pairs.sums(turned, messages.made())).reshape(pairs.shape)


@dataclass(frozen=True)
class _Pairs:
    """E[i, c, w] = Σ_p T[c, p] m[p, w] for messages m, and the adjoints of that map; without directions c is one.

    Attributes:
        lists: as in `Neighbours`.
        harmonics: the module that gives T, or None.
        vectors: (3, pairs).
        shape: of the moments.
    """

    lists: Lists
    harmonics: Any
    vectors: torch.Tensor
    shape: tuple[int, ...]

    def angular(self) -> torch.Tensor | None:
        """T, (harmonics, pairs)."""
        return None if self.harmonics is None else self.harmonics.harmonics(self.vectors)

    def angular_along(self, u: torch.Tensor) -> torch.Tensor | None:
        """The change of T along u (pairs, 3)."""
        return None if self.harmonics is None else self.harmonics.harmonics_jvp(self.vectors, u.T)

    def by_harmonics(self, ybar: torch.Tensor) -> torch.Tensor:
        """(atoms, harmonics, w)."""
        return ybar.flatten(1)[:, None] if self.harmonics is None else ybar.flatten(2)

    def sums(self, angular: torch.Tensor | None, messages: torch.Tensor) -> torch.Tensor:
        """(atoms, harmonics, w) of messages (pairs, w)."""
        pointer = self.lists[0]
        pairs = messages.shape[0]
        own = torch.arange(pairs, device=pointer.device)
        if angular is None:
            return _sums(messages, own, pointer)
        count = angular.shape[0]
        starts = pairs * torch.arange(count, device=pointer.device)
        pointers = torch.cat([(starts[:, None] + pointer[:-1]).flatten(), pointer.new_full((1,), count * pairs)])
        rows = _sums(messages, own.repeat(count), pointers, angular.flatten())
        return rows.unflatten(0, (count, pointer.shape[0] - 1)).transpose(0, 1)

    def spread(self, angular: torch.Tensor | None, ybar: torch.Tensor) -> torch.Tensor:
        """(pairs, w): Σ_c T[c, p] ybar[i_p, c, w]."""
        receivers = self.lists[2]
        if angular is None:
            return ybar[:, 0].index_select(0, receivers)
        return _mixture(ybar, receivers, angular.T)

    def by_vectors(
        self,
        ybar: torch.Tensor,
        messages: torch.Tensor,
        u: torch.Tensor | None = None,
        change: torch.Tensor | None = None,
    ) -> torch.Tensor:
        """(pairs, 3): the gradient of <ybar, E>, or with u and the change of the messages that of its change."""
        if self.harmonics is None:
            return self.vectors.T
        bar = self._products(ybar, messages)
        if u is None or change is None:
            return self.harmonics.harmonics_vjp(self.vectors, bar).T  # type: ignore[no-any-return]
        gradient: torch.Tensor = self.harmonics.harmonics_second(self.vectors, u.T, bar, self._products(ybar, change))
        return gradient.T

    def _products(self, ybar: torch.Tensor, messages: torch.Tensor) -> torch.Tensor:
        """(harmonics, pairs): Σ_w ybar[i_p, c, w] m[p, w], one harmonic after the other to save memory."""
        receivers = self.lists[2]
        return torch.stack([(ybar[:, c].index_select(0, receivers) * messages).sum(-1) for c in range(ybar.shape[1])])


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

    def along(self, u_radial: torch.Tensor, u_features: torch.Tensor) -> torch.Tensor:
        """Their change along u."""
        return self.with_radial(u_radial).made() + self.with_features(u_features).made()

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
        index = self.lists[1]
        columns = [(bar * self.features[:, n].index_select(0, index)).sum(-1) for n in range(self.features.shape[1])]
        return torch.stack(columns, -1)

    def by_features(self, bar: torch.Tensor) -> torch.Tensor:
        pointer, order = self.lists[3:]
        radial = self.radial.index_select(0, order)
        sums = [_sums(bar, order, pointer, radial[:, n].contiguous()) for n in range(radial.shape[1])]
        return torch.stack(sums, 1)


class _Outer(_Messages):
    """m[p, (nu, f)] = s[p, nu] z[j, f]."""

    def made(self) -> torch.Tensor:
        return (self.radial[:, :, None] * self._read()).flatten(1)

    def by_radial(self, bar: torch.Tensor) -> torch.Tensor:
        return (self._by_radius(bar) * self._read()).sum(-1)

    def by_features(self, bar: torch.Tensor) -> torch.Tensor:
        pointer, order = self.lists[3:]
        return _sums((self._by_radius(bar) * self.radial[:, :, None]).sum(1), order, pointer)

    def _read(self) -> torch.Tensor:
        return self.features.index_select(0, self.lists[1])[:, None]

    def _by_radius(self, bar: torch.Tensor) -> torch.Tensor:
        return bar.unflatten(1, (self.radial.shape[1], self.features.shape[1]))


def _sums(
    rows: torch.Tensor, order: torch.Tensor, pointer: torch.Tensor, weights: torch.Tensor | None = None
) -> torch.Tensor:
    """Σ_k weights[k] rows[order[k]] over k = pointer[b] ... pointer[b + 1] - 1, for every b, in that order.

    PyTorch's embedding bag adds one term after the other on every device, and stores no term.
    """
    return torch.nn.functional.embedding_bag(
        order, rows, pointer, mode="sum", per_sample_weights=weights, include_last_offset=True
    )


def _mixture(rows: torch.Tensor, owners: torch.Tensor, weights: torch.Tensor) -> torch.Tensor:
    """Σ_k weights[p, k] rows[owners[p], k, w], (pairs, w)."""
    count = rows.shape[1]
    places = owners[:, None] * count + torch.arange(count, device=owners.device)
    return torch.nn.functional.embedding_bag(
        places, rows.flatten(0, 1), mode="sum", per_sample_weights=weights.contiguous()
    )


def _complaint(lists: Lists) -> int | None:
    """What is wrong with lists that were altered, as a key of `lists_error`; one wait for the device."""
    rows, index, receivers, columns, column_pairs = lists
    pairs = torch.arange(index.shape[0], device=index.device)
    by_source = index.index_select(0, column_pairs.clamp(0, max(index.shape[0] - 1, 0)))
    wrong = torch.stack(
        [
            _falls(rows, index.shape[0]) | _falls(columns, index.shape[0]) | _elsewhere(rows, receivers, pairs),
            ((index < 0) | (index >= columns.shape[0] - 1)).any(),
            _elsewhere(columns, by_source, pairs) | ((column_pairs < 0) | (column_pairs >= index.shape[0])).any(),
        ]
    ).tolist()
    return wrong.index(True) + 1 if any(wrong) else None


def _falls(pointer: torch.Tensor, pairs: int) -> torch.Tensor:
    """Whether a pointer does not rise from 0 to the number of pairs."""
    return (pointer.diff() < 0).any() | (pointer[0] != 0) | (pointer[-1] != pairs)


def _elsewhere(pointer: torch.Tensor, owners: torch.Tensor, places: torch.Tensor) -> torch.Tensor:
    """Whether a place is not among those of its owner."""
    if pointer.shape[0] < 2:
        return (owners >= 0).any()
    owner = owners.clamp(0, pointer.shape[0] - 2)
    inside = (pointer.index_select(0, owner) <= places) & (places < pointer.index_select(0, owner + 1))
    return ~(inside & (owner == owners)).all()
