"""A row understood: what it says of a person, and what becomes of it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from lms.foundation.i18n import N_
from lms.foundation.text import fold
from lms.people.roster.cells import Reading, read_birth, read_name, read_phones, read_role, read_sex
from lms.people.roster.layout import LaidRow

ACCEPT, WARN, REVIEW, REJECT, SKIP = OUTCOMES = ("accept", "warn", "review", "reject", "skip")
_REJECTING = {"name.missing", "name.not_a_name", "duplicate.exact_row"}
_REVIEWED = {
    "birth.day_month_swapped", "birth.future", "birth.implausible", "birth.impossible", "birth.unreadable",
    "gender.both_columns_filled", "name.one_word", "person.child", "person.maybe_left", "phone.letter_o",
    "phone.too_long", "phone.too_short", "phone.unknown_prefix", "phone.shared_with_other_person",
    "unit.not_found",
}  # fmt: skip

ISSUE_WORDS: dict[str, str] = {
    "birth.day_month_swapped": N_("Ngày sinh có vẻ viết tháng trước ngày. Nhập lại ngày/tháng/năm."),
    "birth.future": N_("Ngày sinh ở tương lai. Nhập lại."),
    "birth.implausible": N_("Tuổi trên 100. Xem lại ngày sinh."),
    "birth.impossible": N_("Không có ngày này trong lịch. Nhập lại."),
    "birth.missing": N_("Chưa có ngày sinh."),
    "birth.month_only": N_("Chỉ có tháng và năm sinh."),
    "birth.two_digit_year": N_("Năm sinh viết hai chữ số, hiểu là 19…"),
    "birth.unreadable": N_("Không đọc được ngày sinh. Nhập ngày/tháng/năm hoặc chỉ năm."),
    "birth.year_only": N_("Chỉ có năm sinh."),
    "duplicate.exact_row": N_("Dòng này lặp lại một dòng ở trên."),
    "duplicate.same_phone_same_name": N_("Người này đã có trong sổ, giữ một người."),
    "gender.both_columns_filled": N_("Cả hai cột Nam và Nữ đều có ngày. Xóa bớt một ô."),
    "name.case_normalised": N_("Đã viết hoa lại họ tên."),
    "name.honorific_removed": N_("Đã bỏ cách xưng hô trước tên."),
    "name.missing": N_("Thiếu họ tên."),
    "name.not_a_name": N_("Ô họ tên có chữ số hoặc ký hiệu."),
    "name.note_moved": N_("Đã chuyển phần ghi thêm sang ghi chú."),
    "name.one_word": N_("Tên chỉ có một chữ. Nhập đủ họ tên."),
    "person.child": N_("Dưới 16 tuổi: chưa lập tài khoản được nếu chưa có người giám hộ đồng ý."),
    "person.maybe_left": N_("Ghi chú nói người này đã nghỉ hoặc chuyển. Quyết định có nhập không."),
    "person.minor_16_17": N_("16 hoặc 17 tuổi."),
    "phone.country_code": N_("Đã đổi +84 thành số 0."),
    "phone.landline_no_sms": N_("Số máy bàn: giữ làm số liên hệ, không dùng để đăng nhập."),
    "phone.leading_zero_restored": N_("Đã thêm số 0 bị mất ở đầu."),
    "phone.letter_o": N_("Số điện thoại có chữ cái. Nhập lại."),
    "phone.missing": N_("Chưa có số điện thoại: vào bằng mã thành viên trên phiếu."),
    "phone.old_prefix_converted": N_("Đã đổi đầu số 11 chữ số sang 10 chữ số."),
    "phone.punctuation_removed": N_("Đã bỏ dấu cách, dấu chấm trong số điện thoại."),
    "phone.second_number_kept": N_("Số thứ hai giữ làm số liên hệ."),
    "phone.shared_with_other_person": N_("Số này đã là của người khác. Nhập số khác hoặc xóa."),
    "phone.too_long": N_("Số điện thoại thừa chữ số. Nhập lại."),
    "phone.too_short": N_("Số điện thoại thiếu chữ số. Nhập lại."),
    "phone.unknown_prefix": N_("Không có mạng nào dùng đầu số này. Nhập lại."),
    "role.abbreviation": N_("Đã hiểu chữ viết tắt của vai trò."),
    "role.mapped": N_("Vai trò viết cách khác, ghi là thành viên."),
    "unit.not_found": N_("Tên xã không khớp với xã đã chọn. Kiểm tra lại, rồi bỏ trống ô này nếu đúng xã."),
}  # fmt: skip


@dataclass(frozen=True)
class Understood:
    """What became of a row so far: outcome, values by field (JSON), issues as (code, field)."""

    outcome: str
    values: dict[str, Any] = field(default_factory=dict)
    issues: tuple[tuple[str, str], ...] = ()


def understand(row: LaidRow, commune_name: str, today: date) -> Understood:
    """The person a row describes; `commune_name` is the bare name of the commune the roster is of."""
    if row.kind != "person":
        return Understood(SKIP)
    texts = row.fields or {}
    reading = Reading()
    read_name(reading, texts.get("name", ""))
    read_birth(reading, texts, today)
    read_sex(reading, texts.get("sex", ""))
    read_role(reading, texts.get("role", ""))
    read_phones(reading, texts.get("phone", ""))
    commune = texts.get("commune", "")
    if commune and fold(commune_name) not in fold(commune):
        reading.note("unit.not_found", "commune")
    values = reading.values | {
        "organisation": texts.get("organisation") or None,
        "village": texts.get("village") or row.group or None,
        "team": texts.get("team") or None,
    }
    if texts.get("note"):
        values["note"] = "; ".join(str(part) for part in (values.get("note"), texts["note"]) if part)
    return Understood(outcome_of(reading.issues), _as_json(values), tuple(reading.issues))


def outcome_of(issues: Iterable[tuple[str, str]]) -> str:
    """The gravest outcome that any issue asks for."""
    codes = {code for code, _ in issues}
    if codes & _REJECTING:
        return REJECT
    if codes & _REVIEWED:
        return REVIEW
    return WARN if codes else ACCEPT


def same_rows_rejected(rows: Iterable[tuple[LaidRow, Understood]]) -> list[tuple[LaidRow, Understood]]:
    """The rows, a second one that says exactly the same rejected."""
    seen: set[tuple[object, ...]] = set()
    result = []
    for laid, row in rows:
        names = ("full_name", "birth", "phone", "village", "team", "role")
        key = tuple(row.values.get(name) for name in names)
        is_again = row.outcome not in (SKIP, REJECT) and key in seen
        seen.add(key)
        result.append((laid, with_issue(row, "duplicate.exact_row", "name") if is_again else row))
    return result


def with_issue(row: Understood, code: str, at: str) -> Understood:
    """The row with one more issue, and the outcome that follows."""
    issues = (*row.issues, (code, at))
    return Understood(outcome_of(issues), row.values, issues)


def _as_json(values: dict[str, Any]) -> dict[str, Any]:
    return {key: value.isoformat() if isinstance(value, date) else value for key, value in values.items()}
