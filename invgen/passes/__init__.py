"""Passes: from programs to programs. Each keeps what is computed and changes how."""
