"""Paper folders: tables, figures, bases and text of a paper from one YAML file, which can be made anew and compared."""
