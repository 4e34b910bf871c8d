"""A package of QTI: a zip with a manifest, a file an item, and pictures beside them. Or one item alone."""

import io
import posixpath
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import unquote
from xml.etree.ElementTree import Element, indent, tostring

from lms.quiz.exchange.format import Ears
from lms.quiz.exchange.item import Item
from lms.quiz.exchange.media import PICTURE_SUFFIXES
from lms.quiz.exchange.qti.scoring import made
from lms.quiz.exchange.texts import tags_of
from lms.quiz.exchange.xml import parsed

MOST_UNPACKED = 64 * 1024 * 1024
MOST_FILES = 10_000
MANIFEST = "imsmanifest.xml"
LOM = "http://ltsc.ieee.org/xsd/LOM"
_DIFFICULTIES = {"easy": "easy", "medium": "medium", "hard": "difficult"}
_LEVELS = {"very easy": "easy", "easy": "easy", "medium": "medium"} | dict.fromkeys(
    ("difficult", "very difficult"), "hard"
)
_OBJECTIVE = "educational objective"
# What zipfile raises for an archive that is broken, encrypted, or packed in a way it does not know.
_BROKEN = (zipfile.BadZipFile, zlib.error, RuntimeError, OSError, EOFError, ValueError)
_NEVER = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Package:
    """What came: items and pictures by name, and what the manifest says of items."""

    documents: Mapping[str, bytes]
    pictures: Mapping[str, bytes] = field(default_factory=dict)
    tags: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def picture(self, document: str, href: str) -> bytes | None:
        """The picture that an item names, from where it stands."""
        path = posixpath.normpath(posixpath.join(posixpath.dirname(document), unquote(href)))
        return self.pictures.get(path)


def opened(content: bytes, ears: Ears) -> Package:
    """The package, empty once a mistake was reported; what is no zip is one item."""
    if not content.startswith(b"PK"):
        return Package({"tệp này": content})
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            if len(entries) > MOST_FILES or sum(entry.file_size for entry in entries) > MOST_UNPACKED:
                ears.mistake(
                    1, "Gói bung ra quá lớn.", seen=f"{len(entries)} tệp", expected="một gói câu hỏi QTI"
                )
                return Package({})
            files = dict(_read(archive, (".xml", *PICTURE_SUFFIXES)))
    except _BROKEN as error:
        ears.mistake(
            1, "Gói này hỏng hoặc có mật khẩu.", seen=str(error) or "gói hỏng", expected="một gói câu hỏi QTI"
        )
        return Package({})
    manifest = next((files.pop(name) for name in list(files) if name.endswith(MANIFEST)), None)
    documents = {name: text for name, text in files.items() if name.endswith(".xml")}
    pictures = {name: text for name, text in files.items() if not name.endswith(".xml")}
    return Package(documents, pictures, _tags_in(manifest, ears) if manifest else {})


def _read(archive: zipfile.ZipFile, suffixes: tuple[str, ...]) -> Iterator[tuple[str, bytes]]:
    for entry in sorted(archive.infolist(), key=lambda entry: entry.filename):
        if entry.filename.lower().endswith(suffixes):
            with archive.open(entry) as file:
                yield entry.filename, file.read(entry.file_size)


def _tags_in(manifest: bytes, ears: Ears) -> dict[str, list[str]]:
    """Of every resource what its metadata say, as the tags that other formats have."""
    root = parsed(manifest, ears.mistake)
    if root is None:
        return {}
    for element in root.iter():
        element.tag = str(element.tag).rpartition("}")[2]
    return {resource.get("href", ""): list(_tags_of_resource(resource)) for resource in root.iter("resource")}


def _tags_of_resource(resource: Element) -> Iterator[str]:
    for difficulty in resource.iter("difficulty"):
        level = _LEVELS.get(_words(difficulty, "value").lower())
        if level:
            yield f"level={level}"
    for classification in resource.iter("classification"):
        entry = next(classification.iter("entry"), None)
        if _words(classification, "purpose/value") == _OBJECTIVE and entry is not None:
            yield f"objective={''.join(entry.itertext()).strip()}"
    for keyword in resource.iter("keyword"):
        yield "".join(keyword.itertext()).strip()


def _words(element: Element, path: str) -> str:
    return element.findtext(path, "").strip()


def packed(manifest: Element, files: Mapping[str, bytes]) -> bytes:
    """The zip, the same for the same files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        indent(manifest)
        for name, content in {MANIFEST: serialised(manifest), **files}.items():
            archive.writestr(zipfile.ZipInfo(name, _NEVER), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def serialised(element: Element) -> bytes:
    """The element as a file."""
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(element, encoding="unicode")}\n'.encode()


def resource_of(item: Item, number: int, *, href: str, type_: str) -> Element:
    """The manifest's word on an item: its metadata and its files."""
    resource = made("resource", identifier=f"R{number}", type=type_, href=href)
    if about := _about(item):
        resource.append(made("metadata", about))
    resource.extend(made("file", href=name) for name in (href, *item.files))
    return resource


def _about(item: Item) -> Element | None:
    """Level, objective and editions as learning object metadata, where there is something to say."""
    keywords = [tag for tag in tags_of(item) if tag.startswith("editions=")]
    lom = Element("lom", xmlns=LOM)
    if keywords:
        lom.append(made("general", *(made("keyword", _string(keyword)) for keyword in keywords)))
    if item.level != "medium":
        lom.append(made("educational", _from_vocabulary("difficulty", _DIFFICULTIES[item.level])))
    if item.objective:
        taxon = made("taxon", made("entry", _string(item.objective)))
        path = made("taxonPath", made("source", _string("objectives")), taxon)
        lom.append(made("classification", _from_vocabulary("purpose", _OBJECTIVE), path))
    return lom if len(lom) else None


def _string(text: str) -> Element:
    return made("string", text)


def _from_vocabulary(tag: str, value: str) -> Element:
    return made(tag, made("source", "LOMv1.0"), made("value", value))


def as_files(items: Sequence[Item]) -> dict[str, bytes]:
    """The pictures of all items by their names."""
    return {name: picture.content for item in items for name, picture in item.files.items()}
