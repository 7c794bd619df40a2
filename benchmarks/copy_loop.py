"""The yardstick of the kernels: a plain C loop that reads every input and writes every output of a kernel.

It works on the same arrays in the same layout, (samples, rows, channels), is compiled by the same compiler with the
same flags, and is split over threads in the same way. Output row j is input row j; where there are more input rows
than output rows, the further ones are added, so that each is read; where there are fewer, input rows are repeated.
"""

from __future__ import annotations

import ctypes
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import torch

from invgen.runtime.build.compilers import compile_library, find_compiler

REALS = {torch.float32: "float", torch.float64: "double"}

Copy = Callable[[Sequence[torch.Tensor], Sequence[torch.Tensor]], None]


def source(inputs: Sequence[int], outputs: Sequence[int], real: str) -> str:
    """The C text of the loop for arrays with these numbers of rows."""
    rows_in = [f"in{a}[{r} * channels + c]" for a, rows in enumerate(inputs) for r in range(rows)]
    rows_out = [f"out{a}[{r} * channels + c]" for a, rows in enumerate(outputs) for r in range(rows)]
    width = len(rows_out)
    sums = [" + ".join(rows_in[j::width]) if j < len(rows_in) else rows_in[j % len(rows_in)] for j in range(width)]
    arguments = [f"const {real} *x{a}" for a in range(len(inputs))] + [f"{real} *y{a}" for a in range(len(outputs))]
    lines = [
        "#include <stdint.h>",
        f"void copy({', '.join(arguments)},",
        "    int64_t samples, int64_t channels, int threads)",
    ]
    lines += ["{", "#pragma omp parallel for num_threads(threads) schedule(static)"]
    lines += ["    for (int64_t s = 0; s < samples; ++s) {"]
    lines += [f"        const {real} *restrict in{a} = x{a} + s * {n} * channels;" for a, n in enumerate(inputs)]
    lines += [f"        {real} *restrict out{a} = y{a} + s * {n} * channels;" for a, n in enumerate(outputs)]
    for target, value in zip(rows_out, sums):
        lines += ["        for (int64_t c = 0; c < channels; ++c)", f"            {target} = {value};"]
    return "\n".join([*lines, "    }", "}", ""])


def build(inputs: Sequence[int], outputs: Sequence[int], dtype: torch.dtype) -> Copy:
    """The loop, compiled and loaded: copy(inputs, outputs) on contiguous (samples, rows[, channels])."""
    # The file may go once the library is loaded: the loader maps it.
    with tempfile.TemporaryDirectory() as folder:
        text, library = Path(folder) / "copy.c", Path(folder) / "copy.so"
        text.write_text(source(inputs, outputs, REALS[dtype]), encoding="utf-8")
        compile_library(find_compiler(), text, library, Path(folder) / "log.txt")
        function = ctypes.CDLL(str(library)).copy
    function.argtypes = [ctypes.c_void_p] * (len(inputs) + len(outputs)) + [ctypes.c_int64] * 2 + [ctypes.c_int]
    function.restype = None

    def copy(sources: Sequence[torch.Tensor], targets: Sequence[torch.Tensor]) -> None:
        pointers = [array.data_ptr() for array in (*sources, *targets)]
        samples, channels = sources[0].shape[0], sources[0].shape[2] if sources[0].dim() == 3 else 1
        function(*pointers, samples, channels, torch.get_num_threads())

    return copy
