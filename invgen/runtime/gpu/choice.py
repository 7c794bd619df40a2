"""Which of a function's kernels runs: the one that a model of the multiprocessor finds fastest, or that was measured.

The model takes the largest of four times of one pair: issuing its instructions, moving its bytes, waiting for them with
as many under way as the resident threads ask for, and taking apart accesses whose neighbours are elsewhere. Its inputs
are read off the machine code, so that one machine code always gives one choice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from invgen.runtime.build.cubin import KernelReport
from invgen.runtime.gpu.plan import LaunchPlan

ISSUED: Final = 128.0
"""Instructions of single threads that a multiprocessor issues in a cycle: four warps of 32."""

MOVED: Final = 20.0
"""Bytes that device memory moves for one multiprocessor in a cycle: 3.35 to 4.8 TB/s over 132 of them at 1.7 GHz."""

LATENCY: Final = 800.0
"""Cycles from a load to its value when memory is busy."""

ALONE: Final = 1.0
"""Cycles of an access whose neighbours in the warp are in other cache lines: these are served one after the other."""

WIDE_FROM: Final = 1 << 18
"""Pairs from which several channels a thread pay: with fewer, threads are too few for all multiprocessors."""

RESIDENT: Final = 2048
"""Threads of a full multiprocessor; the smaller ones that there are differ by the same factor for every kernel."""

KINDS: Final = {"aligned": ("strided", "wide"), "single": ("strided", "tile"), "any": ("strided",)}
"""The forms that serve a kind of call: "aligned" has channels in multiples of every width, rows on multiples of 16
bytes and at least `WIDE_FROM` pairs; "single" has one channel."""


def cycles(report: KernelReport, width: int, bytes_in: int, bytes_out: int, alone: int = 0) -> float:
    """Estimated cycles of one multiprocessor for one pair that reads and writes this many bytes.

    Args:
        report: the kernel.
        width: channels of one thread.
        bytes_in: read from memory.
        bytes_out: written to memory.
        alone: accesses of one thread that share no cache line with those of its neighbours.
    """
    under_way = max(1.0, report.occupancy * RESIDENT * width * bytes_in)
    spilled = report.spill_stores + report.spill_loads
    issue = report.instructions / width / ISSUED
    move = (bytes_in + bytes_out + spilled) / MOVED
    wait = LATENCY * bytes_in / under_way
    return max(issue, move, wait, ALONE * alone) + 0.1 * (issue + wait)


def fastest(
    plans: Sequence[LaunchPlan],
    reports: Mapping[str, KernelReport],
    sizes: Mapping[str, tuple[int, int]],
    real_bytes: int,
    measured: Mapping[tuple[str, str], float],
) -> dict[tuple[str, str], tuple[LaunchPlan, ...]]:
    """For each (function, kind of call) the kernels to launch one after the other.

    A function that was split has several kernels of each form and width.

    Args:
        plans: all kernels of a source.
        reports: their reports by name.
        sizes: (bytes read, bytes written) of one pair by function.
        real_bytes: bytes of one number.
        measured: seconds by name of kernel and kind of call, for those that were measured.
    """
    groups: dict[tuple[str, str, int], list[LaunchPlan]] = {}
    for plan in plans:
        groups.setdefault((plan.function, plan.form, plan.width), []).append(plan)

    def cost(group: Sequence[LaunchPlan], kind: str) -> tuple[int, float]:
        known = [measured[plan.name, kind] for plan in group if (plan.name, kind) in measured]
        if len(known) == len(group):
            return 0, sum(known)
        rows = sum(sizes[group[0].function]) // real_bytes
        alone = rows if kind == "single" and group[0].form == "strided" else 0
        return 1, sum(cycles(reports[plan.name], plan.width, *sizes[plan.function], alone) for plan in group)

    choice = {}
    for function in dict.fromkeys(plan.function for plan in plans):
        for kind, forms in KINDS.items():
            rivals = [group for (name, form, _), group in groups.items() if name == function and form in forms]
            costs = [cost(group, kind) for group in rivals]
            choice[function, kind] = tuple(rivals[costs.index(min(costs))])
    return choice
