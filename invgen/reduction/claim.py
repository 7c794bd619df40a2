"""One statement of a certificate, with the outcome of its check."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Claim:
    """One statement of a certificate, and whether it was found to hold."""

    text: str
    holds: bool
