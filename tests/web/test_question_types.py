"""Every kind of question, asked and answered through the doors without script."""

import re

import pytest

from lms.quiz.question import UNSURE
from tests import make
from tests.conftest import every_database
from tests.courses import small_course, write
from tests.quiz.fields import sent
from tests.web.kinds import AT_ONCE, SECRET, fields_of, lesson_text, model_fields, pictures, quiz_text
from tests.web.quizzing import begin, hidden, sign_in, tap, view_of, walk

pytestmark = every_database
NUMBER = """
## Giá bao nhiêu? {#gia}

=# 10.000

## Mã nào? {#ma}

= mã OTP
"""


@pytest.fixture
def paper(publish, client, tmp_path) -> str:
    """A paper with one question of every kind."""
    write(small_course(tmp_path), pictures("01-dau"))
    publish(quiz_text())
    sign_in(client)
    return begin(client)


def test_a_paper_of_every_kind_is_answered_rightly_by_plain_forms(paper, client):
    page, _ = walk(client, paper, model_fields(view_of(paper)))
    view = view_of(paper)
    assert view.whole_percent == 100
    assert len(view.questions) == len(AT_ONCE)
    assert "Kết quả" in page


def test_a_doubt_about_every_kind_earns_nothing_and_is_told(paper, client):
    page, _ = walk(client, paper, {one.name: fields_of(one, UNSURE) for one in view_of(paper).questions})
    assert [one.is_unsure for one in view_of(paper).questions] == [True] * len(AT_ONCE)
    assert view_of(paper).whole_percent == 0
    assert page.count("Tôi không chắc") == len(AT_ONCE)


def test_what_is_saved_stands_in_the_fields_again(paper, client):
    given = model_fields(view_of(paper))
    assert tap(client, paper, hidden(client.get(paper).text) | given, 1).status_code == 200
    shown = sent(client.get(paper).text)
    assert {name: shown[name] for name in given} == given


def test_a_number_typed_wrong_is_explained_at_its_place_and_not_cleared(publish, client):
    publish(NUMBER, shuffle="none")
    sign_in(client)
    address = begin(client)
    page = client.post(address, data={"q": 1, "question-1": "3 <km>"})
    assert page.status_code == 422
    assert re.search(r'id="question-1-problem" role="alert">.*“3 &lt;km&gt;” chưa phải là một số', page.text)
    assert 'value="3 &lt;km&gt;" type="text"' in page.text
    assert 'aria-invalid="true"' in page.text
    assert view_of(address).questions[0].answer is None


def test_one_wrong_answer_keeps_no_other_from_being_saved(publish, client):
    publish(NUMBER, shuffle="none")
    sign_in(client)
    address = begin(client)
    fields = {"q": 1, "seen_step": 1, "question-1": "mười", "question-2": "mã otp"}
    saved = tap(client, address, fields, 1)
    assert saved.status_code == 422
    assert saved.json["fields"] == {"seen_step": "2"}
    assert list(saved.json["problems"]) == ["question-1"]
    assert [one.answer for one in view_of(address).questions] == [None, {"typed": "mã otp"}]
    assert "10.000" not in saved.text


def test_a_lesson_asks_every_kind_on_the_spot(app, client, tmp_path):
    make.course(tmp_path, {"01-dau/01-mot.md": lesson_text(), **pictures("01-dau")})
    sign_in(client)
    lesson = "/courses/khoa-thu/dau/mot"
    for kind, cls in AT_ONCE.items():
        page = client.get(lesson).text
        assert f"{SECRET} {kind}" not in page
        form = re.search(rf'<section[^>]* id="hoi-{kind}".*?</section>', page, re.DOTALL)[0]
        answer = client.post(f"{lesson}/checks/hoi-{kind}", data=sent(form))
        assert answer.status_code == 422
        doubt = form.replace('value="unsure"', 'value="unsure" checked')
        answer = client.post(f"{lesson}/checks/hoi-{kind}", data=sent(doubt))
        assert answer.status_code == 302, cls
        assert f"{SECRET} {kind}" in client.get(lesson).text


def test_a_number_typed_wrong_in_a_lesson_is_asked_again(app, client, tmp_path):
    check = "\n/// check | gia\nGiá bao nhiêu?\n\n=# 10.000\n///\n"
    make.course(tmp_path, {"01-dau/01-mot.md": lesson_text() + check, **pictures("01-dau")})
    page = client.post("/courses/khoa-thu/dau/mot/checks/gia", data={"gia": "mười"})
    assert page.status_code == 422
    assert "“mười” chưa phải là một số" in page.text
    assert 'value="mười" type="text"' in page.text
