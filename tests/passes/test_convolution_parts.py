"""Parts of a convolution have its paths, and together the matrices of all of them."""

from __future__ import annotations

import pytest

from invgen.compiler.convolution import job_of
from invgen.ir.convolution import Convolution
from invgen.passes.convolution_parts import convolution_parts


def content_of(angular: str) -> Convolution:
    irreps = "2x0e + 1o + 1e"
    job = job_of(irreps, harmonics="1o + 0e + 2e") if angular == "given" else job_of(irreps, 2, angular=angular)
    content: Convolution = job.content
    return content


def values(content: Convolution) -> list[float]:
    x = [0.3, -1.2, 0.7, 0.1, 2.0, -0.4, 1.1, 0.9, -0.8]
    return content.matrices.evaluate({"x": x[: content.matrices.input_count]})["y"]


@pytest.mark.parametrize("angular", ["solid", "given"])
@pytest.mark.parametrize(("rows", "entries"), [(1000, 1000), (10, 1000), (1000, 30), (1, 1)])
def test_parts_have_every_path_once_with_its_places_and_entries(angular: str, rows: int, entries: int) -> None:
    whole = content_of(angular)
    parts = convolution_parts(whole, rows, entries)
    everything, found = values(whole), {}
    for part in parts:
        assert (part.sources, part.targets, part.weights) == (whole.sources, whole.targets, whole.weights)
        assert part.matrices.inputs == whole.matrices.inputs
        own = values(part)
        numbers = [number for path in part.paths for _, _, number in path.entries]
        assert numbers == list(range(len(own)))
        for path in part.paths:
            found[path.weight] = path, [(m, n, own[number]) for m, n, number in path.entries]
        # Only a single path may be larger than allowed.
        size = sum(2 * path.target.l + 1 for path in part.paths)
        assert len(part.paths) == 1 or (size <= rows and len(own) <= entries)
    assert len(found) == len(whole.paths) == sum(len(part.paths) for part in parts)
    for path in whole.paths:
        other, terms = found[path.weight]
        assert (other.source, other.target, other.offset) == (path.source, path.target, path.offset)
        assert terms == [(m, n, everything[number]) for m, n, number in path.entries]


def test_paths_that_read_the_same_features_stand_side_by_side_and_dead_values_go() -> None:
    whole = content_of("solid")
    (single,) = convolution_parts(whole, 1000, 1000)
    firsts = [path.source.first for path in single.paths]
    assert firsts == sorted(firsts) and [path.weight for path in single.paths] != sorted(p.weight for p in whole.paths)
    parts = convolution_parts(whole, 1, 1)
    assert max(part.matrices.operations for part in parts) < whole.matrices.operations / 2
