"""Small detections made by hand, and a reader for the pages made from them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import numpy as np
import pytest

from emgdetect.recording import Stream
from emgdetect.types import Channel, Detection, Event, Quality, StreamInfo

if TYPE_CHECKING:
    from collections.abc import Callable

    from emgdetect.types import Kind, RawArray, Unit

RATE = 200.0
VOID = {"meta", "br", "link", "img", "input", "hr"}


@dataclass
class Page(HTMLParser):
    """Reads a page: checks nesting, gathers tags, tables and text."""

    tags: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    tables: list[list[list[str]]] = field(default_factory=list)
    text: str = ""
    faults: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        HTMLParser.__init__(self, convert_charrefs=True)
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self._open.append(tag)
        if tag == "table":
            self.tables.append([])
        if tag == "tr":
            self.tables[-1].append([])
        if tag in {"td", "th"}:
            self.tables[-1][-1].append("")
        if tag == "span" and "td" in self._open:
            self.tables[-1][-1][-1] += "|"

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open.pop() != tag:
            self.faults.append(f"</{tag}> at {self.getpos()}")

    def handle_data(self, data: str) -> None:
        if "style" in self._open:
            return
        self.text += data.replace("\u00a0", " ")
        if {"td", "th"} & set(self._open) and self.tables and self.tables[-1]:
            self.tables[-1][-1][-1] += data.replace("\u00a0", " ").strip("\n")

    def table(self, first_head: str) -> list[list[str]]:
        """Return the rows of the table whose first heading is the given one."""
        return next(table for table in self.tables if table[0][0] == first_head)


@pytest.fixture(scope="session")
def read() -> Callable[[str], Page]:
    """Parse a page."""

    def parse(text: str) -> Page:
        page = Page()
        page.feed(text)
        page.close()
        page.faults += [f"<{tag}> never closed" for tag in page._open]
        return page

    return parse


@dataclass
class Maker:
    """Makes events and detections; every setting has a default that is easy to reckon with."""

    rate: float = RATE
    start: datetime | None = datetime(2026, 2, 13, 22, 30, tzinfo=UTC)

    def event(self, onset: float, duration: float, kind: Kind = "twitch", **more: object) -> Event:
        sample, n_samples = round(onset * self.rate), max(1, round(duration * self.rate))
        settings: dict[str, object] = {"channel": "leg", "peak": 50.0, "rms": 20.0, "snr_db": 12.0, **more}
        times = {"onset": sample / self.rate, "duration": n_samples / self.rate}
        return Event(sample=sample, n_samples=n_samples, kind=kind, **times, **settings)  # type: ignore[arg-type]

    def detection(
        self,
        seconds: float,
        events: tuple[Event, ...] = (),
        channels: tuple[str, ...] = ("leg",),
        **more: object,
    ) -> Detection:
        n_seconds = int(np.ceil(seconds))
        floor, reason = np.full(n_seconds, 4.0, np.float32), np.zeros(n_seconds, np.uint8)
        unit: Unit = "uV"
        settings: dict[str, object] = {
            "gaps": (),
            "quality": tuple(Quality(name, 0, floor, reason) for name in channels),
            "profile": "twitches",
            "config_hash": "0123456789ab",
            "version": "9.8.7",
            "settings": {"name": "twitches", "kinds": {"twitch_max": 0.5, "burst_max": 2.0}},
            "source": "/nights/somebody/secret-name.edf",
            **more,
        }
        info = StreamInfo(self.rate, tuple(Channel(name, unit) for name in channels), "Sensor 77", self.start)
        ordered = tuple(sorted(events, key=lambda event: (event.onset, event.channel)))
        return Detection(info=info, n_samples=round(seconds * self.rate), events=ordered, **settings)  # type: ignore[arg-type]

    def stream(self, detection: Detection, seed: int = 1) -> Stream:
        values = np.random.default_rng(seed).normal(
            0, 4, (len(detection.info.channels), min(detection.n_samples, 400_000))
        )

        def fetch(start: int, stop: int, /) -> RawArray:
            return values[:, np.arange(start, stop) % values.shape[1]]

        return Stream(detection.info, detection.n_samples, detection.gaps, fetch)

    def busy(
        self, seconds: float, n_events: int, channels: tuple[str, ...] = ("leg",), seed: int = 1
    ) -> Detection:
        """Make a detection with many events of all kinds at random."""
        rng = np.random.default_rng(seed)
        events = []
        for onset, duration, pick in zip(
            rng.uniform(0, seconds - 20, n_events),
            rng.lognormal(-1, 1.3, n_events).clip(0.01, 15),
            rng.integers(0, len(channels), n_events),
            strict=True,
        ):
            kind: Kind = "twitch" if duration <= 0.5 else "burst" if duration <= 2 else "spasm"
            events.append(
                self.event(
                    onset,
                    duration,
                    kind,
                    channel=channels[pick],
                    peak=float(rng.lognormal(4, 1)),
                    confidence=0.5,
                )
            )
        return self.detection(seconds, tuple(events), channels)


@pytest.fixture(scope="session")
def make() -> Maker:
    return Maker()
