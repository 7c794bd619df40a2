"""What the drivers of all families share: from programs to the source and the spec that the runtime builds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from invgen.checks import identifier
from invgen.compiler.targets import EMITTERS, targets_of
from invgen.emit.header import Header
from invgen.errors import InputError, needs
from invgen.runtime.spec import KernelSpec
from invgen.runtime.targets import either
from invgen.stages import COMPILER, Progress, stage

if TYPE_CHECKING:
    import torch


@dataclass(frozen=True)
class Job:
    """What to compile, whichever target and dtype it is compiled for.

    Attributes:
        family: of kernels, as `compiler.targets.EMITTERS` and `runtime.families.FAMILIES` name it.
        content: what the emitters of the family take.
        header: the name of the kernel, its basis and its convention.
        dimension: the number of components of x.
        count: the number of rows of y.
        without: built targets of the family that have no kernel of this content.
    """

    family: str
    content: Any
    header: Header
    dimension: int
    count: int
    without: tuple[str, ...] = ()

    @property
    def targets(self) -> tuple[str, ...]:
        """The targets that it can be built for."""
        return tuple(name for name in targets_of(self.family) if name not in self.without)

    def source(self, target: str, dtype: str, wider: str = "") -> str:
        """The text for a target and a dtype by name, accumulated in `wider` where that is not empty.

        Raises:
            InputError: the family has no such target, or the target no kernel of this content.
        """
        if target not in EMITTERS[self.family]:
            built = either(targets_of(self.family))
            raise InputError(f"kernels of {self.family} are built for target {built}, got {target!r}")
        return EMITTERS[self.family][target](self.content, dtype, self.header, wider)

    def spec(self, target: str, dtype: str, wider: str = "", progress: Progress | None = None) -> KernelSpec:
        """What the runtime must know of a kernel, with its source.

        Raises:
            InputError: as `source`.
        """
        with stage(COMPILER, "emit", progress):
            source = self.source(target, dtype, wider)
        return KernelSpec(
            name=self.header.name,
            basis_id=self.header.basis_id,
            convention=self.header.convention,
            dimension=self.dimension,
            count=self.count,
            dtype=dtype,
            target=target,
            source=source,
            codegen_version=str(self.header.codegen_version),
            accumulate=wider,
        )


def header(name: str, basis_id: str, convention: str) -> Header:
    """What sources say of themselves.

    Raises:
        InputError: a kernel cannot have this name.
    """
    return Header(identifier("a kernel", name), basis_id, convention)


def dtype_name(dtype: torch.dtype | None) -> str:
    """The name of the dtype of a kernel: "float32" where the caller says nothing.

    Raises:
        InputError: kernels have no such dtype.
        MissingPackageError: PyTorch is not installed.
    """
    needs("torch")
    from invgen.runtime.arguments import dtype_name as name_of

    return "float32" if dtype is None else name_of(dtype)
