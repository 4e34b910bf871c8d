"""Every page of the site as each role sees it, one after another, for whoever wants to look at them all.

A role's function yields a page's name whenever the browser stands on one; what is done between two yields is
what a person does between two pages.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from playwright.sync_api import Browser, Page, Route

from lms.demo.cast import DONE, HALF_WAY, LEADER, NEW, OFFICERS, OFFICERS_PHRASE, PIN
from tests.browser.showcase import LONG_NAME, LONG_TITLE, Showcase
from tests.people.test_roster import SAMPLE

FAILURES = (403, 404, 409, 413, 422, 429, 500, 503)


class Stop(NamedTuple):
    """A page, and the name of what it shows: the role and the page."""

    name: str
    page: Page


Look = Callable[[Page, Showcase], Iterator[str]]


def tour(browser: Browser, site: Showcase, script: str = "") -> Iterator[Stop]:
    """Walk through the site; a stop lasts until the next is asked for. Every page runs the script first."""
    for look in LOOKS:
        context = browser.new_context(base_url=site.address, locale="vi-VN")
        context.set_default_timeout(30_000)
        context.add_init_script(script)
        page = context.new_page()
        for name in look(page, site):
            yield Stop(f"{look.__name__}.{name}", page)
        context.close()


def _without_looking_again(route: Route) -> None:
    """A page that loads itself anew would do so under our eyes."""
    answer = route.fetch()
    route.fulfill(response=answer, headers=answer.headers | {"refresh": ""})


def sign_in(page: Page, phone: str, secret: str) -> None:
    """Come in as a member with a PIN, or as an officer with the passphrase of the demo."""
    page.goto("/sign-in/officer" if secret == OFFICERS_PHRASE else "/sign-in")
    page.locator("input[name=who]").fill(phone)
    page.locator("input[name=secret]").fill(secret)
    _press(page, "Đăng nhập")


def visitor(page: Page, site: Showcase) -> Iterator[str]:
    yield from _see(
        page,
        home="/",
        course="/courses/ky-nang-so",
        course_short="/courses/lam-quen",
        module="/courses/ky-nang-so/trinh-duyet-an-toan",
        lesson="/courses/ky-nang-so/trinh-duyet-an-toan/o-khoa-va-dia-chi",
        card="/courses/ky-nang-so/trinh-duyet-an-toan/the-huong-dan",
        month="/courses/ky-nang-so/calendar/2026-12",
        quiz="/courses/lam-quen/bat-dau/quiz",
        privacy="/privacy",
        sign_in="/sign-in",
        sign_in_by_code="/sign-in?by=code",
        signed_out="/sign-in?left=1",
        sign_in_officer="/sign-in/officer",
        activate="/activate",
        slip=f"/activate/{site.slip_token}",
        verify="/verify",
        verify_mistyped="/verify?code=LS-26-ABC",
        verify_unknown="/verify/LS-26-0000-0000",
        **{f"verify_{state}": f"/verify/{code}" for state, code in site.certificates.items()},
        **{f"fails_{status}": f"/fails/{status}" for status in FAILURES},
    )


def newcomer(page: Page, site: Showcase) -> Iterator[str]:
    """Somebody with a slip comes in for the first time, and makes each form's mistakes."""
    page.goto("/activate")
    _press(page, "Mở phiếu")
    yield "activate_empty"
    page.goto(f"/activate/{site.slip_token}")
    _press(page, "Mở")
    yield "confirm"
    page.get_by_label("Tự đặt mã cá nhân").fill("123456")
    _press(page, "Đúng là tôi")
    yield "confirm_refused"
    for label in ("Tự đặt mã cá nhân", "Nhập lại mã cá nhân"):
        page.get_by_label(label).fill("582931")
    _press(page, "Đúng là tôi")
    yield "notice"
    _press(page, "Tôi đã đọc")
    yield "home"
    page.goto("/people/import")
    yield "forbidden"
    page.goto("/sign-out")
    page.context.clear_cookies()
    page.goto("/sign-in")
    _press(page, "Đăng nhập")
    yield "sign_in_empty"
    for _ in range(11):
        page.get_by_label("Số điện thoại").fill(OFFICERS[5].phone)
        page.get_by_label("Mã cá nhân").fill("000000")
        _press(page, "Đăng nhập")
    yield "sign_in_held_back"


def member_new(page: Page, _site: Showcase) -> Iterator[str]:
    """Nothing learnt yet: a lesson's question, a quiz from the first question to the result."""
    sign_in(page, NEW.phone, PIN)
    yield from _see(
        page,
        home="/",
        certificates="/certificates",
        me="/me",
        secret="/me/secret",
        course="/courses/ky-nang-so",
        module="/courses/ky-nang-so/trinh-duyet-an-toan",
        lesson="/courses/lam-quen/bat-dau/cach-hoc",
        quiz="/courses/lam-quen/bat-dau/quiz",
    )
    page.goto("/courses/lam-quen/bat-dau/cach-hoc")
    page.locator(".check-question button").click()
    yield "lesson_unanswered"
    page.locator(".check-question label.answer").last.click()
    page.locator(".check-question button").click()
    yield "lesson_answered"
    page.goto("/courses/ky-nang-so/trinh-duyet-an-toan/quiz")
    _press(page, "Bắt đầu")
    yield "attempt"
    attempt = page.url.split("?")[0]
    page.locator("label.answer:not(.reply):visible").first.click()
    page.get_by_role("status").get_by_text("Đã lưu").wait_for()
    yield "attempt_saved"
    page.goto(f"{attempt}?q=all")
    yield "finish"
    _press(page, "Nộp luôn")
    yield "result_failed"
    yield from _see(page, module_failed="/courses/ky-nang-so/trinh-duyet-an-toan")
    page.goto("/courses/ky-nang-so/trinh-duyet-an-toan/quiz")
    yield "quiz_again"
    _press(page, "Làm lại")
    for question in page.locator("[data-question]").all():
        question.locator("label.unsure").click()
        page.locator(".action-dock button").click()
    page.wait_for_url("**/result")
    yield "result_unsure"


def member_half_way(page: Page, _site: Showcase) -> Iterator[str]:
    sign_in(page, HALF_WAY.phone, PIN)
    yield from _see(
        page,
        home="/",
        course="/courses/ky-nang-so",
        module="/courses/ky-nang-so/trinh-duyet-an-toan",
        lesson="/courses/ky-nang-so/trinh-duyet-an-toan/mat-khau-va-may-chung",
        certificates="/certificates",
    )


def member_done(page: Page, site: Showcase) -> Iterator[str]:
    sign_in(page, DONE.phone, PIN)
    yield from _see(
        page,
        home="/",
        course="/courses/lam-quen",
        course_long="/courses/ky-nang-so",
        module="/courses/lam-quen/bat-dau",
        lesson="/courses/lam-quen/bat-dau/cach-hoc",
        guide="/courses/ky-nang-so/trinh-duyet-an-toan/huong-dan-ba-con",
        card="/courses/ky-nang-so/trinh-duyet-an-toan/the-huong-dan",
        quiz="/courses/lam-quen/bat-dau/quiz",
        certificates="/certificates",
        verify=f"/verify/{site.certificates['valid']}",
    )
    page.goto("/courses/lam-quen/bat-dau/quiz")
    page.get_by_role("link", name="lần làm gần nhất").click()
    yield "result_passed"
    page.goto("/me")
    page.get_by_text("Rất lớn").click()
    _press(page, "Lưu")
    yield "me_large"
    yield from _see(page, home_large="/", lesson_large="/courses/lam-quen/bat-dau/cach-hoc")


def leader(page: Page, _site: Showcase) -> Iterator[str]:
    sign_in(page, LEADER.phone, PIN)
    yield from _see(page, home="/", me="/me", certificates="/certificates")
    page.locator(".site-header").get_by_role("link", name="Tổ").click()
    yield "team"
    page.get_by_role("link", name="In phiếu kích hoạt").click()
    yield "slips"
    page.go_back()
    page.get_by_role("link", name=HALF_WAY.name).click()
    yield "person"


def commune_officer(page: Page, _site: Showcase) -> Iterator[str]:
    """Brings a roster in, looks after people and teams."""
    sign_in(page, OFFICERS[3].phone, OFFICERS_PHRASE)
    yield from _see(
        page,
        home="/",
        roster="/rosters/12586",
        roster_filtered="/rosters/12586?state=learning&sort=-done",
        people="/people?unit=12586",
        imports="/people?unit=12586&tab=imports",
        found="/people?q=hanh",
        found_nothing="/people?q=khong-ai",
        upload="/people/import",
    )
    _press(page, "Tải lên")
    yield "upload_empty"
    page.get_by_label("Mã xã").fill("12586")
    page.get_by_label("Tệp danh sách").set_input_files(SAMPLE)
    _press(page, "Tải lên")
    yield "preview"
    _press(page, "Ghi")
    yield "preview_written"
    yield from _see(page, people_after="/people?unit=12586", upload_after="/people/import")
    page.goto("/rosters/12586")
    page.get_by_role("link", name=LONG_TITLE).first.click()
    yield "team"
    page.get_by_role("link", name="Thêm người").click()
    yield "new_member"
    _press(page, "Ghi")
    yield "new_member_empty"
    page.goto("/people?q=tuong+vi")
    page.get_by_role("link", name=LONG_NAME).click()
    yield "person"
    page.get_by_role("link", name="Gia hạn").click()
    yield "extend_nothing"
    page.go_back()
    page.get_by_role("link", name="Sửa").click()
    yield "edit"


def province_officer(page: Page, _site: Showcase) -> Iterator[str]:
    sign_in(page, OFFICERS[2].phone, OFFICERS_PHRASE)
    yield from _see(
        page,
        home="/",
        roster="/rosters/33",
        roster_people="/rosters/33?view=people",
        roster_before="/rosters/33?on=2025-06-30",
        people="/people",
        me="/me",
    )
    page.goto("/people/kept-passes")
    page.get_by_text("Thu hồi kết quả đạt").click()
    yield "kept_passes"
    _press(page, "Thu hồi")
    yield "kept_passes_refused"


def nation_viewer(page: Page, _site: Showcase) -> Iterator[str]:
    sign_in(page, OFFICERS[1].phone, OFFICERS_PHRASE)
    yield from _see(
        page, roster="/rosters/vn", roster_empty="/rosters/01", roster_refused="/rosters/vn?on=hom-nay"
    )


def instructor(page: Page, _site: Showcase) -> Iterator[str]:
    sign_in(page, OFFICERS[4].phone, OFFICERS_PHRASE)
    yield from _see(
        page,
        home="/",
        me="/me",
        forbidden="/rosters",
        studio="/studio",
        analysis="/studio/ky-nang-so/trinh-duyet-an-toan/analysis",
        bank="/studio/ky-nang-so/trinh-duyet-an-toan/bank",
        bank_narrowed="/studio/ky-nang-so/trinh-duyet-an-toan/bank?q=dia+chi&level=easy",
        bank_nothing="/studio/ky-nang-so/trinh-duyet-an-toan/bank?q=khong-co-dau",
        regrades="/studio/ky-nang-so/trinh-duyet-an-toan/regrade",
    )
    page.goto("/studio/ky-nang-so/trinh-duyet-an-toan/bank")
    page.locator(".of-questions").last.get_by_role("link").first.click()
    yield "bank_question"
    page.goto("/studio/ky-nang-so/trinh-duyet-an-toan/regrade")
    page.get_by_role("link", name="Xem trước").first.click()
    yield "regrade"
    _press(page, "Chấm lại và báo")
    yield "regrade_refused"


def administrator(page: Page, site: Showcase) -> Iterator[str]:
    sign_in(page, OFFICERS[0].phone, OFFICERS_PHRASE)
    yield from _see(
        page,
        home="/",
        roster="/rosters",
        people="/people",
        imports="/people/import",
        me="/me",
        secret="/me/secret",
    )
    page.route("**/jobs/*", _without_looking_again)
    yield from _see(page, **{f"job_{state}": f"/jobs/{job_id}" for state, job_id in site.jobs.items()})


LOOKS: tuple[Look, ...] = (
    visitor,
    newcomer,
    member_new,
    member_half_way,
    member_done,
    leader,
    commune_officer,
    province_officer,
    nation_viewer,
    instructor,
    administrator,
)


def _see(page: Page, **addresses: str) -> Iterator[str]:
    for name, address in addresses.items():
        page.goto(address)
        yield name


def _press(page: Page, words: str) -> None:
    """A button by what it says; then the page that comes of it."""
    with page.expect_navigation():
        page.get_by_role("button", name=words).first.click()
