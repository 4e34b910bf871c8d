"""What the tests of roster pages share: pages and files read back, and a team of the old map."""

import csv
import io
import re

import openpyxl
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.foundation.db import session
from lms.people.models import Team
from lms.units.models import Unit, UnitVersion
from tests import make

DIVIDED = "11989"  # a commune of before that went to two new ones


def page(client: FlaskClient, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, (address, answer.status_code, answer.headers.get("Location"))
    return answer.get_data(as_text=True)


def rows_of(client: FlaskClient, address: str) -> list[list[str]]:
    answer = client.get(address)
    assert answer.status_code == 200, address
    text = answer.data.decode("utf-8-sig")
    answer.close()
    return list(csv.reader(io.StringIO(text)))


def names_on(html: str) -> list[str]:
    return re.findall(r'<th scope="row"><a href="/people/\d+">([^<]+)</a>', html)


def sheet_of(client: FlaskClient, address: str) -> list[list[str]]:
    """The first sheet of a workbook, as the texts that a .csv of it would hold."""
    answer = client.get(address)
    assert answer.status_code == 200, address
    sheet = openpyxl.load_workbook(io.BytesIO(answer.data)).worksheets[0]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    return [["" if cell is None else f"{cell}".removesuffix(".0") for cell in row] for row in rows]


def old_team(code: str) -> Team:
    team = make.team("Tổ cũ")
    team.unit_id = session.scalars(
        select(UnitVersion.unit_id)
        .join(Unit, Unit.id == UnitVersion.unit_id)
        .where(UnitVersion.code == code, UnitVersion.scheme == "3-tier", Unit.level == "commune")
    ).one()
    session.flush()
    return team
