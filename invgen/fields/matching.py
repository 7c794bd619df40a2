"""Where a field resembles a template, however the template is turned, with the rotation and a p-value.

The score compares the Hermite moments c about a voxel with those of the turned template t, in coordinates in which the
noise of the field is white, and without the part that constants have:

    score = max over R of <c, D(R) t> / (|t| sqrt(|c|² + k)),

with k twice the expected |c|² of noise alone. Without noise it is the normalised correlation. The constant k keeps
empty places with an accidental shape low: in noise a plain normalised correlation is worse, and an unnormalised one
prefers strong objects of another shape.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from invgen.basis.basis import Basis
from invgen.checks import one_of
from invgen.errors import InputError
from invgen.fields.correlation_maps import NOT_EVALUATED, Level, correlation_map
from invgen.fields.detections import Detection, refine, table_of
from invgen.fields.evidence import Evidence
from invgen.fields.grids import Grid
from invgen.fields.invariant_maps import invariant_map
from invgen.fields.matched_coordinates import MatchedCoordinates
from invgen.fields.peaks import peaks_of
from invgen.fields.rotation_grids import rotation_grid
from invgen.fields.rotation_matrices import turned
from invgen.fields.rotation_nulls import Null, union_null
from invgen.fields.search_rules import CONFUSION, CONTRAST, SearchRules
from invgen.fields.searches import Search, field_of, searches_of
from invgen.fields.templates import Template

METHODS = ("invariants", "correlation")
_TURNS = 500  # random rotations at which the loss of a grid is measured
_FIRST = 16  # detections for which the first level is made


@dataclass(frozen=True, eq=False)
class Similarity:
    """A map of resemblance.

    Attributes:
        map: float32 scores of all voxels; higher is more alike. For "correlation" between -1 and 1, for "invariants"
            the logarithm of how much likelier the invariants are for the template than for the field at large.
        scale: of the template, for each voxel.
        rotation: the number of the best rotation in `rotations`, for each voxel; None for "invariants".
        rotations: the grid as quaternions (x, y, z, w).
        null: what noise alone reaches at one voxel: `null.p_value(score)`, `null.score_at(p)`.
    """

    map: NDArray[np.float32]
    scale: NDArray[np.float64]
    rotation: NDArray[np.int32] | None
    rotations: NDArray[np.float64] | None
    null: Null


@dataclass(frozen=True, eq=False)
class Detections:
    """What a search found.

    Attributes:
        table: of detections, see `detect`.
        evaluated: the share of the voxels at which rotations were tried, the mean over the scales.
    """

    table: NDArray[Any]
    evaluated: float


@dataclass(frozen=True, eq=False)
class _Trial:
    """One scale of a search with what its places must be.

    Attributes:
        search: the scale.
        product: the least product that counts.
        evidence: for a copy against another object, None where any object counts.
        margin: the least share of its maximum that a turned template keeps on the grid of rotations.
    """

    search: Search
    product: float
    evidence: Evidence | None
    margin: float

    @classmethod
    def of(cls, search: Search, rules: SearchRules, rotations: NDArray[np.float64]) -> _Trial:
        """One scale under the rules."""
        margin = _margin(search.matched, rotations)
        if rules.threshold is not None:
            return cls(search, 0.0, None, margin)
        # A template that is enlarged has more voxels.
        length = search.matched.length * search.scale ** (search.matched.layout.dimension / 2)
        evidence = None
        if rules.confusion is not None:
            evidence = Evidence.of(search.matched, search.metric, length, rules.contrast, rules.confusion)
        return cls(search, rules.contrast * length, evidence, margin)


def similarity(
    field: Any,
    template: Template,
    method: str = "correlation",
    scales: Sequence[float] = (1.0,),
    angle: float = 20.0,
    noise: Any = None,
    spacing: float | Sequence[float] | None = None,
    boundary: str = "zero",
    offset: bool = True,
    basis: Basis | None = None,
) -> Similarity:
    """How much the surroundings of each voxel resemble a template, whatever way it is turned.

    Args:
        field: (X, Y, Z) or (X, Y), of the dimension of the template.
        template: what is looked for.
        method: "correlation", the greatest over a grid of rotations of the score above; or "invariants", the logarithm
            of the likelihood of the voxel's invariants for the template in simulated noise, against that for the
            field's own distribution. The latter is fast and fades in strong noise; the template's contrast counts.
        scales: multiples of the template's size; the best one counts.
        angle: between rotations of the grid, in degrees.
        noise: None to estimate it from the field, a standard deviation of white noise, or a field of noise alone.
        spacing: of the voxels; by default that of the template.
        boundary: what is beyond the faces, as for `fields.moments`.
        offset: leave out what a constant has, so that a brighter background changes nothing.
        basis: of the invariants, for "invariants" alone; by default those of orders 0..4 under rotations.

    Raises:
        InputError: an argument is not one of those listed, or field and template do not go together.

    Warns:
        UserWarning: the basis is one of O3 or O2 and the template differs from its mirror image, which is found too.
    """
    one_of("method", method, METHODS)
    grid = field_of(field, template, spacing, boundary, offset)
    searches = searches_of(grid, template, scales, noise, offset)
    scores = np.full(grid.shape, -np.inf, dtype=np.float32)
    scale = np.full(grid.shape, searches[0].scale)
    nulls = []
    if method == "invariants":
        for search in searches:
            found, null = invariant_map(grid, template, search, basis)
            better = found > scores
            scores[better], scale[better] = found[better], search.scale
            nulls.append(null)
        return Similarity(scores, scale, None, None, union_null(nulls))
    if basis is not None:
        raise InputError('a basis is for method="invariants"; the correlation takes none')
    rotations = rotation_grid(angle, grid.dimension)
    rotation = np.zeros(grid.shape, dtype=np.int32)
    for search in searches:
        result = correlation_map(grid, search.window, template.order, search.matched, rotations)
        better = result.scores > scores
        scores[better], scale[better] = result.scores[better], search.scale
        rotation[better] = result.rotations[better]
        nulls.append(search.null)
    return Similarity(scores, scale, rotation, rotations, union_null(nulls))


def detect(
    field: Any,
    template: Template,
    scales: Sequence[float] = (1.0,),
    false_discoveries: float = 0.05,
    threshold: float | None = None,
    min_distance: float | None = None,
    angle: float = 20.0,
    noise: Any = None,
    exhaustive: bool = False,
    spacing: float | Sequence[float] | None = None,
    boundary: str = "zero",
    offset: bool = True,
    confusion: float | None = CONFUSION,
    contrast: float = CONTRAST,
    candidates: Any = None,
) -> NDArray[Any]:
    """The places of a field that hold the template, however it is turned.

    Rotations are tried only where an upper bound made of invariants of degree 2 reaches what counts as a detection; so
    the table is the one that trying them everywhere gives (`exhaustive=True`). Newton steps lead from the grid to the
    best of all rotations. Of peaks that noise does not explain those stay that are copies rather than other objects.

    Args:
        field: as for `similarity`.
        template: what is looked for.
        scales: multiples of the template's size; the best one counts.
        false_discoveries: the expected share of places without an object among the detections, by the rule of Benjamini
            and Hochberg over all voxels and scales.
        threshold: the least score, between 0 and 1; it takes the place of `false_discoveries` and `confusion`.
        min_distance: between detections, in the units of the spacing; by default twice the scale of the window.
        angle: between rotations of the grid, in degrees.
        noise: as for `similarity`.
        exhaustive: try rotations at all voxels.
        spacing: of the voxels; by default that of the template.
        boundary: what is beyond the faces.
        offset: leave out what a constant has.
        confusion: the greatest probability that a detection is another object with the template's spectrum, where
            copies and other objects are equally frequent (`invgen.fields.evidence`). None where all objects are
            copies: then they are tested against noise alone.
        contrast: the least contrast of a copy as it is measured, as a share of the template's, so that the edges of
            stronger objects do not count. Its inverse is the greatest that is thought possible. 0 accepts any, which
            is right if template and field are in different units, or if objects vary.
        candidates: a map of the only voxels to look at, such as the best of a map by invariants; by default all. Then
            the bound is not used, and nothing is promised about other voxels.

    Returns:
        A structured array, the highest score first.

        * position: of the voxel, in the units of the spacing; the first voxel is at zero, or where the coordinates of
          an xarray.DataArray say.
        * voxel: its indices.
        * scale: of the template.
        * score: the greatest over all rotations.
        * p_value: the probability that noise reaches the score at one voxel, at any of the scales.
        * quaternion: (x, y, z, w) of the rotation R: the field about the position is the template turned by R.
        * rotation_covariance: (3, 3), of the rotation vector (radians, axes of the field) of the rotation that
          follows R. About an axis that changes nothing the variance is that of a uniform angle, π²/3. Without
          noise it is zero.
        * runner_up: the score of the second best separate maximum over rotations; NaN where none was found.

    Raises:
        InputError: an argument is not one of those listed, or field and template do not go together.

    Warns:
        UserWarning: noise is so strong, or moments are so few, that most copies could be other objects.
    """
    rules = SearchRules(
        scales=scales,
        false_discoveries=false_discoveries,
        threshold=threshold,
        min_distance=min_distance,
        angle=angle,
        noise=noise,
        exhaustive=exhaustive,
        spacing=spacing,
        boundary=boundary,
        offset=offset,
        confusion=confusion,
        contrast=contrast,
        candidates=candidates,
    )
    return search_field(field, template, rules).table


def search_field(field: Any, template: Template, rules: SearchRules | None = None) -> Detections:
    """`detect` with the share of the voxels at which rotations were tried."""
    rules = SearchRules() if rules is None else rules
    grid = field_of(field, template, rules.spacing, rules.boundary, rules.offset)
    chosen = _candidates(rules.candidates, grid)
    rotations = rotation_grid(rules.angle, grid.dimension)
    searches = searches_of(grid, template, rules.scales, rules.noise, rules.offset)
    trials = [_Trial.of(search, rules, rotations) for search in searches]
    for trial in trials:
        if trial.evidence is not None and not trial.evidence.sufficient:
            warnings.warn(
                f"at the scale {trial.search.scale:g} noise is so strong, or moments are so few, that most copies may "
                f"be other objects with a probability above the confusion of {rules.confusion:g}, and will not be "
                "listed; give confusion=None if all objects are copies",
                stacklevel=3,
            )
    null = union_null([search.null for search in searches])
    voxels = int(np.prod(grid.shape))
    count = _FIRST
    while True:
        least = rules.threshold
        if least is None:
            least = null.score_at(rules.false_discoveries * count / voxels)
        places, evaluated = _places(grid, template, trials, least, rotations, rules, chosen)
        p_values = null.p_value(np.array([place.score for place in places]))
        if rules.threshold is not None:
            break
        accepted = _accepted(np.sort(p_values), rules.false_discoveries, voxels)
        if accepted <= count:
            allowed = rules.false_discoveries * max(accepted, 1) / voxels
            places = [place for place, p in zip(places, p_values, strict=True) if p <= allowed]
            p_values = p_values[p_values <= allowed]
            break
        count = 2 * accepted
    return Detections(table_of(places, p_values, grid), evaluated)


def _accepted(p_values: NDArray[np.float64], rate: float, tests: int) -> int:
    """How many detections: from one on, the number grows while as many p-values are below what it allows."""
    count = 0
    while True:
        allowed = int(np.searchsorted(p_values, rate * max(count, 1) / tests, side="right"))
        if allowed <= count:
            return count
        count = allowed


def _places(
    grid: Grid,
    template: Template,
    trials: Sequence[_Trial],
    score: float,
    rotations: NDArray[np.float64],
    rules: SearchRules,
    candidates: NDArray[np.bool_] | None,
) -> tuple[list[Detection], float]:
    """The peaks that count, the highest first, and the share of voxels that were evaluated."""
    scores = np.full(grid.shape, NOT_EVALUATED, dtype=np.float32)
    which = np.zeros(grid.shape, dtype=np.int16)
    evaluated = 0.0
    for i, trial in enumerate(trials):
        search, level = trial.search, Level(score, trial.product)
        found = correlation_map(
            *(grid, search.window, template.order, search.matched, rotations, level, trial.margin),
            *(rules.exhaustive, candidates),
        )
        evaluated += found.evaluated / len(trials)
        better = found.scores > scores
        scores[better], which[better] = found.scores[better], i
    distance = 2.0 * template.window.scale if rules.min_distance is None else rules.min_distance
    voxels = peaks_of(scores, grid.spacing, distance, NOT_EVALUATED)
    places: list[Detection] = []
    for i, trial in enumerate(trials):
        here = voxels[which[tuple(voxels.T)] == i]
        level = Level(score, trial.product)
        places += refine(grid, template.order, trial.search, level, trial.evidence, rotations, here)
    # Equal scores keep the order of the voxels.
    return sorted(places, key=lambda place: (-place.score, place.voxel)), evaluated


def _margin(matched: MatchedCoordinates, rotations: NDArray[np.float64]) -> float:
    """The least share of its maximum that a turned template keeps on the grid of rotations."""
    generator = np.random.default_rng(0)
    quaternions = generator.normal(size=(_TURNS, 4))
    if matched.layout.dimension == 2:
        quaternions[:, :2] = 0.0
    quaternions /= np.linalg.norm(quaternions, axis=1, keepdims=True)
    exact = turned(matched.template, matched.layout, quaternions)
    found = (exact @ turned(matched.template, matched.layout, rotations).T).max(axis=1).min()
    return float(np.clip(found, 0.0, 1.0))


def _candidates(given: Any, grid: Grid) -> NDArray[np.bool_] | None:
    if given is None:
        return None
    found = np.asarray(given)
    if found.dtype != bool or found.shape != grid.shape:
        raise InputError(
            f"candidates are a map of true and false of the shape {grid.shape}, got {found.dtype} of shape "
            f"{found.shape}"
        )
    return found
