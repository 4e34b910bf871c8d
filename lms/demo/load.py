"""A country of invented learners: teams, roles, progress, lessons read; attempts of every fiftieth of them.

The same seed makes the same country. Nobody is certified here: that is a deed of its own
(`flask certificates issue`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from operator import mul
from random import Random

from lms.catalogue.queries import course_outlines
from lms.demo import studies
from lms.demo.bulk import Rows
from lms.demo.lives import Calendar, comes_in
from lms.demo.names import SEXES, draw_name
from lms.demo.queries import Commune, communes, communes_before
from lms.demo.studies import Learner, Study
from lms.demo.tree import SMALLEST, spread_people, team_sizes, village_name
from lms.foundation import clock, codes
from lms.foundation.errors import Invalid
from lms.foundation.i18n import N_, translate
from lms.foundation.text import collate, collate_words, fold
from lms.people.models import Account, Membership, NoticeAcceptance, Person, Team
from lms.people.notice import NOTICE_VERSION, notice_hash
from lms.people.secrets import PIN, hash_secret
from lms.quiz.models import Attempt
from lms.study.models import Enrolment
from lms.study.tallies import recount
from lms.units.queries import present_places

MOST = 2_000_000
_CHUNK = 2_000  # people held in memory before they are written
_SAMPLE = 50  # every so manieth learner's attempts are written
_FROM_BEFORE = 0.05  # teams recorded under a commune of the old map
_COLUMNS = {
    Person: (
        *("id", "full_name", "folded", "sort_key", "member_code", "phone", "birth", "birth_precision", "sex"),
        *("occupation", "created_at", "version"),
    ),
    Account: (
        *("person_id", "secret_hash", "secret_kind", "epoch", "locale", "text_size", "activated_at"),
        "last_seen_on",
    ),
    NoticeAcceptance: ("person_id", "version", "text_hash", "accepted_at"),
    Team: ("id", "unit_id", "title", "village", "folded", "sort_key", "founded_on"),
    Membership: ("person_id", "team_id", "role", "is_home", "started_on", "recorded_unit_id"),
    **studies.COLUMNS,
}
_LEADING = ("leader", "deputy", "secretary")
_HAVE_PHONES = 0.85
_FIRST_PHONE = 900_100_000  # numbers that no operator has given to anybody
_OCCUPATIONS = (
    *("Phụ nữ", "Đoàn TN", "Nông dân", "Y tế thôn", "Công an", "Giáo viên", "Cựu chiến binh", "Mặt trận"),
    *("Người cao tuổi", "Doanh nghiệp số", None, None),
)


class TooFewOrMany(Invalid):
    """Less than a team, or more than a country has."""

    message = N_("Số người học cần từ %(least)s đến %(most)s.")


@dataclass(frozen=True)
class Loaded:
    """What was made."""

    people: int
    teams: int
    communes: int


def load_learners(
    learners: int, seed: int, pin: str, now: datetime, tell: Callable[[int], None] = lambda _: None
) -> Loaded:
    """Make them in the caller's transaction, with memory that does not grow; `tell` hears how many there are.

    Whoever has come in signs in with this PIN. Raises TooFewOrMany.
    """
    if not SMALLEST <= learners <= MOST:
        raise TooFewOrMany(least=SMALLEST, most=MOST)
    country = _Country(Random(seed), pin, now)  # noqa: S311 (a lottery, not a secret)
    country.settle(learners, tell)
    for study in country.studies:
        recount(study.edition_id, country.inhabited)
    return Loaded(learners, country.teams, len(country.inhabited))


class _Country:
    """The work in progress."""

    def __init__(self, rng: Random, pin: str, now: datetime) -> None:
        self.rng = rng
        self.calendar = Calendar(now)
        self.began = self.calendar.at(0, 0)
        self.founded_on = clock.local_date(self.began).isoformat()
        self.rows = Rows(_COLUMNS, numbered=(Person, Team, Enrolment, Attempt))
        self.secret_hash, self.notice = hash_secret(pin), notice_hash(translate)
        self.studies = [
            Study(course, course.team_edition, self.calendar)
            for course in course_outlines()
            if course.team_edition
        ]
        self.before = communes_before()
        self.present = present_places({unit for units in self.before.values() for unit in units})
        self.teams, self.inhabited = 0, set[int]()

    def settle(self, learners: int, tell: Callable[[int], None]) -> None:
        """Spread the people unevenly over the communes and make them, commune by commune."""
        places = communes()
        weights, zeals = self._weights(places)
        made = written = 0
        for commune, people in zip(places, spread_people(learners, weights), strict=True):
            zeal = zeals[commune.province_id] * self.rng.lognormvariate(-0.01, 0.15)
            for number, size in enumerate(team_sizes(people, self.rng)):
                self._found_team(commune, number, size, zeal)
            made += people
            if made - written >= _CHUNK:
                self.rows.write()
                written = made
                tell(made)
        self.rows.finish()

    def _weights(self, places: list[Commune]) -> tuple[list[float], dict[int, float]]:
        """How populous each commune is; how eager each province.

        The mean over the people is 1: else the luck of a seed with 34 provinces would make a lazy country.
        """
        provinces = dict.fromkeys(place.province_id for place in places)
        populous = {province: self.rng.lognormvariate(0, 0.35) for province in provinces}
        zeals = {province: self.rng.lognormvariate(0, 0.25) for province in provinces}
        weights = [populous[one.province_id] * self.rng.lognormvariate(0, 0.6) for one in places]
        eager = [zeals[one.province_id] for one in places]
        mean = sum(map(mul, weights, eager)) / sum(weights)
        return weights, {province: zeal / mean for province, zeal in zeals.items()}

    def _found_team(self, commune: Commune, number: int, size: int, zeal: float) -> None:
        """The n-th team of a commune; some are recorded under a commune of the old map."""
        rng, team_id, unit_id = self.rng, self.rows.new_id(Team), commune.id
        if commune.id in self.before and rng.random() < _FROM_BEFORE:
            unit_id = rng.choice(self.before[commune.id])
        counts_in = self.present.get(unit_id, (commune.id, commune.province_id))
        village = village_name(number, commune.type, commune.id)
        title = f"Tổ công nghệ số {village}"
        words = (title, village, " " + fold(title), collate_words(title))
        self.rows.add(Team, team_id, unit_id, *words, self.founded_on)
        self.teams += 1
        self.inhabited.add(counts_in[0])
        for place in range(size):
            role = _LEADING[place] if place < 1 + size // 5 else "member"
            person_id, sort_key, activated = self._person(commune.province_code, zeal)
            self.rows.add(Membership, person_id, team_id, role, True, self.founded_on, unit_id)
            is_sampled = person_id % _SAMPLE == 0
            learner = Learner(person_id, sort_key, team_id, *counts_in, activated, zeal, is_sampled)
            for study in self.studies:
                study.enrol(self.rows, rng, learner)

    def _person(self, province_code: str, zeal: float) -> tuple[int, str, int | None]:
        """A person with or without an account: id, sort key, day of activation."""
        rng, person_id = self.rng, self.rows.new_id(Person)
        sex = rng.choice(SEXES)
        name = draw_name(rng, sex, province_code)
        sort_key = collate(name)
        phone = f"+84{_FIRST_PHONE + person_id}" if rng.random() < _HAVE_PHONES else None
        self.rows.add(
            Person,
            *(person_id, name, " " + fold(name), sort_key, _member_code(person_id), phone),
            *(*self._birth(), sex, rng.choice(_OCCUPATIONS), self.rows.instant(self.began), 1),
        )
        activated = comes_in(rng, zeal)
        if activated is not None:
            at = self.calendar.at(activated, person_id)
            account = (
                self.secret_hash,
                PIN,
                1,
                "vi",
                0,
                self.rows.instant(at),
                clock.local_date(at).isoformat(),
            )
            self.rows.add(Account, person_id, *account)
            self.rows.add(NoticeAcceptance, person_id, NOTICE_VERSION, self.notice, self.rows.instant(at))
        return person_id, sort_key, activated

    def _birth(self) -> tuple[str, str]:
        """Between 18 and 70 years ago; rosters often know the year alone."""
        year = self.began.year - self.rng.randint(18, 70)
        if self.rng.random() < 0.7:
            return date(year, 1, 1).isoformat(), "year"
        return date(year, self.rng.randint(1, 12), self.rng.randint(1, 28)).isoformat(), "day"


def _member_code(number: int) -> str:
    """Another code for every number: multiplying by an odd number visits each of the 32⁷ once."""
    scattered = number * 0x9E3779B1 % 32**7
    code = codes.with_check("".join(codes.ALPHABET[scattered >> 5 * place & 31] for place in range(7)))
    return f"TV-{code[:4]}-{code[4:]}"
