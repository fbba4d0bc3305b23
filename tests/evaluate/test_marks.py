from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from emgdetect.errors import FormatError
from emgdetect.evaluate import Mark, read_events

if TYPE_CHECKING:
    from pathlib import Path


def saved(folder: Path, content: str | bytes) -> Path:
    path = folder / "events.tsv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_a_table_with_all_columns(tmp_path: Path) -> None:
    text = "onset\tduration\ttrial_type\tchannel\tpeak\n1.25\t0.5\ttwitch\tEMG 1\t7\n2\tn/a\tn/a\tn/a\tn/a\n"
    assert read_events(saved(tmp_path, text)) == (Mark(1.25, 0.5, "twitch", "EMG 1"), Mark(2.0, 0.0))


def test_other_orders_commas_and_habits_of_windows(tmp_path: Path) -> None:
    text = '\ufeffchannel,duration,onset\r\n"a, b",0.5,1e1\r\n\r\n,0,-3\r\n'
    assert read_events(saved(tmp_path, text)) == (Mark(10.0, 0.5, "", "a, b"), Mark(-3.0, 0.0))


def test_a_header_alone_has_no_events(tmp_path: Path) -> None:
    assert read_events(saved(tmp_path, "onset\tduration\n")) == ()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "no column onset"),
        ("start\tduration\n1\t2\n", "no column onset"),
        ("onset\n1\n", "no column duration"),
        ("onset\tduration\nsoon\t2\n", r"line 2: the onset 'soon'"),
        ("onset\tduration\n1\t1\n1\tinf\n", r"line 3: the duration 'inf'"),
        ("onset\tduration\n1\t-1\n", "negative"),
        ("onset\tduration\n1\n\t\n2\t1\nn/a\t1\n", r"line 5: the onset 'n/a'"),
        (b"\xff\xfe\x00\x81", "not a text file"),
        (b"\x00\x01\x02", "no column onset"),
    ],
)
def test_what_is_no_table_of_events(tmp_path: Path, content: str | bytes, words: str) -> None:
    with pytest.raises(FormatError, match=words):
        read_events(saved(tmp_path, content))


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="cannot be read"):
        read_events(tmp_path / "none.tsv")
    with pytest.raises(FormatError, match="cannot be read"):
        read_events(tmp_path)
