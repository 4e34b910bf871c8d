"""Drawings that stand in the page, and the field map."""

import re
from pathlib import Path

import pytest

from lms.web.drawings import Drawings
from lms.web.terraces import FieldMap, narrow_map, wide_map

SITE = Path(__file__).parents[2] / "static/site"
DRAWINGS = Drawings(SITE)


def numbers(path: str) -> list[float]:
    return [float(number) for number in re.findall(r"-?\d+", path)]


def test_an_icon_is_markup_that_screen_readers_skip() -> None:
    assert DRAWINGS.icon("check") == (
        '<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="M20 6 9 17l-5-5"/></svg>'
    )


def test_an_icon_may_be_big_and_keeps_its_own_view_box() -> None:
    icon = DRAWINGS.icon("half-disc", "big")
    assert icon.startswith('<svg class="icon big" viewBox="0 0 20 20"')


def test_an_emblem_has_two_crops_of_one_drawing() -> None:
    small, wide = DRAWINGS.emblem("trinh-duyet-an-toan"), DRAWINGS.emblem("trinh-duyet-an-toan", wide=True)
    assert small.startswith('<svg class="topic-emblem" viewBox="0 0 96 96" aria-hidden="true">')
    assert wide.startswith('<svg viewBox="-57 0 210 96" aria-hidden="true">')
    assert small.split(">", 1)[1] == wide.split(">", 1)[1]


def test_there_is_an_emblem_for_the_twelve_topics_and_the_two_of_officials() -> None:
    assert len(DRAWINGS.emblem_names) == 14


def test_a_drawing_keeps_what_its_file_says() -> None:
    assert DRAWINGS.drawing("hero-terraces").startswith(
        '<svg class="field-map" viewBox="0 0 720 290" aria-hidden="true">'
    )


@pytest.mark.parametrize("ask", [DRAWINGS.icon, DRAWINGS.emblem, DRAWINGS.drawing])
def test_an_unknown_name_raises(ask) -> None:
    with pytest.raises(LookupError, match="unicorn"):
        ask("unicorn")


def test_a_file_that_is_no_drawing_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / "icons").mkdir()
    (tmp_path / "icons" / "bad.svg").write_text("<p>no</p>")
    with pytest.raises(ValueError, match="bad"):
        Drawings(tmp_path)


@pytest.mark.parametrize("path", sorted(SITE.rglob("*.svg")), ids=lambda path: path.stem)
def test_no_drawing_scripts_styles_or_reaches_out(path: Path) -> None:
    text = path.read_text(encoding="utf-8").replace('xmlns="http://www.w3.org/2000/svg"', "")
    text = text.replace('xmlns:xlink="http://www.w3.org/1999/xlink"', "")
    assert not re.search(r"<script|<style|style=|\son\w+=|://|<image|<foreignObject", text)


@pytest.mark.parametrize("draw", [narrow_map, wide_map])
@pytest.mark.parametrize("count", [*range(14), 31, 63])
def test_a_map_has_a_plot_for_every_module_with_its_number_in_the_frame(draw, count: int) -> None:
    field_map: FieldMap = draw(count)
    assert len(field_map.plots) == count
    for plot in field_map.plots:
        assert 11 <= plot.x <= field_map.width - 11
        assert 11 <= plot.y <= field_map.height - 11
        assert len(plot.rows) == 4
        assert all(plot.rows)


@pytest.mark.parametrize("draw", [narrow_map, wide_map])
def test_numbers_run_from_the_top_left_along_each_terrace(draw) -> None:
    plots = draw(12).plots
    breaks = [place for place in range(1, 12) if plots[place].x < plots[place - 1].x]
    starts = [plots[place].y for place in [0, *breaks]]
    assert starts == sorted(starts)
    assert len(breaks) == (4 if draw is narrow_map else 3)


@pytest.mark.parametrize("draw", [narrow_map, wide_map])
def test_rows_stay_within_the_width_of_their_plot(draw) -> None:
    for plot in draw(12).plots:
        xs = numbers(re.sub(r"[A-Z]", " ", plot.outline))[0::2]
        for rows in plot.rows:
            assert min(numbers(rows)[0::2]) >= min(xs)
            assert max(numbers(rows)[0::2]) <= max(xs)


def test_a_map_costs_a_phone_little() -> None:
    drawn = "".join(plot.outline + plot.rows[0] for plot in narrow_map(12).plots)
    assert len(drawn) < 6_000
