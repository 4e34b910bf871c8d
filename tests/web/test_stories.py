"""Signs and stories at the door: replied by forms and by the script, told step by step and never further."""

import re

import pytest
from flask.testing import FlaskClient

from lms.quiz.queries import steps_of
from tests.conftest import every_database
from tests.web.quizzing import STRANGE, begin, heading, hidden, sign_in, tap, view_of
from tests.web.stories import FURTHER, STORY, draw_picture, quiz_text

pytestmark = every_database
ONLY_STORY = STORY.format(one=100, half=50, two=0)


@pytest.fixture
def address(publish, client, tmp_path) -> str:
    """An attempt at a quiz of a text, a picture and a story, in this order."""
    draw_picture(tmp_path)
    publish(quiz_text(), shuffle="none")
    sign_in(client)
    return begin(client)


def told(page: str) -> list[str]:
    """What of the story's later parts stands in a page."""
    return [words for words in FURTHER if words in page]


def reply(page: str, words: str) -> dict[str, str]:
    """The fields of the page's form, with the reply that reads like this chosen and sent."""
    (value,) = re.findall(rf'value="(\w+)" data-reply><span>{re.escape(words)}', page)
    (button,) = re.findall(r'name="reply_to" value="([\w-]+)"', page)
    return hidden(page) | {button: value, "reply_to": button}


def post(client: FlaskClient, address: str, words: str) -> str:
    """Give this reply as a browser without script; the page it leads to."""
    answer = client.post(address, data=reply(client.get(f"{address}?q=3").text, words))
    assert answer.location == f"{address}?q=3"
    return client.get(answer.location).text


def path_of(address: str) -> list[str]:
    answer = view_of(address).questions[2].answer
    return answer["path"] if answer else []


# Without script


def test_a_story_goes_on_form_by_form_and_tells_nothing_before_its_time(address, client):
    assert told(client.get(address).text) == []
    assert "Đáp lời này" in client.get(f"{address}?q=3").text
    page = post(client, address, "Anh ở xã nào?")
    assert told(page) == ["ấp úng", "cài ứng dụng"]
    assert told(client.get(address).text) == ["ấp úng", "cài ứng dụng"]
    page = post(client, address, "Tôi tắt máy.")
    assert told(page) == ["ấp úng", "cài ứng dụng", "Máy im lặng", "còn nguyên"]
    assert "Chuyện kết thúc ở đây." in page
    assert "Đáp lời này" not in page
    assert "Lời riêng" not in page


def test_a_whole_quiz_of_signs_and_stories_is_passed_by_forms(address, client):
    for position in (1, 2):
        fields = hidden(client.get(f"{address}?q={position}").text)
        one = view_of(address).questions[position - 1]
        client.post(address, data=fields | {one.name: one.question.model_answer()["chosen"]})
    post(client, address, "Anh ở xã nào?")
    page = post(client, address, "Tôi tắt máy.")
    assert client.post(address, data=hidden(page)).location == f"{address}/result"
    page = client.get(f"{address}/result").text
    assert heading(page).startswith("Đạt.")
    for words in ("Tìm đúng", "Kết này được 100% số điểm.", "Lời riêng: tắt máy.", "Lời riêng về địa chỉ"):
        assert words in page
    assert "Tiền mất sạch" not in page


def test_going_back_and_replying_otherwise_is_refused_and_the_story_stands(address, client):
    old = client.get(f"{address}?q=3").text
    post(client, address, "Anh ở xã nào?")
    answer = client.post(address, data=reply(old, "Số của tôi đây."))
    assert answer.location == f"{address}?q=3"
    page = client.get(answer.location).text
    assert "không đổi lại được" in page
    assert told(page) == ["ấp úng", "cài ứng dụng"]
    assert len(path_of(address)) == 1


def test_a_double_click_replies_once_and_shows_what_came_of_it(address, client):
    fields = reply(client.get(f"{address}?q=3").text, "Anh ở xã nào?")
    for _ in range(2):
        assert client.post(address, data=fields).location == f"{address}?q=3"
    assert [step.kind for step in steps_of(view_of(address).id)] == ["started", "saved"]


def test_an_old_page_of_another_question_does_not_shorten_the_story(address, client):
    old = hidden(client.get(address).text)
    post(client, address, "Anh ở xã nào?")
    client.post(address, data=old | {"q": 3})
    client.post(address, data=old | {"q": 3, "question-3": "unsure"})
    assert len(path_of(address)) == 1


def test_a_story_left_open_is_passed_over_and_counts_as_unanswered(address, client):
    post(client, address, "Anh ở xã nào?")
    answer = client.post(address, data=hidden(client.get(f"{address}?q=3").text))
    assert answer.location == f"{address}?q=all"
    assert heading(client.get(answer.location).text) == "Còn 3 câu chưa trả lời"
    client.post(f"{address}/submit")
    assert view_of(address).points == 0
    assert "Chuyện chưa tới kết" in client.get(f"{address}/result").text


def test_a_doubt_in_the_middle_is_kept_beside_the_path(address, client):
    page = post(client, address, "Anh ở xã nào?")
    client.post(address, data=hidden(page) | {"question-3": "unsure", "reply_to": "question-3"})
    one = view_of(address).questions[2]
    assert (one.is_unsure, one.is_finished, len(one.answer["path"])) == (True, True, 1)
    post(client, address, "Tôi tắt máy.")
    assert not view_of(address).questions[2].is_unsure


@pytest.mark.parametrize("show", ["after-pass", "never"])
def test_where_answers_are_not_shown_the_result_names_replies_alone(publish, client, show):
    publish(ONLY_STORY, show=show)
    sign_in(client)
    address = begin(client)
    for words in ("Anh ở xã nào?", "Tôi cài luôn."):
        client.post(address, data=reply(client.get(f"{address}?q=1").text, words))
    client.post(f"{address}/submit")
    page = client.get(f"{address}/result").text
    assert "Anh ở xã nào? → Tôi cài luôn." in page
    assert "Lời riêng" not in page
    assert told(page) == []


# With script


def send(
    client: FlaskClient, address: str, page: str, words: str, number: int, tab: str = "tab", **more: str
):
    """Reply as the script does."""
    (value,) = re.findall(rf'value="(\w+)" data-reply><span>{re.escape(words)}', page)
    return tap(
        client, address, hidden(page) | {"question-3": value, "reply_to": "question-3"} | more, number, tab
    )


def test_a_reply_that_is_only_tapped_is_none(address, client):
    page = client.get(address).text
    saved = send(client, address, page, "Anh ở xã nào?", 1, reply_to="question-1")
    assert saved.json == {"fields": {"seen_step": "2"}}
    assert path_of(address) == []


def test_to_the_script_comes_the_story_as_it_goes_on_and_no_other_question(address, client):
    sent = send(client, address, client.get(address).text, "Anh ở xã nào?", 1)
    assert sent.json["fields"] == {"seen_step": "2"}
    ((name, html),) = sent.json["questions"].items()
    assert name == "question-3"
    assert html.lstrip().startswith('<section class="stack" data-question id="question-3"')
    assert told(html) == ["ấp úng", "cài ứng dụng"]
    assert "tin nhắn" not in html


def test_a_reply_whose_answer_got_lost_may_be_sent_again_in_any_way(address, client):
    page = client.get(address).text
    first = send(client, address, page, "Anh ở xã nào?", 1)
    for number in (1, 2):
        again = send(client, address, page, "Anh ở xã nào?", number)
        assert again.json["questions"] == first.json["questions"]
    assert len(steps_of(view_of(address).id)) == 3
    assert send(client, address, page, "Số của tôi đây.", 3).status_code == 409
    assert len(path_of(address)) == 1


def test_of_two_devices_in_one_story_the_one_behind_is_told(address, client):
    page = client.get(address).text
    send(client, address, page, "Anh ở xã nào?", 1, tab="one")
    for number, (words, lost) in enumerate((("Anh ở xã nào?", None), ("Số của tôi đây.", [3])), 1):
        behind = send(client, address, page, words, number, tab="two")
        assert (behind.status_code, behind.json.get("lost")) == (200, lost)
        assert told(behind.json["questions"]["question-3"]) == ["ấp úng", "cài ứng dụng"]
    assert len(path_of(address)) == 1


@pytest.mark.parametrize("field", ["question-3-path", "question-3", "reply_to", "question-2", "question-1"])
def test_strange_input_breaks_nothing_and_shortens_no_story(address, client, field):
    page = post(client, address, "Anh ở xã nào?")
    for number, strange in enumerate(STRANGE, 1):
        typed = strange.encode("utf-8", "surrogatepass")
        form = hidden(page) | {"q": "3", "reply_to": "question-3", "client_key": f"x:{number}", field: typed}
        for path in ("", "/answers"):
            assert client.post(f"{address}{path}", data=form).status_code in (200, 302, 409, 422)
    assert len(path_of(address)) == 1


def test_a_path_nobody_was_shown_is_refused(address, client):
    for path in ("khong-co", "a b c", "<b>", "x " * 500):
        form = hidden(client.get(address).text) | {"question-3-path": path, "question-3": "x", "q": "3"}
        assert tap(client, address, form | {"reply_to": "question-3"}, 1).status_code == 422
        assert client.post(address, data=form | {"reply_to": "question-3"}).status_code == 422
    assert path_of(address) == []
