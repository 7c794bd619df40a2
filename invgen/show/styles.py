"""The styles of a table; a leaf, so that help texts need not load what draws them."""

STYLES = ("latex", "markdown", "csv", "html")
