"""What is wrong with a questionnaire file, in words its author can act on."""

from collections.abc import Sequence
from dataclasses import dataclass

FAULT = "fault"
ADVICE = "advice"


@dataclass(frozen=True, order=True)
class Fault:
    """One thing to put right (``fault``) or to think about (``advice``), and the line it stands on."""

    line: int
    message: str
    severity: str = FAULT

    def __str__(self) -> str:
        """As the command line shows it."""
        lead = "advice: " if self.severity == ADVICE else ""
        return f"line {self.line}: {lead}{self.message}"


class QuestionnaireError(ValueError):
    """The file cannot be used; ``faults`` names everything wrong with it, in the order of its lines."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = list(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))
