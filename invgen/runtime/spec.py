"""What the runtime must know about a kernel, as plain strings and numbers."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, Final

from invgen.checks import identifier, one_of
from invgen.errors import InputError
from invgen.runtime.targets import either, target_named, targets_with

DTYPES: Final = ("float32", "float64")
LAYOUTS: Final = ("channel", "plain")

_VERSION: Final = re.compile(r"[0-9A-Za-z][0-9A-Za-z.+-]*", re.ASCII)


@dataclass(frozen=True)
class KernelSpec:
    """Two specs are equal exactly when their keys are, on every machine and in every process.

    Attributes:
        name: what the user calls the kernel; an ASCII identifier, because operator names begin with it.
        basis_id: hash of the basis that the source evaluates.
        convention: convention of the components that the kernel takes.
        dimension: number of tensor components per sample and channel.
        count: number of invariants per sample and channel.
        dtype: `"float32"` or `"float64"`.
        target: `"c"`, `"cuda"` or `"torch"`: the language of `source`.
        source: the whole text, with the five functions of `docs/architecture.md`.
        codegen_version: version of what wrote the source; the cache has one folder per version.
        accumulate: what the source computes in where that is not `dtype`: `"float64"`, or empty.

    Raises:
        InputError: if a field is not of the form above.
    """

    family: ClassVar[str] = "invariants"

    name: str
    basis_id: str
    convention: str
    dimension: int
    count: int
    dtype: str
    target: str
    source: str
    codegen_version: str
    accumulate: str = ""

    def __post_init__(self) -> None:
        identifier("a kernel", self.name)
        if not _VERSION.fullmatch(self.codegen_version):
            raise InputError(
                f"{self.codegen_version!r} is not a code generation version: use letters, digits, dots, + and -"
            )
        one_of("the dtype of a kernel", self.dtype, DTYPES)
        target = target_named(self.target)
        if self.accumulate and (self.dtype != "float32" or self.accumulate not in target.wider):
            raise InputError(
                f"a kernel of dtype {self.dtype} and target {self.target!r} cannot compute in {self.accumulate!r}: "
                f"target {either(targets_with('wider'))} takes accumulate='float64' for float32; otherwise leave it out"
            )
        if self.dimension < 1 or self.count < 1:
            raise InputError(
                f"kernel {self.name!r} has {self.dimension} components, {self.count} invariants: both must be positive"
            )

    @property
    def kernel(self) -> KernelSpec:
        """Itself: what the specs of other families hold."""
        return self

    @cached_property
    def key(self) -> str:
        """SHA-256 (64 hexadecimal digits) of the canonical JSON of all fields, the source by its own hash."""
        fields: dict[str, object] = {
            "name": self.name,
            "basis_id": self.basis_id,
            "convention": self.convention,
            "dimension": self.dimension,
            "count": self.count,
            "dtype": self.dtype,
            "target": self.target,
            "source": hashlib.sha256(self.source.encode("utf-8")).hexdigest(),
            "codegen_version": self.codegen_version,
        }
        if self.accumulate:  # Keys are promises to saved programs: fields that came later count where they are used.
            fields["accumulate"] = self.accumulate
        return digest(fields)


def operator_prefix(spec: KernelSpec) -> str:
    """How the names of a kernel's operators begin: the same in every process, so that saved programs find them."""
    return f"{spec.name}_{spec.key}"


def digest(fields: dict[str, object]) -> str:
    """Equal fields give equal digests: SHA-256 of the JSON with sorted names and no white space."""
    text = json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode("ascii")).hexdigest()
