"""Moments and invariants of images, volumes and flows: numbers at every point that do not change as the field turns."""

from typing import TYPE_CHECKING

from invgen._lazy import attach

if TYPE_CHECKING:
    from invgen.fields.bases import TemplateBasis, basis_for
    from invgen.fields.local_invariants import invariants, iterate
    from invgen.fields.local_moments import Moments, moments
    from invgen.fields.pictures import plot_map, plot_peaks, plot_vectors
    from invgen.fields.vtk import to_vtk
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
            "plot_map": "invgen.fields.pictures",
            "plot_peaks": "invgen.fields.pictures",
            "plot_vectors": "invgen.fields.pictures",
            "to_vtk": "invgen.fields.vtk",
        },
    )

__all__ = [
    "Moments",
    "TemplateBasis",
    "Window",
    "basis_for",
    "invariants",
    "iterate",
    "moments",
    "plot_map",
    "plot_peaks",
    "plot_vectors",
    "to_vtk",
]
