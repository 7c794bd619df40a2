"""What machine code for a GPU needs: registers, spills and occupancy of every kernel, read off without a GPU.

Registers, stack frame and shared memory are in the ELF file; bytes of spills are only in what ptxas said.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from invgen.errors import CompilerError

_REGISTERS: Final = 0x2F  # EIATTR_REGCOUNT: symbol, registers
_FRAME: Final = 0x11  # EIATTR_FRAME_SIZE: symbol, bytes
_VALUE_FORMAT: Final = 4  # of an attribute: a 16-bit length and that many bytes follow; all others end with 16 bits
_INSTRUCTION_BYTES: Final = 16
_SEVERAL: Final = b"several cubins\n"
_TEXT: Final = ".text."
_ENTRY: Final = re.compile(r"Compiling entry function '(\w+)'")
_SPILLS: Final = re.compile(r"(\d+) bytes spill stores, (\d+) bytes spill loads")

REGISTER_FILE: Final = 65536
"""32-bit registers of a multiprocessor, the same since compute capability 3.7."""

# Compute capability: threads, blocks and KiB of shared memory of one multiprocessor (CUDA programming guide, table of
# technical specifications). Newer ones that are not listed have 1536 threads at least.
_MULTIPROCESSORS: Final = {
    75: (1024, 16, 64),
    80: (2048, 32, 164),
    86: (1536, 16, 100),
    87: (1536, 16, 164),
    89: (1536, 24, 100),
    90: (2048, 32, 228),
    100: (2048, 32, 228),
    103: (2048, 32, 228),
    120: (1536, 24, 100),
}
_SMALLEST: Final = (1536, 16, 100)

_SYSTEM_SHARED: Final = 1024
"""Bytes of every block's shared memory that the system takes, from compute capability 8.0 on."""

_SYSTEM_SHARED_FROM: Final = 80
_SYSTEM_SHARED_LISTED: Final = 90
"""The compute capability from which machine code counts them."""


@dataclass(frozen=True)
class KernelReport:
    """One kernel of one architecture.

    Attributes:
        name: of the kernel.
        architecture: for example "sm_90".
        registers: 32-bit registers of one thread.
        frame: bytes of local memory of one thread; 0 where nothing is spilled.
        spill_stores: bytes that one thread writes to local memory.
        spill_loads: bytes that it reads back.
        shared: bytes of shared memory of one block, without the system's.
        instructions: instructions of the kernel.
        threads: of one block.
        occupancy: threads that a multiprocessor holds at once, as a part of what it can hold.
    """

    name: str
    architecture: str
    registers: int
    frame: int
    spill_stores: int
    spill_loads: int
    shared: int
    instructions: int
    threads: int
    occupancy: float

    def __str__(self) -> str:
        return (
            f"{self.architecture} {self.name}: {self.registers} registers, {self.frame} bytes of stack, spills "
            f"{self.spill_stores} + {self.spill_loads} bytes, {self.shared} bytes shared, {self.instructions} "
            f"instructions, blocks of {self.threads}, occupancy {self.occupancy:.0%}"
        )


def join(files: Sequence[bytes]) -> bytes:
    """Machine code that was compiled in pieces as one string of bytes; a single file is itself."""
    if len(files) == 1:
        return files[0]
    sizes = struct.pack(f"<{len(files) + 1}Q", len(files), *map(len, files))
    return b"".join((_SEVERAL, sizes, *files))


def files_of(code: bytes) -> tuple[bytes, ...]:
    """The files that `join` joined.

    Raises:
        CompilerError: bytes are missing or too many.
    """
    if not code.startswith(_SEVERAL):
        return (code,)
    try:
        (count,) = struct.unpack_from("<Q", code, len(_SEVERAL))
        sizes = struct.unpack_from(f"<{count}Q", code, len(_SEVERAL) + 8)
    except struct.error as error:
        raise CompilerError(f"machine code is damaged ({error}): remove it from the cache") from error
    begin = len(_SEVERAL) + 8 * (count + 1)
    if begin + sum(sizes) != len(code):
        raise CompilerError("machine code is damaged (its length is wrong): remove it from the cache")
    files = []
    for size in sizes:
        files.append(code[begin : begin + size])
        begin += size
    return tuple(files)


def names_of(file: bytes, names: Sequence[str]) -> tuple[str, ...]:
    """Those of the kernels that are in an ELF file, in the order given."""
    present = {name for name, _ in _sections(file)}
    return tuple(name for name in names if _TEXT + name in present)


def reports(cubin: bytes, log: str, architecture: str, threads: dict[str, int]) -> tuple[KernelReport, ...]:
    """The reports of the kernels named in `threads`, which gives the size of their blocks.

    Raises:
        CompilerError: the machine code is damaged or lacks a kernel.
    """
    found: dict[str, KernelReport] = {}
    spills = _spills(log)
    for file in files_of(cubin):
        try:
            sections = dict(_sections(file))
            facts = _facts(file, sections)
        except (struct.error, IndexError, ValueError) as error:
            raise CompilerError(
                f"machine code for {architecture} is damaged ({error}): remove it from the cache"
            ) from error
        for name in threads:
            if name in facts:
                found[name] = _report(name, architecture, threads[name], sections, facts[name], spills)
    for name in threads:
        if name not in found:
            raise CompilerError(f"machine code for {architecture} lacks the kernel {name}: remove it from the cache")
    return tuple(found[name] for name in threads)


def _report(
    name: str,
    architecture: str,
    block: int,
    sections: dict[str, tuple[int, int, int]],
    facts: tuple[int, int],
    spills: dict[str, tuple[int, int]],
) -> KernelReport:
    registers, frame = facts
    shared = sections.get(f".nv.shared.{name}", (0, 0, 0))[1]
    if shared and _capability(architecture) >= _SYSTEM_SHARED_LISTED:
        shared -= _SYSTEM_SHARED
    stores, loads = spills.get(name, (0, 0))
    return KernelReport(
        name=name,
        architecture=architecture,
        registers=registers,
        frame=frame,
        spill_stores=stores,
        spill_loads=loads,
        shared=shared,
        instructions=sections[_TEXT + name][1] // _INSTRUCTION_BYTES,
        threads=block,
        occupancy=occupancy(architecture, block, registers, shared),
    )


def occupancy(architecture: str, threads: int, registers: int, shared: int) -> float:
    """The part of its threads that a multiprocessor can hold of a kernel; warps get registers by 256 at a time."""
    capability = _capability(architecture)
    most_threads, most_blocks, kib = _MULTIPROCESSORS.get(capability, _SMALLEST)
    warps = -(-threads // 32)
    warp_registers = -(-registers * 32 // 256) * 256
    if capability >= _SYSTEM_SHARED_FROM:
        shared += _SYSTEM_SHARED
    blocks = min(
        most_blocks,
        most_threads // (32 * warps),
        REGISTER_FILE // max(1, warp_registers) // warps,
        kib * 1024 // max(1, shared),
    )
    return blocks * 32 * warps / most_threads


def _capability(architecture: str) -> int:
    return int(architecture.removeprefix("sm_"))


def _sections(elf: bytes) -> Iterator[tuple[str, tuple[int, int, int]]]:
    """Name, (offset, size, index) of each section of a 64-bit little-endian ELF file."""
    if elf[:5] != b"\x7fELF\x02":
        raise ValueError("not a 64-bit ELF file")
    table = struct.unpack_from("<Q", elf, 0x28)[0]
    size, count, names = struct.unpack_from("<HHH", elf, 0x3A)
    headers = [struct.unpack_from("<IIQQQQ", elf, table + i * size) for i in range(count)]
    strings = headers[names][4]
    for index, (name, _, _, _, offset, length) in enumerate(headers):
        begin = strings + name
        yield elf[begin : elf.index(b"\0", begin)].decode("ascii"), (offset, length, index)


def _facts(elf: bytes, sections: dict[str, tuple[int, int, int]]) -> dict[str, tuple[int, int]]:
    """For each kernel its registers and the bytes of its stack frame."""
    offset, length, _ = sections[".nv.info"] if ".nv.info" in sections else (0, 0, 0)
    symbols = _symbols(elf, sections)
    registers: dict[str, int] = {}
    frames: dict[str, int] = {}
    place, end = offset, offset + length
    while place < end:
        kind, attribute, size = struct.unpack_from("<BBH", elf, place)
        place += 4
        if kind != _VALUE_FORMAT:
            continue
        if attribute in (_REGISTERS, _FRAME):
            symbol, number = struct.unpack_from("<II", elf, place)
            (registers if attribute == _REGISTERS else frames)[symbols[symbol]] = number
        place += size
    return {name: (count, frames.get(name, 0)) for name, count in registers.items()}


def _symbols(elf: bytes, sections: dict[str, tuple[int, int, int]]) -> list[str]:
    offset, length, _ = sections[".symtab"]
    strings = sections[".strtab"][0]
    found = []
    for place in range(offset, offset + length, 24):
        begin = strings + struct.unpack_from("<I", elf, place)[0]
        found.append(elf[begin : elf.index(b"\0", begin)].decode("ascii"))
    return found


def _spills(log: str) -> dict[str, tuple[int, int]]:
    """For each kernel that ptxas spoke of, the bytes of spill stores and loads."""
    found: dict[str, tuple[int, int]] = {}
    name = ""
    for line in log.splitlines():
        entry, spills = _ENTRY.search(line), _SPILLS.search(line)
        if entry:
            name = entry[1]
        if spills and name:
            found[name] = (int(spills[1]), int(spills[2]))
    return found
