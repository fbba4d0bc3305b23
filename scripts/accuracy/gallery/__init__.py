"""The gallery: hits, misses and false alarms, drawn and commented."""
