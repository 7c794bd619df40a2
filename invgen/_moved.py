"""Modules that pickles and saved programs name by paths of earlier versions; importing one gives what is there now.

A pickled potential names the modules of its basis. Such a name is imported through the table below, which costs nothing
until a file asks for it.
"""

from collections.abc import Sequence
from importlib import import_module
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

MOVED = {
    "invgen.cartesian": "invgen.spaces.cartesian",
    "invgen.invariant": "invgen.basis.invariant",
    "invgen.nn.harmonics": "invgen.nn.earlier",
    "invgen.report": "invgen.show.report",
    "invgen.reduction.certificate": "invgen.reduction.proofs.certificate",
    "invgen.reduction.claims": "invgen.reduction.proofs.claims",
    "invgen.reduction.fibres": "invgen.reduction.orbits.fibres",
    "invgen.reduction.flexible_proof": "invgen.reduction.proofs.flexibility",
    "invgen.reduction.limits": "invgen.reduction.search.limits",
    "invgen.reduction.strata_repair": "invgen.reduction.proofs.strata",
    "invgen.reduction.subset": "invgen.reduction.given.subset",
}
"""Where a module of a6f4487 is now, for each that a file may name; `tests/golden` holds such files."""

RENAMED = {
    "invgen.cartesian.Layout": "invgen.spaces.layouts.CartesianLayout",
    "invgen.nn.harmonics.Harmonics": "invgen.nn.earlier.Replaced",
    "invgen.reduction.flexible_proof.FlexibleProof": "invgen.reduction.proofs.flexibility.Flexibility",
    "invgen.reduction.flexible_proof.PartProof": "invgen.reduction.proofs.flexibility.SupportMinor",
}
"""Names that changed with the move: "old.module.Name" -> "new.module.Name"."""


class Finder:
    """Finds the modules of `MOVED` after every other finder has failed, and loads them.

    It has the methods of `importlib.abc.MetaPathFinder` and `Loader`, whose import would take longer than ours.
    """

    def find_spec(self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None) -> Any:
        """The spec of an old name; None for any other."""
        return ModuleSpec(name, self) if name in MOVED else None  # type: ignore[arg-type]

    def create_module(self, spec: ModuleSpec) -> None:
        """An ordinary module."""

    def exec_module(self, module: ModuleType) -> None:
        """Names of the old module are looked up where they are now."""
        old = module.__name__

        def get(name: str) -> Any:
            if name.startswith("__"):
                raise AttributeError(f"module {old!r} has no attribute {name!r}")
            home, _, renamed = RENAMED.get(f"{old}.{name}", f"{MOVED[old]}.{name}").rpartition(".")
            return getattr(import_module(home), renamed)

        module.__getattr__ = get  # type: ignore[method-assign]
