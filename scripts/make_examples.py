"""Make the example reports again: a night with periodic leg movements, a day of spasms, fourteen nights.

Everything is simulated, and so is what stands beside it: the hypnogram is a plain one of five cycles, the
diary is invented, and the fourteen nights are events drawn by chance, fewer from the eighth night on. Writes
HTML and PDF into a folder; needs the extra ``pdf``::

    python scripts/make_examples.py examples_output
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np

    from emgdetect.context import Entry
    from emgdetect.context.diary import EntryKind
    from emgdetect.types import Detection, Event, Kind

ZONE = timezone(timedelta(hours=1))
NIGHT = datetime(2026, 11, 20, 22, 30, tzinfo=ZONE)
DAY = datetime(2026, 11, 21, 9, 0, tzinfo=ZONE)
EPOCH_S = 30
CYCLE = (("N1", 4), ("N2", 40), ("N3", 58), ("N2", 22), ("R", 34), ("W", 4))
"""Stages of a sleep cycle and how many epochs each lasts."""

N_NIGHTS = 14
CHANGE = 7
"""The night, from 0, before which something changed."""

HOUR = 3600.0
RATE = 250.0
TITLES = {"plm-night": "Night with periodic leg movements", "spasm-day": "Day with spasms"}


def main() -> None:
    """Make the three examples."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("folder", type=Path, nargs="?", default=Path("examples_output"))
    folder: Path = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    leg_night(folder)
    spasm_day(folder)
    fourteen_nights(folder)
    print(f"the examples are in {folder}")


def leg_night(folder: Path) -> None:
    """Eight hours of two legs with periodic movements, and a hypnogram."""
    hypnogram = folder / "plm-night-hypnogram.txt"
    hypnogram.write_text("\n".join(_stages(8 * HOUR)) + "\n", encoding="utf-8")
    diary = (
        _entry("trigger", "long walk", NIGHT - timedelta(hours=4)),
        _entry("medication", "magnesium", NIGHT - timedelta(minutes=40), 300.0, "mg"),
        _entry("symptom", "urge to move the legs", NIGHT + timedelta(minutes=12)),
        _entry("woke up", "", NIGHT + timedelta(hours=4, minutes=31)),
    )
    places = {"leg left": "left tibialis anterior", "leg right": "right tibialis anterior"}
    _simulated(folder, "plm-night", "sleep-legs", NIGHT, (diary, places, hypnogram))


def spasm_day(folder: Path) -> None:
    """Four hours of one muscle with spasms and clonus, and a diary."""
    diary = (
        _entry("medication", "baclofen", DAY - timedelta(hours=1), 10.0, "mg"),
        _entry("trigger", "transfer to the chair", DAY + timedelta(minutes=41)),
        _entry("symptom", "spasm in the left calf", DAY + timedelta(minutes=43), 6.0, "pain 0-10"),
        _entry("symptom", "trembling foot", DAY + timedelta(hours=1, minutes=50), 2.0, "pain 0-10"),
        _entry("intervention", "stretching", DAY + timedelta(hours=2), 10.0, "min"),
        _entry("symptom", "spasm in the left calf", DAY + timedelta(hours=3, minutes=20), 4.0, "pain 0-10"),
        _entry("note", "quieter than yesterday", DAY + timedelta(hours=4, minutes=5)),
    )
    _simulated(folder, "spasm-day", "spasm", DAY, (diary, {"EMG": "left soleus"}, None))


def fourteen_nights(folder: Path) -> None:
    """Fourteen light sessions of which two are short, and something that changed before the eighth."""
    from emgdetect.report import ReportOptions, nights_document, write_document
    from emgdetect.session import Note, SessionWriter
    from emgdetect.trends import read_night, trends

    sessions = []
    for place in range(N_NIGHTS):
        detection = _drawn_night(place)
        path = folder / f"night-{place + 1:02d}.emgdb"
        with SessionWriter.create(path, force=True) as session:
            session.add_detection(session.add_stream(detection.info), detection)
            session.add_notes(
                Note(one.kind, one.text, one.time, value=one.value, unit=one.unit or None)
                for one in _night_diary(place, detection)
            )
        sessions.append(path)
    found = trends(read_night(path) for path in sessions)
    document = nights_document(found, options=ReportOptions(title="Fourteen nights"))
    for suffix in (".html", ".pdf"):
        write_document(folder / f"fourteen-nights{suffix}", document, force=True)


def _simulated(
    folder: Path,
    name: str,
    profile_name: str,
    start: datetime,
    told: tuple[tuple[Entry, ...], dict[str, str], Path | None],
) -> None:
    from emgdetect.config import load_profile
    from emgdetect.context import placed, read_scoring
    from emgdetect.formats.opening import open_recording
    from emgdetect.pipeline import detect_stream
    from emgdetect.recording import ReadOptions
    from emgdetect.report import ReportOptions, night_document, write_document
    from emgdetect.scoring import beside
    from emgdetect.sources.simulate import simulate, write_simulation
    from emgdetect.summary import summarise

    diary, places, hypnogram = told
    path = folder / f"{name}.npz"
    write_simulation(simulate(name), path, force=True)
    stream = open_recording(path, ReadOptions()).streams[0]
    found = detect_stream(stream, load_profile(profile_name), source=path.name)
    found = replace(found, info=replace(found.info, start=start))
    length = found.n_samples / found.info.sampling_rate
    scorings = [] if hypnogram is None else [read_scoring(hypnogram)]
    known = beside(found, scorings, told=places, diary=placed(diary, start, length))
    options = ReportOptions(title=TITLES[name], subject="Simulated")
    document = night_document(found, summarise(found, artefacts=True), stream, options=options, known=known)
    write_document(folder / f"{name}.html", document, force=True)
    write_document(folder / f"{name}.pdf", document, force=True)
    write_document(folder / f"{name}-letter.pdf", document, paper="letter", force=True)


def _stages(seconds: float) -> list[str]:
    stages = ["W"] * 36
    while len(stages) < seconds / EPOCH_S:
        stages += [stage for stage, count in CYCLE for _ in range(count)]
    return stages[: int(seconds / EPOCH_S)]


def _entry(kind: EntryKind, text: str, time: datetime, value: float | None = None, unit: str = "") -> Entry:
    from emgdetect.context import Entry

    return Entry(kind, text, time, value, unit)


def _night_diary(place: int, night: Detection) -> Iterator[Entry]:
    start = night.info.start or NIGHT
    yield _entry("note", "nothing special", start - timedelta(minutes=5))
    if place in {0, 2, 3, 6, 9, 12}:
        yield _entry("trigger", "long walk", start - timedelta(hours=4))
    if place in {2, 3, 6}:
        yield _entry("symptom", "cramp", start + timedelta(hours=3), 5.0, "pain 0-10")
    if place == CHANGE:
        yield _entry("intervention", "stretching before bed", start - timedelta(minutes=20))


def _drawn_night(place: int) -> Detection:
    """Draw the events of one night: clustered, more in the first half, fewer after the change."""
    import numpy as np

    from emgdetect import __version__
    from emgdetect.config import load_profile
    from emgdetect.types import Channel, Detection, Quality, StreamInfo

    rng = np.random.default_rng(100 + place)
    hours = {4: 2.5, 10: 7.5}.get(place, float(rng.uniform(6.5, 8.2)))
    seconds = int(hours * HOUR)
    start = NIGHT + timedelta(days=place, minutes=float(rng.normal(0, 25)))
    names = ("leg left", "leg right")
    info = StreamInfo(RATE, tuple(Channel(name, "uV") for name in names), "drawn", start)
    profile = load_profile("sleep-legs")
    quality, events = [], []
    for name, share in zip(names, (1.0, 0.6), strict=True):
        reason = np.zeros(seconds, np.uint8)
        if place == 10:  # noqa: PLR2004 - the electrode of the eleventh night fell off
            reason[seconds // 2 :] = 5
        floor = rng.normal(3.0, 0.2, seconds).astype(np.float32)
        quality.append(Quality(name, 0, floor, reason))
        per_hour = share * (34.0 if place < CHANGE else 19.0) * float(np.exp(rng.normal(0, 0.25)))
        events += list(_drawn_events(rng, name, seconds, per_hour))
    return Detection(
        info=info,
        n_samples=round(seconds * RATE),
        events=tuple(sorted(events, key=lambda event: event.onset)),
        gaps=(),
        quality=tuple(quality),
        profile=profile.name,
        config_hash=profile.digest,
        version=__version__,
        settings=profile.model_dump(mode="json"),
        source="drawn by chance",
    )


def _drawn_events(rng: np.random.Generator, channel: str, seconds: int, per_hour: float) -> Iterator[Event]:
    from emgdetect.types import Event

    time = float(rng.exponential(HOUR / per_hour))
    while time < seconds - 20:
        duration = float(rng.lognormal(0.3, 0.7))
        kind: Kind = "twitch" if duration <= 0.5 else "burst" if duration <= 2 else "spasm"  # noqa: PLR2004 - the profile's
        sample = round(time * RATE)
        peak = float(rng.lognormal(4.5, 0.6))
        yield Event(
            channel, sample, round(duration * RATE), sample / RATE, duration, kind, peak, peak / 3, 18.0
        )
        # The night calms down, as legs do.
        rate = per_hour * (1.5 - time / seconds)
        time += duration + float(rng.exponential(HOUR / rate))


if __name__ == "__main__":
    main()
