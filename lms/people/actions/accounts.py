"""Accounts: opened by a slip, kept by a secret, set up by their owner."""

from datetime import datetime

from sqlalchemy import insert, update

from lms.foundation import audit
from lms.foundation.clock import local_date
from lms.foundation.db import session
from lms.foundation.errors import Conflict
from lms.foundation.events import announce
from lms.foundation.i18n import N_, translate
from lms.people.actions.sign_in import forget_failures
from lms.people.events import AccountActivated
from lms.people.models import Account, NoticeAcceptance, Person, Slip
from lms.people.notice import NOTICE_VERSION, notice_hash
from lms.people.queries import account_of, slip_of
from lms.people.secrets import PASSPHRASE, Owner, check_passphrase, check_pin


class SlipSpent(Conflict):
    """Used, replaced, expired or unknown: all look the same to who holds a slip."""

    message = N_(
        "Phiếu này không dùng được nữa: đã dùng rồi, đã hết hạn hoặc đã có phiếu mới. "
        "Nhờ tổ trưởng in phiếu khác."
    )


def check_new_secret(secret: str, kind: str, owner: Owner) -> None:
    """Raise WeakSecret for a PIN or passphrase that is not good enough."""
    if kind == PASSPHRASE:
        check_passphrase(secret, owner)
    else:
        check_pin(secret, owner)


def activate_account(slip_id: int, secret_hash: str, kind: str, now: datetime) -> tuple[int, int]:
    """Spend the slip: its person has an account kept by this secret, and every earlier session ends.

    Returns the person and the epoch of the new session. Raises SlipSpent.
    """
    slip = slip_of(slip_id)
    if slip is None or not slip.opens(now) or (slip.holds_grant and kind != PASSPHRASE):
        raise SlipSpent
    spent = session.scalar(
        update(Slip)
        .where(Slip.id == slip_id, Slip.used_at.is_(None), Slip.revoked_at.is_(None))
        .values(used_at=now)
        .returning(Slip.id)
    )
    if spent is None:
        raise SlipSpent
    epoch = _keep_secret(slip.person_id, secret_hash, kind, now)
    forget_failures(slip.person_id)
    audit.record("activate_account", ("person", slip.person_id), actor_id=slip.person_id, at=now)
    announce(AccountActivated(slip.person_id, now))
    return slip.person_id, epoch


def _keep_secret(person_id: int, secret_hash: str, kind: str, now: datetime) -> int:
    """The account with this secret, made if there is none; its epoch."""
    before = account_of(person_id)
    if before is None:
        session.execute(
            insert(Account).values(
                person_id=person_id,
                secret_hash=secret_hash,
                secret_kind=kind,
                activated_at=now,
                last_seen_on=local_date(now),
            )
        )
        _touch(person_id)
        return 1
    return change_secret(person_id, secret_hash, kind, now)


def change_secret(person_id: int, secret_hash: str, kind: str, now: datetime) -> int:
    """Another secret for the account; every session of before ends. Returns the new epoch."""
    epoch = session.scalars(
        update(Account)
        .where(Account.person_id == person_id)
        .values(secret_hash=secret_hash, secret_kind=kind, epoch=Account.epoch + 1)
        .returning(Account.epoch)
    ).one()
    audit.record(
        "change_secret",
        ("person", person_id),
        actor_id=person_id,
        at=now,
        changes={"secret_kind": (None, kind)},
    )
    _touch(person_id)
    return epoch


def change_settings(person_id: int, *, text_size: int, locale: str) -> None:
    """How pages look to the owner, on every device."""
    session.execute(
        update(Account).where(Account.person_id == person_id).values(text_size=text_size, locale=locale)
    )
    _touch(person_id)


def accept_notice(person_id: int, now: datetime) -> None:
    """Log that the notice was read and accepted: version, hash of its words in the reader's language, time.

    Accepting twice is one acceptance.
    """
    account = account_of(person_id)
    if account is not None and account.notice_version == NOTICE_VERSION:
        return
    session.execute(
        insert(NoticeAcceptance).values(
            person_id=person_id,
            version=NOTICE_VERSION,
            text_hash=notice_hash(translate),
            accepted_at=now,
        )
    )
    _touch(person_id)


def _touch(person_id: int) -> None:
    """Pages of this person look different from now on."""
    session.execute(update(Person).where(Person.id == person_id).values(version=Person.version + 1))
