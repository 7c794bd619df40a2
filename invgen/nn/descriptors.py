"""Bases for networks by name: hippynn's list, or any selection of invgen."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from invgen.basis.basis import Basis
from invgen.basis.generation import OFFERED, generate
from invgen.checks import integer, one_of
from invgen.errors import DegreeError, InputError
from invgen.spaces.space import TensorSpace

_NAMES: Final = "svqt"
_LIST: Final = (
    "s",
    "i,i v,v",
    "ij,ij q,q",
    "ij,ik,jk q,q,q",
    "ijk,ijk t,t",
    "ijk,ijl,abk,abl t,t,t,t",
    "i,ij,j v,q,v",
    "i,ij,jk,k v,q,q,v",
    "i,j,k,ijk v,v,v,t",
    "i,ijk,jkl,l v,t,t,v",
    "ij,jkl,ikl q,t,t",
    "ij,jk,ilm,klm q,q,t,t",
    "ij,ijk,kab,ab q,t,t,q",
)
HIPPYNN: Final = "hippynn"
DESCRIPTORS: Final = (HIPPYNN, *OFFERED)


def moment_basis(l_max: int, n_max: int, select: str = HIPPYNN, convention: str | None = None) -> Basis:
    """The invariants of one moment of each rank 0 ... l_max, of natural parity, up to degree n_max.

    Args:
        l_max: the highest rank.
        n_max: the highest degree; in a network, 1 less than the body order of one layer.
        select: "hippynn" for the list of HIP-HOP-NN as hippynn evaluates it (l_max <= 3, n_max <= 4), otherwise a
            selection of `invgen.generate`.
        convention: "hippynn" by default for hippynn's list, otherwise "sphericart".

    Raises:
        InputError: the list ends before that, or an argument is not allowed.
    """
    one_of("select", select, DESCRIPTORS)
    return _made(integer("l_max", l_max, 0), integer("n_max", n_max, 1), select, convention)


@lru_cache(maxsize=32)
def _made(l_max: int, n_max: int, select: str, convention: str | None) -> Basis:
    if select != HIPPYNN:
        try:
            return generate(natural_space(l_max), n_max, select=select, convention=convention)
        except DegreeError as error:
            raise InputError(error.called("n_max")) from None
    if l_max > 3 or n_max > 4:
        raise InputError(
            f"hippynn's list ends at l_max = 3 and n_max = 4, got l_max = {l_max} and n_max = {n_max}; "
            "use another selection, such as select='independent'"
        )
    names = _NAMES[: l_max + 1]
    factors = [line.split()[-1].split(",") for line in _LIST]
    members = [line for line, f in zip(_LIST, factors, strict=True) if len(f) <= n_max and set(f) <= set(names)]
    space = TensorSpace(" + ".join(f"{name}:{l}{'eo'[l % 2]}" for l, name in enumerate(names)))
    return Basis.from_contractions(members, space, convention=convention or HIPPYNN)


def natural_space(l_max: int) -> TensorSpace:
    """One tensor of each rank 0 ... l_max with the parity of a moment: "0e + 1o + 2e + ..."."""
    return TensorSpace(" + ".join(f"{l}{'eo'[l % 2]}" for l in range(l_max + 1)))
