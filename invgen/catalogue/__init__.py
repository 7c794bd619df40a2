"""The catalogue: kernel packages by name, those of invgen and those that other distributions add."""

from typing import TYPE_CHECKING

from invgen._lazy import attach

if TYPE_CHECKING:
    from invgen.catalogue.entries import CatalogueEntry, entries, search
    from invgen.catalogue.loading import load
else:
    __getattr__, __dir__ = attach(
        __name__,
        {
            "CatalogueEntry": "invgen.catalogue.entries",
            "entries": "invgen.catalogue.entries",
            "load": "invgen.catalogue.loading",
            "search": "invgen.catalogue.entries",
        },
    )

__all__ = ["CatalogueEntry", "entries", "load", "search"]
