"""What each command does. A stage is imported by the command that needs it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from invgen.errors import BasisFileError, InputError

if TYPE_CHECKING:
    import argparse

    from tqdm import tqdm

    from invgen.basis.basis import Basis
    from invgen.spaces.space import TensorSpace


def generate(arguments: argparse.Namespace) -> None:
    """Make a basis and write it; nothing is written where anything fails."""
    names = ("select", "flexible", "order", "forms", "outputs", "total_degree", "weights")
    given = {name: getattr(arguments, name) for name in names}
    options: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
    if arguments.strata:
        options["strata"] = True
    if arguments.contractions is not None:
        extra = ["--max-degree"] if arguments.max_degree is not None else []
        extra += [f"--{name.replace('_', '-')}" for name in options]
        extra += [f"--{name}" for name in ("workers", "checkpoint") if getattr(arguments, name) is not None]
        if extra:
            raise InputError(f"--contractions keeps a list as it is, so {' and '.join(extra)} cannot go with it")
    elif arguments.max_degree is None:
        raise InputError("say how far to search with --max-degree N, or give a list with --contractions FILE")
    from invgen.spaces.outputs import noun
    from invgen.spaces.reading import read_space

    space = read_space(arguments.irreps, arguments.group)
    _check_output(arguments.output)
    if arguments.contractions is not None:
        basis = _from_list(space, arguments.contractions, arguments.convention)
    else:
        from invgen.basis import generation
        from invgen.reduction.search import limits, orders

        if "order" in options:
            options["order"] = orders.parse(options["order"])
        if "weights" in options:
            options["weights"] = limits.parse_weights(options["weights"])
        if arguments.checkpoint is not None:
            options["checkpoint"] = arguments.checkpoint
        with _Bars() as bars, _workers(arguments.workers) as executor:
            basis = generation.generate(
                space,
                arguments.max_degree,
                convention=arguments.convention,
                progress=bars.update,
                executor=executor,
                **options,
            )
    basis.save(arguments.output)
    rank = f"rank {basis.certificate.rank} of {basis.certificate.target}"
    print(f"{arguments.output}: {len(basis)} {noun(basis.outputs)}, {rank}, id {basis.id}")


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
    from invgen.contractions.contraction import parse

    lines: dict[str, int] = {}
    for number, line in _lines(path):
        try:
            text = str(parse(line).check(space))
        except InputError as error:
            raise InputError(f"{path}, line {number}: {error}") from None
        if text in lines:
            raise InputError(f"{path}, line {number}: {text} stands on line {lines[text]} already; leave one out")
        lines[text] = number
    if not lines:
        raise InputError(f"{path} holds no contraction; write one 'i,ij,j v,q,v' a line")
    return Basis.from_contractions(list(lines), space, convention)


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """The lines that say something, without comments, with their numbers from 1."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise InputError(f"cannot read the contractions file {path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise InputError(f"the contractions file {path} is not UTF-8 text: {error.reason}") from error
    for number, line in enumerate(text.splitlines(), start=1):
        content = line.partition("#")[0].strip()
        if content:
            yield number, content


_ESTIMATE = "estimate: "  # as `generation` writes it, which only the commands that need it import


class _Bars:
    """One bar per named stretch of work, on standard error, and none where that is no terminal."""

    def __init__(self) -> None:
        self._text = ""
        self._bar: tqdm[NoReturn] | None = None

    def __enter__(self) -> _Bars:
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.close()

    def update(self, text: str, done: int, total: int) -> None:
        """The callback of `generate`: the estimate, then what is being done, how many steps of how many."""
        if text.startswith(_ESTIMATE):
            if sys.stderr.isatty():
                print(text, file=sys.stderr)
            return
        if self._bar is None or text != self._text:
            from tqdm import tqdm

            if self._bar is not None:
                self._bar.close()
            self._text = text
            # disable=None asks whether the file is a terminal
            self._bar = tqdm(total=total, desc=text, leave=False, disable=None, file=sys.stderr)
        self._bar.update(done - self._bar.n)


def _check_output(path: Path) -> None:
    """Refuse before the work what could not be written after it."""
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
    from invgen.basis.basis import Basis
    from invgen.show import tables

    basis = Basis.load(arguments.file)
    if arguments.report:
        print(basis.report())
    else:
        print(tables.text(basis), end="")


def cost(arguments: argparse.Namespace) -> None:
    """Print what the functions of the kernel cost."""
    from invgen.basis.basis import Basis
    from invgen.compiler.invariants import costs
    from invgen.passes.cost import table as cost_table

    print(cost_table(costs(Basis.load(arguments.file))))


def table(arguments: argparse.Namespace) -> None:
    """Print or write a table."""
    from invgen import files
    from invgen.basis.basis import Basis

    if arguments.output is not None:
        _check_output(arguments.output)
    text = Basis.load(arguments.file).table(arguments.style)
    if arguments.output is None:
        sys.stdout.write(text)
    else:
        files.write_text(arguments.output, text)


def verify(arguments: argparse.Namespace) -> None:
    """Print each claim with its outcome; `BasisFileError` if one is false."""
    from invgen.basis import file as basis_file
    from invgen.reduction.proofs.claims import Claim

    basis, stated, actual = basis_file.read(arguments.file)
    claims = [Claim(f"the content has the id {stated}", stated == actual == basis.id), *basis.verify()]
    for claim in claims:
        print(f"{'ok' if claim.holds else 'FAILED':6}  {claim.text}")
    false = [claim.text for claim in claims if not claim.holds]
    if false:
        sys.stdout.flush()  # so that the lines come before the sentence where both go to one place
        raise BasisFileError(f"{len(false)} of {len(claims)} claims of {arguments.file} are false: {'; '.join(false)}")


def package(arguments: argparse.Namespace) -> None:
    """Write a kernel package."""
    from invgen.basis.basis import Basis

    _check_folder(arguments.output.parent)
    with _Bars() as bars:
        bars.update("read basis", 0, 1)
        basis = Basis.load(arguments.file)
        bars.update("write package", 0, 1)
        from invgen.compiler.packages import write_package
        from invgen.spaces.outputs import noun

        folder = write_package(basis, arguments.output)
        if arguments.prebuilt is not None:
            bars.update("compile", 0, 1)
            from invgen.runtime import load_package

            load_package(folder).prebuild(arguments.prebuilt)
    print(f"{folder}: {len(basis)} {noun(basis.outputs)}, id {basis.id}")


def library(arguments: argparse.Namespace) -> None:
    """Write a library with the operators of a package."""
    _check_folder(arguments.output.parent)
    with _Bars() as bars:
        bars.update("read package", 0, 1)
        from invgen.runtime import load_package

        loaded = load_package(arguments.package)
        bars.update("compile", 0, 1)
        written = loaded.write_operators(arguments.output, arguments.dtype)
    print(f"{written}: operators of {loaded.name}, {arguments.dtype}")
