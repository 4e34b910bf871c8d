"""What documents say is true of the tree, and what the tree has is in the documents."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from flask import Flask

from lms import __version__
from lms.foundation.db import Base
from tests.architecture.code import ROOT
from tests.test_config import named_in_the_example

DOCS = ROOT / "docs"
DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted(DOCS.rglob("*.md"))]
DECISIONS = sorted((DOCS / "adr").glob("[0-9]*.md"))

_FENCED = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
_INLINE_CODE = re.compile(r"`[^`\n]*`")
_LINK = re.compile(r"\]\(([^)\s]+)[^)]*\)")
_PATH = re.compile(r"`((?:lms|templates|scripts|docs|static|tests|migrations)/[^`\s]*)`")
_OUR_MACHINES = ("../" + "shared", "/" + "work/")


FLASKS_OWN = {"db", "routes", "run", "shell"}


def _read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _links(document: Path) -> list[str]:
    """Relative links, without their anchors; examples in code are none."""
    text = _INLINE_CODE.sub("", _FENCED.sub("", document.read_text(encoding="utf-8")))
    targets = (target.partition("#")[0] for target in _LINK.findall(text))
    return [target for target in targets if target and not re.match(r"[a-z]+:|/", target)]


def _paths(document: Path) -> list[str]:
    """Paths named in code; `lms/web/<room>.py` names a kind of file, not one."""
    found = _PATH.findall(document.read_text(encoding="utf-8"))
    return [path for path in found if "<" not in path and "…" not in path]


@pytest.mark.parametrize("document", DOCUMENTS, ids=_name)
def test_every_link_leads_to_a_file(document):
    lost = [target for target in _links(document) if not (document.parent / target).exists()]
    assert not lost


@pytest.mark.parametrize("document", [DOCS / "architecture.md", *DECISIONS], ids=_name)
def test_every_path_in_a_description_of_the_code_exists(document):
    paths = _paths(document)
    lost = [path for path in paths if not (ROOT / path).exists()]
    assert not lost


@pytest.mark.parametrize("document", [DOCS / "architecture.md", *DECISIONS], ids=_name)
def test_what_is_said_to_be_in_a_file_is_in_it(document):
    """`name` in `file.py`, or `name` (`file.py`): functions, classes, constants."""
    text = " ".join(document.read_text(encoding="utf-8").split())
    said = re.findall(r"`(\w+)(?:\([^`]*\))?` (?:in |\()`(lms/[^`]+\.py)`", text)
    lost = [
        (name, file)
        for name, file in said
        if not re.search(rf"^\s*(?:def |class |){name}\b", _read(file), re.MULTILINE)
    ]
    assert not lost


def test_the_architecture_names_paths_at_all():
    assert len(_paths(DOCS / "architecture.md")) > 20


def test_every_room_is_in_the_architecture():
    text = _read("docs/architecture.md")
    rooms = [path.parent.name for path in sorted((ROOT / "lms").glob("*/__init__.py"))]
    assert [room for room in rooms if f"`lms/{room}`" not in text] == []


def test_every_floor_is_in_the_architecture_in_its_order():
    """From the top down; neighbours that are not built yet are named nowhere but in the contract."""
    contracts = tomllib.loads(_read("pyproject.toml"))["tool"]["importlinter"]["contracts"]
    floors = [[room.strip("() ") for room in floor.split("|")] for floor in contracts[0]["layers"]]
    built = [[room for room in floor if (ROOT / "lms" / room).is_dir()] for floor in floors[1:]]
    table = [row.split("|")[2] for row in _read("docs/architecture.md").splitlines() if row.startswith("| ")]
    listed = [room for cell in table for room in re.findall(r"`lms/(\w+)`", cell)]
    assert listed[: sum(map(len, built))] == [room for floor in built for room in floor]


def test_every_decision_is_listed_once():
    listed = re.findall(r"\]\((\d{4}-[^)]+\.md)\)", _read("docs/adr/README.md"))
    assert listed == [decision.name for decision in DECISIONS]


@pytest.mark.parametrize("decision", DECISIONS, ids=_name)
def test_every_decision_has_its_parts(decision):
    text = decision.read_text(encoding="utf-8")
    assert text.startswith(f"# {decision.name[:4]} ")
    heads = re.findall(r"^(?:Status: \w+|## \w+)", text, re.MULTILINE)
    assert [head.split()[-1] for head in heads[1:]] == ["Context", "Decision", "Consequences"]
    assert heads[0].startswith("Status: ")


@pytest.mark.parametrize("document", DOCUMENTS, ids=_name)
def test_no_document_names_our_machines(document):
    text = document.read_text(encoding="utf-8")
    assert not [name for name in _OUR_MACHINES if name in text]


def test_every_dependency_has_its_reason():
    lines = (_read("requirements/run.in") + _read("requirements/scale.in")).splitlines()
    named = [match[0] for line in lines if (match := re.match(r"[a-z][\w-]*", line))]
    text = _read("docs/adr/0002-dependencies.md")
    assert [name for name in named if not re.search(rf"^\|[^|]*\b{name}\b", text, re.MULTILINE)] == []


def test_every_setting_is_told_to_the_operator():
    text = _read("docs/operations.md")
    assert [name for name in named_in_the_example() if f"`{name}`" not in text] == []


def test_every_command_is_told_to_the_operator(app: Flask):
    text = _read("docs/operations.md")
    assert [command for command in _commands(app) if f"`{command}" not in text] == []


def _commands(app: Flask) -> Iterator[str]:
    for name, command in app.cli.commands.items():
        if name in FLASKS_OWN:
            continue
        if isinstance(command, click.Group):
            yield from (f"{name} {inner}" for inner in command.commands)
        else:
            yield name


def test_every_command_that_is_told_exists(app: Flask):
    section = _read("docs/operations.md").partition("## Commands")[2].partition("\n## ")[0]
    told = re.findall(r"`([a-z]+ [a-z]+)", section)
    assert [command for command in told if command not in {*_commands(app), "db upgrade"}] == []


def test_every_table_has_its_word_in_the_glossary():
    text = _read("docs/glossary.md")
    assert [table for table in Base.metadata.tables if f"`{table}`" not in text] == []


def test_the_glossary_knows_no_table_that_is_not():
    known = re.findall(r"`(\w+)`", _read("docs/glossary.md").partition("## Tables")[2])
    assert [table for table in known if table not in Base.metadata.tables] == []


def test_the_present_version_is_in_the_changelog():
    assert tomllib.loads(_read("pyproject.toml"))["project"]["version"] == __version__
    assert re.search(rf"^## {re.escape(__version__)}\b", _read("CHANGELOG.md"), re.MULTILINE)


def test_every_document_is_listed_for_its_readers():
    listed = re.findall(r"\]\(([^)]+\.md)\)", _read("docs/README.md"))
    present = {path.relative_to(DOCS).as_posix() for path in DOCS.glob("*.md")} - {"README.md"}
    assert present | {"adr/README.md"} == {name for name in listed if not name.startswith("../")}
