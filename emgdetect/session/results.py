"""Runs of a profile and what they found, in the tables ``run``, ``event`` and ``quality``."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any, get_args

import numpy as np

from emgdetect.errors import SessionError
from emgdetect.session.checks import blob, integer, moment, number, number_or_nan, parsed, text
from emgdetect.session.database import DamagedError
from emgdetect.session.inserts import (
    EVENT_COLUMNS,
    EVENT_FIELDS,
    EVENT_NUMBERS,
    as_json,
    insert_events,
    insert_quality,
    insert_run,
    quality_row,
)
from emgdetect.session.records import Run, RunInfo
from emgdetect.session.streams import clipped, info_as_json, info_from_json, load_gaps, load_info, stored_stop
from emgdetect.types import INVALID_REASONS, Detection, Event, Gap, Kind, Quality, Refusal, Status

if TYPE_CHECKING:
    from emgdetect.session.database import Database

_RUN_COLUMNS = (
    "id, stream_id, created, profile, version, config_hash, settings, refused, notices, source, n_samples"
)


def insert_detection(database: Database, stream_id: int, detection: Detection) -> int:
    """Store a whole result and return the number of its run."""
    head = RunInfo(**{field.name: getattr(detection, field.name) for field in fields(RunInfo)})
    connection = database.connection
    run_id = insert_run(connection, stream_id, head)
    # What the stream says already is not said again: its description and gaps are stored where they differ.
    info = None if detection.info == load_info(database, stream_id) else as_json(info_as_json(detection.info))
    same_gaps = detection.gaps == _stream_gaps(database, stream_id, detection.n_samples)
    gaps = None if same_gaps else as_json([[gap.start, gap.n_samples, gap.cause] for gap in detection.gaps])
    connection.execute(
        "UPDATE run SET n_samples = ?, info = ?, gaps = ? WHERE id = ?",
        (detection.n_samples, info, gaps, run_id),
    )
    insert_events(connection, run_id, detection.events)
    for part in detection.quality:
        insert_quality(connection, quality_row(run_id, part))
    return run_id


def load_runs(database: Database) -> tuple[Run, ...]:
    """Return all runs, oldest first."""
    return tuple(_run(row) for row in database.rows(f"SELECT {_RUN_COLUMNS} FROM run ORDER BY id"))  # noqa: S608 - our own names


def load_detection(database: Database, run_id: int, *, events: bool = True) -> Detection:
    """Return the result of a run: its final events, if wanted, and the quality as far as it is known."""
    rows = database.rows(f"SELECT {_RUN_COLUMNS}, info, gaps FROM run WHERE id = ?", run_id)  # noqa: S608 - our own names
    if not rows:
        raise SessionError(f"there is no run {run_id}", where=database.path)
    run = _run(rows[0][:-2])
    info, gaps = rows[0][-2:]
    n_samples = stored_stop(database, run.stream_id) if run.n_samples is None else run.n_samples
    head = {field.name: getattr(run.info, field.name) for field in fields(RunInfo)}
    return Detection(
        info=load_info(database, run.stream_id) if info is None else info_from_json(info),
        n_samples=n_samples,
        gaps=_stream_gaps(database, run.stream_id, n_samples) if gaps is None else _gaps(gaps),
        events=load_events(database, run_id, "final") if events else (),
        quality=_load_quality(database, run_id),
        **head,
    )


def load_events(database: Database, run_id: int, status: Status | None = None) -> tuple[Event, ...]:
    """Return the events of a run in order of their onset, all or those of one status."""
    rows = database.rows(
        f"""SELECT {EVENT_COLUMNS} FROM event WHERE run_id = ?1 AND (?2 IS NULL OR status = ?2)
            ORDER BY sample, channel, n_samples, id""",  # noqa: S608 - our own names
        run_id,
        status,
    )
    return tuple(_event(dict(zip(EVENT_FIELDS, row, strict=True))) for row in rows)


def load_onsets(database: Database, run_id: int) -> tuple[tuple[str, str, float], ...]:
    """Return channel, kind and onset in s of the final events of a run, by onset."""
    rows = database.rows(
        "SELECT channel, kind, onset FROM event WHERE run_id = ? AND status = 'final' ORDER BY onset", run_id
    )
    known = frozenset(get_args(Kind))
    for channel, kind, onset in rows:
        if not isinstance(channel, str) or kind not in known or not isinstance(onset, float):
            raise DamagedError(f"an event of kind {kind!r:.40} lies at {onset!r:.40} in {channel!r:.40}")
    return tuple(rows)


def _event(values: dict[str, Any]) -> Event:
    if values["kind"] not in get_args(Kind) or values["status"] not in get_args(Status):
        raise DamagedError(f"an event is of kind {values['kind']!r:.40} and status {values['status']!r:.40}")
    values |= {name: number_or_nan(values[name], name) for name in EVENT_NUMBERS}
    values |= {name: number(values[name], name) for name in ("onset", "duration")}
    values |= {name: integer(values[name], name) for name in ("sample", "n_samples")}
    values |= {name: text(values[name], name) for name in ("channel", "rule")}
    return Event(**values | {"flags": _strings(values["flags"], "flags of an event")})


def _run(row: tuple[Any, ...]) -> Run:
    (
        number_,
        stream_id,
        created,
        profile,
        version,
        config_hash,
        settings,
        refused,
        notices,
        source,
        n_samples,
    ) = row
    return Run(
        id=integer(number_, "number of a run"),
        stream_id=integer(stream_id, "stream of a run"),
        created=moment(created, "time of a run"),
        info=RunInfo(
            profile=text(profile, "profile"),
            version=text(version, "version"),
            config_hash=text(config_hash, "configuration hash"),
            settings=parsed(settings, "settings", dict),
            refused=tuple(_refusal(item) for item in parsed(refused, "refusals", list)),
            notices=_strings(notices, "notices"),
            source=text(source, "source of a run"),
        ),
        n_samples=None if n_samples is None else integer(n_samples, "length of a run"),
    )


def _refusal(item: Any) -> Refusal:  # noqa: ANN401 - out of JSON
    if not isinstance(item, dict) or item.get("kind") not in get_args(Kind):
        raise DamagedError("a refusal is of no known kind")
    channel, reason = text(item.get("channel"), "channel"), text(item.get("reason"), "reason")
    return Refusal(kind=item["kind"], channel=channel, reason=reason)


def _strings(value: object, what: str) -> tuple[str, ...]:
    return tuple(text(item, what) for item in parsed(value, what, list))


def _gaps(value: object) -> tuple[Gap, ...]:
    items = parsed(value, "gaps of a run", list)
    if not all(isinstance(item, list) and len(item) == 3 for item in items):  # noqa: PLR2004 - start, length, cause
        raise DamagedError("the gaps of a run are not start, length and cause")
    return tuple(
        Gap(integer(start, "start of a gap"), integer(length, "length of a gap"), text(cause, "cause"))
        for start, length, cause in items
    )


def _stream_gaps(database: Database, stream_id: int, n_samples: int) -> tuple[Gap, ...]:
    return clipped(load_gaps(database, stream_id, stored_stop(database, stream_id)), n_samples)


def _load_quality(database: Database, run_id: int) -> tuple[Quality, ...]:
    parts: dict[str, list[tuple[int, bytes, bytes]]] = {}
    for name, start, floor, reason in database.rows(
        "SELECT channel, start, floor, reason FROM quality WHERE run_id = ? ORDER BY id", run_id
    ):
        entry = (integer(start, "start of quality"), blob(floor, "noise floor"), blob(reason, "quality"))
        parts.setdefault(text(name, "channel of quality"), []).append(entry)
    return tuple(_whole_quality(name, rows) for name, rows in parts.items())


def _whole_quality(channel: str, rows: list[tuple[int, bytes, bytes]]) -> Quality:
    rows.sort(key=lambda row: row[0])
    position = rows[0][0]
    for start, floor, reason in rows:
        if start != position or len(floor) != 4 * len(reason):
            raise DamagedError(f"the quality of {channel} does not follow second by second")
        position += len(reason)
    reasons = np.frombuffer(b"".join(row[2] for row in rows), dtype=np.uint8).copy()
    if reasons.size and int(reasons.max()) >= len(INVALID_REASONS):
        raise DamagedError(f"the quality of {channel} has an unknown reason")
    floors = np.frombuffer(b"".join(row[1] for row in rows), dtype="<f4").astype(np.float32)
    return Quality(channel=channel, start=rows[0][0], floor=floors, reason=reasons)
