"""The forms that the officials' course hands out: .docx made from the texts in scripts/forms.

    python -m scripts.make_forms

A text is front matter, which says what stands round the body of an official paper, and the body, a paragraph
a line: `# …` is centred and bold, `> …` in italics, `| … | … |` a row of a table whose first row is its head,
`---` ends the paper: who signs it comes here, and what follows is a list on a page of its own; `**…**` is
bold. Measures are those of Nghị định 30/2020/NĐ-CP, Phụ lục I.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from itertools import groupby
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import yaml
from docx import Document
from docx.document import Document as Paper
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

ROOT = Path(__file__).parent.parent
TEXTS = ROOT / "scripts" / "forms"
TARGET = ROOT / "courses" / "can-bo-to-cong-nghe-so" / "01-to-chuc-giam-sat" / "media"
MADE_AT = datetime(2026, 11, 24)  # noqa: DTZ001  (a property of the file, not an instant of the site)
WIDTH = 165  # millimetres between the margins
NARROW = {"TT": 12, "Năm sinh": 24, "Hiện nay": 24, "Cuối kỳ": 24, "Xong ngày": 26}


@dataclass(frozen=True)
class Form:
    """A form's text: what stands round the body, the body's lines and those of the list below it."""

    about: dict[str, list[str]]
    body: list[str]
    list_below: list[str]


def main() -> None:
    """Write every form beside the lessons that link it."""
    for text in sorted(TEXTS.glob("*.txt")):
        (TARGET / f"{text.stem}.docx").write_bytes(docx_of(text))


def docx_of(text: Path) -> bytes:
    """The form as a file; the same text gives the same parts."""
    form = _read(text)
    paper = _blank(form.about["title"][0])
    _letterhead(paper, form.about)
    _title(paper, form.about)
    _lines(paper, form.body)
    _closing(paper, form.about)
    if form.list_below:
        above = len(paper.paragraphs)
        _lines(paper, form.list_below)
        paper.paragraphs[above].paragraph_format.page_break_before = True
    return _packed(paper)


def _read(text: Path) -> Form:
    _, front, body, *below = text.read_text(encoding="utf-8").split("---\n")
    keys = yaml.safe_load(front)
    about = {key: value if isinstance(value, list) else [value] for key, value in keys.items()}
    return Form(about, body.splitlines(), "".join(below).splitlines())


def _blank(title: str) -> Paper:
    """An empty A4 sheet, Times New Roman 13, numbered at the top from the second page on."""
    paper = Document()
    style = paper.styles["Normal"]
    style.font.name, style.font.size = "Times New Roman", Pt(13)
    fonts = style.element.get_or_add_rPr()
    fonts.rFonts.set(qn("w:eastAsia"), "Times New Roman")
    fonts.append(parse_xml(f'<w:lang {nsdecls("w")} w:val="vi-VN"/>'))
    style.paragraph_format.space_after = Pt(0)
    section = paper.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin = Mm(30), Mm(15)
    section.different_first_page_header_footer = True
    head = section.header.paragraphs[0]
    head.alignment = ALIGN.CENTER
    head._p.append(parse_xml(f'<w:fldSimple {nsdecls("w")} w:instr="PAGE"/>'))
    known = paper.core_properties
    known.title, known.author, known.language, known.comments = title, "Lớp Số", "vi", ""
    known.created = known.modified = MADE_AT
    known.last_modified_by = "Lớp Số"
    return paper


def _letterhead(paper: Paper, about: dict[str, list[str]]) -> None:
    """The issuing body with the number at the left, that of the state with place and date at the right."""
    left, right = _pair(paper, 68, 97)
    _centred(left, "UBND TỈNH …………", size=12)
    _centred(left, "ỦY BAN NHÂN DÂN XÃ …………", size=12, bold=True)
    _rule(left, Mm(23))
    _centred(left, f"Số:        /{about['code'][0]}")
    _centred(right, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", size=12, bold=True)
    _centred(right, "Độc lập - Tự do - Hạnh phúc", bold=True)
    _rule(right, Mm(21))
    _centred(right, "…………, ngày …… tháng …… năm 20……", italic=True)


def _title(paper: Paper, about: dict[str, list[str]]) -> None:
    name = _centred(paper, about["title"][0], bold=True)
    name.paragraph_format.space_before = Pt(12)
    for line in about["subject"]:
        _centred(paper, line, bold=True)
    _rule(paper, Mm(60))
    for line in about.get("by", []):
        _centred(paper, line, bold=True).paragraph_format.space_after = Pt(6)


def _lines(paper: Paper, lines: list[str]) -> None:
    """Paragraphs, and a table where rows follow each other."""
    for are_rows, run in groupby(lines, lambda line: line.startswith("|")):
        if are_rows:
            _table(paper, [[cell.strip() for cell in line.strip("|").split("|")] for line in run])
        else:
            for line in run:
                _line(paper, line)


def _line(paper: Paper, line: str) -> None:
    """A paragraph of the body, by the sign it begins with."""
    if line.startswith("# "):
        _centred(paper, line[2:], bold=True).paragraph_format.space_after = Pt(6)
    else:
        paragraph = paper.add_paragraph()
        paragraph.alignment = ALIGN.JUSTIFY
        paragraph.paragraph_format.first_line_indent = Mm(10)
        paragraph.paragraph_format.space_after = Pt(6)
        _write(paragraph, line.removeprefix("> "), italic=line.startswith("> "))


def _table(paper: Paper, rows: list[list[str]]) -> None:
    """A table with lines; its head comes again on every page."""
    narrow = [NARROW.get(head, 0) for head in rows[0]]
    rest = (WIDTH - sum(narrow)) / max(narrow.count(0), 1)
    table = _grid(paper, len(rows), [width or rest for width in narrow])
    table.style = "Table Grid"
    for number, (row, words) in enumerate(zip(table.rows, rows, strict=True)):
        for cell, text in zip(row.cells, words, strict=True):
            _write(cell.paragraphs[0], text, bold=number == 0)
            if number == 0:
                cell.paragraphs[0].alignment = ALIGN.CENTER
    table.rows[0]._tr.get_or_add_trPr().append(parse_xml(f"<w:tblHeader {nsdecls('w')}/>"))
    paper.add_paragraph().paragraph_format.line_spacing = Pt(8)


def _closing(paper: Paper, about: dict[str, list[str]]) -> None:
    """Who receives it at the left, who signs it at the right."""
    left, right = _pair(paper, 85, 80)
    _write(left.paragraphs[0], "Nơi nhận:", size=12, bold=True, italic=True)
    for one in about["recipients"]:
        _write(left.add_paragraph(), f"- {one}", size=11)
    for one in about["signs"]:
        _centred(right, one, bold=True)
    for _ in range(3):
        right.add_paragraph()
    _centred(right, "(Họ và tên)", bold=True)


def _pair(paper: Paper, *widths: int) -> tuple[_Cell, _Cell]:
    """Two cells beside each other, without lines."""
    row = _grid(paper, 1, widths).rows[0]
    row._tr.get_or_add_trPr().append(parse_xml(f"<w:cantSplit {nsdecls('w')}/>"))
    left, right = row.cells
    return left, right


def _grid(paper: Paper, rows: int, widths: Sequence[float]) -> Table:
    """A table whose columns are as wide as these millimetres; Word asks the cells, others the columns."""
    table = paper.add_table(rows, len(widths))
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
        for cell in column.cells:
            cell.width = Mm(width)
    return table


def _centred(place: Paper | _Cell, text: str, *, size: int = 13, **signs: bool) -> Paragraph:
    first = place.paragraphs[0] if isinstance(place, _Cell) else None
    paragraph = first if first is not None and not first.runs else place.add_paragraph()
    paragraph.alignment = ALIGN.CENTER
    _write(paragraph, text, size=size, **signs)
    return paragraph


def _rule(place: Paper | _Cell, indent: int) -> None:
    """A short line, as the decree has it below names: the upper edge of a low paragraph."""
    paragraph = place.add_paragraph()
    paragraph.paragraph_format.space_before, paragraph.paragraph_format.line_spacing = Pt(2), Pt(8)
    paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = indent
    edge = '<w:top w:val="single" w:sz="6" w:space="1" w:color="000000"/>'
    properties = paragraph._p.get_or_add_pPr()
    properties.insert_element_before(
        parse_xml(f"<w:pBdr {nsdecls('w')}>{edge}</w:pBdr>"), "w:spacing", "w:ind", "w:jc", "w:rPr"
    )


def _write(
    paragraph: Paragraph, text: str, *, size: int = 13, bold: bool = False, italic: bool = False
) -> None:
    """Words into a paragraph; those between two stars are bold."""
    for number, part in enumerate(re.split(r"\*\*", text)):
        if part:
            run = paragraph.add_run(part)
            run.font.size = Pt(size)
            run.bold, run.italic = bold or number % 2 == 1, italic


def _packed(paper: Paper) -> bytes:
    """The file without the hour at which it was made, so that the same text gives the same file."""
    saved, packed = BytesIO(), BytesIO()
    paper.save(saved)
    with ZipFile(saved) as parts, ZipFile(packed, "w", ZIP_DEFLATED) as target:
        for name in sorted(parts.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            target.writestr(ZipInfo(name, (2026, 11, 24, 0, 0, 0)), parts.read(name), ZIP_DEFLATED)
    return packed.getvalue()


if __name__ == "__main__":
    main()
