"""Which emitter writes which family for which target: the one table that drivers and packages read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from invgen.checks import one_of
from invgen.emit import (
    c,
    convolution,
    convolution_cuda,
    convolution_pytorch,
    cuda,
    moments,
    moments_cuda,
    moments_pytorch,
    pytorch,
    weighted,
    weighted_cuda,
    weighted_pytorch,
)
from invgen.emit.header import Header
from invgen.ir import Program
from invgen.runtime.targets import TARGETS, TEXTS

Render = Callable[[Any, str, Header, str], str]
"""(what is computed, dtype by name, header, what float32 accumulates in or "") -> the source."""


@dataclass(frozen=True)
class Harmonics:
    """What the emitters of moments take.

    Attributes:
        form: one of `runtime.MOMENTS_FORMS`.
        program: the harmonics of a vector; None for the form "environment".
        solid: whether they take the vector itself in place of its direction.
    """

    form: str
    program: Program | None
    solid: bool


def _programs(render: Callable[[Any, str, Header], str]) -> Render:
    return lambda programs, dtype, header, wider: render(programs, dtype, header)


def _one_for_all_dtypes(render: Callable[[Any, Header], str]) -> Render:
    return lambda programs, dtype, header, wider: render(programs, header)


def _harmonics(render: Callable[[str, Program | None, bool, str, Header], str]) -> Render:
    return lambda given, dtype, header, wider: render(given.form, given.program, given.solid, dtype, header)


EMITTERS: Final[Mapping[str, Mapping[str, Render]]] = {
    "invariants": {
        "c": c.render,
        "cuda": _programs(cuda.render),
        "torch": _one_for_all_dtypes(pytorch.render),
        "hip": _programs(lambda programs, dtype, header: cuda.render(programs, dtype, header, cuda.HIP)),
    },
    "weighted": {
        "c": _programs(weighted.render),
        "cuda": _programs(weighted_cuda.render),
        "torch": _one_for_all_dtypes(weighted_pytorch.render),
    },
    "gathered": {
        "c": _programs(weighted.render),
        "cuda": _programs(weighted_cuda.render),
        "torch": _one_for_all_dtypes(weighted_pytorch.render),
    },
    "moments": {
        "c": _harmonics(moments.render),
        "cuda": _harmonics(moments_cuda.render),
        "torch": _harmonics(moments_pytorch.render),
    },
    "convolution": {
        "c": _programs(convolution.render),
        "cuda": _programs(convolution_cuda.render),
        "torch": _programs(convolution_pytorch.render),
    },
    "tabulated": {
        "c": _programs(convolution.render),
        "torch": _programs(convolution_pytorch.render),
    },
}
"""Family -> target -> emitter; the content is `KernelPrograms`, `WeightedPrograms`, `GatheredPrograms`, `Harmonics` or,
for the last two, `Convolution`."""


def targets_of(family: str) -> tuple[str, ...]:
    """The targets that kernels of a family are built for, in the order of the table of targets."""
    return tuple(name for name in TARGETS if name in EMITTERS[family])


def check_rendered(family: str, target: str) -> str:
    """A target that a family has a text for, built or not.

    Raises:
        InputError: if it has none.
    """
    return one_of("target", target, (name for name in (*TARGETS, *TEXTS) if name in EMITTERS[family]))
