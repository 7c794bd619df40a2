"""The arguments of the commands that make, show and check bases."""

from __future__ import annotations

from pathlib import Path

from invgen.cli import commands
from invgen.cli.parsing import Parsers, add_file, add_option, command_of, path
from invgen.reduction.options import OPTIONS
from invgen.show.styles import EXPRESSION, FORMS, STYLES


def add_generate(parsers: Parsers) -> None:
    """Declare `invgen generate`."""
    command = command_of(
        parsers,
        "generate",
        "make a certified basis and write it to a file",
        """\
IRREPS are irreducible tensors as e3nn writes them: rank and parity (e or o), joined by "+", with an optional
multiplicity and name: "0e + 1o + 2e", "2x1o + 2e", "v:1o + q:2e"; "a:(0e + 1o)" is a_0e and a_1o. Default names are
l0, l1, ...
Or the moments of a scalar, vector or matrix field, "moments 0..3", "moments 0..2 vector", or a Cartesian tensor with
index symmetries, "cartesian ijkl=jikl=klij"; both are decomposed into irreducible tensors.

examples:
  invgen generate "0e + 1o + 2e + 3o" --max-degree 4 -o optimal_l3_n4.json
  invgen generate "v:1o + q:2e" --max-degree 4 --select linear --group SO3 -o linear.json
  invgen generate "3o + 4e" --max-degree 7 --strata -o crystals.json
  invgen generate "cartesian ij=ji" --group Oh --max-degree 5 --select integrity -o cubic.json
  invgen generate "S:2e + R:1e" --max-degree 5 --select integrity --outputs 2e -o turbulence.json
  invgen generate "0e + 1o + 2e + 3o" --max-degree 3 --select linear --outputs 1o -o vectors.json
  invgen generate "a:(0e + 1o) + b:(0e + 1o)" --max-degree 2 --select linear --outputs 1o --degrees a=1,b=1 -o ab.json
  invgen generate "s:0e + v:1o + q:2e + t:3o" --contractions list.txt --convention hippynn -o list.json
  invgen generate "cartesian ijkl=jikl=klij" --max-degree 4 -o elasticity.json

A contractions file keeps a list that someone else made, in its order: one "i,ij,j v,q,v" per line (a tensor of rank 0
has no index: "s", or ",i,i s,v,v"), or one coupling tree, "((q,q)2,q)0", which may hold structural tensors of a point
group, "((q,q)4,@4e)0"; blank lines and what follows # are ignored.

Output: FILE, as JSON with a content hash (the basis id) and the certificate, replaced only when all is done;
and one line with the file, the number of invariants, the rank that is proved of the rank that is needed, and the id
(on standard error where FILE is "-", standard output).
The same request gives the same bytes.""",
        commands.generate,
    )
    command.add_argument("irreps", metavar="IRREPS", help='the tensors, such as "0e + 1o + 2e + 3o"')
    command.add_argument(
        "-o",
        "--output",
        metavar="FILE",
        type=path,
        required=True,
        help="the basis file to write; - for standard output",
    )
    command.add_argument(
        "--contractions", metavar="LIST", type=Path, help="keep the list in this file, instead of --max-degree"
    )
    command.add_argument(
        "--group",
        default="O3",
        help="O3 or SO3 (parity ignored; pseudo-scalars are invariants), a point group such as Oh, m-3m or Dinfh, in "
        "the plane O2 or SO2; default: O3",
    )
    command.add_argument(
        "--orientation",
        metavar="AXES",
        help="where the axes x, y and z of a point group's standard setting point, such as 1,1,0;-1,1,0;0,0,1",
    )
    for option in OPTIONS:
        add_option(command, option)
    command.add_argument("--workers", metavar="N", type=int, help="solve multidegrees in N processes; default: 1")


def add_show(parsers: Parsers) -> None:
    """Declare `invgen show`."""
    command = command_of(
        parsers,
        "show",
        "describe a basis: space, counts, rank, and every member",
        """\
example:
  invgen show optimal_l3_n4.json
  invgen show optimal_l3_n4.json --report

Output: the facts, then one line per member: its number (from 0, as Python and the kernels count), its degree
and its formula. "v[i] q[ij] v[j]" is the sum over i and j of v_i q_ij v_j. With --report, instead of the members: the
rank and what is needed on single tensors and pairs, on spherical functions and on every kind of symmetric input; and
how many orbits share generic values.""",
        commands.show,
    )
    add_file(command)
    command.add_argument("--report", action="store_true", help="say where the basis keeps full rank, and where not")


def add_cost(parsers: Parsers) -> None:
    """Declare `invgen cost`."""
    command = command_of(
        parsers,
        "cost",
        "count what the compiled functions of a basis do",
        """\
example:
  invgen cost optimal_l3_n4.json

Output: one row per function, counted per sample and channel in the C kernel's program: operations, and among them
sums, products, products with constants and changes of sign; components loaded and stored; the most values alive at
once; the functions that a long program is split into, and the values that these hand on in memory; and the loads and
stores that a given number of registers adds, if the value used latest always leaves first.""",
        commands.cost,
    )
    add_file(command)


def add_table(parsers: Parsers) -> None:
    """Declare `invgen table`."""
    command = command_of(
        parsers,
        "table",
        "print a basis as a table for a paper, a page or a spreadsheet",
        f"""\
STYLE is one of {", ".join(STYLES)}. The LaTeX needs the package booktabs. FORM is one of {", ".join(FORMS)}:
contractions and couplings, or traces and products of matrices, for vectors and second-order tensors.

examples:
  invgen table optimal_l3_n4.json
  invgen table optimal_l3_n4.json --style latex -o table.tex
  invgen table strain.json --form matrix

Output: one row per member with number, degree, contraction, formula, tensors and multidegree, under a head
with the space, the rank and the id (CSV: rows only). The same basis gives the same bytes.""",
        commands.table,
    )
    add_file(command)
    command.add_argument("--style", default="markdown", help=f"{', '.join(STYLES)}; default: markdown")
    command.add_argument("--form", default=EXPRESSION, help=f"{', '.join(FORMS)}; default: {EXPRESSION}")
    command.add_argument("-o", "--output", metavar="OUT", type=path, help="write to this file, not to standard output")


def add_verify(parsers: Parsers) -> None:
    """Declare `invgen verify`."""
    command = command_of(
        parsers,
        "verify",
        "recheck everything that a basis file claims, from the file alone",
        """\
example:
  invgen verify optimal_l3_n4.json

Output: one line per claim, "ok" or "FAILED": that the id is the hash of the content, that every member is an
invariant, that the minor which proves independence is not zero, that the rank needed is what the space says, and so
on. Exit code 2 if any claim is false.""",
        commands.verify,
    )
    add_file(command)
