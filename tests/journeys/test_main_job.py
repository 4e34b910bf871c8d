"""A roster goes in, a member learns on a phone, the certificate is verified, the province sees it."""

import csv
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect

from lms.foundation.db import session
from lms.quiz.models import Attempt
from lms.quiz.queries import attempt_of
from tests.browser.filling import answer_question
from tests.browser.living import OFFICER_PHONE, OFFICER_SECRET, living
from tests.conftest import every_database
from tests.papers import pdf_text
from tests.people.test_roster import SAMPLE

pytestmark = [every_database, pytest.mark.browser, pytest.mark.weasyprint, pytest.mark.timeout(300)]
MODULE = "1. Sử dụng trình duyệt an toàn"
MEMBER, PHONE, PIN = "Trịnh Bích Yến", "0900000103", "582931"


class Person:
    """Somebody with a browser of their own."""

    def __init__(self, context: BrowserContext, app: Flask) -> None:
        self.page: Page = context.new_page()
        self.page.set_default_timeout(30_000)
        self.app = app

    def press(self, words: str) -> None:
        self.page.get_by_role("button", name=re.compile(words)).first.click()

    def follow(self, words: str) -> None:
        self.page.get_by_role("link", name=re.compile(words)).first.click()

    def go_on(self, act: Callable[[], None]) -> None:
        """Do what leads to another page, and wait until it is there: another heading stands on it."""
        heading = self.page.locator("h1").first
        words = heading.inner_text()
        act()
        expect(heading).not_to_have_text(words)

    def fetch(self, path: str) -> bytes:
        answer = self.page.request.get(path)
        assert answer.ok, f"{path}: {answer.status}"
        return answer.body()


@pytest.fixture(params=[True, False], ids=["with script", "without script"])
def people(
    request: pytest.FixtureRequest, app: Flask, browser: Browser, tmp_path: Path
) -> Iterator[dict[str, Person]]:
    """An officer at a desk, a member with a phone, somebody who was shown a certificate."""
    with living(app, tmp_path) as (site, address):
        contexts = [
            browser.new_context(
                viewport={"width": width, "height": 640},
                base_url=address,
                java_script_enabled=request.param,
                locale="vi-VN",
            )
            for width in (1280, 360, 360)
        ]
        names = ("officer", "member", "anybody")
        yield {name: Person(context, site) for name, context in zip(names, contexts, strict=True)}
        for context in contexts:
            context.close()


def test_from_the_roster_file_to_the_verified_certificate(people: dict[str, Person]) -> None:
    officer, member, anybody = people["officer"], people["member"], people["anybody"]
    sign_in_officer(officer)
    import_roster(officer)
    activate(member, print_slips(officer))
    learn(member, "/courses/lam-quen")
    code = download_certificate(member)
    anybody.page.goto("/verify")
    anybody.page.get_by_label("Mã in trên giấy").fill(code.lower())
    anybody.press("Tra cứu")
    expect(anybody.page.get_by_role("heading", name="còn hiệu lực")).to_be_visible()
    expect(anybody.page.get_by_text(MEMBER)).to_be_visible()
    learn(member, "/courses/ky-nang-so")
    see_in_roster(officer)
    come_back(member)


def sign_in_officer(officer: Person) -> None:
    officer.page.goto("/rosters")
    officer.follow("cụm mật khẩu")
    officer.page.get_by_label(re.compile("điện thoại")).fill(OFFICER_PHONE)
    officer.page.get_by_label(re.compile("^Cụm mật khẩu")).fill(OFFICER_SECRET)
    officer.press("Đăng nhập")
    expect(officer.page).to_have_url(re.compile("/rosters/33$"))


def import_roster(officer: Person) -> None:
    officer.page.goto("/people/import")
    officer.page.get_by_label("Mã xã").fill("12586")
    officer.page.get_by_label("Tệp danh sách").set_input_files(SAMPLE)
    officer.press("Tải lên")
    expect(officer.page.get_by_text("Đinh Minh Sơn")).to_be_visible()
    officer.press("Ghi 23 dòng")
    expect(officer.page.get_by_text("23 người mới").first).to_be_visible()


def print_slips(officer: Person) -> str:
    """Make slips for the member's team and read the member's code off the paper."""
    officer.page.goto("/rosters/12586")
    officer.follow("thôn Mẫu Một")
    officer.follow("Phiếu kích hoạt")
    officer.press("Làm phiếu mới cho người chưa kích hoạt")
    expect(officer.page.get_by_text("Đã làm 7 phiếu mới")).to_be_visible()
    sheet = officer.fetch(officer.page.url.split("?")[0] + "/slips.pdf")
    words = pdf_text(sheet, layout=False)
    return re.findall(r"(?<!-)\b[0-9A-Z]{4}-[0-9A-Z]{4}\b", words.split(MEMBER)[1])[0]


def activate(member: Person, code: str) -> None:
    member.page.goto("/activate")
    member.page.get_by_label(re.compile("Mã")).fill(code.lower())
    member.press("Mở phiếu")
    expect(member.page.get_by_text(MEMBER)).to_be_visible()
    member.page.get_by_label(re.compile("^Tự đặt mã cá nhân")).fill(PIN)
    member.page.get_by_label(re.compile("^Nhập lại mã")).fill(PIN)
    member.press("Đúng là tôi")
    member.press("Tôi đã đọc và đồng ý")
    expect(member.page.get_by_text(f"Chào {MEMBER}")).to_be_visible()


def learn(member: Person, course: str) -> None:
    """Read every lesson of the first module as "Học tiếp" leads, answer its checks, pass its quiz."""
    member.page.goto(course)
    member.go_on(lambda: member.follow("Vào học bài đầu"))
    for _ in range(12):
        if member.page.url.endswith("/quiz"):
            break
        read_lesson(member)
    take_quiz(member)


def read_lesson(member: Person) -> None:
    """Answer the questions on the page, say that it is read, follow the one way on."""
    page = member.page
    waiting = page.locator(".check-question form")
    for left in range(waiting.count(), 0, -1):
        waiting.first.locator("label.answer").first.click()
        waiting.first.get_by_role("button").click()
        expect(waiting).to_have_count(left - 1)
    onward = page.locator(".action-dock button, .action-dock a, a.button.primary").last
    member.go_on(onward.click)


def take_quiz(member: Person) -> None:
    """Answer everything rightly, whatever kinds of questions the paper has."""
    page = member.page
    member.press("Bắt đầu")
    expect(page).to_have_url(re.compile(r"/attempts/\d+"))
    attempt_id = int(re.findall(r"/attempts/(\d+)", page.url)[0])
    with member.app.app_context():
        person_id = session.get_one(Attempt, attempt_id).person_id
        paper = attempt_of(person_id, attempt_id)
    for one in paper.questions:
        answer_question(page, one)
    expect(page).to_have_url(re.compile("/result$"))
    expect(page.get_by_role("heading", name=re.compile("^Đạt"))).to_be_visible()


def download_certificate(member: Person) -> str:
    member.page.goto("/certificates")
    link = member.page.get_by_role("link", name="Tải chứng nhận").get_attribute("href")
    assert link is not None
    words = pdf_text(member.fetch(link))
    assert MEMBER in words
    code = link.rpartition("/")[2].removesuffix(".pdf")
    assert code in words
    return code


def see_in_roster(officer: Person) -> None:
    """The province's officer walks down to the member: module 1 is passed, in the same minute."""
    officer.page.goto("/rosters/33")
    officer.follow("^Xã Hưng Hà$")
    row = officer.page.get_by_role("row", name=re.compile(MEMBER))
    expect(row.locator(".mark.passed")).to_have_text("100")
    sheet = officer.fetch("/rosters/12586.csv").decode("utf-8-sig")
    line = next(line for line in csv.DictReader(sheet.splitlines()) if line["Họ và tên"] == MEMBER)
    assert (line[MODULE], line["Số chuyên đề đạt"]) == ("100", "1")


def come_back(member: Person) -> None:
    """Out and in again, by phone and PIN: everything is where it was."""
    member.page.goto("/me")
    member.press("Đăng xuất")
    expect(member.page).to_have_url(re.compile("/sign-in"))
    member.page.get_by_label("Số điện thoại").fill(PHONE)
    member.page.get_by_label("Mã cá nhân").fill(PIN)
    member.press("Đăng nhập")
    member.page.goto("/")
    expect(member.page.get_by_text("Đã hoàn thành")).to_be_visible()
