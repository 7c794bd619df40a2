"""What a fresh process costs until its first basis stands, beside one that imports NumPy alone.

    python benchmarks/start.py [--rounds 9] [--against FOLDER] [--no-bytecode] [--json FILE]

Processor time, user and system, of whole processes that take turns: medians, and their ratio to NumPy's. Bytecode is
kept from round to round in a folder of its own, as it is where packages are installed; --no-bytecode compiles the
modules of invgen in every process. With --against, another checkout takes turns with this one. What `import
invgen.runtime` adds to `import torch` is measured inside one process, since it is small beside what torch itself costs,
and so is `invgen.load` of a package with the first value of its C kernel, by the clock: the kernel is in the cache.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parent.parent
GENERATE = 'import invgen\ninvgen.generate(invgen.TensorSpace("0e + 1o + 2e + 3o"), max_degree=4)'
RUNTIME = "import time, torch\nstart = time.process_time()\nimport invgen.runtime\nprint(time.process_time() - start)"
# A first tensor is made before: what torch does then is not what a package costs.
VALUE = """\
import time, torch
x = torch.ones(10, 16, 32)
start, spent = time.perf_counter(), time.process_time()
import invgen
invgen.load("hiphop_l3_n4").kernel()(x)
print(time.perf_counter() - start, time.process_time() - spent)
"""


def processor_time(code: str, checkout: Path, environment: dict[str, str]) -> float:
    """Seconds of one fresh interpreter, user and system, that imports from its folder."""
    command = [sys.executable, "-c", code]
    process = subprocess.Popen(command, cwd=checkout, env=environment, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"the process failed: {code}")
    return usage.ru_utime + usage.ru_stime


def over_torch(code: str, checkout: Path, environment: dict[str, str]) -> tuple[float, ...]:
    """Seconds that a fresh process prints of itself where torch is imported already."""
    command = [sys.executable, "-c", code]
    run = subprocess.run(command, cwd=checkout, env=environment, capture_output=True, text=True, check=True)
    return tuple(map(float, run.stdout.split()))


def environment_of(bytecode: Path | None) -> dict[str, str]:
    """The environment of processes that keep bytecode in a folder, or write none."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return kept | ({"PYTHONDONTWRITEBYTECODE": "1"} if bytecode is None else {"PYTHONPYCACHEPREFIX": str(bytecode)})


def measure(rounds: int, checkouts: dict[str, Path], environment: dict[str, str]) -> dict[str, list[float]]:
    """The times of every case, one of each in every round; the first round fills caches and is left out."""
    cases = {"numpy": ("import numpy", ROOT)} | {name: (GENERATE, path) for name, path in checkouts.items()}
    times: dict[str, list[float]] = {name: [] for name in cases}
    for number in range(rounds + 1):
        for name, (code, path) in cases.items():
            spent = processor_time(code, path, environment)
            if number:
                times[name].append(spent)
    return times


def measure_first_values(
    rounds: int, checkouts: dict[str, Path], environment: dict[str, str]
) -> dict[str, dict[str, list[float]]]:
    """By the clock and of the processor until a first value, over torch; the first round compiles and is left out."""
    times: dict[str, dict[str, list[float]]] = {name: {"clock": [], "processor": []} for name in checkouts}
    for number in range(rounds + 1):
        for name, path in checkouts.items():
            clock, processor = over_torch(VALUE, path, environment)
            if number:
                times[name]["clock"].append(clock)
                times[name]["processor"].append(processor)
    return times


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--against", type=Path, help="another checkout")
    parser.add_argument("--no-bytecode", action="store_true", help="compile modules of invgen in every process")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--without-torch", action="store_true", help="leave out what needs torch")
    arguments = parser.parse_args()
    checkouts = {"generate": ROOT} | ({"generate, other checkout": arguments.against} if arguments.against else {})
    with tempfile.TemporaryDirectory() as folder:
        environment = environment_of(None if arguments.no_bytecode else Path(folder))
        times = measure(arguments.rounds, checkouts, environment)
        added = [] if arguments.without_torch else [over_torch(RUNTIME, ROOT, environment)[0] for _ in range(3)]
        first = {} if arguments.without_torch else measure_first_values(arguments.rounds, checkouts, environment)
    middle = {name: median(found) for name, found in times.items()}
    for name, seconds in middle.items():
        print(f"{name:26} {seconds * 1e3:7.0f} ms  {seconds / middle['numpy']:5.2f} times NumPy")
    found = {"times": times, "medians": middle, "first_value_over_torch": first}
    if added:
        print(f"{'invgen.runtime over torch':26} {min(added) * 1e3:7.0f} ms")
        found["runtime_over_torch"] = {"runs": added}
    for name, spent in first.items():
        title = name.replace("generate", "first value over torch")
        clock, least, processor = (
            1e3 * number for number in (median(spent["clock"]), min(spent["clock"]), median(spent["processor"]))
        )
        print(f"{title:26} {clock:7.0f} ms by the clock (best {least:.0f}), {processor:.0f} ms of the processor")
    if arguments.json:
        arguments.json.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
