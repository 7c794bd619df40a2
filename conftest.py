"""What all tests share: one kernel cache for a run, one thread for a worker, GPU tests where there is a GPU.

It holds for `tests/` and for `benchmarks/checks/`. Nothing here imports torch before a test that needs it is collected.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from tests.support.built_kernels import as_users_build, unoptimised
from tests.support.paths import REPOSITORY
from tests.support.skips import ExpectedSkips
from tests.support.slow_cases import TURNS, slow_cases, turn_of

# pytest-xdist gives each worker a name. One OpenMP thread each: as many workers as cores leave no core for a second.
# It is set before NumPy and torch are loaded; tests of threads set the number of their own.
WORKER = os.environ.get("PYTEST_XDIST_WORKER")
if WORKER is not None:
    os.environ["OMP_NUM_THREADS"] = "1"

# No deadline: the first example of a property test pays for imports and caches, and CI machines are shared.
# Derandomised: a failure in CI is the same failure on a desk. Every run has the same examples, so more of them find
# nothing more with time.
settings.register_profile("invgen", deadline=None, derandomize=True, max_examples=40)
settings.load_profile("invgen")


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--without-torch`: an import of torch is an error; tests marked `torch` are left out."""
    parser.addoption("--without-torch", action="store_true", help="run what needs no torch, and let nothing import it")


def pytest_configure(config: pytest.Config) -> None:
    """Block torch if it is not wanted; have unexpected skips fail the run if CI runs it."""
    if config.getoption("--without-torch"):
        # None in sys.modules makes `import torch` an ImportError.
        sys.modules["torch"] = None  # type: ignore[assignment]
    if os.environ.get("CI") == "true":
        config.pluginmanager.register(ExpectedSkips(config))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Workers take whole files."""
    from tests.support.scheduling import ByFile

    return ByFile(config, log) if config.getvalue("dist") == "loadgroup" else None


@pytest.fixture(scope="session")
def repository() -> Path:
    """The root of the source tree that is being tested."""
    return REPOSITORY


@pytest.fixture(scope="session", autouse=True)
def kernel_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Kernels of one run are built once, in a folder of that run: no test sees or fills the user's cache.

    The folders of all workers of a run have one parent, so there lies the cache that they share; builds are locked.
    """
    base = tmp_path_factory.getbasetemp()
    folder = (base if WORKER is None else base.parent) / "kernel-cache"
    folder.mkdir(exist_ok=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("INVGEN_CACHE_DIR", str(folder))
        patch.delenv("INVGEN_CACHE_PATH", raising=False)
        yield folder


@pytest.fixture(scope="session", autouse=True)
def quick_builds(kernel_cache: Path) -> Iterator[None]:
    """Kernels are built with -O0, in a sixth of the time: most tests are about their numbers, not about their speed."""
    with unoptimised(kernel_cache.parent):
        yield


@pytest.fixture
def optimised(quick_builds: None) -> Iterator[None]:
    """Kernels are built as users build them: packages, binaries that are kept, and one test of each kind of kernel."""
    with as_users_build():
        yield


@pytest.fixture
def one_thread() -> Iterator[None]:
    """A few atoms are not worth a parallel region."""
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark slow cases; leave out torch where it is not wanted; run GPU tests in one worker, where there is a GPU.

    INVGEN_SLOW_TURN is the part of the slow tests that is run, which `make test` sets; without it all are.

    It comes first, so that `-m` sees the marks.
    """
    slow = slow_cases()
    for item in items:
        if item.nodeid in slow:
            item.add_marker(pytest.mark.slow)
    turn = os.environ.get("INVGEN_SLOW_TURN")
    if turn:
        if turn not in map(str, range(TURNS)):
            raise pytest.UsageError(f"INVGEN_SLOW_TURN is {turn!r}; it must be one of 0 to {TURNS - 1}, or not set")
        others = [item for item in items if item.get_closest_marker("slow") and turn_of(item.nodeid) != int(turn)]
        left_out = set(map(id, others))
        config.hook.pytest_deselected(items=others)
        items[:] = [item for item in items if id(item) not in left_out]
    if config.getoption("--without-torch"):
        items[:] = [item for item in items if item.get_closest_marker("torch") is None]
    gpu_items = [item for item in items if item.get_closest_marker("gpu") is not None]
    if not gpu_items:
        return
    # torch is imported to look for a device only if a test that needs one was collected.
    import torch

    for item in gpu_items:
        item.add_marker(pytest.mark.xdist_group("gpu"))
        if not torch.cuda.is_available():
            item.add_marker(pytest.mark.skip(reason="torch sees no CUDA device"))
