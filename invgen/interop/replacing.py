"""What modules share that stand in for those of another library: its submodules, and the order of its edges."""

from __future__ import annotations

from typing import Any, Generic, TypeVar

import torch

from invgen.errors import InputError
from invgen.runtime import Neighbours

_Kernel = TypeVar("_Kernel")

Order = torch.Tensor | slice
"""What brings an array of edges into the order of the pairs; a slice of everything where it is so already."""


class KernelsByDtype(torch.nn.Module, Generic[_Kernel]):
    """A module whose kernel is built for a dtype when it is first asked for."""

    def __init__(self) -> None:
        super().__init__()
        self._kernels: dict[torch.dtype, _Kernel] = {}

    def kernel(self, dtype: torch.dtype) -> _Kernel:
        """The kernel for a dtype."""
        if dtype not in self._kernels:
            self._kernels[dtype] = self._build(dtype)
        return self._kernels[dtype]

    def _build(self, dtype: torch.dtype) -> _Kernel:
        raise NotImplementedError


class PairOrder:
    """The edges of one list sorted by receiver; of the latest list, which all blocks of a model share.

    Values of lists are compared: PyTorch's counters of changes miss `edge_index.data`, and tensors of inference mode
    have none.

    Args:
        receivers: the row of the list that holds them; the other holds the sources.
    """

    def __init__(self, receivers: int = 1) -> None:
        self._receivers = receivers
        self._latest: tuple[torch.Tensor, int, Order, Neighbours] | None = None

    def __call__(self, edge_index: torch.Tensor, atoms: int) -> tuple[Order, Neighbours]:
        """(what brings edges into the order of the pairs, the neighbour list) of a list (2, edges)."""
        latest = self._latest
        if latest is None or latest[1] != atoms or not _same(latest[0], edge_index):
            # Tensors that are made in inference mode could take no part in gradients later.
            with torch.inference_mode(False):
                own = edge_index.clone()
                latest = self._latest = own, atoms, *self._sorted(own, atoms)
        return latest[2], latest[3]

    def _sorted(self, edges: torch.Tensor, atoms: int) -> tuple[Order, Neighbours]:
        receiver, source = edges[self._receivers], edges[1 - self._receivers]
        order: Order = slice(None)
        if bool((receiver.diff() < 0).any()):
            order = torch.argsort(receiver, stable=True)
            receiver, source = receiver[order], source[order]
        return order, Neighbours.from_receivers(receiver, source, atoms)

    def __deepcopy__(self, memo: dict[int, Any]) -> PairOrder:
        return memo.setdefault(id(self), PairOrder(self._receivers))  # type: ignore[no-any-return]

    def __reduce__(self) -> tuple[Any, ...]:
        return PairOrder, (self._receivers,)


def _same(known: torch.Tensor, edges: torch.Tensor) -> bool:
    return (known.device, known.dtype) == (edges.device, edges.dtype) and torch.equal(known, edges)


def in_order(edges: torch.Tensor, order: Order) -> torch.Tensor:
    """An array of edges in the order of the pairs."""
    # The gradient of index_select adds rows; that of indexing sorts indices first.
    return edges if isinstance(order, slice) else edges.index_select(0, order)


def take_over(module: torch.nn.Module, block: torch.nn.Module) -> None:
    """`module` holds the submodules, parameters and buffers of `block` under the same names, and is in its mode."""
    transient = block._non_persistent_buffers_set
    for name, child in block.named_children():
        module.add_module(name, child)
    for name, parameter in block.named_parameters(recurse=False):
        module.register_parameter(name, parameter)
    for name, buffer in block.named_buffers(recurse=False):
        module.register_buffer(name, buffer, persistent=name not in transient)
    module.training = block.training


def check_model(model: Any, function: str, of: str) -> None:
    """A model can be changed in place.

    Raises:
        InputError: it is not a module, was scripted, or compiles itself.
    """
    if not isinstance(model, torch.nn.Module) or isinstance(model, torch.jit.ScriptModule):
        raise InputError(
            f"{function} takes a model of {of} as a Python module, got {type(model).__name__}: "
            "load the model before it is scripted"
        )
    if getattr(model, "is_compile_graph_model", False):
        raise InputError(
            "the model compiles itself when it is trained, which kernels of invgen do not take part in: build or load "
            'it with compile_mode="eager"'
        )
