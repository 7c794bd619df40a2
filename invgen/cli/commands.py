"""What each command does. A stage is imported by the command that needs it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from invgen import progress
from invgen.cli import streams
from invgen.errors import BasisFileError, InputError
from invgen.reduction.options import ESTIMATE, OPTIONS

if TYPE_CHECKING:
    import argparse

    from invgen.basis.basis import Basis
    from invgen.spaces.space import TensorSpace


def generate(arguments: argparse.Namespace) -> None:
    """Make a basis and write it; nothing is written where anything fails."""
    given = [option for option in OPTIONS if getattr(arguments, option.name) is not None]
    if arguments.contractions is not None:
        extra = [option.flag for option in given if option.name != "convention"]
        extra += [] if arguments.workers is None else ["--workers"]
        if extra:
            raise InputError(f"--contractions keeps a list as it is, so {' and '.join(extra)} cannot go with it")
    elif arguments.max_degree is None:
        raise InputError("say how far to search with --max-degree N, or give a list with --contractions FILE")
    from invgen.spaces.outputs import noun
    from invgen.spaces.reading import read_axes, read_space

    axes = None if arguments.orientation is None else read_axes(arguments.orientation)
    space = read_space(arguments.irreps, arguments.group, axes)
    check_output(arguments.output)
    if arguments.contractions is not None:
        basis = _from_list(space, arguments.contractions, arguments.convention)
    else:
        from invgen.basis import generation

        options = {option.name: option.read(getattr(arguments, option.name)) for option in given}
        with TerminalBars() as bars, _workers(arguments.workers) as executor:
            basis = generation.generate(space, **options, progress=bars.update, executor=executor)
    facts = f"{len(basis)} {noun(basis.outputs)}, rank {basis.certificate.rank} of {basis.certificate.target}"
    if arguments.output is None:
        from invgen.basis import file as basis_file

        streams.write(basis_file.dumps(basis))
        streams.complain(f"standard output: {facts}, id {basis.id}")
    else:
        basis.save(arguments.output)
        streams.say(f"{arguments.output}: {facts}, id {basis.id}")


def _workers(count: int | None) -> AbstractContextManager[ProcessPoolExecutor | None]:
    """The processes that solve multidegrees, or none."""
    if count is None or count == 1:
        return nullcontext()
    if count < 1:
        raise InputError(f"--workers is at least 1, got {count}")
    return ProcessPoolExecutor(count)


def _from_list(space: TensorSpace, path: Path, convention: str | None) -> Basis:
    """The basis of a contractions file; a bad line is named by its number."""
    from invgen.basis.basis import Basis
    from invgen.contractions.expression import parse

    lines: dict[str, int] = {}
    for number, line in _lines(path):
        try:
            text = str(parse(line).check(space))
        except InputError as error:
            raise InputError(f"{path}, line {number}: {error}") from None
        if text in lines:
            raise InputError(f"{path}, line {number}: {text} is on line {lines[text]} already; leave one out")
        lines[text] = number
    if not lines:
        raise InputError(f"{path} holds no contraction; write one 'i,ij,j v,q,v' per line")
    return Basis.from_contractions(list(lines), space, convention)


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """The lines that are not blank, without comments, with their numbers from 1."""
    try:
        text = path.read_text(encoding="utf-8-sig")  # some editors begin a file with a byte order mark
    except OSError as error:
        raise InputError(f"cannot read the contractions file {path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise InputError(f"the contractions file {path} is not UTF-8 text: {error.reason}") from error
    for number, line in enumerate(text.splitlines(), start=1):
        content = line.partition("#")[0].strip()
        if content:
            yield number, content


class TerminalBars(progress.Bars):
    """Bars in a terminal, and above them the estimate of `generate`."""

    def update(self, text: str, done: int, total: int) -> None:
        """The callback of `generate`: the estimate, then what is being done, how many steps of how many."""
        if not text.startswith(ESTIMATE):
            super().update(text, done, total)
        elif sys.stderr is not None and sys.stderr.isatty():
            streams.complain(text)


def _load(path: Path | None) -> Basis:
    """The basis of a file, or of standard input where no file is given."""
    from invgen.basis.basis import Basis

    if path is not None:
        return Basis.load(path)
    from invgen.basis import file as basis_file

    return Basis.of(basis_file.held(basis_file.loads(streams.read(), _STDIN), _STDIN))


_STDIN = "standard input"


def check_output(path: Path | None) -> None:
    """Refuse before the work what could not be written after it."""
    if path is None:
        return
    if path.is_dir():
        raise InputError(f"{path} is a folder; name a file")
    _check_folder(path.parent)


def _check_folder(folder: Path) -> None:
    if not folder.is_dir():
        raise InputError(f"the folder {folder} does not exist; create it first")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise InputError(f"the folder {folder} cannot be written; choose another place")


def show(arguments: argparse.Namespace) -> None:
    """Print the facts of a basis and its members, or its report."""
    from invgen.show import tables

    basis = _load(arguments.file)
    streams.write(f"{basis.report()}\n" if arguments.report else tables.text(basis))


def cost(arguments: argparse.Namespace) -> None:
    """Print what the functions of the kernel cost."""
    from invgen.compiler.invariants import costs
    from invgen.passes.cost import table as cost_table

    streams.write(f"{cost_table(costs(_load(arguments.file)))}\n")


def table(arguments: argparse.Namespace) -> None:
    """Print or write a table."""
    from invgen import files

    check_output(arguments.output)
    text = _load(arguments.file).table(arguments.style, arguments.form)
    if arguments.output is None:
        streams.write(text)
    else:
        files.write_text(arguments.output, text)


def verify(arguments: argparse.Namespace) -> None:
    """Print each claim with its outcome; `BasisFileError` if one is false."""
    from invgen.basis import file as basis_file
    from invgen.basis.basis import Basis
    from invgen.reduction.claim import Claim

    path = arguments.file
    parts, stated, actual = basis_file.loads(streams.read(), _STDIN) if path is None else basis_file.read(path)
    basis = Basis.of(parts)
    claims = [Claim(f"the content has the id {stated}", stated == actual == basis.id), *basis.verify()]
    streams.write("".join(f"{'ok' if claim.holds else 'FAILED':6}  {claim.text}\n" for claim in claims))
    false = [claim.text for claim in claims if not claim.holds]
    if false:
        streams.flush()  # so that the lines come before the sentence where both go to one place
        raise BasisFileError(f"{len(false)} of {len(claims)} claims of {path or _STDIN} are false: {'; '.join(false)}")


def package(arguments: argparse.Namespace) -> None:
    """Write a kernel package."""
    _check_folder(arguments.output.parent)
    card: dict[str, object] | None = {"title": arguments.title, "use": arguments.use, "topics": arguments.topic}
    if arguments.title is None and arguments.use is None:
        if arguments.topic:
            raise InputError("--topic is part of a card; give --title and --use with it")
        card = None
    with TerminalBars() as bars:
        bars.update("read basis", 0, 1)
        basis = _load(arguments.file)
        from invgen.compiler.packages import write_package
        from invgen.spaces.outputs import noun

        folder = write_package(basis, arguments.output, bars.update, card, arguments.compressed)
        if arguments.prebuilt is not None:
            bars.update("compile", 0, 1)
            from invgen.runtime import load_package

            load_package(folder).prebuild(arguments.prebuilt)
    streams.say(f"{folder}: {len(basis)} {noun(basis.outputs)}, id {basis.id}")


def catalogue(arguments: argparse.Namespace) -> None:
    """Print the packages of the catalogue."""
    from invgen.catalogue.listing import entries, search
    from invgen.checks import nearest

    found = search(arguments.words)
    if not found:
        every = entries()
        hint = nearest(" ".join(arguments.words), [entry.name for entry in every])
        raise InputError(
            f"none of the {len(every)} packages of the catalogue has the words {' '.join(map(repr, arguments.words))}"
            f"{hint}; 'invgen catalogue' lists them"
        )
    if arguments.cards:
        streams.write("\n\n".join(str(e.card) if e.card is not None else f"{e.name}: {e.title}" for e in found) + "\n")
        return
    width = max(len(entry.name) for entry in found)
    streams.write("".join(f"{entry.name:{width}}  {entry.title}\n" for entry in found))


def library(arguments: argparse.Namespace) -> None:
    """Write a library with the operators of a package."""
    _check_folder(arguments.output.parent)
    with TerminalBars() as bars:
        bars.update("read package", 0, 1)
        from invgen.runtime import load_package

        loaded = load_package(arguments.package)
        bars.update("compile", 0, 1)
        written = loaded.write_operators(arguments.output, arguments.dtype)
    streams.say(f"{written}: operators of {loaded.name}, {arguments.dtype}")
