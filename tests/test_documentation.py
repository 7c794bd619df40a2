"""What README and docs/ say can be done is done here: code runs in the order of its page, commands exist."""

from __future__ import annotations

import ast
import importlib.util
import re
import tomllib
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from invgen import cli
from invgen.errors import InputError
from tests.support.documentation import Block, anchors, blocks, commands, inline_commands, links, pages
from tests.support.paths import REPOSITORY

LANGUAGES = {
    "python",
    "sh",
    "c",
    "cpp",
    "yaml",
    "text",
    "bibtex",
    "latex",
    "toml",
    "{include}",
    "{toctree}",
    "{eval-rst}",
}
NAMES = {page: page.relative_to(REPOSITORY).as_posix() for page in pages()}
WITH_CODE = [page for page in pages() if any(block.language in ("python", "sh") for block in blocks(page))]
# Of `invgen`: these take seconds at most. The others compile libraries or train; their arguments are read, no more.
CHEAP = {"generate", "show", "cost", "table", "verify", "catalogue", "doctor"}
# Programs of others, whose arguments are theirs.
ELSEWHERE = {"git", "cmake", "source", "cd", "latexmk", "pdflatex"}
TARGETS = re.compile(r"^([a-z-]+):", re.MULTILINE)


@pytest.mark.parametrize("page", pages(), ids=NAMES.get)
def test_every_code_block_names_its_language(page: Path) -> None:
    for block in blocks(page):
        assert block.language in LANGUAGES, f"{NAMES[page]}:{block.line}: {block.text[:60]!r}"


@pytest.mark.parametrize("page", pages(), ids=NAMES.get)
def test_every_link_leads_to_a_file_and_a_heading_or_is_a_whole_address(page: Path) -> None:
    for link in links(page):
        address = urlsplit(link)
        if address.scheme:
            assert address.scheme == "https" and "." in address.netloc and link == link.rstrip(".,;"), link
            continue
        target = (page.parent / address.path).resolve() if address.path else page
        assert target.exists(), link
        assert not address.fragment or address.fragment in anchors(target), link


def test_few_blocks_are_not_run_and_each_says_why() -> None:
    code = [block for page in pages() for block in blocks(page) if block.language in ("python", "sh")]
    not_run = [block for block in code if block.not_run]
    assert len(code) > 60 and len(not_run) <= len(code) // 8, [block.not_run for block in not_run]
    assert all(len(block.not_run.split()) >= 3 for block in not_run)


@pytest.mark.parametrize("page", WITH_CODE, ids=NAMES.get)
def test_code_and_commands_of_a_page_run_in_its_order(
    page: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    one_thread: None,
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))  # packages that a page writes
    namespace: dict[str, Any] = {"__name__": "__page__"}
    for block in blocks(page):
        where = f"{NAMES[page]}:{block.line}"
        if block.language == "python" and not block.not_run:
            execute(block, page, namespace)
        elif block.language == "sh":
            found = list(commands(block.text))
            assert found, f"{where}: no command"
            for words in found:
                check(words, where)
                if words[0] == "invgen" and words[1] in CHEAP and not block.not_run:
                    assert cli.main(words[1:]) == 0, f"{where}: {words}\n{capsys.readouterr().err}"


def execute(block: Block, page: Path, namespace: dict[str, Any]) -> None:
    """Run what is given and then the block; a traceback names the page and its lines."""
    exec(compile(block.given, f"given in {page}", "exec"), namespace)
    exec(compile("\n" * (block.line - 1) + block.text, str(page), "exec"), namespace)


@pytest.mark.parametrize("page", pages(), ids=NAMES.get)
def test_commands_in_the_text_exist(page: Path) -> None:
    for words in inline_commands(page):
        check(words, NAMES[page], whole=False)


def check(words: list[str], where: str, whole: bool = True) -> None:
    """A command that can be given: its file, target, extra or arguments are there.

    Args:
        words: the command.
        where: the page, for the failure.
        whole: whether it has all its arguments; in running text it need not.
    """
    program, *rest = words
    known = {
        "invgen": check_invgen,
        "make": check_make,
        "python": check_python,
        "pip": check_pip,
        "pytest": check_pytest,
    }
    if (not rest and not whole) or program in ("git", "cmake", "source", "cd", "latexmk", "pdflatex"):
        return
    if program in (".ci/run", "python3", "env/bin/python"):
        assert program != ".ci/run" or (REPOSITORY / program).is_file()
        return check_python(rest, where, whole) if rest else None
    assert program in known, f"{where}: no test knows the command {program}"
    known[program](rest, where, whole)


def check_invgen(rest: list[str], where: str, whole: bool) -> None:
    parser = cli._parser()
    if whole:
        try:
            parser.parse_args(rest)
        except (InputError, SystemExit) as error:
            pytest.fail(f"{where}: invgen {' '.join(rest)}: {error}")
        return
    choices = next(action.choices for action in parser._actions if action.dest == "run" or action.choices)
    rest = [word for word in rest if word not in ("-v", "--version", "COMMAND")]
    if rest:
        assert rest[0] in choices, f"{where}: invgen has no command {rest[0]}"
        flags = [word for word in rest if word.startswith("--") and word != "--help"]
        assert set(flags) <= set(choices[rest[0]]._option_string_actions), f"{where}: {rest}"


def check_make(rest: list[str], where: str, whole: bool) -> None:
    targets = TARGETS.findall((REPOSITORY / "Makefile").read_text(encoding="utf-8"))
    assert set(rest) <= set(targets), f"{where}: make {rest}"


def check_python(rest: list[str], where: str, whole: bool) -> None:
    if rest[0] == "-c":
        ast.parse(rest[1])
        return
    if rest[0] == "-m":
        module, options = rest[1], rest[2:]
        if module in ("venv", "build", "pip", "pytest"):
            if module in ("pip", "pytest"):
                (check_pip if module == "pip" else check_pytest)(options, where, whole)
            return
        file = REPOSITORY / (module.replace(".", "/") + ".py")
        file = file if file.is_file() else file.with_suffix("") / "__main__.py"
    else:
        file, options = REPOSITORY / rest[0], rest[1:]
    assert file.is_file(), f"{where}: {file} does not exist"
    source = file.read_text(encoding="utf-8")
    for option in options:
        assert not option.startswith("--") or f'"{option}"' in source, f"{where}: {file.name} has no option {option}"


def check_pytest(rest: list[str], where: str, whole: bool) -> None:
    for word in rest:
        assert not word.startswith("tests/") or (REPOSITORY / word).exists(), f"{where}: {word} does not exist"


def check_pip(rest: list[str], where: str, whole: bool) -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for word in rest[1:]:
        extras = re.fullmatch(r"(?:\.|invgen)\[(.+)\]", word)
        if extras:
            wanted = {extra.strip() for extra in extras[1].split(",")}
            assert wanted <= set(project["optional-dependencies"]), f"{where}: {word}"


# --- pages that repeat what the code says -----------------------------------------------------------------------------


def test_the_walk_through_a_kernel_shows_what_is_generated() -> None:
    import torch

    import invgen
    from invgen.compiler import source

    basis = invgen.generate(invgen.TensorSpace("1o"), max_degree=2)
    texts = {
        "c": source(basis, target="c", dtype=torch.float64),
        "python": source(basis, target="torch", dtype=torch.float64),
    }
    excerpts = [
        block for block in blocks(REPOSITORY / "docs" / "generated_code.md") if block.language == "c" or block.not_run
    ]
    assert len(excerpts) >= 8
    for block in excerpts:
        assert block.text in texts[block.language], f"docs/generated_code.md:{block.line} is not what is generated"


def test_the_readme_is_short() -> None:
    assert len((REPOSITORY / "README.md").read_text(encoding="utf-8").splitlines()) <= 150


# --- what each claim of a certificate rests on ------------------------------------------------------------------------

ROW = re.compile(r"^\| (.+?) \| (.+) \|$", re.MULTILINE)


def reasons() -> dict[str, str]:
    """The table of `docs/mathematics.md`: a claim, with … for what differs, and what it rests on."""
    text = (REPOSITORY / "docs" / "mathematics.md").read_text(encoding="utf-8")
    section = text.partition("## What verify checks")[2].partition("\n## ")[0]
    return dict(ROW.findall(section)[1:])


def stated_claims() -> set[str]:
    """Every claim of a basis that the source can make and that can hold, with … for what is filled in."""
    found = set()
    for path in (REPOSITORY / "invgen").rglob("*.py"):
        if path.parent.name == "papers":  # claims about the bytes of files, which their hashes settle
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Claim"):
                continue
            text, holds = node.args[0] if node.args else None, node.args[1] if len(node.args) > 1 else None
            if isinstance(holds, ast.Constant) or text is None:  # False: a certificate that lacks a part
                continue
            if isinstance(text, ast.Constant):
                found.add(str(text.value))
            elif isinstance(text, ast.JoinedStr):
                parts = (part.value if isinstance(part, ast.Constant) else "…" for part in text.values)
                found.add("".join(map(str, parts)))
    return found - {"…"}


def claims_of_bases() -> set[str]:
    """The claims of one small basis of each kind."""
    import invgen

    space, ij, plane = invgen.TensorSpace, invgen.TensorSpace.cartesian("ij=ji", group="D2h"), {"spatial_dimension": 2}
    bases = [
        invgen.generate(space("0e + 1o + 2e"), 3),
        invgen.generate(space("1o + 2e"), 4, select="flexible"),
        invgen.generate(space("1o + 2e"), 4, select="flexible", flexible="minimal-set"),
        invgen.generate(space("2e"), 3, select="separating"),
        invgen.generate(space("2x2e"), 3, select="separating"),
        invgen.generate(space("1o + 2e"), 2, select="linear", outputs="1o"),
        invgen.generate(ij, 2, select="integrity"),
        invgen.generate(space("2e"), 2, select="integrity", outputs="2e"),
        invgen.generate(space("2e"), 2, outputs="2e"),
        invgen.generate(space("2e + 2e"), 4, strata=True),
        invgen.generate(space.ace(n_max=2, l_max=1, total_degree=3), 2, select="linear", total_degree=3),
        invgen.generate(space("a:1o + b:1o"), 2, select="linear", degrees={"a": 1, "b": 1}),
        invgen.Basis.from_contractions(["i,i v,v"], space("v:1o")),
        invgen.generate(space.moments(range(3), group="SO2", **plane), 3, select="separating"),
    ]
    found = {claim.text: claim.holds for basis in bases for claim in basis.verify()}
    assert all(found.values())
    return set(found)


def test_every_claim_of_a_certificate_has_its_reason_in_mathematics() -> None:
    table, claims = reasons(), stated_claims() | claims_of_bases()
    assert len(claims) > 60
    used = set()
    for claim in claims:
        rows = [row for row in table if re.fullmatch(re.escape(row).replace("…", ".+"), claim)]
        assert rows, f"docs/mathematics.md has no row for the claim {claim!r}"
        used.update(rows)
    assert set(table) == used, "rows of claims that nothing makes"


def test_every_reason_leads_to_a_section() -> None:
    sections = anchors(REPOSITORY / "docs" / "mathematics.md")
    for claim, reason in reasons().items():
        linked = re.findall(r"\]\(#([\w-]+)\)", reason)
        assert set(linked) <= sections, claim
        assert linked or reason == "counted" or "SHA-256" in reason, f"{claim}: {reason}"


def test_the_picture_of_the_readme_is_what_its_script_draws() -> None:
    folder = REPOSITORY / "docs"
    spec = importlib.util.spec_from_file_location("overview", folder / "_site" / "overview.py")
    assert spec is not None and spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    assert script.overview() == (folder / "figures" / "overview.svg").read_text(encoding="utf-8")
