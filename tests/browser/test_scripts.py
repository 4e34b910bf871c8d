"""The site's scripts in a real browser: what they save, and that forms need none of them."""

import re
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from urllib.parse import urlsplit

import pytest
from flask import Response, jsonify, render_template_string, request
from playwright.sync_api import Browser, Page, expect

from tests.browser.serving import serving
from tests.web.frame import frame_app

pytestmark = pytest.mark.browser

QUIZ = """{% extends "layout/base.html" %}{% from "parts/answer.html" import answer, unsure %}
{% block title %}Kiểm tra{% endblock %}
{% block content %}
<form method="post" action="/quiz" id="quiz" data-attempt="/attempts/1" data-now="1000"
class="wrap narrow stack">
<input type="hidden" name="seen_step" value="1"><input type="hidden" name="csrf_token" value="a">
<input type="hidden" name="client_key" value=""><input type="hidden" name="q" value="1">
<progress data-answered max="2" value="0" data-label="Đã trả lời {answered} trong {all} câu"></progress>
{% for number in (1, 2) %}
<section data-question id="question-{{ number }}"{% if number == 2 %} hidden{% endif %}>
<fieldset><legend><h1>Câu {{ number }}</h1></legend>{{ answer("question-" ~ number, "a", "A", "Tắt máy") }}
{{ unsure("question-" ~ number) }}</fieldset></section>{% endfor %}
<p role="status" data-save-state data-saving="Đang lưu…" data-saved="Đã lưu." data-unsaved="Chưa lưu được."
data-kept="Nằm trên máy." data-closed="Bài đã nộp."></p></form>{% endblock %}
{% block dock %}<button class="button primary" form="quiz" name="reply_to"
data-next="Trả lời" data-last="Nộp bài">Trả lời</button>{% endblock %}
{% block scripts %}
<script type="module" src="{{ asset('site/js/quiz-autosave.js') }}"></script>
{% endblock %}"""

LESSON = """{% extends "layout/base.html" %}{% block title %}Bài{% endblock %}
{% block content %}<article class="wrap" data-position-url="/position" data-csrf-token="a-token">
{% for name in ("dau", "giua", "cuoi") %}<h2 id="{{ name }}">{{ name }}</h2>
{% for _ in range(40) %}<p>Một dòng.</p>{% endfor %}{% endfor %}</article>{% endblock %}
{% block scripts %}
<script type="module" src="{{ asset('site/js/study-position.js') }}"></script>
{% endblock %}"""


class Site:
    """What the pages sent, and how saving is to be answered."""

    def __init__(self) -> None:
        self.address = ""
        self.saved: list[dict[str, str]] = []
        self.sent: list[dict[str, str]] = []
        self.positions: list[dict[str, str]] = []
        self.told = Event()
        self.save_status = 200

    def save(self) -> tuple[Response, int]:
        self.saved.append(request.form.to_dict())
        told = {"result": "/attempts/1/result"} if self.save_status == 409 else {}
        return jsonify(**told, fields={"seen_step": str(len(self.saved) + 1)}), self.save_status

    def receive(self) -> str:
        self.sent.append(request.form.to_dict())
        return "Kết quả"

    def place(self) -> tuple[str, int]:
        self.positions.append(request.form.to_dict())
        self.told.set()
        return "", 204


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    site, app = Site(), frame_app(tmp_path)
    app.add_url_rule("/quiz", "quiz", lambda: render_template_string(QUIZ))
    app.add_url_rule("/quiz", "receive", site.receive, methods=["POST"])
    app.add_url_rule("/attempts/1/answers", "save", site.save, methods=["POST"])
    app.add_url_rule("/lesson", "lesson", lambda: render_template_string(LESSON))
    app.add_url_rule("/position", "place", site.place, methods=["POST"])
    with serving(app) as site.address:
        yield site


@pytest.fixture
def page(browser: Browser, site: Site) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 360, "height": 640}, base_url=site.address)
    page = context.new_page()
    page.set_default_timeout(30_000)
    yield page
    context.close()


def tap(page: Page, words: str) -> None:
    """As a finger does it: on the words of the row."""
    page.locator("label:visible", has_text=words).click()


def test_a_tap_saves_the_answer_and_takes_over_the_new_step(page: Page, site: Site) -> None:
    page.goto("/quiz")
    tap(page, "Tắt máy")
    expect(page.get_by_role("status")).to_have_text("Đã lưu.")

    [saved] = site.saved
    assert (saved["seen_step"], saved["asked"], saved["question-1"]) == ("1", "1", "a")
    assert saved["client_key"].endswith(":1")
    assert 1000 <= int(saved["tapped"]) < 60_000  # by the server's clock
    assert page.locator("[name=seen_step]").input_value() == "2"
    assert page.locator("progress").get_attribute("aria-label") == "Đã trả lời 1 trong 2 câu"


def test_going_on_asks_the_server_nothing_and_the_last_button_hands_in_what_is_saved(
    page: Page, site: Site
) -> None:
    requests: list[str] = []
    page.goto("/quiz")
    page.on("request", lambda request: requests.append(f"{request.method} {urlsplit(request.url).path}"))
    tap(page, "Tắt máy")
    page.get_by_role("button", name="Trả lời").click()
    expect(page.get_by_role("heading", name="Câu 2")).to_be_focused()
    tap(page, "Tôi không chắc")
    page.get_by_role("button", name="Nộp bài").click()
    expect(page.get_by_text("Kết quả")).to_be_visible()

    [sent] = site.sent
    assert (sent["seen_step"], sent["q"], sent["asked"], sent["reply_to"]) == ("3", "2", "", "question-2")
    assert not any(name.startswith("question-") for name in sent)
    asked = [request for request in requests if not re.search(r"/static/|favicon", request)]
    assert asked == ["POST /attempts/1/answers", "POST /attempts/1/answers", "POST /quiz"]


def test_the_back_button_leads_to_the_question_before(page: Page) -> None:
    page.goto("/quiz")
    page.get_by_role("button", name="Trả lời").click()
    expect(page.get_by_role("heading", name="Câu 2")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="Câu 1")).to_be_visible()
    expect(page.get_by_role("heading", name="Câu 2")).to_be_hidden()


@pytest.mark.parametrize(("status", "words"), [(500, "Nằm trên máy."), (409, "Bài đã nộp.")])
def test_what_is_not_saved_is_said_and_stays_in_the_form(
    page: Page, site: Site, status: int, words: str
) -> None:
    site.save_status = status
    page.goto("/quiz")
    tap(page, "Tắt máy")
    expect(page.get_by_role("status")).to_have_text(words)
    expect(page.get_by_role("radio", name="Tắt máy")).to_be_checked()


def test_a_lost_connection_is_made_up_for_when_it_is_back(page: Page, site: Site) -> None:
    page.goto("/quiz")
    page.context.set_offline(True)
    tap(page, "Tắt máy")
    expect(page.get_by_role("status")).to_have_text("Nằm trên máy.")
    page.context.set_offline(False)
    expect(page.get_by_role("status")).to_have_text("Đã lưu.")
    [saved] = site.saved
    assert (saved["seen_step"], saved["question-1"]) == ("1", "a")
    assert saved["client_key"].endswith(":1")  # the same save, sent again


def test_the_section_on_the_screen_is_told_once_the_page_is_left(page: Page, site: Site) -> None:
    page.goto("/lesson")
    page.locator("#giua").evaluate("heading => heading.scrollIntoView()")
    page.wait_for_function("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    page.goto("/quiz")
    assert site.told.wait(5)
    assert site.positions == [{"section": "giua", "csrf_token": "a-token"}]


def test_without_script_the_button_alone_sends_the_form(browser: Browser, site: Site) -> None:
    context = browser.new_context(java_script_enabled=False, base_url=site.address)
    page = context.new_page()
    page.goto("/quiz")
    tap(page, "Tắt máy")
    page.get_by_role("button", name="Trả lời").click()
    context.close()
    [sent] = site.sent
    assert (sent["seen_step"], sent["q"], sent["question-1"]) == ("1", "1", "a")
