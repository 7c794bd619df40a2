"""Kernels run on as many threads as torch has, and on one where more would wait forever."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
import torch

from invgen.runtime import threads as module
from invgen.runtime.threads import threads
from tests.support.paths import GENERATED

pytestmark = pytest.mark.xdist_group("threads")

FORKS = """
import os, sys, torch, optimal_l3_n4
torch.set_num_threads(2)
kernel = optimal_l3_n4.kernel(dtype=torch.float32, layout="channel", target="c")
x = torch.randn(64, 16, 64)
wanted = kernel(x).numpy().tobytes()
child = os.fork()
if child == 0:
    os._exit(0 if kernel(x).numpy().tobytes() == wanted else 1)  # torch.equal would wait in the same way
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_a_forked_child_gets_the_same_numbers_after_its_parent_used_several_threads() -> None:
    folders = [str(GENERATED), str(GENERATED.parent)]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(folders)}
    # Without care the child waits for threads that it does not have: the time limit is the failure.
    subprocess.run([sys.executable, "-c", FORKS], env=environment, check=True, timeout=120)


def test_threads_are_those_of_torch_unless_the_pool_was_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    state = module._Regions
    monkeypatch.setattr(torch, "get_num_threads", lambda: 3)
    monkeypatch.setattr(state, "opened", False)
    monkeypatch.setattr(state, "lost", False)
    module._after_fork_in_child()
    assert threads() == 3, "a parent that ran nothing on several threads leaves its children all of them"
    module._after_fork_in_child()
    assert threads() == 1
