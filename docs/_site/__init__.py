"""What makes the documentation site besides its pages: two extensions of Sphinx and a style sheet."""
