"""Printed matter reads the project's own files, says what it is, and is drawn by one hand at a time."""

import io
import sys
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from types import ModuleType

import pytest
from jinja2 import DictLoader, Environment
from pypdf import PdfReader

from lms.foundation import render
from lms.foundation.render import PdfUnavailable, pdf, qr_code
from tests.papers import pdf_text

STYLE = "official.css"
PAGE = '<!doctype html><html lang="vi"><head><title>{{ title }}</title></head><body>%s</body></html>'
BACKDROP = PAGE % '<svg viewBox="0 0 9 9"><path d="M0 0L9 9" stroke="#123456"/></svg>'


@pytest.fixture
def templates(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Print templates of the test's own, by name."""
    pages: dict[str, str] = {
        "print/name.html": PAGE % "<h1>{{ name }}</h1>",
        "print/backdrop.html": BACKDROP.replace("{{ title }}", "lines"),
    }
    environment = Environment(autoescape=True, loader=DictLoader(pages))
    monkeypatch.setattr(render, "_environment", environment)
    render._artwork.cache_clear()
    return pages


def reader(content: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(content))


@pytest.mark.weasyprint
def test_a_document_has_a_title_a_language_and_tags(templates):
    document = reader(pdf("name.html", STYLE, title="Danh sách", name="Ẫn"))
    assert document.metadata.title == "Danh sách"
    assert document.trailer["/Root"]["/Lang"] == "vi"
    assert document.trailer["/Root"]["/MarkInfo"]["/Marked"].value


@pytest.mark.weasyprint
@pytest.mark.parametrize("name", ["Đặng Ẫm Ữu", "K'Brôi", "Y Blŏ", "H'Bĭa Niê", "<b>Tèo</b>"])
def test_a_name_is_printed_letter_by_letter(templates, name: str):
    assert name in pdf_text(pdf("name.html", STYLE, title="Tên", name=name))


@pytest.mark.weasyprint
def test_no_file_outside_the_project_is_read(templates):
    templates["print/thief.html"] = PAGE.replace(
        "</head>", '<link rel="attachment" href="file:///etc/passwd"></head>'
    ) % ('<img src="file:///etc/passwd"><img src="../../config.py"><p>đủ</p>')
    content = pdf("thief.html", STYLE, title="Kẻ trộm")
    assert "đủ" in pdf_text(content)
    assert reader(content).attachments == {}


@pytest.mark.weasyprint
def test_the_network_is_never_asked(templates):
    asked: list[str] = []

    class Listener(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

    with HTTPServer(("127.0.0.1", 0), Listener) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}/picture.png"
        templates["print/caller.html"] = PAGE % f'<img src="{address}"><p>đủ</p>'
        assert "đủ" in pdf_text(pdf("caller.html", STYLE, title="Gọi ra ngoài"))
        server.shutdown()
    assert asked == []


@pytest.mark.weasyprint
def test_artwork_is_drawn_once_and_lies_behind_as_decoration(templates, monkeypatch: pytest.MonkeyPatch):
    first = pdf("name.html", STYLE, backdrop="backdrop.html", title="Tên", name="An")
    templates["print/backdrop.html"] = "drawn again, this would not be a page"
    second = pdf("name.html", STYLE, backdrop="backdrop.html", title="Tên", name="Ân")
    for content, name in ((first, "An"), (second, "Ân")):
        assert name in pdf_text(content)
        assert b"/Artifact BMC" in reader(content).pages[0].get_contents().get_data()


@pytest.mark.weasyprint
def test_artwork_with_words_in_it_is_refused(templates):
    templates["print/backdrop.html"] = PAGE % "<p>words need a font</p>"
    with pytest.raises(ValueError, match="not made of paths"):
        pdf("name.html", STYLE, backdrop="backdrop.html", title="Tên", name="An")


@pytest.mark.weasyprint
def test_two_at_once_are_both_drawn_right(templates):
    names = [f"Người thứ {n}" for n in range(6)]
    with ThreadPoolExecutor(3) as pool:
        drawn = pool.map(lambda name: pdf("name.html", STYLE, title="Tên", name=name), names)
        assert [name in pdf_text(content) for name, content in zip(names, drawn, strict=True)] == [True] * 6


def test_a_machine_without_pango_is_told_apart(templates, monkeypatch: pytest.MonkeyPatch):
    class WithoutPango(ModuleType):
        def __getattr__(self, name: str) -> object:
            raise OSError("cannot load library 'libpango-1.0-0'")

    monkeypatch.setitem(sys.modules, "weasyprint", WithoutPango("weasyprint"))
    with pytest.raises(PdfUnavailable):
        pdf("name.html", STYLE, title="Tên", name="An")


def test_a_qr_code_takes_the_size_of_its_box():
    drawn = qr_code("https://hoc.example.vn/verify/LS-26-7K3M-Q2TX")
    assert "viewBox=" in drawn
    assert "width=" not in drawn
    assert drawn != qr_code("https://hoc.example.vn/verify/LS-26-7K3M-Q2TY")
