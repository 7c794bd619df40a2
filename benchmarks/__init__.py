"""Measurements of what invgen promises: `python benchmarks/<name>.py --help`; results stand in docs/benchmarks.md."""
