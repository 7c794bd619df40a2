"""Moments and invariants of images, volumes and flows: numbers at every point that do not change as the field turns."""

from typing import TYPE_CHECKING

from invgen._lazy import attach

if TYPE_CHECKING:
    from invgen.fields.bases import TemplateBasis, basis_for
    from invgen.fields.descriptors import LocalInvariants, ShapeInvariants
    from invgen.fields.local_invariants import invariants, iterate
    from invgen.fields.local_moments import Moments, moments
    from invgen.fields.meshes import mesh_moments, read_mesh
    from invgen.fields.pictures import plot_map, plot_peaks, plot_vectors
    from invgen.fields.point_clouds import point_cloud_moments
    from invgen.fields.vtk import to_vtk
    from invgen.fields.windows import Window
else:
    __getattr__, __dir__ = attach(
        __name__,
        {
            "LocalInvariants": "invgen.fields.descriptors",
            "Moments": "invgen.fields.local_moments",
            "ShapeInvariants": "invgen.fields.descriptors",
            "TemplateBasis": "invgen.fields.bases",
            "Window": "invgen.fields.windows",
            "basis_for": "invgen.fields.bases",
            "invariants": "invgen.fields.local_invariants",
            "iterate": "invgen.fields.local_invariants",
            "mesh_moments": "invgen.fields.meshes",
            "moments": "invgen.fields.local_moments",
            "plot_map": "invgen.fields.pictures",
            "plot_peaks": "invgen.fields.pictures",
            "plot_vectors": "invgen.fields.pictures",
            "point_cloud_moments": "invgen.fields.point_clouds",
            "read_mesh": "invgen.fields.meshes",
            "to_vtk": "invgen.fields.vtk",
        },
    )

__all__ = [
    "LocalInvariants",
    "Moments",
    "ShapeInvariants",
    "TemplateBasis",
    "Window",
    "basis_for",
    "invariants",
    "iterate",
    "mesh_moments",
    "moments",
    "plot_map",
    "plot_peaks",
    "plot_vectors",
    "point_cloud_moments",
    "read_mesh",
    "to_vtk",
]
