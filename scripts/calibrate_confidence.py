"""Fit the confidence model on simulated recordings, and check it on others.

Prints the weights of both models to copy into ``emgdetect/detection/confidence.py`` and writes the
reliability on held-out seeds to ``docs/accuracy/confidence.md``; ``--check`` only does the latter. Takes
about ten minutes.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from _environment import ROOT, enter

if TYPE_CHECKING:
    from emgdetect.detection.confidence import Findings
    from emgdetect.sources.simulate import Simulation
    from emgdetect.types import Event, FloatArray

PAGE = ROOT / "docs" / "accuracy" / "confidence.md"
RECORDINGS = (
    ("clean", 1800, 1000),
    ("snr15", 1800, 1000),
    ("snr10", 1800, 1000),
    ("snr6", 1800, 1000),
    ("snr3", 1800, 1000),
    ("artefacts", 3600, 1000),
    ("plm-night", 7200, 250),
    ("plm-night", 7200, 1000),
    ("twitch-night", 7200, 1000),
    ("twitch-night", 7200, 2000),
    ("tonic-night", 7200, 250),
    ("tonic-night", 7200, 1000),
    ("tonic-rest", 14400, 1000),
    ("spasm-day", 7200, 500),
    ("spasm-day", 7200, 1000),
    ("arduino-10bit", 3600, 1000),
    ("busy", 300, 200),
    ("busy", 300, 500),
    ("busy", 300, 1000),
    ("busy", 300, 2000),
    ("noise-artefacts", 14400, 1000),
    ("night", 7200, 200),
    ("night", 7200, 1000),
)
FIT_SEEDS = (21, 22, 23, 24)
CHECK_SEEDS = (31, 32, 33)
BINS = (0.0, 0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 1.0)
RIDGE = 1.0
MIN_IOU = 0.2
RISES = {1, 2, 3, 5, 11, 12, 13, 15, 21, 22, 23, 25}
"""Places of the margin's four pieces for brief, middling and long events."""


Row = tuple["FloatArray", "FloatArray", float]
"""What the two models weigh of an event, and its truth."""


@dataclass(frozen=True, slots=True)
class Table:
    """Of many events: what the two models weigh, shapes (n, 35) and (n, 7), and truth (n,)."""

    measures: FloatArray
    company: FloatArray
    truth: FloatArray


def gather(seeds: tuple[int, ...], weights: FloatArray | None = None) -> Table:
    """Detect in every recording and ask the truth about every event.

    ``weights`` are those of the first model, if not those in the code: company is counted by them.
    """
    import numpy as np
    from accuracy.pool import processes

    jobs = [(*recording, seed, weights) for recording in RECORDINGS for seed in seeds]
    rows: list[Row] = []
    with processes() as pool:
        for done in pool.map(judged, jobs):
            rows += done
    print(f"  {len(rows)} events", flush=True)
    measures, company, truth = zip(*rows, strict=True)
    return Table(np.stack(measures), np.stack(company), np.array(truth))


def judged(job: tuple[str, float, float, int, FloatArray | None]) -> list[Row]:
    """Detect in one recording, given by scenario, seconds, rate and seed; return a row for each event."""
    from emgdetect import load_profile
    from emgdetect.detection import confidence
    from emgdetect.pipeline import detect_stream
    from emgdetect.sources.simulate import simulate

    name, duration, rate, seed, weights = job
    seen: list[tuple[FloatArray, FloatArray]] = []

    def numbered(found: Findings, company: float) -> float:
        # The event carries the number of its measures where its confidence would be.
        found = confidence.likeliest(found, company)
        glance = confidence.first_glance(found)
        seen.append((confidence.measures(found), confidence.with_company(found, glance, company)))
        return float(len(seen) - 1)

    generic = load_profile("generic")
    threshold = generic.threshold.model_copy(update={"least_confidence": 0.0})
    profile = generic.model_copy(update={"threshold": threshold})
    # This process does nothing else.
    confidence.confidence_of = numbered
    if weights is not None:
        confidence.WEIGHTS = weights
    simulation = simulate(name, seed=seed, duration=duration, sampling_rate=rate)
    events = detect_stream(simulation.stream(), profile).events
    counted = [event for event in events if event.kind != "artefact"]
    return [(*seen[int(event.confidence)], is_true(event, simulation)) for event in counted]


def is_true(event: Event, simulation: Simulation) -> float:
    """Tell whether an event overlaps a true one enough, or lies in a clonus."""
    start, stop = event.onset, event.onset + event.duration
    for true in simulation.events:
        end = true.onset + true.duration
        common = min(stop, end) - max(start, true.onset)
        if true.channel != event.channel or common <= 0:
            continue
        union = max(stop, end) - min(start, true.onset)
        if common / union >= MIN_IOU or (true.trial_type == "clonus" and common > event.duration / 2):
            return 1.0
    return 0.0


def fit(measures: FloatArray, truth: FloatArray, positive: set[int]) -> FloatArray:
    """Fit a logistic model, with a little ridge on all weights but the first.

    The weights of the margin, and that of the first model in the second, may not be negative: an event
    further above its threshold is no less likely.
    """
    import numpy as np
    from scipy.optimize import minimize

    def loss(weights: FloatArray) -> float:
        scores = measures @ weights
        likelihood = np.logaddexp(0, scores) - truth * scores
        return float(likelihood.sum() + RIDGE * (weights[1:] ** 2).sum())

    bounds = [(0.0 if place in positive else None, None) for place in range(measures.shape[1])]
    return np.asarray(minimize(loss, np.zeros(len(bounds)), method="L-BFGS-B", bounds=bounds).x)


def reliability(table: Table, weights: FloatArray) -> list[str]:
    """Give the rows of the reliability table."""
    import numpy as np

    said = 1 / (1 + np.exp(-(table.company @ weights)))
    rows = []
    for low, high in pairwise(BINS):
        inside = (said >= low) & ((said < high) | (high == 1.0))
        if inside.any():
            mean, true = said[inside].mean(), table.truth[inside].mean()
            rows.append(f"| {low:g} to {high:g} | {inside.sum()} | {mean:.3f} | {true:.3f} |")
    return rows


def main() -> None:
    """Fit, print, check, write."""
    enter("report")
    if "--check" not in sys.argv[1:]:
        fit_both()
    check()


def fit_both() -> None:
    """Fit both models and print their weights."""
    print("fitting")
    table = gather(FIT_SEEDS)
    weights = fit(table.measures, table.truth, RISES)
    print("WEIGHTS:", ", ".join(f"{weight:.3f}" for weight in weights), flush=True)
    table = gather(FIT_SEEDS, weights)
    company = fit(table.company, table.truth, {0})
    print("COMPANY_WEIGHTS:", ", ".join(f"{weight:.3f}" for weight in company), flush=True)


def check() -> None:
    """Write how reliable the weights in the code are."""
    from emgdetect.config import Threshold
    from emgdetect.detection.confidence import COMPANY_WEIGHTS

    print("checking the weights that stand in the code on other seeds")
    held_out = gather(CHECK_SEEDS)
    rows = reliability(held_out, COMPANY_WEIGHTS)
    lines = [
        "# What confidence means",
        "",
        "Of the events said to be so likely, how many are true: simulated recordings of every kind",
        f"(seeds {', '.join(map(str, CHECK_SEEDS))}), none of which was used for the fit",
        f"(seeds {', '.join(map(str, FIT_SEEDS))}). An event is true when it overlaps a true one by an IoU",
        "of at least 0.2, or lies in a clonus. Profiles leave out what is less likely than",
        f"{Threshold().least_confidence:g}.",
        "",
        "| confidence | events | mean confidence | true |",
        "|---|---|---|---|",
        *rows,
        "",
        "Made by `python3 scripts/calibrate_confidence.py`. Another mix of artefacts shifts it.",
        "",
    ]
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text("\n".join(lines), encoding="utf-8")
    print("\n".join(rows))


if __name__ == "__main__":
    main()
