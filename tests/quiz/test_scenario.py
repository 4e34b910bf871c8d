"""Branching stories: how they are written, what of them is shown when, and that no reply is untaken."""

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.quiz.question import UNSURE, Answer, AnswerStands
from lms.quiz.types.scenario import Scenario
from tests.quiz.fields import sent
from tests.quiz.test_types import question, read

STORY = """```scenario
# Cuộc gọi
9 giờ sáng, điện thoại reo.

Người gọi: Tôi là <công an>.
Bà đọc số **căn cước** đi.

- Anh ở công an xã nào,
  cho tôi xin `họ tên`? → hỏi lại
  > Người gọi ấp úng,
  > rồi giục.
- Số của tôi đây. -> Mất số

# Hỏi lại
Người gọi: Bà cài ứng dụng tôi gửi.
- Tôi cài luôn. -> Mất tiền
  > Màn hình tối đen.
- Tôi tắt máy, tự gọi lại. -> An toàn

# An toàn = 100%
Công an xã trả lời: không ai gọi bà.
> Tắt máy trước,
> rồi tự gọi lại số mình biết.

# Mất số = 50 %
Có người vay tiền bằng tên bà.
> Số căn cước không đọc qua điện thoại.

# Mất tiền = 0%
Tài khoản trống trơn.
> Không cài ứng dụng lạ.
```"""
ASKED: Scenario = question(STORY)
ASK, TELL, INSTALL, HANG_UP = ASKED.option_ids


def path(*replies: str) -> Answer:
    return {"path": list(replies)}


def ask(saved: Answer | None, of: Scenario = ASKED) -> str:
    return str(of.ask(of.option_ids, saved, "q"))


def words(html: str) -> list[str]:
    """The turns of a conversation, one a line."""
    turns = re.findall(r"<li.*?>(.*?)</li>", html, re.DOTALL)
    return [re.sub(r"<[^>]+>", "", turn.replace("</span>", ": ")) for turn in turns]


# What is shown.


def test_a_story_begins_with_its_first_step_and_shows_nothing_further() -> None:
    html = ask(None)
    assert words(html) == [
        "9 giờ sáng, điện thoại reo.",
        "Người gọi: Tôi là &lt;công an&gt;. Bà đọc số căn cước đi.",
    ]
    assert re.findall(r'value="(\w+)" data-reply', html) == [ASK, TELL]
    for later in (INSTALL, HANG_UP, "ấp úng", "ứng dụng", "xã trả lời", "Tắt máy trước", "50", "100", "%"):
        assert later not in html


def test_it_goes_on_by_what_was_replied() -> None:
    html = ask(path(ASK))
    assert words(html)[2:] == [
        "Lời đáp của bạn: Anh ở công an xã nào, cho tôi xin họ tên?",
        "Chuyện xảy ra: Người gọi ấp úng, rồi giục.",
        "Người gọi: Bà cài ứng dụng tôi gửi.",
    ]
    assert re.findall(r'value="(\w+)" data-reply', html) == [INSTALL, HANG_UP]
    assert "Màn hình tối đen" not in html
    assert TELL not in html
    assert sent(html) == {"q-path": [ASK]}


def test_its_end_is_told_without_points_and_lesson() -> None:
    html = ask(path(ASK, INSTALL))
    assert words(html)[-2:] == ["Chuyện xảy ra: Màn hình tối đen.", "Tài khoản trống trơn."]
    assert "Chuyện kết thúc ở đây." in html
    assert "data-reply" not in html
    assert "unsure" not in html
    assert "Không cài ứng dụng lạ" not in html
    assert "%" not in html


def test_a_paper_shuffles_the_replies_of_a_step() -> None:
    html = str(ASKED.ask([HANG_UP, TELL, INSTALL, ASK], None, "q"))
    assert re.findall(r'value="(\w+)" data-reply', html) == [TELL, ASK]


def test_what_is_asked_does_not_depend_on_what_endings_earn() -> None:
    turned = question(STORY.replace("= 100%", "= 5%").replace("= 0%", "= 100%"))
    for saved in (None, path(ASK), path(ASK, HANG_UP), path(TELL)):
        assert ask(saved, turned) == ask(saved)


@pytest.mark.parametrize(
    ("replies", "state", "percent"),
    [((ASK, HANG_UP), "correct", 100), ((TELL,), "missed", 50), ((ASK, INSTALL), "mistaken", 0)],
)
def test_a_result_says_in_words_what_the_ending_earned_and_teaches(
    replies: tuple[str, ...], state: str, percent: int
) -> None:
    html = str(ASKED.reveal(ASKED.option_ids, path(*replies)))
    assert f'<p class="verdict {state}">' in html
    assert f"Kết này được {percent}% số điểm." in html
    assert ("Một ngả được trọn điểm" in html) == (percent < 100)
    assert "Điều rút ra" in html
    assert "Tắt máy trước, rồi tự gọi lại số mình biết." in html


@pytest.mark.parametrize("answer", [None, UNSURE, path(ASK), {**path(ASK), **UNSURE}])
def test_a_story_not_told_to_its_end_earns_nothing_and_says_so(answer: Answer | None) -> None:
    assert ASKED.grade(answer) == 0.0
    assert "Chuyện chưa tới kết" in ASKED.reveal(ASKED.option_ids, answer)


def test_answers_can_be_said_in_plain_text() -> None:
    assert ASKED.right_answer() == "Anh ở công an xã nào, cho tôi xin họ tên? → Tôi tắt máy, tự gọi lại."
    assert ASKED.answer_text(path(TELL)) == "Số của tôi đây."
    assert ASKED.answer_text({**path(ASK), **UNSURE}).endswith("? → Tôi không chắc")
    assert [said.source for said in ASKED.feedback_for(path(ASK, HANG_UP))] == [
        "Người gọi ấp úng, rồi giục.",
        "Tắt máy trước, rồi tự gọi lại số mình biết.",
    ]


# What is taken for a reply.


def test_a_reply_counts_only_when_the_storys_own_button_sent_it() -> None:
    form = {"q-path": [ASK], "q": [HANG_UP]}
    assert ASKED.read_answer("q", form) == path(ASK)
    assert ASKED.read_answer("q", {**form, "reply_to": ["q-2"]}) == path(ASK)
    assert ASKED.read_answer("q", {**form, "reply_to": ["q"]}) == path(ASK, HANG_UP)
    assert ASKED.read_answer("q", {"q": [ASK]}) is None


def test_a_doubt_is_saved_at_once_and_keeps_the_path() -> None:
    doubt = {**path(ASK), **UNSURE}
    assert ASKED.read_answer("q", {"q-path": [ASK], "q": ["unsure"]}) == doubt
    assert ASKED.is_finished(doubt)
    assert sent(ask(doubt)) == {"q-path": [ASK], "q": ["unsure"]}


@pytest.mark.parametrize(
    "answer",
    [
        path(),
        path("lạ"),
        path(HANG_UP),
        path(ASK, TELL),
        path(ASK, HANG_UP, ASK),
        {**path(TELL), **UNSURE},
        {"path": ASK},
        {"path": [{}]},
        {"path": [ASK], "other": 1},
        {"path": [ASK], "unsure": False},
        {"chosen": [ASK]},
        {},
    ],
)
def test_a_path_there_is_not_is_refused_in_words(answer: Answer) -> None:
    assert str(ASKED.answer_problem(answer)).startswith("Lời đáp đã gửi không có")


@pytest.mark.parametrize(
    ("saved", "sent_now", "stands"),
    [
        (None, path(ASK), path(ASK)),
        (path(ASK), path(ASK, HANG_UP), path(ASK, HANG_UP)),
        (path(ASK), path(ASK), path(ASK)),
        (path(ASK, HANG_UP), path(ASK), path(ASK, HANG_UP)),
        (path(ASK), None, path(ASK)),
        (path(ASK), UNSURE, path(ASK)),
        (path(ASK), {**path(ASK), **UNSURE}, {**path(ASK), **UNSURE}),
        ({**path(ASK), **UNSURE}, path(ASK, INSTALL), path(ASK, INSTALL)),
        (UNSURE, None, None),
    ],
)
def test_a_path_only_grows(saved: Answer | None, sent_now: Answer | None, stands: Answer | None) -> None:
    assert ASKED.kept(saved, sent_now) == stands


@pytest.mark.parametrize(
    ("saved", "other"), [(path(ASK), path(TELL)), (path(ASK, INSTALL), path(ASK, HANG_UP))]
)
def test_a_reply_cannot_be_taken_back(saved: Answer, other: Answer) -> None:
    with pytest.raises(AnswerStands):
        ASKED.kept(saved, other)


def test_it_is_finished_once_it_has_ended() -> None:
    finished = [ASKED.is_finished(answer) for answer in (None, path(ASK), path(TELL), path(ASK, HANG_UP))]
    assert finished == [False, False, True, True]


def test_consequences_and_lessons_may_be_mended_and_the_story_may_not() -> None:
    for mended in (("ấp úng", "ngập ngừng"), ("Tắt máy trước", "Cúp máy"), ("# Hỏi lại", "# hỏi  lại")):
        assert question(STORY.replace(*mended)).revision == ASKED.revision
    for changed in (("9 giờ", "8 giờ"), ("= 0%", "= 1%"), ("Số của tôi đây", "Đây")):
        assert question(STORY.replace(*changed)).revision != ASKED.revision


# How it is written.

END = "# Hết = 100%\nHết chuyện.\n> Điều.\n"
TWO = "- a -> Hết\n- b -> Hết\n"
LONG = "".join(f"# {n}\nKể.\n- a -> {n + 1}\n- b -> Hết\n" for n in range(41)) + f"# 41\nKể.\n{TWO}{END}"
CIRCLE = "Chuyện đi vòng, không bao giờ tới kết."


@pytest.mark.parametrize(
    ("inside", "line", "message"),
    [
        ("", 1, "Tình huống chưa có bước nào."),
        (f"Chữ.\n# A\nKể.\n{TWO}{END}", 2, "Chuyện bắt đầu bằng tên của bước đầu."),
        (f"#\nKể.\n{TWO}{END}", 2, "Bước chưa có tên."),
        (f"# A\nKể.\n{TWO}# a\nKể.\n{TWO}{END}", 6, "Hai bước trùng tên."),
        (f"# A\n{TWO}{END}", 2, "Bước chưa có lời kể."),
        (f"# A\nKể.\n- a -> Hết\n{END}", 2, "Bước cần từ 2 đến 6 lời đáp. Bước kết thì ghi điểm sau tên."),
        (f"# A\nKể.\n{TWO}{END}# B\nKể.", 9, "Bước cần từ 2 đến 6 lời đáp. Bước kết thì ghi điểm sau tên."),
        (f"# A\nKể.\n{TWO}{END}{TWO}", 9, "Bước kết không có lời đáp."),
        (f"# A\nKể.\n{TWO}> Điều.\n{END}", 6, "Chỉ bước kết mới có điều rút ra."),
        (f"# A\nKể.\n{TWO}# Hết = 100%\nHết.", 6, "Bước kết chưa có điều rút ra."),
        (f"# A\nKể.\n{TWO}{END.replace('100', '101')}", 6, "Điểm của bước kết là từ 0% đến 100%."),
        (f"# A\nKể.\n{TWO}{END.replace('100%', '-5%')}", 6, "Điểm của bước kết là từ 0% đến 100%."),
        (f"# A\nKể.\n{TWO}{END.replace('100%', 'tốt')}", 6, "Điểm của bước kết là từ 0% đến 100%."),
        (f"# A\nKể.\n{TWO}{END.replace('100%', '')}", 6, "Điểm của bước kết là từ 0% đến 100%."),
        (f"# A\nKể.\n- a\n- b -> Hết\n{END}", 4, "Lời đáp chưa nói dẫn tới bước nào."),
        (f"# A\nKể.\n- a -> Hét to\n- b -> Hết\n{END}", 4, "Không có bước này."),
        (f"# A\nKể.\n- a -> Hết\n- a -> Hết\n{END}", 5, "Hai đáp án giống hệt nhau."),
        (f"# A\nKể.\n- -> Hết\n{TWO}{END}", 4, "Đáp án chưa có chữ."),
        (f"# A\nKể.\n{TWO}Kể tiếp.\n{END}", 6, "Lời kể đứng trước lời đáp và điều rút ra."),
        (f"# A\nKể.\n{TWO}# B\nKể.\n{TWO}{END}", 6, "Không lời đáp nào dẫn tới bước này."),
        (f"# A\nKể.\n{TWO}{END}# Khác = 0%\nKể.\n> Điều.", 9, "Không lời đáp nào dẫn tới bước này."),
        (f"# A\nKể.\n- a -> A\n- b -> Hết\n{END}", 4, CIRCLE),
        (f"# A\nKể.\n- a -> B\n- b -> Hết\n# B\nKể.\n{TWO}- c -> A\n{END}", 10, CIRCLE),
        ("# A\nKể.\n- a -> A\n- b -> A", 2, "Chuyện chưa có kết."),
        (f"# A\nKể.\n{TWO}{END.replace('100', '99')}", 2, "Không ngả nào được trọn điểm."),
        (LONG, 162, "Một tình huống có nhiều nhất 40 bước."),
    ],
)  # fmt: skip
def test_a_story_written_wrong_is_told_with_its_line(inside: str, line: int, message: str) -> None:
    block = f"```scenario\n{inside}\n```" if inside else "```scenario\n```"
    assert (line, message) in read(block)[1]


def test_names_of_steps_are_compared_as_they_sound() -> None:
    assert question(STORY.replace("-> Mất số", "-> MẤT  SỐ")) == ASKED


def test_who_speaks_and_what_is_told_are_told_apart() -> None:
    asked: Any = question(STORY.replace("9 giờ sáng, điện", "Lúc 9 giờ\\: điện"))
    passages = asked.steps[0].passages
    assert [one.speaker for one in passages] == ["", "Người gọi"]
    assert passages[0].words.html == "Lúc 9 giờ: điện thoại reo."


_LINES = [
    "# A", "# B", "# C = 100%", "# D = 40%", "# E = 400%", "#", "Kể.", "Ai: nói.", "- a -> A", "- b -> B",
    "- c -> C", "- d -> D", "- e -> C", "- f", "  > sao", "  nối", "> điều", "", "# A = 0%", "\t", "**",
]  # fmt: skip


@given(
    st.lists(st.sampled_from(_LINES), max_size=14).map("\n".join)
    | st.lists(st.sampled_from([*_LINES[8:12], "  > sao", "- e -> C"]), max_size=4).map(
        lambda some: "\n".join(
            ["# A", "Kể.", "- x -> C", *some, "# B", "Kể.", "- y -> C", "- z -> D", *_ENDS]
        )
    ),
    st.data(),
)
@settings(max_examples=400, deadline=None)
def test_any_story_is_a_question_or_has_a_reason_not_to_be(inside: str, given: st.DataObject) -> None:
    asked, told = read(f"```scenario\n{inside}\n```")
    assert (asked is None) == bool(told)
    if asked is None:
        return
    assert asked.grade(asked.model_answer()) == 1.0
    answer: Answer | None = None
    while not asked.is_finished(answer):
        html = asked.ask(asked.option_ids, answer, "q")
        reply = given.draw(st.sampled_from(re.findall(r'value="(\w+)" data-reply', html)))
        said = asked.read_answer("q", {**sent(html), "q": [reply], "reply_to": ["q"]})
        assert asked.answer_problem(said) is None
        answer = asked.kept(answer, said)
        assert 0.0 <= asked.grade(answer) <= 1.0
        asked.reveal(asked.option_ids, answer)


_ENDS = ["# C = 100%", "Kể.", "> điều", "# D = 40%", "Kể.", "> điều"]
