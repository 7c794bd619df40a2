"""The arguments of the commands that use bases: kernel packages, networks, fields and papers."""

from __future__ import annotations

from pathlib import Path

from invgen.cli import commands, detection, papers, training
from invgen.cli.parsing import Parsers, add_file, add_option, command_of, path


def add_package(parsers: Parsers) -> None:
    """Declare `invgen package`."""
    command = command_of(
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
    add_file(command)
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


def add_catalogue(parsers: Parsers) -> None:
    """Declare `invgen catalogue`."""
    command = command_of(
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


def add_library(parsers: Parsers) -> None:
    """Declare `invgen library`."""
    command = command_of(
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


def add_train(parsers: Parsers) -> None:
    """Declare `invgen train`."""
    command = command_of(
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


def add_detect(parsers: Parsers) -> None:
    """Declare `invgen detect`."""
    command = command_of(
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
        "-o", "--output", metavar="FILE", type=path, required=True, help="the table to write; - for standard output"
    )
    for option in detection.OPTIONS:
        add_option(command, option)


def add_paper(parsers: Parsers) -> None:
    """Declare `invgen paper`."""
    both = command_of(parsers, *papers.PAPER, run=lambda _: both.error("say what to do, build or check"))
    steps = both.add_subparsers(title="steps", metavar="STEP")
    build = command_of(steps, *papers.BUILD, run=papers.build)
    build.add_argument("spec", metavar="SPEC", type=Path, help="the specification, a YAML file")
    build.add_argument("-o", "--output", metavar="FOLDER", type=Path, required=True, help="the folder to write")
    check = command_of(steps, *papers.CHECK, run=papers.check)
    check.add_argument("folder", metavar="FOLDER", type=Path, help="a folder, written by 'invgen paper build'")
    check.add_argument("--quick", action="store_true", help="verify certificates and hashes, make nothing anew")
