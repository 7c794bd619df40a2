"""What a fresh process costs until its first basis stands, beside one that imports NumPy alone.

    python benchmarks/start.py [--rounds 9] [--against FOLDER] [--no-bytecode] [--json FILE]

Processor time, user and system, of whole processes that take turns: medians, and their ratio to NumPy's. Bytecode is
kept from round to round in a folder of its own, as it is where packages are installed; --no-bytecode compiles the
modules of invgen in every process. With --against, another checkout takes turns with this one. What `import
invgen.runtime` adds to `import torch` is measured inside one process, since it is small beside what torch itself costs.
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


def processor_time(code: str, checkout: Path, environment: dict[str, str]) -> float:
    """Seconds of one fresh interpreter, user and system, that imports from its folder."""
    command = [sys.executable, "-c", code]
    process = subprocess.Popen(command, cwd=checkout, env=environment, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"the process failed: {code}")
    return usage.ru_utime + usage.ru_stime


def runtime_over_torch(checkout: Path) -> float:
    """Seconds that the runtime adds where torch is imported already."""
    command = [sys.executable, "-c", RUNTIME]
    return float(subprocess.run(command, cwd=checkout, capture_output=True, text=True, check=True).stdout)


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
        bytecode = None if arguments.no_bytecode else Path(folder)
        times = measure(arguments.rounds, checkouts, environment_of(bytecode))
    middle = {name: median(found) for name, found in times.items()}
    for name, seconds in middle.items():
        print(f"{name:26} {seconds * 1e3:7.0f} ms  {seconds / middle['numpy']:5.2f} times NumPy")
    found = {"times": times, "medians": middle}
    if not arguments.without_torch:
        added = [runtime_over_torch(ROOT) for _ in range(3)]
        print(f"{'invgen.runtime over torch':26} {min(added) * 1e3:7.0f} ms")
        found["runtime_over_torch"] = {"runs": added}
    if arguments.json:
        arguments.json.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
