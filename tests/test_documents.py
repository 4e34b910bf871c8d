"""What documents say of the tree is true: links lead somewhere, paths exist, every decision is listed."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted(DOCS.rglob("*.md"))]
DECISIONS = sorted((DOCS / "adr").glob("[0-9]*.md"))

_FENCED = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
_INLINE_CODE = re.compile(r"`[^`\n]*`")
_LINK = re.compile(r"\]\(([^)\s]+)[^)]*\)")
_PATH = re.compile(r"`((?:lms|templates|scripts|docs|static|tests|migrations)/[^`\s]*)`")
_OUR_MACHINES = ("../" + "shared", "/" + "work/")


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


def test_the_architecture_names_paths_at_all():
    assert len(_paths(DOCS / "architecture.md")) > 20


def test_every_room_is_in_the_architecture():
    text = (DOCS / "architecture.md").read_text(encoding="utf-8")
    rooms = [path.parent.name for path in sorted((ROOT / "lms").glob("*/__init__.py"))]
    assert [room for room in rooms if f"`lms/{room}`" not in text] == []


def test_every_decision_is_listed_once():
    listed = re.findall(r"\]\((\d{4}-[^)]+\.md)\)", (DOCS / "adr" / "README.md").read_text(encoding="utf-8"))
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
