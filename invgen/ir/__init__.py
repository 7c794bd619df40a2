"""The intermediate representation: straight-line programs and how they are written."""

from invgen.ir.builder import Builder
from invgen.ir.program import Instruction, Program

__all__ = ["Builder", "Instruction", "Program"]
