"""The command line: generate, show, cost, table, verify, package, library, catalogue, train, detect, doctor.

Results go to standard output or a file. Bad input gives one line on standard error and exit code 2,
never a traceback or half a file. A stage is imported by the command that needs it, so that help is quick and
`generate` loads no torch.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn, TypeAlias

from invgen._version import __version__
from invgen.cli import commands, detection, doctor, streams, training
from invgen.errors import InputError, InvgenError, missing_package
from invgen.reduction.options import OPTIONS, Option
from invgen.show.styles import EXPRESSION, FORMS, STYLES

EXIT_BAD_INPUT = 2
EXIT_INTERRUPTED = 130
EXIT_BROKEN_PIPE = 141


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code.

    0: done; 2: bad input, or a false claim found by `verify`; 130: interrupted; 141: the reader of standard output
    went away.
    """
    try:
        arguments = _parser().parse_args(argv)
        run: Callable[[argparse.Namespace], None] = arguments.run
        with streams.log(arguments.verbose):
            run(arguments)
        streams.flush()
    except InvgenError as error:
        return _refuse(error)
    except ImportError as error:
        missing = missing_package(error)
        if missing is None:
            raise
        return _refuse(missing)
    except KeyboardInterrupt:
        streams.complain("invgen: interrupted")
        return EXIT_INTERRUPTED
    except BrokenPipeError:
        streams.abandon()
        return EXIT_BROKEN_PIPE
    except OSError as error:  # of standard output; stages turn their own into sentences
        streams.complain(f"invgen: {error.strerror or error}")
        streams.abandon()
        return EXIT_BAD_INPUT
    except SystemExit as stop:  # argparse, after --help and --version
        return stop.code if isinstance(stop.code, int) else EXIT_BAD_INPUT
    return 0


def _refuse(error: Exception) -> int:
    # A compiler's message may have many lines, a sentence for a script has one.
    streams.complain("invgen: " + " ".join(str(error).split()))
    return EXIT_BAD_INPUT


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """One sentence instead of the usage: `main` prints it."""
        raise InputError(f"{message}; '{self.prog} --help' shows what is allowed")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="invgen",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        description="Optimal bases of moment invariants: generated exactly, certified, compiled to kernels.",
        epilog="""\
a first session:
  invgen generate "0e + 1o + 2e + 3o" --max-degree 4 -o optimal_l3_n4.json
  invgen show optimal_l3_n4.json
  invgen verify optimal_l3_n4.json
  invgen table optimal_l3_n4.json --style latex -o table.tex
  invgen package optimal_l3_n4.json -o optimal_l3_n4
  python -c "import optimal_l3_n4"

'invgen COMMAND --help' explains a command. Exit code 2 and one line on standard error: bad input.""",
    )
    parser.add_argument("--version", action="version", version=f"invgen {__version__}")
    parser.add_argument(
        "-v", "--verbose", action="store_true", help="say how long each stage took, on standard error; before COMMAND"
    )
    parsers = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    _add_generate(parsers)
    _add_show(parsers)
    _add_cost(parsers)
    _add_table(parsers)
    _add_verify(parsers)
    _add_package(parsers)
    _add_library(parsers)
    _add_catalogue(parsers)
    _add_train(parsers)
    _add_detect(parsers)
    _command(
        parsers,
        "doctor",
        "say what works on this machine, and why the rest does not",
        """\
example:
  invgen doctor

Output: one line each for the libraries, C compiler, OpenMP, kernel cache, torch and CUDA: "ok" with what was
found, or "off" with the reason and what to do.""",
        doctor.doctor,
    )
    return parser


_Parsers: TypeAlias = "argparse._SubParsersAction[_Parser]"


def _command(
    parsers: _Parsers, name: str, summary: str, text: str, run: Callable[[argparse.Namespace], None]
) -> _Parser:
    command = parsers.add_parser(
        name,
        help=summary,
        description=f"{summary[0].upper()}{summary[1:]}.\n\n{text}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    command.set_defaults(run=run)
    return command


def _path(text: str) -> Path | None:
    """A file, or None for "-": standard input or output."""
    return None if text == "-" else Path(text)


def _add_file(command: _Parser) -> None:
    command.add_argument(
        "file", metavar="FILE", type=_path, help="a basis file, written by 'invgen generate'; - for standard input"
    )


def _add_option(command: _Parser, option: Option) -> None:
    """One argument of `invgen.generate`; None where it is left out."""
    if option.kind == "flag":
        command.add_argument(option.flag, action="store_const", const=True, help=option.sentence)
    else:
        kinds: dict[str, Callable[[str], object]] = {"integer": int, "path": Path, "text": str}
        command.add_argument(option.flag, metavar=option.metavar, type=kinds[option.kind], help=option.sentence)


def _add_generate(parsers: _Parsers) -> None:
    command = _command(
        parsers,
        "generate",
        "make a certified basis and write it to a file",
        """\
IRREPS are irreducible tensors as e3nn writes them: rank and parity (e or o), joined by "+", with an optional
multiplicity and name: "0e + 1o + 2e", "2x1o + 2e", "v:1o + q:2e". Default names are l0, l1, ...
Or the moments of a scalar, vector or matrix field, "moments 0..3", "moments 0..2 vector", or a Cartesian tensor with
index symmetries, "cartesian ijkl=jikl=klij"; both are decomposed into irreducible tensors.

examples:
  invgen generate "0e + 1o + 2e + 3o" --max-degree 4 -o optimal_l3_n4.json
  invgen generate "v:1o + q:2e" --max-degree 4 --select linear --group SO3 -o linear.json
  invgen generate "3o + 4e" --max-degree 7 --strata -o crystals.json
  invgen generate "cartesian ij=ji" --group Oh --max-degree 5 --select integrity -o cubic.json
  invgen generate "S:2e + R:1e" --max-degree 5 --select integrity --outputs 2e -o turbulence.json
  invgen generate "0e + 1o + 2e + 3o" --max-degree 3 --select linear --outputs 1o -o vectors.json
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
        type=_path,
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
        _add_option(command, option)
    command.add_argument("--workers", metavar="N", type=int, help="solve multidegrees in N processes; default: 1")


def _add_show(parsers: _Parsers) -> None:
    command = _command(
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
    _add_file(command)
    command.add_argument("--report", action="store_true", help="say where the basis keeps full rank, and where not")


def _add_cost(parsers: _Parsers) -> None:
    command = _command(
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
    _add_file(command)


def _add_table(parsers: _Parsers) -> None:
    command = _command(
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
    _add_file(command)
    command.add_argument("--style", default="markdown", help=f"{', '.join(STYLES)}; default: markdown")
    command.add_argument("--form", default=EXPRESSION, help=f"{', '.join(FORMS)}; default: {EXPRESSION}")
    command.add_argument("-o", "--output", metavar="OUT", type=_path, help="write to this file, not to standard output")


def _add_verify(parsers: _Parsers) -> None:
    command = _command(
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
    _add_file(command)


def _add_package(parsers: _Parsers) -> None:
    command = _command(
        parsers,
        "package",
        "write a basis as a Python package of kernels",
        """\
The package's name is the last part of FOLDER, a Python identifier; the folder above it must exist. An older package
of that name is replaced.

example:
  invgen package optimal_l3_n4.json -o generated/optimal_l3_n4
  python -c "import optimal_l3_n4"        # where 'generated' is on the path

Output: FOLDER with the C and PyTorch sources, the basis, its certificate and a manifest; and one line with
the folder, the number of invariants and the id. The package needs torch and invgen.runtime alone, and is the same,
byte for byte, whenever it is written.""",
        commands.package,
    )
    _add_file(command)
    command.add_argument("-o", "--output", metavar="FOLDER", type=Path, required=True, help="the folder to write")
    command.add_argument("--title", metavar="TEXT", help="a line for the card by which the catalogue shows the package")
    command.add_argument("--use", metavar="TEXT", help="when to use it, for the card; goes with --title")
    command.add_argument("--topic", metavar="TEXT", action="append", default=[], help="a topic of the card; repeatable")
    command.add_argument("--compressed", action="store_true", help="store the sources compressed, a tenth of the size")
    command.add_argument(
        "--prebuilt",
        metavar="MARCH",
        help="add C binaries for machines without a compiler, for processors of a kind, such as x86-64-v3 or armv8-a",
    )


def _add_catalogue(parsers: _Parsers) -> None:
    command = _command(
        parsers,
        "catalogue",
        "list the kernel packages that come with invgen, and those that other distributions add",
        """\
examples:
  invgen catalogue                        # all of them
  invgen catalogue moments vector         # those whose name or card has both words
  invgen catalogue flexible_l3 --cards    # what it is, what is proved, when to use it
  python -c "import invgen; invgen.load('flexible_l3').kernel()"

Output: one line per package, its name and title; with --cards the whole card of each. Exit code 2 if none fits.""",
        commands.catalogue,
    )
    command.add_argument("words", metavar="WORD", nargs="*", help="only packages whose name or card has every word")
    command.add_argument("--cards", action="store_true", help="print the whole card of each package")


def _add_library(parsers: _Parsers) -> None:
    command = _command(
        parsers,
        "library",
        "compile a package into a library for programs without Python",
        """\
example:
  invgen library generated/optimal_l3_n4 -o optimal_l3_n4.so

Output: a shared library for this machine's processor. A C++ program that loads it, and then a model that was
exported with the package's kernel, finds the kernel's torch operators; docs/deployment.md shows how. Needs a C and a
C++ compiler.""",
        commands.library,
    )
    command.add_argument("package", metavar="FOLDER", type=Path, help="a package, written by 'invgen package'")
    command.add_argument("-o", "--output", metavar="LIBRARY", type=Path, required=True, help="the library to write")
    command.add_argument("--dtype", default="float32", help="float32 or float64; default: float32")


def _add_train(parsers: _Parsers) -> None:
    command = _command(
        parsers,
        "train",
        "train a network on the frames of data files",
        """\
CONFIG is a YAML file; docs/networks.md explains its entries and examples/configs holds some.

examples:
  invgen train ethanol.yaml
  invgen train ethanol.yaml --resume
  invgen train ethanol.yaml --set seed=1 --set output=seed1 --data ../data

Output: the folder 'output' of the configuration with curve.csv (one row per epoch), last.ckpt and best.ckpt,
potential.pt (the best network, read by invgen.training.load_potential), errors.json and config.yaml; and one line for
each set of frames with its mean absolute errors (in brackets: the root of the mean square). The same configuration
gives the same curve, bit for bit, also where a killed run is resumed.""",
        training.train,
    )
    command.add_argument("config", metavar="CONFIG", type=Path, help="the configuration, a YAML file")
    command.add_argument("--resume", action="store_true", help="continue from last.ckpt in the output folder")
    command.add_argument(
        "--set", metavar="NAME=VALUE", action="append", default=[], help="change an entry, such as training.epochs=10"
    )
    command.add_argument(
        "--data", metavar="FOLDER", type=Path, help="where files named in CONFIG are; default: the folder of CONFIG"
    )


def _add_detect(parsers: _Parsers) -> None:
    command = _command(
        parsers,
        "detect",
        "find turned copies of a template in a volume or an image",
        """\
FIELD and TEMPLATE are files of real numbers on a grid:
  .npz   the array "field" (or "template", or "density", or the only one), with x as its first axis, and where present
         "spacing" (one number, or one for each axis), "origin" and "direction" (a matrix, its columns are the axes)
  .npy   an array with x as its first axis, spacing 1
  .mrc .map .rec .st   through mrcfile, with axes, voxel size and origin of the header
  .nii .nii.gz         through nibabel, with the affine matrix
  .tif .tiff           through tifffile, pages along z, with ImageJ's spacing and resolution
Both must have the same spacing. SIGMA and LENGTH are in its units.

examples:
  invgen detect field.npz template.npz -o peaks.csv
  invgen detect tomogram.mrc particle.mrc -o peaks.csv --angle 15 --points peaks.vtp
  invgen detect brain.nii.gz lesion.nii.gz -o - --threshold 0.6 --scales 0.8,1,1.25

Output: a table (CSV) with one row per detection, the best first: x, y and z, in the units of the spacing, with origin
and axes of FIELD; voxel_x, voxel_y, voxel_z, counted from 0; scale; score; p_value; the rotation as a quaternion qx,
qy, qz, qw, which turns the template's grid into the field's; the covariance of the rotation vector, cov_xx to cov_zz,
in radians squared; and runner_up, the score of the next best rotation. And one line with the file and the number of
detections. Needs the extra 'fields'.""",
        detection.detect,
    )
    command.add_argument("field", metavar="FIELD", type=Path, help="where to look")
    command.add_argument("template", metavar="TEMPLATE", type=Path, help="what to look for, in a small box")
    command.add_argument(
        "-o", "--output", metavar="FILE", type=_path, required=True, help="the table to write; - for standard output"
    )
    for option in detection.OPTIONS:
        _add_option(command, option)
