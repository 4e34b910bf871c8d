"""Static files under names that carry the hash of their content, compressed once, kept by browsers for ever.

`site/site.css` is published as `/static/site/site.1f0c2a9b44d1.css`. Nothing is deleted from the cache
folder: a page that a phone kept from before an update still finds the files it names.
"""

import gzip
import os
import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path, PurePosixPath
from wsgiref.headers import Headers
from wsgiref.types import WSGIApplication

import brotli
from whitenoise import WhiteNoise

PREFIX = "/static/"
_COMPRESSIBLE = {".css", ".js", ".svg", ".txt"}
_HASHED = r"\.[0-9a-f]{12}\.\w+$"
_IMPORT = re.compile(r'@import url\("([^":]+)"\);\n')
_URL = re.compile(r'url\("([^":]+)"\)')
_SCRIPT = re.compile(r'from "\./([\w-]+\.js)"')
_COMMENT_OR_INDENT = re.compile(r"/\*.*?\*/|^\s+", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True)
class Assets:
    """The published files: where they lie and, by their name under `static/`, what they are called there."""

    folder: Path
    published: Mapping[str, str]

    def url(self, name: str) -> str:
        """The address of `site/site.css`. Raises LookupError for a file that is not there."""
        if name not in self.published:
            raise LookupError(f"no static file {name!r}")
        return PREFIX + self.published[name]


def publish(source: Path, cache: Path) -> Assets:
    """Write what is missing in `cache`; safe to do in several processes at once, cheap when nothing changed.

    Style sheets come last because they name other files, and before them scripts that import another, which
    itself imports none. Raises LookupError when one names a file not there.
    """
    folder = cache / "static"
    folder.mkdir(parents=True, exist_ok=True)
    names = sorted(path.relative_to(source).as_posix() for path in source.rglob("*") if path.is_file())
    published: dict[str, str] = {}
    for name in sorted(names, key=lambda name: (name.endswith(".css"), _imports_script(source / name))):
        content = _content(source, name, published)
        published[name] = _hashed_name(name, content)
        _write_with_variants(folder / published[name], content, cache)
    return Assets(folder, published)


def serve_static(application: WSGIApplication, assets: Assets) -> WSGIApplication:
    """The application with the published files in front of it, under any WSGI server."""
    served: WSGIApplication = WhiteNoise(
        application,
        root=str(assets.folder),
        prefix=PREFIX,
        allow_all_origins=False,
        immutable_file_test=_HASHED,
        add_headers_function=_add_headers,
    )
    return served


def _add_headers(headers: Headers, _path: str, _url: str) -> None:
    headers["X-Content-Type-Options"] = "nosniff"


def _imports_script(path: Path) -> bool:
    return path.suffix == ".js" and bool(_SCRIPT.search(path.read_text(encoding="utf-8")))


def _content(source: Path, name: str, published: Mapping[str, str]) -> bytes:
    if name.endswith(".css"):
        return _style_sheet(source, name, published)
    if name.endswith(".js"):
        return _script(source, name, published)
    return (source / name).read_bytes()


def _script(source: Path, name: str, published: Mapping[str, str]) -> bytes:
    """The script with the scripts that it imports under their hashed names."""

    def hashed(match: re.Match[str]) -> str:
        target = str(PurePosixPath(name).with_name(match[1]))
        if target not in published:
            raise LookupError(f"{name} imports {match[1]!r}, which is not there or imports others itself")
        return f'from "./{PurePosixPath(published[target]).name}"'

    return _SCRIPT.sub(hashed, (source / name).read_text(encoding="utf-8")).encode()


def _style_sheet(source: Path, name: str, published: Mapping[str, str]) -> bytes:
    """The sheet with its imports in their place, its addresses hashed, without comments and indentation."""
    text = _IMPORT.sub(
        lambda match: (source / name).with_name(match[1]).read_text(encoding="utf-8"),
        (source / name).read_text(encoding="utf-8"),
    )

    def hashed(match: re.Match[str]) -> str:
        target = os.path.normpath(PurePosixPath(name).parent / match[1])
        if target not in published:
            raise LookupError(f"{name} names {match[1]!r}, which is not there")
        return f'url("{os.path.relpath(published[target], PurePosixPath(name).parent)}")'

    return _COMMENT_OR_INDENT.sub("", _URL.sub(hashed, text)).encode()


def _hashed_name(name: str, content: bytes) -> str:
    path = PurePosixPath(name)
    return str(path.with_suffix(f".{sha256(content).hexdigest()[:12]}{path.suffix}"))


def _write_with_variants(target: Path, content: bytes, workshop: Path) -> None:
    """Write the compressed variants and then the file, so that a file that is there is complete."""
    if target.exists():
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    for suffix, variant in _variants(target, content):
        _write(target.with_name(target.name + suffix), variant, workshop)
    _write(target, content, workshop)


def _variants(target: Path, content: bytes) -> list[tuple[str, bytes]]:
    """The compressed forms that are smaller than the file itself."""
    if target.suffix not in _COMPRESSIBLE:
        return []
    forms = [
        (".br", brotli.compress(content, quality=11)),
        (".gz", gzip.compress(content, 9, mtime=0)),
    ]
    return [(suffix, form) for suffix, form in forms if len(form) < len(content)]


def _write(target: Path, content: bytes, workshop: Path) -> None:
    """In one step, by renaming a file made outside the served folder."""
    handle, temporary = tempfile.mkstemp(dir=workshop)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    Path(temporary).chmod(0o644)
    Path(temporary).replace(target)
