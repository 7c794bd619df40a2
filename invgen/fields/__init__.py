"""Moments and invariants of images, volumes and flows: numbers at every point that do not change as the field turns."""

from typing import TYPE_CHECKING

from invgen._lazy import attach

if TYPE_CHECKING:
    from invgen.fields.bases import TemplateBasis, basis_for
    from invgen.fields.local_invariants import invariants, iterate
    from invgen.fields.local_moments import Moments, moments
    from invgen.fields.windows import Window
else:
    __getattr__, __dir__ = attach(
        __name__,
        {
            "Moments": "invgen.fields.local_moments",
            "TemplateBasis": "invgen.fields.bases",
            "Window": "invgen.fields.windows",
            "basis_for": "invgen.fields.bases",
            "invariants": "invgen.fields.local_invariants",
            "iterate": "invgen.fields.local_invariants",
            "moments": "invgen.fields.local_moments",
        },
    )

__all__ = ["Moments", "TemplateBasis", "Window", "basis_for", "invariants", "iterate", "moments"]
