"""Somebody at the door: a learner with an account, and the form of signing in."""

from lms.foundation.db import session
from tests import make

PHONE, TYPED = "+84912345678", "0912 345 678"


def learner(name: str = "Nguyễn Thị Hạnh", phone: str | None = PHONE):
    person = make.member(make.team(), name, phone=phone)
    make.account(person)
    session.commit()
    return person


def sign_in(client, who=TYPED, secret=make.PIN, **fields):
    return client.post("/sign-in", data={"who": who, "secret": secret} | fields)
