"""Holds the code to docs/architecture.md and to the house rules that a linter does not know."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
TEXT = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
HEAVY = {
    "bleak", "ezc3d", "h5py", "jinja2", "matplotlib", "mne", "pandas", "polars", "pylsl", "pyxdf", "scipy",
    "serial", "typst", "wfdb",
}  # fmt: skip
MODULES = sorted((ROOT / "emgdetect").rglob("*.py"))
WIRE_MODULES = sorted((ROOT / "firmware_interface").rglob("*.py"))
SENSOR_ROOMS = {"acquisition", "recorder", "alarms", "checking", "api", "cli"}
LONGEST_MODULE = 350
LONGEST_FUNCTION = 60


class Import(NamedTuple):
    """One imported module, the line it stands in, and whether importing the file brings it in."""

    name: str
    line: int
    eager: bool


def dotted(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def is_for_annotations(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"


def imports(path: Path) -> Iterator[Import]:
    yield from imports_below(ast.parse(path.read_text(encoding="utf-8")), eager=True)


def imports_below(node: ast.AST, *, eager: bool) -> Iterator[Import]:
    for child in ast.iter_child_nodes(node):
        lazy = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef) or is_for_annotations(child)
        if isinstance(child, ast.Import):
            yield from (Import(alias.name, child.lineno, eager) for alias in child.names)
        elif isinstance(child, ast.ImportFrom):
            assert child.level == 0, f"relative import in line {child.lineno}"
            yield from imported_from(child, eager=eager)
        else:
            yield from imports_below(child, eager=eager and not lazy)


def imported_from(node: ast.ImportFrom, *, eager: bool) -> Iterator[Import]:
    module = node.module or ""
    for alias in node.names:
        longer = ROOT.joinpath(*module.split("."), alias.name)
        is_module = longer.is_dir() or longer.with_suffix(".py").exists()
        yield Import(f"{module}.{alias.name}" if is_module else module, node.lineno, eager)


def floors() -> dict[str, int]:
    """Read the floor of each room from the table."""
    rows = re.findall(r"^\| (\d) \| (.+) \|$", TEXT, flags=re.MULTILINE)
    return {room: int(floor) for floor, rooms in rows for room in re.findall(r"`(\w+)`", rooms)}


def exceptions() -> dict[str, set[str]]:
    """Read which modules may import which heavy libraries at their top."""
    rows = re.findall(r"^\| `(emgdetect[\w.]*)` \| (.+) \|$", TEXT, flags=re.MULTILINE)
    return {module: set(re.findall(r"`(\w+)`", libraries)) for module, libraries in rows}


def room(module: str) -> str:
    """Give the part below ``emgdetect`` that a module belongs to; empty for the package itself."""
    return [*module.split("."), ""][1]


def names(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_the_table_is_there_and_in_order() -> None:
    table = floors()
    assert table["types"] < table["recording"] < table["formats"] < table["pipeline"] < table["cli"]


@pytest.mark.parametrize("path", MODULES, ids=names)
def test_imports_run_downwards_and_siblings_do_not_know_each_other(path: Path) -> None:
    table = floors()
    home = room(dotted(path))
    assert not home or home in table, f"{home} has no floor in docs/architecture.md"
    for found in imports(path):
        target = room(found.name)
        if found.name.split(".")[0] == "firmware_interface":
            assert home in SENSOR_ROOMS, f"line {found.line}: only what acquires may know sensors"
        elif found.name.split(".")[0] != "emgdetect" or target == home or not home:
            continue
        else:
            assert target, f"line {found.line}: parts import parts, not the package"
            assert table[target] < table[home], f"line {found.line}: {home} imports {target}"


@pytest.mark.parametrize("path", WIRE_MODULES, ids=names)
def test_the_wire_side_knows_types_and_errors_only(path: Path) -> None:
    known = {"emgdetect.types", "emgdetect.errors"}
    for found in imports(path):
        if found.name.split(".")[0] == "emgdetect":
            assert found.name in known, f"line {found.line}: {found.name}"


@pytest.mark.parametrize("path", MODULES + WIRE_MODULES, ids=names)
def test_heavy_libraries_are_imported_where_they_are_needed(path: Path) -> None:
    allowed = exceptions().get(dotted(path), set())
    for found in imports(path):
        library = found.name.split(".")[0]
        assert not found.eager or library not in HEAVY - allowed, f"line {found.line}: {library} at the top"


def test_every_exception_is_used() -> None:
    by_name = {dotted(path): path for path in MODULES}
    for module, libraries in exceptions().items():
        eager = {found.name.split(".")[0] for found in imports(by_name[module]) if found.eager}
        assert libraries, f"{module} has no libraries in the table"
        assert libraries <= eager, f"{module} needs no exception"


@pytest.mark.parametrize("start", ["import emgdetect", "from emgdetect.cli import main; main(['--help'])"])
def test_starting_loads_nothing_heavy(start: str) -> None:
    code = (
        f"import sys\ntry:\n    {start}\nexcept SystemExit:\n    pass\n"
        f"print('LOADED', sorted({HEAVY!r} & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stderr.splitlines()[-1] == "LOADED []"


@pytest.mark.parametrize("path", MODULES + WIRE_MODULES, ids=names)
def test_modules_and_functions_stay_small(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= LONGEST_MODULE
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert code_lines(node) <= LONGEST_FUNCTION, f"{node.name}, line {node.lineno}"


def code_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Count a function's lines without its docstring."""
    total = (node.end_lineno or node.lineno) - node.lineno + 1
    return total - (ast.get_docstring(node, clean=False) or "").count("\n")
