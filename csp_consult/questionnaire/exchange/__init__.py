"""Questionnaires from and for other programs: XLSForm, LimeSurvey, and the list of variables analysts ask for."""
