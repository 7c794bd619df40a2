"""Emitters: one module per target turns programs into text by filling the templates."""
