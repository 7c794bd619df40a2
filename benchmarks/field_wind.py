"""Vortices and saddles of the wind of one day, by invariants in local planes, and a Hill vortex in turbulence."""

from __future__ import annotations

import argparse
import re
from io import StringIO
from math import comb
from pathlib import Path
from typing import Any

import numpy as np
from scipy import ndimage
from scipy.spatial.transform import Rotation

from benchmarks.support import DATA, ROOT, describe, machine, table, write_json
from invgen import Basis, TensorSpace, fields, generate
from invgen.files import write_text

SIGMA = 350.0  # km: 3.1 cells of one degree
STEP = SIGMA / 5
REACH = 30  # steps, 6 sigma
ORDER = 3
RADIUS = 6371.0
APART = 900.0  # km between two vortices of a list
SEED = 20261130
WIND = DATA / "gfs_wind" / "gfs_wind_20140131_1deg.npz"
RESULT = ROOT / "benchmarks" / "results" / "field_wind.json"
FIGURE = ROOT / "docs" / "figures" / "field_wind.svg"
KNOWN = {"10 N 130 E": (10.0, 130.0), "31 S 178 W": (-31.0, -178.0)}
NEAR = 500.0  # km
_PAD = 8

Array = np.ndarray


# --- The wind in planes.


class Globe:
    """The wind as vectors of space, interpolated by splines across the date line and the poles."""

    def __init__(self, path: Path, degree: int = 3) -> None:
        with np.load(path) as stored:
            u, v, lat, lon = (stored[name].astype(np.float64) for name in ("u", "v", "lat", "lon"))
        phi, lam = np.radians(lat)[:, None], np.radians(lon)[None]
        east = np.stack([-np.sin(lam) + 0 * phi, np.cos(lam) + 0 * phi, 0 * (lam + phi)])
        north = np.stack([-np.sin(phi) * np.cos(lam), -np.sin(phi) * np.sin(lam), np.cos(phi) + 0 * lam])
        wind = u * east + v * north  # (3, lat, lon), smooth at the poles
        over = np.roll(wind, 180, axis=2)  # beyond a pole the same meridian goes on at the other side
        wind = np.concatenate([over[:, _PAD:0:-1], wind, over[:, -2 : -_PAD - 2 : -1]], axis=1)
        wind = np.pad(wind, ((0, 0), (0, 0), (_PAD, _PAD)), mode="wrap")
        self.degree = degree
        self._splines = [ndimage.spline_filter(w, order=degree) if degree > 1 else w for w in wind]

    def at(self, lat: Array, lon: Array) -> Array:
        """The vectors at places in degrees, (..., 3)."""
        where = np.stack([90.0 - lat + _PAD, np.mod(lon, 360.0) + _PAD])
        parts = [ndimage.map_coordinates(s, where, order=self.degree, prefilter=False) for s in self._splines]
        return np.stack(parts, axis=-1)


def planes(globe: Globe, places: Array, turn: float = 0.0) -> Array:
    """The wind in the azimuthal equidistant plane about each place, (places, 61, 61, 2).

    Vectors are carried along great circles. x points east, or is turned from there.
    """
    offsets = STEP * np.arange(-REACH, REACH + 1)
    x, y = np.meshgrid(offsets, offsets, indexing="ij")
    distance, angle = np.hypot(x, y), np.arctan2(y, x) + turn
    arc = distance / RADIUS
    found = np.empty((len(places), *x.shape, 2))
    for i, (lat, lon) in enumerate(np.radians(places)):
        out = np.array([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])
        east = np.array([-np.sin(lon), np.cos(lon), 0.0])
        north = np.cross(out, east)
        away = np.cos(angle)[..., None] * east + np.sin(angle)[..., None] * north  # at the place
        spot = np.cos(arc)[..., None] * out + np.sin(arc)[..., None] * away
        radial = np.cos(arc)[..., None] * away - np.sin(arc)[..., None] * out  # the same direction at the spot
        across = np.cross(spot, radial)
        lats, lons = (
            np.degrees(np.arcsin(np.clip(spot[..., 2], -1, 1))),
            np.degrees(np.arctan2(spot[..., 1], spot[..., 0])),
        )
        wind = globe.at(lats, lons)
        r, t = (wind * radial).sum(axis=-1), (wind * across).sum(axis=-1)
        plain = angle - turn
        found[i] = np.stack([r * np.cos(plain) - t * np.sin(plain), r * np.sin(plain) + t * np.cos(plain)], axis=-1)
    return found


def weights() -> Array:
    """The functions of the Hermite window, (moments, 61, 61), in the order of the components of a scalar field."""
    window = fields.Window.hermite(SIGMA)
    rows = window.rows(ORDER, STEP)
    exponents = [(a, n - a) for n in range(ORDER + 1) for a in range(n, -1, -1)]
    return np.stack([np.multiply.outer(rows[a], rows[b]) * window.entry((a, b)) for a, b in exponents])


def moments_of(flow: Array) -> Array:
    """Vector moments of planes without their weighted mean wind, (places, 20): a uniform wind changes nothing."""
    made = weights()
    mean = np.einsum("xy,pxyv->pv", made[0], flow) / made[0].sum()
    rest = flow - mean[:, None, None]
    return np.einsum("mxy,pxyv->pmv", made, rest).reshape(len(flow), -1)


def places_on_the_globe(spacing: float) -> Array:
    """Latitudes and longitudes about so many degrees apart, between 78 S and 78 N."""
    rows = []
    for lat in np.arange(-78.0, 78.1, spacing):
        count = max(1, round(360 * np.cos(np.radians(lat)) / spacing))
        rows += [(lat, lon) for lon in -180 + 360 * np.arange(count) / count]
    return np.array(rows)


def kilometres(a: Array, b: Array) -> Array:
    """Great-circle distances."""
    (p, l), (q, m) = np.radians(np.moveaxis(a, -1, 0)), np.radians(np.moveaxis(b, -1, 0))
    inner = np.sin(p) * np.sin(q) + np.cos(p) * np.cos(q) * np.cos(l - m)
    return RADIUS * np.arccos(np.clip(inner, -1, 1))


# --- Patterns.


def patterns() -> dict[str, Array]:
    """Moments of analytic flows with a greatest speed of 1 m/s, about as wide as the window."""
    offsets = np.arange(-REACH, REACH + 1) / 5.0
    x, y = np.meshgrid(offsets, offsets, indexing="ij")
    shape = np.exp(-(x**2 + y**2 - 1) / 2)
    flows = {
        "counter-clockwise": np.stack([-y * shape, x * shape], axis=-1),
        "clockwise": np.stack([y * shape, -x * shape], axis=-1),
        "saddle": np.stack([x * shape, -y * shape], axis=-1),
    }
    return {name: moments_of(flow[None])[0] for name, flow in flows.items()}


def norms(x: Array) -> Array:
    """The Frobenius norm of the moments, which does not change as the plane is turned."""
    weights = [comb(n, a) for n in range(ORDER + 1) for a in range(n, -1, -1)]
    return np.sqrt(x**2 @ np.repeat(weights, 2))


class Shares:
    """Invariants as shares: each divided by the norm of the moments to its degree, and by its largest value there."""

    def __init__(self, basis: Basis) -> None:
        self.basis = basis
        self.degrees = np.array(basis.degrees)
        rng = np.random.default_rng(SEED)
        x = rng.normal(size=(4000, basis.space.dimension))
        x[:, :2] = 0.0  # the mean wind is removed
        self._largest = np.ones(len(basis))
        self._largest = abs(self(x)).max(axis=0)
        self.seen = self._largest > 1e-9  # not those of the mean wind alone

    def __call__(self, x: Array) -> Array:
        norm = norms(x)[..., None]
        found = np.asarray(self.basis.evaluate(x)) / norm**self.degrees
        return found / np.where(self._largest > 1e-9, self._largest, 1.0)


def scores(shares: Shares, x: Array, pattern: Array) -> tuple[Array, Array]:
    """Similarity in 0..1 by invariants, and the amplitude in m/s: how often the pattern, turned at best, is in it."""
    wanted = shares(pattern[None])[0][shares.seen]
    apart = np.linalg.norm(shares(x)[:, shares.seen] - wanted, axis=1) / np.linalg.norm(wanted)
    return np.maximum(0.0, 1.0 - apart), norms(x) / norms(pattern)


def strongest(places: Array, score: Array, count: int) -> list[int]:
    """The places of the highest scores that are not near to a higher one."""
    kept: list[int] = []
    for i in np.argsort(-score):
        if score[i] <= 0 or len(kept) == count:
            break
        if not kept or kilometres(places[i], places[kept]).min() > APART:
            kept.append(int(i))
    return kept


def divergence(x: Array) -> Array:
    """The trace of the moments of order 1: positive where air flows away."""
    return x[:, 2] + x[:, 5]  # x of the vector at x, and y at y


# --- The globe.


def day(spacing: float) -> dict[str, Any]:
    """Tables of vortices and saddles, and the checks."""
    globe, places = Globe(WIND), places_on_the_globe(spacing)
    x = np.concatenate([moments_of(planes(globe, part)) for part in np.array_split(places, max(1, len(places) // 200))])
    basis = generate(TensorSpace.moments(range(ORDER + 1), "vector", 2, "SO2"), 4)
    shares = Shares(basis)
    found: dict[str, Any] = {"places": len(places), "invariants": len(basis)}
    rows = []
    for name, pattern in patterns().items():
        similarity, amplitude = scores(shares, x, pattern)
        score = similarity * amplitude
        for i in strongest(places, score, 30):
            lat, lon = map(float, places[i])
            rows.append(
                {
                    "pattern": name,
                    "lat": lat,
                    "lon": lon,
                    "similarity": float(similarity[i]),
                    "amplitude": float(amplitude[i]),
                    "score": float(score[i]),
                    "divergence": float(divergence(x[i : i + 1])[0]),
                }
            )
    found["rows"] = sorted(rows, key=lambda row: -row["score"])
    found["turned"] = turned(globe, places, shares)
    return found


def turned(globe: Globe, places: Array, shares: Shares) -> dict[str, Any]:
    """How much shares change as the plane is turned, with splines and with bilinear interpolation."""
    some = places[np.random.default_rng(SEED).choice(len(places), 60, replace=False)]
    found = {}
    for name, wind in (("cubic", globe), ("bilinear", Globe(WIND, degree=1))):
        values = [shares(moments_of(planes(wind, some, turn))) for turn in (0.0, 0.4, 1.1)]
        change = np.max([abs(v - values[0]) for v in values[1:]], axis=0).max(axis=1)
        found[name] = {"median": float(np.median(change)), "greatest": float(change.max())}
    return found


def vortices(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those of both senses, the strongest first."""
    return [row for row in rows if row["pattern"] != "saddle"]


def agrees(row: dict[str, Any]) -> bool:
    """Whether what turns like a low takes in air at the ground, and what turns like a high gives it off."""
    low = (row["pattern"] == "counter-clockwise") == (row["lat"] > 0)
    return bool(low == (row["divergence"] < 0))


def draw(rows: list[dict[str, Any]]) -> None:
    """The wind as arrows, vortices and saddles as signs as large as their amplitude."""
    import matplotlib
    from matplotlib import pyplot

    matplotlib.rcParams.update({"svg.hashsalt": "invgen", "svg.fonttype": "none", "font.size": 8})
    with np.load(WIND) as stored:
        u, v, lat, lon = (stored[name][...] for name in ("u", "v", "lat", "lon"))
    u, v, lon = np.roll(u, 180, axis=1), np.roll(v, 180, axis=1), np.where(lon >= 180, lon - 360, lon)
    lon = np.roll(lon, 180)
    figure, axes = pyplot.subplots(figsize=(7, 3.8), layout="constrained")
    some, rows_of = slice(None, None, 24), slice(18, -18, 24)
    arrows = u[rows_of, some], v[rows_of, some]
    axes.quiver(lon[some], lat[rows_of], *arrows, color="#9aa5ad", width=0.0012, scale=500)
    signs = {"counter-clockwise": ("$\\circlearrowleft$", "#1b4b7a"), "clockwise": ("$\\circlearrowright$", "#c0392b")}
    signs["saddle"] = ("x", "#3a7d44")
    for name, (marker, colour) in signs.items():
        chosen = [row for row in rows if row["pattern"] == name][:20]
        for least, most, size in ((0, 10, 70), (10, 18, 150), (18, np.inf, 280)):  # one drawing for all of a size
            spots = [(row["lon"], row["lat"]) for row in chosen if least <= row["amplitude"] < most]
            label = name if least == 10 else None
            area = size / 5 if name == "saddle" else size
            x, y = np.array(spots).reshape(-1, 2).T
            axes.scatter(x, y, s=area, marker=marker, color=colour, label=label, linewidths=0.8)
    axes.set(xlim=(-180, 180), ylim=(-80, 80), xlabel="longitude", ylabel="latitude")
    figure.legend(loc="outside upper center", ncols=3, frameon=False, markerscale=0.7)
    text = StringIO()
    figure.savefig(text, format="svg", metadata={"Date": None})
    pyplot.close(figure)
    write_text(FIGURE, re.sub(r"(\d\.\d)\d+", r"\1", text.getvalue()))  # tenths of a point are enough for arrows


# --- A Hill vortex in turbulence.


def hill(size: int, centre: Array, axis: Array, radius: float) -> Array:
    """The velocity of Hill's vortex that moves along an axis through fluid at rest, (n, n, n, 3)."""
    d = np.stack(np.meshgrid(*[np.arange(size, dtype=float)] * 3, indexing="ij"), axis=-1) - centre
    z = d @ axis
    r2 = np.maximum((d**2).sum(axis=-1), 1e-12)
    across = d - z[..., None] * axis
    rho2 = (across**2).sum(axis=-1)
    inside = r2 < radius**2
    ratio = (radius**2 / r2) ** 1.5
    along = np.where(inside, 2.5 - 1.5 * (2 * rho2 + z**2) / radius**2, ratio - 1.5 * rho2 / r2 * ratio)
    out = np.where(inside, 1.5 * z / radius**2, 1.5 * z * ratio / r2)
    return along[..., None] * axis + out[..., None] * across


def turbulence(size: int, rng: np.random.Generator, width: float = 2.0) -> Array:
    """A Gaussian random field without divergence, of rms 1 for each component, (n, n, n, 3)."""
    k = 2 * np.pi * np.stack(np.meshgrid(*[np.fft.fftfreq(size)] * 3, indexing="ij"), axis=-1)
    k2 = np.maximum((k**2).sum(axis=-1), 1e-12)
    shape = np.exp(-k2 * width**2 / 2)
    noise = np.stack([np.fft.fftn(rng.normal(size=(size,) * 3)) * shape for _ in range(3)], axis=-1)
    noise -= k * ((noise * k).sum(axis=-1) / k2)[..., None]
    field = np.fft.ifftn(noise, axes=(0, 1, 2)).real
    return field / field.std()


class Gaussian:
    """Mean and covariance of invariants."""

    def __init__(self, samples: Array) -> None:
        self.mean = samples.mean(axis=0)
        covariance = np.cov(samples.T)
        scale = np.sqrt(np.diag(covariance))
        self._inverse = np.linalg.pinv(covariance / np.outer(scale, scale), hermitian=True) / np.outer(scale, scale)
        self._volume = np.linalg.slogdet(covariance / np.outer(scale, scale))[1] + 2 * np.log(scale).sum()

    def distance(self, values: Array) -> Array:
        """The squared Mahalanobis distance."""
        rest = values - self.mean
        return np.einsum("...i,ij,...j->...", rest, self._inverse, rest)

    def surprise(self, values: Array) -> Array:
        """Minus twice the logarithm of the density, but for a constant."""
        return self.distance(values) + self._volume


def vortex_in_turbulence(scenes: int) -> list[dict[str, Any]]:
    """How often the best voxel is at the vortex, whatever its axis."""
    size, radius, order = 40, 6.0, 2
    window = fields.Window.hermite(2.4)
    basis = generate(TensorSpace.moments(range(order + 1), "vector"), 4)
    centre = np.full(3, size // 2.0)
    template = hill(size, centre, np.array([0.0, 0.0, 1.0]), radius)
    strength = template[np.linalg.norm(np.indices((size,) * 3).T - centre, axis=-1) < radius].std()
    pure = fields.moments(template, order, window, values="vector", at=centre[None]).values[0]
    rng = np.random.default_rng(SEED + 1)
    rows = []
    for noise in (0.25, 0.5, 1.0):
        errors: dict[str, list[float]] = {"template": [], "template against background": []}
        for _ in range(scenes):
            axis = Rotation.random(random_state=int(rng.integers(2**31))).as_matrix()[:, 2]
            spot = rng.integers(12, size - 12, 3).astype(float)
            background = turbulence(size, rng) * strength * noise
            others = turbulence(size, rng) * strength * noise  # another draw of the same noise
            seen = fields.moments(others, order, window, values="vector", boundary="wrap").values.reshape(-1, len(pure))
            drawn = seen[rng.choice(len(seen), 4000, replace=False)]
            with_template, alone = (Gaussian(np.asarray(basis.evaluate(x))) for x in (pure + drawn, drawn))
            field = background + hill(size, spot, axis, radius)
            values = fields.invariants(field, basis, window, boundary="wrap")
            distance = with_template.distance(values)
            for name, score in (
                ("template", distance),
                ("template against background", with_template.surprise(values) - alone.surprise(values)),
            ):
                best = np.array(np.unravel_index(score.argmin(), score.shape))
                errors[name].append(float(np.linalg.norm(best - spot)))
        found = {name: sum(e <= 2.0 for e in each) for name, each in errors.items()}
        rows.append({"noise": noise, "scenes": scenes, "found": found, "errors": errors})
    return rows


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fields wind", description=__doc__)
    parser.add_argument("--spacing", type=float, default=2.5, help="degrees between places; 2.5")
    parser.add_argument("--scenes", type=int, default=8, help="scenes for each level of turbulence; 8")
    parser.add_argument("--json", type=Path, default=RESULT, help="where the results go")
    given = parser.parse_args(arguments)
    where = machine()
    print(describe(where), end="\n\n")
    result: dict[str, Any] = {"machine": where, "seed": SEED}
    if WIND.is_file():
        result["wind"] = found = day(given.spacing)
        rows = found["rows"]
        lines = [
            [r["pattern"], f"{r['lat']:.0f}", f"{r['lon']:.0f}", f"{r['amplitude']:.1f}", f"{r['similarity']:.2f}"]
            for name in patterns()
            for r in [row for row in rows if row["pattern"] == name][:8]
        ]
        print(table(["pattern", "latitude", "longitude", "amplitude, m/s", "similarity"], lines), end="\n\n")
        top = vortices(rows)[:30]
        print(f"the strongest 30 vortices: {sum(map(agrees, top))} flow in as lows or out as highs of their hemisphere")
        for name, spot in KNOWN.items():
            distances = [float(kilometres(np.array([r["lat"], r["lon"]]), np.array(spot))) for r in vortices(rows)]
            nearest = next((i for i, d in enumerate(distances) if d < NEAR), None)
            print(
                f"{name}: " + ("none" if nearest is None else f"number {nearest + 1}, {distances[nearest]:.0f} km away")
            )
        for name, change in found["turned"].items():
            print(
                f"change as the plane is turned, {name}: "
                f"median {change['median']:.2%}, at most {change['greatest']:.2%}"
            )
        draw(rows)
    else:
        print(f"the wind is skipped: {WIND.name} is not in the folder of data sets; set INVGEN_DATA")
    result["hill"] = vortex_in_turbulence(given.scenes)
    lines = [
        [f"{r['noise']:g}", *(f"{count} of {r['scenes']}" for count in r["found"].values())] for r in result["hill"]
    ]
    head = ["turbulence / rms of the vortex", "Mahalanobis, template", "template against background"]
    print("\n" + table(head, lines))
    write_json(given.json, result)
