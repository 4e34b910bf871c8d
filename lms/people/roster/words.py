"""What is said of each issue, and what it makes of a row."""

from lms.foundation.i18n import N_

REJECTING = frozenset({"name.missing", "name.not_a_name", "duplicate.exact_row"})
# A row with one of these waits until an officer has looked at it.
REVIEWED = frozenset(
    {
        "birth.day_month_swapped",
        "birth.future",
        "birth.implausible",
        "birth.impossible",
        "birth.unreadable",
        "duplicate.same_phone_same_folded_name",
        "duplicate.same_person",
        "duplicate.same_phone_same_name",
        "duplicate.several_alike",
        "gender.both_columns_filled",
        "name.old_font",
        "name.one_word",
        "person.child",
        "person.maybe_left",
        "phone.letters",
        "phone.shared_with_other_person",
        "phone.too_long",
        "phone.too_short",
        "phone.unknown_prefix",
        "role.second_leader_in_team",
        "unit.commune_missing",
        "unit.not_found",
        "unit.old_scheme",
    }
)
# Of those, what may be written as it stands once an officer says that it is right.
CONFIRMABLE = frozenset(
    {
        "name.one_word",
        "person.maybe_left",
        "role.second_leader_in_team",
        "unit.commune_missing",
        "unit.not_found",
        "unit.old_scheme",
    }
)

ISSUE_WORDS: dict[str, str] = {
    "birth.day_month_swapped": N_("Ngày sinh có vẻ viết tháng trước ngày. Nhập lại ngày/tháng/năm."),
    "birth.excel_serial": N_("Ngày sinh là số của Excel, đã đổi ra ngày."),
    "birth.future": N_("Ngày sinh ở tương lai. Nhập lại."),
    "birth.implausible": N_("Tuổi trên 100. Xem lại ngày sinh."),
    "birth.impossible": N_("Không có ngày này trong lịch. Nhập lại."),
    "birth.missing": N_("Chưa có ngày sinh."),
    "birth.month_only": N_("Chỉ có tháng và năm sinh."),
    "birth.two_digit_year": N_("Năm sinh viết hai chữ số, đã hiểu ra bốn chữ số."),
    "birth.unreadable": N_("Không đọc được ngày sinh. Nhập ngày/tháng/năm hoặc chỉ năm."),
    "birth.year_only": N_("Chỉ có năm sinh."),
    "duplicate.exact_row": N_("Dòng này lặp lại một dòng ở trên."),
    "duplicate.same_name_different_person": N_("Trùng tên một người khác trong tệp, ghi thành hai người."),
    "duplicate.same_person": N_("Người này đã có ở một dòng trên."),
    "duplicate.same_phone_same_folded_name": N_(
        "Cùng số điện thoại và cùng tên không dấu với một dòng ở trên."
    ),
    "duplicate.same_phone_same_name": N_("Người này đã có ở một dòng trên."),
    "duplicate.several_alike": N_("Trong sổ có vài người giống dòng này. Thêm ngày sinh hoặc số điện thoại."),
    "gender.both_columns_filled": N_("Cả hai cột Nam và Nữ đều có ngày. Chọn giới tính."),
    "name.case_normalised": N_("Đã viết hoa lại họ tên."),
    "name.honorific_removed": N_("Đã bỏ cách xưng hô trước tên."),
    "name.missing": N_("Dòng không có họ tên."),
    "name.not_a_name": N_("Ô họ tên có chữ số, ký hiệu hoặc dài quá 120 ký tự."),
    "name.note_moved": N_("Đã chuyển phần ghi thêm sang ghi chú."),
    "name.old_font": N_("Tên có vẻ gõ bằng bảng mã cũ (TCVN3, VNI). Gõ lại tên."),
    "name.one_word": N_("Tên chỉ có một chữ. Nhập đủ họ tên."),
    "person.child": N_("Dưới 16 tuổi: chưa nhập được khi chưa có người giám hộ đồng ý."),
    "person.maybe_left": N_("Ghi chú nói người này đã nghỉ hoặc chuyển."),
    "person.minor_16_17": N_("16 hoặc 17 tuổi."),
    "phone.added": N_("Đã có trong sổ, bổ sung số điện thoại."),
    "phone.country_code": N_("Đã đổi +84 thành số 0."),
    "phone.landline_no_sms": N_("Số máy bàn: giữ làm số liên hệ, không dùng để đăng nhập."),
    "phone.leading_zero_restored": N_("Thiếu số 0 đầu, đã thêm."),
    "phone.letters": N_("Có chữ cái trong số điện thoại."),
    "phone.missing": N_("Chưa có số điện thoại: vào học bằng mã thành viên trên phiếu."),
    "phone.old_prefix_converted": N_("Đầu số cũ đã đổi theo quy hoạch từ 15/9/2018."),
    "phone.punctuation_removed": N_("Đã bỏ dấu cách, dấu chấm trong số điện thoại."),
    "phone.second_number_kept": N_("Số thứ hai giữ làm số liên hệ."),
    "phone.second_unreadable": N_("Không đọc được số điện thoại thứ hai, để lại số đầu."),
    "phone.shared_with_other_person": N_("Số này đã là của người khác. Nhập số khác hoặc xóa."),
    "phone.too_long": N_("Số điện thoại thừa chữ số."),
    "phone.too_short": N_("Số điện thoại thiếu chữ số."),
    "phone.unknown_prefix": N_("Không có mạng nào dùng đầu số này."),
    "role.abbreviation": N_("Vai trò viết tắt, đã hiểu ra."),
    "role.kept": N_("Trong sổ người này có vai trò khác, giữ nguyên như sổ."),
    "role.mapped": N_("Vai trò viết cách khác, ghi là thành viên."),
    "role.second_leader_in_team": N_("Tổ này đã có một tổ trưởng ở dòng trên."),
    "team.also_in_another": N_("Người này đang ở một tổ khác, tổ đó vẫn là tổ chính."),
    "unit.commune_missing": N_("Ô xã để trống. Xác nhận nếu đúng là xã đang nhập."),
    "unit.not_found": N_("Tên xã khác với xã đang nhập. Xác nhận nếu vẫn đúng xã này."),
    "unit.old_scheme": N_("Ghi theo huyện cũ. Xác nhận nếu nay thuộc xã đang nhập."),
}
