"""The page: what was measured, in tables with as few words as they need."""

from __future__ import annotations

from typing import TYPE_CHECKING

from accuracy import tables
from accuracy.detectors import PEER_DETECTORS, PEER_S
from accuracy.ours_run import PROFILES
from accuracy.suites import FIRST_SEED, TUNING_SEED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from accuracy.machine import Facts
    from accuracy.peers_run import PeerResults
    from accuracy.run import Outcome
    from accuracy.scoring import Result

INTRODUCTION = f"""\
# Accuracy

Written by `{{command}}`; do not edit. {{date}}, {{minutes:.0f}} minutes. {{machine}}.
Versions: {{versions}}.{{quick}}

- Events are matched one to one with an overlap (intersection over union) of 0.2 or more; a clonus is
  matched as an episode or by its beats. Cells show **F1 (false alarms per hour of recording)**; suites
  without events show the false alarms alone.
- Evaluation seeds begin at {FIRST_SEED}. Peers are tuned on seed {TUNING_SEED}, once per family of suites, by
  the highest F1 of at most nine settings; a tuned peer is also told where the muscle rests (the first three
  quiet seconds, from the truth), gets the signal from 20 Hz on, and has pieces closer than 0.2 s joined.
  Emgdetect has one setting everywhere and is told nothing.
- The default of a peer is what its documentation gives; where it wants to know a rest, the first two
  seconds. BioSPPy's detectors (but `find_onsets`) have no documented defaults: customary values stand in.
- "whole": all recordings of the suite in full. "excerpt": of the first recording the five minutes with most
  events (less for slow peers: the table of time and memory says how much); the busy recordings whole.
  An excerpt holds a few to some thirty events, and the best of many peers is picked on it: this flatters
  the peers, and small differences mean nothing.
- A detector that crashes, exceeds 120 s or 6 GB on one channel, or does not install is shown so.
- Most suites come from this project's own simulator, which knows what the detector was made for: take
  comparisons as evidence, not proof. The recordings of an independent simulator and the real ones stand in
  tables of their own.
"""


def page(outcome: Outcome, facts: Facts) -> str:
    """Return the whole page."""
    text = INTRODUCTION.format(
        command=facts.command,
        date=facts.date,
        minutes=outcome.minutes,
        machine=facts.machine,
        versions=", ".join(f"{name} {version}" for name, version in facts.versions.items()),
        quick=" **A quick run: short excerpts, one seed; not for quoting.**" if facts.quick else "",
    )
    sections = (
        ("Suites and detectors", _main(outcome)),
        ("Emgdetect in detail", _detail(outcome)),
        ("Recall by kind", _kinds(outcome)),
        ("The profile meant for a suite", _profiles(outcome)),
        ("Recordings of an independent simulator", _independent(outcome)),
        ("Every peer, by suite", _peers(outcome)),
        ("Where nothing happens: false alarms per hour", _nothing(outcome)),
        ("Peers where nothing happens: false alarms per hour", _peers_nothing(outcome)),
        ("Real recordings with cues", _cued(outcome)),
        ("Time and memory", _speed(outcome)),
        ("Settings that tuning chose", _chosen(outcome)),
    )
    return text + "".join(f"\n## {title}\n\n{body}" for title, body in sections)


def best(peers: Mapping[str, PeerResults], suite: str, which: str) -> str:
    """Return the peer with the highest F1 on a suite; among those without events the fewest false alarms."""
    ranked = []
    for name, results in peers.items():
        result: Result | None = getattr(results, which).get(suite)
        if result is not None and result.score is not None:
            ranked.append((-(result.score.f1 or 0.0), result.score.false_per_hour or 0.0, name, result))
    if not ranked:
        return tables.NONE
    _, _, name, result = min(ranked, key=lambda entry: entry[:3])
    return f"{tables.summary(result)} {name}"


def _main(outcome: Outcome) -> str:
    own = {d.name for d in PEER_DETECTORS if d.seconds is None}
    others = {name: results for name, results in outcome.peers.items() if name not in own}
    head = [
        "suite",
        "**emgdetect**, whole",
        "textbook, whole",
        "textbook tuned, whole",
        "fixed 8/2 µV rule, whole",
    ]
    head += ["emgdetect, excerpt", "best peer by default, excerpt", "best peer tuned, excerpt"]
    rows = []
    for suite, by_profile in outcome.suites.items():
        row = [suite.name, f"**{tables.summary(by_profile['generic'])}**"]
        for name, which in (("textbook", "default"), ("textbook", "tuned"), ("fixed 8/2 µV rule", "default")):
            found = outcome.peers.get(name)
            row.append(tables.summary(getattr(found, which).get(suite.name) if found else None))
        row.append(tables.summary(outcome.excerpts.get(suite.name)))
        rows.append([*row, best(others, suite.name, "default"), best(others, suite.name, "tuned")])
    return tables.table(head, rows)


def _detail(outcome: Outcome) -> str:
    rows = [_detail_row(suite.name, by_profile["generic"]) for suite, by_profile in outcome.suites.items()]
    head = ["suite", "recordings", "hours", "true", "precision", "recall", "F1", "false/h", "count bias"]
    return tables.table([*head, "onset error, median / p95 ms", "offset error, median / p95 ms"], rows)


def _detail_row(name: str, result: Result) -> list[str]:
    score = result.score
    start = [name, str(result.n_cases), f"{result.hours:.1f}"]
    if score is None:
        return [*start, "; ".join(result.failures), *[tables.NONE] * 7]
    shares = [tables.part(score.precision), tables.part(score.recall), tables.part(score.f1)]
    errors = [tables.milliseconds(score.onset_error), tables.milliseconds(score.offset_error)]
    return [
        *start,
        str(score.n_truth),
        *shares,
        tables.rate(score.false_per_hour),
        f"{score.count_bias:+d}",
        *errors,
    ]


def _kinds(outcome: Outcome) -> str:
    rows = [[suite.name, tables.kinds(found["generic"])] for suite, found in outcome.suites.items()]
    return tables.table(["suite", "recall of emgdetect by kind (number of true events)"], rows)


def _profiles(outcome: Outcome) -> str:
    rows = []
    for suite, found in outcome.suites.items():
        if suite.profile != "generic":
            fitting = found[suite.profile]
            rows.append(
                [suite.name, tables.summary(found["generic"]), suite.profile, tables.summary(fitting)]
            )
    return tables.table(["suite", "generic", "profile", "F1 (false/h)"], rows)


def _independent(outcome: Outcome) -> str:
    if not outcome.independent:
        return "Not at hand in this run.\n"
    head = ["recording", "n", "hours", "true", "precision", "recall", "F1", "false/h", "count bias"]
    rows = [_detail_row(name, result) for name, result in outcome.independent.items()]
    return tables.table([*head, "onset error, median / p95 ms", "offset error, median / p95 ms"], rows)


def _peers(outcome: Outcome) -> str:
    names = [suite.name for suite in outcome.suites]
    rows = [["**emgdetect**", "default", *(tables.summary(outcome.excerpts.get(suite)) for suite in names)]]
    for peer, results in outcome.peers.items():
        for which in ("default", "tuned"):
            found: dict[str, Result] = getattr(results, which)
            if found:
                rows.append([peer, which, *(tables.summary(found.get(suite)) for suite in names)])
    return tables.table(["detector", "setting", *names], rows)


def _nothing(outcome: Outcome) -> str:
    rows = []
    for name, by_profile in outcome.nothing.items():
        hours = next(iter(by_profile.values())).hours
        rows.append([name, f"{hours:.2f}", *(_false(by_profile.get(profile)) for profile in PROFILES)])
    return tables.table(["recording", "hours", *PROFILES], rows)


def _peers_nothing(outcome: Outcome) -> str:
    names = [name for name in outcome.nothing if name != "simulated rest"]
    rows = []
    for peer, results in outcome.peers.items():
        for which in ("default", "tuned"):
            found: dict[str, Result] = getattr(results, which)
            if found:
                rows.append([peer, which, *(_false(found.get(name)) for name in names)])
    return tables.table(["detector", "setting", *names], rows)


def _false(result: Result | None) -> str:
    if result is None or result.score is None:
        return tables.summary(result)
    return f"{tables.rate(result.score.false_per_hour)} ({result.score.false})"


def _cued(outcome: Outcome) -> str:
    if not outcome.cued:
        return "Not at hand in this run.\n"
    text = (
        "A cue is found when an event on any channel overlaps its 4 s or the 2 s after\n"
        "(armband: the prompt and 1 s after).\n"
        "Events outside all cues are counted, not judged: people also move unasked.\n\n"
    )
    rows = [
        [c.name, str(c.n_cues), str(c.found), str(c.outside), f"{60 * c.hours:.1f}"] for c in outcome.cued
    ]
    return text + tables.table(["recording", "cues", "found", "events outside", "minutes"], rows)


def _speed(outcome: Outcome) -> str:
    suite = next(iter(outcome.suites))
    rows = [_speed_row("emgdetect", outcome.excerpts.get(suite.name), PEER_S, "")]
    for detector in PEER_DETECTORS:
        results = outcome.peers.get(detector.name)
        if results is not None:
            found = results.default.get(suite.name)
            rows.append(_speed_row(detector.name, found, detector.seconds, detector.remark))
    head = ["detector", "given (s)", "CPU s per hour of signal", "peak MB", "remark"]
    return f"On the suite {suite.name}, default settings, one channel, one thread.\n\n" + tables.table(
        head, rows
    )


def _speed_row(name: str, result: Result | None, seconds: float | None, remark: str) -> list[str]:
    given = "whole" if seconds is None else f"{seconds:.0f}"
    if result is None or result.score is None:
        return [name, given, tables.summary(result), tables.NONE, remark]
    return [name, given, f"{result.cpu / result.hours:.1f}", f"{result.megabytes:.0f}", remark]


def _chosen(outcome: Outcome) -> str:
    rows = []
    for peer, results in outcome.peers.items():
        for family, settings in results.chosen.items():
            if settings is not None:
                rows.append([peer, family, f"`{_plain(settings)}`"])
    return tables.table(["detector", "family", "setting"], rows)


def _plain(settings: Mapping[str, object]) -> str:
    shown = {key: value for key, value in settings.items() if key not in ("tuned", "method", "wants_rest")}
    return ", ".join(f"{key}={value}" for key, value in shown.items()) or "tuned"
