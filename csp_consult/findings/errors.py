"""What a finding says when it cannot be made."""


class FindingError(ValueError):
    """A finding cannot be made; the message says why and what to do."""


class NotYetError(FindingError):
    """What is held so far is not enough for the finding: there may be one later."""
