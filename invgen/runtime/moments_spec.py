"""What the runtime must know about a kernel of moments, as plain strings and numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

from invgen.runtime.spec import KernelSpec

MOMENTS_FORMS: Final = ("mixed", "full", "environment")


@dataclass(frozen=True)
class MomentsSpec:
    """What `invgen.runtime.build_moments` must know.

    Attributes:
        kernel: source, name, dtype and target; `kernel.count` is the number of harmonics.
        form: one of `MOMENTS_FORMS`.
    """

    family: ClassVar[str] = "moments"

    kernel: KernelSpec
    form: str
