from __future__ import annotations

import re
import textwrap
from typing import TYPE_CHECKING

import edfio
import numpy as np
import pytest

import emgdetect
from emgdetect import api
from emgdetect.config import Profile
from emgdetect.errors import ConfigError, EmgError, FormatError, OutputError, UsageError
from emgdetect.types import Chunk, Gap, Update

if TYPE_CHECKING:
    from pathlib import Path

QUICK = Profile.model_validate(
    {"name": "quick", "threshold": {"lookahead": 5, "window_short": 10, "window_long": 20, "floor_window": 5}}
)


def samples(seconds: int = 40) -> np.ndarray:
    values = np.random.default_rng(0).normal(0, 5, seconds * 1000)
    for start in range(3000, len(values) - 2000, 9000):
        values[start : start + 700] *= 20
    return values


def example(doc: str | None) -> str:
    """Return the indented block after ``::`` of a docstring."""
    found = re.search(r"::\n\n((?:    .*\n|\n)+)", textwrap.dedent("    " + (doc or "")) + "\n")
    assert found
    return textwrap.dedent(found[1])


def test_the_example_of_the_package_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("pandas")
    signal = edfio.EdfSignal(samples(), 1000, label="EMG leg", physical_dimension="uV")
    edfio.Edf([signal]).write(tmp_path / "night.edf")
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    exec(example(emgdetect.__doc__), names)  # noqa: S102 - our own docstring
    found = names["detection"]
    assert isinstance(found, emgdetect.Detection)
    assert len(found.events) >= 3


def test_the_example_of_the_detector_runs() -> None:
    sensor = np.array_split(samples(), 400)
    names: dict[str, object] = {"Detector": api.Detector, "sensor": sensor}
    exec(example(api.Detector.__doc__), names)  # noqa: S102 - our own docstring
    update = names["update"]
    assert isinstance(update, Update)
    assert update.events


def test_a_live_run_finds_what_the_array_holds() -> None:
    both = np.vstack([samples(), samples()[::-1]])
    whole = api.detect(api.from_array(both, 1000.0, ch_names=("left", "right")), QUICK)
    detector = api.Detector(1000.0, ["left", "right"], profile=QUICK)
    updates = [detector.push(both[:, first : first + 37]) for first in range(0, both.shape[1], 37)]
    updates.append(detector.finish())
    live = [event for update in updates for event in update.events]
    assert sorted(map(repr, live)) == sorted(map(repr, whole.events))
    assert {event.channel for event in live} == {"left", "right"}


def test_lost_samples_are_skipped_and_time_goes_on() -> None:
    detector = api.Detector(1000.0, profile=QUICK)
    values = samples()
    detector.push(values[:10_000])
    detector.skip(5000)
    events = [*detector.push(values[10_000:]).events, *detector.finish().events]
    later = [event.sample for event in events if event.sample > 15_000 and event.snr_db > 15]
    assert later[0] == pytest.approx(12_000 + 5000, abs=20)


def test_lists_integers_and_one_axis_are_arrays_too() -> None:
    values = np.rint(samples(12)).astype(int)
    assert api.from_array(values.tolist(), 1000.0).n_samples == 12_000
    one = api.detect(api.from_array(values, 1000.0), QUICK)
    other = api.detect(api.from_array([values.tolist()], 1000.0), QUICK)
    assert list(map(repr, one.events)) == list(map(repr, other.events))
    assert len(one.events) >= 1


def test_names_of_channels() -> None:
    assert api.from_array(np.zeros((3, 5)), 1000.0).info.ch_names == ("EMG1", "EMG2", "EMG3")
    assert api.from_array(np.zeros(5), 1000.0, ch_names="leg").info.ch_names == ("leg",)
    detector = api.Detector(1000.0, "leg")
    assert {part.channel for part in [*detector.push(samples(12)).quality, *detector.finish().quality]} == {
        "leg"
    }


def test_no_channels_and_no_samples_are_answers() -> None:
    assert api.detect(api.from_array(np.zeros((0, 50)), 1000.0)).quality == ()
    empty = api.detect(api.from_array(np.zeros((2, 0)), 1000.0))
    assert (empty.events, [len(part.reason) for part in empty.quality]) == ((), [0, 0])


@pytest.mark.parametrize(
    "data",
    [
        np.zeros((2, 3, 4)),
        [[1.0, 2.0], [3.0]],
        ["a", "b"],
        np.zeros(4, complex),
        np.zeros(4, "M8[s]"),
        [None, 2.0],
        "signal",
        {"EMG": [1.0]},
    ],
)
def test_what_is_no_array_of_numbers_is_a_usage_error(data: object) -> None:
    with pytest.raises(UsageError):
        api.from_array(data, 1000.0)  # type: ignore[arg-type]
    detector = api.Detector(1000.0)
    with pytest.raises(UsageError):
        detector.push(data)  # type: ignore[arg-type]
    # Nothing has moved: the next chunk is taken as the first.
    detector.push(samples(12))
    assert detector.finish().quality[-1].stop == 12


@pytest.mark.parametrize("names", [("a",), ("a", "b", "c"), ()])
def test_names_that_do_not_fit(names: tuple[str, ...]) -> None:
    with pytest.raises(UsageError, match="names for 2 channels"):
        api.from_array(np.zeros((2, 10)), 1000.0, ch_names=names)


def test_two_channels_of_one_name_are_refused() -> None:
    with pytest.raises(UsageError, match="same name"):
        api.detect(api.from_array(np.zeros((2, 10)), 1000.0, ch_names=("a", "a")))
    with pytest.raises(UsageError, match="same name"):
        api.Detector(1000.0, ["a", "a"])


def test_what_does_not_follow_is_refused_and_leaves_the_stream_as_it_was() -> None:
    detector = api.Detector(1000.0, ["a", "b"], profile=QUICK)
    both = np.vstack([samples(), samples()])
    detector.push(both[:, :10_000])
    for wrong in (both[:1, :10], both.T[:10], both[0, :10]):
        with pytest.raises(UsageError, match="does not fit 2 channels"):
            detector.push(wrong)
    with pytest.raises(UsageError, match="cannot be lost"):
        detector.skip(-1)
    with pytest.raises(UsageError, match="in order"):
        detector._pipeline.push(Chunk(both[:, :10], 9999))
    with pytest.raises(UsageError, match="in order"):
        detector._pipeline.push(Gap(9999, 10, "x"))
    with pytest.raises(UsageError, match="does not fit"):
        detector._pipeline.push(Chunk(both[:1, :10], 20_000))
    updates = [detector.push(both[:, 10_000:]), detector.finish()]
    assert max(part.stop for update in updates for part in update.quality) == 40


def test_the_end_comes_once() -> None:
    detector = api.Detector(1000.0)
    detector.push(samples(12))
    assert detector.finish().quality
    assert detector.finish() == Update()
    with pytest.raises(UsageError, match="finished"):
        detector.push(samples(12))


def test_files_and_profiles_that_are_not_there(tmp_path: Path) -> None:
    with pytest.raises(FormatError):
        api.detect(tmp_path / "night.edf")
    with pytest.raises(ConfigError):
        api.detect(api.from_array(samples(12), 1000.0), "nonesuch")
    with pytest.raises(ConfigError):
        api.Detector(1000.0, profile=tmp_path / "nonesuch.toml")


def test_every_error_is_one_to_catch() -> None:
    for kind in (ConfigError, FormatError, OutputError, UsageError):
        assert issubclass(kind, EmgError)
        assert str(kind("a\nb", where="here", hint="do this")) == "here: a b (do this)"


def test_a_report_is_written_once(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    pytest.importorskip("jinja2")
    stream = api.from_array(samples(12), 1000.0)
    path = tmp_path / "report.html"
    api.write_report(api.detect(stream, QUICK), path, stream)
    text = path.read_text(encoding="utf-8")
    assert text.lstrip().lower().startswith("<!doctype html")
    with pytest.raises(OutputError):
        api.write_report(api.detect(stream, QUICK), path, stream)
    assert path.read_text(encoding="utf-8") == text
    api.write_report(api.detect(stream, QUICK), path, force=True)
    assert path.read_text(encoding="utf-8") != text
