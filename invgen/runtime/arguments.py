"""What a kernel accepts: every refusal is one sentence that says what was given and what is expected."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final, NoReturn

import torch

from invgen.errors import InputError
from invgen.runtime.families import family_of
from invgen.runtime.families.table import OF_Y, Spec
from invgen.runtime.targets import elsewhere, target_named

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
        spec: the kernel.
        layout: `"channel"`: (..., component, channel); `"plain"`: (..., component).
    """

    def __init__(self, spec: Spec, layout: str = "channel") -> None:
        kernel, self._family = spec.kernel, family_of(spec)
        self.dtype = TORCH_DTYPES[kernel.dtype]
        self._name, self._dimension = kernel.name, kernel.dimension
        self._target = target_named(kernel.target)
        self._device = self._target.device
        self._trailing = 2 if layout == "channel" else 1
        self._y_shape = self._family.y_shape(spec) if layout == "channel" else partial(_with_rows, kernel.count)

    def check_x(self, x: torch.Tensor) -> None:
        """`x` holds components of the kernel's dtype, on a device that it runs on.

        Raises:
            InputError: Otherwise.
        """
        self.check_tensor("x", x)
        trailing = self._trailing
        if x.dim() < trailing or x.shape[-trailing] != self._dimension:
            shape = f"(..., {self._dimension}, channel)" if trailing == 2 else f"(..., {self._dimension})"
            raise InputError(f"{self._who()} takes x of shape {shape}, got {tuple(x.shape)}")

    # The arguments of the value fit the kernel and each other; kernels of more arguments than x say what that is.
    check_value = check_x

    def check_beside(self, name: str, like: int, tensor: torch.Tensor, given: Sequence[torch.Tensor]) -> None:
        """`tensor` fits checked arguments of the value: it is shaped as one of them, or as the value (`OF_Y`).

        Raises:
            InputError: Otherwise.
        """
        self.check_tensor(name, tensor)
        shape, x = self._y_shape(given) if like == OF_Y else given[like].shape, given[0]
        if tensor.shape != shape:
            first = self._family.points[0]
            raise InputError(
                f"{self._who()} takes {name} of shape {tuple(shape)} beside {first} of shape {tuple(x.shape)}, "
                f"got {tuple(tensor.shape)}"
            )
        if tensor.device != x.device:
            self.check_device(name, tensor, x)

    def check_device(self, name: str, tensor: torch.Tensor, x: torch.Tensor) -> None:
        """`tensor` is where the first argument is.

        Raises:
            InputError: Otherwise.
        """
        if tensor.device != x.device:
            first = self._family.points[0]
            raise InputError(f"{self._who()} got {first} on {x.device} and {name} on {tensor.device}: move one of them")

    def check_integers(self, name: str, given: object, x: torch.Tensor) -> None:
        """`given` has an integer for each sample of x.

        Raises:
            InputError: Otherwise.
        """
        if not isinstance(given, torch.Tensor) or given.dtype != torch.int64:
            found = given.dtype if isinstance(given, torch.Tensor) else type(given).__name__
            raise InputError(f"{self._who()} takes {name} as a tensor of torch.int64, got {found}: pass {name}.long()")
        if given.shape != x.shape[:-2]:
            raise InputError(
                f"{self._who()} takes one {name} for each sample, of shape {tuple(x.shape[:-2])} beside x of shape "
                f"{tuple(x.shape)}, got {tuple(given.shape)}"
            )
        self.check_device(name, given, x)

    def check_out(self, outs: tuple[torch.Tensor, ...], inputs: tuple[torch.Tensor, ...]) -> None:
        """Writing to `outs` changes no input, no other output, and nothing that autograd would have to know of.

        Raises:
            InputError: if an input or output requires a gradient while gradients are recorded, an output is not
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

    def check_tensor(self, name: str, tensor: torch.Tensor) -> None:
        """`tensor` is a dense tensor of the kernel's dtype, on a device that it runs on.

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
        target = self._target
        raise InputError(
            f"{self._who()} was built for target {target.name!r}, which runs on {target.place}, got {name} on "
            f"{tensor.device}: {elsewhere(target.name, tensor.device.type, self._family.targets)}"
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
        return f"kernel {self._name!r}"


def _with_rows(count: int, given: Sequence[torch.Tensor]) -> tuple[int, ...]:
    return (*given[0].shape[:-1], count)


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
