"""The clerks' door: a council's response, from the first draft over the meeting to the receipt and its amendments."""

from csp_consult.web.clerk import answers, home, meeting, outcome, receipts, sending
from csp_consult.web.clerk.door import blueprint

__all__ = ["answers", "blueprint", "home", "meeting", "outcome", "receipts", "sending"]
