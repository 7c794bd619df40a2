"""Message-passing networks whose features are tensors of atoms: MACE, NequIP, BOTNet and what lies between."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from math import sqrt
from typing import Any, Final

import torch

from invgen.checks import integer, one_of, positive
from invgen.errors import InputError
from invgen.nn.arguments import named
from invgen.nn.by_species import BySpecies
from invgen.nn.distance_transforms import TRANSFORMS, Agnesi
from invgen.nn.elements import Elements
from invgen.nn.equivariant_layers import EquivariantLayer, Surroundings
from invgen.nn.equivariant_plan import PRODUCT, Design
from invgen.nn.interaction import Geometry
from invgen.nn.irrep_rows import text_of
from invgen.nn.kernels import KeepsDtype
from invgen.nn.radial_tables import SMALLEST, in_float64, kinds_checked, kinds_of, tensors_of
from invgen.nn.radial_weights import SILU_GAIN, hidden_widths
from invgen.nn.sensitivities import Bessel, Radial
from invgen.nn.states import check_state
from invgen.nn.symmetric_product import CONVENTION
from invgen.runtime import Neighbours
from invgen.runtime.arguments import dtype_name
from invgen.runtime.splines import errors_between
from invgen.runtime.targets import check_target
from invgen.structures import element_index

AVERAGE_NEIGHBOURS: Final = 10.0
ALL, LAST = "all", "last"
LATER, NONE = "later", "none"
AVERAGE, DENSITY = "average", "density"
_STATE: Final = "invgen-equivariant-network-1"
_PLAIN: Final = {"self_connection": ALL, "normalisation": AVERAGE, "distance_transform": None}
"""What states do not say where it is so."""


class EquivariantNetwork(KeepsDtype):
    """h_i -> W' B(A_i) + S_z h_i with A_i = W Σ_j R(r_ij) K (U h_j ⊗ Y(r̂_ij)) / N, layer by layer.

    Features h are tensors of atoms: where the structure is turned or reflected, they are. Those of the first layer are
    an embedding of the species z. K couples features with harmonics Y of rank 0 ... l_max by Clebsch-Gordan
    coefficients, one path for each irrep of features, harmonics and sums; R are functions of the distance for each path
    and channel (`RadialWeights`). U, W and W' mix the channels of each irrep, S does with matrices of the species. B
    are equivariant polynomials of the sums up to a degree, with weights by species and channel (`SymmetricProduct`), so
    that an energy sees clusters of correlation + 1 atoms in one layer. With nonlinearity="gate" h_i -> gate(A_i + S_z
    h_i).

    With self_connection="later" the first layer, with "none" every layer has T_z A_i in place of A_i and no S_z h_i.
    With normalisation="density" sums are divided by 1 + Σ_j tanh((D s(r_ij))²) in place of N, where s are the radial
    functions. With distance_transform="agnesi" these are s(r_ij) = b(x_ij) f(r_ij) with Bessel functions b, their
    envelope f, and x of `Agnesi`, so that they depend on the elements of both atoms.

    Scalars 0e of every layer go to heads, as in the HIP family. The design space is that of Batatia et al.,
    arXiv:2205.06643; `MACE`, `NequIP` and `BOTNet` are points of it. Energies, forces and features depend smoothly on
    positions, also where atoms cross the cutoff: with the envelope of power p, R has p - 1 (at most 2) continuous
    derivatives there.

    Args:
        species: the atomic numbers that may occur, in the order of the one-hot features.
        cutoff: of the radial functions, in the unit of the positions; neighbour lists must reach as far.
        messages: the irreps of the features between layers, each once, "0e + 1o + 2e". All have `channels` channels.
        correlation: the degree of B; 1 with a gate.
        l_max: the highest rank of the harmonics, and with correlation > 1 of the sums.
        layers: how many.
        channels: of every irrep.
        nonlinearity: "product" or "gate".
        last: the irreps of the last layer: 0e for energies, and others where heads read tensors.
        average_neighbours: N, about the mean number of neighbours; 10 if left out.
        self_connection: "all", "later" or "none": the layers that add what an atom gets from its own features.
        normalisation: "average" to divide sums by N, "density" to divide them by the density above.
        radial: makes the radial functions; `lambda: Bessel(8, cutoff, 5, learn=False)` by default. Any that vanish at
            the cutoff.
        distance_transform: "agnesi", in Angstrom and with Bessel functions; None for the distances as they are.
        radial_hidden: the widths of the radial networks.
        tables: how many knots the radial networks run on in place of all pairs; None for all pairs. Weights are then
            cubic splines of the distance, which differ from the network's by `table_error`. Some hundred knots are as
            much work as some hundred pairs: this is for large systems, and for batches of some thousand pairs. States
            are the same with and without. With a distance transform there is a table for each pair of elements
            that occurs.
        readout: the width of a hidden layer between the last 0e and the heads, silu(W h); none if left out.
        levels: "all" to give heads the 0e of every layer, "last" for those of the last alone.
        dtype: torch.float32 (the default) or torch.float64.
        target: "c" (compiled, CPU), "cuda" (compiled, NVIDIA GPUs, without tables) or "torch" (plain PyTorch).

    Shapes:
        species (atoms), vectors (pairs, 3) from receiver to source, `Neighbours` -> a list of (atoms, width), the
        one-hot species first.

    Attributes:
        feature_sizes: the widths.
        tensor_irreps: of the features of every level, the species (0e) first.
        tensor_channels: of every level.
        convention: of their components.

    Raises:
        InputError: an argument is not allowed, or no layer can make one of the irreps.
    """

    convention = CONVENTION
    _power = 5  # of the polynomial by which radial functions vanish at the cutoff

    @named
    def __init__(
        self,
        species: Sequence[int],
        cutoff: float,
        *,
        messages: str = "0e + 1o + 2e",
        correlation: int = 3,
        l_max: int = 3,
        layers: int = 2,
        channels: int = 64,
        nonlinearity: str = PRODUCT,
        last: str = "0e",
        average_neighbours: float | None = None,
        self_connection: str = ALL,
        normalisation: str = AVERAGE,
        radial: Callable[[], Radial] | None = None,
        distance_transform: str | None = None,
        radial_hidden: Iterable[int] = (64, 64, 64),
        tables: int | None = None,
        readout: int | None = None,
        levels: str = ALL,
        dtype: torch.dtype = torch.float32,
        target: str = "c",
    ) -> None:
        super().__init__()
        check_target(target, "the target of a network")
        dtype_name(dtype)
        self.elements = Elements(species, dtype)
        self.cutoff = positive("the cutoff", cutoff)
        self.channels = integer("the number of channels", channels, 1)
        self.design = Design(messages, last, correlation, l_max, layers, nonlinearity)
        self.dtype, self.target = dtype, target
        self._reads_all = one_of("levels", levels, (ALL, LAST)) == ALL
        self.radial = Bessel(8, self.cutoff, self._power, learn=False, dtype=dtype) if radial is None else radial()
        self.distance_transform = distance_transform
        self.transform = self._transform()
        self.self_connection = one_of("self_connection", self_connection, (ALL, LATER, NONE))
        self.normalisation = one_of("normalisation", normalisation, (AVERAGE, DENSITY))
        if normalisation == DENSITY and average_neighbours is not None:
            raise InputError(
                "average_neighbours goes with normalisation='average', got 'density', where a density divides sums: "
                "leave one of the two out"
            )
        kinds, hidden = len(self.elements), hidden_widths(radial_hidden)
        width = None if readout is None else integer("the width of the readout", readout, 1)
        divided = AVERAGE_NEIGHBOURS if average_neighbours is None else average_neighbours
        divided = positive("average_neighbours", divided)
        plan, self.tables = self.design.plan(), tables
        self.embedding = torch.nn.Parameter(torch.empty(kinds, self.channels, dtype=dtype))
        torch.nn.init.normal_(self.embedding)
        self.layers = torch.nn.ModuleList(
            EquivariantLayer(
                each,
                self.design,
                kinds,
                self.channels,
                self.radial.number,
                hidden,
                dtype,
                target,
                number == 0,
                (SMALLEST * self.cutoff, self.cutoff),
                tables,
                connected=self_connection == ALL or (self_connection == LATER and number > 0),
                by_density=normalisation == DENSITY,
            )
            for number, each in enumerate(plan)
        )
        self.tensor_irreps = ("0e", *(text_of(each.outputs) for each in plan))
        self.tensor_channels = (kinds, *(self.channels for _ in plan))
        self.readout: torch.nn.Parameter | None = None
        widths = [self.channels] * len(plan)
        if width is not None:
            widths[-1] = width
            self.readout = torch.nn.Parameter(torch.empty(self.channels, width, dtype=dtype))
            torch.nn.init.normal_(self.readout)
        self.feature_sizes = (kinds, *(widths if self._reads_all else widths[-1:]))
        self.set_average_neighbours(divided)

    @property
    def interactions(self) -> int:
        """How many layers there are."""
        return len(self.layers)

    def set_average_neighbours(self, number: float) -> None:
        """Divide the sums over neighbours by this number from now on; it belongs to the state.

        With normalisation="density" it divides nothing.

        Raises:
            InputError: it is not positive.
        """
        self.average_neighbours = positive("average_neighbours", number)
        for layer in self.layers:
            layer.mix.factor = 1.0 if self.normalisation == DENSITY else 1 / self._divisor()  # type: ignore[union-attr]

    @torch.no_grad()
    def table_error(self) -> float:
        """How far weights of tables are from those of the radial networks, relative to the largest weight of a layer.

        It is looked for half and a quarter of the way between knots. Errors of forces are larger by the number of knots
        within which weights change; compare forces with those of the same state without tables. With a distance
        transform it is the largest over all pairs of elements, or where there are more than 64, over equal elements.

        Raises:
            InputError: the network has no tables.
        """
        if self.tables is None:
            raise InputError(
                f"{type(self).__name__} was built without tables: build it with tables=, a number of knots"
            )
        device, worst = self.embedding.device, 0.0
        knots = self._knots(device)
        kinds = None if self.transform is None else kinds_checked(len(self.elements)).to(device)
        for each in (None,) if kinds is None else kinds.split(1):
            for layer in self.layers:
                weights: Any = layer.radial

                def exact(distances: torch.Tensor, weights: Any = weights, kind: Any = each) -> torch.Tensor:
                    found: torch.Tensor = weights(self._functions(distances, kind))
                    return found.reshape(distances.shape[0], *found.shape[-2:])

                table = weights.table(self._functions(knots, each), torch.float64)[0]
                errors = errors_between(table, knots, exact)
                worst = max(worst, errors.worst / errors.largest)
        return worst

    def _knots(self, device: torch.device) -> torch.Tensor:
        """The distances of the knots, in float64."""
        found: torch.Tensor = self.layers[0].convolve.knots(torch.float64)  # type: ignore[union-attr, operator]
        return found.to(device)

    def _functions(self, distances: torch.Tensor, kinds: torch.Tensor | None) -> torch.Tensor:
        """Radial functions in float64, (distances, functions), or (kinds, distances, functions) of kinds of pairs."""
        found: torch.Tensor
        if self.transform is None or kinds is None:
            found = in_float64(self.radial, distances)
            return found
        count, every = len(self.elements), distances.repeat(kinds.shape[0])
        ends = (each.repeat_interleave(distances.shape[0]) for each in (kinds // count, kinds % count))
        found = in_float64(self.radial, every, in_float64(self.transform, every, *ends))
        return found.reshape(kinds.shape[0], distances.shape[0], -1)

    def _divisor(self) -> float:
        return self.average_neighbours

    def tensors(self, species: torch.Tensor, vectors: torch.Tensor, neighbours: Neighbours) -> list[torch.Tensor]:
        """The features of every level, (atoms, rows, channels), with the irreps of `tensor_irreps`.

        Rows stand by irrep, then by component. The first level is the one-hot species, (atoms, 1, species).

        Args:
            species: (atoms), atomic numbers.
            vectors: (pairs, 3), from the receiver of each pair to its source.
            neighbours: the pairs, within the cutoff.

        Raises:
            InputError: a species that the network does not know, or tensors that do not fit.
        """
        geometry = Geometry.of(neighbours, vectors)
        one_hot = self.elements(species)
        kinds = len(self.elements)
        if torch.compiler.is_compiling():
            # Nothing can be raised in a graph: an unknown element is NaN, which argmax takes for the first.
            samples = BySpecies.of(one_hot.argmax(1), kinds, sort=False)
        else:
            samples = BySpecies.of(element_index(species, self.elements.species), kinds)
        around = self._surroundings(one_hot, samples, geometry)
        features = (one_hot @ self.embedding)[:, None]
        found = [one_hot[:, None]]
        for layer in self.layers:
            features = layer(features, around)
            found.append(features)
        return found

    def _surroundings(self, one_hot: torch.Tensor, samples: BySpecies, geometry: Geometry) -> Surroundings:
        """What all layers read beside features."""
        vectors, neighbours = geometry.vectors, geometry.neighbours
        of_pairs: torch.Tensor | None = None
        if self.tables is None or self.normalisation == DENSITY:
            of_pairs = self._radial(geometry, samples)
        if self.tables is None and of_pairs is not None:
            return Surroundings(one_hot, samples, vectors, of_pairs, neighbours, radial_of_pairs=of_pairs)
        kinds = numbers = None
        own = tuple(tensors_of(self.radial))
        if self.transform is not None:
            kinds, numbers = kinds_of(samples.species, neighbours, len(self.elements))
            own += tuple(tensors_of(self.transform))
        key = () if kinds is None or torch.compiler.is_compiling() else tuple(kinds.tolist())
        radial = self._functions(self._knots(vectors.device), kinds)
        return Surroundings(one_hot, samples, vectors, radial, neighbours, own, of_pairs, key, numbers)

    def _radial(self, geometry: Geometry, samples: BySpecies) -> torch.Tensor:
        """(pairs, functions)."""
        distances, lists = geometry.distances, (geometry.neighbours.index, geometry.neighbours.receivers)
        if self.transform is None:
            return self.radial(distances)  # type: ignore[no-any-return]
        ends = (samples.species.index_select(0, each) for each in lists)
        return self.radial(distances, self.transform(distances, *ends))  # type: ignore[no-any-return]

    def _transform(self) -> Agnesi | None:
        """What radial functions read distances through."""
        if self.distance_transform is None:
            return None
        one_of("distance_transform", self.distance_transform, TRANSFORMS)
        if not isinstance(self.radial, Bessel):
            raise InputError(
                f"distance_transform goes with Bessel functions, got {type(self.radial).__name__}: leave out radial or "
                "distance_transform"
            )
        return Agnesi(self.elements.species, dtype=self.dtype)

    def features_of(self, tensors: list[torch.Tensor]) -> list[torch.Tensor]:
        """The scalars of `tensors` that heads read, (atoms, width) each, the one-hot species first."""
        first, *others = tensors
        used = others if self._reads_all else others[-1:]
        scalars = [each.split([1, each.shape[1] - 1], 1)[0].squeeze(1) for each in used]
        if self.readout is not None:
            hidden = scalars[-1] @ (self.readout * (1 / sqrt(self.channels)))
            scalars[-1] = torch.nn.functional.silu(hidden) * SILU_GAIN
        return [first.squeeze(1), *scalars]

    def forward(self, species: torch.Tensor, vectors: torch.Tensor, neighbours: Neighbours) -> list[torch.Tensor]:
        """The scalar features of every atom after each layer, the one-hot species first; arguments as of `tensors`."""
        return self.features_of(self.tensors(species, vectors, neighbours))

    def get_extra_state(self) -> dict[str, Any]:
        """What weights depend on and shapes do not show."""
        design = self.design
        options = {name: getattr(self, name) for name, plain in _PLAIN.items() if getattr(self, name) != plain}
        return {
            "format": _STATE,
            "kind": type(self).__name__,
            "cutoff": self.cutoff,
            "levels": ", ".join(self.tensor_irreps),
            "correlation": design.correlation,
            "l_max": design.l_max,
            "nonlinearity": design.nonlinearity,
            "radial": " ".join(str(self.radial).split()),
            "average_neighbours": self.average_neighbours,
            **options,
        }

    def set_extra_state(self, state: Any) -> None:
        """Refuse the state of another network; the average number of neighbours is taken over."""
        given = _PLAIN | state if isinstance(state, dict) else state
        found = check_state(_PLAIN | self.get_extra_state(), given, free="average_neighbours")
        self.set_average_neighbours(found.get("average_neighbours", self.average_neighbours))

    def extra_repr(self) -> str:
        """Cutoff, design, dtype and target."""
        return f"cutoff={self.cutoff}, {self.design}, channels={self.channels}, {self.dtype}, {self.target}"
