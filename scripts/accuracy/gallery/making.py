"""From recordings to the page: search, draw lots, draw pictures, write."""

from __future__ import annotations

from typing import TYPE_CHECKING

from accuracy.environments import ROOT
from accuracy.gallery.collecting import FIRST_SEED, SHELVES, searched
from accuracy.gallery.comments import read_comments, written
from accuracy.gallery.drawing import picture
from accuracy.gallery.exhibits import GROUPS, drawn
from accuracy.gallery.page import caption, counted, page
from accuracy.machine import own_facts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from accuracy.gallery.collecting import Searched
    from accuracy.gallery.exhibits import Exhibit, Group
    from accuracy.suites import Suite
    from emgdetect.report.canvas import Canvas

OUT = ROOT / "docs" / "accuracy" / "gallery"
EACH = 20
LOT = 1
DPI = 140


def make(png: Path | None = None, out: Path = OUT, shelves: Iterable[Suite] = SHELVES) -> None:
    """Write the page and its comments' file; with ``png`` the pictures as well."""
    from emgdetect import load_profile

    recordings = []
    shelves = tuple(shelves)
    for one in searched(shelves, load_profile("generic")):
        print(f"{one.suite.name}, seed {one.seed}: {_told(one)}", flush=True)
        recordings.append(one)
    everything = [exhibit for one in recordings for exhibit in one.exhibits]
    chosen = {group: drawn((e for e in everything if e.group == group), EACH, LOT) for group in GROUPS}
    comments = read_comments(out / "comments.toml")
    shown = _pictures(recordings, chosen, png)
    text = page(own_facts("python3 scripts/gallery.py"), shown, everything, comments, _materials(shelves))
    out.mkdir(parents=True, exist_ok=True)
    (out / "index.html").write_text(text, encoding="utf-8")
    every = [exhibit for group in GROUPS for exhibit in chosen[group]]
    (out / "comments.toml").write_text(written(every, comments), encoding="utf-8")
    without = sum(not comments.of(exhibit) for exhibit in every)
    size = f"{len(text.encode()) / 1e6:.1f} MB"
    print(f"{out / 'index.html'}: {size}; {without} of {len(every)} pictures without a comment")


def told(shelves: Iterable[Suite] = SHELVES) -> Iterator[str]:
    """Give a line for every miss and false alarm, then how often each cause occurs."""
    from emgdetect import load_profile

    everything: list[Exhibit] = []
    for one in searched(shelves, load_profile("generic")):
        everything += one.exhibits
        for exhibit in one.exhibits:
            if exhibit.group != "hit":
                yield f"{exhibit.group}: {'; '.join([*caption(exhibit), exhibit.cause])}"
    for group in ("miss", "false alarm"):
        for cause, number, where in counted(everything, group):
            yield f"{number} x {group}: {cause} ({where})"


def _pictures(
    recordings: list[Searched], chosen: dict[Group, list[Exhibit]], png: Path | None
) -> dict[Group, list[tuple[Exhibit, str]]]:
    from emgdetect.report.canvas import drawing_style

    shown: dict[Group, list[tuple[Exhibit, str]]] = {group: [] for group in chosen}
    if png is not None:
        png.mkdir(parents=True, exist_ok=True)
    with drawing_style():
        for group, exhibits in chosen.items():
            for number, exhibit in enumerate(exhibits):
                name = f"{group.replace(' ', '-')}-{number + 1:02d}"
                canvas = _drawn(recordings, exhibit)
                if png is not None:
                    canvas.figure.savefig(png / f"{name}.png", dpi=DPI, facecolor="white")
                shown[group].append((exhibit, canvas.svg(name, "; ".join(caption(exhibit)))))
    return shown


def _drawn(recordings: list[Searched], exhibit: Exhibit) -> Canvas:
    one = next(r for r in recordings if (r.suite.name, r.seed) == (exhibit.suite, exhibit.seed))
    rate = one.simulation.info.sampling_rate
    start, stop = (round(edge * rate) for edge in exhibit.sight)
    row = one.simulation.info.ch_names.index(exhibit.channel)
    raw = one.simulation.stream().window(start, stop)[row]
    return picture(exhibit, one.view(exhibit), raw, rate)


def _told(one: Searched) -> str:
    return ", ".join(f"{sum(e.group == group for e in one.exhibits)} x {group}" for group in GROUPS)


def _materials(shelves: Iterable[Suite]) -> str:
    parts = [f"{s.name} ({s.n_seeds} x {s.duration / 60:g} min)" for s in shelves]
    return (
        f"Drawn by lot (lot {LOT}, the suites taking turns) from simulated recordings with seeds from "
        f"{FIRST_SEED} on, which no tuning and no other table uses: {', '.join(parts)}. Profile generic."
    )
