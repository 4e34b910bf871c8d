"""Make the fonts: TTF for printed papers with every Latin letter, small WOFF2 of the same for the screen.

    python scripts/fonts.py BE_VIETNAM_PRO_FOLDER LIBERATION_SERIF_FOLDER

The first folder holds the full TTFs of Be Vietnam Pro (`*_400Regular.ttf`, `*_700Bold.ttf`), the second
those of Liberation Serif 2.1.5. Each weight is one file, because split subset files under one family name
print wrong Vietnamese letters in WeasyPrint. Be Vietnam Pro lacks ĕ ĭ ŏ ŭ ƀ (Ê Đê, Gia Rai, Ba Na, K'Ho):
they are put together here from its own letters and marks, else names like Y Blŏ and H'Bĭa show letters of
another face. It also lacks figures of one width, which tables need.
"""

import sys
from collections.abc import Iterable
from pathlib import Path

from fontTools.feaLib.builder import addOpenTypeFeaturesFromString
from fontTools.pens.boundsPen import BoundsPen
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables._g_l_y_f import ROUND_XY_TO_GRID, Glyph, GlyphComponent

FONTS = Path(__file__).parent.parent / "static/site/fonts"
LATIN = [
    *range(0x20, 0x250),
    *range(0x2B0, 0x370),
    *range(0x1E00, 0x1F00),
    *range(0x2010, 0x2040),
    *(ord(char) for char in "₫№←→−≠≤≥"),
]
SCREEN = "".join(map(chr, range(0x20, 0x7F))) + (
    "\u00a0§©°·×÷–—‘’“”•…₫€−≤≥ʼ‑"
    "ÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝàáâãèéêìíòóôõùúýĂăĐđĨĩŨũƠơƯưÑñČčƀıĔĕĬĭŎŏŬŭ"
    "\u0300\u0301\u0302\u0303\u0306\u0309\u031b\u0323"
) + "".join(map(chr, range(0x1EA0, 0x1EFA)))  # fmt: skip
FIGURE_WIDTH = {"bvp-400": 656, "bvp-700": 672}
SOURCES = {
    "bvp-400": ("*_400Regular.ttf", "BVP"),
    "bvp-700": ("*_700Bold.ttf", "BVP"),
    "lss-400": ("LiberationSerif-Regular.ttf", "LS Serif"),
    "lss-700": ("LiberationSerif-Bold.ttf", "LS Serif"),
    "lss-400i": ("LiberationSerif-Italic.ttf", "LS Serif"),
    "lss-700i": ("LiberationSerif-BoldItalic.ttf", "LS Serif"),
}
WITH_BREVE = {"ĕ": "e", "ĭ": "ı", "ŏ": "o", "ŭ": "u", "Ĕ": "E", "Ĭ": "I", "Ŏ": "O", "Ŭ": "U"}
SAME_SHAPE = {"ʼ": "’", "‑": "-"}
Part = tuple[str, tuple[float, float]]  # a glyph and how far it is moved
BREVE, MACRON = "\u0306", "\u0304"


def bounds(font: TTFont, name: str) -> tuple[float, float, float, float]:
    """xMin, yMin, xMax, yMax of a glyph."""
    glyphs = font.getGlyphSet()
    pen = BoundsPen(glyphs)
    glyphs[name].draw(pen)
    return pen.bounds


def add_glyph(font: TTFont, name: str, parts: list[Part], metrics: tuple[int, int]) -> None:
    """A glyph put together from others, each moved by its offset; metrics are advance and left bearing."""
    glyph = Glyph()
    glyph.numberOfContours = -1
    glyph.components = []
    for part, (x, y) in parts:
        component = GlyphComponent()
        component.glyphName, component.x, component.y = part, round(x), round(y)
        component.flags = ROUND_XY_TO_GRID
        glyph.components.append(component)
    font.setGlyphOrder([*font.getGlyphOrder(), name])
    font["glyf"].glyphs[name] = glyph
    font["hmtx"][name] = metrics


def add_letter(font: TTFont, char: str, base: str, mark: str, offset: tuple[float, float]) -> None:
    """A letter as wide as `base`, with `mark` over it."""
    name = f"uni{ord(char):04X}"
    bearing = round(min(bounds(font, base)[0], bounds(font, mark)[0] + offset[0]))
    add_glyph(font, name, [(base, (0, 0)), (mark, offset)], (font["hmtx"][base][0], bearing))
    for table in font["cmap"].tables:
        table.cmap[ord(char)] = name


def complete(font: TTFont) -> None:
    """Add the letters that the font lacks and Vietnam's minority languages need."""
    glyph_of = font.getBestCmap()
    breve = glyph_of[ord(BREVE)]
    mark = bounds(font, breve)
    for char, letter in WITH_BREVE.items():
        if ord(char) not in glyph_of:
            base = glyph_of[ord(letter)]
            shape, model = bounds(font, base), bounds(font, glyph_of[ord("Ă" if char.isupper() else "ă")])
            offset = ((shape[0] + shape[2] - mark[0] - mark[2]) / 2, model[3] - mark[3])
            add_letter(font, char, base, breve, offset)
    if ord("ƀ") not in glyph_of:
        base, bar = glyph_of[ord("b")], glyph_of[ord(MACRON)]
        shape, line = bounds(font, base), bounds(font, bar)
        offset = (shape[0] - line[0] - (line[2] - line[0]) / 4, shape[3] * 0.84 - line[3])
        add_letter(font, "ƀ", base, bar, offset)
    for char, twin in SAME_SHAPE.items():
        for table in font["cmap"].tables:
            table.cmap.setdefault(ord(char), glyph_of[ord(twin)])


def add_tabular_figures(font: TTFont, width: int) -> None:
    """A second set of figures, all `width` units wide, behind the feature `tnum`."""
    figures = [font.getBestCmap()[ord(figure)] for figure in "0123456789"]
    for figure in figures:
        advance, bearing = font["hmtx"][figure]
        shift = round((width - advance) / 2)
        add_glyph(font, f"{figure}.tnum", [(figure, (shift, 0))], (width, bearing + shift))
    rules = "".join(f"sub {figure} by {figure}.tnum;" for figure in figures)
    addOpenTypeFeaturesFromString(font, f"feature tnum {{ {rules} }} tnum;", tables=["GSUB"])


def rename(font: TTFont, family: str) -> None:
    """Liberation's licence reserves its name, so a changed font carries another."""
    for record in font["name"].names:
        if record.nameID in {1, 4, 16}:
            record.string = family
        elif record.nameID == 6:
            record.string = family.replace(" ", "")


def subset(font: TTFont, letters: Iterable[int]) -> None:
    """Leave only these letters, and what places marks and pairs."""
    options = Options(
        hinting=False, layout_features=["kern", "mark", "mkmk", "tnum"], name_IDs=["*"], notdef_outline=True
    )
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=letters)
    subsetter.subset(font)


def make(name: str, source: Path, family: str) -> None:
    """One weight: the TTF, and for the sans also the WOFF2."""
    font = TTFont(source, recalcTimestamp=False)  # The same input gives the same bytes.
    subset(font, LATIN)
    complete(font)
    rename(font, family)
    if name in FIGURE_WIDTH:
        add_tabular_figures(font, FIGURE_WIDTH[name])
    font.save(FONTS / f"{name}.ttf")
    if name in FIGURE_WIDTH:
        font = TTFont(FONTS / f"{name}.ttf", recalcTimestamp=False)
        subset(font, map(ord, SCREEN))
        font.flavor = "woff2"
        font.save(FONTS / f"{name}.woff2")


def main(sans: Path, serif: Path) -> None:
    """Make all files."""
    for name, (pattern, family) in SOURCES.items():
        folder = sans if name in FIGURE_WIDTH else serif
        make(name, next(folder.rglob(pattern)), family)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
