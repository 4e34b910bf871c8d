"""English is a complete second language: no text of the interface lacks it, and none loses its parts."""

import re
import subprocess
import sys
import unicodedata
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent
ENGLISH = ROOT / "lms" / "translations" / "en" / "LC_MESSAGES" / "messages.po"
PARTS = re.compile(r"%\(\w+\)|\{\w+\}|</?\w+")


def test_every_text_is_in_english():
    missing = [entry.msgid for entry in polib.pofile(ENGLISH) if not entry.msgstr or entry.fuzzy]
    assert missing == []


def test_no_text_lacks_in_the_catalogue(tmp_path):
    template = tmp_path / "messages.pot"
    command = [
        sys.executable,
        "-m",
        "babel.messages.frontend",
        "--quiet",
        "extract",
        "--mapping-file",
        "scripts/babel.cfg",
        "--output-file",
        template,
    ]
    keywords = ["--keyword", "N_", "--keyword", "translate", "--keyword", "lazy_gettext"]
    subprocess.run([*command, *keywords, "lms", "templates"], cwd=ROOT, check=True, capture_output=True)
    collected = {entry.msgid for entry in polib.pofile(template)}
    assert collected == {entry.msgid for entry in polib.pofile(ENGLISH)}, "Run scripts/messages"


def test_translations_keep_placeholders_and_tags():
    broken = [
        entry.msgid
        for entry in polib.pofile(ENGLISH)
        if sorted(PARTS.findall(entry.msgid)) != sorted(PARTS.findall(entry.msgstr))
    ]
    assert broken == []


def test_texts_are_composed():
    for entry in polib.pofile(ENGLISH):
        assert unicodedata.is_normalized("NFC", entry.msgid + entry.msgstr), entry.msgid
