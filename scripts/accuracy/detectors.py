"""Every detector of the bench: its adapter, its default, and the grid its one tuning is chosen from."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from accuracy.piece import Settings

OURS, PEERS, LIBEMG = "ours", "peers", "libemg"
"""The environments detectors run in: the project's own, one for the extra ``bench``, one for LibEMG."""


PEER_S = 300.0
"""How much of a recording a peer is given that is neither slow nor as fast as a filter."""


@dataclass(frozen=True, slots=True)
class Detector:
    """A detector and how it is run.

    ``seconds`` is the longest excerpt it is given (``None``: whole recordings), ``grid`` has at most nine
    settings. ``remark`` says what a reader must know.
    """

    name: str
    adapter: str
    home: str
    default: Settings
    grid: tuple[Settings, ...] = ()
    seconds: float | None = PEER_S
    remark: str = ""


def _grid(common: Settings, *points: Settings) -> tuple[Settings, ...]:
    return tuple({**common, "tuned": True, **point} for point in points)


def _samples(
    common: Settings, options: Iterable[Settings], samples: Iterable[Settings]
) -> tuple[Settings, ...]:
    """Cross thresholds with windows."""
    return _grid(common, *({"options": o, "samples": s} for o, s in product(options, samples)))


def _thresholds(*values: float) -> list[Settings]:
    return [{"threshold": value} for value in values]


def _biosppy(name: str, default: Settings, grid: tuple[Settings, ...], **words: object) -> Detector:
    seconds = words.get("seconds", PEER_S)
    assert isinstance(seconds, float)  # noqa: S101 - for the type checker
    method = {"method": f"{name.lower().replace('-', '_')}_onset_detector"}
    points = tuple({**method, **point} for point in grid)
    remark = str(words.get("remark", "no documented defaults; customary values"))
    return Detector(f"BioSPPy {name}", "biosppy_emg", PEERS, {**method, **default}, points, seconds, remark)


def _machine(states: float, fails: float, **more: float) -> Settings:
    return {"active_state_duration": states, "fail_size": fails, **more}


OUR_DETECTOR = Detector("emgdetect", "ours", OURS, {"profile": "generic"}, seconds=None)

_TEXTBOOK = Detector(
    "textbook",
    "textbook",
    OURS,
    {"window": 0.05, "k": 6.0},
    _grid({}, *({"window": w, "k": k} for w, k in product((0.02, 0.05, 0.1), (6.0, 12.0, 25.0)))),
    None,
    "band-pass 20-450 Hz, TKEO, RMS, median + k MAD, hysteresis; written for this bench",
)
_FIXED = Detector(
    "fixed 8/2 µV rule",
    "fixed_rule",
    OURS,
    {},
    ({"any_length": True},),
    None,
    "tuned: without its limits of duration",
)
_NEUROKIT = (
    Detector(
        "NeuroKit2 threshold",
        "neurokit",
        PEERS,
        {"method": "threshold"},
        _grid({"method": "threshold"}, *({"k": k} for k in (3.0, 6.0, 12.0))),
        30.0,
    ),
    Detector(
        "NeuroKit2 mixture",
        "neurokit",
        PEERS,
        {"method": "mixture"},
        _grid({"method": "mixture"}, *({"threshold": p} for p in (0.33, 0.6, 0.9))),
        30.0,
    ),
    Detector(
        "NeuroKit2 pelt",
        "neurokit",
        PEERS,
        {"method": "pelt"},
        (),
        15.0,
        "default only, 15 s excerpts: time grows with the square",
    ),
)
_BIOSPPY = (
    Detector(
        "BioSPPy find_onsets",
        "biosppy_emg",
        PEERS,
        {"method": "find_onsets", "wants_rest": False},
        _grid(
            {"method": "find_onsets", "wants_rest": False},
            *({"options": {"size": s}, "k": k} for s, k in product((0.02, 0.05, 0.1), (1.0, 2.0, 4.0))),
        ),
    ),
    _biosppy(
        "Hodges-Bui",
        {"options": {"threshold": 3}, "samples": {"size": 0.05}},
        _samples({}, _thresholds(1, 2, 4), ({"size": 0.02}, {"size": 0.05}, {"size": 0.1})),
    ),
    _biosppy(
        "Bonato",
        {"options": {"threshold": 9.2}, "samples": _machine(0.015, 0.005, samples_above_fail=0.005)},
        _samples(
            {},
            _thresholds(9.2, 15, 30),
            [
                _machine(s, f, samples_above_fail=f)
                for s, f in ((0.005, 0.003), (0.015, 0.005), (0.03, 0.015))
            ],
        ),
    ),
    _biosppy(
        "Lidierth",
        {"options": {"threshold": 3}, "samples": _machine(0.05, 0.01, size=0.02)},
        _samples(
            {},
            _thresholds(1, 2, 4),
            [
                _machine(s, f, size=w)
                for s, f, w in ((0.005, 0.002, 0.01), (0.02, 0.01, 0.02), (0.05, 0.02, 0.05))
            ],
        ),
    ),
    _biosppy(
        "Abbink",
        {
            "options": {"threshold": 3, "transition_threshold": 1},
            "samples": {"size": 0.05, "alarm_size": 0.05},
        },
        _samples(
            {},
            [{"threshold": 2, "transition_threshold": 0.7}],
            ({"size": 0.02, "alarm_size": 0.02}, {"size": 0.05, "alarm_size": 0.05}),
        ),
        seconds=30.0,
        remark="no documented defaults; 30 s excerpts: time grows with the square",
    ),
    _biosppy(
        "Solnik",
        {"options": {"threshold": 3}, "samples": {"active_state_duration": 0.025}},
        _samples({}, _thresholds(4, 8, 16), [{"active_state_duration": s} for s in (0.003, 0.01, 0.025)]),
    ),
    _biosppy(
        "Silva",
        {"wants_rest": False, "options": {"size": 20, "threshold_size": 22, "threshold": 0.05}},
        _grid(
            {"wants_rest": False},
            *(
                {"k": k, "samples": {"size": s, "threshold_size": w}}
                for k, (s, w) in product((1.0, 2.0, 4.0), ((0.02, 0.5), (0.05, 1.0), (0.1, 2.0)))
            ),
        ),
    ),
    _biosppy(
        "Londral",
        {"options": {"threshold": 3}, "samples": {"size": 0.03, "active_state_duration": 0.02}},
        _samples(
            {},
            _thresholds(3, 10, 30),
            [{"size": s, "active_state_duration": 0.01} for s in (0.02, 0.05, 0.1)],
        ),
        seconds=120.0,
    ),
)
_OTHERS = (
    Detector(
        "psgscoring",
        "psgscoring_plm",
        PEERS,
        {},
        ({"options": {"offset_aasm": True}}, {"options": {"offset_aasm": True}, "tuned": True}),
        remark="its leg-movement stage: 0.5-10 s only, every epoch scored as sleep; values taken for µV",
    ),
    Detector(
        "myonset single",
        "myonset_emg",
        PEERS,
        {"method": "single_threshold"},
        _grid(
            {"method": "single_threshold", "cutoff": 20},
            *(
                {"params": {"th_raw": r, "th_tkeo": t}}
                for r, t in product((3.5, 5.0, 7.0), (8.0, 16.0, 30.0))
            ),
        ),
        60.0,
        "made for single trials; viewer's window library stood in for",
    ),
    Detector(
        "myonset double",
        "myonset_emg",
        PEERS,
        {"method": "double_threshold"},
        _grid(
            {"method": "double_threshold", "cutoff": 20},
            *(
                {"params": {"th_raw": r, "th_tkeo": t}}
                for r, t in product((3.0, 4.5, 6.0), (6.0, 12.0, 25.0))
            ),
        ),
        60.0,
        "as above",
    ),
    Detector(
        "LibEMG",
        "libemg_threshold",
        LIBEMG,
        {"window": 0.2, "step": 0.1},
        _grid(
            {},
            *({"window": w, "step": w / 2, "num_std": k} for w, k in product((0.03, 0.08, 0.2), (3, 6, 12))),
        ),
        remark="active_threshold on windows of 200/100 ms; needs numpy below 2, so an environment of its own",
    ),
)
PEER_DETECTORS: tuple[Detector, ...] = (_TEXTBOOK, _FIXED, *_NEUROKIT, *_BIOSPPY, *_OTHERS)
