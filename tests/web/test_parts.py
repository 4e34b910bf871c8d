"""The macros of templates/parts, each seen from outside."""

import re

import pytest
from flask import Flask, render_template_string
from wtforms import BooleanField, Form, PasswordField, RadioField, SelectChoice, StringField

from lms.web.terraces import narrow_map
from tests.web.frame import frame_app


class SignIn(Form):
    phone = StringField("Số điện thoại", description="Ví dụ: 0912 345 678")
    pin = PasswordField("Mã cá nhân", render_kw={"class": "code-input"})
    size = RadioField("Cỡ chữ", choices=[SelectChoice("1", "Vừa"), SelectChoice("2", "Lớn")])
    remember = BooleanField("Nhớ máy này")


@pytest.fixture(scope="module")
def frame(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    return frame_app(tmp_path_factory.mktemp("cache"))


def shown(frame: Flask, imports: str, call: str, **values: object) -> str:
    """What a page sees of a call, on one line."""
    with frame.test_request_context("/"):
        page = render_template_string(f"{{% from {imports} %}}{call}", **values)
    return re.sub(r">\s+<", "><", " ".join(page.split()))


def test_a_field_ties_label_hint_and_error_to_its_input(frame: Flask) -> None:
    form = SignIn(data={"phone": "0912"})
    form.phone.errors = ["Cần đủ 10 chữ số."]
    page = shown(frame, '"parts/form.html" import field', "{{ field(form.phone) }}", form=form)

    assert '<label for="phone">Số điện thoại</label>' in page
    assert '<span class="hint" id="phone-hint">Ví dụ: 0912 345 678</span>' in page
    assert 'aria-describedby="phone-hint phone-error" aria-invalid="true"' in page
    assert 'value="0912"' in page
    assert re.search(
        r'<span class="field-error" id="phone-error"><svg.*</svg>Cần đủ 10 chữ số\.</span>', page
    )


def test_a_field_without_hint_and_error_claims_none(frame: Flask) -> None:
    page = shown(frame, '"parts/form.html" import field', "{{ field(form.pin) }}", form=SignIn())
    assert "aria-" not in page
    assert 'class="code-input"' in page


def test_radios_have_a_legend_and_a_check_its_words_in_its_label(frame: Flask) -> None:
    page = shown(
        frame,
        '"parts/form.html" import field',
        "{{ field(form.size) }}{{ field(form.remember) }}",
        form=SignIn(),
    )
    assert '<legend class="field-label">Cỡ chữ</legend>' in page
    assert page.count('<label class="check">') == 3
    assert "Nhớ máy này</label>" in page


def test_the_summary_of_errors_speaks_only_when_there_are_some(frame: Flask) -> None:
    form = SignIn()
    imports, call = '"parts/form.html" import errors', '{{ errors(form, "Chưa đăng nhập được.") }}'
    assert shown(frame, imports, call, form=form) == ""
    form.phone.errors = ["Cần đủ 10 chữ số."]
    assert 'role="alert"' in shown(frame, imports, call, form=form)
    form.form_errors = ["Mã chưa đúng."]
    assert "<strong>Chưa đăng nhập được.</strong> Mã chưa đúng." in shown(frame, imports, call, form=form)


def test_the_csrf_field_carries_the_token(frame: Flask) -> None:
    page = shown(frame, '"parts/form.html" import csrf', "{{ csrf() }}")
    assert page == '<input type="hidden" name="csrf_token" value="a-token">'


def test_an_answer_is_a_real_input_before_its_letter_and_text(frame: Flask) -> None:
    page = shown(
        frame,
        '"parts/answer.html" import answer',
        '{{ answer("q", "a", "A", "Tắt máy & hỏi lại", checked=True) }}',
    )
    assert page == (
        '<label class="answer"><input type="radio" name="q" value="a" checked>'
        '<span class="answer-letter" aria-hidden="true">A</span><span>Tắt máy &amp; hỏi lại</span></label>'
    )


@pytest.mark.parametrize(
    ("right", "chosen", "css_class", "words"),
    [
        (True, True, "answer flat right", "Bạn chọn đúng"),
        (True, False, "answer flat right", "Đáp án đúng"),
        (False, True, "answer flat wrong", "Bạn chọn, chưa đúng"),
        (False, False, "answer flat", ""),
        (None, True, "answer flat", "Bạn chọn"),
        (None, False, "answer flat", ""),
    ],
)
def test_a_judged_answer_says_its_verdict_in_words(
    frame: Flask, right: bool | None, chosen: bool, css_class: str, words: str
) -> None:
    page = shown(
        frame,
        '"parts/answer.html" import judged_answer',
        '{{ judged_answer("A", "Tắt máy", right, chosen) }}',
        right=right,
        chosen=chosen,
    )
    assert f'<div class="{css_class}">' in page
    verdict = re.search(r'answer-verdict">(?:<svg.*?</svg>)?([^<]+)<', page)
    assert (verdict[1] if verdict else "") == words


def test_a_key_that_may_not_be_shown_leaves_no_trace(frame: Flask) -> None:
    page = shown(
        frame, '"parts/answer.html" import judged_answer', '{{ judged_answer("A", "x", None, True) }}'
    )
    assert "right" not in page
    assert "wrong" not in page


@pytest.mark.parametrize(
    ("state", "words"),
    [("passed", "đạt"), ("not-passed", "chưa đạt"), ("in-progress", "đang học"), ("not-begun", "chưa học")],
)
def test_a_mark_in_a_roster_has_hidden_words(frame: Flask, state: str, words: str) -> None:
    page = shown(frame, '"parts/sheet.html" import mark', "{{ mark(state, 90) }}", state=state)
    assert f'class="mark {state}"' in page
    assert f'<span class="visually-hidden"> {words}</span>' in page
    assert ("90" in page) == (state in {"passed", "not-passed"})


def test_a_map_says_its_states_in_words_and_draws_each_plot_once(frame: Flask) -> None:
    states = [3, 3, 1, 0]
    page = shown(frame, '"parts/field_map.html" import field_map', "{{ field_map(states) }}", states=states)
    label = "Ruộng bậc thang 4 thửa: 2 thửa lúa chín, 1 thửa mới cấy, 1 thửa còn là đất"

    assert page.count(f'role="img" aria-label="{label}"') == 2
    assert "field-stage-2" not in page
    for plot, state in zip(narrow_map(4).plots, states, strict=True):
        drawn = re.findall(rf'class="field-stage-{state}" d="([^"]*)"', page)[0]
        assert drawn.count(plot.outline) == 1


def test_a_decorative_map_says_nothing(frame: Flask) -> None:
    imports, call = (
        '"parts/field_map.html" import narrow_field_map',
        "{{ narrow_field_map([3], decorative=True) }}",
    )
    page = shown(frame, imports, call)
    assert 'aria-hidden="true"' in page
    assert "aria-label" not in page
    assert "field-numbers" not in page


def test_the_last_crumb_is_this_page_and_no_link(frame: Flask) -> None:
    call = '{{ crumbs([("Toàn quốc", "/rosters/vn"), ("Xã Minh Hòa", none)]) }}'
    page = shown(frame, '"parts/crumbs.html" import crumbs', call)
    assert '<li><a href="/rosters/vn">Toàn quốc</a></li><li aria-current="page">Xã Minh Hòa</li>' in page


def test_a_pager_shows_only_ways_that_exist(frame: Flask) -> None:
    imports = '"parts/pager.html" import pager'
    assert shown(frame, imports, '{{ pager("", "") }}') == ""
    page = shown(frame, imports, '{{ pager("", "?after=k") }}')
    assert "Trang trước" not in page
    assert '<a href="?after=k" rel="next">' in page


def test_a_note_frames_what_its_caller_writes(frame: Flask) -> None:
    call = '{% call note("warn", "Coi chừng") %}<p>Không đọc mã.</p>{% endcall %}'
    page = shown(frame, '"parts/note.html" import note', call)
    assert re.fullmatch(
        r'<div class="note warn"><svg.*</svg><p class="note-title">Coi chừng</p><p>Không đọc mã\.</p></div>',
        page,
    )
