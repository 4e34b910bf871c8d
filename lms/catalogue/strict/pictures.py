"""Pictures that can be read on a small phone in the sun and at night, and heard where they are not seen."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from lms.catalogue.source.elements import CourseSource, MediaSource, ModuleSource
from lms.catalogue.strict.drawing import THEMES, Drawing, Words, contrast
from lms.catalogue.strict.finding import Sheet
from lms.catalogue.strict.passages import texts_of_module

SMALLEST_TEXT = 15  # pixels
LEAST_CONTRAST, LEAST_OF_LARGE = 4.5, 3.0  # WCAG 2.2, 1.4.3
_LARGE, _LARGE_BOLD = 24, 18.66  # pixels
_FEWEST_WORDS = 4  # syllables that say what a picture shows
_SHOWN = re.compile(r"!\[(?P<words>[^\]]*)\]\((?P<path>media/[\w.-]+)")
_THEME_NAMES = {"light": "sáng", "dark": "tối"}


def picture_words(course: CourseSource, sheet: Sheet) -> None:
    """What a picture shows is told in four syllables at least, in the text and in a drawing's own <title>."""
    for module in course.modules:
        for text in texts_of_module(module):
            for line in text.lines:
                for found in _SHOWN.finditer(line.text):
                    if len(found["words"].split()) < _FEWEST_WORDS:
                        sheet.of(text.path)(
                            line.number,
                            "Lời tả hình ngắn quá, người không nhìn thấy hình chưa hiểu.",
                            seen=found["words"],
                            expected=f"hình cho thấy điều gì, ít nhất {_FEWEST_WORDS} tiếng",
                        )
        for path, drawing in _drawings(course, module):
            if not drawing.title:
                sheet.of(path)(
                    1, "Hình chưa có <title>.", seen="<svg>", expected="<title>Lời tả hình</title>"
                )


def picture_used(course: CourseSource, sheet: Sheet) -> None:
    """Every file in media/ is shown or handed out by some text of the module."""
    for module in course.modules:
        named = "\n".join(text.raw for text in texts_of_module(module))
        for media in module.media:
            if media.path not in named:
                sheet.of(_path(course, module, media))(
                    1,
                    "Không bài nào dùng tệp này.",
                    seen=media.path,
                    expected="dùng trong một bài, hoặc xóa đi",
                )


def picture_text_size(course: CourseSource, sheet: Sheet) -> None:
    """The words in a drawing are 15 pixels high at least where the screen is 320 wide."""
    for path, words in _words(course):
        if words.size < SMALLEST_TEXT:
            sheet.of(path)(
                1,
                "Chữ trong hình nhỏ quá.",
                seen=f"“{words.text}”: {words.size:.1f} px trên màn hình rộng 320".replace(".", ","),
                expected=f"ít nhất {SMALLEST_TEXT} px",
            )


def picture_contrast(course: CourseSource, sheet: Sheet) -> None:
    """The words in a drawing stand out from what they stand on, in the light and in the dark."""
    for path, words in _words(course):
        is_large = words.size >= (_LARGE_BOLD if words.is_bold else _LARGE)
        least = LEAST_OF_LARGE if is_large else LEAST_CONTRAST
        for theme in THEMES:
            pair = words.colours.get(theme)
            if pair and (found := contrast(*pair)) < least:
                sheet.of(path)(
                    1,
                    f"Chữ trong hình khó đọc trên nền {_THEME_NAMES[theme]}.",
                    seen=f"“{words.text}”: chữ {pair[0]} trên {pair[1]}, tương phản {found:.1f}".replace(
                        ".", ","
                    ),
                    expected=f"tương phản ít nhất {least}".replace(".", ","),
                )


def _words(course: CourseSource) -> Iterator[tuple[str, Words]]:
    for module in course.modules:
        for path, drawing in _drawings(course, module):
            for words in drawing.words():
                yield path, words


def _drawings(course: CourseSource, module: ModuleSource) -> Iterator[tuple[str, Drawing]]:
    for media in module.media:
        if media.file.suffix == ".svg":
            yield _path(course, module, media), _drawing(media.file, media.sha256)


@cache
def _drawing(file: Path, _sha256: str) -> Drawing:
    return Drawing(file)


def _path(course: CourseSource, module: ModuleSource, media: MediaSource) -> str:
    return f"{course.slug}/{module.folder}/{media.path}"
