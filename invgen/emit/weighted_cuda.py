"""CUDA C for weighted contractions: a thread a sample and channel, sums in a fixed order, no atomics.

Where weights get gradients, a thread has a channel of a chunk of samples of one species. With a gather, where what is
gathered gets gradients, it has one of a chunk of samples of one index: their row takes the place of weights by species.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from invgen.emit.arrays import Array, arrays_of
from invgen.emit.cuda_body import Body, body_of
from invgen.emit.header import Header
from invgen.emit.reals import real_of
from invgen.emit.templating import render as render_template
from invgen.emit.weighted_roles import GATHERED, Roles, roles_of
from invgen.passes.cuda_plan import THREADS, most_values
from invgen.passes.cuda_split import split_for_cuda
from invgen.passes.gathered import GatheredPrograms
from invgen.passes.weighted import WeightedPrograms

TEMPLATE = "cuda/weighted.cu.j2"


@dataclass(frozen=True)
class WeightedCudaKernel:
    """One kernel: its name, body, parameters, what the body is called with, and arrays that need care.

    Attributes:
        name: its C name.
        body: the function template that it calls for each sample.
        arguments: the arrays as C++ declares them.
        rows: the arrays at one sample, species or index, or chunk, and channel; what all samples share at the channel.
        samples_out: arrays with a sample axis that it writes.
        summed: arrays of sums over chunks that it adds to.
        cleared: those of them that it zeroes first.
    """

    name: str
    body: str
    arguments: str
    rows: str
    samples_out: tuple[Array, ...]
    summed: tuple[Array, ...]
    cleared: tuple[Array, ...]


@dataclass(frozen=True)
class WeightedCudaSource:
    """The fields of `cuda/weighted.cu.j2`; a plan is the line that tells the runtime what a kernel is."""

    header: Header
    real: str
    threads: int
    gathered: bool
    plans: tuple[str, ...]
    bodies: tuple[Body, ...]
    kernels: tuple[WeightedCudaKernel, ...]


def render(programs: WeightedPrograms | GatheredPrograms, dtype: str, header: Header) -> str:
    """The CUDA source of all functions of a weighted contraction for one dtype.

    Functions that hold more values than a thread has registers become several kernels, which run one after the other.

    Raises:
        InputError: for a dtype other than "float32" and "float64".
    """
    real, roles = real_of(dtype, "GPU"), roles_of(programs)
    bodies: list[Body] = []
    kernels: list[WeightedCudaKernel] = []
    plans: list[str] = []
    for function, program in programs.items():
        arrays = arrays_of(program)
        summed = tuple(array for array in arrays.outputs if array.name in roles.summed)
        rows = [_row("Input", array, roles) for array in arrays.inputs]
        rows += [_row("Output", array, roles) for array in arrays.outputs]
        for number, part in enumerate(split_for_cuda(program, most_values(real.bytes))):
            bodies.append(body_of(f"{function}_body_part{number}", part, real.bits))
            kernels.append(
                WeightedCudaKernel(
                    name=f"invgen_{function}_part{number}",
                    body=bodies[-1].name,
                    arguments=arrays.parameters(),
                    rows=", ".join(rows),
                    samples_out=tuple(array for array in arrays.outputs if array.name not in roles.summed),
                    summed=summed,
                    cleared=() if number else summed,
                )
            )
            plan = {"name": kernels[-1].name, "function": function, "threads": THREADS}
            plans.append(json.dumps(plan, separators=(",", ":")))
    plans.append(json.dumps({"name": "invgen_sum", "function": "sum", "threads": THREADS}, separators=(",", ":")))
    has_gather = roles is GATHERED
    source = WeightedCudaSource(header, real.name, THREADS, has_gather, tuple(plans), tuple(bodies), tuple(kernels))
    return render_template(TEMPLATE, source)


def _row(kind: str, array: Array, roles: Roles) -> str:
    if array.name in roles.shared:
        return f"{kind}{{{array.name} + channel, channels}}"
    owner = "kind" if array.name in roles.together else "chunk" if array.name in roles.summed else "sample"
    kind = "Sums" if array.name in roles.summed else kind
    return f"{kind}{{{array.name} + {owner} * {array.size} * channels + channel, channels}}"
