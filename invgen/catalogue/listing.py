"""What is in the catalogue: the packages under `generated/`, and entry points of the group "invgen.catalogue".

A distribution adds a package by an entry point whose name is the package's name and whose value is the module that the
package is, such as `my_bases.cubic_l4`. The module is imported only when the package is loaded; its card is read
from its folder.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import EntryPoint, entry_points
from importlib.util import find_spec
from pathlib import Path

from invgen.errors import BasisFileError
from invgen.runtime.cards import Card, read_card
from invgen.runtime.constants import MANIFEST

GROUP = "invgen.catalogue"


@dataclass(frozen=True)
class CatalogueEntry:
    """A package of the catalogue.

    Attributes:
        name: what `invgen.load` takes.
        source: "invgen", or the distribution that added it.
        folder: where the package is; None where the module of an entry point is not found.
        module: the module to import; None for the packages of invgen itself.
        card: what it is; None where it has no card, or `complaint` says why it cannot be read.
        complaint: why it cannot be loaded; empty if nothing is known against it.
    """

    name: str
    source: str
    folder: Path | None
    module: str | None = None
    card: Card | None = None
    complaint: str = ""

    @property
    def title(self) -> str:
        """What it computes, in a line."""
        return self.complaint or (self.card.title if self.card is not None else "a kernel package without a card")


def entries() -> tuple[CatalogueEntry, ...]:
    """Every package by name, those of invgen first; where a name occurs twice, the first has it.

    An entry point that cannot be used stays in the list, with the reason.
    """
    found: dict[str, CatalogueEntry] = {}
    for entry in (*own(), *_added()):
        found.setdefault(entry.name, entry)
    return tuple(found.values())


def search(words: Iterable[str] = ()) -> tuple[CatalogueEntry, ...]:
    """The entries whose name or card holds every word, in either case.

    Args:
        words: what to look for; none of them give all entries.
    """
    wanted = [word.lower() for word in words]
    return tuple(entry for entry in entries() if all(word in _text(entry) for word in wanted))


def _text(entry: CatalogueEntry) -> str:
    return f"{entry.name} {entry.source} {entry.title} {entry.card or ''}".lower()


@lru_cache(maxsize=1)
def generated() -> Path | None:
    """The folder of invgen's own packages: beside the package in a checkout, inside it in an installed wheel."""
    package = Path(__file__).resolve().parents[1]
    for folder in (package / "generated", package.parent / "generated"):
        if any(folder.glob(f"*/{MANIFEST}")):
            return folder
    return None


def own() -> list[CatalogueEntry]:
    """The packages of invgen itself, by name; no other distribution is looked at."""
    folder = generated()
    if folder is None:
        return []
    return [_entry(path.parent.name, "invgen", path.parent) for path in sorted(folder.glob(f"*/{MANIFEST}"))]


def own_named(name: str) -> CatalogueEntry | None:
    """The package of invgen itself that has this very name; only its card is read."""
    folder = generated()
    # Some file systems would find a name with other capitals too, and ".." is not a name.
    if (
        folder is None
        or all(path.name != name for path in folder.iterdir())
        or not (folder / name / MANIFEST).is_file()
    ):
        return None
    return _entry(name, "invgen", folder / name)


def _added() -> list[CatalogueEntry]:
    return [_of_point(point) for point in sorted(entry_points(group=GROUP), key=lambda point: point.name)]


def _of_point(point: EntryPoint) -> CatalogueEntry:
    source = point.dist.name if point.dist is not None else "an unnamed distribution"

    def unusable(why: str) -> CatalogueEntry:
        return CatalogueEntry(point.name, source, None, point.module, complaint=why)

    try:
        spec = find_spec(point.module)
    except Exception as error:  # the parent of a module may raise anything when it is imported
        return unusable(f"{point.module} fails to import: {error!r}")
    if spec is None or spec.origin is None:
        return unusable(f"its module {point.module} does not exist")
    return _entry(point.name, source, Path(spec.origin).parent, point.module)


def _entry(name: str, source: str, folder: Path, module: str | None = None) -> CatalogueEntry:
    complaint, card = "", None
    if not (folder / MANIFEST).is_file():
        complaint = f"{folder} is not a kernel package: it has no {MANIFEST}"
    else:
        try:
            card = read_card(folder)
        except BasisFileError as error:
            complaint = str(error)
    return CatalogueEntry(name, source, folder, module, card, complaint)
