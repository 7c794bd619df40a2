"""What packages of each family hold beside what every package does, and how their kernels are built."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from invgen.runtime.convolution_spec import CONVOLUTION_ANGULAR, ConvolutionSpec
from invgen.runtime.families.table import Spec
from invgen.runtime.kernel import build
from invgen.runtime.moments_spec import MOMENTS_FORMS, MomentsSpec
from invgen.runtime.spec import LAYOUTS, KernelSpec
from invgen.runtime.weighted_spec import WeightedSpec

_IRREP: Final = re.compile("[0-9]+[eo]", re.ASCII)


@dataclass(frozen=True)
class PackageKind:
    """What a package of one family holds beside what every package does.

    Attributes:
        fields: further fields of the manifest.
        spec: (kernel, fields of the manifest) -> the spec.
        build: (spec, layout, registration, prebuilt) -> the kernel.
        layouts: the layouts that its kernels have.
        complaint: a manifest -> what is wrong with its further fields, in words; empty if nothing is.
    """

    fields: Mapping[str, type]
    spec: Callable[[KernelSpec, Mapping[str, Any]], Spec]
    build: Callable[[Any, str, str, Path | None], Any]
    layouts: tuple[str, ...] = LAYOUTS[:1]
    complaint: Callable[[Mapping[str, Any]], str] = lambda manifest: ""


def _names_complaint(manifest: Mapping[str, Any]) -> str:
    for name, rows in (("components", manifest["dimension"]), ("invariants", manifest["count"])):
        if name in manifest and len(manifest[name]) != rows:
            return f"it names {len(manifest[name])} {name}, not {rows}"
    return ""


def _weighted_complaint(manifest: Mapping[str, Any]) -> str:
    blocks = manifest["outputs"]
    if not all(isinstance(each, list) and [*map(type, each)] == [str, int, int] for each in blocks):
        return f"outputs are lists of an irrep, members and rows, got {blocks}"
    sums = sum(members for _, members, _ in blocks), sum(rows for _, _, rows in blocks)
    if sums != (manifest["weights"], manifest["count"]):
        return f"outputs have {sums[0]} members and {sums[1]} rows, not {manifest['weights']} and {manifest['count']}"
    return _names_complaint(manifest)


def _moments_complaint(manifest: Mapping[str, Any]) -> str:
    return "" if manifest["form"] in MOMENTS_FORMS else f"moments have no form {manifest['form']!r}"


def _convolution_complaint(manifest: Mapping[str, Any]) -> str:
    paths, outputs = manifest["couplings"], manifest["outputs"]
    if manifest["angular"] not in CONVOLUTION_ANGULAR:
        return f"convolutions have no harmonics {manifest['angular']!r}"
    if not _rows_of(paths, 3) or not _rows_of(outputs, 1):
        return "couplings are lists of three irreps and a multiplicity, and outputs of an irrep and a multiplicity"
    rows = sum(copies * (2 * int(irrep[:-1]) + 1) for irrep, copies in outputs)
    if rows != manifest["count"]:
        return f"outputs have {rows} rows, not {manifest['count']}"
    return ""


def _rows_of(given: list[Any], irreps: int) -> bool:
    """Whether all are lists of so many irreps, and a number."""
    kinds = [*[str] * irreps, int]
    return all(
        isinstance(each, list) and [*map(type, each)] == kinds and all(map(_IRREP.fullmatch, each[:-1]))
        for each in given
    )


def _convolution_spec(kernel: KernelSpec, fields: Mapping[str, Any]) -> ConvolutionSpec:
    return ConvolutionSpec(
        kernel=kernel,
        angular=fields["angular"],
        coordinates=fields["coordinates"],
        irreps=fields["irreps"],
        couplings=tuple((source, harmonic, target, copies) for source, harmonic, target, copies in fields["couplings"]),
        outputs=tuple((irrep, copies) for irrep, copies in fields["outputs"]),
    )


def _weighted_spec(kernel: KernelSpec, fields: Mapping[str, Any]) -> WeightedSpec:
    outputs = tuple((irrep, members, rows) for irrep, members, rows in fields["outputs"])
    return WeightedSpec(kernel, fields["species"], fields["weights"], outputs)


# A process that loads a package of one family does not load the kernels of the others.
def _build_weighted(spec: Any, layout: str, registration: str, prebuilt: Path | None) -> Any:
    from invgen.runtime.weighted import build_weighted

    return build_weighted(spec, registration, prebuilt)


def _build_moments(spec: Any, layout: str, registration: str, prebuilt: Path | None) -> Any:
    from invgen.runtime.moments import build_moments

    return build_moments(spec, registration, prebuilt)


def _build_convolution(spec: Any, layout: str, registration: str, prebuilt: Path | None) -> Any:
    from invgen.runtime.convolution import build_convolution

    return build_convolution(spec, registration, prebuilt)


PACKAGE_KINDS: Final = {
    "invariants": PackageKind(
        {"components": list, "invariants": list},
        lambda kernel, fields: kernel,
        lambda spec, layout, registration, prebuilt: build(spec, layout, registration, prebuilt=prebuilt),
        LAYOUTS,
        _names_complaint,
    ),
    "weighted": PackageKind(
        {"components": list, "species": int, "weights": int, "outputs": list},
        _weighted_spec,
        _build_weighted,
        complaint=_weighted_complaint,
    ),
    "moments": PackageKind(
        {"form": str},
        lambda kernel, fields: MomentsSpec(kernel, fields["form"]),
        _build_moments,
        complaint=_moments_complaint,
    ),
    "convolution": PackageKind(
        {"angular": str, "coordinates": int, "irreps": str, "couplings": list, "outputs": list},
        _convolution_spec,
        _build_convolution,
        complaint=_convolution_complaint,
    ),
}
"""What packages of each family hold."""
