"""QTI 2.1 and 3.0, which name the same things differently; packages and single items."""

import io
import zipfile

import pytest
from defusedxml import ElementTree

from lms.quiz.exchange.item import Item, Part
from lms.quiz.exchange.losses import losses
from lms.quiz.exchange.reading import read_questions
from lms.quiz.formats import WRITABLE
from tests.quiz.formats.questions import question

SINGLE = question(
    Item("single", "Nên làm gì?", [Part("Đọc mã", False), Part("Tắt máy")], id="lam-gi", points=2)
)


def files(name: str) -> dict[str, str]:
    carried, _ = losses([SINGLE], WRITABLE[name])
    with zipfile.ZipFile(io.BytesIO(WRITABLE[name].write(carried))) as archive:
        return {entry: archive.read(entry).decode() for entry in archive.namelist()}


def package(**items: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in items.items():
            archive.writestr(f"{name}.xml", text)
    return buffer.getvalue()


def test_version_2_1_writes_its_names():
    written = files("qti21")
    item = ElementTree.fromstring(written["items/0001.xml"])
    space = "{http://www.imsglobal.org/xsd/imsqti_v2p1}"
    assert item.tag == f"{space}assessmentItem"
    assert [one.get("identifier") for one in item.iter(f"{space}simpleChoice")] == ["A", "B"]
    assert item.findtext(f"{space}responseDeclaration/{space}correctResponse/{space}value") == "B"
    assert 'type="imsqti_item_xmlv2p1" href="items/0001.xml"' in written["imsmanifest.xml"]


def test_version_3_0_writes_its_names():
    written = files("qti30")
    item = ElementTree.fromstring(written["items/0001.xml"])
    space = "{http://www.imsglobal.org/xsd/imsqtiasi_v3p0}"
    assert item.tag == f"{space}qti-assessment-item"
    assert item.get("time-dependent") == "false"
    assert item.find(f"{space}qti-item-body/{space}p").text == "Nên làm gì?"
    assert 'type="imsqti_item_xmlv3p0"' in written["imsmanifest.xml"]


@pytest.mark.parametrize("name", ["qti21", "qti30"])
@pytest.mark.parametrize("other", ["qti21", "qti30"])
def test_each_version_reads_both(name, other):
    carried, lost = losses([SINGLE], WRITABLE[name])
    reading = read_questions(WRITABLE[name].write(carried), WRITABLE[other])
    assert [one.question for one in reading.questions] == [SINGLE]
    assert lost == []


def test_a_test_in_a_package_is_left_behind():
    content = package(a=files("qti21")["items/0001.xml"], b="<assessmentTest/>")
    reading = read_questions(content, WRITABLE["qti21"])
    assert len(reading.questions) == 1
    assert [one.seen for one in reading.notes] == ["b.xml: assessmentTest"]


@pytest.mark.parametrize("text", ["<quiz/>", "<a", "", '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'])
def test_what_is_no_item_is_refused(text):
    assert read_questions(package(a=text), WRITABLE["qti21"]).mistakes


def test_a_package_that_lies_is_refused():
    content = package(a=files("qti21")["items/0001.xml"])
    assert read_questions(content[:-60], WRITABLE["qti21"]).mistakes
    huge = io.BytesIO()
    with zipfile.ZipFile(huge, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.xml", b" " * 70 * 1024 * 1024)
    assert "quá lớn" in read_questions(huge.getvalue(), WRITABLE["qti21"]).mistakes[0].message
