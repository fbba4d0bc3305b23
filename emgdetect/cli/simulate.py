"""``emgdetect simulate``: a recording whose truth is known."""


def simulate() -> None:
    """Make a recording of simulated muscle with its exact truth."""
