"""Which worker runs what: the tests of a file share bases and kernels, so one worker runs them all."""

from __future__ import annotations

from typing import Any

from xdist.scheduler import LoadGroupScheduling

# Long tests that share little: whoever is free takes the next.
APART = ("tests/compiler/test_sizes.py", "tests/test_generated.py", "tests/test_notebooks.py")
# Files of few tests that take long. They come first, so that no worker is left with one of them when all else is done;
# the others come in the order of xdist, files of many tests before those of few.
FIRST = (
    *APART,
    "tests/golden/test_written_before.py",
    "tests/interop/test_export.py",
    "tests/test_demo.py",
    "tests/test_documentation.py",
    "tests/test_packaging.py",
)


class ByFile(LoadGroupScheduling):
    """Tests of one xdist_group stay together, and otherwise the tests of one file; what takes long comes first."""

    def _split_scope(self, nodeid: str) -> str:
        scope: str = super()._split_scope(nodeid)
        file = nodeid.partition("::")[0]
        return file if scope == nodeid and file not in APART else scope

    def _assign_work_unit(self, node: Any) -> None:
        long = next((scope for scope in self.workqueue if scope.partition("::")[0] in FIRST), None)
        if long is not None:
            self.workqueue.move_to_end(long, last=False)
        super()._assign_work_unit(node)
