"""The residents' door: one survey, answered page by page, checked, and sent once."""

from csp_consult.web.resident import paper, questions, saving, sending, withdrawing
from csp_consult.web.resident.door import COOKIE, LINK_COOKIE, blueprint

__all__ = ["COOKIE", "LINK_COOKIE", "blueprint", "paper", "questions", "saving", "sending", "withdrawing"]
