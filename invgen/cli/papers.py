"""`invgen paper`: a folder of tables, figures, bases and text from a specification, and its check."""

from __future__ import annotations

from typing import TYPE_CHECKING

from invgen.cli import commands, streams
from invgen.errors import InputError

if TYPE_CHECKING:
    import argparse

# The name, the summary and the text of each command.
PAPER = (
    "paper",
    "make the tables, figures and bases of a paper, and check them",
    """\
examples:
  invgen paper build papers/moments.yaml -o moments
  invgen paper check moments

Output: see 'invgen paper build --help' and 'invgen paper check --help'.""",
)
BUILD = (
    "build",
    "make a folder with everything that a paper's tables need",
    """\
SPEC is a YAML file with a title and a list of tables; docs/papers.md says how to write one.

example:
  invgen paper build papers/moments.yaml -o moments

Output: FOLDER with tables (LaTeX with booktabs, CSV, Markdown), figures (SVG, PDF), basis files with certificates,
a methods paragraph, BibTeX, an example article of two columns, and a manifest of hashes; and one line. The same SPEC
gives the same bytes. An interrupted run continues with the tables that it lacks. A folder that invgen made is replaced,
one that somebody changed is not.""",
)
CHECK = (
    "check",
    "verify the certificates of a paper folder, make all files anew and compare them",
    """\
example:
  invgen paper check moments
  invgen paper check moments --quick

Output: one line per basis and per file, "ok" or "FAILED" with the line, cell or number that differs. PDF files are
bound to the version of matplotlib that made them and are compared under that version alone. Exit code 2 if anything
differs.""",
)


def build(arguments: argparse.Namespace) -> None:
    """Make a folder."""
    from invgen.papers import building, spec

    given = spec.read(arguments.spec)
    with commands.TerminalBars() as bars:
        made = building.build(given, arguments.output, bars.update)
    tables, bases = len(given.tables), len(made.bases)
    counts = f"{tables} table{'s' * (tables != 1)}, {bases} {'basis' if bases == 1 else 'bases'}"
    streams.say(f"{arguments.output}: {counts}, {len(made.files)} files")


def check(arguments: argparse.Namespace) -> None:
    """Print every claim with its outcome; `InputError` if one is false."""
    from invgen.papers import checking

    false, count = [], 0
    with commands.TerminalBars() as bars:
        for claim in checking.check(arguments.folder, arguments.quick, bars.update):
            count += 1
            streams.write(f"{'ok' if claim.holds else 'FAILED':6}  {claim.text}\n")
            false += [] if claim.holds else [claim.text]
    if false:
        streams.flush()  # so that the lines come before the sentence where both go to one place
        raise InputError(f"{len(false)} of {count} claims of {arguments.folder} are false; the first: {false[0]}")
