"""Which candidates to keep, and the proof: linear algebra over prime fields, selections and certificates."""
