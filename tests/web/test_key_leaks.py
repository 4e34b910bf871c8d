"""What is typed, ordered, matched or filled in: no page, refusal or save tells the key before its time."""

import re
from datetime import timedelta

import pytest

from lms.quiz.paper import AttemptView, PaperQuestion
from tests import make
from tests.conftest import every_database
from tests.courses import LESSON
from tests.times import NOON
from tests.web.quizzing import UNTOLD, begin, hidden, sign_in, tap, view_of
from tests.web.test_quiz_payloads import payloads

pytestmark = every_database
QUESTIONS = """
= {short}
  > Lời riêng về chữ.
=~ {other}

> Giải thích kín một.
---
=# {number} ± {tolerance}
  > Lời riêng về số.

> Giải thích kín hai.
---
1) Bước {first}
  > Lời riêng về bước.
2) Bước {second}
3) Bước {third}
4) Bước {fourth}

> Giải thích kín ba.
---
- Việc này :: Số {first}
  > Lời riêng về cặp.
- Việc kia :: Số {second}
- :: Số {third}

> Giải thích kín bốn.
---
```gaps
Gọi [[{short}|{other}]], không đọc [[*mã {first}|mã {second}|mã {third}]] cho ai.
```

> Giải thích kín năm.
"""
ONE = {
    "short": "kín đáo",
    "other": "giữ kín",
    "number": "987.654",
    "tolerance": "0,25",
    "first": "An",
    "second": "Bình",
    "third": "Chi",
    "fourth": "Dũng",
}
TURNED = {
    "short": "một câu trả lời kín dài hơn hẳn",
    "other": "kín",
    "number": "-3",
    "tolerance": "12.345",
    "first": "Chi",
    "second": "An",
    "third": "Bình",
    "fourth": "Dũng",
}
KEYS = ("kín đáo", "giữ kín", "câu trả lời kín", "987", "0,25", "12.345")
VERDICTS = r"verdict|class=\"(right|wrong)\"|gap-answer|answer flat"
_OF_THIS_ONE = re.compile(
    r'/attempts/\d+|name="opened" value="[^"]+"|csrf_token"(?: value=|: ?)"[^"]+"|\d+:\d+:\d+'
    r'|data-(?:now|owner)="\d+"'
)


def quiz_text(words: dict[str, str]) -> str:
    blocks = QUESTIONS.format(**words).split("---")
    return "".join(f"\n## Câu {n}? {{#cau-{n}}}\n{block}" for n, block in enumerate(blocks, 1))


def lesson_text(words: dict[str, str]) -> str:
    blocks = QUESTIONS.format(**words).split("---")
    checks = (f"\n/// check | hoi-{n}\nCâu {n}?\n{block}///\n" for n, block in enumerate(blocks, 1))
    return LESSON.format(slug="mot") + "".join(checks)


def answered(one: PaperQuestion) -> list[str]:
    """What a browser sends of some answer that is the same whatever the key is."""
    first = one.options[0] if one.options else ""
    return {
        "short": ["abc"],
        "number": ["5"],
        "ordering": [f"{id_}.{place}" for place, id_ in enumerate(one.options, 1)],
        "matching": [f"{pair.left_id}.{first}" for pair in getattr(one.question, "pairs", ())],
        "gaps": ["abc", first],
    }[one.question.kind]


def sent(client, address: str) -> list[str]:
    """Everything that is sent while the paper is sat, strange and half answers among it."""
    view: AttemptView = view_of(address)
    given = {one.name: answered(one) for one in view.questions}
    pages = payloads(client, address, given)
    fields = hidden(client.get(address).text)
    strange = {one.name: ["khong.co", "lạ", "unsure"] for one in view.questions}
    half = {one.name: answered(one)[:1] for one in view.questions}
    answers = [tap(client, address, fields | some, n, tab="x") for n, some in enumerate((strange, half), 1)]
    answers += [client.post(address, data=strange | {"q": n}) for n in range(1, 6)]
    return pages + [f"{page.status_code}\n{page.text}" for page in answers]


@pytest.mark.parametrize("show", ["after-attempt", "never"])
def test_nothing_sent_before_the_end_tells_a_key(publish, client, show):
    publish(quiz_text(ONE), show=show)
    sign_in(client)
    for page in sent(client, begin(client)):
        assert not [words for words in (*KEYS, *UNTOLD) if words in page]
        assert not re.search(VERDICTS, page)


def test_nothing_sent_before_the_end_depends_on_the_key(publish, client, noon):
    """Other keys of other lengths, orders and pairs make the same pages, byte for byte."""
    told = []
    for words in (ONE, TURNED):
        noon.at += timedelta(minutes=1)
        publish(quiz_text(words), shuffle="none")
        sign_in(client)
        told.append([_OF_THIS_ONE.sub("", page) for page in sent(client, begin(client))])
    assert told[0] == told[1]


def test_a_lesson_that_asks_tells_nothing_that_depends_on_the_key(app, client, tmp_path):
    told = []
    for minute, words in enumerate((ONE, TURNED)):
        make.course(tmp_path, {"01-dau/01-mot.md": lesson_text(words)}, at=NOON + timedelta(minutes=minute))
        page = client.get("/courses/khoa-thu/dau/mot").text
        assert page.count("check-question") == 5
        assert not [words for words in (*KEYS, *UNTOLD) if words in page]
        told.append(_OF_THIS_ONE.sub("", page))
    assert told[0] == told[1]
