"""Facts on which the makers of kernels and the runtime must agree: emitters and writers of packages read them here.

They are read as attributes of this module, so that both sides always see one value.
"""

from __future__ import annotations

from typing import Final

WEIGHTED_CHUNK: Final = 64
"""Samples of one species whose sums a C kernel makes together; the runtime reserves one sum for each chunk."""

WEIGHTED_CUDA_CHUNK: Final = 16
"""The same on GPUs, which the runtime alone reads: fewer than on a CPU, so that there are many threads."""

MOMENTS_FINE: Final = 0
MOMENTS_NO_MEMORY: Final = 4
MOMENTS_COMPLAINTS: Final = {
    1: "row_pointer or column_pointer does not rise from 0 to the number of pairs",
    2: "index refers to a source that does not exist",
    3: "the pairs by source are not those by receiver",
}
"""What a C kernel of moments returns when it refuses its lists; the enum of its source has the same numbers."""

KINDS_COMPLAINT: Final = 5
"""What a C kernel with radial tables returns when a pair's kind is the number of no table."""

MANIFEST: Final = "MANIFEST.json"
"""The file of a kernel package that vouches for all others."""

PACKAGE_FORMAT: Final = "invgen-package"
PACKAGE_FORMAT_VERSION: Final = 1
PACKAGE_FORMAT_VERSION_COMPRESSED: Final = 2
"""Of packages that hold some of their files compressed, which earlier versions of invgen cannot read."""

COMPRESSED_SUFFIX: Final = ".xz"
"""What is added to the name of a file of a package that is compressed; the manifest has the hash of its content."""

PACKAGE_TARGETS: Final = ("c", "cuda", "torch")
"""The targets of a package whose manifest names none: it was written when there were no others."""
