"""Sensors that print their samples as lines of text, whatever the line looks like."""
