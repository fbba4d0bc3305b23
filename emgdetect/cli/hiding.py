"""What ``--anonymise`` means, and how it is laid over what was found."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from emgdetect.errors import UsageError
from emgdetect.privacy import Disguise, kept_days, random_days

if TYPE_CHECKING:
    from pathlib import Path

    from emgdetect.cli.searching import Found


def disguise(
    wanted: bool, *, shift_days: int | None = None, shift_file: Path | None = None, keep_notes: bool = False
) -> Disguise | None:
    """Put together what was asked for; ``None`` for nothing. A ``shift_file`` that is not there is made.

    Raises
    ------
    UsageError
        For an option that goes with ``--anonymise`` only, two numbers of days, or a file without any.
    OutputError
        If the file can be neither read nor made.
    """
    given = {
        "--shift-days": shift_days is not None,
        "--shift-file": shift_file is not None,
        "--keep-notes": keep_notes,
    }
    if not wanted:
        alone = next((name for name, is_given in given.items() if is_given), None)
        if alone is not None:
            raise UsageError(f"{alone} goes with --anonymise", hint="add --anonymise")
        return None
    if given["--shift-days"] and given["--shift-file"]:
        raise UsageError("--shift-days and --shift-file both say how far dates move", hint="leave one out")
    days = random_days() if shift_days is None else shift_days
    if shift_file is not None:
        days = kept_days(shift_file)
    return Disguise(days, keep_notes=keep_notes, word_for=word_for)


def word_for(text: str) -> str:
    """Return what a mark is about in a word of a fixed list: ``Sleep stage N2``, ``limb movement``, or ""."""
    from emgdetect.context.kinds import group_of
    from emgdetect.context.stages import stage_of

    bare = text.partition("@@")[0].strip()
    stage = stage_of(bare)
    if stage is not None:
        return f"Sleep stage {stage}"
    group, kind = group_of(bare)
    # What is in no group is called what the file calls it.
    return "" if group == "other" else kind


def hidden(found: Found, how: Disguise) -> Found:
    """Return what was found without names, devices, files and dates."""
    return replace(
        found,
        recording=how.recording(found.recording),
        searched=tuple(
            replace(one, stream=how.stream(one.stream), detection=how.detection(one.detection))
            for one in found.searched
        ),
    )
