from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from emgdetect.choosing import Choice, choose, named_after_muscle, named_after_something_else, only
from emgdetect.errors import UnsuitableSignalError
from emgdetect.formats.opening import open_recording
from emgdetect.recording import Recording, Stream
from emgdetect.types import Channel, RawArray, StreamInfo

PSG = Path(__file__).parents[1].parent / "shared" / "data" / "psg_edf"


def stream(rate: float, *names: str) -> Stream:
    """Every sample of a channel is its row."""

    def fetch(start: int, stop: int, /) -> RawArray:
        return np.repeat(np.arange(len(names))[:, None], stop - start, axis=1)

    return Stream(StreamInfo(rate, tuple(Channel(name, "uV") for name in names)), 100, (), fetch)


def recording(*streams: Stream) -> Recording:
    return Recording(Path("night.edf"), "edf", "unknown", None, streams)


def chosen(choice: Choice) -> list[tuple[int, tuple[str, ...]]]:
    return [(index, part.info.ch_names) for index, part in choice.parts]


MUSCLES = (
    "EMG|emg_uV|sEMG 2|EMG1-REF|EMGchin|EMG Chin|EMG submental|Chin1-Chin2|Mentalis|Left tibialis|Tib.Ant"
    "|TA left|LTA|RLEG|LegL|LeftLeg|Leg 1|LAT|RAT2|L masseter|Temporalis R|Soleus|Gastroc|Biceps|Flexor carpi"
    "|muscle 3|EXG 1|Jaw"
)
OTHERS = (
    "EEG Fpz-Cz|Fp1|C3-A2|O1:M2|Fpz|ECG|EKG II|EOG horizontal|SaO2|SpO2|Resp oro-nasal|Event marker"
    "|Temp rectal|Status|Acc X|AccX|LegAcc|Leg position|Body|BodyTemp|Thor|Snore|Pulse"
)
NEITHER = "X|ch1|Channel1|A1|AI3|M1|value|left|Plateau|College|later|heap"


@pytest.mark.parametrize("name", MUSCLES.split("|"))
def test_names_of_muscles(name: str) -> None:
    assert named_after_muscle(name)
    assert named_after_muscle(name.upper())
    assert not named_after_something_else(name)


@pytest.mark.parametrize("name", OTHERS.split("|"))
def test_names_of_something_else(name: str) -> None:
    assert named_after_something_else(name)
    assert not named_after_muscle(name)


@pytest.mark.parametrize("name", NEITHER.split("|"))
def test_names_that_say_nothing(name: str) -> None:
    assert not named_after_muscle(name)
    assert not named_after_something_else(name)


def test_channels_named_after_muscle_are_searched_alone_and_the_others_named() -> None:
    night = recording(
        stream(256, "EEG C3-A2", "EMG Chin", "X1"), stream(32, "Resp"), stream(500, "LLeg", "RLeg")
    )
    choice = choose(night)
    assert chosen(choice) == [(0, ("EMG Chin",)), (2, ("LLeg", "RLeg"))]
    assert choice.left_out == ("EEG C3-A2", "X1", "Resp")
    assert "EEG C3-A2, X1, Resp" in choice.notice
    assert "--channel" in choice.notice
    assert choice.parts[0][1].fetch(3, 5).tolist() == [[1, 1]]


def test_without_any_what_is_named_after_something_else_is_left_out() -> None:
    choice = choose(recording(stream(256, "ch1", "ECG", "ch2"), stream(10, "Temp")))
    assert chosen(choice) == [(0, ("ch1", "ch2"))]
    assert choice.left_out == ("ECG", "Temp")


def test_names_that_leave_nothing_out_need_no_notice() -> None:
    choice = choose(recording(stream(1000, "ch1", "ch2"), stream(50, "level")))
    assert chosen(choice) == [(0, ("ch1", "ch2")), (1, ("level",))]
    assert (choice.left_out, choice.notice) == ((), "")


def test_if_nothing_would_be_left_everything_is_searched_and_said() -> None:
    choice = choose(recording(stream(128, "Fp1", "ECG")))
    assert chosen(choice) == [(0, ("Fp1", "ECG"))]
    assert "Fp1, ECG" in choice.notice


def test_a_long_list_of_names_is_cut() -> None:
    choice = choose(recording(stream(256, "EMG", *(f"EEG {n}" for n in range(200)))))
    assert choice.notice.count("EEG") == 12
    assert "and 188 more" in choice.notice


def test_a_recording_without_channels_has_no_parts() -> None:
    assert choose(recording()) == Choice(())


def test_all_or_none_of_a_stream() -> None:
    both = stream(100, "a", "b")
    assert only(both, lambda _: True) is both
    assert only(both, lambda _: False) is None


@pytest.mark.skipif(not PSG.is_dir(), reason="the shared recordings are not here")
@pytest.mark.parametrize("name", ["short_psg.edf", "short_psg.bdf"])
def test_the_chin_at_1_hz_is_refused_and_nothing_is_searched_in_its_place(name: str) -> None:
    from emgdetect.api import detect

    with pytest.raises(
        UnsuitableSignalError, match=r"EMG submental.*twitches need at least 200 Hz.*has 1 Hz"
    ):
        detect(PSG / name)


@pytest.mark.skipif(not PSG.is_dir(), reason="the shared recordings are not here")
def test_a_lone_electrode_with_a_name_of_eeg_is_searched() -> None:
    choice = choose(open_recording(PSG / "test_subsecond.edf"))
    assert chosen(choice) == [(0, ("Fp1",))]
    assert "Fp1" in choice.notice
