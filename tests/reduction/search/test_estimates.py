"""Estimates: exact counts, bytes that bound what is measured, requests that are refused before they begin."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import invgen
from invgen import TensorSpace, cli, generate
from invgen.errors import InputError
from invgen.reduction.options import MEMORY
from invgen.reduction.search.estimates import estimate
from invgen.reduction.search.limits import limit_of
from invgen.reduction.search.request import Request

CASES: list[tuple[TensorSpace, int, dict[str, Any]]] = [
    (TensorSpace("0e + 1o + 2e + 3o"), 4, {"select": "linear"}),
    (TensorSpace("2x1o + 2x2e", "SO3"), 4, {"select": "linear"}),
    (TensorSpace("1o + 1e + 2e"), 4, {"select": "linear", "outputs": "1o"}),
    (TensorSpace.ace(3, 2), 4, {"select": "linear", "total_degree": 7}),
    (TensorSpace("1e + 2e", "O2"), 5, {"select": "linear"}),
]


@pytest.mark.parametrize(("space", "degree", "options"), CASES, ids=str)
def test_counts_are_those_of_the_basis_that_is_made(space: TensorSpace, degree: int, options: dict[str, Any]) -> None:
    basis = generate(space, degree, **options)
    limit = limit_of(space, options.get("total_degree"), None)
    found = estimate(Request(space, degree, "linear", outputs=options.get("outputs", "0e"), limit=limit))
    assert found.members == len(basis) and found.degree == degree
    assert found.largest == max(count for _, count in basis.certificate.counts)


def test_integrity_is_counted_by_all_invariants_that_products_must_span() -> None:
    basis = generate(TensorSpace("2x2e"), 6, select="integrity")
    assert estimate(Request(basis.space, 6, "integrity")).members == basis.certificate.rank


@pytest.mark.parametrize("select", ["independent", "separating"])
def test_a_rank_is_estimated_by_the_degrees_that_it_cannot_do_without(select: str) -> None:
    space = TensorSpace.ace(8, 4)
    found = estimate(Request(space, 1000, select))
    assert (found.degree, found.members) == (3, 4164)  # two degrees have 130 invariants, of 197 that are needed
    assert estimate(Request(space, 2, select)).degree == 2
    basis = generate(space, 4)
    assert max(basis.degrees) >= found.degree


@pytest.mark.xdist_group("memory")
@pytest.mark.parametrize("request_", ["2x2e + 4e|O3|10|integrity", "ace n_max=6 l_max=5|O3|3|independent"])
def test_the_bytes_bound_what_a_process_takes_more(request_: str) -> None:
    text, group, degree, select = request_.split("|")
    code = f"""
import resource, invgen, invgen.basis.generation
from invgen.spaces.reading import read_space
from invgen.reduction.search.estimates import estimate
from invgen.reduction.search.request import Request
generate = invgen.basis.generation.generate
generate(invgen.TensorSpace("1o + 2e"), 3, select={select!r})
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
space = read_space({text!r}, {group!r})
generate(space, {degree}, select={select!r})
more = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
print(estimate(Request(space, {degree}, {select!r})).memory / 1024, more)
"""
    pytest.importorskip("resource", reason="only POSIX measures the memory of a process")
    root = Path(invgen.__file__).parent.parent
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    estimated, measured = map(float, done.stdout.split())
    # A model: of the right size, and with 16 MiB to spare for plans, maps and what the allocator keeps.
    assert measured < estimated + 16 * 1024
    assert estimated < 10 * (measured + 16 * 1024)


def test_the_estimate_is_told_before_anything_else() -> None:
    told: list[tuple[str, int, int]] = []
    generate(TensorSpace("0e + 1o + 2e + 3o"), 4, select="linear", progress=lambda *step: told.append(step))
    first, *rest = told
    assert first[0].startswith("estimate: 36 invariants up to degree 4, 3 in the largest multidegree; ")
    assert first[1:] == (0, 1) and rest and not any(text.startswith("estimate") for text, _, _ in rest)


@pytest.mark.parametrize(
    ("irreps", "degree", "options"),
    [
        ("2x2e + 4e", 30, {"select": "integrity"}),
        ("5o", 40, {"select": "integrity"}),
        ("4e + 5o + 6e", 12, {"select": "linear"}),
        ("5o + 6e", 16, {"select": "linear", "outputs": "2e"}),
    ],
    ids=str,
)
def test_what_is_too_large_is_refused_before_it_begins(irreps: str, degree: int, options: dict[str, Any]) -> None:
    told: list[str] = []
    with pytest.raises(
        InputError, match=r"the request needs about .* GiB \(\d+ \w+ .*\), more than memory_limit = 4.0 GiB; lower"
    ) as e:
        generate(TensorSpace(irreps), degree, **options, progress=lambda text, *_: told.append(text))
    assert len(told) == 1 and told[0].startswith("estimate: ")
    assert "lower max_degree, leave out tensors, give a total_degree, or raise memory_limit" in str(e.value)


def test_the_limit_can_be_set_and_changes_no_member() -> None:
    space = TensorSpace("0e + 1o + 2e + 3o")
    needed = estimate(Request(space, 4, "linear")).memory
    with pytest.raises(InputError, match=f"more than memory_limit = {needed // 1024 - 1} KiB;"):
        generate(space, 4, select="linear", memory_limit=(needed // 1024 - 1) * 1024)
    assert generate(space, 4, select="linear", memory_limit=needed).id == generate(space, 4, select="linear").id
    assert needed < MEMORY


@pytest.mark.parametrize("wrong", [0, -1, 1.5, float("nan"), float("inf"), True, "4 GiB", None])
def test_a_limit_is_a_positive_number_of_bytes(wrong: Any) -> None:
    with pytest.raises(InputError, match="memory_limit is a positive number of bytes"):
        generate(TensorSpace("1o"), 2, memory_limit=wrong)


def test_the_command_line_refuses_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "basis.json"
    assert cli.main(["generate", "2x2e + 4e", "--max-degree", "30", "--select", "integrity", "-o", str(path)]) == 2
    error = capsys.readouterr().err
    assert error.startswith("invgen: the request needs about ") and error.count("\n") == 1
    assert "(821241438 invariants up to degree 30, " in error and "raise memory_limit" in error
    assert not path.exists()
