"""The catalogue: kernel packages by name, those of invgen and those that other distributions add."""

from typing import TYPE_CHECKING

from invgen._lazy import attach

if TYPE_CHECKING:
    from invgen.catalogue.listing import CatalogueEntry, entries, search
    from invgen.catalogue.loading import load
else:
    __getattr__, __dir__ = attach(
        __name__,
        {
            "CatalogueEntry": "invgen.catalogue.listing",
            "entries": "invgen.catalogue.listing",
            "load": "invgen.catalogue.loading",
            "search": "invgen.catalogue.listing",
        },
    )

__all__ = ["CatalogueEntry", "entries", "load", "search"]
