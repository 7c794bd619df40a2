"""What all pictures share: plain SVG text with coordinates of two decimals, so that the same picture is the same bytes.

Colours are of middle lightness, so that a picture can be read on white and on black pages.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

# White letters have a contrast of at least 4.5 on each, and each has at least 3 against near-black pages.
PALETTE = (
    "#3f74b5",
    "#b8533a",
    "#2f8256",
    "#8d5fb0",
    "#94701a",
    "#1f8091",
    "#b94a80",
    "#6b7a2a",
    "#7d6e66",
    "#5f66cc",
)
NEUTRAL = "#767676"  # 4.5 to 1 on white and on black


@dataclass(frozen=True)
class Picture:
    """A part of a drawing: its size in pixels, and SVG elements whose origin is its top left corner."""

    width: float
    height: float
    body: str


def document(picture: Picture, title: str, scale: float = 1.0) -> str:
    """A picture as a self-contained file."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{number(picture.width * scale)}" '
        f'height="{number(picture.height * scale)}" viewBox="0 0 {number(picture.width)} {number(picture.height)}" '
        f'role="img" font-family="DejaVu Sans, Verdana, sans-serif"><title>{escape(title)}</title>\n'
        f"{picture.body}\n</svg>\n"
    )


def number(value: float) -> str:
    """Two decimals without trailing zeros; adding 0.0 turns -0.0 into 0."""
    return f"{round(value, 2) + 0.0:.2f}".rstrip("0").rstrip(".")
