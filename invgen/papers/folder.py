"""What a paper folder holds: every file by name, made from a specification and the results of its tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from invgen._version import __version__
from invgen.papers import charts, citations, latex, writing
from invgen.papers.spec import PaperSpec
from invgen.papers.table import TableResult

README = """\
# {title}

This folder was made by invgen {version} from `spec.yaml`. No file in it depends on when or where it was made.

- `tables/`: each table as LaTeX (`\\usepackage{{booktabs}}`, `\\input{{tables/NAME}}`), CSV and Markdown.
- `figures/`: charts as SVG, and as PDF for `\\includegraphics`.
- `bases/`: the bases with their certificates; `invgen verify bases/NAME.json` rechecks one.
- `methods.tex`, `methods.md`: a paragraph for the methods section. `cite.bib`: what to cite.
- `example.tex`: an article that holds all of it: `pdflatex example`.

`invgen paper check FOLDER` verifies the certificates, makes every file anew and compares the bytes.
`invgen paper check FOLDER --quick` verifies the certificates and the hashes alone.
"""
_INTRODUCTION = (
    "Bases of invariants were generated with invgen {version} [cite]. Enumeration, ranks and selections are exact: "
    "integers, rationals, and arithmetic modulo primes. Every basis comes with a certificate that its file alone is "
    "enough to recheck."
)


@dataclass(frozen=True)
class PaperFiles:
    """The files of a folder.

    Attributes:
        files: bytes by path, with "/" between folders.
        bound: of files whose bytes depend on versions of packages, these versions.
    """

    files: Mapping[str, bytes]
    bound: Mapping[str, Mapping[str, str]]


def contents(spec: PaperSpec, results: Sequence[TableResult]) -> PaperFiles:
    """Every file but the manifest."""
    texts: dict[str, str] = {"spec.yaml": spec.text}
    binary: dict[str, bytes] = {}
    for result in results:
        name = result.table.name
        texts[f"tables/{name}.tex"] = latex.write_latex(result.table, spec.columns)
        texts[f"tables/{name}.csv"] = writing.write_csv(result.table)
        texts[f"tables/{name}.md"] = writing.write_markdown(result.table)
        texts.update({f"bases/{basis}.json": text for basis, text in result.bases.items()})
        texts.update({f"figures/{picture}.svg": text for picture, text in result.pictures.items()})
        if result.figure is not None:
            texts[f"figures/{name}.svg"] = charts.svg(result.figure)
            if spec.pdf:
                binary[f"figures/{name}.pdf"] = charts.pdf(result.figure)
    sentences = [sentence for result in results for sentence in result.sentences]
    texts["methods.tex"] = _methods_latex(sentences)
    texts["methods.md"] = (
        " ".join([_INTRODUCTION.format(version=__version__).replace(" [cite]", ""), *sentences]) + "\n"
    )
    texts["cite.bib"] = citations.bibliography(key for result in results for key in result.cite)
    texts["example.tex"] = _example(spec, results)
    texts["README.md"] = README.format(title=spec.title, version=__version__)
    files = {**{path: text.encode("utf-8") for path, text in texts.items()}, **binary}
    return PaperFiles(dict(sorted(files.items())), {path: charts.versions() for path in sorted(binary)})


def _methods_latex(sentences: Sequence[str]) -> str:
    cited = rf"\cite{{{','.join(citations.ALWAYS)}}}"
    first = latex.text(_INTRODUCTION.format(version=__version__)).replace("[cite]", cited)
    return "\n".join([first, *map(latex.text, sentences)]) + "\n"


def _example(spec: PaperSpec, results: Sequence[TableResult]) -> str:
    lines = [
        rf"\documentclass{'[twocolumn]' if spec.columns == 2 else ''}{{article}}",
        r"\usepackage{booktabs}",
        r"\usepackage{graphicx}",
        r"\setlength{\emergencystretch}{1em}",
        rf"\title{{{latex.text(spec.title)}}}",
        rf"\author{{{latex.text(', '.join(spec.authors))}}}",
        r"\date{}",
        r"\begin{document}",
        r"\maketitle",
        r"\section{Methods}",
        r"\input{methods}",
        "",
        r"\nocite{*}",
        *(rf"\input{{tables/{result.table.name}}}" for result in results),
    ]
    for result in results:
        if result.figure is not None and spec.pdf:
            lines += [
                r"\begin{figure}",
                r"\centering",
                rf"\includegraphics[width=\linewidth]{{figures/{result.table.name}.pdf}}",
                rf"\caption{{{latex.text(result.figure.caption)}}}",
                r"\end{figure}",
            ]
    lines += [r"\bibliographystyle{plain}", r"\bibliography{cite}", r"\end{document}"]
    return "\n".join(lines) + "\n"
