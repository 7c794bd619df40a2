"""The lowest versions that pyproject.toml states, as constraints for pip: `python -m tests.support.lowest`.

What a dependency of invgen, or torch, states as >=1.26 becomes ==1.26.*; everything else keeps its pin. A pin that is
of the lowest version already stays, so that torch is the build that constraints.txt means.
"""

from __future__ import annotations

import tomllib

from tests.support.paths import REPOSITORY


def lowest(project: str, pins: str) -> list[str]:
    """The lines of a constraints file, from the text of pyproject.toml and that of constraints.txt."""
    stated = tomllib.loads(project)["project"]
    required = [*stated["dependencies"], *stated["optional-dependencies"]["torch"]]
    least_of = dict(line.split(">=") for line in required)
    pinned = dict(line.split("==") for line in pins.splitlines() if line and not line.startswith("#"))
    lines = []
    for name, version in sorted(pinned.items()):
        least = least_of.get(name)
        kept = least is None or f"{version}.".startswith(f"{least}.")
        lines.append(f"{name}=={version}" if kept else f"{name}=={least}.*")
    return lines


if __name__ == "__main__":
    texts = ((REPOSITORY / name).read_text(encoding="utf-8") for name in ("pyproject.toml", "constraints.txt"))
    print("\n".join(lowest(*texts)))
