"""The parts the binary readers share: units, what the user knows better, arrays by their place."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emgdetect.errors import FormatError, MissingExtraError, UsageError
from emgdetect.formats.extras import require
from emgdetect.formats.isolated import run
from emgdetect.formats.matrix import StoredMatrix, held
from emgdetect.formats.overrides import with_overrides
from emgdetect.formats.units import meaning, microvolts
from emgdetect.recording import ReadOptions, Recording, Stream
from emgdetect.types import Channel, StreamInfo


@pytest.mark.parametrize(
    ("word", "factor"),
    [
        *((word, 1.0) for word in ("uV", "µV", "μV", "Âµv", "UV", "microvolts", "[uV]", " uV ", "microvolt")),
        *((word, 1e3) for word in ("mV", "millivolts")),
        *((word, 1e6) for word in ("V", "volts", "Volt")),
        ("nV", 1e-3),
        *((word, None) for word in ("", "s", "DegC", "kV", "n/a", "adc", "mV/s")),
    ],
)
def test_words_for_voltages(word: str, factor: float | None) -> None:
    assert microvolts(word) == factor
    assert meaning(word) == (("adc", 1.0) if factor is None else ("uV", factor))


def test_envelopes_by_name() -> None:
    assert meaning("Envelope") == ("envelope", 1.0)


def recording_of(*rates: float) -> Recording:
    streams = tuple(
        Stream(StreamInfo(rate, (Channel("a", "adc", 2.0, 3.0),)), 5, (), held(np.zeros((1, 5))))
        for rate in rates
    )
    return Recording(Path("a"), "X", "unknown", None, streams)


def test_the_user_knows_better() -> None:
    changed = with_overrides(recording_of(100.0), ReadOptions(sampling_rate=200.0, unit="uV"))
    assert changed.streams[0].info == StreamInfo(200.0, (Channel("a", "uV", 2.0, 3.0),))
    assert len(changed.oddities) == 2
    same = with_overrides(recording_of(100.0), ReadOptions(sampling_rate=100.0, unit="adc"))
    assert same.oddities == ()
    with pytest.raises(UsageError, match="different sampling rates"):
        with_overrides(recording_of(100.0, 50.0), ReadOptions(sampling_rate=100.0))
    for rate in (0.0, -1.0, float("nan"), float("inf")):
        with pytest.raises(UsageError, match="no sense"):
            with_overrides(recording_of(100.0), ReadOptions(sampling_rate=rate))


@settings(max_examples=60, deadline=None)
@given(
    n_channels=st.integers(1, 5),
    n_samples=st.integers(0, 40),
    interleaved=st.booleans(),
    dtype=st.sampled_from(["<i2", ">i4", "<f8", "u1"]),
    cuts=st.tuples(st.integers(0, 40), st.integers(0, 40)),
)
def test_any_part_of_a_matrix(
    tmp_path_factory: pytest.TempPathFactory,
    *,
    n_channels: int,
    n_samples: int,
    interleaved: bool,
    dtype: str,
    cuts: tuple[int, int],
) -> None:
    values = np.arange(n_channels * n_samples).reshape(n_channels, n_samples).astype(dtype)
    path = tmp_path_factory.mktemp("matrix") / "a.bin"
    path.write_bytes(b"head" + (values.T if interleaved else values).tobytes())
    matrix = StoredMatrix(path, offset=4, dtype=dtype, shape=values.shape, interleaved=interleaved)
    start, stop = sorted(min(cut, n_samples) for cut in cuts)
    for fetch in (matrix.fetch, held(values)):
        part = fetch(start, stop)
        np.testing.assert_array_equal(part, values[:, start:stop])
        assert part.shape == (n_channels, stop - start)
        with pytest.raises(FormatError, match="are stored"):
            fetch(0, n_samples + 1)


def test_a_file_that_shrinks_while_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(bytes(100))
    matrix = StoredMatrix(path, offset=0, dtype="u1", shape=(1, 100), interleaved=True)
    path.write_bytes(bytes(50))
    assert matrix.fetch(0, 50).shape == (1, 50)
    with pytest.raises(FormatError, match="shorter"):
        matrix.fetch(0, 100)


def test_missing_library_names_its_extra() -> None:
    assert require("json", extra="x", purpose="y").loads("1") == 1
    with pytest.raises(
        MissingExtraError, match=r"reading Z files needs the library nowhere_at_all.*emgdetect\[z\]"
    ):
        require("nowhere_at_all", extra="z", purpose="reading Z files")


def test_a_process_that_fails_is_damage(tmp_path: Path) -> None:
    path = tmp_path / "a.z"
    path.write_bytes(b"z")
    for module in ("emgdetect.formats.no_such_module", "emgdetect.formats.mat_child"):
        with pytest.raises(FormatError, match="the Z file is damaged"):
            run(module, path, what="Z file")
