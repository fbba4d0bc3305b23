from __future__ import annotations

import json
import os
import re
import struct
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from emgdetect import registry
from emgdetect.errors import EmgError, FormatError, UsageError
from emgdetect.formats.describing import describe
from emgdetect.formats.opening import open_recording, read_head
from emgdetect.recording import ReadOptions, Recording, Stream
from emgdetect.types import Annotation, Channel, Gap, StreamInfo

if TYPE_CHECKING:
    from emgdetect.types import RawArray

ROOT = Path(__file__).parents[2]
REAL = (
    "biosppy_text/emg_1.txt",
    "chords_bioamp/emg_sample.csv",
    "ganglion_myoware/OpenBCI-RAW-S02_S1REST.txt",
    "myo_armband/21547-1/0.txt",
    "psg_edf/short_psg.edf",
    "psg_edf/short_psg.bdf",
    "scientisst/output.csv",
    "simulated/busy_1.npz",
    "xdf/minimal.xdf",
)
TABLE = "time_s,emg\n" + "".join(f"{n / 100:.2f},{n % 7}\n" for n in range(200))


def fails(path: Path) -> FormatError:
    with pytest.raises(FormatError) as caught:
        open_recording(path)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)
    return caught.value


def test_missing_folder_and_empty(tmp_path: Path) -> None:
    assert "no such file" in str(fails(tmp_path / "none.edf"))
    assert "folder" in str(fails(tmp_path))
    (tmp_path / "a.edf").touch()
    assert "empty" in str(fails(tmp_path / "a.edf"))


def test_no_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.csv"
    path.write_text(TABLE)

    def denied(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    # Tests may run as root, who may read everything.
    monkeypatch.setattr(Path, "open", denied)
    assert "permission" in str(fails(path))


def test_a_table_of_events_is_called_so(tmp_path: Path) -> None:
    (tmp_path / "a.tsv").write_text("onset\tduration\ttrial_type\tchannel\n1.5\t0.1\ttwitch\tTA\n")
    assert "table of events" in str(fails(tmp_path / "a.tsv"))


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert "pipe" in str(fails(tmp_path / "pipe"))


@pytest.mark.parametrize(
    ("data", "shows"),
    [(bytes(300), "zeros"), (bytes(range(128, 256)) * 9, "80 81 82"), (b"Dear all\nyours", "'Dear all'")],
)
def test_an_unknown_file_is_described(tmp_path: Path, data: bytes, shows: str) -> None:
    (tmp_path / "a.edf").write_bytes(data)
    error = fails(tmp_path / "a.edf")
    assert shows in error.what
    assert "docs/formats.md" in error.hint


def test_content_decides_not_the_suffix_and_links_are_followed(tmp_path: Path) -> None:
    (tmp_path / "a.edf").write_text(TABLE)
    (tmp_path / "link.wav").symlink_to(tmp_path / "a.edf")
    for name in ("a.edf", "link.wav"):
        recording = open_recording(str(tmp_path / name))
        assert (recording.format, recording.path.name) == ("table", name)


def test_a_broken_link(tmp_path: Path) -> None:
    (tmp_path / "link.csv").symlink_to(tmp_path / "gone")
    assert "no such file" in str(fails(tmp_path / "link.csv"))


class Broken:
    """A format whose reader raises what libraries raise."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def sniff(self, _head: object) -> bool:
        return True

    def read(self, *_: object) -> Recording:
        raise self.error


ERRORS = [
    struct.error("unpack requires 4 bytes"),
    UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid start byte"),
    KeyError("fs"),
    IndexError("list index out of range"),
    OverflowError("too large"),
    MemoryError(),
    zipfile.BadZipFile("not a zip file"),
    OSError("bad magic number"),
    ValueError("two\nlines"),
    ZeroDivisionError("division by zero"),
    TypeError("bad operand"),
    EOFError(),
    AssertionError(),
]


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_whatever_a_reader_raises_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    monkeypatch.setattr(registry, "FORMATS", {"odd": "odd.module"})
    monkeypatch.setattr(registry, "load", lambda _: Broken(error))
    (tmp_path / "a").write_bytes(b"x")
    found = fails(tmp_path / "a")
    assert found.__cause__ is error
    assert "odd" in found.what


@pytest.mark.parametrize(("number", "says"), [(28, "TMPDIR"), (5, "check the disk")])
def test_a_full_or_failing_disk_is_not_the_file_s_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, says: str
) -> None:
    monkeypatch.setattr(registry, "FORMATS", {"odd": "odd.module"})
    monkeypatch.setattr(registry, "load", lambda _: Broken(OSError(number, os.strerror(number))))
    (tmp_path / "a").write_bytes(b"x")
    error = fails(tmp_path / "a")
    assert says in error.hint
    assert "damaged" not in error.what


def test_our_own_errors_pass_and_learn_where(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "FORMATS", {"odd": "odd.module"})
    monkeypatch.setattr(registry, "load", lambda _: Broken(UsageError("no")))
    (tmp_path / "a").write_bytes(b"x")
    with pytest.raises(UsageError) as caught:
        open_recording(tmp_path / "a")
    assert caught.value.where == tmp_path / "a"


def test_a_sniff_that_stumbles_is_not_the_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stumble(_head: object) -> bool:
        raise IndexError

    modules = {"bad": SimpleNamespace(sniff=stumble), "table": registry.load("emgdetect.formats.table")}
    monkeypatch.setattr(registry, "FORMATS", {name: name for name in modules})
    monkeypatch.setattr(registry, "load", modules.__getitem__)
    (tmp_path / "a").write_text(TABLE)
    assert open_recording(tmp_path / "a").format == "table"


def test_a_read_that_fails_later_is_one_line_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fetch(_start: int, _stop: int, /) -> RawArray:
        raise OSError(5, "Input/output error")

    info = StreamInfo(100.0, (Channel("a", "uV"),))
    stream = Stream(info, 10, (), fetch)
    recording = Recording(tmp_path / "a", "odd", "x", None, (stream,))
    module = SimpleNamespace(sniff=lambda _: True, read=lambda *_: recording)
    monkeypatch.setattr(registry, "FORMATS", {"odd": "odd.module"})
    monkeypatch.setattr(registry, "load", lambda _: module)
    (tmp_path / "a").write_bytes(b"x")
    with pytest.raises(FormatError, match="Input/output error"):
        open_recording(tmp_path / "a").streams[0].fetch(0, 1)


def test_the_head_is_64_kib_and_knows_the_size(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(bytes(100_000))
    head = read_head(tmp_path / "a")
    assert (len(head.data), head.size) == (65536, 100_000)


def zeros(start: int, stop: int, /) -> RawArray:
    return np.zeros((1, stop - start))


def test_description_of_several_streams() -> None:
    start = datetime(2024, 5, 6, 22, 30, 0, 250000, tzinfo=UTC)
    fast = Stream(
        StreamInfo(200.0, (Channel("EMG 1", "uV"),), "Box", start),
        1000,
        (Gap(100, 40, "lost packets"),),
        zeros,
    )
    slow = Stream(StreamInfo(1.0, (Channel("level", "envelope"),), "Box", start), 5, (), zeros)
    marks = (Annotation(0.5, 0.0, "a"), Annotation(1.5, 0.0, "b"))
    found = describe(Recording(Path("x"), "edf", "Box", start, (fast, slow), marks, ("odd",)))
    assert json.loads(json.dumps(found)) == found
    assert (found["format"], found["title"]) == ("edf", "edf")
    assert found["device"] == "Box"
    assert (found["sampling_rate"], found["n_samples"], found["duration"]) == (200.0, 1000, 5.0)
    assert found["start"] == "2024-05-06T22:30:00.250000+00:00"
    assert found["channels"] == [
        {"name": "EMG 1", "unit": "uV", "sampling_rate": 200.0, "n_samples": 1000},
        {"name": "level", "unit": "envelope", "sampling_rate": 1.0, "n_samples": 5},
    ]
    assert found["gaps"] == [{"start_sample": 100, "n_samples": 40, "cause": "lost packets"}]
    assert found["annotations"] == 2
    assert found["oddities"] == ["odd"]
    assert [stream["channels"] for stream in found["streams"]] == [["EMG 1"], ["level"]]


def test_description_without_a_stream() -> None:
    found = describe(Recording(Path("x"), "xdf", "unknown", None, ()))
    assert (found["sampling_rate"], found["n_samples"], found["channels"], found["start"]) == (
        None,
        0,
        [],
        None,
    )
    assert "streams" not in found


def test_options_go_through(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(TABLE)
    stream = open_recording(tmp_path / "a.csv", ReadOptions(sampling_rate=99.5, unit="uV")).streams[0]
    assert (stream.info.sampling_rate, stream.info.channels[0].unit) == (99.5, "uV")


def test_the_title_is_for_people_and_the_format_for_scripts(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(TABLE)
    found = describe(open_recording(tmp_path / "a.csv"))
    assert (found["format"], found["title"]) == ("table", "text table")


def test_the_page_on_formats_names_those_of_the_registry_in_their_order() -> None:
    page = (ROOT / "docs" / "formats.md").read_text(encoding="utf-8")
    named = re.findall(r"^\| [^|]+ \| `([^|]+)` \|", page, flags=re.MULTILINE)
    assert [name for name in re.split("`, `", "`, `".join(named)) if name != "bdf"] == list(registry.FORMATS)


@pytest.mark.parametrize("name", REAL)
def test_real_files_say_a_format_that_scripts_can_rely_on(name: str) -> None:
    path = ROOT.parent / "shared" / "data" / name
    if not path.exists():
        pytest.skip("the shared recordings are not here")
    recording = open_recording(path)
    assert recording.format in {*registry.FORMATS, "bdf"}
    assert recording.title


def test_every_format_has_its_two_functions() -> None:
    for name, where in registry.FORMATS.items():
        module = registry.load(where)
        assert callable(module.sniff), name
        assert callable(module.read), name


def test_errors_are_ours() -> None:
    assert issubclass(FormatError, EmgError)
