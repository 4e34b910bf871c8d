"""The forms to download are what their texts make, and Word's format."""

from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from docx import Document

from scripts.make_forms import TARGET, TEXTS, docx_of

FORMS = sorted(TEXTS.glob("*.txt"))


def parts(file: bytes) -> dict[str, bytes]:
    with ZipFile(BytesIO(file)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


@pytest.mark.parametrize("text", FORMS, ids=lambda text: text.stem)
def test_a_committed_form_is_what_its_text_makes(text: Path) -> None:
    assert parts((TARGET / f"{text.stem}.docx").read_bytes()) == parts(docx_of(text)), (
        "type: python -m scripts.make_forms"
    )


def test_every_committed_form_has_a_text() -> None:
    assert {file.stem for file in TARGET.glob("*.docx")} == {text.stem for text in FORMS}


@pytest.mark.parametrize("text", FORMS, ids=lambda text: text.stem)
def test_a_form_opens_as_official_paper_with_the_words_of_its_text(text: Path) -> None:
    paper = Document(str(TARGET / f"{text.stem}.docx"))
    head = paper.tables[0].rows[0].cells
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc" in head[1].text
    assert "/" in head[0].text.splitlines()[-1]  # the number, which the registry gives
    assert (round(paper.sections[0].page_width.mm), round(paper.sections[0].left_margin.mm)) == (210, 30)
    assert paper.styles["Normal"].font.name == "Times New Roman"
    assert any("Nơi nhận:" in table.rows[0].cells[0].text for table in paper.tables)


def test_a_founding_decision_is_signed_before_its_list_of_people() -> None:
    body = Document(str(TARGET / "mau-quyet-dinh-lap-to.docx")).element.body
    words = ["".join(part.itertext()) for part in body]
    signed = next(at for at, text in enumerate(words) if "Nơi nhận:" in text)
    listed = next(at for at, text in enumerate(words) if text.startswith("DANH SÁCH"))
    assert signed < listed
