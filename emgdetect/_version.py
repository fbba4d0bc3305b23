"""The version, in one place: package metadata, `--version` and every stored result read it here."""

__version__ = "0.1.0"
