"""The styles of a table and the forms of its formulas; a leaf, so that help texts need not load what draws them."""

STYLES = ("latex", "markdown", "csv", "html")
EXPRESSION, MATRIX = "expression", "matrix"
FORMS = (EXPRESSION, MATRIX)
