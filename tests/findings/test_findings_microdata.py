"""Single responses read beside weights that may be a moment older."""

from findings_world import World

from csp_consult.fieldwork.asked import questionnaire_for
from csp_consult.findings import microdata
from csp_consult.findings.weighting import weighed


def test_a_response_of_a_cell_that_has_no_weight_yet_is_left_out(crowd: World) -> None:
    wave, factors = crowd.residents, dict(weighed(crowd.session, crowd.residents).finding.factors)
    questionnaire = questionnaire_for(crowd.session, wave)
    before = microdata.residents(crowd.session, wave, questionnaire, [], factors)
    factors.pop(next(iter(factors)))

    after = microdata.residents(crowd.session, wave, questionnaire, [], factors)

    assert 0 < len(after.weights) < len(before.weights)
