"""What a kernel accepts: every refusal is one sentence that says what was given and what is expected."""

from __future__ import annotations

from typing import Final, NoReturn

import torch

from invgen.errors import InputError
from invgen.runtime.spec import KernelSpec
from invgen.runtime.targets import TARGETS, elsewhere, target_named

TORCH_DTYPES: Final = {"float32": torch.float32, "float64": torch.float64}


def dtype_name(dtype: torch.dtype) -> str:
    """The name of a dtype that kernels have.

    Raises:
        InputError: kernels have no such dtype.
    """
    for name, known in TORCH_DTYPES.items():
        if dtype == known:
            return name
    raise InputError(f"dtype must be torch.float32 or torch.float64, got {dtype}")


class Arguments:
    """Tensors pass exactly when a kernel of this spec and layout can take them as they are.

    The checks are cheap enough for every call and consist of what `torch.compile` traces into guards.

    Args:
        spec: The kernel.
        layout: ``"channel"``: (..., component, channel); ``"plain"``: (..., component).
        targets: What the kernel could have been built for.
    """

    def __init__(self, spec: KernelSpec, layout: str, targets: tuple[str, ...] = TARGETS) -> None:
        self.dtype = TORCH_DTYPES[spec.dtype]
        self._spec = spec
        self._device = target_named(spec.target).device
        self._targets = targets
        self._trailing = 2 if layout == "channel" else 1

    def check_x(self, x: torch.Tensor) -> None:
        """``x`` holds components of the kernel's dtype, on a device that it runs on.

        Raises:
            InputError: Otherwise.
        """
        self.check_tensor("x", x)
        trailing = self._trailing
        if x.dim() < trailing or x.shape[-trailing] != self._spec.dimension:
            raise InputError(
                f"{self._who()} takes x of shape {self._shape(self._spec.dimension)}, got {tuple(x.shape)}"
            )

    def check_like_x(self, name: str, tensor: torch.Tensor, x: torch.Tensor) -> None:
        """``tensor`` has the shape, dtype and device of ``x``.

        Raises:
            InputError: Otherwise.
        """
        self._check_beside(name, tensor, x, self._spec.dimension)

    def check_like_y(self, name: str, tensor: torch.Tensor, x: torch.Tensor) -> None:
        """``tensor`` has the shape of the values at ``x``, and the dtype and device of ``x``.

        Raises:
            InputError: Otherwise.
        """
        self._check_beside(name, tensor, x, self._spec.count)

    def check_out(self, outs: tuple[torch.Tensor, ...], inputs: tuple[torch.Tensor, ...]) -> None:
        """Writing to ``outs`` changes no input, no other output, and nothing that autograd would have to know of.

        Raises:
            InputError: If an input or output requires a gradient while gradients are recorded, an output is not
                contiguous, or an output shares memory with an input or another output.
        """
        if torch.is_grad_enabled() and any(tensor.requires_grad for tensor in (*inputs, *outs)):
            raise InputError(
                f"{self._who()} cannot write to out= where a tensor requires a gradient, which would be lost: "
                "leave out= out and call the kernel itself, or wrap the call in torch.no_grad()"
            )
        for position, out in enumerate(outs):
            if not out.is_contiguous():
                raise InputError(
                    f"{self._who()} writes to contiguous out= tensors only, got strides {out.stride()} "
                    f"for shape {tuple(out.shape)}: pass out.contiguous() and copy it back"
                )
            if out.is_neg():
                raise InputError(
                    f"{self._who()} writes to the memory of out= tensors, and one is a view whose numbers are negated "
                    "when they are read: pass out.resolve_neg() and copy it back"
                )
            if any(_overlap(out, other) for other in (*inputs, *outs[:position])):
                raise InputError(
                    f"{self._who()} was given an out= tensor that shares memory with another argument: "
                    "pass memory of its own"
                )

    def _check_beside(self, name: str, tensor: torch.Tensor, x: torch.Tensor, rows: int) -> None:
        self.check_tensor(name, tensor)
        shape = list(x.shape)
        shape[-self._trailing] = rows
        if list(tensor.shape) != shape:
            raise InputError(
                f"{self._who()} takes {name} of shape {tuple(shape)} beside x of shape {tuple(x.shape)}, "
                f"got {tuple(tensor.shape)}"
            )
        if tensor.device != x.device:
            raise InputError(f"{self._who()} got x on {x.device} and {name} on {tensor.device}: move one of them")

    def check_tensor(self, name: str, tensor: torch.Tensor) -> None:
        """``tensor`` is a dense tensor of the kernel's dtype, on a device that it runs on.

        Raises:
            InputError: Otherwise.
        """
        if not isinstance(tensor, torch.Tensor):
            raise InputError(
                f"{self._who()} takes torch tensors, got {type(tensor).__name__} for {name}: "
                f"pass torch.as_tensor({name}, dtype={self.dtype})"
            )
        if tensor.dtype != self.dtype:
            self._refuse_dtype(name, tensor)
        if tensor.layout != torch.strided:
            raise InputError(
                f"{self._who()} takes dense tensors, got {tensor.layout} for {name}: pass {name}.to_dense()"
            )
        if self._device and tensor.device.type != self._device:
            self._refuse_device(name, tensor)

    def _refuse_device(self, name: str, tensor: torch.Tensor) -> NoReturn:
        target = target_named(self._spec.target)
        raise InputError(
            f"{self._who()} was built for target {target.name!r}, which runs on {target.place}, got {name} on "
            f"{tensor.device}: {elsewhere(target.name, tensor.device.type, self._targets)}"
        )

    def _refuse_dtype(self, name: str, tensor: torch.Tensor) -> NoReturn:
        convert = f"{name}.{'float' if self.dtype == torch.float32 else 'double'}()"
        if torch.is_autocast_enabled(tensor.device.type):
            raise InputError(
                f"{self._who()} takes {self.dtype}, got {tensor.dtype} for {name} from torch.autocast: pass {convert}, "
                f"or wrap what computes {name} in torch.autocast({tensor.device.type!r}, enabled=False)"
            )
        raise InputError(
            f"{self._who()} takes {self.dtype}, got {tensor.dtype} for {name}: "
            f"pass {convert}, or build the kernel with another dtype"
        )

    def _who(self) -> str:
        return f"kernel {self._spec.name!r}"

    def _shape(self, rows: int) -> str:
        return f"(..., {rows}, channel)" if self._trailing == 2 else f"(..., {rows})"


def _overlap(first: torch.Tensor, second: torch.Tensor) -> bool:
    """Whether the spans of memory between first and last element meet; gaps of a strided tensor count as its own."""
    if first.device != second.device or first.numel() == 0 or second.numel() == 0:
        return False
    first_begin, first_end = _span(first)
    second_begin, second_end = _span(second)
    return first_begin < second_end and second_begin < first_end


def _span(tensor: torch.Tensor) -> tuple[int, int]:
    last = sum((size - 1) * stride for size, stride in zip(tensor.shape, tensor.stride(), strict=True))
    begin = tensor.data_ptr()
    return begin, begin + (last + 1) * tensor.element_size()
