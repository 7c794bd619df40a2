"""Finished patterns on disk, so that a run that was killed continues where it stopped.

A pattern's solution depends on its ranks, parities and degrees and on the rules alone, so one folder serves any number
of runs, spaces and processes.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from invgen import files
from invgen.contractions import expression
from invgen.contractions.plans import COST_VERSION
from invgen.errors import InputError
from invgen.reduction.search.components import Component, Rules
from invgen.reduction.search.patterns import Pattern
from invgen.reduction.search.products import Candidate

FORMAT = "invgen-component"
FORMAT_VERSION = 1


class Checkpoint:
    """A folder with one JSON file for each solved pattern.

    Args:
        folder: made if it does not exist; its parent must.

    Raises:
        InputError: the folder cannot be made, read or written, or a file in it is damaged.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        try:
            folder.mkdir(exist_ok=True)
        except OSError as error:
            raise InputError(
                f"the checkpoint folder {folder} cannot be made: {error.strerror}; choose another place"
            ) from error

    def load(self, rules: Rules, pattern: Pattern) -> Component | None:
        """The solution of a pattern, or None if it is not there."""
        path = self._path(rules, pattern)
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
            if data["request"] != _request(rules, pattern):
                raise ValueError("it answers another request")
            return Component(
                tuple(data["multidegree"]),
                int(data["count"]),
                tuple(map(_candidate, data["products"])),
                tuple(map(_candidate, data["generators"])),
            )
        except FileNotFoundError:
            return None
        except OSError as error:
            raise InputError(f"cannot read the checkpoint {path}: {error.strerror}") from error
        except (KeyError, TypeError, ValueError) as error:
            raise InputError(f"the checkpoint {path} is damaged ({error}); remove it and run again") from error

    def save(self, rules: Rules, pattern: Pattern, component: Component) -> None:
        """Write the solution under a temporary name and move it into place."""
        data = {
            "request": _request(rules, pattern),
            "multidegree": list(component.multidegree),
            "count": component.count,
            "products": [_candidate_json(c) for c in component.products],
            "generators": [_candidate_json(c) for c in component.generators],
        }
        files.write_text(self._path(rules, pattern), json.dumps(data) + "\n")

    def _path(self, rules: Rules, pattern: Pattern) -> Path:
        canonical = json.dumps(_request(rules, pattern), sort_keys=True, separators=(",", ":"))
        return self._folder / f"{hashlib.sha256(canonical.encode('ascii')).hexdigest()}.json"


def _request(rules: Rules, pattern: Pattern) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "cost_version": COST_VERSION,
        "group": rules.group,
        "couplings": rules.couplings,
        "minimal": rules.minimal,
        **({} if rules.covariants is None else {"covariants": rules.covariants}),
        **({} if rules.parity == 1 else {"parity": rules.parity}),
        "pattern": [list(entry) for entry in pattern],
    }


def _candidate_json(candidate: Candidate) -> dict[str, Any]:
    return {
        "multidegree": list(candidate.multidegree),
        "cost": candidate.cost,
        "member": candidate.contraction.to_json(),
    }


def _candidate(data: dict[str, Any]) -> Candidate:
    return Candidate(tuple(data["multidegree"]), int(data["cost"]), expression.from_json(data["member"]))
