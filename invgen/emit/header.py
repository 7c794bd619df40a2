"""What generated files say about themselves."""

from __future__ import annotations

from dataclasses import dataclass

from invgen.emit.version import CODEGEN_VERSION


@dataclass(frozen=True)
class Header:
    """The lines that open a generated file; all of it is content, none of it is time or place.

    Attributes:
        name: the kernel's name.
        basis_id: content hash of the basis.
        convention: the convention of the components.
        codegen_version: version of the emitter.
    """

    name: str
    basis_id: str
    convention: str
    codegen_version: int = CODEGEN_VERSION
