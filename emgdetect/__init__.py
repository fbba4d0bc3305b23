"""Placeholder until the public names are settled."""

from emgdetect._version import __version__

__all__ = ["__version__"]
