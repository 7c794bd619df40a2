"""Members chosen from a basis: which keep each other's independence, and the list that they make."""

from __future__ import annotations

from collections.abc import Sequence

from invgen.basis.basis import Basis
from invgen.reduction.proofs.certificate import Certificate
from invgen.reduction.search.jacobian_pass import JacobianPass

__all__ = ["Certificate", "chosen", "independence"]


def independence(basis: Basis) -> JacobianPass:
    """An empty pass over gradients for members of the basis, at primes and points derived from its id.

    What it keeps, in whatever order members are offered, is functionally independent. These sets are those of an
    algebraic matroid, so every order leads to as many.
    """
    return JacobianPass(basis.space, f"choice|{basis.id}")


def chosen(basis: Basis, members: Sequence[int]) -> Basis:
    """The members at these places, in this order, as a list kept as given with a certificate of its rank.

    Raises:
        InputError: there is none, one appears twice, or the basis holds covariants.
    """
    return Basis.from_contractions([basis.contractions[i] for i in members], basis.space, basis.convention)
