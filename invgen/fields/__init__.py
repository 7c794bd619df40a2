"""Moments and invariants of images, volumes and flows: numbers at every point that do not change as the field turns."""

from typing import TYPE_CHECKING

from invgen._lazy import attach

if TYPE_CHECKING:
    from invgen.fields.alignment import Alignment, align
    from invgen.fields.local_invariants import invariants, iterate
    from invgen.fields.local_moments import Moments, moments
    from invgen.fields.matching import Similarity, detect, similarity
    from invgen.fields.templates import Template
    from invgen.fields.windows import Window
else:
    __getattr__, __dir__ = attach(
        __name__,
        {
            "Alignment": "invgen.fields.alignment",
            "Moments": "invgen.fields.local_moments",
            "Similarity": "invgen.fields.matching",
            "Template": "invgen.fields.templates",
            "Window": "invgen.fields.windows",
            "align": "invgen.fields.alignment",
            "detect": "invgen.fields.matching",
            "invariants": "invgen.fields.local_invariants",
            "iterate": "invgen.fields.local_invariants",
            "moments": "invgen.fields.local_moments",
            "similarity": "invgen.fields.matching",
        },
    )

__all__ = [
    "Alignment",
    "Moments",
    "Similarity",
    "Template",
    "Window",
    "align",
    "detect",
    "invariants",
    "iterate",
    "moments",
    "similarity",
]
