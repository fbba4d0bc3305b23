"""Comments by people, kept beside the page: each holds for one event, as long as its cause stays the same."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from accuracy.gallery.exhibits import Exhibit

HEAD = """\
# What was seen in each picture of index.html. A comment is shown only beside the event of its key
# (suite/seed/channel/sample), in its group and with its cause: another event never gets it.
"""


@dataclass(frozen=True, slots=True)
class Comments:
    """Texts by group, key and cause."""

    texts: dict[tuple[str, str, str], str]

    def of(self, exhibit: Exhibit) -> str:
        """Return the comment on an exhibit; empty where there is none."""
        return self.texts.get((exhibit.group, exhibit.key, exhibit.cause), "")


def read_comments(path: Path) -> Comments:
    """Read comments; there are none where there is no file."""
    if not path.exists():
        return Comments({})
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    return Comments({(c["group"], c["key"], c["cause"]): c["text"] for c in table.get("comment", [])})


def written(exhibits: Iterable[Exhibit], comments: Comments) -> str:
    """Return the file anew: an entry for every exhibit, with its comment or with none yet."""
    entries = []
    for exhibit in exhibits:
        fields = {
            "group": exhibit.group,
            "key": exhibit.key,
            "cause": exhibit.cause,
            "text": comments.of(exhibit),
        }
        entries.append(
            "[[comment]]\n" + "".join(f"{name} = {_quoted(text)}\n" for name, text in fields.items())
        )
    return HEAD + "".join(f"\n{entry}" for entry in entries)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
