"""The README shows what its commands really print."""

from __future__ import annotations

import importlib.util
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

ROOT = Path(__file__).resolve().parents[2]


def test_every_console_block_is_what_comes_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    spec = importlib.util.spec_from_file_location("make_readme", ROOT / "scripts" / "make_readme.py")
    assert spec is not None
    assert spec.loader is not None
    make_readme = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "make_readme", make_readme)
    spec.loader.exec_module(make_readme)
    shutil.copytree(ROOT / "recordings", tmp_path / "recordings")
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    blocks = make_readme.BLOCK.findall(text)
    assert len(blocks) > 1
    for block in blocks:
        assert make_readme.refreshed(block, tmp_path) == block
