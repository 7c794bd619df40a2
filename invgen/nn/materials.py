"""Laws of materials: tensors as combinations of generators, and energies whose gradients are stresses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import torch

from invgen.basis.basis import Basis
from invgen.checks import positive
from invgen.errors import InputError
from invgen.nn.arguments import named
from invgen.nn.inference import of_inference, usable
from invgen.nn.invariants import Invariants
from invgen.nn.kernels import KeepsDtype
from invgen.nn.perceptrons import perceptron
from invgen.spaces import index_symmetries
from invgen.spaces.conventions import CARTESIAN
from invgen.spaces.outputs import SCALAR, dimension

# Values of an invariant that differ by fewer units in the last place than this are taken for one value: a kernel adds
# some dozens of rounded terms.
_ROUNDINGS = 64


class _OfInvariants(KeepsDtype):
    """A network of standardised invariants u_k = (I_k(x) - mean_k) · scale_k."""

    mean: torch.Tensor
    scale: torch.Tensor

    def __init__(
        self, basis: Basis, outputs: int, hidden: Iterable[int], activation: str, target: str, dtype: torch.dtype
    ) -> None:
        super().__init__()
        self.invariants = Invariants(basis, dtype, "plain", target)
        self.network = perceptron(len(basis), hidden, outputs, dtype, activation)
        self.activation = activation
        self.register_buffer("mean", torch.zeros(len(basis), dtype=dtype))
        self.register_buffer("scale", torch.ones(len(basis), dtype=dtype))

    def _coefficients(self, x: torch.Tensor) -> torch.Tensor:
        """The outputs of the network."""
        found: torch.Tensor = self.network((self.invariants(x) - self.mean) * self.scale)
        return found

    @torch.no_grad()
    def fit_scales(self, x: torch.Tensor, damping: float = 1.0) -> None:
        """Make mean_k the mean of I_k over these inputs, and scale_k damping^(d_k - 1) over its standard deviation.

        d_k is the degree of I_k. Call this with the inputs of the training set before training: members differ by
        powers of ten, and a network learns little from inputs that hardly vary. Near a reference state what is learnt
        is close to a Taylor series, in which high degrees count for little; a damping of 1/4 says so to the network.
        An invariant that is constant on the sample up to rounding gets the scale 0, which leaves it out.

        Args:
            x: (..., dimension), at least two inputs.
            damping: a positive number; 1 treats all degrees alike.

        Raises:
            InputError: there are fewer than two inputs, a member is not finite on one of them, or the damping is not a
                positive number.
        """
        damping = positive("the damping", damping)
        values = _sampled(self.invariants, x)
        mean, deviation = values.mean(0), values.std(0, correction=0)
        least = _ROUNDINGS * torch.finfo(self.mean.dtype).eps * values.abs().amax(0)
        weight = values.new_tensor([damping ** (degree - 1) for degree in self.invariants.basis.degrees])
        self.mean.copy_(mean)
        self.scale.copy_(torch.where(deviation > least, weight / deviation, 0.0))

    def get_extra_state(self) -> dict[str, Any]:
        """What weights depend on and shapes do not show; the basis's id is with each `Invariants`."""
        return {"activation": self.activation}

    def set_extra_state(self, state: Any) -> None:
        """Refuse the state of another network."""
        found = state.get("activation") if isinstance(state, dict) else None
        if found != self.activation:
            raise InputError(
                f"the state was saved with activation {found!r}, this network has {self.activation!r}; build the "
                "network as the state says"
            )


class TensorBasis(_OfInvariants):
    """y(x) = Σ_k g_k(I(x)) T_k(x): every equivariant map, from generators T_k of the module of equivariant maps.

    y turns with x, y(D x) = D_L y(x), whatever the weights are. The g_k are outputs of one network of the standardised
    invariants; T_k is divided by its root mean square on a sample (`fit_scales`). Without hidden layers each g_k is
    linear in the invariants, with a constant. Twice differentiable: a loss may contain y and its first derivatives.
    Pope's tensor basis network for turbulence (J. Fluid Mech. 72, 331, 1975; Ling, Kurzawski, Templeton, 807, 155,
    2016) is this with the space "S:2e + R:1e" and outputs "2e".

    Args:
        invariants: a basis of invariants, best with select="integrity" or "independent".
        generators: a basis with `outputs`, an irrep or a Cartesian tensor, of the same space, group and convention.
        hidden: the widths of the hidden layers.
        activation: "silu", "tanh", "softplus" or "gelu".
        target: "c" for CPU tensors, "cuda" for NVIDIA GPUs, "torch" for any device.
        dtype: torch.float32 or torch.float64.

    Shapes:
        (..., dimension) -> (..., n), the components of the outputs as `generators.evaluate` orders them: those of the
        irrep in the basis's convention (for "cartesian" in "rational"), or the free entries of the Cartesian tensor.

    Raises:
        InputError: the bases have different spaces or conventions, the first has covariants, the second invariants, or
            an argument is not allowed; on loading a state dict that was saved with other bases.
    """

    size: torch.Tensor

    @named
    def __init__(
        self,
        invariants: Basis,
        generators: Basis,
        hidden: Iterable[int] = (64, 64),
        activation: str = "silu",
        target: str = "c",
        dtype: torch.dtype = torch.float32,
    ) -> None:
        _check_invariants("a tensor basis", invariants)
        _check_generators(invariants, generators)
        super().__init__(invariants, len(generators), hidden, activation, target, dtype)
        self.generators = Invariants(generators, dtype, "plain", target)
        self._shape = (len(generators), dimension(generators.outputs))
        self.register_buffer("size", torch.ones(len(generators), dtype=dtype))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """The components of y."""
        tensors = self.generators(x).unflatten(-1, self._shape)
        coefficients = self._coefficients(x) / self.size
        y: torch.Tensor = (coefficients.unsqueeze(-1) * tensors).sum(-2)
        return y

    @torch.no_grad()
    def fit_scales(self, x: torch.Tensor, damping: float = 1.0) -> None:
        """As for `ScalarPotential`; and make size_k the root mean square of T_k's components over these inputs.

        A generator that vanishes on all of them keeps the size 1.

        Args:
            x: (..., dimension), at least two inputs.
            damping: of invariants alone.

        Raises:
            InputError: as for `ScalarPotential`.
        """
        super().fit_scales(x, damping)
        size = _sampled(self.generators, x).unflatten(-1, self._shape).square().mean((0, 2)).sqrt()
        least = torch.finfo(self.size.dtype).tiny
        self.size.copy_(torch.where(size > least, size, 1.0))


class ScalarPotential(_OfInvariants):
    """W(x) = f(I(x)), f a network of standardised invariants, and its gradient dW/dx, exactly.

    W is invariant, so its gradient is equivariant: the stress of an elastic energy keeps the symmetry of the material
    and does no work on a closed path. Without hidden layers W is linear in the invariants, with a constant. A loss may
    contain W and its gradient.

    Args:
        invariants: a basis of invariants.
        hidden: the widths of the hidden layers.
        activation: "silu", "tanh", "softplus" or "gelu".
        target: "c" for CPU tensors, "cuda" for NVIDIA GPUs, "torch" for any device.
        dtype: torch.float32 or torch.float64.

    Shapes:
        (..., dimension) -> (...).

    Raises:
        InputError: the basis has covariants, or an argument is not allowed; on loading a state dict that was saved with
            another basis.
    """

    @named
    def __init__(
        self,
        invariants: Basis,
        hidden: Iterable[int] = (64, 64),
        activation: str = "silu",
        target: str = "c",
        dtype: torch.dtype = torch.float32,
    ) -> None:
        _check_invariants("a potential", invariants)
        super().__init__(invariants, 1, hidden, activation, target, dtype)
        self._entries = _entries(invariants)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """The energies W(x)."""
        return self._coefficients(x).squeeze(-1)

    def gradient(self, x: torch.Tensor, create_graph: bool | None = None) -> torch.Tensor:
        """dW/dx by components, (..., dimension); see `energy_and_gradient`."""
        return self.energy_and_gradient(x, create_graph)[1]

    def energy_and_gradient(
        self, x: torch.Tensor, create_graph: bool | None = None
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """W and dW/dx, also under `torch.no_grad` and `torch.inference_mode`.

        Args:
            x: (..., dimension).
            create_graph: whether a loss may contain the gradient; by default while the module trains.

        Returns:
            (...) and (..., dimension).

        Raises:
            InputError: the module was built under `torch.inference_mode`, so that gradients have no way to x.
        """
        if not torch.compiler.is_compiling():  # graphs know nothing of inference mode
            if of_inference(self):
                raise InputError(
                    "the potential was built under torch.inference_mode and has no gradients: build it outside"
                )
            if torch.is_inference_mode_enabled():
                with torch.inference_mode(False), torch.no_grad():
                    return self.energy_and_gradient(x)
            x = usable(x)
        recording = torch.is_grad_enabled()
        keep = recording and (self.training if create_graph is None else create_graph)
        with torch.enable_grad():
            x = x if x.requires_grad else x.detach().requires_grad_()
            energy = self(x)
            (gradient,) = torch.autograd.grad(energy.sum(), x, create_graph=keep, retain_graph=recording)
        return energy if recording else energy.detach(), gradient

    def tensor_gradient(self, x: torch.Tensor, create_graph: bool | None = None) -> torch.Tensor:
        """The tensor G with dW = Σ G_ij dC_ij over all entries, for a Cartesian tensor C with index symmetries.

        G has the symmetries of C. The components of x are the free entries of C, and a free entry that stands for m
        entries of C gives each of them 1/m of its derivative: with C_ij = C_ji

            G_11 = ∂W/∂c11,    G_12 = G_21 = 1/2 ∂W/∂c12.

        With the right Cauchy-Green tensor C = FᵀF, 2 G is the second Piola-Kirchhoff stress and (2 / det F) F G Fᵀ the
        Cauchy stress.

        Args:
            x: (..., dimension) of a space made by `TensorSpace.cartesian`, in the convention "cartesian".
            create_graph: as for `energy_and_gradient`.

        Returns:
            (..., 3, 3), for a tensor with n indices (..., 3, ..., 3) with n axes.

        Raises:
            InputError: the basis has another kind of space, or another convention.
        """
        if self._entries is None:
            basis = self.invariants.basis
            raise InputError(
                "a gradient as a tensor needs a basis of TensorSpace.cartesian(...) in the convention 'cartesian', got "
                f"{basis.space!r} in {basis.convention!r}; gradient(x) gives the derivatives by components"
            )
        gradient = self.gradient(x, create_graph)
        entries = gradient[..., self._entries.columns] * gradient.new_tensor(self._entries.weights)
        tensor: torch.Tensor = entries.unflatten(-1, (3,) * self._entries.order)
        return tensor


@dataclass(frozen=True)
class _Entries:
    """Which component stands for each entry of a tensor, and what part of its derivative is the entry's."""

    order: int
    columns: list[int]
    weights: list[float]


def _entries(basis: Basis) -> _Entries | None:
    """Those of a Cartesian tensor written by its entries; None of anything else."""
    recipe = () if basis.space.layout is None else basis.space.layout.recipe
    if recipe[:1] != ("cartesian",) or basis.convention != CARTESIAN:
        return None
    symmetry = index_symmetries.parse(recipe[1])
    places = [place for _, place in sorted(index_symmetries.entries(symmetry).places.items())]
    copies = Counter(column for column, sign in places if sign)
    # An entry that vanishes has the sign 0 and the place of some other.
    weights = [sign / copies[column] if sign else 0.0 for column, sign in places]
    return _Entries(symmetry.order, [column for column, _ in places], weights)


def _check_invariants(owner: str, basis: object) -> None:
    if not isinstance(basis, Basis):
        raise InputError(f"{owner} takes a Basis of invariants, got {type(basis).__name__}; use invgen.generate")
    if basis.outputs != SCALAR:
        raise InputError(
            f"{owner} takes invariants, got a basis of outputs {basis.outputs!r}; generate it without outputs"
        )


def _check_generators(invariants: Basis, generators: object) -> None:
    if not isinstance(generators, Basis):
        raise InputError(
            f"the generators of a tensor basis are a Basis, got {type(generators).__name__}; use invgen.generate with "
            "outputs"
        )
    if generators.outputs == SCALAR:
        raise InputError(
            "the generators of a tensor basis have outputs such as '2e' or 'ij=ji', got invariants; generate them with "
            "outputs, or use ScalarPotential"
        )
    for what, mine, other in (
        ("the space", repr(invariants.space), repr(generators.space)),
        ("the convention", repr(invariants.convention), repr(generators.convention)),
    ):
        if mine != other:
            raise InputError(
                f"invariants and generators share {what}, got {mine} and {other}; generate both from one space with "
                "one convention"
            )


def _sampled(kernel: Invariants, x: torch.Tensor) -> torch.Tensor:
    """The rows of a kernel on some inputs, (samples, rows) in float64."""
    values: torch.Tensor = kernel(x)
    rows = values.flatten(0, -2) if values.ndim > 1 else values[None]
    if len(rows) < 2:
        raise InputError(f"scales are fitted to at least two inputs, (..., dimension), got {len(rows)}")
    if not rows.isfinite().all():
        raise InputError(
            f"a member of the basis is not finite in {rows.dtype} on the inputs that scales are fitted to; leave out "
            "inputs that are not finite, or scale them down"
        )
    return rows.double()
