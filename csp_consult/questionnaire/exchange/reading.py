"""Taking in another program's file, whichever it is."""

from importlib import import_module

from csp_consult.questionnaire.exchange.building import ExchangeError, Imported
from csp_consult.questionnaire.exchange.limesurvey import read_limesurvey

EXCEL = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


def imported(content: bytes, name: str) -> Imported:
    """The questionnaire of an XLSForm or of a LimeSurvey structure, told apart by what is in them.

    Raises ExchangeError with a sentence for whoever sent the file.
    """
    if content.startswith(EXCEL):
        # pyxform takes seconds to load, and most who come this way never read a form.
        forms = import_module("csp_consult.questionnaire.exchange.xlsform_in")
        found: Imported = forms.read_xlsform(content, name)
        return found
    if content.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<"):
        return read_limesurvey(content)
    raise ExchangeError("This is neither an XLSForm (.xlsx, .xls) nor a LimeSurvey survey structure (.lss).")
