"""The quiz at the door: as forms, as the script sends it, and what is told before and after."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from lms.catalogue.actions import publish_course
from lms.catalogue.queries import course_outline
from lms.catalogue.shelf import Shelf
from lms.catalogue.source import read_course
from lms.foundation.db import session, transaction
from lms.quiz.queries import steps_of
from lms.study.queries import course_state
from tests import make
from tests.conftest import every_database
from tests.courses import small_course, write
from tests.times import NOON
from tests.web.quizzing import (
    QUIZ,
    UNTOLD,
    begin,
    checked,
    heading,
    hidden,
    options,
    sign_in,
    tap,
    view_of,
    walk,
)

pytestmark = every_database
MINUTE = timedelta(minutes=1)


# Before


def test_a_visitor_reads_what_awaits_and_where_to_come_in(publish, client):
    publish()
    page = client.get(QUIZ)
    assert page.status_code == 200
    assert "4 câu, đạt khi đúng từ 80%" in page.text
    assert f'href="/sign-in?next={QUIZ}"' in page.text
    assert 'method="post"' not in page.text


def test_a_visitor_who_begins_signs_in_first(publish, client):
    publish()
    assert client.post(QUIZ).location.startswith("/sign-in")


def test_who_may_read_no_edition_of_a_module_has_no_quiz_there(app, noon, tmp_path, client):
    folder = small_course(tmp_path)
    module = (folder / "01-dau" / "module.md").read_text()
    write(folder, {"01-dau/module.md": module.replace("objectives:", "editions: [member]\nobjectives:", 1)})
    source, _ = read_course(folder)
    with transaction():
        publish_course(source, Shelf(tmp_path / "media"), NOON)
        stranger = make.person().id
    make.signed_in(client, stranger)
    assert (client.get(QUIZ).status_code, client.post(QUIZ).status_code) == (404, 404)
    sign_in(client)
    assert client.get(QUIZ).status_code == 200


def test_a_quiz_that_is_nowhere_is_not_found(learner, client):
    assert client.get("/courses/khoa-thu/khong-co/quiz").status_code == 404
    assert client.post("/courses/khong-co/dau/quiz").status_code == 404


def test_beginning_twice_leads_to_the_one_paper(learner, client):
    assert begin(client) == begin(client)
    assert "Làm tiếp bài đang dở" in client.get(QUIZ).text


def test_a_double_click_begins_once(learner, client, app):
    cookie = client.get_cookie("lop_so").value

    def click(_number: int) -> str:
        own = app.test_client()
        own.set_cookie("lop_so", cookie)
        return own.post(QUIZ).location

    session.rollback()
    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(click, range(4)))) == 1


# Without script


def test_a_form_and_a_page_a_question_lead_to_the_result(learner, client):
    address = begin(client)
    page, requests = walk(client, address, options(view_of(address), right=True))
    assert heading(page).startswith("Đạt.")
    assert requests + 1 == 2 + 2 * 4
    progress = course_state(learner, outline := course_outline("khoa-thu"), outline.edition("member"))
    assert progress.modules[outline.modules[0].id].is_passed


def test_a_page_asked_for_by_number_holds_one_question(learner, client):
    address = begin(client)
    page = client.get(f"{address}?q=2").text
    assert page.count("<fieldset") == 1
    assert "Câu 2 trong 4" in page
    assert client.get(address).text.count("<fieldset") == 4


def test_what_was_answered_is_there_after_a_reload(learner, client):
    address = begin(client)
    answers = options(view_of(address), right=False)
    client.post(address, data={"q": 2, "question-2": answers["question-2"]})
    assert checked(client.get(f"{address}?q=2").text) == set(answers["question-2"])
    assert checked(client.get(address).text) == set(answers["question-2"])


def test_a_skipped_question_is_listed_before_handing_in(learner, client):
    address = begin(client)
    answers = options(view_of(address), right=True)
    del answers["question-2"]
    page, _ = walk(client, address, answers)
    assert heading(page) == "Còn 1 câu chưa trả lời"
    assert f"{address}?q=2" in page
    assert client.post(f"{address}/submit").location == f"{address}/result"
    assert view_of(address).points == 3


def test_a_question_gone_back_to_leads_on_to_the_next_without_an_answer(learner, client):
    address = begin(client)
    answers = options(view_of(address), right=True)
    for position in (1, 2):
        client.post(address, data={"q": position} | answers)
    assert client.post(address, data={"q": 1} | answers).location == f"{address}?q=3"
    client.post(address, data={"q": 3} | answers)
    assert client.post(address, data={"q": 4} | answers).location == f"{address}/result"


def test_the_last_missing_answer_leads_to_the_list_and_not_past_it(learner, client):
    address = begin(client)
    answers = options(view_of(address), right=True)
    for position in (1, 3, 4):
        client.post(address, data={"q": position} | answers)
    assert client.post(address, data={"q": 2} | answers).location == f"{address}?q=all"
    assert heading(client.get(f"{address}?q=all").text) == "Đã trả lời đủ 4 câu"
    assert view_of(address).closed_at is None


def test_an_old_page_sent_again_changes_the_answer_it_shows_and_no_other(learner, client):
    address = begin(client)
    old = hidden(client.get(address).text)
    right, wrong = options(view_of(address), right=True), options(view_of(address), right=False)
    client.post(address, data={"q": 1} | right)
    client.post(address, data={"q": 2} | right)
    client.post(address, data=old | {"q": 1} | wrong)
    chosen = [one.answer and one.answer["chosen"] for one in view_of(address).questions]
    assert chosen[:2] == [wrong["question-1"], right["question-2"]]
    client.post(address, data=old | {"q": 2})  # left empty: it was, when that page was made
    assert view_of(address).questions[1].answer is not None


def test_ticks_taken_away_are_taken_away(learner, client):
    address = begin(client)
    view = view_of(address)
    many = next(one for one in view.questions if one.question.kind == "multiple")
    client.post(address, data={"q": many.position} | options(view, right=True))
    page = client.get(f"{address}?q={many.position}").text
    client.post(address, data=hidden(page))
    assert many.position in view_of(address).unanswered


def test_a_refused_answer_shows_the_question_again(learner, client):
    address = begin(client)
    page = client.post(address, data={"q": 3, "question-3": "khong-co"})
    assert page.status_code == 422
    assert "Câu 3 trong 4" in page.text
    assert "Hãy chọn lại" in page.text


# With script


def test_a_save_a_tap_and_one_form_lead_to_the_result(learner, client):
    address = begin(client)
    fields = hidden(client.get(address).text)
    given: dict[str, list[str]] = {}
    for number, (name, chosen) in enumerate(options(view_of(address), right=True).items(), 1):
        given[name] = chosen
        answer = tap(client, address, fields | {name: chosen}, number)
        assert answer.json == {"fields": {"seen_step": str(number + 1)}}
        fields |= answer.json["fields"]
    last = fields | {"q": "4", "asked": "", "client_key": "tab:4"}  # all is saved: it brings no answer
    assert client.post(address, data=last).location == f"{address}/result"
    assert heading(client.get(f"{address}/result").text).startswith("Đạt.")
    assert view_of(address).step == 1 + 4 + 2


def test_the_last_form_brings_what_could_not_be_saved_before(learner, client):
    address = begin(client)
    fields = hidden(client.get(address).text)
    given = options(view_of(address), right=True)
    last = fields | given | {"q": "4", "client_key": "tab:3"}  # its three saves were lost on the way
    assert client.post(address, data=last).location == f"{address}/result"
    assert view_of(address).percent == 100


def test_a_save_sent_again_or_late_changes_nothing(learner, client):
    address = begin(client)
    fields = hidden(client.get(address).text)
    right, wrong = options(view_of(address), right=True), options(view_of(address), right=False)
    for number, given in ((1, wrong), (2, right), (2, right), (1, wrong)):
        assert tap(client, address, fields | given, number).status_code == 200
    view = view_of(address)
    assert options(view, right=True) == {one.name: one.answer["chosen"] for one in view.questions}
    assert len(steps_of(view.id)) == 1 + 2 * 4


def test_of_two_devices_the_one_behind_is_told_at_the_question_and_keeps_the_rest(learner, client):
    address = begin(client)
    fields = hidden(client.get(address).text)
    right, wrong = options(view_of(address), right=True), options(view_of(address), right=False)
    tap(client, address, fields | {"question-1": right["question-1"]}, 1, tab="one")
    behind = {"question-1": wrong["question-1"], "question-2": right["question-2"]}
    told = tap(client, address, fields | behind, 1, tab="two")
    assert (told.status_code, told.json["fields"], told.json["lost"]) == (200, {"seen_step": "3"}, [1])
    assert checked(told.json["questions"]["question-1"]) == set(right["question-1"])
    assert set(told.json["questions"]) == {"question-1"}
    seen = tap(client, address, fields | told.json["fields"] | behind, 2, tab="two")
    assert seen.json == {"fields": {"seen_step": "5"}}
    assert view_of(address).questions[0].answer == {"chosen": wrong["question-1"]}


def test_who_hands_in_without_having_seen_what_was_answered_elsewhere_is_led_to_the_list(learner, client):
    address = begin(client)
    fields = hidden(client.get(address).text)
    right, wrong = options(view_of(address), right=True), options(view_of(address), right=False)
    tap(client, address, fields | right, 1, tab="one")
    last = client.post(address, data=fields | wrong | {"q": "4", "client_key": "two:1"})
    assert last.location == f"{address}?q=all"
    assert "nơi khác" in client.get(last.location).text
    assert client.post(f"{address}/submit", data=fields).location == f"{address}?q=all"
    client.post(f"{address}/submit", data=hidden(client.get(f"{address}?q=all").text))
    assert view_of(address).percent == 100


def test_what_waits_on_a_phone_is_sent_by_its_owner_alone(learner, client):
    address = begin(client)
    own = client.get(f"{address}/answers", headers={"Accept": "application/json"})
    assert own.json["csrf_token"]
    sign_in(client, "Trần Văn Khác")
    assert client.get(f"{address}/answers").status_code == 404


# After


def test_a_double_submit_leads_to_the_same_result(learner, client):
    address = begin(client)
    for _ in range(2):
        assert client.post(f"{address}/submit").location == f"{address}/result"
    assert [step.kind for step in steps_of(view_of(address).id)] == ["started", "submitted", "graded"]


def test_a_closed_attempt_leads_to_its_result_from_everywhere(learner, client):
    address = begin(client)
    answers = options(view_of(address), right=True)
    client.post(f"{address}/submit")
    for page in (client.get(address), client.get(f"{address}?q=2"), client.post(address, data=answers)):
        assert page.location == f"{address}/result"
    late = tap(client, address, answers, 1)
    assert (late.status_code, late.json["result"]) == (409, f"{address}/result")
    assert "nộp" in late.json["message"]
    assert view_of(address).points == 0


def test_there_is_no_result_before_the_end(learner, client):
    address = begin(client)
    assert client.get(f"{address}/result").location == address


def test_what_one_was_not_sure_of_is_read_again_first_then_what_one_missed(learner, client):
    attempt = begin(client)
    view = view_of(attempt)
    right = options(view, right=True)
    first, second, third, fourth = right
    page, _ = walk(client, attempt, right | {second: ["unsure"], third: options(view, right=False)[third]})
    unsure, missed, known = (page.index(f'id="{place}"') for place in ("unsure", "missed", "known"))
    numbers = [name.removeprefix("question-") for name in (second, third, first, fourth)]
    places = [page.index(f"Câu {number}.") for number in numbers]
    assert unsure < places[0] < missed < places[1] < known < places[2] < places[3]
    assert "Bạn chưa chắc" in page[unsure:missed]
    assert "Chưa đúng" in page[missed:known]


def test_what_was_wrong_comes_first_and_open_with_why_and_where_to_read(learner, client):
    address = begin(client)
    view = view_of(address)
    wrong = options(view, right=False)["question-3"]
    page, _ = walk(client, address, options(view, right=True) | {"question-3": wrong})
    assert heading(page).startswith("Chưa đạt")
    shown = re.findall(r'<details class="disclosure"( open)?>.*?Câu (\d)\.', page, re.DOTALL)
    assert shown == [(" open", "3"), ("", "1"), ("", "2"), ("", "4")]
    assert "Bạn chọn, chưa đúng" in page
    assert page.count("Giải thích kín") == 4
    assert 'href="/courses/khoa-thu/dau/mot#phan-dau"' in page


@pytest.mark.parametrize(
    ("show", "right", "is_told"),
    [
        ("after-attempt", False, True),
        ("after-pass", False, False),
        ("after-pass", True, True),
        ("never", True, False),
    ],
)
def test_right_answers_are_shown_when_the_quiz_allows(publish, client, show, right, is_told):
    publish(show=show)
    sign_in(client)
    address = begin(client)
    page, _ = walk(client, address, options(view_of(address), right=right))
    assert any(words in page for words in UNTOLD) == is_told
    assert ("answer flat right" in page) == is_told
    assert "Đáp án" in page  # the own answers, always


def test_the_pause_and_the_last_attempt_are_told_and_kept(publish, client, noon):
    publish(attempts=2, wait="10m")
    sign_in(client)
    client.post(f"{begin(client)}/submit")
    assert "Làm lại được từ" in client.get(QUIZ).text
    assert client.post(QUIZ).status_code == 409
    noon.at += 10 * MINUTE
    client.post(f"{begin(client)}/submit")
    assert "Đã dùng hết số lượt" in client.get(QUIZ).text
    noon.at += 10 * MINUTE
    assert client.post(QUIZ).status_code == 409


def test_when_time_is_up_what_was_answered_counts_whoever_comes_by(publish, client, noon):
    publish(minutes=10, wait="30m")
    sign_in(client)
    address = begin(client)
    answers = options(view_of(address), right=True)
    assert "Nộp trước" in client.get(address).text
    tap(client, address, answers, 1)
    noon.at += 13 * MINUTE
    late = tap(client, address, options(view_of(address), right=False), 2)
    assert late.status_code == 409
    assert "Đã đạt, cao nhất 100%" in client.get(QUIZ).text
    assert client.get(address).location == f"{address}/result"
    assert view_of(address).closed_at == NOON + 10 * MINUTE


def test_when_time_is_up_what_was_tapped_in_time_still_arrives_and_nothing_else_does(publish, client, noon):
    publish(minutes=10)
    sign_in(client)
    address = begin(client)
    answers, fields = options(view_of(address), right=True), hidden(client.get(address).text)
    tapped = {"tapped": int((NOON + 9 * MINUTE).timestamp() * 1000)}
    noon.at += 11 * MINUTE
    assert heading(client.get(address).text) == "Hết giờ làm bài"
    assert tap(client, address, fields | answers, 1).status_code == 409
    assert tap(client, address, fields | answers | tapped, 2).status_code == 200
    assert client.post(address, data={"q": 1} | options(view_of(address), right=False)).status_code == 302
    client.post(f"{address}/submit", data=hidden(client.get(address).text))
    view = view_of(address)
    assert (view.percent, view.closed_at) == (100, NOON + 10 * MINUTE)


def test_an_attempt_out_of_time_does_not_bar_the_next_one(publish, client, noon):
    publish(minutes=10, wait="30m")
    sign_in(client)
    address = begin(client)
    noon.at += 25 * MINUTE
    assert begin(client) == address  # from a page opened long ago
    assert client.get(address).location == f"{address}/result"
    assert client.post(QUIZ).status_code == 409
    noon.at += 15 * MINUTE
    assert begin(client) not in (None, address)


def test_every_attempt_can_be_looked_at_again(learner, client, noon):
    done = []
    for _ in range(3):
        address = begin(client)
        client.post(f"{address}/submit", data=hidden(client.get(address).text))
        done.append(address)
        noon.at += 60 * MINUTE
    page = client.get(QUIZ).text
    assert all(f'href="{address}/result"' in page for address in done)
    assert "Các lần làm trước (2)" in page
    assert "Lần 1, 12:00" in page
    assert client.get(f"{done[0]}/result").status_code == 200
