"""The accuracy bench: suites with known truth, detectors behind adapters, one scorer, tables."""
