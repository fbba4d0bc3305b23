"""Draw hits, misses and false alarms by lot, with thresholds, into docs/accuracy/gallery/index.html.

    python3 scripts/gallery.py                  # three minutes
    python3 scripts/gallery.py --png FOLDER     # each picture also as a PNG, to look at
    python3 scripts/gallery.py --list           # print every miss and false alarm with its cause

Comments are kept in docs/accuracy/gallery/comments.toml: the script writes an entry for every picture, and
what is written into its ``text`` is shown beside that picture, and beside no other, from the next run on.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from _environment import enter


def main() -> None:
    """Make the page."""
    enter("report")
    from accuracy.gallery.making import make, told

    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--png", type=Path, help="folder for pictures to look at")
    parser.add_argument("--list", action="store_true", help="print misses and false alarms, draw nothing")
    options = parser.parse_args()
    if options.list:
        print("\n".join(told()))
    else:
        make(options.png)


if __name__ == "__main__":
    main()
