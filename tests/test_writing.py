from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest

from emgdetect.errors import DeviceError, OutputError
from emgdetect.writing import atomic_target, write_text

FULL = Path("/dev/full")


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def write_and_fail(path: Path, failure: BaseException) -> None:
    with atomic_target(path) as partial:
        partial.write_text("half")
        raise failure


def test_the_file_stands_there_complete(tmp_path: Path) -> None:
    write_text(tmp_path / "a.txt", "µV\n")
    assert (tmp_path / "a.txt").read_bytes() == "µV\n".encode()
    assert names(tmp_path) == ["a.txt"]


def test_it_has_the_permissions_of_any_new_file(tmp_path: Path) -> None:
    (tmp_path / "plain").write_text("")
    write_text(tmp_path / "ours", "")
    assert stat.S_IMODE((tmp_path / "ours").stat().st_mode) == stat.S_IMODE(
        (tmp_path / "plain").stat().st_mode
    )


def test_until_the_end_the_old_file_stays(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("old")
    with atomic_target(path, force=True) as partial:
        partial.write_text("new")
        assert path.read_text() == "old"
        assert (partial.parent, partial.suffix) == (path.parent, ".txt")
    assert path.read_text() == "new"


def test_nothing_is_overwritten_without_force(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("old")
    with pytest.raises(OutputError, match=r"exists already.*--force"), atomic_target(path):
        pytest.fail("the block must not run")
    assert path.read_text() == "old"


def test_a_file_made_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"

    def write_while_others_do() -> None:
        with atomic_target(path) as partial:
            partial.write_text("ours")
            path.write_text("theirs")

    with pytest.raises(OutputError, match="exists already"):
        write_while_others_do()
    assert path.read_text() == "theirs"
    assert names(tmp_path) == ["a.txt"]


def test_errors_of_our_own_pass_unchanged(tmp_path: Path) -> None:
    with pytest.raises(DeviceError, match="sends nothing"):
        write_and_fail(tmp_path / "a.txt", DeviceError("sends nothing"))
    assert names(tmp_path) == []


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
def test_any_failure_removes_the_partial_file(tmp_path: Path, error: type[BaseException]) -> None:
    with pytest.raises(error):
        write_and_fail(tmp_path / "a.txt", error())
    assert names(tmp_path) == []


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "disk is full"),
        (errno.EACCES, "no permission"),
        (errno.EROFS, "only be read"),
        (errno.EIO, "disk reported an error"),
        (errno.EMFILE, "too many open files"),
    ],
)
def test_the_system_s_errors_in_plain_words(tmp_path: Path, number: int, words: str) -> None:
    with pytest.raises(OutputError, match=words) as caught:
        write_and_fail(tmp_path / "a.txt", OSError(number, "as the system says it"))
    assert caught.value.where == tmp_path / "a.txt"
    assert names(tmp_path) == []


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_disk_that_fills_up_at_the_last_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    (tmp_path / "a.txt").write_text("old")
    monkeypatch.setattr(os, "fsync", full) if step == "fsync" else monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OutputError, match="disk is full"):
        write_text(tmp_path / "a.txt", "new", force=True)
    assert (tmp_path / "a.txt").read_text() == "old"
    assert names(tmp_path) == ["a.txt"]


@pytest.mark.skipif(not FULL.exists(), reason="this system has no device that is always full")
def test_a_device_is_written_to_and_never_replaced() -> None:
    with pytest.raises(OutputError, match="disk is full"):
        write_text(FULL, "x" * 100)
    assert FULL.is_char_device()
    write_text(os.devnull, "x")
    assert Path(os.devnull).is_char_device()


def test_a_folder_that_is_missing_or_is_the_target(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="folder does not exist"):
        write_text(tmp_path / "no" / "a.txt", "")
    with pytest.raises(OutputError, match="this is a folder"):
        write_text(tmp_path, "", force=True)
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="not a folder"):
        write_text(tmp_path / "file" / "a.txt", "")
    with pytest.raises(OutputError, match="name is too long"):
        write_text(tmp_path / ("x" * 300), "")


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is forbidden to root")
def test_a_closed_folder(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(OutputError, match="no permission"):
            write_text(tmp_path / "a.txt", "")
    finally:
        tmp_path.chmod(0o700)


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "store").mkdir()
    (tmp_path / "store" / "real").write_text("old")
    (tmp_path / "link").symlink_to(tmp_path / "store" / "real")
    write_text(tmp_path / "link", "new", force=True)
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "store" / "real").read_text() == "new"
