"""The code of README, CONTRIBUTING, SECURITY and docs/: blocks with their language, and commands.

Two comments, which readers do not see, belong to the block that follows them:

    <!-- not run: why the block cannot run -->
    <!-- given
    statements that run before the block: the inputs that a reader has and the page need not name
    -->
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

from tests.support.paths import REPOSITORY

_NOT_RUN = re.compile(r"<!-- not run: (.+?) -->", re.DOTALL)
_GIVEN = re.compile(r"<!-- given\n(.+?)-->", re.DOTALL)
_ASSIGNMENT = re.compile(r"[A-Z_]+=\S*")


@dataclass(frozen=True)
class Block:
    """One code block.

    Attributes:
        line: of its first line in the page, from 1.
        language: as its fence names it; empty for a block without a fence or a name.
        text: without its fences and without the indentation that all lines share.
        not_run: why it is not run; empty if it is.
        given: statements that run before it.
    """

    line: int
    language: str
    text: str
    not_run: str
    given: str


def pages() -> list[Path]:
    """README, CONTRIBUTING, SECURITY and every page under docs/."""
    named = [REPOSITORY / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md")]
    return [*named, *sorted((REPOSITORY / "docs").rglob("*.md"))]


@cache
def tokens(page: Path) -> tuple[Token, ...]:
    """A page as Markdown, which several tests read."""
    return tuple(MarkdownIt("commonmark").enable("table").parse(page.read_text(encoding="utf-8")))


def links(page: Path) -> list[str]:
    """Where the links and pictures of a page lead, as they are written."""
    found = []
    for token in tokens(page):
        for child in token.children or ():
            found += [str(child.attrs[name]) for name in ("href", "src") if name in child.attrs]
    return found


@cache
def anchors(page: Path) -> set[str]:
    """The anchors of the headings of a page, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def blocks(page: Path) -> list[Block]:
    """The code blocks of a page, in order."""
    found, not_run, given = [], "", ""
    for token in tokens(page):
        if token.type == "html_block":
            not_run = " ".join(_NOT_RUN.findall(token.content)) or not_run
            given += "".join(_GIVEN.findall(token.content))
        elif token.type in ("fence", "code_block"):
            assert token.map is not None
            found.append(Block(token.map[0] + 2, token.info.partition(" ")[0].strip(), token.content, not_run, given))
            not_run = given = ""
        else:
            not_run = given = ""
    return found


def inline_commands(page: Path) -> Iterator[list[str]]:
    """The words of every command that a page names in its text between backquotes."""
    for token in tokens(page):
        for child in token.children or ():
            if child.type == "code_inline" and child.content.split(" ")[0] in ("invgen", "make", "pip", "python"):
                yield from commands(child.content)


def commands(text: str) -> Iterator[list[str]]:
    """The words of every command of a shell, without comments and settings of variables; quotes may hold lines."""
    waiting = ""
    for line in text.splitlines():
        waiting += line.removesuffix("\\") + ("" if line.endswith("\\") else "\n")
        if line.endswith("\\"):
            continue
        try:
            words = shlex.split(waiting, comments=True)
        except ValueError:  # a quotation that a later line closes
            continue
        waiting = ""
        while words and _ASSIGNMENT.fullmatch(words[0]):
            del words[0]
        if words:
            yield words
    assert not waiting, f"a quotation is not closed: {waiting}"
