"""Three devices at one attempt over a network that repeats and reorders: one consistent attempt, always."""

from typing import Any

from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from lms.quiz.paper import AttemptView
from lms.quiz.queries import steps_of
from tests.conftest import every_database
from tests.quiz.sitting import again, hand_in, merge, right, sit_down, wrong

pytestmark = every_database
POSITIONS = (1, 2, 3)


class Devices(RuleBasedStateMachine):
    """Taps wait on a device, are delivered in any order and again; what the server says is heard or not."""

    def __init__(self) -> None:
        super().__init__()
        self.view: AttemptView = sit_down(questions=len(POSITIONS))
        self.seen = dict.fromkeys("abc", 1)
        self.taps = dict.fromkeys("abc", 0)
        self.sent: list[dict[str, Any]] = []
        self.kept: dict[int, tuple[str, int]] = {}  # by position: whose tap stands

    @rule(
        device=st.sampled_from("abc"),
        at=st.sets(st.sampled_from(POSITIONS), min_size=1),
        is_right=st.booleans(),
    )
    def tap(self, device: str, at: set[int], is_right: bool) -> None:
        self.taps[device] += 1
        answers = right(self.view, *at) if is_right else wrong(self.view, *at)
        key = f"{device}:{self.taps[device]}"
        self.sent.append({"answers": answers, "client_key": key, "seen_step": self.seen[device]})

    @rule(which=st.integers(0, 30), is_heard=st.booleans())
    def deliver(self, which: int, is_heard: bool) -> None:
        """Any save that is on its way, be it for the first time or once more."""
        if not self.sent:
            return
        save = self.sent[which % len(self.sent)]
        before = {step.client_key for step in steps_of(self.view.id)}
        merged = merge(self.view, **save)
        device, number = save["client_key"].split(":")
        for at, answer in save["answers"].items():
            standing = merged.attempt.questions[at - 1].answer
            owner = self.kept.get(at)
            is_own = owner is not None and owner[0] == device
            if at not in merged.elsewhere and not (is_own and owner[1] >= int(number)):
                self.kept[at] = (device, int(number))
                assert standing == answer
            assert (at in merged.lost) == (at in merged.elsewhere and standing != answer)
        after = {step.client_key for step in steps_of(self.view.id)}
        assert save["client_key"] not in before or after == before
        if is_heard:
            self.seen[device] = max(self.seen[device], merged.attempt.step)

    @invariant()
    def what_stands_is_the_last_step_of_each_question(self) -> None:
        attempt, steps = again(self.view), steps_of(self.view.id)
        assert [step.number for step in steps] == list(range(1, attempt.step + 1))
        last = {step.position: step for step in steps if step.kind == "saved"}
        for one in attempt.questions:
            assert one.answer == (last[one.position].answer if one.position in last else None)
        named = {at: step.client_key.partition(".")[0] for at, step in last.items()}
        assert named == {at: f"{device}:{number}" for at, (device, number) in self.kept.items()}

    def teardown(self) -> None:
        standing = again(self.view)
        graded = hand_in(self.view)
        assert [one.answer for one in graded.questions] == [one.answer for one in standing.questions]
        assert graded.points == sum(one.question.grade(one.answer) for one in standing.questions)


def test_any_interleaving_of_three_devices_is_one_consistent_attempt(app: Flask) -> None:
    run_state_machine_as_test(
        Devices,
        settings=settings(
            max_examples=25,
            stateful_step_count=20,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
