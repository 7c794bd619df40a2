"""What a request may say: the one table of the arguments of `generate` and the options of `invgen generate`.

Nothing heavy is imported, so that the command line knows names, defaults and allowed values without loading a stage.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import Any

from invgen.reduction.registry import INDEPENDENT, OFFERED, alternatives, takers
from invgen.spaces import convention_names

DEGREE, COST = "degree", "cost"
ORDERS = (DEGREE, COST)
CONTRACTION, CHEAPEST = "contraction", "cheapest"
FORMS = (CONTRACTION, CHEAPEST)
SPECIFIC, MINIMAL_SET = "specific", "minimal-set"
MODES = (SPECIFIC, MINIMAL_SET)
MEMORY = 4 * 2**30
ESTIMATE = "estimate: "  # how the first text that `progress` is called with begins: it says the size of the request


@dataclass(frozen=True)
class Option:
    """One argument of `generate`, and how the command line writes it.

    Attributes:
        name: in Python; on the command line with hyphens.
        help: what it says; its values replace {}, or come last.
        default: what it is where it is left out.
        allowed: its values, where these can be listed.
        metavar: the placeholder of the value in help texts.
        kind: "text", "integer", "flag" or "path".
        reader: the function that reads the text of the command line, as "module:function"; empty where it stays text.
    """

    name: str
    help: str
    default: Any = None
    allowed: tuple[str, ...] = ()
    metavar: str | None = None
    kind: str = "text"
    reader: str = ""

    @property
    def flag(self) -> str:
        """As the command line writes it."""
        return f"--{self.name.replace('_', '-')}"

    @property
    def sentence(self) -> str:
        """The help text of the command line, with the selections that take the option, its values and its default."""
        chosen, values = takers(self.name), ", ".join(self.allowed)
        text = (f"with --select {alternatives(chosen)}: " if chosen else "") + self.help
        text = text.replace("{}", values) if "{}" in text or not values else f"{text}: {values}"
        return f"{text}; default: {self.default}" if self.allowed and self.default is not None else text

    def read(self, text: Any) -> Any:
        """The argument of `generate` that a text of the command line means."""
        if not self.reader:
            return text
        module, _, name = self.reader.partition(":")
        return getattr(import_module(module), name)(text)


_SEARCH = "invgen.reduction.search"
OPTIONS = (
    Option("max_degree", "the highest polynomial degree, 1 or more", metavar="N", kind="integer"),
    Option("select", "which invariants to keep", INDEPENDENT, OFFERED),
    Option(
        "outputs",
        "equivariant maps to this irrep, such as 1o or 2e, or to a Cartesian tensor, such as ij=ji, instead of "
        "invariants (0e)",
        "0e",
        (),
        "IRREP",
    ),
    Option("flexible", "what is tied together, every tensor to one anchor or every pair", SPECIFIC, MODES, "MODE"),
    Option("anchor", "the name of the tensor that all others are tied to", None, (), "NAME"),
    Option(
        "strata", "append members until the rank is full on symmetric inputs of every kind, too", False, kind="flag"
    ),
    Option(
        "order",
        'which candidates come first: {}, or the weight of every tensor, "v=1,q=3/2"; with all but degree raising '
        "--max-degree may change members",
        DEGREE,
        ORDERS,
        reader=f"{_SEARCH}.orders:parse",
    ),
    Option(
        "total_degree",
        "search products only whose factors' weights sum to at most D",
        metavar="D",
        kind="integer",
    ),
    Option(
        "weights",
        'with --total-degree: the weights of n and l of ACE channels, "1,2" (default: 1,1), or of every tensor, '
        '"v=1,q=2"',
        reader=f"{_SEARCH}.limits:parse_weights",
    ),
    Option(
        "degrees",
        'keep only what has these degrees in the tensors named, "a=1,b=1"; "a" stands for all tensors a_..., too, and '
        '"a+b=1" says the degree of several together',
        metavar="DEGREES",
        reader=f"{_SEARCH}.degrees:parse_degrees",
    ),
    Option("checkpoint", "keep finished multidegrees here, and continue from them", None, (), "FOLDER", "path"),
    Option("forms", "which form each invariant takes", CONTRACTION, FORMS),
    Option(
        "memory_limit",
        'refuse what is estimated to take more memory: a number of bytes, or "8GiB"; default: 4GiB',
        MEMORY,
        (),
        "BYTES",
        reader=f"{_SEARCH}.estimates:parse_memory",
    ),
    Option(
        "convention",
        f"which numbers stand for a tensor: {', '.join(convention_names.NAMES)}; default: {convention_names.DEFAULT}; "
        "for moments and Cartesian tensors also cartesian (the moments or entries themselves), their default",
    ),
)
BY_NAME = {option.name: option for option in OPTIONS}
