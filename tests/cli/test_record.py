"""Recording from the command line: virtual sensors as fast as they can be read."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from emgdetect.cli.sensors import Asked, sources_of
from emgdetect.cli.when import moment, span
from emgdetect.errors import DeviceError, UsageError
from emgdetect.session import SessionReader
from firmware_interface.transports.scanning import Found, Scan

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Cli

FAST = "virtual://emgdetect?speed=0"
NOW = datetime(2026, 11, 21, 22, 30, tzinfo=UTC)


def test_a_minute_becomes_a_session_that_says_what_to_do_next(cli: Cli, tmp_path: Path) -> None:
    done = cli("record", FAST, "-o", "night.emgdb", "--for", "1min", "--no-wake-lock")
    assert done.code == 0
    assert "session:  night.emgdb" in done.out.replace(str(tmp_path) + "/", "")
    assert "emgdetect summary" in done.out
    assert "streaming; 1000.00 Hz" in done.err
    with SessionReader(tmp_path / "night.emgdb") as session:
        assert session.streams()[0].n_samples == pytest.approx(58_000, abs=2500)
        assert session.source(1) == "emgdetect"
    assert cli("summary", "night.emgdb").code == 0


def test_several_sensors_and_again_into_the_same_session(cli: Cli, tmp_path: Path) -> None:
    for _ in range(2):
        words = (f"left={FAST}", f"right={FAST}&seed=2&rate=500", "-o", "n.emgdb", "--for", "20s", "-q")
        done = cli("record", *words, "--no-wake-lock")
        assert (done.code, done.out, done.err) == (0, "", "")
    with SessionReader(tmp_path / "n.emgdb") as session:
        assert [session.source(number) for number in session.stream_ids()] == ["left", "right"]
        assert all("restart" in {gap.cause for gap in stream.gaps} for stream in session.streams())


def test_without_a_name_the_session_is_called_after_the_time(cli: Cli, tmp_path: Path) -> None:
    for _ in range(2):
        assert cli("record", FAST, "--for", "10s", "--quiet", "--no-wake-lock").code == 0
    assert len(list(tmp_path.glob("20??-??-??_????*.emgdb"))) == 2


def test_no_sample_is_no_success(cli: Cli) -> None:
    done = cli("record", f"{FAST}&silent=50@0", "-o", "n.emgdb", "--for", "10s", "-q", "--no-wake-lock")
    assert done.code == 9
    assert "no sample" in done.err


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["virtual://nothing"], 9, "nothing"),
        (["gopher://x"], 2, "gopher"),
        ([FAST, "--for", "8"], 2, "8h"),
        ([FAST, "--until", "noon"], 2, "noon"),
        ([FAST, "-o", "night.edf"], 2, ".emgdb"),
        ([FAST, "--option", "rate"], 2, "rate"),
        ([FAST, "--profile", "none"], 6, "none"),
        ([FAST, "--alarm", "spasm>5s"], 2, "spasm>5s:bell"),
        ([FAST, "virtual://emgdetect"], 2, "speed"),
        (["/dev/no-such-port", "--device", "emgdetect", "--for", "1s"], 9, "no-such-port"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_what_cannot_be_recorded_is_one_line_and_leaves_no_file(
    cli: Cli, tmp_path: Path, words: list[str], code: int, said: str
) -> None:
    done = cli("record", *words, "--no-wake-lock", "-q")
    assert done.code == code, done.err
    assert said in done.err
    assert len(done.err.splitlines()) == 1
    assert not list(tmp_path.glob("*.emgdb*"))


def seen() -> Scan:
    return Scan(
        (
            Found("ble://MyoW1", "MyoW1", ("myoware-ble-uart", "myo"), -60, "C4:00"),
            Found("ble://MyoW2", "MyoW2", ("myoware-ble-uart",), -70, "C4:01"),
            Found("ble://C4%3A02", "", (), -50, "C4:02"),
        )
    )


def test_a_word_is_a_sensor_in_sight() -> None:
    (source,) = sources_of(Asked(("left=MyoW1",)), look=seen)
    assert (source.name, source.device.key) == ("left", "myoware-ble-uart")


def test_a_word_for_two_sensors_asks_which() -> None:
    with pytest.raises(UsageError, match="ble://MyoW1, ble://MyoW2"):
        sources_of(Asked(("myoware-ble-uart",)), look=seen)


def test_a_word_for_no_sensor_says_what_there_is() -> None:
    with pytest.raises(DeviceError, match="MyoW1"):
        sources_of(Asked(("Biceps",)), look=seen)


def test_names_are_made_of_addresses_and_are_never_the_same() -> None:
    asked = Asked(("virtual://emgdetect", "virtual://emgdetect", "serial:///dev/ttyACM0"), "emgdetect")
    assert [one.name for one in sources_of(asked)] == ["emgdetect", "emgdetect 2", "ttyACM0"]


@pytest.mark.parametrize(
    ("text", "seconds"), [("8h", 28800), ("30 min", 1800), ("1h30min", 5400), ("1.5h", 5400), ("90s", 90)]
)
def test_time_spans(text: str, seconds: float) -> None:
    assert span(text) == seconds


@pytest.mark.parametrize("text", ["", "8", "h", "8 hours and a bit", "-3h", "0s"])
def test_what_is_no_time_span(text: str) -> None:
    with pytest.raises(UsageError):
        span(text)


def test_a_time_of_day_is_the_next_one() -> None:
    here = NOW.astimezone()
    later = moment(f"{(here.hour + 1) % 24:02d}:30", here)
    assert 0 < (later - here).total_seconds() <= 3600
    same = moment(f"{here:%H:%M}", here)
    assert (same - here).total_seconds() == 24 * 3600
    assert moment("2026-11-22 07:00+00:00", here) == datetime(2026, 11, 22, 7, tzinfo=UTC)


def test_a_moment_that_is_over_is_refused() -> None:
    with pytest.raises(UsageError, match="over"):
        moment("2026-11-20 07:00+00:00", NOW)


def test_an_alarm_is_done_and_noted_and_its_failure_costs_nothing(cli: Cli, tmp_path: Path) -> None:
    write = f'run:{sys.executable} -c \'import os; open("rang", "w").write(os.environ["EMGDETECT_SENSOR"])\''
    fail = f"run:{sys.executable} -c 'raise SystemExit(3)'"
    alarms = ("--alarm", f"events>=3/10min:{write}", "--alarm", f"events>=3/10min:{fail}")
    words = (f"leg={FAST}", "-o", "n.emgdb", "--for", "2min", "--no-wake-lock")
    done = cli("record", *words, *alarms)
    assert done.code == 0
    assert (tmp_path / "rang").read_text() == "leg"
    assert "ALARM leg: 3 events in 600 s" in done.err
    assert "ended with code 3" in done.err
    with SessionReader(tmp_path / "n.emgdb") as session:
        (noted,) = [note.text for note in session.notes() if note.kind == "alarm"]
    assert noted.startswith("events>=3/10min: leg: 3 events")


def test_without_alarms_nothing_is_done(cli: Cli, tmp_path: Path) -> None:
    done = cli("record", FAST, "-o", "n.emgdb", "--for", "1min", "--no-wake-lock")
    assert "ALARM" not in done.err
    assert [path.name for path in tmp_path.iterdir() if "emgdb" not in path.name] == []
