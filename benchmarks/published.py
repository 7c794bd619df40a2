"""Test errors that others printed, with where they were read: what `network_plots` sets beside ours.

A number stands here only if it was read in the text of its source, or quoted in the text of another that is named.
"""

from __future__ import annotations

from dataclasses import dataclass

ALLEGRO = "Musaelian et al., Nat. Commun. 14, 579 (2023), table 1"
MACE = "Batatia et al., arXiv:2206.07697, tables 1 and 3"
KOVACS = f"Kovács et al., J. Chem. Theory Comput. 17, 7696 (2021), as quoted in both {ALLEGRO} and {MACE}"
QUOTED = f"as quoted in both {ALLEGRO} and {MACE}"


@dataclass(frozen=True)
class Published:
    """Errors of one model on one test set.

    Attributes:
        model: its name.
        energy: of total energies, meV.
        forces: of force components, meV/Angstrom.
        source: where the numbers were read.
    """

    model: str
    energy: float | None
    forces: float
    source: str


RMD17_MAE: dict[str, tuple[Published, ...]] = {
    "ethanol": (
        Published("ANI, random start", 7.7, 45.6, f"Kovács et al. (2021), as quoted in {ALLEGRO}"),
        Published("GAP", 3.5, 18.1, KOVACS),
        Published("ANI, pretrained", 2.5, 13.4, KOVACS),
        Published("ACE", 1.2, 7.3, KOVACS),
        Published("FCHL19", 0.9, 6.2, QUOTED),
        Published("GemNet-(T/Q)", None, 3.6, QUOTED),
        Published("BOTNet", 0.4, 3.2, f"as quoted in {MACE}"),
        Published("NequIP", 0.4, 2.8, QUOTED),
        Published("Allegro", 0.4, 2.1, ALLEGRO),
        Published("MACE", 0.4, 2.1, MACE),
    ),
    "aspirin": (
        Published("ANI, random start", 25.4, 75.0, f"Kovács et al. (2021), as quoted in {ALLEGRO}"),
        Published("GAP", 17.7, 44.9, KOVACS),
        Published("ANI, pretrained", 16.6, 40.6, KOVACS),
        Published("FCHL19", 6.2, 20.9, QUOTED),
        Published("ACE", 6.1, 17.9, KOVACS),
        Published("GemNet-(T/Q)", None, 9.5, QUOTED),
        Published("BOTNet", 2.3, 8.5, f"as quoted in {MACE}"),
        Published("NequIP", 2.3, 8.2, QUOTED),
        Published("Allegro", 2.3, 7.3, ALLEGRO),
        Published("MACE", 2.2, 6.6, MACE),
    ),
}

ACAC_RMSE: dict[str, tuple[Published, ...]] = {
    "300 K": (
        Published("BOTNet", 0.89, 6.3, f"as printed in {MACE}"),
        Published("NequIP", 0.81, 5.9, f"as printed in {MACE}"),
        Published("MACE", 0.9, 5.1, MACE),
    ),
    "600 K": (
        Published("BOTNet", 6.2, 29.8, f"as printed in {MACE}"),
        Published("NequIP", 6.04, 27.8, f"as printed in {MACE}"),
        Published("MACE", 4.6, 22.4, MACE),
    ),
}
