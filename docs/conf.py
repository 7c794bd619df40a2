"""How Sphinx makes the documentation site: `make docs`; a warning is an error."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import invgen

project = "invgen"
author = "The invgen developers"
project_copyright = author
release = version = invgen.__version__

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx_copybutton",
    "_site.docstrings",
    "_site.links",
    "_site.notebooks",
    "_site.public_names",
]
exclude_patterns = ["_site", "figures"]
html_title = f"invgen {release}"
html_theme = "furo"
html_static_path = ["_site/static"]
html_css_files = ["invgen.css"]
html_copy_source = html_show_sourcelink = False
# The same sources give the same pages: no day of the build on them.
html_last_updated_fmt = None
pygments_style, pygments_dark_style = "default", "github-dark"
copybutton_prompt_text = "$ "

# Pages link to headings as they do on GitHub: page.md#the-words-of-the-heading.
myst_heading_anchors = 4
# Examples are lines of a larger program, with ... for what is left out: some parse only in part.
suppress_warnings = ["misc.highlighting_failure"]

# Docstrings are plain text with `code` between single backquotes; _site/docstrings.py makes reStructuredText of them.
default_role = "code"
napoleon_numpy_docstring = False
napoleon_use_ivar = True
napoleon_use_rtype = False
napoleon_custom_sections = ["Shapes"]
autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
autodoc_preserve_defaults = True
autodoc_class_signature = "mixed"
python_maximum_signature_line_length = 88

# Every name of invgen in a signature must lead somewhere; what other libraries document is not looked up, so that a
# build needs no network.
nitpicky = True
nitpick_ignore_regex = [("py:.*", r"(?!invgen\b).*")]
