"""Every table, in one import, for migrations and for a database made in tests."""

from csp_consult.demo import models as demo
from csp_consult.fieldwork import models as fieldwork
from csp_consult.findings import models as findings
from csp_consult.mail import models as mail
from csp_consult.papers import models as papers
from csp_consult.parishes import models as parishes
from csp_consult.people import models as people
from csp_consult.places import models as places
from csp_consult.plan import models as plan
from csp_consult.questionnaire import models as questionnaire
from csp_consult.recorded import models as recorded
from csp_consult.sources import models as sources
from csp_consult.topics import models as topics

__all__ = [
    "demo",
    "fieldwork",
    "findings",
    "mail",
    "papers",
    "parishes",
    "people",
    "places",
    "plan",
    "questionnaire",
    "recorded",
    "sources",
    "topics",
]
