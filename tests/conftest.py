"""What all tests share: a kernel cache of their own, GPU tests where there is a GPU, no deadlines in property tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.support.paths import REPOSITORY

# No deadline: the first example of a property test pays for imports and caches, and CI machines are shared.
# Derandomised: a failure in CI is the same failure on a desk.
settings.register_profile("invgen", deadline=None, derandomize=True)
settings.load_profile("invgen")


@pytest.fixture(scope="session")
def repository() -> Path:
    """The root of the source tree that is being tested."""
    return REPOSITORY


@pytest.fixture(scope="session", autouse=True)
def kernel_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Kernels of one run are built in a folder of that run: no test sees or fills the user's cache."""
    folder = tmp_path_factory.mktemp("kernel-cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("INVGEN_CACHE_DIR", str(folder))
        patch.delenv("INVGEN_CACHE_PATH", raising=False)
        yield folder


@pytest.fixture
def one_thread() -> Iterator[None]:
    """A few atoms are not worth a parallel region."""
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests marked `gpu` need a device; torch is imported to look for one only if such a test was collected."""
    gpu_items = [item for item in items if item.get_closest_marker("gpu") is not None]
    if not gpu_items:
        return
    import torch

    if not torch.cuda.is_available():
        for item in gpu_items:
            item.add_marker(pytest.mark.skip(reason="torch sees no CUDA device"))
