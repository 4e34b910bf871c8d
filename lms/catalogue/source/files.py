"""Text files of a course, read with suspicion: size, encoding, control characters, long lines."""

import os
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from lms.catalogue.source.problems import counted
from lms.foundation.text import nfc
from lms.quiz.answer_block import Line
from lms.quiz.question import Report

LARGEST_TEXT = 256 * 1024  # bytes
LONGEST_LINE = 10_000  # characters

SLUG = r"[a-z0-9]+(?:-[a-z0-9]+)*"
# Control characters, line separators, and the private-use signs by which blocks are marked inside.
_FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ue000-\uf8ff]")


@dataclass(frozen=True)
class SourceText:
    """A file as it stands; encoded again, `raw` gives its very bytes."""

    path: str
    raw: str

    @cached_property
    def lines(self) -> list[Line]:
        """Its lines in composed form, however they end."""
        text = nfc(self.raw.removeprefix("\ufeff")).replace("\r\n", "\n")
        return [Line(number, line) for number, line in enumerate(text.split("\n"), 1)]

    @property
    def name(self) -> str:
        """The file's own name."""
        return self.path.rpartition("/")[2]


def read_text(file: Path, path: str, report: Report) -> SourceText | None:
    """The file, known in messages as `path`; None if it cannot be a text of a course."""
    if file.is_symlink() or not file.is_file() or not os.access(file, os.R_OK):
        report(1, "Tệp này không đọc được.", seen=path, expected="một tệp văn bản, không phải lối tắt")
        return None
    size = file.stat().st_size
    if size > LARGEST_TEXT:
        report(
            1,
            "Tệp quá lớn.",
            seen=f"{counted(size)} byte",
            expected=f"nhiều nhất {counted(LARGEST_TEXT)} byte",
        )
        return None
    raw = file.read_bytes()
    try:
        text = SourceText(path, raw.decode("utf-8"))
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        report(
            line,
            "Tệp không viết bằng mã UTF-8.",
            seen=f"byte 0x{raw[error.start]:02x}",
            expected="lưu lại tệp với mã UTF-8",
        )
        return None
    return text if _is_plain(text, report) else None


def _is_plain(text: SourceText, report: Report) -> bool:
    plain = True
    for line in text.lines:
        strange = _FORBIDDEN.search(line.text)
        if strange:
            report(
                line.number,
                "Có ký tự điều khiển không nhìn thấy được.",
                seen=f"ký tự U+{ord(strange[0]):04X}",
                expected="xóa ký tự ấy, gõ lại đoạn này",
            )
        elif len(line.text) > LONGEST_LINE:
            report(
                line.number,
                "Dòng quá dài.",
                seen=f"{counted(len(line.text))} ký tự",
                expected=f"nhiều nhất {counted(LONGEST_LINE)} ký tự một dòng; xuống dòng ở chỗ ngắt câu",
            )
        else:
            continue
        plain = False
    return plain
