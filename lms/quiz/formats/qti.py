"""QTI 2.1 and 3.0: a package with an item a question, or one item alone. Texts travel as plain words.

Both versions have the same elements; 3.0 writes `qti-simple-choice` where 2.1 writes `simpleChoice`.
The line of a question is its number in the package.
"""

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from string import ascii_uppercase
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from lms.quiz.exchange.format import Ears, WritableFormat
from lms.quiz.exchange.item import Item, Part
from lms.quiz.exchange.markup import words_of
from lms.quiz.exchange.qti_items import ItemReader
from lms.quiz.exchange.xml import Node, parsed

MOST_UNPACKED = 64 * 1024 * 1024
MOST_FILES = 10_000
_TEMPLATES = {
    "21": "http://www.imsglobal.org/question/qti_v2p1",
    "30": "https://purl.imsglobal.org/spec/qti/v3p0",
}
_NAMESPACES = {
    "21": "http://www.imsglobal.org/xsd/imsqti_v2p1",
    "30": "http://www.imsglobal.org/xsd/imsqtiasi_v3p0",
}
_PACKAGES = {
    "21": "http://www.imsglobal.org/xsd/imscp_v1p1",
    "30": "http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1",
}
_HTML = {"p", "br"}
_CARDINALITY = {"single": "single", "short": "single", "ordering": "ordered"}
_BASE = {"short": "string", "matching": "directedPair"}
_NEVER = (1980, 1, 1, 0, 0, 0)


class Qti21(WritableFormat):
    """Version 2.1; reads 3.0 too."""

    name = "qti21"
    suffixes = (".qti21.zip",)
    kinds = frozenset({"single", "multiple", "short", "ordering", "matching"})
    carries = frozenset({"id", "material", "points", "fixed"})
    version = "21"

    def read(self, content: bytes, ears: Ears) -> list[Item]:
        """Every item of the package, in the order of their names, or its mistake."""
        found: list[Item] = []
        for number, (name, text) in enumerate(_items(content, ears), 1):
            root = parsed(text, ears.mistake)
            if root is None:
                continue
            if _plain_name(root.tag) == "assessmentTest":
                ears.note(
                    number, "Đề thi của gói không giữ lại, chỉ nhận các câu hỏi.", seen=f"{name}: {root.tag}"
                )
            elif _plain_name(root.tag) != "assessmentItem":
                ears.mistake(
                    number,
                    "Đây không phải câu hỏi QTI.",
                    seen=f"{name}: {root.tag}",
                    expected="assessmentItem",
                )
            elif item := ItemReader(_neutral(root), name, number, ears).item():
                found.append(item)
        return found

    def write(self, items: Sequence[Item]) -> bytes:
        """A package, the same for the same questions."""
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            files = {
                f"items/{number:04}.xml": self._document(_item(item, self.version))
                for number, item in enumerate(items, 1)
            }
            for name, text in {"imsmanifest.xml": self._manifest(files), **files}.items():
                archive.writestr(zipfile.ZipInfo(name, _NEVER), text)
        return buffer.getvalue()

    def _document(self, item: Element) -> bytes:
        for element in item.iter():
            if self.version == "30" and element.tag not in _HTML:
                element.tag = f"qti-{_kebab(element.tag)}"
                element.attrib = {_kebab(name): value for name, value in element.attrib.items()}
        item.set("xmlns", _NAMESPACES[self.version])
        return _serialised(item)

    def _manifest(self, files: dict[str, bytes]) -> bytes:
        manifest = Element("manifest", xmlns=_PACKAGES[self.version], identifier="MANIFEST")
        SubElement(manifest, "organizations")
        resources = SubElement(manifest, "resources")
        type_ = f"imsqti_item_xmlv{self.version[0]}p{self.version[1]}"
        for number, name in enumerate(files, 1):
            resource = SubElement(resources, "resource", identifier=f"R{number}", type=type_, href=name)
            SubElement(resource, "file", href=name)
        indent(manifest)
        return _serialised(manifest)


class Qti30(Qti21):
    """Version 3.0; reads 2.1 too."""

    name = "qti30"
    suffixes = (".qti30.zip",)
    version = "30"


def _items(content: bytes, ears: Ears) -> Iterator[tuple[str, bytes]]:
    """The XML files of a package but its manifest and tests, or the one file that this is."""
    if not content.startswith(b"PK"):
        yield "tệp này", content
        return
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            if len(entries) > MOST_FILES or sum(entry.file_size for entry in entries) > MOST_UNPACKED:
                ears.mistake(
                    1, "Gói bung ra quá lớn.", seen=f"{len(entries)} tệp", expected="một gói câu hỏi QTI"
                )
                return
            for entry in sorted(entries, key=lambda entry: entry.filename):
                if entry.filename.endswith(".xml") and not entry.filename.endswith("imsmanifest.xml"):
                    with archive.open(entry) as file:
                        yield entry.filename, file.read(entry.file_size)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError) as error:
        ears.mistake(
            1, "Gói này hỏng hoặc có mật khẩu.", seen=str(error) or "gói hỏng", expected="một gói câu hỏi QTI"
        )


def _neutral(root: Node) -> Node:
    """The same tree with the names of 2.1 and without namespaces."""
    for element in root.iter():
        element.tag = _plain_name(str(element.tag))
        element.attrib = {_camel(_bare(name)): value for name, value in element.attrib.items()}
    return root


def _bare(name: str) -> str:
    return name.rpartition("}")[2]


def _plain_name(tag: str) -> str:
    name = _bare(tag)
    return _camel(name.removeprefix("qti-")) if name.startswith("qti-") else name


def _camel(name: str) -> str:
    return re.sub(r"-([a-z])", lambda letter: letter[1].upper(), name)


def _kebab(name: str) -> str:
    return re.sub(r"[A-Z]", lambda letter: f"-{letter[0].lower()}", name)


def _serialised(element: Element) -> bytes:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(element, encoding="unicode")}\n'.encode()


def _item(item: Item, version: str) -> Element:
    root = Element(
        "assessmentItem", identifier=item.id, title=item.id, adaptive="false", timeDependent="false"
    )
    root.append(_declaration(item))
    for name, value in (("SCORE", "0"), ("MAXSCORE", str(item.points))):
        outcome = SubElement(
            root, "outcomeDeclaration", identifier=name, cardinality="single", baseType="float"
        )
        SubElement(SubElement(outcome, "defaultValue"), "value").text = value
    body = SubElement(root, "itemBody")
    for paragraph in words_of(f"{item.stem}\n\n{item.material}").split("\n\n"):
        _paragraph(body, paragraph)
    body.append(_interaction(item))
    template = "map_response" if item.kind in ("multiple", "short", "matching") else "match_correct"
    SubElement(root, "responseProcessing", template=f"{_TEMPLATES[version]}/rptemplates/{template}")
    return root


def _paragraph(body: Element, text: str) -> None:
    first, *more = text.split("\n")
    paragraph = SubElement(body, "p")
    paragraph.text = first
    for line in more:
        SubElement(paragraph, "br").tail = line


def _declaration(item: Item) -> Element:
    """What is right, and what each answer is worth."""
    declared = Element(
        "responseDeclaration",
        identifier="RESPONSE",
        cardinality=_CARDINALITY.get(item.kind, "multiple"),
        baseType=_BASE.get(item.kind, "identifier"),
    )
    values = _right(item)
    correct = SubElement(declared, "correctResponse")
    for value in values[:1] if item.kind == "short" else values:
        SubElement(correct, "value").text = value
    if item.kind in ("multiple", "short", "matching"):
        mapping = SubElement(declared, "mapping", lowerBound="0", upperBound="1", defaultValue="0")
        share = 1.0 if item.kind == "short" else 1 / len(values)
        for value in values:
            entry = SubElement(mapping, "mapEntry", mapKey=value, mappedValue=f"{share:.5f}")
            if item.kind == "short":
                entry.set("caseSensitive", "false")
        wrong = [name for name, part in _named(item) if not part.right]
        for name in wrong:
            SubElement(mapping, "mapEntry", mapKey=name, mappedValue=f"{-1 / len(wrong):.5f}")
    return declared


def _right(item: Item) -> list[str]:
    if item.kind == "short":
        return [part.text for part in item.parts]
    if item.kind == "matching":
        rights = _rights(item)
        return [
            f"L{number} R{rights.index(part.partner) + 1}"
            for number, part in enumerate(item.parts, 1)
            if part.text
        ]
    return [name for name, part in _named(item) if part.right]


def _named(item: Item) -> list[tuple[str, Part]]:
    return list(zip(ascii_uppercase, item.parts, strict=False)) if item.kind != "matching" else []


def _rights(item: Item) -> list[str]:
    return list(dict.fromkeys(part.partner for part in item.parts))


def _interaction(item: Item) -> Element:
    if item.kind == "short":
        paragraph = Element("p")
        SubElement(paragraph, "textEntryInteraction", responseIdentifier="RESPONSE", expectedLength="40")
        return paragraph
    shuffle = "false" if item.fixed else "true"
    if item.kind == "matching":
        return _match(item, shuffle)
    tag = "orderInteraction" if item.kind == "ordering" else "choiceInteraction"
    asked = Element(tag, responseIdentifier="RESPONSE", shuffle=shuffle)
    if item.kind != "ordering":
        asked.set("maxChoices", "1" if item.kind == "single" else "0")
    named = _named(item)
    if item.kind == "ordering":
        named.sort(key=lambda one: one[1].text)  # As they are written, their order is the key.
    for name, part in named:
        SubElement(asked, "simpleChoice", identifier=name).text = part.text
    return asked


def _match(item: Item, shuffle: str) -> Element:
    lefts = [part.text for part in item.parts if part.text]
    asked = Element(
        "matchInteraction", responseIdentifier="RESPONSE", shuffle=shuffle, maxAssociations=str(len(lefts))
    )
    for letter, texts, most in (("L", lefts, 1), ("R", _rights(item), len(lefts))):
        side = SubElement(asked, "simpleMatchSet")
        for number, text in enumerate(texts, 1):
            choice = SubElement(
                side, "simpleAssociableChoice", identifier=f"{letter}{number}", matchMax=str(most)
            )
            choice.text = text
    return asked
