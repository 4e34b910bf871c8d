"""Markdown: what is understood, what is refused, what can never come out."""

import re
from contextlib import suppress
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import Markup

from lms.foundation.markdown import (
    LONGEST_TEXT,
    NO_PROSE,
    Media,
    Prose,
    Unreadable,
    anchors_in,
    inline_prose,
    prose,
    render,
    render_inline,
)
from tests.patience import within_a_second


class Site:
    """Sends every link to one place and knows three files."""

    def link(self, href: str) -> str:
        return f"/to/{href}"

    def media(self, src: str, alt: str) -> Media | None:
        kinds = {"a.svg": "image", "b.mp3": "audio", "c.mp4": "video"}
        return Media(f"/m/{src}", kinds[src], 320, 180, "1 KB, 3 giây") if src in kinds else None


def flat(text: str) -> str:
    return re.sub(r"\s*\n\s*", "", render(text, Site()))


# What is understood.


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("**đậm** và *nghiêng*", "<p><strong>đậm</strong> và <em>nghiêng</em></p>"),
        ("# Đầu", '<h2 id="dau">Đầu</h2>'),
        ("## Đề `mục` {#neo}", '<h2 id="neo">Đề <code>mục</code></h2>'),
        ("## Một\n\n## Một", '<h2 id="mot">Một</h2><h2 id="mot-2">Một</h2>'),
        ("## …", '<h2 id="phan">…</h2>'),
        ("## Một\\. hai", '<h2 id="mot-hai">Một. hai</h2>'),
        ("1. a\n2. b\n\n- c", "<ol><li>a</li><li>b</li></ol><ul><li>c</li></ul>"),
        ("từ\n:   nghĩa", "<dl><dt>từ</dt><dd>nghĩa</dd></dl>"),
        ("> lời nói", '<blockquote class="say-aloud"><p>lời nói</p></blockquote>'),
        ("```\na < b\n```", "<pre><code>a &lt; b</code></pre>"),
        ("[x](a.md#b)", '<p><a href="/to/a.md#b">x</a></p>'),
        ("<https://a.vn>", '<p><a href="/to/https://a.vn">https://a.vn</a></p>'),
        (r"\- \= \? \: \| \> \* \[", "<p>- = ? : | &gt; * [</p>"),
    ],
)
def test_markdown_is_read(text: str, html: str) -> None:
    assert flat(text) == html


def test_a_table_scrolls_alone_and_has_a_name_of_its_own() -> None:
    table = "| Một | Hai |\n| --- | ---: |\n| a | b |\n"
    html = flat(f"{table}\n{table}")
    assert (
        html.count('<div aria-label="Bảng: Một, Hai" class="table-scroll" role="region" tabindex="0">') == 1
    )
    assert 'aria-label="Bảng: Một, Hai-2"' in html
    assert '<th scope="col">Một</th><th class="text-end" scope="col">Hai</th>' in html
    assert '<td class="text-end">b</td>' in html


def test_a_picture_that_stands_alone_is_a_figure() -> None:
    assert flat('![lời](a.svg "chú")') == (
        '<figure><img alt="lời" decoding="async" height="180" loading="lazy" src="/m/a.svg" width="320">'
        "<figcaption>chú</figcaption></figure>"
    )
    assert flat("![lời](a.svg) và chữ").startswith("<p><img ")
    assert flat("![lời](a.svg)\n![lời](a.svg)").count("<figure>") == 2


def test_a_picture_in_a_step_is_a_figure_too() -> None:
    assert "<li><p>Mở</p><figure><img" in flat("1. Mở\n\n    ![lời](a.svg)\n\n2. Gõ")


@pytest.mark.parametrize(("file", "tag"), [("b.mp3", "audio"), ("c.mp4", "video")])
def test_a_recording_waits_until_it_is_tapped(file: str, tag: str) -> None:
    html = flat(f"![lời]({file})")
    assert re.search(
        rf'<figure><{tag} aria-label="lời" controls=""[^>]* preload="none" src="/m/{file}"', html
    )
    assert "<figcaption>lời (1 KB, 3 giây)</figcaption>" in html


def test_media_that_nobody_knows_leave_their_words() -> None:
    assert flat("![lời](x.svg)") == "<p><span>lời</span></p>"


def test_footnotes_of_two_texts_on_a_page_keep_apart() -> None:
    text = "a[^1] b[^1]\n\n[^1]: c"
    first, second = (set(re.findall(r'id="([^"]+)"', render(text, prefix=name))) for name in ("m", "n"))
    assert first == {"fnref-m-1", "fnref2-m-1", "fn-m-1"}
    assert not first & second


def test_anchors_are_found_in_what_was_rendered() -> None:
    assert anchors_in(render("## Một\n\n### Hai {#ba}")) == ["mot", "ba"]


@pytest.mark.parametrize(
    "text", ["1. một", "- một", "# một", "> một", "    một", "a\n===", "[a]: b", "| a |"]
)
def test_an_inline_text_has_no_blocks(text: str) -> None:
    assert "<" not in render_inline(text).replace("&gt;", "")


def test_prose_prints_as_html_and_an_empty_one_is_false() -> None:
    assert Markup("{}").format(inline_prose("**a**")) == "<strong>a</strong>"
    assert prose("").html == ""
    assert not prose("")
    assert not NO_PROSE
    assert prose("a")
    assert Prose.plain("<b>").html == "&lt;b&gt;"


# What can never come out.

HOSTILE = [
    "<script>alert(1)</script>",
    '<img src=x onerror="alert(1)">',
    "<div\nonclick=x>a</div>",
    "<svg onload=alert(1)>",
    "<!-- a --><style>*{}</style>",
    "[a](javascript:alert(1))",
    "[a](JaVaScRiPt:alert(1))",
    "[a](data:text/html,<script>)",
    "<javascript:alert(1)>",
    '![a"onerror=alert(1)//](javascript:x)',
    '[a](b "c\\" onmouseover=\\"x")',
    "## a {onclick=x .b style=c}",
    "a {: onclick=x }",
    '`<b>`\n\n```"onclick="x\n<b>\n```',
    "&lt;script&gt; &#60;script&#62;",
    "[a]: javascript:alert(1)\n\n[a]",
    "[^<b>]\n\n[^<b>]: x",
]


class Tags(HTMLParser):
    """Every tag of a page with its attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def harmless(html: str) -> bool:
    return not [
        tag
        for tag, attributes in Tags(html).found
        if tag in ("script", "svg", "style", "iframe", "object")
        or any(name.startswith("on") or name == "style" for name in attributes)
        or re.match(
            r"\s*(javascript|data|vbscript):", attributes.get("href") or attributes.get("src") or "", re.I
        )
    ]


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_active_comes_out(text: str) -> None:
    assert harmless(render(text))
    assert harmless(render_inline(text))


@given(st.lists(st.sampled_from([*HOSTILE, *"<>[]()!*_`\\\"'&#{}|:~^-+=\n\t 1.a"]), max_size=40).map("".join))
@settings(max_examples=150, deadline=None)
def test_nothing_active_comes_out_of_any_mixture(text: str) -> None:
    assert harmless(render(text))
    assert harmless(render_inline(text))


@given(st.text(max_size=300))
@settings(max_examples=100, deadline=None)
def test_any_text_is_rendered_the_same_way_twice(text: str) -> None:
    assert render(text, prefix="a") == render(text, prefix="a")


# What is refused rather than waited for.

WORST = {
    "opening brackets": "[",
    "pictures": "![",
    "links": "[a](",
    "footnotes": "[^1]",
    "emphasis": "_a*b",
    "strong emphasis": "**a*",
    "backticks": "`a``",
    "quotes": "> ",
    "lists": "* ",
    "backslashes": "\\",
    "tags": "<a ",
    "entities": "&#",
    "definitions": "a\n: b\n",
    "headings": "## a\n\n",
    "line breaks": "a  \n",
    "fences": "```\n",
    "table": "|a|b|\n",
    "references": "[a]: b\n",
    "short paragraphs": "a\n\n:   b\n\n",
    "numbered": "1. a\n\n",
    "empty lines": "\n",
    "spaces": " ",
    "rules": "- - -\n",
    "nested lists": "- " * 12 + "a\n",
    "spaces in a heading": "## a" + " " * 60_000 + "b",
}


@pytest.mark.parametrize("piece", WORST.values(), ids=WORST.keys())
@pytest.mark.parametrize("size", [250, 4_000, LONGEST_TEXT], ids=str)
def test_no_text_takes_longer_than_a_second(piece: str, size: int) -> None:
    text = (piece * (size // len(piece) + 1))[:size]

    def rendered() -> None:
        with suppress(Unreadable):
            render(text)
            render_inline(text)

    within_a_second(rendered)


@pytest.mark.parametrize(
    "text",
    ["a" * (LONGEST_TEXT + 1), "[" * 300, "*a* " * 5000, "> " * 20 + "a", " " * 200 + "a", "a\n: b\n" * 100],
)
def test_too_much_of_anything_is_refused(text: str) -> None:
    with pytest.raises(Unreadable):
        render(text)


def test_a_long_honest_lesson_is_not_refused() -> None:
    paragraph = "Đọc **địa chỉ** ở `thanh địa chỉ` rồi xem [bài sau](02-hai.md). " * 8
    assert render(
        f"## Mục\n\n{paragraph}\n\n| a | b |\n| --- | --- |\n" + "| 1 | 2 |\n" * 40 + f"\n{paragraph}\n" * 40
    )


def test_control_characters_are_dropped() -> None:
    assert flat("a\x00\x02\x1bb") == "<p>ab</p>"
