"""Which worker runs what: the tests of a file share bases and kernels, so one worker runs them all."""

from __future__ import annotations

from xdist.scheduler import LoadGroupScheduling

# Long tests that share nothing: whoever is free takes the next. They come last, since larger files come first.
APART = ("tests/compiler/test_sizes.py", "tests/test_notebooks.py")


class ByFile(LoadGroupScheduling):
    """Tests of one xdist_group stay together, and otherwise the tests of one file."""

    def _split_scope(self, nodeid: str) -> str:
        scope: str = super()._split_scope(nodeid)
        file = nodeid.partition("::")[0]
        return file if scope == nodeid and file not in APART else scope
