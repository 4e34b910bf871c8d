"""Forms about a person: written down, corrected."""

from datetime import date
from typing import Any

from wtforms import SelectField, StringField, TelField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from lms.foundation import clock
from lms.foundation.errors import Refusal
from lms.foundation.i18n import N_, translate
from lms.people.actions.persons import PhoneTaken
from lms.people.phones import phone_saying, read_phone
from lms.people.roster.cells import Reading, read_birth
from lms.people.roster.words import ISSUE_WORDS, REVIEWED
from lms.people.rules import NAME_MOST, ROLE_NAMES
from lms.web.forms import SiteForm

_UNKNOWN = SelectChoice("", N_("chưa ghi"))


class PersonForm(SiteForm):
    """Name, phone, birth and sex, checked as the cells of a roster are."""

    full_name = StringField(
        N_("Họ và tên"),
        validators=[
            InputRequired(N_("Nhập họ và tên.")),
            Length(max=NAME_MOST, message=N_("Họ và tên không dài quá 120 ký tự.")),
        ],
    )
    phone = TelField(
        N_("Số điện thoại"),
        description=N_("Số di động để đăng nhập. Bỏ trống nếu chưa có."),
        validators=[Length(max=40)],
        render_kw={"inputmode": "tel", "autocomplete": "off"},
    )
    birth = StringField(
        N_("Ngày sinh"),
        description=N_("Ví dụ: 02/9/1966, 9/1966 hoặc chỉ năm 1966. Bỏ trống nếu chưa rõ."),
        validators=[Length(max=40)],
    )
    sex = SelectField(
        N_("Giới tính"),
        choices=[_UNKNOWN, SelectChoice("female", N_("Nữ")), SelectChoice("male", N_("Nam"))],
    )

    def validate_phone(self, field: TelField) -> None:
        """Nothing, or a mobile number."""
        if field.data and (phone := read_phone(field.data)).fault is not None:
            raise ValidationError(translate(phone_saying(phone), digits=phone.digits))

    def validate_birth(self, field: StringField) -> None:
        """Nothing, or a day, month or year that may be somebody's."""
        for code, _at in self._birth().issues:
            if code in REVIEWED:
                raise ValidationError(ISSUE_WORDS[code])

    def facts(self) -> dict[str, Any]:
        """Phone in E.164, birth with its precision, sex; None for what is not known."""
        values = self._birth().values
        born = values.get("birth")
        return {
            "phone": read_phone(self.phone.data).number if self.phone.data else None,
            "birth": (born, str(values["birth_precision"])) if isinstance(born, date) else None,
            "sex": self.sex.data or None,
        }

    def field_of(self, refusal: Refusal) -> str:
        """The field at which a refusal is shown."""
        return "phone" if isinstance(refusal, PhoneTaken) else "full_name"

    def _birth(self) -> Reading:
        reading = Reading()
        read_birth(reading, {"birth": self.birth.data or ""}, clock.local_date(clock.now()))
        return reading


class NewMemberForm(PersonForm):
    """The same, and the role in the team."""

    role = SelectField(
        N_("Vai trò trong tổ"),
        choices=[SelectChoice(key, name) for key, name in ROLE_NAMES.items()],
        default="member",
    )


class AmendForm(PersonForm):
    """The same, and why."""

    reason = StringField(
        N_("Lý do sửa"),
        description=N_("Ví dụ: theo căn cước. Lý do nằm trong nhật ký."),
        validators=[InputRequired(N_("Ghi lý do sửa.")), Length(max=200)],
    )
