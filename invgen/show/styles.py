"""The styles of a table; a leaf, so that help texts need not load the module that draws them."""

STYLES = ("latex", "markdown", "csv", "html")
