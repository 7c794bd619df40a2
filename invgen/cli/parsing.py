"""How commands are declared: a parser whose errors are one sentence, and the arguments that several commands have."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn, TypeAlias

from invgen.errors import InputError
from invgen.reduction.options import Option


class Parser(argparse.ArgumentParser):
    """A parser that raises `InputError` where argparse prints its usage and exits."""

    def error(self, message: str) -> NoReturn:
        """One sentence instead of the usage: `main` prints it."""
        raise InputError(f"{message}; '{self.prog} --help' shows what is allowed")


Parsers: TypeAlias = "argparse._SubParsersAction[Parser]"


def command_of(
    parsers: Parsers, name: str, summary: str, text: str, run: Callable[[argparse.Namespace], None]
) -> Parser:
    """A command with its help, and the function that carries it out."""
    command = parsers.add_parser(
        name,
        help=summary,
        description=f"{summary[0].upper()}{summary[1:]}.\n\n{text}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    command.set_defaults(run=run)
    return command


def path(text: str) -> Path | None:
    """A file, or None for "-": standard input or output."""
    return None if text == "-" else Path(text)


def add_file(command: Parser) -> None:
    """The argument FILE, a basis file."""
    command.add_argument(
        "file", metavar="FILE", type=path, help="a basis file, written by 'invgen generate'; - for standard input"
    )


def add_option(command: Parser, option: Option) -> None:
    """One argument of `invgen.generate`; None where it is left out."""
    if option.kind == "flag":
        command.add_argument(option.flag, action="store_const", const=True, help=option.sentence)
    else:
        kinds: dict[str, Callable[[str], object]] = {"integer": int, "path": Path, "text": str}
        command.add_argument(option.flag, metavar=option.metavar, type=kinds[option.kind], help=option.sentence)
