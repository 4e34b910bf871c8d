"""Static files: hashed names, compression, serving, and the checksums of what others made."""

import hashlib
import re
from pathlib import Path
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest
from fontTools.ttLib import TTFont
from werkzeug.test import Client, TestResponse

from lms.web.assets import Assets, publish, serve_static

ROOT = Path(__file__).parents[2]
STATIC = ROOT / "static"


def write(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def text_of(assets: Assets, name: str) -> str:
    return (assets.folder / assets.published[name]).read_text(encoding="utf-8")


def behind(_environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
    start_response("404 Not Found", [])
    return [b"behind"]


def get(assets: Assets, address: str, encodings: str = "") -> TestResponse:
    client = Client(serve_static(behind, assets))
    return client.get(address, headers={"Accept-Encoding": encodings}, buffered=True)


def test_an_address_changes_with_the_content_and_only_then(tmp_path: Path) -> None:
    source = write(tmp_path / "static", {"site/a.css": "a { color: red }", "site/b.js": "1"})
    before = publish(source, tmp_path / "cache")
    again = publish(source, tmp_path / "cache")
    write(source, {"site/a.css": "a { color: blue }"})
    after = publish(source, tmp_path / "cache")

    assert re.fullmatch(r"/static/site/a\.[0-9a-f]{12}\.css", before.url("site/a.css"))
    assert again.published == before.published
    assert after.url("site/a.css") != before.url("site/a.css")
    assert after.url("site/b.js") == before.url("site/b.js")
    assert get(after, before.url("site/a.css")).text == "a { color: red }"


def test_publishing_again_writes_nothing(tmp_path: Path) -> None:
    source = write(tmp_path / "static", {"site/a.css": "a { color: red }" * 50})
    assets = publish(source, tmp_path / "cache")
    times = {path: path.stat().st_mtime_ns for path in assets.folder.rglob("*")}

    publish(source, tmp_path / "cache")

    assert {path: path.stat().st_mtime_ns for path in assets.folder.rglob("*")} == times
    assert [path.name for path in (tmp_path / "cache").iterdir()] == ["static"]


def test_a_sheet_is_published_with_its_imports_in_it_and_hashed_addresses(tmp_path: Path) -> None:
    source = write(
        tmp_path,
        {
            "site/site.css": '@import url("part.css");\nb { c: d }\n',
            "site/part.css": '/* why */\na {\n  src: url("fonts/f.woff2");\n}\n',
            "print/p.css": 'a { src: url("../site/fonts/f.woff2") }',
            "site/fonts/f.woff2": "font",
        },
    )
    assets = publish(source, tmp_path / "cache")
    font = assets.published["site/fonts/f.woff2"]

    assert text_of(assets, "site/site.css") == (
        f'\na {{\nsrc: url("{font.removeprefix("site/")}");\n}}\nb {{ c: d }}\n'
    )
    assert text_of(assets, "print/p.css") == f'a {{ src: url("../{font}") }}'


def test_a_sheet_that_names_a_missing_file_stops_the_start(tmp_path: Path) -> None:
    source = write(tmp_path / "static", {"site/a.css": 'a { src: url("gone.woff2") }'})
    with pytest.raises(LookupError, match=r"gone\.woff2"):
        publish(source, tmp_path / "cache")


def test_an_unknown_name_raises(tmp_path: Path) -> None:
    with pytest.raises(LookupError, match=r"site/no\.css"):
        publish(write(tmp_path / "static", {"a.txt": "a"}), tmp_path / "cache").url("site/no.css")


@pytest.mark.parametrize(("asked", "given"), [("br, gzip", "br"), ("gzip", "gzip"), ("", None)])
def test_a_file_is_served_for_ever_in_the_smallest_form_the_browser_reads(
    tmp_path: Path, asked: str, given: str | None
) -> None:
    source = write(tmp_path / "static", {"site/a.css": "a { color: red }\n" * 100})
    assets = publish(source, tmp_path / "cache")
    response = get(assets, assets.url("site/a.css"), asked)

    assert response.status_code == 200
    assert response.headers.get("Content-Encoding") == given
    assert response.headers["Content-Type"].startswith("text/css")
    assert "immutable" in response.headers["Cache-Control"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "Access-Control-Allow-Origin" not in response.headers


@pytest.mark.parametrize("address", ["/static/site/a.css", "/static/../cache", "/courses/a"])
def test_everything_else_reaches_the_application(tmp_path: Path, address: str) -> None:
    source = write(tmp_path / "static", {"site/a.css": "a {}"})
    assert get(publish(source, tmp_path / "cache"), address).text == "behind"


def test_the_site_publishes_without_a_missing_or_remote_address(tmp_path: Path) -> None:
    assets = publish(STATIC, tmp_path)
    sheets = [text_of(assets, name) for name in assets.published if name.endswith(".css")]

    assert not [sheet for sheet in sheets if "@import" in sheet or "://" in sheet]
    assert "bvp-400." in text_of(assets, "site/site.css")


@pytest.mark.parametrize(
    "path", sorted((STATIC / "site/fonts").glob("*.[tw]*f*")), ids=lambda path: path.name
)
def test_every_font_writes_the_names_of_all_of_vietnams_peoples(path: Path) -> None:
    names = "Nguyễn Ngọc Ẩn, Đặng Hữu Nghĩa, K'Brôi, Y Blŏ, H'Bĭa, ƀ ĕ ŭ č ñ Ữ Ặ Ẫ"
    assert {char for char in names if ord(char) not in TTFont(path).getBestCmap()} == set()


def test_the_styles_of_a_learners_page_stay_small(tmp_path: Path) -> None:
    assets = publish(STATIC, tmp_path)
    packed = [f"{assets.published[name]}.br" for name in ("site/site.css", "site/print.css")]

    assert sum((assets.folder / name).stat().st_size for name in packed) <= 8 * 1024


def test_what_others_made_is_what_the_list_says() -> None:
    listed = [line.split("  ") for line in (ROOT / "THIRD_PARTY.sha256").read_text().splitlines()]
    found = [[hashlib.sha256((ROOT / path).read_bytes()).hexdigest(), path] for _, path in listed]

    assert found == listed
    assert {path for _, path in listed} >= {str(p.relative_to(ROOT)) for p in STATIC.rglob("*.woff2")}


def test_a_script_imports_another_by_its_hashed_name(tmp_path: Path) -> None:
    files = {"site/js/a.js": 'import { b } from "./b.js";', "site/js/b.js": "export const b = 1;"}
    assets = publish(write(tmp_path / "static", files), tmp_path / "cache")
    imported = assets.published["site/js/b.js"].removeprefix("site/js/")
    assert text_of(assets, "site/js/a.js") == f'import {{ b }} from "./{imported}";'


def test_a_script_that_imports_what_is_not_there_is_told(tmp_path: Path) -> None:
    source = write(tmp_path / "static", {"site/a.js": 'import { b } from "./b.js";'})
    with pytest.raises(LookupError, match=r"b\.js"):
        publish(source, tmp_path / "cache")
