"""What a person is told before the first use: which data are kept, why, by whom, and which rights there are.

Vietnam's law on personal data asks for a notice in plain words and for a proof of what was accepted. Whoever
changes a word here raises the version, so that everybody is told again; a test holds the two together.
"""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

from lms.foundation.i18n import N_

NOTICE_VERSION = "2026-11-24"


@dataclass(frozen=True)
class Point:
    """One point of the notice, as msgids."""

    title: str
    text: str


# One screen of a phone: what everybody reads at the first sign-in.
NOTICE = (
    Point(
        N_("Lớp Số lưu gì"),
        N_("Họ tên, số điện thoại, ngày sinh, tổ của bạn; bài đã đọc, câu đã trả lời, chứng nhận."),
    ),
    Point(
        N_("Để làm gì"),
        N_("Để bạn học tiếp trên máy nào cũng được, và để tổ trưởng, cán bộ biết tổ học tới đâu."),
    ),
    Point(
        N_("Ai xem được"),
        N_("Tổ trưởng và cán bộ phụ trách nơi bạn ở. Không công khai, không bán, không dùng để quảng cáo."),
    ),
    Point(
        N_("Quyền của bạn"),
        N_("Xem, xin sửa, xin xóa dữ liệu của mình bất cứ lúc nào. Nói với tổ trưởng hoặc cán bộ xã."),
    ),
)

# The rest, on the page that everybody may read at any time.
DETAILS = (
    Point(
        N_("Vì sao được lưu"),
        N_(
            "Danh sách thành viên do Ủy ban nhân dân xã lập khi thành lập tổ. Việc học được ghi lại để cơ "
            "quan nhà nước làm nhiệm vụ bồi dưỡng kỹ năng số, và theo lựa chọn của bạn khi vào học."
        ),
    ),
    Point(
        N_("Không hỏi, không lưu"),
        N_("Số căn cước, ảnh giấy tờ, dân tộc, tôn giáo, đảng viên, vị trí, danh bạ, mã OTP ngân hàng."),
    ),
    Point(
        N_("Lưu bao lâu"),
        N_(
            "Khi bạn còn là thành viên của tổ. Chứng nhận đã cấp: theo quy định về lưu trữ, kể cả khi tài "
            "khoản đã xóa. Tệp danh sách mà cán bộ tải lên không được giữ lại."
        ),
    ),
    Point(
        N_("Dữ liệu ở đâu"),
        N_("Trên máy chủ của cơ quan vận hành. Trang này không gọi ra trang khác, không gắn mã theo dõi."),
    ),
    Point(
        N_("Trả lời trong bao lâu"),
        N_(
            "Nhận yêu cầu trong 2 ngày làm việc. Xem hoặc sửa: trong 10 ngày. Ngừng dùng dữ liệu: trong 15 "
            "ngày. Xóa: trong 20 ngày. Phần nào luật buộc giữ thì được nói rõ lý do."
        ),
    ),
    Point(
        N_("Người dưới 16 tuổi"),
        N_("Chưa mở tài khoản khi chưa có cha, mẹ hoặc người giám hộ đồng ý."),
    ),
    Point(
        N_("Máy dùng chung"),
        N_("Bấm Đăng xuất là xóa hết những gì Lớp Số đã lưu trên máy đó."),
    ),
)


def notice_hash(say: Callable[[str], str]) -> str:
    """SHA-256 of the notice as `say` translates it: which words were accepted."""
    words = "\n".join(f"{say(point.title)}\n{say(point.text)}" for point in NOTICE)
    return sha256(words.encode()).hexdigest()
