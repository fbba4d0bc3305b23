"""Recordings on disk: one file per format, recognised by content.

Each format module has ``sniff(head) -> bool`` and ``read(path, options) -> Recording``; the order in which
they are asked is that of ``emgdetect.registry.FORMATS``. :func:`emgdetect.formats.opening.open_recording`
is the way in. Shared parts: ``spool`` (samples parked outside memory) and ``segments`` (stream index to
stored position where a file leaves lost samples out).
"""
