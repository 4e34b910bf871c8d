"""The frame around every page: navigation, document, error pages, the first page."""

import re
from html.parser import HTMLParser
from types import SimpleNamespace

import pytest
from flask import Flask, flash, render_template, render_template_string

from lms.web.layout import ADDRESSES, navigation, office_navigation
from tests.web.frame import ROOT, frame_app, viewer

PAGE = """{% extends "layout/base.html" %}{% set section = "study" %}
{% block title %}Bài 1{% endblock %}{% block content %}<h1>Bài 1</h1>{% endblock %}"""
DOCKED = PAGE + '{% block dock %}<button class="button">Trả lời</button>{% endblock %}'
OFFICE = """{% extends "layout/office.html" %}{% set section = "rosters" %}
{% block title %}Sổ{% endblock %}{% block content %}<h1>Sổ</h1>{% endblock %}"""


@pytest.fixture(scope="module")
def frame(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    return frame_app(tmp_path_factory.mktemp("cache"))


def shown(frame: Flask, source: str, seen_by: SimpleNamespace | None = None, **values: object) -> str:
    with frame.test_request_context("/"):
        return render_template_string(source, viewer=seen_by, **values)


def sections(items: object) -> list[str]:
    return [item.section for item in items]


class Tags(HTMLParser):
    """Every tag with its attributes, to look at a page without a browser."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)


def test_everybody_sees_only_rooms_they_may_enter() -> None:
    assert sections(navigation(None)) == []
    assert sections(navigation(viewer())) == ["study", "me"]
    assert sections(navigation(viewer(leads_team=True))) == ["study", "team", "me"]
    assert sections(navigation(viewer(is_officer=True))) == ["study", "rosters", "me"]
    assert sections(navigation(viewer(is_author=True))) == ["study", "studio", "me"]
    assert sections(navigation(viewer(leads_team=True, is_officer=True, is_author=True))) == [
        *("study", "team", "rosters", "me")
    ]
    assert sections(office_navigation(viewer(is_officer=True))) == ["rosters", "people", "study"]
    assert sections(office_navigation(viewer(is_author=True))) == ["studio", "study"]
    everywhere = viewer(is_officer=True, is_author=True)
    assert sections(office_navigation(everywhere)) == ["rosters", "people", "studio", "study"]


@pytest.mark.parametrize("address", ADDRESSES.values())
def test_every_address_of_the_frame_is_a_page_of_the_site(app: Flask, address: str) -> None:
    assert app.url_map.bind("localhost").match(address)


def test_a_leader_finds_the_own_team(frame: Flask) -> None:
    assert 'href="/teams/7"' in shown(frame, PAGE, viewer(leads_team=True))


def test_the_room_of_the_page_is_marked_in_header_and_bottom_bar(frame: Flask) -> None:
    current = [
        attributes["href"]
        for tag, attributes in Tags(shown(frame, PAGE, viewer())).tags
        if tag == "a" and attributes.get("aria-current") == "page"
    ]
    assert current == ["/", "/"]


def test_a_page_names_itself_its_language_and_its_text_size(frame: Flask) -> None:
    page = shown(frame, PAGE, viewer(text_size=2))
    assert '<html lang="vi" class="text-size-2">' in page
    assert "<title>Bài 1 – Lớp Số</title>" in page


def test_the_dock_takes_the_place_of_footer_and_bottom_bar(frame: Flask) -> None:
    docked, plain = shown(frame, DOCKED, viewer()), shown(frame, PAGE, viewer())
    assert ("action-dock" in docked, "tab-bar" in docked, "site-footer" in docked) == (True, False, False)
    assert ("action-dock" in plain, "tab-bar" in plain, "site-footer" in plain) == (False, True, True)


def test_a_visitor_is_offered_to_sign_in_and_to_verify(frame: Flask) -> None:
    page = shown(frame, PAGE)
    assert 'href="/sign-in"' in page
    assert 'href="/verify"' in page
    assert "tab-bar" not in page


def test_officers_pages_are_in_the_other_register(frame: Flask) -> None:
    page = shown(frame, OFFICE, viewer(is_officer=True))
    assert '<body class="office">' in page
    assert "/static/site/office." in page
    assert "/static/site/office." not in shown(frame, PAGE, viewer(is_officer=True))


def test_a_message_of_the_page_before_is_an_alert_and_read_out_when_bad(frame: Flask) -> None:
    with frame.test_request_context("/"):
        flash("Đã lưu.", "ok")
        flash("Chưa <gửi> được.", "bad")
        page = render_template_string(PAGE, viewer=None)
    assert '<div class="alert ok" role="status">' in page
    assert '<div class="alert bad" role="alert">' in page
    assert "Chưa &lt;gửi&gt; được." in page


@pytest.mark.parametrize("seen_by", [None, viewer(leads_team=True)], ids=["visitor", "leader"])
@pytest.mark.parametrize("status", [403, 404, 409, 413, 422, 429])
def test_an_error_page_says_what_happened_and_what_to_do(
    frame: Flask, status: int, seen_by: SimpleNamespace | None
) -> None:
    with frame.test_request_context("/"):
        usual = render_template(f"errors/{status}.html", viewer=seen_by, message="")
        told = render_template(f"errors/{status}.html", viewer=seen_by, message="Việc này đã xong.")
    assert f"Lỗi {status}" in usual
    assert re.search(r'<p class="lead">\w', usual)
    assert '<p class="lead">Việc này đã xong.</p>' in told
    assert '<a class="button primary" href="/">' in usual


def test_the_page_of_a_failure_needs_no_viewer_and_no_catalogue(frame: Flask) -> None:
    def broken(*_args: object) -> str:
        raise RuntimeError("no database")

    bare = frame.jinja_env.overlay()
    bare.globals = frame.jinja_env.globals | {"_": broken, "gettext": broken, "page_language": broken}
    del bare.globals["viewer"]
    assert "Máy chủ đang trục trặc" in bare.get_template("errors/500.html").render()


def test_the_first_page_leads_a_visitor_to_open_courses(frame: Flask) -> None:
    course = {"title": "Làm quen", "summary": "Hai bài ngắn.", "url": "/courses/lam-quen"}
    with frame.test_request_context("/"):
        page = render_template("home/landing.html", viewer=None, courses=[course])
    addresses = {attributes.get("href") for tag, attributes in Tags(page).tags if tag == "a"}
    assert addresses == {
        "#content", "/", "/verify", "/sign-in", "/activate", "/courses/lam-quen", "/privacy"
    }  # fmt: skip


def test_the_frame_loads_nothing_from_elsewhere_and_nothing_inline(frame: Flask) -> None:
    for page in (shown(frame, PAGE, viewer()), shown(frame, OFFICE, viewer())):
        for tag, attributes in Tags(page).tags:
            assert "style" not in attributes
            assert tag != "style"
            assert tag != "script" or attributes["src"].startswith("/static/")
            assert not (attributes.get("href") or "").startswith(("http", "//"))


def test_every_template_of_the_frame_reads(frame: Flask) -> None:
    for folder in ("layout", "parts", "errors", "home"):
        for path in (ROOT / "templates" / folder).glob("*.html"):
            assert frame.jinja_env.get_template(f"{folder}/{path.name}").root_render_func
