"""Coming in: by phone or member code with a secret, held back after too many wrong ones."""

import hmac
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import case, delete, update
from sqlalchemy.dialects import postgresql, sqlite

from lms.foundation.clock import local_date
from lms.foundation.codes import read_member_code
from lms.foundation.db import session
from lms.foundation.errors import Invalid
from lms.foundation.i18n import N_
from lms.people import throttle
from lms.people.models import Account, SignInThrottle
from lms.people.phones import read_phone
from lms.people.queries import AccountView, account_by_code, account_by_phone, failures
from lms.people.secrets import hash_secret, is_secret_of, wants_new_hash

_SITE = "sign-in:site"
_SLIPS = "slips:site"


class WrongSecret(Invalid):
    """Unknown account and wrong secret are the same from outside."""

    message = N_("Số điện thoại, mã thành viên hoặc mã cá nhân chưa đúng. Xem lại rồi thử lần nữa.")


@dataclass(frozen=True)
class Attempt:
    """What was found of a try to sign in, before it counts."""

    key: str
    account: AccountView | None  # only if the secret is right
    new_hash: str | None  # where the old one was made with other costs


def check_sign_in(who: str, secret: str, *, site_key: str, now: datetime) -> Attempt:
    """Read the account that `who` names and compare the secret, which takes tens of milliseconds: call it
    outside a transaction, then give the result to `conclude_sign_in` inside one.

    Raises TooManyTries and SiteIsBusy without comparing anything.
    """
    account = _named(who)
    # An unknown name is held back like a known one, so that nobody learns which ones exist.
    key = account_key(account.person_id) if account else "nobody:" + _blurred(who, site_key)
    refuse_held_back(key, now)
    is_right = is_secret_of(account.secret_hash if account else None, secret)
    if account is None or not is_right:
        return Attempt(key, None, None)
    new_hash = hash_secret(secret) if wants_new_hash(account.secret_hash) else None
    return Attempt(key, account, new_hash)


def conclude_sign_in(attempt: Attempt, now: datetime) -> AccountView | None:
    """Let the attempt count: the account that may come in, or None for a wrong one, whose failure stays.

    Raises TooManyTries and SiteIsBusy: many tries at the same moment get no more verdicts than one by one.
    """
    refuse_held_back(attempt.key, now)
    if attempt.account is None:
        note_failure(attempt.key, throttle.ACCOUNT, now)
        note_failure(_SITE, throttle.SITE, now)
        return None
    forget_failures(attempt.account.person_id)
    today = local_date(now)
    changes: dict[str, object] = {}
    if attempt.account.last_seen_on != today:
        changes["last_seen_on"] = today
    if attempt.new_hash:
        changes["secret_hash"] = attempt.new_hash
    if changes:
        session.execute(
            update(Account)
            .where(
                Account.person_id == attempt.account.person_id,
                Account.secret_hash == attempt.account.secret_hash,
            )
            .values(changes)
        )
    return attempt.account


def account_key(person_id: int) -> str:
    """What holds back everybody who tries this account's secret."""
    return f"account:{person_id}"


def refuse_held_back(key: str, now: datetime) -> None:
    """Raise TooManyTries for this account, SiteIsBusy for everybody, if it is so."""
    found = failures([key, _SITE])
    if key in found and throttle.is_held_back(*found[key], throttle.ACCOUNT, now):
        raise throttle.TooManyTries
    if _SITE in found and throttle.is_held_back(*found[_SITE], throttle.SITE, now):
        raise throttle.SiteIsBusy


def refuse_slips_held_back(now: datetime) -> None:
    """Raise SiteIsBusy while too many wrong codes of slips were typed on the whole site."""
    found = failures([_SLIPS])
    if _SLIPS in found and throttle.is_held_back(*found[_SLIPS], throttle.SLIPS, now):
        raise throttle.SiteIsBusy


def note_wrong_slip(now: datetime) -> None:
    """A code that opens nothing was typed."""
    note_failure(_SLIPS, throttle.SLIPS, now)


def note_failure(key: str, limit: throttle.Limit, now: datetime) -> None:
    """Count one failure; a window that is over begins anew, and those long past are swept."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    is_over = SignInThrottle.window_start <= now - limit.window
    begun = dialect.insert(SignInThrottle).values(key=key, window_start=now, failures=1)
    session.execute(
        begun.on_conflict_do_update(
            index_elements=[SignInThrottle.key],
            set_={
                "failures": case((is_over, 1), else_=SignInThrottle.failures + 1),
                "window_start": case(
                    (is_over, begun.excluded.window_start), else_=SignInThrottle.window_start
                ),
            },
        )
    )
    session.execute(
        delete(SignInThrottle).where(SignInThrottle.window_start < now - throttle.FORGOTTEN_AFTER)
    )


def forget_failures(person_id: int) -> None:
    """The right secret, or a new one, clears what went wrong before."""
    session.execute(delete(SignInThrottle).where(SignInThrottle.key == account_key(person_id)))


def _named(who: str) -> AccountView | None:
    """The account of a member code or a phone number, however it was typed."""
    code = read_member_code(who)
    if code is not None and (found := account_by_code(code)):
        return found
    number = read_phone(who)
    return account_by_phone(number.number) if number.number and number.fault is None else None


def _blurred(who: str, site_key: str) -> str:
    """A name that cannot be read back from the throttle's table, nor be made longer than its key."""
    return hmac.new(site_key.encode(), who.encode("utf-8", "surrogatepass"), sha256).hexdigest()
