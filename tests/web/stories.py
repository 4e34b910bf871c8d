"""Questions with signs, in a text and on a picture, and a story, as an instructor writes them."""

from pathlib import Path

SPOT = """
## Tìm dấu hiệu trong tin nhắn {{#tin-nhan}}

```spot
{{{one}Thông báo | Lời riêng về thông báo{one}}}: xe bị phạt,
nộp {{{two}trong 24 giờ | Lời riêng về giờ{two}}}.
```

> Giải thích kín về tin nhắn.
"""
TAP = """
## Chạm vào chỗ đáng ngờ {{#tren-hinh}}

```tap media/trang.svg | Một trang web
({one}) 10% 10% 80% 10% | thanh địa chỉ
  > Lời riêng về địa chỉ
({two}) 10% 60% 80% 10% | nút Gửi
  > Lời riêng về nút
```
"""
STORY = """
## Có người gọi xưng công an {{#cuoc-goi}}

```scenario
# Cuộc gọi
Người gọi: Tôi là công an.
- Anh ở xã nào? -> Hỏi lại
  > Người gọi ấp úng.
- Số của tôi đây. -> Mất số
  > Người gọi cười.

# Hỏi lại
Người gọi: Bà cài ứng dụng này.
- Tôi tắt máy. -> An toàn
  > Máy im lặng.
- Tôi cài luôn. -> Mất tiền
  > Màn hình tối đen.

# An toàn = {one}%
Tiền còn nguyên.
> Lời riêng: tắt máy.

# Mất số = {half}%
Số đã lộ.
> Lời riêng: giữ số.

# Mất tiền = {two}%
Tiền mất sạch.
> Lời riêng: không cài.
```

> Giải thích kín về cuộc gọi.
"""
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 180"><rect width="320" height="180"/></svg>'
FURTHER = ("ấp úng", "cài ứng dụng", "Máy im lặng", "Màn hình", "còn nguyên", "Số đã lộ", "mất sạch", "cười")
"""What the story tells only after a reply."""


def quiz_text(*, turned: bool = False) -> str:
    """A picture, a text and a story; `turned` makes right what was wrong and changes nothing else."""
    one, two = ("?", "!") if turned else ("!", "?")
    cross, blank = (" ", "x") if turned else ("x", " ")
    percents = {"one": 0, "two": 100, "half": 20} if turned else {"one": 100, "two": 0, "half": 50}
    return SPOT.format(one=one, two=two) + TAP.format(one=cross, two=blank) + STORY.format(**percents)


def draw_picture(folder: Path) -> None:
    """The picture that the quiz needs, in the first module of the small course."""
    media = folder / "khoa-thu" / "01-dau" / "media"
    media.mkdir(parents=True, exist_ok=True)
    (media / "trang.svg").write_text(SVG)
