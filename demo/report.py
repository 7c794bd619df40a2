"""The page that a run writes: one HTML file that needs nothing else."""

from __future__ import annotations

import base64
import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from invariance import CLEAR, KERNEL_ERROR, Comparison
from neighbourhoods import Radial
from speed import Duration, Race

from invgen import Basis
from invgen.reduction.claim import Claim
from invgen.show.pictures import basis_svg

_STYLE = """
body { margin: 2.5rem auto; max-width: 72rem; padding: 0 1.5rem; background: #fff; color: #1c1c1c;
       font: 16px/1.55 system-ui, "Segoe UI", "DejaVu Sans", sans-serif; }
h1 { font-size: 1.9rem; line-height: 1.2; margin-bottom: .3rem; }
h2 { font-size: 1.25rem; margin-top: 2.6rem; border-bottom: 1px solid #ddd; padding-bottom: .25rem; }
p, li { max-width: 46rem; }
table { border-collapse: collapse; margin: 1rem 0; font-size: .92rem; }
caption { padding-bottom: .7rem; line-height: 1.5; }
th, td { padding: .28rem .9rem .28rem 0; border-bottom: 1px solid #e8e8e8; vertical-align: baseline; }
th { font-weight: 600; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
code { font-size: .92em; }
sub, sup { line-height: 0; }
small, .note { color: #555; }
.holds { color: #2f8256; font-weight: 600; }
.fails { color: #b8533a; font-weight: 600; }
figure { margin: 1rem 0; }
img { width: 100%; }
svg { max-width: 100%; height: auto; }
"""


@dataclass(frozen=True)
class Run:
    """Everything that one run of the demo found out; `seconds` holds the duration of each stage by its name."""

    basis: Basis
    claims: tuple[Claim, ...]
    molecules: int
    atoms: int
    alone: int
    elements: tuple[str, ...]
    radial: Radial
    comparisons: tuple[Comparison, ...]
    race: Race
    picture: str
    seconds: dict[str, float]


def page(run: Run) -> str:
    """The report as HTML text; pictures are embedded."""
    basis = run.basis
    sections = [
        f"<h1>{len(basis)} invariants of {escape(_irreps(basis))}, on real molecules</h1>",
        f'<p class="note">Generated, certified, compiled and run in {sum(run.seconds.values()):.1f} s. '
        "Every number on this page was computed by the run that wrote it.</p>",
        _found(run),
        "<h2>The basis</h2>",
        basis.table("html"),
        "<h2>Contraction graphs</h2>",
        "<p>A disc is a tensor, a line an index that two tensors share and that is summed over. "
        "No line is left open, so nothing is left that a rotation could turn.</p>",
        f"<figure>{basis_svg(basis)}</figure>",
        "<h2>The certificate</h2>",
        _certificate(run),
        "<h2>Real molecules</h2>",
        _molecules(run),
        "<h2>What a rotation changes</h2>",
        _invariance(run),
        "<h2>What the invariants see</h2>",
        _shapes(run),
        "<h2>Speed</h2>",
        _speed(run),
        "<h2>The run</h2>",
        table(("stage", "seconds"), [(name, f"{seconds:.2f}") for name, seconds in run.seconds.items()]),
    ]
    title = f"{len(basis)} invariants on real molecules"
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>{escape(title)}</title>\n'
        f'<meta name="viewport" content="width=device-width">\n<style>{_STYLE}</style>\n</head>\n<body>\n'
        + "\n".join(sections)
        + "\n</body>\n</html>\n"
    )


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table whose first column is text and whose others are numbers; cells are HTML."""
    kinds = [""] + [' class="number"'] * (len(header) - 1)
    head = "".join(f"<th{k or ' style=text-align:left'}>{h}</th>" for k, h in zip(kinds, header))
    body = ["<tr>" + "".join(f"<td{k}>{c}</td>" for k, c in zip(kinds, row)) + "</tr>" for row in rows]
    return f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n" + "\n".join(body) + "\n</tbody>\n</table>"


def scientific(value: float) -> str:
    """1.5 · 10⁻⁷, as HTML."""
    if value == 0:
        return "0"
    mantissa, exponent = f"{value:.1e}".split("e")
    return f"{mantissa}&middot;10<sup>{int(exponent)}</sup>".replace("-", "&minus;")


def _irreps(basis: Basis) -> str:
    return " + ".join(t.symbol for t in basis.space.tensors)


def _found(run: Run) -> str:
    single = [c for c in run.comparisons if c.dtype == "float32"]
    moved = [c.tensors[-1] for c in single]
    lines = [
        f"{len(run.basis)} of {run.basis.certificate.target} independent invariants were found"
        + (": the basis is locally complete, and that is proved." if run.basis.certificate.complete else "."),
        "A rotation or reflection changes none of them by more than "
        f"{scientific(max(max(c.relative) for c in single))} of its natural size in single precision, "
        "while it changes the moment tensors of rank "
        f"{run.basis.space.tensors[-1].l} by {min(moved):.1f} times their own.",
        f"The C kernel takes {_nanoseconds(run.race.timings[0].value.best, run)} for all {len(run.basis)} invariants "
        f"of one neighbourhood and channel, on {run.race.threads} threads.",
    ]
    return "<ul>" + "".join(f"<li>{line}</li>" for line in lines) + "</ul>"


def _certificate(run: Run) -> str:
    words = {True: '<span class="holds">holds</span>', False: '<span class="fails">fails</span>'}
    items = "".join(f"<li>{words[c.holds]}: {escape(c.text)}</li>" for c in run.claims)
    certificate = run.basis.certificate
    return (
        "<p>The rank of the Jacobian at one point modulo a prime is a lower bound of the number of independent "
        "invariants, the dimension of the space minus that of a generic orbit an upper bound. Where they meet, both "
        f"are proved. Each line was checked again from the basis alone.</p><ol>{items}</ol>"
        f'<p class="note">Primes {", ".join(map(str, certificate.primes))}; components of the minor '
        f"{', '.join(escape(run.basis.space.components[c]) for c in certificate.columns)}.</p>"
    )


def _molecules(run: Run) -> str:
    radial = run.radial
    centres = ", ".join(f"{c:.2f}" for c in radial.centres)
    return (
        f"<p>{run.molecules} molecules of the G2 set, {run.atoms} atoms of {len(run.elements)} elements "
        f"({', '.join(run.elements)}); {run.alone} atoms are alone and have no neighbourhood. The moment tensors of "
        "atom <i>i</i> are sums over its neighbours <i>j</i> of one element <i>Z</i>,</p>"
        "<p><i>E<sub>i</sub></i>[<i>c</i>, (<i>Z</i>, <i>&nu;</i>)] = &sum;<sub><i>j</i></sub> "
        "<i>s<sub>&nu;</sub></i>(<i>r<sub>ij</sub></i>) <i>Y<sub>c</sub></i>(<i>r<sub>ij</sub></i> / "
        "|<i>r<sub>ij</sub></i>|),</p><p>with real spherical harmonics <i>Y</i> in the convention "
        f"<code>{run.basis.convention}</code> and radial functions <i>s<sub>&nu;</sub></i>(<i>r</i>) = "
        "exp(&minus;(1/<i>r</i> &minus; 1/<i>&mu;<sub>&nu;</sub></i>)&sup2; / 2<i>&sigma;</i>&sup2;) "
        "<i>b</i>(<i>r</i> / <i>r<sub>c</sub></i>): Gaussians in 1/<i>r</i> as in HIP-NN, times the bump "
        "<i>b</i>(<i>t</i>) = exp(1 &minus; 1/(1 &minus; <i>t</i>&sup2;)), which goes to zero with all its "
        f"derivatives. <i>&mu;</i> = {centres} &Aring;, "
        f"<i>&sigma;</i> = {radial.width:.3f} &Aring;<sup>&minus;1</sup>, "
        f"<i>r<sub>c</sub></i> = {radial.cutoff:g} &Aring;. Each atom has {len(run.elements)} &times; "
        f"{len(radial.centres)} = {len(run.elements) * len(radial.centres)} channels.</p>"
    )


def _invariance(run: Run) -> str:
    rows = [
        (
            f"{c.motion}, {c.dtype}",
            *(f"{change:.2f}" for change in c.tensors),
            scientific(max(c.relative)),
            scientific(c.absolute),
            _percent(c.share),
        )
        for c in run.comparisons
    ]
    header = (
        "motion, arithmetic",
        *(f"moments, <i>l</i>&nbsp;=&nbsp;{t.l}" for t in run.basis.space.tensors),
        "invariants, relative",
        "absolute",
        "of the bound",
    )
    worst = max(run.comparisons, key=lambda c: c.share)
    single, double = KERNEL_ERROR["float32"], KERNEL_ERROR["float64"]
    return (
        "<p>Every molecule is turned by a rotation of its own, drawn at random, and once more by one that also "
        "reflects. The moment tensors are formed anew from the moved positions, and the compiled kernel evaluates "
        f"them. {run.comparisons[0].compared} numbers are compared in each line.</p>"
        + table(header, rows)
        + "<p><b>Moments</b>: the median of |moved &minus; original| / |original|. <b>Relative</b>: the largest change "
        "of an invariant, divided by the product of the Frobenius norms of the tensors that it contracts, wherever "
        f"these keep more than {CLEAR:g} of their norm in the sum over neighbours. That product is the natural size of "
        "a contraction, which is never larger (Cauchy&ndash;Schwarz, edge by edge). <b>Of the bound</b>: the "
        "largest part that was used of what rounding may change, over all neighbourhoods, symmetric ones included.</p>"
        "<p>The bound: an invariant of degree <i>n</i> is linear in each of its <i>n</i> tensors, so rounding them "
        "costs at most <i>n</i> units of roundoff, and the kernel itself is held to "
        f"{scientific(single)} (float32) or {scientific(double)} (float64), both relative to the product of the norms "
        "and both counted twice. To this comes the rounding of the positions, which is relative to the sum over "
        "neighbours before anything cancels: a symmetric neighbourhood has tensors that vanish but for it. "
        f'<span class="{"holds" if worst.share <= 1 else "fails"}">No change exceeds {_percent(worst.share)} of its '
        "bound.</span></p>"
    )


def _shapes(run: Run) -> str:
    image = base64.b64encode(run.picture.encode()).decode()
    return (
        "<p>Summed over elements, seen through one radial function, and divided by the value for a single neighbour, "
        "the invariants describe the shape of an atom's surroundings. Linear centres have "
        "<i>T</i><sup>(1)</sup> = 0 and the full <i>T</i><sup>(2)</sup>; planar ones turn the sign of "
        "<i>T</i><sup>(2)</sup><sub>ij</sub><i>T</i><sup>(2)</sup><sub>ik</sub><i>T</i><sup>(2)</sup><sub>jk</sub>; in "
        "tetrahedral ones <i>T</i><sup>(1)</sup> and <i>T</i><sup>(2)</sup> vanish and only <i>T</i><sup>(3)</sup> is "
        "left; in pyramidal and bent ones, where lone pairs push the bonds to one side, all of them take part. On "
        "the right, the same numbers for every atom with two bonds or more: nobody told them about hybridisation.</p>"
        f'<figure><img alt="Invariants of known shapes, and a map of all atoms" '
        f'src="data:image/svg+xml;base64,{image}"></figure>'
    )


def _speed(run: Run) -> str:
    ours = {t.polynomials: t for t in reversed(run.race.timings)}
    rows = [
        (
            f"{escape(t.name)}<br><small>{escape(t.polynomials)}</small>",
            _milliseconds(t.value),
            _nanoseconds(t.value.best, run),
            f"{t.value.best / ours[t.polynomials].value.best:.1f}",
            _milliseconds(t.gradient),
            f"{t.gradient.best / ours[t.polynomials].gradient.best:.1f}",
        )
        for t in run.race.timings
    ]
    header = ("", "value, ms", "per sample", "times the kernel", "value and gradient, ms", "times the kernel")
    if run.race.hippynn is None:
        about = "hippynn is not installed, so its layer was not timed."
    else:
        about = (
            f"hippynn {escape(run.race.hippynn)} computes its own list of 13 invariants in its own components, "
            "eagerly. The kernel beside it was compiled from the same list in the same components and evaluates the "
            "same samples, each in the layout that it wants, transposed beforehand; their largest difference is "
            f"{scientific(run.race.disagreement or 0.0)} of the product of the norms."
        )
    return (
        f"<p>{run.race.samples} samples (atoms &times; channels) in float32 on {run.race.threads} threads, "
        f"{run.comparisons[0].compared // len(run.basis)} of them not zero (the programs are straight lines, so it is "
        "the same work), as a user calls it: fresh output, the gradient by autograd. Best of interleaved calls, with "
        "the median in brackets: what else runs on the machine can only slow a call down, and does so for all.</p>"
        + table(header, rows)
        + f'<p class="note">{about}</p>'
    )


def _percent(share: float) -> str:
    """Rounded up, so that nothing exceeds it."""
    return f"{math.ceil(100 * share)}%"


def _milliseconds(duration: Duration) -> str:
    return f"{1e3 * duration.best:.2f} <small>({1e3 * duration.median:.2f})</small>"


def _nanoseconds(seconds: float, run: Run) -> str:
    return f"{1e9 * seconds / run.race.samples:.3g} ns"
