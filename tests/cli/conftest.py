from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np
import pytest

from emgdetect.cli import run

if TYPE_CHECKING:
    from pathlib import Path

RATE = 1000
BURSTS = ((4.0, 5.0), (9.0, 9.2), (14.0, 17.0))
"""Start and stop in seconds, half a minute in all: a burst, a twitch and a spasm."""


class Outcome(NamedTuple):
    code: int
    out: str
    err: str

    @property
    def line(self) -> str:
        """The one line on stderr; fails when there is more, or a result, or a traceback."""
        assert not self.out
        lines = self.err.splitlines()
        assert len(lines) == 1, self.err
        assert lines[0].startswith("emgdetect: ")
        return lines[0]


class Cli(Protocol):
    def __call__(self, *words: object) -> Outcome: ...


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Cli:
    """Run command lines in this process, with an empty folder as the current one."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")

    def call(*words: object) -> Outcome:
        capsys.readouterr()
        code = run([str(word) for word in words])
        said = capsys.readouterr()
        return Outcome(code, said.out, said.err)

    return call


def activity(seconds: float = 30.0, seed: int = 1) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Noise of 2 µV RMS with 60 µV RMS in the bursts."""
    rng = np.random.default_rng(seed)
    time = np.arange(round(seconds * RATE)) / RATE
    loud = np.zeros(time.shape, dtype=bool)
    for start, stop in BURSTS:
        loud |= (time >= start) & (time < stop)
    return rng.standard_normal(time.size) * np.where(loud, 60.0, 2.0)


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    """Half a minute of one channel at 1 kHz in µV, with three bursts and a gap after them."""
    path = tmp_path / "leg.npz"
    gaps = np.array([[25_000, 500]])
    np.savez(
        path, data=activity()[None, :], sampling_rate=float(RATE), ch_names=["TA left"], unit="uV", gaps=gaps
    )
    return path
