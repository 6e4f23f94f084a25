"""Files made from a questionnaire: the data dictionary, and the form for other programs."""

from csp_consult.questionnaire.exchange.dictionary import dictionary
from csp_consult.questionnaire.model import Questionnaire
from csp_consult.reports.tables import Cell, Column, Table


def dictionary_table(questionnaire: Questionnaire) -> Table:
    """The data dictionary: a row for each code of each column of an export."""
    rows = dictionary(questionnaire)
    heads = [Column(name.replace("_", " ").capitalize(), name) for name in rows[0]] if rows else []
    about = {"questionnaire": questionnaire.slug, "version": questionnaire.version}
    cells = [[Cell(value, value) for value in row.values()] for row in rows]
    name = f"{questionnaire.slug}-{questionnaire.version}-dictionary"
    return Table(name, f"Data dictionary of {questionnaire.title()}", heads, cells, about, synthetic=False)
