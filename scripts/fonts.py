"""Make the fonts of the printed papers: one TTF a weight with every Latin letter Vietnam's peoples write.

    python scripts/fonts.py BE_VIETNAM_PRO_FOLDER LIBERATION_SERIF_FOLDER

The first folder holds the full TTFs of Be Vietnam Pro (`*_400Regular.ttf`, `*_700Bold.ttf`), the second
those of Liberation Serif 2.1.5. Each weight is one file, because split subset files under one family name
print wrong Vietnamese letters in WeasyPrint. Be Vietnam Pro lacks ĕ ĭ ŏ ŭ ƀ (Ê Đê, Gia Rai, Ba Na, K'Ho):
they are put together here from its own letters and marks, else a PDF shows them in another face.
"""

import sys
from pathlib import Path

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
BREVE, MACRON = "\u0306", "\u0304"


def bounds(font: TTFont, name: str) -> tuple[float, float, float, float]:
    """xMin, yMin, xMax, yMax of a glyph."""
    glyphs = font.getGlyphSet()
    pen = BoundsPen(glyphs)
    glyphs[name].draw(pen)
    return pen.bounds


def add_composite(font: TTFont, char: str, base: str, mark: str, offset: tuple[float, float]) -> None:
    """A new letter: `base` as it stands, `mark` moved by `offset`; as wide as `base`."""
    glyph = Glyph()
    glyph.numberOfContours = -1
    glyph.components = []
    for name, (x, y) in ((base, (0, 0)), (mark, offset)):
        part = GlyphComponent()
        part.glyphName, part.x, part.y, part.flags = name, round(x), round(y), ROUND_XY_TO_GRID
        glyph.components.append(part)
    name = f"uni{ord(char):04X}"
    font.setGlyphOrder([*font.getGlyphOrder(), name])
    font["glyf"].glyphs[name] = glyph
    font["hmtx"][name] = font["hmtx"][base]
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
            add_composite(font, char, base, breve, offset)
    if ord("ƀ") not in glyph_of:
        base, bar = glyph_of[ord("b")], glyph_of[ord(MACRON)]
        shape, line = bounds(font, base), bounds(font, bar)
        offset = (shape[0] - line[0] - (line[2] - line[0]) / 4, shape[3] * 0.84 - line[3])
        add_composite(font, "ƀ", base, bar, offset)
    for char, twin in SAME_SHAPE.items():
        for table in font["cmap"].tables:
            table.cmap.setdefault(ord(char), glyph_of[ord(twin)])


def rename(font: TTFont, family: str) -> None:
    """Liberation's licence reserves its name, so a changed font carries another."""
    for record in font["name"].names:
        if record.nameID in {1, 4, 16}:
            record.string = family
        elif record.nameID == 6:
            record.string = family.replace(" ", "")


def make(source: Path, target: Path, family: str) -> None:
    """Subset, complete, rename and save one weight."""
    font = TTFont(source, recalcTimestamp=False)  # the same input gives the same bytes
    options = Options(
        hinting=False, layout_features=["kern", "mark", "mkmk"], name_IDs=["*"], notdef_outline=True
    )
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=LATIN)
    subsetter.subset(font)
    complete(font)
    rename(font, family)
    font.save(target)


def main(sans: Path, serif: Path) -> None:
    """Make all six files."""
    for name, (pattern, family) in SOURCES.items():
        folder = sans if name.startswith("bvp") else serif
        make(next(folder.rglob(pattern)), FONTS / f"{name}.ttf", family)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
