"""What may stand in the front matter of each file; the examples are shown to authors who wrote it wrong."""

import re
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
    model_validator,
)
from pydantic_core import PydanticCustomError

from lms.catalogue.source.files import SLUG
from lms.catalogue.source.problems import choice_of

LANGUAGE = r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*"

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Slug = Annotated[str, StringConstraints(pattern=rf"^{SLUG}$", max_length=80)]
Count = Annotated[int, Field(ge=1, le=1000)]
FormerLesson = Annotated[str, StringConstraints(pattern=rf"^{SLUG}/{SLUG}$")]

_WAIT = {"m": 60, "h": 3600, "d": 86_400}


def _day(value: Any) -> date:
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        raise ValueError("Ngày viết theo dạng năm-tháng-ngày.")
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise ValueError("Không có ngày này trong lịch.") from error


def _known(what: str, message: str) -> Any:
    """A check that a name is one of those the reader of the file knows."""

    def check(name: str, info: ValidationInfo) -> str:
        known = (info.context or {}).get(what)
        if known is not None and name not in known:
            raise PydanticCustomError("unknown_name", message, {"known": choice_of(known)})
        return name

    return AfterValidator(check)


KnownEdition = Annotated[Slug, _known("editions", "Không có bản này.")]
KnownObjective = Annotated[Slug, _known("objectives", "Không có mục tiêu này.")]
Day = Annotated[date, BeforeValidator(_day)]


class _Keys(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class EditionKeys(_Keys):
    """One entry of `editions` in course.md."""

    key: Slug
    title: Title
    audience: Annotated[str, StringConstraints(strip_whitespace=True, max_length=300)] = ""
    public: bool = False


class CompleteKeys(_Keys):
    """The rule of completion: so many modules, or all of them (None)."""

    modules: Count | None = None

    @model_validator(mode="before")
    @classmethod
    def _all_or_some(cls, value: Any) -> Any:
        if value == "all-modules":
            return {"modules": None}
        if not isinstance(value, dict) or "modules" not in value:
            raise ValueError("Khóa “complete” là all-modules hoặc {modules: số chuyên đề}.")
        return value


class CertificateKeys(_Keys):
    """What is issued with the completion."""

    title: Title
    template: Slug
    expires: Annotated[str, StringConstraints(pattern=r"^[1-9]\d{0,2} months$")] | None = None

    @property
    def months(self) -> int | None:
        """Months until it expires; None is never."""
        return int(self.expires.split()[0]) if self.expires else None


class AssignKeys(_Keys):
    """Who is enrolled without asking."""

    teams: Slug


class StrictKeys(_Keys):
    """What `courses check --strict` asks of each quiz of this course."""

    questions: int = Field(0, ge=0, le=1000)
    kinds: int = Field(0, ge=0, le=10)
    cases: int = Field(0, ge=0, le=1000)
    levels: Literal["any", "each"] = "any"


def _none(value: Any) -> Any:
    return None if value == "none" else value


class CourseKeys(_Keys):
    """course.md"""

    title: Title = Field(examples=["title: Kỹ năng số cộng đồng"])
    summary: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)] = Field(
        examples=["summary: một câu, nhiều nhất 200 ký tự"]
    )
    language: Annotated[str, StringConstraints(pattern=rf"^{LANGUAGE}$")] = Field(
        "vi", examples=["language: vi"]
    )
    editions: tuple[EditionKeys, ...] = Field(
        (EditionKeys(key="all", title="Mọi người", public=True),),
        min_length=1,
        max_length=10,
        examples=[
            "editions:\n  - {key: member, title: Bản cho thành viên, audience: Thành viên tổ, public: false}"
        ],
    )
    complete: CompleteKeys = Field(
        CompleteKeys(modules=None), examples=["complete: all-modules hoặc complete: {modules: 12}"]
    )
    lessons: Literal["required", "optional"] = Field("required", examples=["lessons: required hoặc optional"])
    certificate: Annotated[CertificateKeys | None, BeforeValidator(_none)] = Field(
        None,
        examples=["certificate: {title: Bản xác nhận hoàn thành, template: certificate, expires: 24 months}"],
    )
    assign: AssignKeys | None = Field(None, examples=["assign: {teams: member}"])
    strict: StrictKeys = Field(
        StrictKeys(), examples=["strict: {questions: 30, kinds: 5, cases: 4, levels: each}"]
    )
    authors: tuple[Title, ...] = Field((), examples=["authors: [Nguyễn Thị Lành]"])


class ObjectiveKeys(_Keys):
    """What a learner can do afterwards."""

    key: Slug
    text: Text


class ModuleKeys(_Keys):
    """module.md"""

    title: Title = Field(examples=["title: Sử dụng trình duyệt an toàn"])
    summary: Text = Field(examples=["summary: một câu nói chuyên đề dạy gì"])
    objectives: tuple[ObjectiveKeys, ...] = Field(
        min_length=2,
        max_length=6,
        examples=[
            "objectives:\n  - {key: dia-chi, text: Đọc đúng tên miền}\n  - {key: quyen, text: Tắt thông báo}"
        ],
    )
    editions: tuple[KnownEdition, ...] | None = Field(None, min_length=1, examples=["editions: [member]"])
    advise: tuple[Slug, ...] = Field((), examples=["advise: [trinh-duyet-an-toan]"])
    task: Literal["public-services", "shopping", "payment", "self-protection", "local-platforms"] | None = (
        Field(
            None, examples=["task: public-services, shopping, payment, self-protection hoặc local-platforms"]
        )
    )
    was: tuple[Slug, ...] = Field((), examples=["was: [ten-cu]"])


class SourceKeys(_Keys):
    """Where a lesson's facts come from."""

    title: Title
    url: Annotated[str, StringConstraints(pattern=r"^https?://\S+$", max_length=1000)]
    date: Annotated[str, StringConstraints(pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$")]


class LessonKeys(_Keys):
    """A lesson's file."""

    title: Title = Field(examples=["title: Ổ khóa và địa chỉ"])
    kind: Literal["lesson", "guide", "card"] = Field("lesson", examples=["kind: lesson, guide hoặc card"])
    minutes: Count | None = Field(None, examples=["minutes: 4"])
    editions: tuple[KnownEdition, ...] | None = Field(None, min_length=1, examples=["editions: [member]"])
    objectives: tuple[KnownObjective, ...] = Field((), examples=["objectives: [dia-chi]"])
    reviewed: Day = Field(examples=["reviewed: 2026-11-22"])
    sources: tuple[SourceKeys, ...] = Field(
        (), examples=["sources:\n  - {title: Tên bài, url: https://…, date: 2026-11-22}"]
    )
    was: tuple[FormerLesson, ...] = Field((), examples=["was: [chuyen-de-cu/bai-cu]"])


def _draw(value: Any) -> Any:
    if isinstance(value, str) and value.isdecimal():
        return {"": value}
    if value == "all":
        return {}
    if not isinstance(value, dict):
        raise ValueError("Khóa “draw” là một số, hoặc số câu theo mức độ hay mục tiêu.")
    return value


class QuizKeys(_Keys):
    """quiz.md"""

    draw: Annotated[dict[str, Count], BeforeValidator(_draw)] = Field(
        {}, examples=["draw: 10 hoặc draw: {easy: 4, medium: 4, hard: 2}"]
    )
    percent: int = Field(80, alias="pass", ge=1, le=100, examples=["pass: 80"])
    minutes: int = Field(0, ge=0, le=600, examples=["minutes: 20 (0 là không giới hạn)"])
    attempts: int = Field(0, ge=0, le=100, examples=["attempts: 3 (0 là không giới hạn)"])
    wait: Annotated[str, StringConstraints(pattern=r"^(none|[1-9]\d{0,3}[mhd])$")] = Field(
        "none", examples=["wait: 10m (phút), 2h (giờ), 1d (ngày) hoặc none"]
    )
    shuffle: Literal["questions", "answers", "both", "none"] = Field(
        "both", examples=["shuffle: questions, answers, both hoặc none"]
    )
    show: Literal["after-attempt", "after-pass", "never"] = Field(
        "after-attempt", examples=["show: after-attempt, after-pass hoặc never"]
    )

    @property
    def pause(self) -> int:
        """Seconds between two attempts."""
        return 0 if self.wait == "none" else int(self.wait[:-1]) * _WAIT[self.wait[-1]]


class CalendarKeys(_Keys):
    """calendar.md has none."""
