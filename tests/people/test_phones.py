"""Phone numbers as people and spreadsheets write them."""

import phonenumbers
import pytest

from lms.people.phones import PhoneFault, masked_phone, phone_saying, read_phone, spoken_phone


@pytest.mark.parametrize(
    ("typed", "number", "changes"),
    [
        ("0912345678", "+84912345678", ()),
        ("0912.345.678", "+84912345678", ("punctuation_removed",)),
        ("0912 345\u00a0678", "+84912345678", ("punctuation_removed",)),
        ("912345678", "+84912345678", ("leading_zero_restored",)),
        ("84912345678", "+84912345678", ("country_code",)),
        ("+84 912 345 678", "+84912345678", ("country_code",)),
        ("(+84)0912345678", "+84912345678", ("country_code",)),
        ("0084912345678", "+84912345678", ("country_code",)),
        ("01680000312", "+84380000312", ("old_prefix_converted",)),
        ("1680000312", "+84380000312", ("leading_zero_restored", "old_prefix_converted")),
        ("0120 000 0311", "+84700000311", ("punctuation_removed", "old_prefix_converted")),
    ],
)
def test_a_mobile_number_is_read_however_it_is_written(typed, number, changes):
    phone = read_phone(typed)
    assert (phone.number, phone.fault, phone.changes) == (number, None, changes)


@pytest.mark.parametrize(
    ("typed", "fault", "said"),
    [
        ("", PhoneFault.EMPTY, "Nhập số"),
        ("0912 345 67", PhoneFault.TOO_SHORT, "mới có 9 chữ số"),
        ("0912 345 6789", PhoneFault.TOO_LONG, "có 11 chữ số"),
        ("O912345678", PhoneFault.LETTERS, "chữ cái"),
        ("٠٩١٢٣٤٥٦٧٨", PhoneFault.LETTERS, "chữ cái"),
        ("0801234567", PhoneFault.UNKNOWN_PREFIX, "đầu số"),
        ("0123456789", PhoneFault.UNKNOWN_PREFIX, "đầu số"),
        ("02438251234", PhoneFault.LANDLINE, "máy bàn"),
        ("9" * 10_000, PhoneFault.TOO_LONG, "10000 chữ số"),
    ],
)
def test_what_is_no_mobile_number_is_explained(typed, fault, said):
    phone = read_phone(typed)
    assert phone.fault is fault
    assert said in phone_saying(phone) % {"digits": phone.digits}


def test_the_prefixes_are_those_of_the_numbering_plan():
    """Numbers that begin with 01 belong to machines; people had none of them since 2018."""
    wrong = []
    for prefix in range(2000, 10000):
        number = phonenumbers.PhoneNumber(country_code=84, national_number=int(f"{prefix}00000"))
        is_mobile = (
            phonenumbers.is_valid_number(number)
            and phonenumbers.number_type(number) == phonenumbers.PhoneNumberType.MOBILE
        )
        if is_mobile != (read_phone(f"0{prefix}00000").fault is None):
            wrong.append(prefix)
    assert wrong == []


def test_a_number_is_shown_whole_or_masked():
    assert spoken_phone("+84912345678") == "0912 345 678"
    assert masked_phone("+84912345678") == "09•• ••• 678"
