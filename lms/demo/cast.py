"""Who lives in the demo province: invented people in three real communes of Hưng Yên."""

from typing import NamedTuple

from lms.foundation.i18n import N_

PIN, OFFICERS_PHRASE = "246813", "lúa chín đầy đồng"  # what members and officers sign in with
_HUNG_HA, _QUYNH_PHU, _PHO_HIEN = "12586", "12472", "11953"


class Officer(NamedTuple):
    """Somebody with a grant; `where` is a unit's code, `role` what the table of accounts says."""

    role: str
    name: str
    phone: str
    grant: str
    where: str = ""


class Member(NamedTuple):
    """A member and what has been learnt: the modules done, then how the next one stands."""

    name: str
    sex: str
    born: int
    occupation: str
    done: int = 0
    then: str = ""  # learning, ready (for the quiz, which alone is left), failed, passed
    role: str = "member"
    phone: str = ""
    has_come_in: bool = True


class Team(NamedTuple):
    """A team of a commune."""

    unit: str
    village: str
    members: tuple[Member, ...]


OFFICERS = (
    Officer(N_("Quản trị viên"), "Lê Minh Tuấn", "+84900000001", "administrator"),
    Officer(N_("Cán bộ xem sổ, cả nước"), "Trần Thu Hà", "+84900000002", "viewer", "vn"),
    Officer(N_("Cán bộ quản lý, tỉnh Hưng Yên"), "Phạm Ngọc Ánh", "+84900000003", "manager", "33"),
    Officer(N_("Cán bộ quản lý, xã Hưng Hà"), "Đặng Thị Ngữ", "+84900000004", "manager", _HUNG_HA),
    Officer(N_("Người soạn bài"), "Ngô Quang Vịnh", "+84900000005", "instructor"),
    Officer(N_("Người duyệt bài"), "Đỗ Thị Ưng", "+84900000006", "reviewer"),
)
LEADER = Member("Vũ Đình Khuê", "male", 1968, "Cựu chiến binh", 2, role="leader", phone="+84900000007")
HALF_WAY = Member("Nguyễn Thị Hạnh", "female", 1980, "Phụ nữ", 0, "ready", phone="+84900000008")
WAITING = Member("Hoàng Văn Sỹ", "male", 1991, "Công an", phone="+84900000009", has_come_in=False)
DONE = Member("Trần Quốc Đạt", "male", 1998, "Đoàn TN", 12, phone="+84900000010")
NEW = Member("Bùi Thị Bảy", "female", 1966, "Người cao tuổi", phone="+84900000011")
# Those of the members whose accounts are told, and what the table says of them.
KNOWN = (
    (N_("Tổ trưởng"), LEADER),
    (N_("Thành viên mới vào"), NEW),
    (N_("Thành viên đang học"), HALF_WAY),
    (N_("Thành viên đã xong"), DONE),
)
TEAMS = (
    Team(
        _HUNG_HA,
        "thôn Đông Hải",
        (
            LEADER,
            HALF_WAY,
            WAITING,
            DONE,
            NEW,
            Member("Lò Thị Mai", "female", 1985, "Y tế thôn", 1, "failed"),
            Member("Phạm Văn Bền", "male", 1970, "Nông dân", 1),
        ),
    ),
    Team(
        _HUNG_HA,
        "thôn Lương Cụ Bắc",
        (
            Member("Đặng Hữu Nghĩa", "male", 1972, "Mặt trận", 2, role="leader"),
            Member("Bùi Thị Tuyết", "female", 1979, "Phụ nữ", 1),
            Member("Lê Thị Quỳnh", "female", 1985, "Giáo viên", 1, "learning"),
            Member("Mai Xuân Thưởng", "male", 1961, "Cựu chiến binh", has_come_in=False),
            Member("Ngô Thị Ngọc Ẩn", "female", 1997, "Đoàn TN", 0, "failed"),
        ),
    ),
    Team(
        _HUNG_HA,
        "thôn Quán Tre",
        (
            Member("Đinh Văn Hữu", "male", 1975, "Nông dân", 1, role="leader"),
            Member("Cao Thị Nhẫn", "female", 1983, "Phụ nữ", 2),
            Member("Hà Thị Mến", "female", 1990, "Y tế thôn", 0, "learning"),
            Member("Tạ Thị Hoa", "female", 1969, "Nông dân", has_come_in=False),
        ),
    ),
    Team(
        _QUYNH_PHU,
        "thôn An Thái",
        (
            Member("Lý Thị Hạ", "female", 1989, "Giáo viên", 2, role="leader"),
            Member("Lê Hoài Ân", "male", 1994, "Đoàn TN", 1),
            Member("Giàng A Páo", "male", 1988, "Bộ đội về hưu", 0, "passed"),
            Member("Vi Văn Thặng", "male", 1974, "Nông dân", 1, role="deputy"),
            Member("Đỗ Văn Bền", "male", 1970, "Nông dân", has_come_in=False),
            Member("Trần Thị An", "female", 1988, "Phụ nữ", 1),
        ),
    ),
    Team(
        _QUYNH_PHU,
        "thôn Bình Minh",
        (
            Member("K'Brôi", "male", 1991, "Cán bộ về làm rể", 1, role="leader"),
            Member("Y Blŏ Niê", "male", 1992, "Doanh nghiệp số", 1),
            Member("H'Bĭa Êban", "female", 1995, "Giáo viên", 0, "failed"),
            Member("Hoàng Thị Nhẫn", "female", 1984, "Phụ nữ", has_come_in=False),
            Member("Đặng Tiến Dũng", "male", 1990, "Công an", 0, "learning"),
        ),
    ),
    Team(
        _PHO_HIEN,
        "tổ dân phố số 2",
        (
            Member("Phan Văn Đức", "male", 1972, "Mặt trận", 1, role="leader"),
            Member("Nguyễn Thị Đào", "female", 1986, "Phụ nữ", 1),
            Member("Vũ Thị Dung", "female", 1983, "Giáo viên", has_come_in=False),
            Member("Nguyễn Đức Anh", "male", 2001, "Đoàn TN", 2),
        ),
    ),
)
