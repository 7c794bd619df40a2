"""Memory of large results is reused, and never while anything can still see it."""

from __future__ import annotations

import gc
import os
import threading
from collections.abc import Iterator

import pytest
import torch

from invgen.errors import InputError
from invgen.runtime import Kernel, OutputPool, build, output_pool
from invgen.runtime.outputs import SMALLEST
from tests.support.handwritten import make_spec

pytestmark = pytest.mark.xdist_group("memory")

MEGA = 1 << 20
LARGE = (65537, 3, 2)


@pytest.fixture
def pool() -> OutputPool:
    return OutputPool(limit=64 * MEGA)


@pytest.fixture
def kernel() -> Iterator[Kernel]:
    output_pool.clear()
    yield build(make_spec("float32"))
    output_pool.clear()


def storage(tensor: torch.Tensor) -> tuple[int, int]:
    begin = tensor.untyped_storage().data_ptr()
    return begin, begin + tensor.untyped_storage().nbytes()


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_a_tensor_from_the_pool_is_a_tensor_from_torch(pool: OutputPool, dtype: torch.dtype) -> None:
    ours, theirs = pool.empty((7, 5, 3), dtype), torch.empty((7, 5, 3), dtype=dtype)
    assert (ours.dtype, ours.shape, ours.stride()) == (theirs.dtype, theirs.shape, theirs.stride())
    assert ours.is_contiguous() and ours.storage_offset() == 0 and ours.data_ptr() % 64 == 0
    assert ours.untyped_storage().nbytes() == theirs.untyped_storage().nbytes()
    with torch.inference_mode():
        assert pool.empty((2,), dtype).is_inference()
    ours.fill_(1)
    assert torch.equal(ours.share_memory_(), torch.ones(7, 5, 3, dtype=dtype))


def test_memory_comes_back_when_the_last_view_of_a_result_dies(pool: OutputPool) -> None:
    first = pool.empty((MEGA,), torch.float32)
    address = storage(first)
    view = first[5:9].view(2, 2)
    del first
    assert pool.unused == 0
    other = pool.empty((MEGA,), torch.float32)
    assert storage(other) != address
    del view
    assert pool.unused > 4 * MEGA
    # A batch of nearly the same size is served by the same memory.
    assert storage(pool.empty((MEGA + 100,), torch.float32))[0] == address[0]


def test_what_waits_is_bounded_and_the_oldest_goes_first(pool: OutputPool) -> None:
    alive = [pool.empty((4 * MEGA,), torch.float32) for _ in range(8)]
    addresses = [storage(tensor)[0] for tensor in alive]
    # Names keep no tensor alive: one by one they die, the first first.
    while alive:
        del alive[0]
        assert pool.unused <= pool.limit
    assert pool.unused == 0 or pool.unused > 3 * 16 * MEGA
    latest = pool.empty((4 * MEGA,), torch.float32)
    assert storage(latest)[0] == addresses[-1]
    del latest
    pool.limit = 20 * MEGA
    assert 0 < pool.unused <= 20 * MEGA
    pool.clear()
    assert pool.unused == 0
    pool.limit = 0
    del tensor_dies_at_once(pool)[:]
    assert pool.unused == 0


def tensor_dies_at_once(pool: OutputPool) -> list[torch.Tensor]:
    return [pool.empty((MEGA,), torch.float32)]


@pytest.mark.parametrize("limit", [-1, 1.5, True, "1 GB"])
def test_a_limit_that_is_no_number_of_bytes_is_refused(pool: OutputPool, limit: object) -> None:
    with pytest.raises(InputError, match="number of bytes"):
        pool.limit = limit  # type: ignore[assignment]
    assert pool.limit == 64 * MEGA


@pytest.mark.slow
def test_results_of_many_threads_never_share_memory(pool: OutputPool) -> None:
    wrong: list[int] = []

    def work(number: int) -> None:
        held: list[torch.Tensor] = []
        for turn in range(200):
            tensor = pool.empty((3000 + turn,), torch.float32)
            tensor.fill_(number)
            held.append(tensor)
            if len(held) > 3:
                if not bool((held.pop(0) == number).all()):
                    wrong.append(number)
            if turn % 50 == number:
                gc.collect()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
    assert 0 < pool.unused <= pool.limit


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_a_forked_child_begins_with_an_empty_pool(pool: OutputPool) -> None:
    del tensor_dies_at_once(pool)[:]
    assert pool.unused > 0
    pool._lock.acquire()  # as if another thread of the parent held it at this moment
    child = os.fork()
    if child == 0:
        try:
            fine = pool.unused == 0 and pool.empty((MEGA,), torch.float32).numel() == MEGA
        except BaseException:
            fine = False
        os._exit(0 if fine else 1)
    pool._lock.release()
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert pool.unused > 0


def test_every_function_of_a_kernel_and_its_derivatives_take_large_results_from_the_pool(kernel: Kernel) -> None:
    x = torch.randn(LARGE, generator=torch.Generator().manual_seed(0))
    ybar, u = torch.ones_like(x[:, :2]), torch.ones_like(x)
    assert x.numel() * 4 > SMALLEST and ybar.numel() * 4 > SMALLEST
    results = [
        kernel.value(x),
        kernel.vjp(x, ybar),
        *kernel.value_and_vjp(x, ybar),
        kernel.jvp(x, u),
        *kernel.vjp_of_vjp(x, ybar, u),
    ]
    pairs = [(storage(a), storage(b)) for a in results for b in results if a is not b]
    assert all(a[1] <= b[0] or b[1] <= a[0] for a, b in pairs)
    assert output_pool.unused == 0
    del results
    assert output_pool.unused > 7 * 4 * ybar.numel()
    output_pool.clear()
    wanted = kernel(x[:100]).clone()
    x.requires_grad_()
    y = kernel(x)
    (xbar,) = torch.autograd.grad(y, x, ybar, create_graph=True)
    (second,) = torch.autograd.grad(xbar, x, u)
    assert torch.equal(y[:100], wanted)
    before = output_pool.unused
    del y, xbar, second
    assert output_pool.unused >= before + 3 * 4 * ybar.numel()


def test_small_results_stay_with_torch(kernel: Kernel) -> None:
    kernel.value(torch.zeros(4, 3, 2))
    assert output_pool.unused == 0


def test_a_gradient_that_a_leaf_keeps_keeps_its_memory(kernel: Kernel) -> None:
    x = torch.randn(LARGE, generator=torch.Generator().manual_seed(0)).requires_grad_()
    kernel(x).sum().backward()
    assert x.grad is not None
    kept = x.grad.clone()
    for _ in range(3):
        kernel.vjp(x.detach(), torch.full((65537, 2, 2), torch.nan))
    assert torch.equal(x.grad, kept)


def test_the_compilers_see_no_pool(kernel: Kernel) -> None:
    torch.compiler.reset()
    x = torch.randn(LARGE, generator=torch.Generator().manual_seed(0))
    compiled = torch.compile(kernel, fullgraph=True, backend="aot_eager")
    assert torch.equal(compiled(x), kernel.value(x))
    bare = torch.compile(lambda x: kernel.value(x) + 1, backend="aot_eager")
    assert torch.equal(bare(x), kernel.value(x) + 1)
