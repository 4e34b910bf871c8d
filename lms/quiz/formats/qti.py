"""QTI 2.1 and 3.0: a package with an item a question and its pictures, or one item alone.

Both versions have the same elements; 3.0 writes `qti-simple-choice` where 2.1 writes `simpleChoice`.
The line of a question is its number in the package.
"""

import re
from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement

from lms.quiz.exchange.format import Ears, WritableFormat
from lms.quiz.exchange.item import Item
from lms.quiz.exchange.qti.package import as_files, opened, packed, resource_of, serialised
from lms.quiz.exchange.qti.reading import ItemReader
from lms.quiz.exchange.qti.scoring import made
from lms.quiz.exchange.qti.writing import HINT, written
from lms.quiz.exchange.texts import with_tags
from lms.quiz.exchange.xhtml import KEPT, survives, survives_inline
from lms.quiz.exchange.xml import Node, parsed

_TEMPLATES = {
    "21": "http://www.imsglobal.org/question/qti_v2p1/rptemplates/map_response",
    "30": "https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/map_response",
}
_NAMESPACES = {
    "21": "http://www.imsglobal.org/xsd/imsqti_v2p1",
    "30": "http://www.imsglobal.org/xsd/imsqtiasi_v3p0",
}
_PACKAGES = {
    "21": ("http://www.imsglobal.org/xsd/imscp_v1p1", "QTIv2.1 Package", "1.0.0"),
    "30": ("http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1", "QTI Package", "3.0.0"),
}
_HTML = {*KEPT, "object"}
_HOLDS_A_BODY = {"modalFeedback", "rubricBlock"}
_POINTS_TO_A_FILE = {"img": "src", "object": "data"}


class Qti21(WritableFormat):
    """Version 2.1; reads 3.0 too."""

    name = "qti21"
    suffixes = (".qti21.zip",)
    kinds = frozenset(
        {"single", "multiple", "short", "number", "ordering", "matching", "gaps", "spot", "tap"}
    )
    carries = frozenset(
        {"id", "material", "hints", "feedback", "explanation", "points", "level", "objective"}
        | {"editions", "fixed"}
    )
    carries_pictures = True
    version = "21"

    def read(self, content: bytes, ears: Ears) -> list[Item]:
        """Every item of the package, in the order of their names, or its mistake."""
        package = opened(content, ears)
        found: list[Item] = []
        for number, (name, text) in enumerate(package.documents.items(), 1):
            root = parsed(text, ears.mistake)
            if root is None:
                continue
            tag = _plain_name(root.tag)
            if tag == "assessmentTest":
                ears.note(
                    number, "Đề thi của gói không giữ lại, chỉ nhận các câu hỏi.", seen=f"{name}: {tag}"
                )
            elif tag != "assessmentItem":
                ears.mistake(
                    number, "Đây không phải câu hỏi QTI.", seen=f"{name}: {tag}", expected="assessmentItem"
                )
            elif item := ItemReader(_neutral(root), name, number, ears).item(package):
                found.append(with_tags(item, package.tags.get(name, ()), ears))
        return found

    def keeps_texts(self, item: Item) -> bool:
        """Footnotes, anchors and titles of links have no place in its XHTML."""
        told = [part.feedback for part in item.parts if part.feedback]
        return all(map(survives_inline, (item.stem, *item.hints, *told))) and all(
            map(survives, (item.material, item.explanation))
        )

    def write(self, items: Sequence[Item]) -> bytes:
        """A package, the same for the same questions."""
        names = [f"items/{number:04}.xml" for number, _ in enumerate(items, 1)]
        documents = {name: self._document(item) for name, item in zip(names, items, strict=True)}
        return packed(self._manifest(items, names), documents | as_files(items))

    def _document(self, item: Item) -> bytes:
        root = written(item, _TEMPLATES[self.version])
        for element in root.iter():
            if href := _POINTS_TO_A_FILE.get(element.tag):
                element.set(href, f"../{element.get(href, '')}")
        if self.version == "30":
            _in_the_names_of_3(root)
        root.set("xmlns", _NAMESPACES[self.version])
        return serialised(root)

    def _manifest(self, items: Sequence[Item], names: Sequence[str]) -> Element:
        namespace, schema, schema_version = _PACKAGES[self.version]
        type_ = f"imsqti_item_xmlv{self.version[0]}p{self.version[1]}"
        resources = [
            resource_of(item, number, href=name, type_=type_)
            for number, (item, name) in enumerate(zip(items, names, strict=True), 1)
        ]
        about = made("metadata", made("schema", schema), made("schemaversion", schema_version))
        return made(
            "manifest",
            about,
            Element("organizations"),
            made("resources", *resources),
            xmlns=namespace,
            identifier="MANIFEST",
        )


class Qti30(Qti21):
    """Version 3.0; reads 2.1 too."""

    name = "qti30"
    suffixes = (".qti30.zip",)
    version = "30"


def _in_the_names_of_3(root: Element) -> None:
    """Renames what is not XHTML; what rubrics and feedback show stands in a body of its own."""
    for element in list(root.iter()):
        if element.tag in _HTML:
            continue
        if element.tag in _HOLDS_A_BODY:
            inside = list(element)
            del element[:]
            SubElement(element, "contentBody").extend(inside)
        if element.get("use") == HINT:
            element.set("use", f"ext:{HINT}")
    for element in root.iter():
        if element.tag not in _HTML:
            element.tag = f"qti-{_kebab(element.tag)}"
            element.attrib = {_kebab(name): value for name, value in element.attrib.items()}


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
