"""Pure rules about persons and teams."""

from datetime import date

from lms.foundation.errors import Invalid
from lms.foundation.i18n import N_
from lms.foundation.text import clean

NAME_MOST = 120
TITLE_MOST = 200
# What a membership's role is called on pages.
ROLE_NAMES = {
    "leader": N_("Tổ trưởng"),
    "deputy": N_("Tổ phó"),
    "secretary": N_("Thư ký"),
    "member": N_("Thành viên"),
}
# What a grant is called on pages.
GRANT_NAMES = {
    "viewer": N_("Cán bộ xem sổ"),
    "manager": N_("Cán bộ quản lý"),
    "instructor": N_("Người soạn bài"),
    "reviewer": N_("Người duyệt bài"),
    "administrator": N_("Quản trị viên"),
}
GRANTS_AT_A_UNIT = frozenset({"viewer", "manager"})
_ADULT, _YOUNG = 18, 16


class BadName(Invalid):
    """What was given as a full name is none, or is longer than any."""

    message = N_("Họ và tên cần có chữ, và không dài quá 120 ký tự.")


def checked_name(text: str) -> str:
    """The full name as it is stored. Raises BadName."""
    name = clean(text)
    if len(name) > NAME_MOST or not any(char.isalpha() for char in name):
        raise BadName
    return name


def birth_text(birth: date | None, precision: str | None) -> str:
    """A birth date as precisely as it is known: '02/9/1966', '9/1966', '1966', or nothing."""
    if birth is None:
        return ""
    if precision == "year":
        return str(birth.year)
    if precision == "month":
        return f"{birth.month}/{birth.year}"
    return f"{birth:%d}/{birth:%m}/{birth.year}"


def age_on(day: date, birth: date) -> int:
    """Whole years lived on that day, by the first day of what is known of the birth."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def is_child(birth: date | None, on: date) -> bool:
    """Under 16: no account without a guardian's consent. An unknown birth is nobody's childhood."""
    return birth is not None and age_on(on, birth) < _YOUNG


def is_minor(birth: date | None, on: date) -> bool:
    """16 or 17: allowed, and told to the officer."""
    return birth is not None and _YOUNG <= age_on(on, birth) < _ADULT


def title_of_team(village: str, unit_name: str) -> str:
    """What a team is called where its roster gives no title: by its village, else by its commune."""
    place = village or unit_name
    return f"Tổ công nghệ số cộng đồng {place[:1].lower()}{place[1:]}"
