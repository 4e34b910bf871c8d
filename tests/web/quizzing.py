"""Taking a quiz in tests, as a browser without script does and as the script does."""

import re

from flask.testing import FlaskClient

from lms.foundation.db import session, transaction
from lms.foundation.events import announce
from lms.people.events import PersonJoinedTeam
from lms.quiz.models import Attempt
from lms.quiz.paper import AttemptView
from lms.quiz.queries import attempt_of
from tests import make
from tests.times import NOON

QUIZ = "/courses/khoa-thu/dau/quiz"
QUESTION = """
## Câu hỏi {n} có `<b>` không? {{#cau-{n}}}

? Gợi ý {n}

- ( ) Đáp án một
  > Lời riêng A{n}
- (x) Đáp án hai
  > Lời riêng B{n}
- ( ) Đáp án ba

> Giải thích kín {n}. Đọc lại [bài một](01-mot.md#phan-dau).
"""
MANY = """
## Chọn số chẵn {#so-chan}

- [x] Số hai
- [x] Số bốn
- [ ] Số ba
  > Lời riêng về số ba

> Giải thích kín về số chẵn.
"""
STRANGE = ["", "0", "-1", "99", "9" * 400, "²", "all ", "\x00", "\u202e", "'", "<b>", "\ud800", "ẫ" * 2000]
UNTOLD = ("Lời riêng", "Giải thích kín")  # what the author says to answers


def sign_in(client: FlaskClient, name: str = "Nguyễn Thị Hạnh") -> int:
    with transaction():
        team = make.team()
        person_id = make.member(team, name).id
        announce(PersonJoinedTeam(person_id, team.id, NOON))
    make.signed_in(client, person_id)
    return person_id


def begin(client: FlaskClient) -> str:
    return client.post(QUIZ).location


def view_of(address: str) -> AttemptView:
    session.rollback()
    attempt_id = int(re.findall(r"\d+", address)[0])
    return attempt_of(session.get_one(Attempt, attempt_id).person_id, attempt_id)


def options(view: AttemptView, *, right: bool) -> dict[str, list[str]]:
    """Form fields: the right answers everywhere, or one wrong answer each."""
    chosen = {
        one.name: [option.id for option in one.question.options if option.right == right]
        for one in view.questions
    }
    return chosen if right else {name: ids[:1] for name, ids in chosen.items()}


def hidden(page: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))


def checked(page: str) -> set[str]:
    return set(re.findall(r'value="([^"]+)" checked', page))


def heading(page: str) -> str:
    return re.findall(r"<h1[^>]*>(.*?)</h1>", page, re.DOTALL)[0].strip()


def walk(client: FlaskClient, address: str, answers: dict[str, list[str]]) -> tuple[str, int]:
    """Answer question by question as a browser without script; the last page and the number of requests."""
    page, requests = client.get(address), 1
    while 'id="answer-form"' in page.text:
        fields = hidden(page.text)
        name = f"question-{fields['q']}"
        answer = client.post(address, data=fields | {name: answers.get(name, [])})
        assert answer.status_code == 302
        page, requests = client.get(answer.location), requests + 2
    return page.text, requests


def tap(client: FlaskClient, address: str, fields: dict[str, object], number: int, tab: str = "tab"):
    """A save as the script sends it: the questions tapped, and no other, in the name of the tab."""
    asked = " ".join(name.removeprefix("question-") for name in fields if name.startswith("question-"))
    return client.post(
        f"{address}/answers",
        data=fields | {"asked": asked, "client_key": f"{tab}:{number}"},
        headers={"Accept": "application/json"},
    )
