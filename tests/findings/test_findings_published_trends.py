"""What others printed at two times is set side by side and tested only as far as bases were printed."""

import pytest
from findings_world import DISTRICT, World

from csp_consult.findings.errors import FindingError
from csp_consult.findings.published_trends import published_trend, published_trends
from csp_consult.sources.models import PublishedResult, PublishedSurvey


@pytest.fixture
def printed(world: World) -> PublishedSurvey:
    survey = PublishedSurvey(
        slug="css", title="CSS", organisation="VRN", audience="residents", period="2022", base=214, citation="Plan"
    )
    survey.results = [
        PublishedResult(
            id="css.cohesion",
            position=1,
            kind="share",
            question="cohesion",
            text="Get on well",
            area_code=DISTRICT,
            value=64.6,
            previous_value=61,
            previous_period="2019",
        ),
        PublishedResult(id="css.n", position=2, kind="count", text="Base", area_code=DISTRICT, value=214),
    ]
    world.add(survey)
    return survey


def test_a_share_with_a_base_has_an_interval_but_no_test_against_one_without(
    world: World, printed: PublishedSurvey
) -> None:
    earlier, later = published_trend(printed, "cohesion").points

    assert (earlier.period, earlier.share.estimate, earlier.share.se) == ("2019", 0.61, None)
    assert later.share.estimate == pytest.approx(0.646)
    assert later.share.base == 214
    assert later.share.lower is not None
    assert (later.change, later.reason) == (None, "No base was published, so this cannot be tested.")


def test_only_what_was_printed_of_two_times_is_a_trend(world: World, printed: PublishedSurvey) -> None:
    assert [found.question for found in published_trends(world.session)] == ["css.cohesion"]
    assert published_trends(world.session, "other") == []
    with pytest.raises(FindingError, match=r"no trend of 'css\.n'; there are: css\.cohesion"):
        published_trend(printed, "css.n")
