"""Questions that come in as other formats: 5,000 of them in one GIFT file, read and checked."""

import time
from collections.abc import Iterator

from bench.figures import Figure
from bench.site import Site
from lms.quiz.exchange.losses import losses
from lms.quiz.exchange.reading import read_questions
from lms.quiz.formats import WRITABLE

QUESTIONS = 5_000
_KINDS = (
    "{{=đáp án đúng {n} #Đúng rồi. ~đáp án sai {n} #Xem lại bài. ~đáp án khác {n} ####Vì **thế**.}}",
    "{{~%50%một {n} ~%50%hai {n} ~%-100%ba {n}}}",
    "{{TRUE#Chưa đúng#Đúng rồi}}",
    "{{=đáp án {n} =số {n}}}",
    "{{#{n}:0.5}}",
    "{{=trái {n} -> phải {n} =trái -> phải = -> thừa}}",
)


def figures(_site: Site) -> Iterator[Figure]:
    """Reading is all there is between the file and questions that could be asked."""
    gift = "\n\n".join(
        f"::cau-{n}::[markdown]Câu hỏi số {n}: nên làm gì khi *ai đó* hỏi mã OTP? "
        + _KINDS[n % len(_KINDS)].format(n=n)
        for n in range(QUESTIONS)
    ).encode()
    began = time.process_time()
    reading = read_questions(gift, WRITABLE["gift"])
    spent = time.process_time() - began
    assert len(reading.questions) == QUESTIONS, reading.mistakes[:3]
    yield Figure(f"GIFT, {QUESTIONS:,} questions read and checked, CPU", spent, "s")
    yield Figure("GIFT, questions read and checked a second of CPU", QUESTIONS / spent, "")
    questions = [one.question for one in reading.questions]
    for name, format_ in sorted(WRITABLE.items()):
        began = time.process_time()
        carried, _ = losses(questions, format_)
        format_.write(carried)
        spent = time.process_time() - began
        yield Figure(f"{name}, {len(carried):,} questions written, their losses told, CPU", spent, "s")
