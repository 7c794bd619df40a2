"""The names of the conventions; a leaf, so that help texts need not load the conventions themselves."""

CARTESIAN = "cartesian"
COMPLEX = "complex"
PLANAR_NAMES = (COMPLEX, "rational")
DEFAULT = "sphericart"
NAMES = ("rational", "sphericart", "e3nn", "e3nn_component", "e3nn_norm", "hippynn")
