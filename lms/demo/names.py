"""Names of people who do not exist: of the Kinh everywhere, of other peoples where they are at home."""

from collections.abc import Callable, Mapping
from itertools import accumulate
from random import Random

MALE, FEMALE = SEXES = ("male", "female")
Draw = Callable[[Random, str], str]


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_OTHERS = 0.4  # how many people of a province in _PEOPLES bear a name of their own people
_FAMILIES = (
    *("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Huỳnh", "Phan", "Vũ", "Võ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô"),
    *("Dương", "Lý", "Đinh", "Trịnh", "Mai", "Cao", "Đoàn", "Lương", "Tạ", "Hà", "Chu", "Lưu", "Kiều", "Ung"),
)
_SHARES = (
    380,
    110,
    95,
    70,
    30,
    21,
    45,
    22,
    20,
    21,
    20,
    14,
    13,
    13,
    10,
    5,
    8,
    6,
    5,
    6,
    6,
    6,
    4,
    5,
    3,
    4,
    2,
    1,
)
_BOUNDS = tuple(accumulate(_SHARES))
_MIDDLES = {
    MALE: ("Văn",) * 5
    + ("Đức", "Quang", "Minh", "Hữu", "Công", "Xuân", "Đình", "Ngọc", "Tiến", "Quốc", "Bá", "Trọng", "Duy"),
    FEMALE: ("Thị",) * 9
    + ("Ngọc", "Thị Thu", "Thị Minh", "Thị Kim", "Thị Thanh", "Thùy", "Thị Hồng", "Thị Ngọc", "Bích"),
}
_GIVEN = {
    MALE: _words(
        "An Anh Ân Bảo Bền Bình Chiến Chung Công Cường Dũng Duy Đạt Điệp Đông Đức Giang Hải Hào Hậu Hiếu Hòa "
        "Hùng Huy Hưng Khánh Khoa Khuê Kiên Lâm Lễ Linh Long Lợi Mạnh Nam Nghĩa Nhân Ổn Phong Phúc Quân Quý "
        "Quyết Sơn Sỹ Tài Tâm Thành Thắng Thặng Thịnh Thọ Thuận Toàn Trung Trường Tú Tuấn Tùng Tuyển Vinh"
    ),
    FEMALE: _words(
        "Ái Anh Ánh Ẩn Bảy Bích Chi Chung Cúc Diệu Dung Duyên Đào Gấm Hà Hạ Hạnh Hằng Hiền Hoa Hòa Hồng Huệ "
        "Hương Lan Liễu Linh Loan Lụa Ly Mai Mẫn Mến Minh Nga Ngân Ngọc Ngữ Nguyệt Nhẫn Nhung Oanh Phượng "
        "Phương Quỳnh Sen Tâm Thảo Thắm Thơm Thu Thủy Trang Trinh Tuyết Út Ước Ưng Vân Xuân Xuyến Yến"
    ),
}


def draw_name(rng: Random, sex: str, province_code: str = "") -> str:
    """A full name as a roster of that province would have it; it follows from the state of `rng` alone."""
    peoples = _PEOPLES.get(province_code)
    if peoples and rng.random() < _OTHERS:
        return rng.choice(peoples)(rng, sex)
    family = rng.choices(_FAMILIES, cum_weights=_BOUNDS)[0]
    return f"{family} {rng.choice(_MIDDLES[sex])} {rng.choice(_GIVEN[sex])}"


def _with_family(families: str, middles: Mapping[str, tuple[str, ...]], given: Mapping[str, str]) -> Draw:
    """Names of the pattern family, middle word, given name."""
    of_family = _words(families)
    of_sex = {sex: _words(given[sex]) for sex in SEXES}

    def draw(rng: Random, sex: str) -> str:
        return f"{rng.choice(of_family)} {rng.choice(middles[sex])} {rng.choice(of_sex[sex])}"

    return draw


_VAN_THI = {MALE: ("Văn",), FEMALE: ("Thị",)}
_A_THI = {MALE: ("A",), FEMALE: ("Thị",)}
_THAI = _with_family(
    "Lò Cầm Quàng Lường Cà Tòng Vi Lô Điêu",
    _VAN_THI,
    {MALE: "Thặng Ín Pâng Chiến Hặc Inh Tưởng Muôn Xuân", FEMALE: "Xuân Mai Ỏm Pản Hặc Ính Phóng Thoa Lả"},
)
_MONG = _with_family(
    "Giàng Vàng Sùng Thào Lầu Hờ Mùa Vừ",
    _A_THI,
    {MALE: "Páo Dính Chu Tủa Sềnh Lử Dơ Vảng", FEMALE: "Mỷ Dợ Sua Mị Dua Chở Mào Ganh"},
)
_TAY = _with_family(
    "Nông Bế Ma Lục Triệu Hoàng Lộc Chu Hứa",
    _VAN_THI,
    {MALE: "Thào Khìn Páo Quyền Đường Hiệp Thụ Tuân", FEMALE: "Nhình Slim Khánh Vỹ Nhung Dính Hiệp Biên"},
)
_DAO = _with_family(
    "Triệu Phàn Tẩn Bàn Chảo Lý",
    {MALE: ("Tòn", "Văn", "Láo"), FEMALE: ("Mùi", "Tả", "Lở")},
    {MALE: "Páo Sành Chòi Ngan Phấu Kinh", FEMALE: "Khé Mẩy Nhậy Pham Sếnh Chiều"},
)
_KHMER = _with_family(
    "Thạch Sơn Kim Lâm Danh Kiên Châu Liêu",
    {MALE: ("Sa", "Hoàng", "Minh"), FEMALE: ("Thị", "Thị Ngọc", "Sa")},
    {MALE: "Sang Rương Vươne Phane Dươne Khên Út", FEMALE: "Phia Rây Lan Sóc Nary Pholla Út"},
)
_CHAM = _with_family(
    "Bá Thành Đàng Quảng Lưu Thiên Kiều",
    {MALE: ("Văn", "Ngọc", "Thanh"), FEMALE: ("Thị", "Thị Mỹ", "Nữ")},
    {MALE: "Sanh Phố Toản Chức Đông Tính", FEMALE: "Hiền Nhung Đường Luận Chưng Xuân"},
)
_CO_TU = _with_family(
    "Zơrâm Bhling Alăng Bnướch Pơloong Riah",
    _VAN_THI,
    {MALE: "Nhớp Bhơr Ngước Đhăm Mai", FEMALE: "Bhươi Ghít Nhéo Ploi Mứ"},
)


def _highland(rng: Random, sex: str) -> str:
    """Ê Đê, Cơ Ho, Gia Rai: with the sign of the sex before the name, or the clan first."""
    given = {
        MALE: ("Blŏ", "Blum", "Thuăn", "Nguê", "Kông", "Siêng"),
        FEMALE: ("Bĭa", "Yéo", "Lăk", "Nuên", "Mrai", "Duôn"),
    }
    name = rng.choice(given[sex])
    pattern = rng.randrange(3)
    if pattern == 0:
        clan = rng.choice(("Niê", "Êban", "Mlô", "Kbuôr", "Ayŭn", "Byă"))
        return f"Y {name} {clan}" if sex == MALE else f"H'{name} {clan}"
    if pattern == 1:
        kin = {
            MALE: ("K'Brôi", "K'Tem", "K'Să", "K'Wên"),
            FEMALE: ("Ka Thủy", "Ka Nhím", "Ka Rềm", "K'Duyên"),
        }
        return f"{kin[sex][0]} {name}" if rng.random() < 0.2 else rng.choice(kin[sex])
    clan = rng.choice(("Rơ Châm", "Siu", "Ksor", "Rah Lan", "Kpă"))
    return f"{clan} {name}" if sex == MALE else f"{clan} H'{name}"


_NORTH = (_THAI, _MONG, _TAY, _DAO)
_PEOPLES: dict[str, tuple[Draw, ...]] = {
    "04": (_TAY, _TAY, _MONG, _DAO),
    "08": (_TAY, _MONG, _DAO),
    "11": (_THAI, _THAI, _MONG),
    "12": _NORTH,
    "14": (_THAI, _THAI, _MONG),
    "15": _NORTH,
    "19": (_TAY, _DAO),
    "20": (_TAY,),
    "38": (_THAI,),
    "40": (_THAI, _MONG),
    "48": (_CO_TU,),
    "52": (_highland,),
    "56": (_CHAM,),
    "66": (_highland,),
    "68": (_highland, _CHAM),
    "86": (_KHMER,),
    "91": (_KHMER,),
    "92": (_KHMER,),
    "96": (_KHMER,),
}
