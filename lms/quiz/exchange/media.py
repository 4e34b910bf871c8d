"""Names of pictures in `media/`, whatever they were called where they come from."""

import posixpath
import re
from urllib.parse import unquote

PICTURE_SUFFIXES = (".svg", ".png", ".jpg", ".jpeg", ".webp")
_NAME = re.compile(r"[A-Za-z0-9]+(?:[._-][A-Za-z0-9]+)*")


def media_name(href: str, number: int = 1) -> str:
    """The name of the picture at this address; others of the same name have further numbers.

    >>> media_name("@@PLUGINFILE@@/o%20khoa.svg"), media_name("a/b_1.PNG", 2)
    ('media/o-khoa.svg', 'media/b_1-2.png')
    """
    base = posixpath.basename(unquote(href.partition("?")[0]))
    stem, suffix = posixpath.splitext(base)
    if not _NAME.fullmatch(stem):
        stem = re.sub(r"[^A-Za-z0-9]+", "-", stem).strip("-") or "hinh"
    suffix = re.sub(r"[^a-z0-9.]", "", suffix.lower())
    return f"media/{stem}{f'-{number}' if number > 1 else ''}{suffix}"
