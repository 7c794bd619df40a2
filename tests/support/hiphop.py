"""hippynn's 13 invariants in the order of its layer, on named tensors."""

from __future__ import annotations

from invgen import TensorSpace

SPACE = TensorSpace("s:0e + v:1o + q:2e + t:3o")
HIPPYNN = (
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


def up_to(n_max: int, l_max: int) -> list[str]:
    """Those of degree n_max and rank l_max at most."""
    names = SPACE.names[: l_max + 1]
    factors = [line.split()[-1].split(",") for line in HIPPYNN]
    return [line for line, f in zip(HIPPYNN, factors) if len(f) <= n_max and set(f) <= set(names)]
