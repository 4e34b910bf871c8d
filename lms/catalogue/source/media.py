"""Pictures, recordings and documents of a module: what they are, how big, whether a phone can afford them."""

import hashlib
import os
import re
import warnings
import zlib
from pathlib import Path
from xml.etree import ElementTree

from lms.catalogue.source.elements import MediaSource
from lms.catalogue.source.problems import counted
from lms.catalogue.source.recordings import seconds_of
from lms.quiz.question import Report

LARGEST_SVG = 6 * 1024  # bytes, compressed
LARGEST_SVG_FILE = 200 * 1024
LARGEST_PHOTOGRAPH = 80 * 1024
LARGEST_RECORDING = 50 * 1024 * 1024
LARGEST_DOCUMENT = 10 * 1024 * 1024

PICTURES = {
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".webp": "image/webp",
}
RECORDINGS = {".m4a": "audio/mp4", ".mp3": "audio/mpeg", ".mp4": "video/mp4", ".webm": "video/webm"}
DOCUMENTS = {
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
_TYPES = PICTURES | RECORDINGS | DOCUMENTS
_NAME = re.compile(r"[A-Za-z0-9]+(?:[._-][A-Za-z0-9]+)*")
_SVG_NAMESPACE = "{http://www.w3.org/2000/svg}"
_ACTIVE_TAGS = {"script", "foreignobject", "iframe", "embed", "object", "animate", "set", "handler"}
_LENGTH = re.compile(r"\s*(\d+(?:\.\d+)?)")


def read_media(file: Path, report: Report) -> MediaSource | None:
    """One file of a `media` folder; None if it cannot be shown or handed out."""
    suffix = file.suffix.lower()
    if (
        file.is_symlink()
        or not file.is_file()
        or not os.access(file, os.R_OK)
        or suffix not in _TYPES
        or not _NAME.fullmatch(file.name)
    ):
        report(
            1,
            "Tệp này không dùng được trong thư mục media.",
            seen=file.name,
            expected=f"tên chỉ gồm chữ không dấu, số, dấu gạch; đuôi {' '.join(_TYPES)}",
        )
        return None
    size = file.stat().st_size
    most = _most(suffix)
    if size == 0:
        report(1, "Tệp rỗng.", seen="0 byte", expected="một tệp có nội dung")
        return None
    if size > most:
        report(
            1,
            "Tệp quá lớn.",
            seen=f"{counted(size)} byte",
            expected=f"nhiều nhất {counted(most)} byte",
        )
        return None
    measures = _measures(file, suffix, report)
    if measures is None:
        return None
    width, height, seconds = measures
    with file.open("rb") as content:
        digest = hashlib.file_digest(content, "sha256").hexdigest()
    return MediaSource(f"media/{file.name}", file, digest, size, _TYPES[suffix], width, height, seconds)


def extent_of(picture: Path, suffix: str) -> tuple[int, int]:
    """Width and height of a picture that was read before; 0 and 0 if it is none any more."""

    def unheard(line: int, message: str, *, seen: str = "", expected: str = "") -> None:
        """Its mistakes were told when it was published."""

    width, height, _ = _measures(picture, suffix, unheard) or (0, 0, 0)
    return width, height


def _most(suffix: str) -> int:
    if suffix == ".svg":
        return LARGEST_SVG_FILE
    if suffix in PICTURES:
        return LARGEST_PHOTOGRAPH
    return LARGEST_RECORDING if suffix in RECORDINGS else LARGEST_DOCUMENT


def _measures(file: Path, suffix: str, report: Report) -> tuple[int, int, int] | None:
    """Width, height and seconds, 0 where a thing has none; None once a mistake was reported."""
    if suffix == ".svg":
        return _drawing(file.read_bytes(), report)
    if suffix in PICTURES:
        return _photograph(file, report)
    if suffix not in RECORDINGS:
        return 0, 0, 0
    seconds = seconds_of(file)
    if seconds is None:
        report(
            1,
            "Không đọc được đoạn ghi này.",
            seen=file.name,
            expected="tệp .m4a, .mp3, .mp4 hoặc .webm phát được",
        )
        return None
    return 0, 0, seconds


def _drawing(content: bytes, report: Report) -> tuple[int, int, int] | None:
    compressed = len(zlib.compress(content, 9))
    if compressed > LARGEST_SVG:
        report(
            1,
            "Hình SVG quá nặng.",
            seen=f"{counted(compressed)} byte sau khi nén",
            expected=f"nhiều nhất {counted(LARGEST_SVG)} byte sau khi nén; bớt nét, bớt số lẻ",
        )
        return None
    root = _parsed(content)
    if root is None or root.tag != f"{_SVG_NAMESPACE}svg":
        report(
            1,
            "Hình SVG viết chưa đúng XML.",
            seen=content[:80].decode("utf-8", "replace"),
            expected='<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 180">…</svg>',
        )
        return None
    active = next((found for element in root.iter() for found in _active(element)), None)
    if active:
        report(
            1,
            "Hình SVG chỉ được là hình vẽ.",
            seen=active,
            expected="không script, không on…, không tệp bên ngoài",
        )
        return None
    width, height = _extent(root)
    if not width or not height:
        report(1, "Hình SVG thiếu kích thước.", seen="không có viewBox", expected='viewBox="0 0 320 180"')
        return None
    return width, height, 0


def _parsed(content: bytes) -> ElementTree.Element | None:
    """The drawing's tree; entities could expand without end, so a document type is refused unread."""
    if re.search(rb"<!(?:DOCTYPE|ENTITY)", content, re.IGNORECASE):
        return None
    try:
        return ElementTree.fromstring(content)  # noqa: S314 (without a document type there are no entities)
    except (ElementTree.ParseError, ValueError, LookupError):
        return None


def _active(element: ElementTree.Element) -> list[str]:
    """What in an element is more than a drawing."""
    tag = str(element.tag).rpartition("}")[2].lower()
    found = [f"<{tag}>"] if tag in _ACTIVE_TAGS else []
    for name, value in element.attrib.items():
        bare = name.rpartition("}")[2].lower()
        if bare.startswith("on") or (bare == "href" and not value.startswith("#")):
            found.append(f'{bare}="{value}"')
    if tag == "style" and re.search(r"@import|url\(\s*['\"]?(?!#)", element.text or "", re.IGNORECASE):
        found.append("<style> có url()")
    return found


def _extent(root: ElementTree.Element) -> tuple[int, int]:
    box = root.get("viewBox", "").replace(",", " ").split()
    lengths = box[2:] if len(box) == 4 else [root.get("width", ""), root.get("height", "")]
    matches = [_LENGTH.match(length) for length in lengths]
    width, height = (round(float(match[1])) if match else 0 for match in matches)
    return width, height


def _photograph(file: Path, report: Report) -> tuple[int, int, int] | None:
    from PIL import Image, UnidentifiedImageError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(file, formats=("PNG", "JPEG", "WEBP")) as picture:
                return picture.width, picture.height, 0
    except (
        UnidentifiedImageError,
        Image.DecompressionBombWarning,
        Image.DecompressionBombError,
        OSError,
        SyntaxError,
    ):
        report(1, "Không đọc được ảnh này.", seen=file.name, expected="ảnh PNG, JPEG hoặc WebP mở được")
        return None
