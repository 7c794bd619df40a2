"""The command line: generate, show, cost, table, verify, package, library, catalogue, paper, train, detect, doctor.

Results go to standard output or a file. Bad input gives one line on standard error and exit code 2,
never a traceback or half a file. A stage is imported by the command that needs it, so that help is quick and
`generate` loads no torch.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence

from invgen._version import __version__
from invgen.cli import basis_arguments, doctor, streams, use_arguments
from invgen.cli.parsing import Parser, command_of
from invgen.errors import InvgenError, missing_package

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


def _parser() -> argparse.ArgumentParser:
    parser = Parser(
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
    basis_arguments.add_generate(parsers)
    basis_arguments.add_show(parsers)
    basis_arguments.add_cost(parsers)
    basis_arguments.add_table(parsers)
    basis_arguments.add_verify(parsers)
    use_arguments.add_package(parsers)
    use_arguments.add_library(parsers)
    use_arguments.add_catalogue(parsers)
    use_arguments.add_paper(parsers)
    use_arguments.add_train(parsers)
    use_arguments.add_detect(parsers)
    command_of(
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
