from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import matplotlib as mpl
import numpy as np
import pytest

from emgdetect.errors import MissingExtraError, OutputError
from emgdetect.report import ReportOptions, build_report, write_report
from emgdetect.summary import DISCLAIMER, summarise
from emgdetect.types import Gap, Quality, Refusal

if TYPE_CHECKING:
    from collections.abc import Callable

    from emgdetect.types import Detection
    from tests.report.conftest import Maker, Page

NASTY = '<script>alert("x")</script>&amp; $x_1$ 左足 id="q" d="1.23456" --> {{ 7*7 }}'
ROOT = Path(__file__).parents[2]
THREE_MEGABYTES = 3_000_000


def page_of(detection: Detection, options: ReportOptions | None = None) -> str:
    return build_report(detection, summarise(detection), options=options or ReportOptions())


def variants(make: Maker) -> dict[str, Detection]:
    off = Quality("leg", 0, np.full(3600, np.nan, np.float32), np.full(3600, 5, np.uint8))
    gap = Gap(round(900 * make.rate), round(60 * make.rate), "disconnect")
    no_clock = replace(make, start=None)
    naive = replace(make, start=datetime(2026, 2, 13, 22, 30))  # noqa: DTZ001 - a recorder without a zone
    many = tuple(f"c{index}" for index in range(16))
    odd = make.event(9, 1, "burst", peak=0.0, snr_db=float("nan"))
    return {
        "busy": make.busy(4 * 3600, 300, ("leg", "arm")),
        "empty": make.detection(3600),
        "one event": make.detection(3600, (make.event(100, 0.1),)),
        "one spasm": make.detection(3600, (make.event(100, 30.0, "spasm"),)),
        "four seconds": no_clock.detection(4, (no_clock.event(2, 0.1),)),
        "less than a second": no_clock.detection(0.5),
        "nothing at all": no_clock.detection(0),
        "no channel": no_clock.detection(60, channels=()),
        "no valid time": make.detection(3600, (make.event(9, 0.1),), quality=(off,)),
        "no quality": make.detection(3600, quality=()),
        "gap": naive.detection(3600, (naive.event(100, 1, "burst"),), gaps=(gap,)),
        "sixteen": make.busy(600, 100, many),
        "no number": make.detection(60, (odd,)),
        "artefact": make.detection(60, (make.event(9, 1, "artefact", flags=("cable",)),)),
        "stranger": make.detection(60, (make.event(9, 1, channel="not in the header"),)),
        "nasty": make.detection(
            60, (make.event(9, 0.1, channel=NASTY),), (NASTY,), notices=(NASTY,), profile=NASTY, source=NASTY
        ),
    }


VARIANTS = (
    "busy", "empty", "one event", "one spasm", "four seconds", "less than a second", "nothing at all",
    "no channel", "no valid time", "no quality", "gap", "sixteen", "no number", "artefact", "stranger",
    "nasty",
)  # fmt: skip


@pytest.fixture(scope="module")
def pages(make: Maker) -> dict[str, str]:
    made = {name: page_of(detection) for name, detection in variants(make).items()}
    assert tuple(made) == VARIANTS
    return made


@pytest.fixture(scope="module")
def parsed(pages: dict[str, str], read: Callable[[str], Page]) -> dict[str, Page]:
    return {name: read(text) for name, text in pages.items()}


@pytest.mark.parametrize("name", VARIANTS)
def test_a_page_is_well_formed(name: str, pages: dict[str, str], parsed: dict[str, Page]) -> None:
    page = parsed[name]
    assert page.faults == []
    assert [tag for tag, _ in page.tags][:2] == ["html", "head"]
    assert pages[name].startswith("<!DOCTYPE html>")


@pytest.mark.parametrize("name", VARIANTS)
def test_a_page_asks_for_nothing(name: str, pages: dict[str, str], parsed: dict[str, Page]) -> None:
    page = parsed[name]
    assert not {tag for tag, _ in page.tags} & {"script", "link", "img", "iframe", "object", "embed", "base"}
    attributes = [pair for _, some in page.tags for pair in some.items()]
    assert all(value.startswith("#") for name, value in attributes if name in {"href", "src", "xlink:href"})
    assert not re.search(r"url\((?!#)|@import|://|javascript:", pages[name])
    assert not [name for name, _ in attributes if name.startswith("on")]


@pytest.mark.parametrize("name", VARIANTS)
def test_ids_are_unique_and_every_reference_has_one(
    name: str, pages: dict[str, str], parsed: dict[str, Page]
) -> None:
    ids = [attributes["id"] for _, attributes in parsed[name].tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    tags = "".join(re.findall(r"<[a-z][^>]*>", pages[name]))
    assert set(re.findall(r'(?:href="#|url\(#)([^")]+)', tags)) <= set(ids)


@pytest.mark.parametrize("name", VARIANTS)
def test_every_drawing_is_xml_with_a_description(name: str, pages: dict[str, str]) -> None:
    drawings = re.findall(r"<svg.*?</svg>", pages[name], re.DOTALL)
    assert drawings
    for drawing in drawings:
        tree = ET.fromstring(drawing)  # noqa: S314 - our own page
        assert tree.get("aria-hidden") == "true" or tree.findtext("title")


@pytest.mark.parametrize("name", VARIANTS)
def test_the_notice_is_on_every_page(name: str, parsed: dict[str, Page]) -> None:
    assert DISCLAIMER in parsed[name].text
    assert not {"nan", "inf", "None"} & set(parsed[name].text.split())


def test_names_are_shown_as_they_are(pages: dict[str, str], parsed: dict[str, Page]) -> None:
    text = parsed["nasty"].text
    assert "<script" not in pages["nasty"]
    # Table, notice and profile in the text; the drawings have it in short.
    assert text.count(NASTY) >= 4
    assert "49" not in re.findall(r"-->\s*(\w+)", text)


def test_title_and_subject_are_shown_as_they_are(make: Maker, read: Callable[[str], Page]) -> None:
    text = page_of(
        make.detection(10), ReportOptions(title=NASTY, subject="Ärztin <b>", oddities=("<i>odd</i>",))
    )
    page = read(text)
    assert page.faults == []
    assert all(one in page.text for one in (NASTY, "Ärztin <b>", "<i>odd</i>"))
    assert not re.search(r"<b>|<i>|<script", text)


def numbers(text: str) -> list[float]:
    return [float(one.replace(",", "")) for one in re.findall(r"\d[\d,]*\.?\d*", text)]


def seconds(text: str) -> float:
    factor = {"h": 3600.0, "min": 60.0, "s": 1.0, "ms": 0.001}
    parts = re.findall(r"([\d.,]+) (h|min|s|ms)\b", text)
    return sum(float(value.replace(",", "")) * factor[unit] for value, unit in parts)


def test_every_number_of_the_counts_is_the_summary_s(make: Maker, read: Callable[[str], Page]) -> None:
    detection = make.busy(4 * 3600, 300, ("leg", "arm"))
    summary = summarise(detection)
    table = read(page_of(detection)).table("Kind")
    lines = [line for line in table[1:] if len(line) > 1]
    assert len(lines) == len(summary.rows) == 8
    for line, row in zip(lines, summary.rows, strict=True):
        _, count, rate, duration, total, share, peak, snr, interval = line
        assert count == str(row.count)
        assert row.rate is not None
        assert row.duration is not None
        assert row.peak is not None
        assert row.snr_db is not None
        assert row.intervals is not None
        assert row.active_share is not None
        assert numbers(rate) == pytest.approx(
            [row.rate.per_valid_hour, row.rate.low, row.rate.high], rel=6e-3
        )
        assert seconds(duration.split("|")[0]) == pytest.approx(row.duration.median, rel=6e-3, abs=6e-4)
        quartiles = [seconds(one) for one in duration.split("|")[1].split(" to ")]
        # Written to the millisecond.
        assert quartiles == pytest.approx([row.duration.q1, row.duration.q3], rel=6e-3, abs=6e-4)
        assert seconds(total) == pytest.approx(row.total_duration, abs=0.51, rel=6e-3)
        assert numbers(share)[0] == pytest.approx(100 * row.active_share, abs=0.06)
        assert numbers(peak) == pytest.approx([row.peak.median, row.peak.q1, row.peak.q3], rel=6e-3)
        assert numbers(snr)[0] == pytest.approx(row.snr_db.median, rel=6e-3)
        assert seconds(interval.split("|")[0]) == pytest.approx(row.intervals.spread.median, rel=2e-2)


def test_the_coverage_is_the_summary_s(make: Maker, read: Callable[[str], Page]) -> None:
    reason = np.repeat(np.array([0, 5, 4, 0], np.uint8), [3000, 500, 90, 10])
    quality = Quality("leg", 0, np.full(3600, 4.0, np.float32), reason)
    gap = Gap(round(3595 * make.rate), round(2 * make.rate), "lost packets")
    page = read(page_of(make.detection(3600, quality=(quality,), gaps=(gap,))))
    cells = page.table("Channel")[-1]
    assert seconds(cells[1]) == pytest.approx(3598, abs=0.5)
    assert seconds(cells[2]) == pytest.approx(3010 - 2, abs=0.5)
    assert numbers(cells[3]) == [pytest.approx(100 * 3008 / 3600, abs=0.1)]
    assert "lead-off 8 min 20 s; saturated 1 min 30 s" in cells[5]
    assert "lost packets: 1 gap, 2.00 s" in page.text


def test_hours_without_valid_time_have_no_count(make: Maker, read: Callable[[str], Page]) -> None:
    reason = np.zeros(4 * 3600, np.uint8)
    reason[1800 : 1800 + 3600] = 5
    quality = Quality("leg", 0, np.full(reason.size, 4.0, np.float32), reason)
    detection = make.detection(4 * 3600, (make.event(60, 0.1), make.event(8900, 0.1)), quality=(quality,))
    lines = read(page_of(detection)).table("Hour")
    assert [line[1].split("|")[0] for line in lines[1:]] == ["1", "\u2013", "1", "0", "0"]
    assert [line[0] for line in lines[1:3]] == ["22:30 to 23:00", "23:00 to 00:00"]


def test_the_headline_says_how_many_how_long_and_how_sure(make: Maker, read: Callable[[str], Page]) -> None:
    events = tuple(make.event(100.0 * index, 0.1) for index in range(1, 10))
    text = read(page_of(make.detection(2 * 3600, events))).text
    # 9 events in 2 h; exact Poisson limits 4.115 and 17.085 for the count.
    assert "9 events in 2 h of valid signal: 4.50 per valid hour (95 % interval 2.06 to 8.54)." in text


def test_an_empty_recording_says_what_that_can_mean(make: Maker, read: Callable[[str], Page]) -> None:
    text = read(page_of(make.detection(3600))).text
    # -ln(0.025) = 3.689
    assert "No events were found in 1 h of valid signal. A true rate of up to 3.69 per hour" in text
    assert "There is no event to show." in text


def test_without_valid_time_nothing_is_counted(make: Maker, read: Callable[[str], Page]) -> None:
    text = read(page_of(variants(make)["no valid time"])).text
    assert "Nothing can be counted: the recording of 1 h holds no valid signal. 1 event outside" in text
    assert "No events were found" not in text


def test_refusals_notices_and_oddities_stand_at_the_top(make: Maker, read: Callable[[str], Page]) -> None:
    detection = make.detection(
        60, refused=(Refusal("twitch", "leg", "needs 100 Hz"),), notices=("The clock jumped.",)
    )
    text = read(page_of(detection, ReportOptions(oddities=("The counter wraps early.",)))).text
    before, _, _ = text.partition("The whole recording")
    assert "Not looked for in leg: twitches (needs 100 Hz)." in before
    assert "The clock jumped." in before
    assert "The counter wraps early." in before
    assert read(page_of(detection)).table("Kind")[2] == ["twitch", "not looked for: needs 100 Hz"]


def test_every_setting_is_listed(make: Maker, read: Callable[[str], Page]) -> None:
    settings = {"name": "mine", "kinds": {"twitch_max": 0.25, "look_for": ["twitch"]}, "new": {"thing": None}}
    page = read(page_of(make.detection(60, settings=settings)))
    assert [line[:2] for line in page.table("Setting")[1:]] == [
        ["name", "mine"],
        ["kinds.twitch_max", "0.25"],
        ["kinds.look_for", "twitch"],
        ["new.thing", "none"],
    ]
    assert "twitch up to 0.25 s" in page.text
    assert all(one in page.text for one in ("0123456789ab", "9.8.7", "twitches"))


def test_a_day_of_sixteen_channels_and_ten_thousand_events_stays_small(make: Maker) -> None:
    detection = make.busy(24 * 3600, 10_000, tuple(f"channel {index}" for index in range(16)))
    # Quality that comes and goes every other minute is the worst for a drawing.
    reason = (np.arange(24 * 3600) // 60 % 2 * 5).astype(np.uint8)
    quality = tuple(replace(one, reason=reason) for one in detection.quality)
    assert len(page_of(replace(detection, quality=quality)).encode()) < THREE_MEGABYTES


def test_the_same_input_gives_the_same_page(make: Maker) -> None:
    detection = make.busy(3600, 40)
    first = build_report(detection, summarise(detection), make.stream(detection))
    with mpl.rc_context({"font.size": 30, "axes.grid": True, "svg.fonttype": "path", "text.usetex": True}):
        assert build_report(detection, summarise(detection), make.stream(detection)) == first
    stamp = ReportOptions(made=datetime(2031, 5, 6, 7, 8, tzinfo=UTC))
    stamped = build_report(detection, summarise(detection), make.stream(detection), options=stamp)
    assert stamped.replace(" · made 6 May 2031, 07:08", "") == first


def test_drawing_leaves_the_settings_of_matplotlib_alone(make: Maker) -> None:
    before = dict(mpl.rcParams)
    page_of(make.busy(600, 10))
    assert dict(mpl.rcParams) == before


def test_an_anonymous_page_names_nobody(make: Maker, read: Callable[[str], Page]) -> None:
    detection = make.detection(7200, (make.event(60, 0.1),), notices=("secret-name.edf was repaired.",))
    options = ReportOptions(
        subject="Jane Doe",
        anonymise=True,
        oddities=("Jane Doe wore it.",),
        made=datetime(2026, 3, 1, tzinfo=UTC),
    )
    text = read(page_of(detection, options)).text
    for secret in ("Jane", "secret-name", "somebody", "Sensor 77", "2026", "February", "22:30", "22:31"):
        assert secret not in text
    assert "… was repaired." in text
    assert "At 0:01:00 from the start." in text


def test_the_path_of_the_recording_is_not_shown(make: Maker) -> None:
    text = page_of(make.detection(10))
    assert "secret-name.edf" in text
    assert "somebody" not in text
    assert "anna" not in page_of(make.detection(10, source=r"C:\Users\anna\night.edf"))


def test_a_page_is_written_whole_and_never_over_another(make: Maker, tmp_path: Path) -> None:
    detection, path = make.detection(10), tmp_path / "page.html"
    write_report(path, detection, summarise(detection))
    assert path.read_text(encoding="utf-8") == page_of(detection)
    with pytest.raises(OutputError, match="exists already"):
        write_report(path, detection, summarise(detection), options=ReportOptions(title="other"))
    assert path.read_text(encoding="utf-8") == page_of(detection)
    write_report(path, detection, summarise(detection), options=ReportOptions(title="other"), force=True)
    assert "<h1>other</h1>" in path.read_text(encoding="utf-8")
    assert [one.name for one in tmp_path.iterdir()] == ["page.html"]


@pytest.mark.parametrize("library", ["matplotlib", "jinja2"])
def test_a_missing_library_is_one_clear_line(
    make: Maker, library: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(MissingExtraError) as caught:
        page_of(make.detection(10))
    assert caught.value.library == library
    assert "emgdetect[report]" in str(caught.value)


def test_importing_the_package_draws_nothing_in() -> None:
    code = "import sys, emgdetect.report; print({'matplotlib', 'jinja2', 'scipy'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "set()"
