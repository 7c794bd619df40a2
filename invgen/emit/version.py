"""The version of everything that shapes emitted text; raise it whenever emitted bytes can change."""

CODEGEN_VERSION = 2
