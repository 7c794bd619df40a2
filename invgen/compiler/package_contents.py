"""What a package of each family holds beside the sources of its kernels and its manifest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from invgen.basis import file as basis_file
from invgen.basis.basis import Basis
from invgen.compiler import convolution, invariants, moments, weighted
from invgen.compiler.cards import CardWords, card_of
from invgen.compiler.job import Job
from invgen.emit import templating
from invgen.emit.version import CODEGEN_VERSION
from invgen.reduction.registry import SELECTIONS
from invgen.runtime.cards import CARD
from invgen.spaces.outputs import SCALAR, noun
from invgen.stages import Progress

TEMPLATE = "package/__init__.py.j2"
WEIGHTED_TEMPLATE = "package/weighted.py.j2"
MOMENTS_TEMPLATE = "package/moments.py.j2"
CONVOLUTION_TEMPLATE = "package/convolution.py.j2"


@dataclass(frozen=True)
class Contents:
    """What a package holds.

    Attributes:
        job: what its kernels compute.
        texts: its files beside sources and manifest.
        fields: what the manifest says beyond what it says of every kernel.
    """

    job: Job
    texts: Mapping[str, str]
    fields: Mapping[str, Any]


@dataclass(frozen=True)
class PackageSource:
    """The fields of `package/__init__.py.j2`."""

    name: str
    count: int
    members: str
    space: str
    group: str
    convention: str
    selection: str
    rank: int
    target: int
    basis_id: str
    dimension: int
    codegen_version: int


@dataclass(frozen=True)
class WeightedPackageSource:
    """The fields of `package/weighted.py.j2`."""

    name: str
    members: str
    space: str
    group: str
    convention: str
    weights: int
    species: int
    basis_id: str
    dimension: int
    count: int
    codegen_version: int


@dataclass(frozen=True)
class MomentsPackageSource:
    """The fields of `package/moments.py.j2`."""

    name: str
    form: str
    count: int
    convention: str
    harmonics: str
    codegen_version: int


@dataclass(frozen=True)
class ConvolutionPackageSource:
    """The fields of `package/convolution.py.j2`."""

    name: str
    irreps: str
    outputs: str
    paths: int
    convention: str
    harmonics: str
    codegen_version: int


def of_invariants(
    basis: Basis, name: str, progress: Progress | None = None, words: CardWords | None = None
) -> Contents:
    """A basis, with its certificate, and its card where there are words for one."""
    texts = {
        "__init__.py": templating.render(TEMPLATE, _package_source(basis, name)),
        "basis.json": basis_file.dumps(basis),
    }
    if words is not None:
        texts[CARD] = card_of(basis, name, words).dumps()
    fields = {"components": list(basis.components), "invariants": list(basis.output_names)}
    return Contents(invariants.job_of(basis, name, progress), texts, fields)


def of_weighted(bases: tuple[Basis, ...], species: int, name: str, progress: Progress | None) -> Contents:
    """Weighted contractions, with their bases."""
    job = weighted.job_of(bases, name, progress)
    outputs = weighted.outputs_of(bases)
    source = WeightedPackageSource(
        name=name,
        members=" and ".join(f"{len(each)} {noun(each.outputs, len(each))}" for each in bases),
        space=str(bases[0].space),
        group=bases[0].space.group,
        convention=bases[0].convention,
        weights=job.content.weights,
        species=species,
        basis_id=job.header.basis_id,
        dimension=job.dimension,
        count=job.count,
        codegen_version=CODEGEN_VERSION,
    )
    texts = {"__init__.py": templating.render(WEIGHTED_TEMPLATE, source)}
    texts |= {f"basis_{number}.json": basis_file.dumps(each) for number, each in enumerate(bases)}
    fields = {
        "components": list(bases[0].components),
        "species": species,
        "weights": job.content.weights,
        "outputs": [list(each) for each in outputs],
    }
    return Contents(job, texts, fields)


def of_moments(
    l_max: int | None, form: str, convention: str, angular: str, name: str, progress: Progress | None
) -> Contents:
    """Moments; the arguments are those of `compile_moments`."""
    job = moments.job_of(l_max, form, convention, angular, name, progress)
    source = MomentsPackageSource(
        name=name,
        form=form,
        count=job.count,
        convention=job.header.convention,
        harmonics="absent" if l_max is None else f"of rank 0 to {l_max}, {moments.ANGULAR_WORDS[angular]}",
        codegen_version=CODEGEN_VERSION,
    )
    return Contents(job, {"__init__.py": templating.render(MOMENTS_TEMPLATE, source)}, {"form": form})


def of_convolution(
    irreps_in: str,
    l_max: int | None,
    irreps_out: str | None,
    options: Mapping[str, Any],
    name: str,
    progress: Progress | None = None,
) -> Contents:
    """A convolution; the arguments are those of `compile_convolution`, of which `options` are those by name alone."""
    job = convolution.job_of(irreps_in, l_max, irreps_out, **options, name=name, progress=progress)
    known = convolution.described(job.content)
    source = ConvolutionPackageSource(
        name=name,
        irreps=known["irreps"],
        outputs=" + ".join(f"{copies}x{irrep}" for irrep, copies in known["outputs"]),
        paths=len(known["couplings"]),
        convention=job.header.convention,
        harmonics="given" if known["angular"] == "given" else moments.ANGULAR_WORDS[known["angular"]],
        codegen_version=CODEGEN_VERSION,
    )
    fields = {**known, **{key: [list(each) for each in known[key]] for key in ("couplings", "outputs")}}
    return Contents(job, {"__init__.py": templating.render(CONVOLUTION_TEMPLATE, source)}, fields)


def _package_source(basis: Basis, name: str) -> PackageSource:
    selection = (
        "a given list" if not SELECTIONS[basis.select].offered else f"{basis.select} up to degree {basis.max_degree}"
    )
    scalars = basis.outputs == SCALAR
    return PackageSource(
        name=name,
        count=len(basis.output_names),
        members="invariants" if scalars else f"components of {len(basis)} {noun(basis.outputs, len(basis))}",
        space=str(basis.space),
        group=basis.space.group,
        convention=basis.convention,
        selection=selection,
        rank=basis.certificate.rank,
        target=basis.certificate.target,
        basis_id=basis.id,
        dimension=basis.space.dimension,
        codegen_version=CODEGEN_VERSION,
    )
