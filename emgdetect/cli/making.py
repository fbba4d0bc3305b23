"""Making simulated recordings."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from emgdetect.cli.console import bar, say
from emgdetect.cli.outputs import check_targets
from emgdetect.cli.words import duration, plural, rate
from emgdetect.errors import UsageError
from emgdetect.sources.simulate import SCENARIOS, simulate

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Wish:
    """Which simulation; ``None`` leaves a number to the scenario."""

    scenario: str
    seed: int | None = None
    duration: float | None = None
    sampling_rate: float | None = None


def list_scenarios() -> None:
    """Print a line for every scenario: name, length, rate, channels, sensor."""
    width = max(map(len, SCENARIOS))
    for name, one in SCENARIOS.items():
        facts = (duration(one.duration), rate(one.sampling_rate), plural(len(one.channels), "channel"))
        say(f"{name:<{width}}  {', '.join(facts)}, {one.sensor.name}")


def make(output: Path | None, wish: Wish, *, force: bool = False, quiet: bool = False) -> None:
    """Write the recording and its truth, and say where they are.

    Raises
    ------
    UsageError
        Without ``output``, or for a scenario or number that cannot be simulated.
    OutputError
        When a file cannot be written.
    """
    if output is None:
        raise UsageError("name the recording to write", hint="for instance night.npz; --list shows scenarios")
    from emgdetect.sources.simulate import write_simulation

    check_targets([output], force=force)
    numbers = {name: value for name, value in asdict(wish).items() if name != "scenario"}
    simulation = simulate(wish.scenario, **numbers)
    with bar(f"Simulating {output.name}", simulation.n_samples, quiet=quiet) as progress:
        written = write_simulation(simulation, output, force=force, progress=progress)
    if not quiet:
        say("\n".join(map(str, written)))
