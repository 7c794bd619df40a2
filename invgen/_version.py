"""The one place where the version stands; pyproject.toml, the command line and cache keys read it from here."""

__version__ = "0.1.0"
