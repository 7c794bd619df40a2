"""Which irreps every layer of an equivariant network reads, sums and gives: what parities and ranks allow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from invgen.checks import integer, one_of
from invgen.compiler.convolution import HIGHEST_COUPLED
from invgen.errors import InputError
from invgen.nn.irrep_rows import IrrepRows, in_order, rows_of, text_of
from invgen.spaces import outputs as covariants
from invgen.spaces.space import TensorSpace

PRODUCT: Final = "product"
GATE: Final = "gate"
NONLINEARITIES: Final = (PRODUCT, GATE)

Irreps = tuple[IrrepRows, ...]


@dataclass(frozen=True)
class LayerPlan:
    """The irreps of one layer, by rank, even before odd, each once.

    Attributes:
        inputs: of the features that it reads.
        sums: of the sums over neighbours.
        outputs: of the features that it gives.
    """

    inputs: Irreps
    sums: Irreps
    outputs: Irreps


@dataclass(frozen=True)
class Design:
    """What `EquivariantNetwork` was asked for, checked.

    Attributes:
        messages: the irreps of the features between layers.
        last: those of the last layer.
        correlation: the degree of the product.
        l_max: the highest rank of the harmonics.
        layers: how many.
        nonlinearity: "product" or "gate".

    Raises:
        InputError: something is not allowed.
    """

    messages: str
    last: str
    correlation: int
    l_max: int
    layers: int
    nonlinearity: str

    def __post_init__(self) -> None:
        integer("correlation", self.correlation, 1)
        integer("l_max", self.l_max, 0, HIGHEST_COUPLED)
        integer("the number of layers", self.layers, 1)
        one_of("nonlinearity", self.nonlinearity, NONLINEARITIES)
        if self.nonlinearity == GATE and self.correlation != 1:
            raise InputError(
                f"a gate reads sums over neighbours once, which is correlation 1, got {self.correlation}; choose "
                "correlation=1 or nonlinearity='product'"
            )
        for what, given in (("messages", self.messages), ("the irreps of the last layer", self.last)):
            found = rows_of(what, given, 1)
            if "0e" not in {each.irrep for each in found}:
                raise InputError(f"{what} hold 0e, which energies are made of, got {given!r}: add 0e")
            high = [each.irrep for each in found if each.l > HIGHEST_COUPLED]
            if high:
                raise InputError(f"{what} have ranks up to {HIGHEST_COUPLED}, got {high[0]} in {given!r}")

    def plan(self) -> tuple[LayerPlan, ...]:
        """The irreps of every layer; those that a layer cannot make yet are made by later ones.

        Raises:
            InputError: irreps that no layer can make.
        """
        between, last = in_order(rows_of("messages", self.messages)), in_order(rows_of("the last layer", self.last))
        features: Irreps = (IrrepRows(0, 1),)
        found: list[LayerPlan] = []
        for number in range(self.layers):
            wanted = last if number == self.layers - 1 else between
            found.append(self._layer(features, wanted))
            features = found[-1].outputs
        _check_reached("messages", between, found[:-1], self.l_max)
        _check_reached("the last layer", last, found[-1:], self.l_max)
        return tuple(found)

    def _layer(self, features: Irreps, wanted: Irreps) -> LayerPlan:
        if self.correlation == 1:
            reached = tuple(each for each in wanted if _couple(features, self.l_max, each))
            return LayerPlan(features, reached, reached)
        natural = {IrrepRows(l, (-1) ** l) for l in range(self.l_max + 1)}
        sums = tuple(each for each in in_order((*natural.union(wanted),)) if _couple(features, self.l_max, each))
        space = TensorSpace(text_of(sums))
        reached = tuple(each for each in wanted if any(covariants.series(space, each.irrep, self.correlation)[1:]))
        return LayerPlan(features, sums, reached)


def _couple(features: Irreps, l_max: int, to: IrrepRows) -> bool:
    """Whether a path leads from the features and harmonics of parity (-1)^l to an irrep."""
    return any(
        each.parity * (-1) ** l == to.parity and abs(each.l - l) <= to.l <= each.l + l
        for each in features
        for l in range(l_max + 1)
    )


def _check_reached(what: str, wanted: Irreps, layers: list[LayerPlan], l_max: int) -> None:
    if not layers:
        return
    made = {each for layer in layers for each in layer.outputs}
    missing = [each.irrep for each in wanted if each not in made]
    if missing:
        raise InputError(
            f"{what}: no layer can make {missing[0]} from scalars and harmonics up to l_max = {l_max}, whose parity "
            "is (-1)^l; leave it out, raise l_max, or add layers and irreps that lead to it"
        )
