"""Vietnamese text."""

import random
import unicodedata

import pytest
import vn_collate
from hypothesis import example, given
from hypothesis import strategies as st

from lms.foundation.text import clean, collate, collate_words, fold, nfc, slugify

CLASS_LIST = [
    "Nguyễn Văn An",
    "Trần Thị An",
    "Nguyễn Dũng Anh",
    "Nguyễn Duy Anh",
    "Nguyễn Đức Anh",
    "Phạm Ngọc Ánh",
    "Lê Hoài Ân",
    "Bùi Thị Bảy",
    "Đỗ Văn Bền",
    "Vũ Thị Dung",
    "Đặng Tiến Dũng",
    "Nguyễn Thị Đào",
    "Phan Văn Đức",
    "Ngô Thị Hà",
    "Lý Thị Hạ",
    "Cao Thị Lan",
    "Đinh Văn Lâm",
    "Y Blum Niê",
    "Mai Thị Út",
    "Nguyễn Thị Ước",
]
LETTERS = "aăâbcdđeêghiklmnoôơpqrstuưvxyàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ"
words = st.text(LETTERS, min_size=1, max_size=7)
names = st.lists(words, min_size=1, max_size=5).map(" ".join)


def test_names_sort_in_class_list_order():
    shuffled = random.Random(1).sample(CLASS_LIST, len(CLASS_LIST))
    assert sorted(shuffled, key=collate) == CLASS_LIST


def test_a_name_is_compared_word_by_word():
    assert collate("Vũ Thị Dung") < collate("Đặng Tiến Dũng")
    assert collate("Nguyễn Duy Anh") < collate("Nguyễn Đức Anh")


def test_case_and_composition_do_not_change_the_order():
    assert collate("NGUYỄN THỊ ƯỚC") == collate("Nguyễn Thị  Ước") == collate("Nguyễn Thị Ước")


def test_short_vowels_of_the_highlands_sort_with_their_letter():
    assert collate("Y Bla") < collate("Y Blŏ") < collate("Y Blum")
    assert collate("H Bia") == collate("H Bĭa") < collate("H Bích")


def test_an_empty_name_has_an_empty_key():
    assert collate("") == collate("  ") == collate_words("") == ""


def test_numbers_in_titles_sort_by_value():
    assert sorted(["Phường 10", "Phường 2", "Phường An Khê", "Phường 1"], key=collate_words) == [
        "Phường 1",
        "Phường 2",
        "Phường 10",
        "Phường An Khê",
    ]


@given(names, names)
def test_keys_order_names_as_comparing_words_one_after_the_other(left, right):
    def reference(name):
        *rest, last = name.split()
        return [vn_collate.collate_key(word) for word in (last, *rest)]

    assert (collate(left) < collate(right)) == (reference(left) < reference(right))
    assert (collate(left) == collate(right)) == (reference(left) == reference(right))


@example("각Ñ")
@given(st.text(max_size=60))
def test_a_key_is_printable_ascii_and_short(name):
    for key in (collate(name), collate_words(name)):
        assert key.isascii()
        assert key.isprintable()
    assert len(collate(name)) <= 4 * len(nfc(name)) + 1


@given(st.text(alphabet=st.characters(max_codepoint=0x1EFF, categories=["Lu", "Ll", "Zs"]), max_size=60))
def test_a_key_of_latin_letters_is_shorter(name):
    latin = "".join(char for char in name if char.isspace() or "LATIN" in unicodedata.name(char, ""))
    assert len(collate(latin)) <= 3 * len(nfc(latin)) + 1


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("ĐẶNG THỊ HÒA", "dang thi hoa"),
        ("Đặng Thị Hoà", "dang thi hoa"),
        ("K'Brôi", "k broi"),
        ("Y Blŏ", "y blo"),
        ("H'Bĭa", "h bia"),
        ("  Ea H’Leo - 2 ", "ea h leo 2"),
        ("Ƀuôn", "buon"),
        ("snake_case", "snake case"),
        ("…", ""),
        ("", ""),
    ],
)
def test_folding_leaves_what_a_search_compares(text, folded):
    assert fold(text) == folded


@given(st.text(max_size=60))
def test_folding_twice_is_folding_once(text):
    assert fold(fold(text)) == fold(text)


@given(names)
def test_folding_ignores_case_and_composition(name):
    assert fold(name) == fold(name.upper()) == fold(nfc(name))
    assert fold(name).isascii()


def test_cleaning_collapses_spaces_and_drops_what_cannot_be_seen():
    assert clean(" Ngu\u200bye\u0302\u0303n\u00a0\u00a0Thị\tHoa\ufeff\x00\n") == "Nguyễn Thị Hoa"


def test_cleaning_keeps_the_soft_hyphen_that_is_a_letter_in_old_encodings():
    assert clean("D\u00ad¬ng") == "D\u00ad¬ng"


@given(st.text(max_size=60))
def test_cleaning_is_stable_and_safe_to_store(text):
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    assert "\x00" not in cleaned
    cleaned.encode()


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Kỹ năng số", "ky-nang-so"),
        ("Sử dụng trình duyệt, an toàn!", "su-dung-trinh-duyet-an-toan"),
        ("Đường 3/2", "duong-3-2"),
        ("東京", ""),
    ],
)
def test_a_slug_is_lower_case_ascii(text, slug):
    assert slugify(text) == slug
