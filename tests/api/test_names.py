from __future__ import annotations

import ast
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

import emgdetect

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("name", emgdetect.__all__)
def test_every_public_name_is_there(name: str) -> None:
    assert getattr(emgdetect, name) is not None
    assert name in dir(emgdetect)


def test_names_come_from_where_the_table_says() -> None:
    tabled = {name for names in emgdetect._HOMES.values() for name in names}
    assert tabled | {"__version__"} == set(emgdetect.__all__)
    assert emgdetect.__all__ == sorted(emgdetect.__all__)
    for home, names in emgdetect._HOMES.items():
        for name in names:
            assert getattr(import_module(home), name) is getattr(emgdetect, name)


def test_what_type_checkers_see_is_what_there_is() -> None:
    tree = ast.parse((ROOT / "emgdetect" / "__init__.py").read_text(encoding="utf-8"))
    (guarded,) = [node for node in tree.body if isinstance(node, ast.If)]
    seen = {
        (node.module, alias.name)
        for node in guarded.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert seen == {(home, name) for home, names in emgdetect._HOMES.items() for name in names}


def test_another_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="spectrogram"):
        _ = emgdetect.spectrogram


def test_importing_loads_next_to_nothing() -> None:
    code = "import sys, emgdetect; print(sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = ast.literal_eval(done.stdout)
    heavy = {"numpy", "scipy", "pydantic", "matplotlib", "pandas", "h5py", "typer", "rich", "edfio"}
    assert not heavy & {name.split(".")[0] for name in loaded}
    assert [name for name in loaded if name.startswith("emgdetect")] == ["emgdetect", "emgdetect._version"]
