"""Causal stages between the raw numbers and the detector, one per file."""
