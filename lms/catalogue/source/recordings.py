"""How long a recording lasts, read from its first and last bytes: MP4 and M4A, WebM, MP3."""

from collections.abc import Iterator
from pathlib import Path
from struct import error as StructError  # noqa: N812 (an exception is named like one)
from struct import unpack, unpack_from

_MOST_READ = 4 * 1024 * 1024
_MOST_PARTS = 2_000
_MP3_SEARCHED = 64 * 1024
_MP3_BITRATES = {  # kbit/s of layer III by version (1, 2) and the header's four bits
    1: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0),
    2: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0),
}
_MP3_RATES = {3: (44_100, 48_000, 32_000, 0), 2: (22_050, 24_000, 16_000, 0), 0: (11_025, 12_000, 8_000, 0)}
_EBML_INFO, _EBML_SEGMENT, _EBML_SCALE, _EBML_DURATION = 0x1549A966, 0x18538067, 0x2AD7B1, 0x4489
_UNKNOWN_SIZE = {(1 << 7 * length) - 1 for length in range(1, 9)}


def seconds_of(file: Path) -> int | None:
    """Whole seconds, at least 1; None if the file is not what its name says."""
    readers = {".mp4": _mp4, ".m4a": _mp4, ".webm": _webm, ".mp3": _mp3}
    try:
        seconds = readers[file.suffix.lower()](file)
    except (StructError, IndexError, ValueError, OverflowError):
        return None
    return max(1, round(seconds)) if seconds and seconds < 86_400 else None


def _mp4(file: Path) -> float | None:
    """From the movie header box, wherever in the file it lies."""
    with file.open("rb") as content:
        if content.read(8)[4:] != b"ftyp":
            return None
        place = 0
        for _ in range(_MOST_PARTS):
            content.seek(place)
            size, kind = unpack(">I4s", content.read(8))
            if size == 1:
                (size,) = unpack(">Q", content.read(8))
            if kind == b"moov":
                return _movie_header(content.read(min(size, _MOST_READ)))
            if size < 8:
                return None
            place += size
    return None


def _movie_header(moov: bytes) -> float | None:
    at = moov.find(b"mvhd")
    if at < 0:
        return None
    if moov[at + 4] == 1:
        scale, duration = unpack_from(">IQ", moov, at + 24)
    else:
        scale, duration = unpack_from(">II", moov, at + 16)
    return float(duration / scale) if scale else None


def _webm(file: Path) -> float | None:
    with file.open("rb") as content:
        head = content.read(_MOST_READ)
    if not head.startswith(b"\x1a\x45\xdf\xa3"):
        return None
    scale, duration = 1_000_000, 0.0
    for kind, start, size in _elements(head, {_EBML_SEGMENT, _EBML_INFO}):
        if kind == _EBML_SCALE:
            scale = int.from_bytes(head[start : start + size], "big")
        elif kind == _EBML_DURATION:
            (duration,) = unpack_from(">f" if size == 4 else ">d", head, start)
    return duration * scale / 1e9


def _elements(head: bytes, entered: set[int]) -> Iterator[tuple[int, int, int]]:
    """EBML elements in order (id, start, size); of those entered, the ones inside follow."""
    place = 0
    for _ in range(_MOST_PARTS):
        if place + 2 >= len(head):
            return
        kind, place = _number(head, place, keep_marker=True)
        size, place = _number(head, place, keep_marker=False)
        yield kind, place, size
        if kind not in entered:
            if size in _UNKNOWN_SIZE:
                return
            place += size


def _number(head: bytes, place: int, *, keep_marker: bool) -> tuple[int, int]:
    """A number of variable length and the place after it."""
    length = 9 - head[place].bit_length()
    if length > 8:
        raise ValueError("no EBML number")
    value = int.from_bytes(head[place : place + length], "big")
    return (value if keep_marker else value & ((1 << 7 * length) - 1)), place + length


def _mp3(file: Path) -> float | None:
    """From the Xing header where there is one, else from the first frame's bit rate."""
    with file.open("rb") as content:
        tag = content.read(10)
        skipped = 10 + sum((tag[6 + place] & 0x7F) << 7 * (3 - place) for place in range(4))
        content.seek(skipped if tag.startswith(b"ID3") else 0)
        begun = content.tell()
        head = content.read(_MP3_SEARCHED)
    start = 0
    while head[start] != 0xFF or head[start + 1] & 0xE6 != 0xE2:
        start += 1
    version = head[start + 1] >> 3 & 3
    rate = _MP3_RATES[version][head[start + 2] >> 2 & 3] if version in _MP3_RATES else 0
    bits = _MP3_BITRATES[1 if version == 3 else 2][head[start + 2] >> 4]
    if not rate or not bits:
        return None
    frame = head[start : start + 200]
    at = max(frame.find(b"Xing"), frame.find(b"Info"))
    if at > 0 and frame[at + 7] & 1:
        (frames,) = unpack_from(">I", frame, at + 8)
        return float(frames * (1152 if version == 3 else 576) / rate)
    return (file.stat().st_size - begun - start) * 8 / (bits * 1000)
