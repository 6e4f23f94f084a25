"""The officers' door: fieldwork, rankings, gaps, the record, and the communication plan."""

from csp_consult.web.officer import blend, fieldwork, home, plan, published, ranking, record_files, recorded
from csp_consult.web.officer.door import blueprint

__all__ = ["blend", "blueprint", "fieldwork", "home", "plan", "published", "ranking", "record_files", "recorded"]
