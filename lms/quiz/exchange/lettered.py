"""A question whose answers have letters and whose key is said in letters: as in Word texts and sheets."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from lms.quiz.exchange.format import Ears
from lms.quiz.exchange.item import Item, Part
from lms.quiz.exchange.markup import escaped
from lms.quiz.exchange.texts import split_text

_LETTERS = re.compile(r"[A-Z](?:\s*(?:[,;&+/]|\bVÀ\b|\s)\s*[A-Z])*\s*\.?")
_TRUTH = {"ĐÚNG": True, "Đ": True, "SAI": False, "S": False}


@dataclass(frozen=True)
class Lettered:
    """The texts of a question as somebody typed them, plain; `options` by their letters, A first."""

    line: int
    stem: str
    options: Mapping[str, str]
    explanation: str = ""
    id: str = ""
    objective: str = ""

    def item(self, key: str, ears: Ears) -> Item | None:
        """The question with the answers that the key names; None and a mistake where it names none surely."""
        key = " ".join(key.upper().split())
        parts = self._judged(key) if self.options else self._truth(key)
        if parts is None:
            ears.mistake(
                self.line,
                "Không rõ đáp án nào đúng.",
                seen=f"đáp án: {key}" if key else "đáp án trống",
                expected=f"một hoặc nhiều chữ trong: {', '.join(self.options)}"
                if self.options
                else "các đáp án A. … B. …, hoặc “Đáp án: Đúng”",
            )
            return None
        stem, material = split_text(escaped(self.stem).replace("  \n", "\n\n", 1))
        return Item(
            "single" if sum(part.right for part in parts) == 1 else "multiple",
            stem,
            parts,
            line=self.line,
            id=self.id,
            material=material,
            explanation=escaped(self.explanation) if self.explanation.strip() else "",
            objective=self.objective,
        )

    def _judged(self, key: str) -> list[Part] | None:
        named = set(re.findall("[A-Z]", re.sub(r"\bVÀ\b", " ", key))) if _LETTERS.fullmatch(key) else set()
        if not named or not named <= self.options.keys():
            return None
        return [Part(text, letter in named) for letter, text in self.options.items()]

    @staticmethod
    def _truth(key: str) -> list[Part] | None:
        is_true = _TRUTH.get(key.rstrip(" ."))
        return None if is_true is None else [Part("Đúng", is_true), Part("Sai", not is_true)]
