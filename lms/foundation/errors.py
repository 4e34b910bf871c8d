"""Refusals: the domain saying no to a person. Anything else that is raised is a bug and stays a 500."""


class Refusal(Exception):
    """A no with a reason in the user's language.

    `message` is a Vietnamese msgid (marked with `i18n.N_`), with `%(name)s` places filled from `params`
    by the door, after translation.
    """

    message: str = ""

    def __init__(self, message: str | None = None, /, **params: object) -> None:
        self.message = message if message is not None else type(self).message
        self.params = params
        super().__init__(self.message % params if params else self.message)


class NotFound(Refusal):
    """What was asked for does not exist, or not for this person: both look the same from outside."""


class Forbidden(Refusal):
    """It exists and the person may know so, but may not do this with it."""


class Conflict(Refusal):
    """The state moved on: somebody else, another tab, or the same person twice."""


class Invalid(Refusal):
    """The values make no sense together; the form is shown again with this sentence."""
