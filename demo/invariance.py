"""What a rotation or reflection may change of an invariant: rounding, and how much rounding that is.

Of a contraction without loops, |I(T_1, ..., T_n)| is at most the product of the Frobenius norms of its tensors
(Cauchy-Schwarz, edge by edge). I is linear in each of them, so tensors that are off by δ_k change it by at most
the sum over k of δ_k times the norms of the others. With that, for unit roundoff u of the kernel's arithmetic,

    |I(moved) - I(original)| <= 2 (n u + e) N  +  sum_k δ_k prod_{m != k} (norm_m + δ_m)  +  underflow

* n u N: the n tensors are rounded to the kernel's dtype, N is the product of their norms plus δ;
* e N: the kernel's own error, `KERNEL_ERROR`; both appear twice, for the original and for the moved molecule;
* δ_k = 2^10 · 2^-53 times the sum over neighbours of s_ν(r) |Y_l|, the norm before anything cancels: positions of some
  3 Å are rotated with a few roundings of 2^-53 each, and the steepest radial function changes by a factor e within
  0.03 Å. A symmetric neighbourhood has tensors that vanish but for this, and then it is all that is left;
* underflow: the smallest normal number, since what is below it keeps fewer digits.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from neighbourhoods import Floats

from invgen import Basis
from invgen.testing import harmonic_components, random_rotation

# What kernels are tested to keep, relative to the product of the Frobenius norms, against 50-digit arithmetic.
KERNEL_ERROR = {"float32": 1e-6, "float64": 2e-15}
CLEAR = 1e-3
_POSITION_ROUNDINGS = 2**10


@dataclass(frozen=True)
class Comparison:
    """How invariants and moment tensors changed under one kind of motion.

    Attributes:
        motion: "rotation" or "rotation and reflection".
        dtype: of the kernel.
        absolute: the largest change of an invariant.
        relative: for each member the largest change relative to the product of the Frobenius norms, over the
            neighbourhoods whose tensors keep more than `CLEAR` of their norm in the sum over neighbours.
        share: the largest change as a part of what rounding may change; at most 1 if the invariants are invariant.
        compared: how many pairs of numbers were compared.
        tensors: for each tensor the median of |moved - original| / |original| over the same neighbourhoods.
    """

    motion: str
    dtype: str
    absolute: float
    relative: tuple[float, ...]
    share: float
    compared: int
    tensors: tuple[float, ...]


def random_motions(count: int, reflect: bool, seed: int) -> Floats:
    """Random orthogonal matrices (count, 3, 3), of determinant -1 if `reflect`."""
    generator = np.random.default_rng(seed)
    return np.stack([random_rotation(generator, reflect) for _ in range(count)])


def frobenius_norms(basis: Basis, x: Floats) -> Floats:
    """The Frobenius norm of every tensor of the space: (samples, dimension) -> (samples, tensors)."""
    letters = "abcdefghijklmnopqrstuvwxyz"
    lines = [
        (f"{letters[: t.l]},{letters[: t.l]}", (t.name, t.name)) if t.l else ("", (t.name,))
        for t in basis.space.tensors
    ]
    values = Basis.from_contractions(lines, basis.space, basis.convention).evaluate(x)
    scalar = np.array([t.l == 0 for t in basis.space.tensors])
    norms: Floats = np.where(scalar, np.abs(values), np.sqrt(np.abs(values)))
    return norms


def uncancelled_norms(basis: Basis, x: Floats) -> Floats:
    """The sum over neighbours of s_ν(r) |Y_l|: (samples, dimension) -> (samples, tensors).

    The space's first tensor is its scalar: radial functions are positive, so nothing cancels there.
    """
    pole = np.array([[0.0, 0.0, 1.0]])
    tensors = basis.space.tensors
    unit = np.concatenate([harmonic_components(t.l, pole, basis.convention) for t in tensors], axis=-1)
    weights = np.abs(x[:, :1] / unit[:, :1])
    norms: Floats = weights * frobenius_norms(basis, unit)
    return norms


def member_products(basis: Basis, factors: Floats) -> Floats:
    """For each member the product of its tensors' factors: (samples, tensors) -> (samples, K)."""
    places = [[basis.space.index(name) for name in member.tensors] for member in basis]
    return np.stack([np.prod(factors[:, p], axis=1) for p in places], axis=1)


def allowed_change(basis: Basis, x: Floats, dtype: str) -> Floats:
    """The bound of the module's docstring: (samples, dimension) -> (samples, K)."""
    norms, noise = frobenius_norms(basis, x), _POSITION_ROUNDINGS * 2.0**-53 * uncancelled_norms(basis, x)
    info = np.finfo(dtype)
    bounds = []
    for member in basis:
        places = [basis.space.index(name) for name in member.tensors]
        product = np.prod((norms + noise)[:, places], axis=1)
        moved = np.zeros(len(x))
        for k, place in enumerate(places):
            before = np.prod(norms[:, places[:k]], axis=1)
            after = np.prod((norms + noise)[:, places[k + 1 :]], axis=1)
            moved += before * noise[:, place] * after
        rounding = 2 * (member.degree * float(info.eps) / 2 + KERNEL_ERROR[dtype]) * product
        bounds.append(rounding + moved + float(info.tiny))
    return np.stack(bounds, axis=1)


def compare(
    basis: Basis, value: Callable[[Floats], Floats], original: Floats, moved: Floats, motion: str, dtype: str
) -> Comparison:
    """Compare the invariants of moved neighbourhoods with those of the original ones.

    Args:
        basis: what `value` computes.
        value: (samples, dimension, channel) -> (samples, K, channel), in the arithmetic of `dtype`.
        original: moment tensors (samples, dimension, channel).
        moved: those of the same neighbourhoods after the motion.
        motion: its name.
        dtype: "float32" or "float64".
    """
    change = samples(np.abs(value(moved) - value(original)))
    before, after = samples(original), samples(moved)
    filled = before.any(axis=1)  # channels of elements that are not there are zero on both sides
    change, before, after = change[filled], before[filled], after[filled]
    norms = frobenius_norms(basis, before)
    clear = norms > CLEAR * uncancelled_norms(basis, before)
    # A member counts where all its tensors do and where the product is a normal number.
    product = member_products(basis, np.where(clear, norms, 0.0))
    normal = product > np.finfo(dtype).tiny
    relative = np.divide(change, product, out=np.zeros_like(change), where=normal)
    turned = []
    for place, where in enumerate(basis.space.slices):
        one = clear[:, place]
        difference = np.linalg.norm((after - before)[one, where], axis=1)
        turned.append(float(np.median(difference / np.linalg.norm(before[one, where], axis=1))))
    return Comparison(
        motion=motion,
        dtype=dtype,
        absolute=float(change.max()),
        relative=tuple(float(r) for r in relative.max(axis=0)),
        share=float((change / allowed_change(basis, before, dtype)).max()),
        compared=change.size,
        tensors=tuple(turned),
    )


def samples(x: Floats) -> Floats:
    """(atoms, component, channel) -> (atoms · channel, component)."""
    return np.ascontiguousarray(np.moveaxis(x, 1, 2)).reshape(-1, x.shape[1])
