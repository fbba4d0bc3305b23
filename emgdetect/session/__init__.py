"""The session file: one recording and all that belongs to it, in one SQLite file (``.emgdb``).

::

    with SessionWriter.create("night.emgdb") as session:
        stream_id = session.add_stream(info)
        session.append(stream_id, chunk)            # committed at least every second
        save_detection(session, stream_id, detection)

    with SessionReader("night.emgdb") as session:   # also while it is being written
        stream = session.streams()[0]
        detection = session.detection(session.runs()[-1].id)

The tables are described for other tools in ``docs/session-file.md``.
"""

from emgdetect.session.disguising import write_disguised
from emgdetect.session.importing import import_recording
from emgdetect.session.policy import CommitPolicy
from emgdetect.session.reader import SessionReader
from emgdetect.session.records import Anchor, Note, Run, RunInfo
from emgdetect.session.saving import save_detection
from emgdetect.session.writer import SessionWriter

__all__ = [
    "Anchor",
    "CommitPolicy",
    "Note",
    "Run",
    "RunInfo",
    "SessionReader",
    "SessionWriter",
    "import_recording",
    "save_detection",
    "write_disguised",
]
