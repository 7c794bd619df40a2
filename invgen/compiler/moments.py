"""From harmonics to a kernel that sums moments over neighbours: lower, differentiate, emit, and hand to the runtime."""

from __future__ import annotations

from typing import TYPE_CHECKING

from invgen.checks import one_of
from invgen.compiler.job import Job, dtype_name, header
from invgen.compiler.targets import Harmonics
from invgen.emit import moments_cuda
from invgen.errors import InputError
from invgen.ir.harmonics import harmonics_program
from invgen.runtime.moments_spec import MOMENTS_FORMS, MomentsSpec
from invgen.runtime.targets import check_target
from invgen.spaces import conventions
from invgen.stages import COMPILER, Progress, stage

if TYPE_CHECKING:
    import torch

    from invgen.runtime import MomentsKernel

ANGULAR_WORDS = {"unit": "of the direction of a vector", "solid": "polynomials in a vector"}
ANGULAR = tuple(ANGULAR_WORDS)


def compile_moments(
    l_max: int | None,
    form: str = "mixed",
    convention: str = conventions.DEFAULT,
    angular: str = "unit",
    dtype: torch.dtype | None = None,
    name: str | None = None,
    target: str = "c",
    progress: Progress | None = None,
) -> MomentsKernel:
    """A kernel that sums T_c(r) s_nu z[f] over the neighbours of every atom, and its first two derivatives.

    `kernel(vectors, radial, features, neighbours)` gives, with pairs p of receiver i coming from source j_p,

    * "mixed": E[i, c, f] = Σ_p T_c(r_p) Σ_nu s[p, nu] g[j_p, nu, f], where g = W z was mixed before (one GEMM);
    * "full": E[i, c, nu, f] = Σ_p T_c(r_p) s[p, nu] z[j_p, f], n times as large, to be mixed afterwards;
    * "environment": E[i, nu, f] = Σ_p s[p, nu] z[j_p, f], no directions; l_max and vectors are None.

    The components c run over l = 0 ... l_max, each with its 2l + 1 components: what `compile` takes as x for the space
    "0e + 1o + 2e + ..." of the same convention.

    Args:
        l_max: the highest rank of the harmonics; None exactly for the form "environment".
        form: as above.
        convention: as of a basis.
        angular: "unit": harmonics of r / |r|; "solid": homogeneous polynomials of degree l in r.
        dtype: torch.float32 (the default) or torch.float64.
        name: what profilers and exported graphs call the operators; "moments_" and the form if left out.
        target: "c" for CPU tensors, "torch" for any device, or "cuda" for NVIDIA GPUs, which has the forms "mixed" and
            "environment".
        progress: as for `compile`, without a stage "differentiate".

    Raises:
        InputError: an argument is not one of those listed.
        CompilerError: no compiler was found, or it refused the source, or target "cuda" lacks something.
        CacheError: the kernel cache cannot be used.
    """
    from invgen import runtime

    spec = moments_spec(l_max, form, convention, angular, dtype, name, target, progress)
    return runtime.build_moments(spec, progress=progress)


def moments_spec(
    l_max: int | None,
    form: str = "mixed",
    convention: str = conventions.DEFAULT,
    angular: str = "unit",
    dtype: torch.dtype | None = None,
    name: str | None = None,
    target: str = "c",
    progress: Progress | None = None,
) -> MomentsSpec:
    """What `compile_moments` builds, not yet built: the source is in it, and no compiler or GPU is needed.

    Raises:
        InputError: as `compile_moments`.
    """
    real = dtype_name(dtype)
    check_target(target)
    kernel = job_of(l_max, form, convention, angular, name, progress).spec(target, real, progress=progress)
    return MomentsSpec(kernel, form)


def job_of(
    l_max: int | None, form: str, convention: str, angular: str, name: str | None, progress: Progress | None = None
) -> Job:
    """Moments as something to compile; the arguments are those of `compile_moments`.

    Raises:
        InputError: an argument is not one of those listed there.
    """
    one_of("form", form, MOMENTS_FORMS)
    one_of("angular", angular, ANGULAR)
    if (form == "environment") != (l_max is None):
        raise InputError(
            f"l_max is None for the form 'environment' and an integer otherwise, got {l_max!r} for {form!r}"
        )
    convention = conventions.resolve(convention)
    own = header(f"moments_{form}" if name is None else name, "", convention)
    with stage(COMPILER, "lower", progress):
        program = None if l_max is None else harmonics_program(l_max, convention, angular == "solid")
    count = 1 if program is None else len(program.output("y"))
    without = () if form in moments_cuda.FORMS else ("cuda",)
    return Job("moments", Harmonics(form, program, angular == "solid"), own, 3, count, without)
