"""How much is run, and where things lie: the options of one run of the bench."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from accuracy.suites import NOISE, SUITES, Suite, shortened

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

QUICK_PEER_S = 30.0


@dataclass(frozen=True, slots=True)
class Plan:
    """One run: its folder for recordings, the shared recordings, and whether it is the short one."""

    folder: Path
    shared: Path
    quick: bool = False
    only: tuple[str, ...] = ()

    def suites(self) -> tuple[Suite, ...]:
        """Return the suites to run."""
        return tuple(shortened(suite) for suite in SUITES) if self.quick else SUITES

    def noise(self) -> Suite:
        """Return the suite without events."""
        return shortened(NOISE) if self.quick else NOISE

    def seconds(self, longest: float | None) -> float | None:
        """Return the longest excerpt a detector is given."""
        return min(longest or QUICK_PEER_S, QUICK_PEER_S) if self.quick else longest

    def wants(self, name: str) -> bool:
        """Tell whether a peer takes part: all do, unless some were named."""
        return not self.only or any(word.lower() in name.lower() for word in self.only)


def parsed(words: Sequence[str], folder: Path, shared: Path) -> Plan:
    """Read ``--quick`` and ``--only=NAME`` (again and again) from the command line.

    Raises
    ------
    ValueError
        For an option that does not exist.
    """
    names = tuple(word.removeprefix("--only=") for word in words if word.startswith("--only="))
    unknown = [word for word in words if word != "--quick" and not word.startswith("--only=")]
    if unknown:
        raise ValueError(f"no option called {unknown[0]}; there are --quick and --only=NAME")
    return Plan(folder, shared, "--quick" in words, names)
