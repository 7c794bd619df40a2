"""From irreps to a kernel that couples features with harmonics: paths, matrices, source, and on to the runtime."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from functools import lru_cache
from math import isfinite
from typing import TYPE_CHECKING, Any, Literal, TypedDict, Unpack, overload

from invgen import checks
from invgen.compiler.convolution_knots import knots_of
from invgen.compiler.job import Job, dtype_name, header
from invgen.errors import InputError
from invgen.ir.convolution import Convolution, Knots, Route, RowBlock, blocks, convolution
from invgen.ir.tensor_products import coefficients
from invgen.runtime.convolution_spec import CONVOLUTION_ANGULAR, ConvolutionSpec, TabulatedSpec
from invgen.runtime.targets import check_target, either
from invgen.spaces import conventions
from invgen.spaces.irreps import parse_unnamed
from invgen.stages import COMPILER, Progress, stage

if TYPE_CHECKING:
    import torch

    from invgen.runtime import ConvolutionKernel, TabulatedKernel

CONVENTIONS = ("sphericart", "e3nn", "e3nn_component", "e3nn_norm")
"""Those whose components are orthonormal up to one factor for each rank, which couplings are written in."""

HIGHEST_COUPLED = 6
"""Above this rank sources are tens of thousands of lines long, and compilers take minutes."""

Path = tuple[int, int, str]
"""The number of an irrep of the features, that of an irrep of the harmonics, and the irrep of the messages."""


class Common(TypedDict, total=False):
    """What `compile_convolution` takes by name wherever weights come from; it says what each is."""

    harmonics: str | None
    paths: Sequence[Path] | None
    factors: Sequence[float] | None
    convention: str
    angular: str
    knots: int | None
    span: tuple[float, float] | None
    name: str
    progress: Progress | None


class Options(Common, total=False):
    """All that it takes by name but for dtype and target."""

    radial: str


@overload
def compile_convolution(
    irreps_in: str,
    l_max: int | None = None,
    irreps_out: str | None = None,
    *,
    radial: Literal["given"] = "given",
    dtype: torch.dtype | None = None,
    target: str = "c",
    **options: Unpack[Common],
) -> ConvolutionKernel: ...


@overload
def compile_convolution(
    irreps_in: str,
    l_max: int | None = None,
    irreps_out: str | None = None,
    *,
    radial: Literal["table"],
    dtype: torch.dtype | None = None,
    target: str = "c",
    **options: Unpack[Common],
) -> TabulatedKernel: ...


def compile_convolution(
    irreps_in: str,
    l_max: int | None = None,
    irreps_out: str | None = None,
    *,
    harmonics: str | None = None,
    paths: Sequence[Path] | None = None,
    factors: Sequence[float] | None = None,
    convention: str = conventions.DEFAULT,
    angular: str = "unit",
    radial: str = "given",
    knots: int | None = None,
    span: tuple[float, float] | None = None,
    dtype: torch.dtype | None = None,
    name: str = "convolution",
    target: str = "c",
    progress: Progress | None = None,
) -> ConvolutionKernel | TabulatedKernel:
    """A kernel of the channelwise tensor product of features with harmonics, summed over neighbours.

    `kernel(vectors, weights, features, neighbours)` gives, with pairs of receiver i coming from source j,

        out[i, m, p, c] = Σ over pairs of  w[pair, p, c] Σ_{n, k} K_p[m, n, k] x[j, n, c] Y_k(r)

    and its first two derivatives with respect to vectors, weights and features. This is the convolution of NequIP, MACE
    and their kin (Batzner et al., Nature Communications 13, 2453; "uvu" in e3nn), in which channels do not mix.

    A path p couples one irrep of the features with one rank of the harmonics to one irrep. Its coefficients are exact
    Clebsch-Gordan coefficients with orthonormal rows, Σ_{n, k} K[m, n, k] K[m', n, k] = δ_mm': e3nn's `wigner_3j`
    times sqrt(2l + 1) of the messages, up to a sign. The sign makes the first coefficient of their rational multiples
    positive. Components are those of the convention, and Y has its normalisation; K does not depend on it.

    Rows of features and results stand by irrep, then by component, then by copy, and every row has all channels: in the
    result, (rows of an irrep) viewed as (component, copies × channels) is what a linear map of that irrep reads.
    Irreps of the result stand by rank, even before odd; their copies stand as the paths do. "128x0e + 64x1o" with one
    channel and "2x0e + 1x1o" with 64 channels are the same computation.

    Args:
        irreps_in: irreps of the features with multiplicities, "0e + 1o".
        l_max: the highest rank of the harmonics, which are made from the vectors; leave it out where they are given.
        irreps_out: the irreps of the messages that are kept, "0e + 1o + 2e"; all up to the highest rank of the
            harmonics if left out. Multiplicities follow from the paths.
        harmonics: the irreps of harmonics that the caller gives in place of vectors, "0e + 1o + 2e".
        paths: (number of the features' irrep, number of the harmonics' irrep, irrep of the messages), in the order of
            the weights; all that there are if left out: by irrep of the messages, then of the features, then of the
            harmonics. Where harmonics are made inside, their numbers are their ranks.
        factors: what multiplies the coefficients of each path, as exact binary fractions; one if left out.
        convention: as of a basis; one whose components are orthonormal up to a factor: "sphericart", "e3nn",
            "e3nn_component" or "e3nn_norm".
        angular: "unit": harmonics of r / |r|; "solid": homogeneous polynomials of degree l in r.
        radial: "given": the caller gives the weights of every pair; "table": weights are cubic splines of the distance,
            and the caller gives their coefficients in place of weights, see `runtime.TabulatedKernel`. A radial network
            then runs on the knots and not on the pairs. This needs vectors and unit harmonics.
        knots: of tables, 4 to 65,536, both ends of the span among them; 256 if left out.
        span: the smallest and the largest distance of tables.
        dtype: torch.float32 (the default) or torch.float64.
        name: what profilers and exported graphs call the operators.
        target: "c" for CPU tensors, "cuda" for NVIDIA GPUs, or "torch" for any device.
        progress: as for `compile`.

    Returns:
        A callable (vectors, weights, features, neighbours) -> (receivers, rows, channels) for vectors (pairs, 3) or
        harmonics (pairs, components), weights (pairs, weights, channels) and features (sources, components, channels);
        twice differentiable in torch, with the bare kernels as methods.

    Raises:
        InputError: an argument is not one of those listed, or there is no path.
        CompilerError: no compiler was found, or it refused the source, or target "cuda" lacks something.
        CacheError: the kernel cache cannot be used.
    """
    from invgen import runtime

    spec = convolution_spec(
        irreps_in,
        l_max,
        irreps_out,
        dtype=dtype,
        target=target,
        harmonics=harmonics,
        paths=paths,
        factors=factors,
        convention=convention,
        angular=angular,
        radial=radial,
        knots=knots,
        span=span,
        name=name,
        progress=progress,
    )
    if isinstance(spec, TabulatedSpec):
        return runtime.build_tabulated(spec, progress=progress)
    return runtime.build_convolution(spec, progress=progress)


def convolution_spec(
    irreps_in: str,
    l_max: int | None = None,
    irreps_out: str | None = None,
    *,
    dtype: torch.dtype | None = None,
    target: str = "c",
    **options: Unpack[Options],
) -> ConvolutionSpec:
    """What `compile_convolution` builds, not yet built: the source is in it, and no compiler or GPU is needed.

    Raises:
        InputError: as `compile_convolution`.
    """
    real = dtype_name(dtype)
    check_target(target)
    job = job_of(irreps_in, l_max, irreps_out, **options)
    content: Convolution = job.content
    if target not in job.targets and content.knots is not None:
        raise InputError(
            f'convolutions with radial="table" are built for target {either(job.targets)}, got {target!r}: leave '
            "radial out, and give weights of every pair"
        )
    kernel = job.spec(target, real, progress=options.get("progress"))
    if content.knots is None:
        return ConvolutionSpec(kernel, **described(content))
    span = float(content.knots.first), float(content.knots.last)
    return TabulatedSpec(kernel, **described(content), knots=content.knots.count, span=span)


def job_of(irreps_in: str, l_max: int | None = None, irreps_out: str | None = None, **options: Unpack[Options]) -> Job:
    """A convolution as something to compile; the arguments are those of `compile_convolution`.

    Raises:
        InputError: an argument is not one of those listed there.
    """
    convention = options.get("convention", conventions.DEFAULT)
    angular = checks.one_of("angular", options.get("angular", "unit"), CONVOLUTION_ANGULAR[:2])
    if convention not in CONVENTIONS:
        raise InputError(f"the convention of a convolution is one of {', '.join(CONVENTIONS)}, got {convention!r}")
    sources = _blocks_of("irreps_in", irreps_in)
    others, angular = _harmonics_of(l_max, options.get("harmonics"), angular)
    knots = knots_of(options.get("radial", "given"), options.get("knots"), options.get("span"), angular)
    routes = _routes(sources, others, irreps_out, options.get("paths"), options.get("factors"))
    own = header(options.get("name", "convolution"), "", convention)
    with stage(COMPILER, "lower", options.get("progress")):
        content = _lowered(sources, others, routes, convention, angular, knots)
    return Job("convolution" if knots is None else "tabulated", content, own, content.source_rows, content.rows)


def described(content: Convolution) -> dict[str, Any]:
    """What the runtime must know beside the kernel, by the fields of a `ConvolutionSpec`."""
    return {
        "angular": content.angular,
        "coordinates": content.matrices.input_count,
        "irreps": _written(content.sources),
        "couplings": tuple(
            (path.source.irrep, path.harmonic.irrep, path.target.irrep, path.source.copies) for path in content.paths
        ),
        "outputs": tuple((block.irrep, block.copies) for block in content.targets),
    }


def coupling_terms(a: int, b: int, c: int) -> tuple[tuple[int, int, int, float], ...]:
    """The coefficients K of `compile_convolution` as terms (m, n, k, coefficient), each rounded once to float64.

    Raises:
        InputError: the ranks do not couple.
    """
    return tuple((m, n, k, coefficient.round()) for m, n, k, coefficient in coefficients(a, b, c))


@lru_cache(maxsize=32)
def _lowered(
    sources: tuple[RowBlock, ...],
    harmonics: tuple[RowBlock, ...],
    routes: tuple[Route, ...],
    convention: str,
    angular: str,
    knots: Knots | None,
) -> Convolution:
    return convolution(sources, harmonics, routes, convention, angular, knots)


def _blocks_of(what: str, text: Any) -> tuple[RowBlock, ...]:
    if not isinstance(text, str):
        raise InputError(f'{what} is a text such as "0e + 1o", got {text!r}')
    terms = parse_unnamed(text)
    high = [l for _, l, _ in terms if l > HIGHEST_COUPLED]
    if high:
        raise InputError(f"ranks of a convolution go up to {HIGHEST_COUPLED}, got {high[0]} in {what} {text!r}")
    return blocks(terms)


def _harmonics_of(l_max: int | None, harmonics: str | None, angular: str) -> tuple[tuple[RowBlock, ...], str]:
    """The harmonics, and how they come to be."""
    if (l_max is None) == (harmonics is None):
        raise InputError(
            "a convolution takes either l_max, for harmonics of vectors, or harmonics, the irreps of those that are "
            f"given; got l_max={l_max!r} and harmonics={harmonics!r}"
        )
    if harmonics is None:
        rank = checks.integer("l_max", l_max, least=0, most=HIGHEST_COUPLED)
        return blocks(tuple((1, l, (-1) ** l) for l in range(rank + 1))), angular
    if angular != "unit":
        raise InputError(f"angular={angular!r} is for harmonics that are made from vectors; leave it out")
    found = _blocks_of("harmonics", harmonics)
    if any(block.copies > 1 for block in found):
        raise InputError(f"harmonics have no multiplicities, got {harmonics!r}: their channels would be multiplied")
    return found, "given"


def _routes(
    sources: tuple[RowBlock, ...],
    harmonics: tuple[RowBlock, ...],
    irreps_out: str | None,
    paths: Sequence[Path] | None,
    factors: Sequence[float] | None,
) -> tuple[Route, ...]:
    if paths is not None and irreps_out is not None:
        raise InputError("a convolution takes irreps_out or paths, and paths say what is kept: leave irreps_out out")
    found = _all_routes(sources, harmonics, irreps_out) if paths is None else _given_routes(sources, harmonics, paths)
    if factors is None:
        return found
    if not isinstance(factors, (list, tuple)) or len(factors) != len(found):
        raise InputError(f"factors are a list of one number for each path, {len(found)} in all, got {factors!r}")
    return tuple(
        Route(route.source, route.harmonic, route.l, route.parity, _factor(factor))
        for route, factor in zip(found, factors, strict=True)
    )


def _factor(given: Any) -> Fraction:
    number = checks.as_real(given)
    if number is None or not isfinite(number) or not number:
        raise InputError(f"the factor of a path is a finite number other than 0, got {checks.shown(given)}")
    return Fraction(number)


def _all_routes(
    sources: tuple[RowBlock, ...], harmonics: tuple[RowBlock, ...], irreps_out: str | None
) -> tuple[Route, ...]:
    highest = max(block.l for block in harmonics)
    if irreps_out is None:
        kept = {(l, parity) for l in range(highest + 1) for parity in (1, -1)}
    else:
        kept = {(block.l, block.parity) for block in _blocks_of("irreps_out", irreps_out)}
    found = [
        (l, -parity, s, h)
        for s, source in enumerate(sources)
        for h, harmonic in enumerate(harmonics)
        for l, parity in _products(source, harmonic)
        if (l, parity) in kept
    ]
    if not found:
        wanted = f"irreps of rank up to {highest}" if irreps_out is None else irreps_out
        raise InputError(
            f"features {_written(sources)} and harmonics {_written(harmonics)} have no coupling to {wanted}: "
            "parities multiply, and the rank of a product is between the difference and the sum of the ranks"
        )
    return tuple(Route(s, h, l, -odd) for l, odd, s, h in sorted(found))


def _products(source: RowBlock, harmonic: RowBlock) -> Iterable[tuple[int, int]]:
    parity = source.parity * harmonic.parity
    return ((l, parity) for l in range(abs(source.l - harmonic.l), source.l + harmonic.l + 1))


def _given_routes(
    sources: tuple[RowBlock, ...], harmonics: tuple[RowBlock, ...], paths: Sequence[Path]
) -> tuple[Route, ...]:
    if not isinstance(paths, (list, tuple)) or not paths:
        raise InputError(f"paths are a list of (features, harmonics, irrep), got {paths!r}")
    found = []
    for path in paths:
        if not isinstance(path, (list, tuple)) or len(path) != 3:
            raise InputError(f'a path is (number of the features, number of the harmonics, "1o"), got {path!r}')
        s = checks.integer("the number of the features of a path", path[0], least=0, most=len(sources) - 1)
        h = checks.integer("the number of the harmonics of a path", path[1], least=0, most=len(harmonics) - 1)
        (target,) = blocks_of_one(path[2])
        if (target.l, target.parity) not in _products(sources[s], harmonics[h]):
            raise InputError(
                f"{sources[s].irrep} and {harmonics[h].irrep} have no coupling to {target.irrep}, asked for by the "
                f"path {path!r}: parities multiply, and the rank is between the difference and the sum of the ranks"
            )
        found.append(Route(s, h, target.l, target.parity))
    return tuple(found)


def blocks_of_one(irrep: Any) -> tuple[RowBlock]:
    """The irrep of a path's messages.

    Raises:
        InputError: it is not one irrep without multiplicity.
    """
    found = _blocks_of("the irrep of a path", irrep)
    if len(found) != 1 or found[0].copies != 1:
        raise InputError(f'the messages of a path are one irrep such as "1o", got {irrep!r}')
    return (found[0],)


def _written(found: tuple[RowBlock, ...]) -> str:
    return " + ".join(f"{block.copies}x{block.irrep}" if block.copies > 1 else block.irrep for block in found)
