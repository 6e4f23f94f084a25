"""A blend shows what each source weighs, what it says alone, and what would change the order."""

import pytest
from findings_world import DISTRICT, TODAY, World

from csp_consult.findings.base_rules import BaseRules
from csp_consult.findings.blending import blend
from csp_consult.findings.errors import FindingError
from csp_consult.findings.ranking import ranking
from csp_consult.questionnaire.store import store
from csp_consult.resources import resource_folder
from csp_consult.sources.models import PublishedResult, PublishedSurvey


def test_two_sources_that_ask_by_topic_and_by_theme_are_compared_by_theme(crowd: World) -> None:
    _councils(crowd)

    found = blend(crowd.session)

    assert found.level == "themes"
    assert [source.source for source in found.sources] == ["residents-test/2022", "councils-test/2022"]
    assert {topic.topic for topic in found.topics} == {"road-safety", "acquisitive-crime", "asb"}
    assert [source.weight for source in found.sources] == pytest.approx([0.75, 0.25])


def test_one_source_alone_is_its_own_ranking(crowd: World) -> None:
    found = blend(crowd.session)
    alone = ranking(crowd.session, crowd.residents).ranking

    assert [topic.topic for topic in found.topics] == alone.order()
    assert [topic.index.estimate for topic in found.topics] == pytest.approx(
        [topic.index.estimate for topic in alone.topics]
    )


def test_a_wave_too_small_to_be_shown_is_not_shown_by_asking_for_it_in_a_blend(crowd: World) -> None:
    with pytest.raises(FindingError, match="effective base is under"):
        blend(crowd.session, waves=[crowd.residents], rules=BaseRules(hidden_below=100_000))


def test_a_printed_order_enters_with_no_base_and_no_sampling_error_and_says_so(crowd: World) -> None:
    _councils(crowd)
    _link(crowd)

    found = blend(crowd.session)
    link = next(source for source in found.sources if source.source == "link")

    assert (link.kind, link.base, link.effective_base) == ("published order", None, None)
    assert link.effective_base_used == next(s for s in found.sources if s.kind == "residents' survey").effective_base
    assert link.order == ("asb", "road-safety", "acquisitive-crime")
    assert "The interval covers only the sources that have one, so not Link" in found.interval_note
    assert found.without_baseless is not None


@pytest.mark.parametrize("base", [None, 401])
def test_printed_shares_enter_with_the_error_of_the_base_that_was_printed_and_without_one_with_none(
    crowd: World, base: int | None
) -> None:
    _shares(crowd, {"speeding": 40, "burglary": 10, "drugs": 20}, base)

    found = blend(crowd.session)

    panel = next(source for source in found.sources if source.source == "panel")
    assert (panel.kind, panel.base, panel.effective_base) == ("published shares", base, base)
    assert panel.order == ("speeding", "drugs", "burglary")
    assert panel.index["speeding"] == pytest.approx(100 * 40 * 3 / 70)
    assert ("No base was published." in panel.note) == (base is None)
    assert ("so not Panel" in found.interval_note) == (base is None)


def test_printed_shares_of_a_question_ranked_here_are_blended_as_mentions(crowd: World) -> None:
    asked = (resource_folder("surveys") / "neighbourhood-link.yaml").read_text(encoding="utf-8")
    store(crowd.session, asked, today=TODAY)
    _shares(crowd, {"asb": 60, "road-safety": 40, "burglary": 20}, 401, question="top")

    panel = next(source for source in blend(crowd.session).sources if source.source == "panel")

    assert (panel.kind, panel.order) == ("published shares", ("asb", "road-safety", "acquisitive-crime"))


@pytest.mark.parametrize("elsewhere", [{"area_code": "W1"}, {"topic_slug": "speeding"}])
def test_shares_that_are_no_one_table_are_not_blended(crowd: World, elsewhere: dict[str, str]) -> None:
    _shares(crowd, {"speeding": 40, "burglary": 10, "drugs": 20}, 401, **elsewhere)

    assert {source.source for source in blend(crowd.session).sources} == {"residents-test/2022"}


def test_the_sources_that_disagree_are_named(crowd: World) -> None:
    _councils(crowd)
    _link(crowd)

    found = blend(crowd.session)

    assert "Link puts Anti-social behaviour 1st" in found.robustness
    assert set(found.left_out) == {"residents-test/2022", "councils-test/2022", "link"}


def test_what_was_printed_of_a_survey_held_here_is_not_counted_twice(crowd: World) -> None:
    _councils(crowd)
    _link(crowd, title="residents-test")

    assert "link" not in [source.source for source in blend(crowd.session).sources]


def test_what_councils_were_printed_to_say_is_left_out_where_they_answer_here(crowd: World) -> None:
    _link(crowd, audience="institutions")
    assert "link" in [source.source for source in blend(crowd.session).sources]

    _councils(crowd)
    assert "link" not in [source.source for source in blend(crowd.session).sources]


def test_a_printed_order_of_something_else_than_concern_is_no_source(crowd: World) -> None:
    _link(crowd, question="seen")

    assert [source.kind for source in blend(crowd.session).sources] == ["residents' survey"]


def test_institutions_given_everything_say_what_councils_say(crowd: World) -> None:
    _councils(crowd)

    found = blend(crowd.session, institution_weight=1)

    assert [topic.topic for topic in found.topics] == ranking(crowd.session, crowd.councils).ranking.order()
    assert found.orders[-1] == (1.0, tuple(topic.topic for topic in found.topics))


def test_where_two_topics_swap_the_order_swaps(crowd: World) -> None:
    _councils(crowd)

    found = blend(crowd.session)

    assert found.crossings
    for crossing in found.crossings:
        first, second = crossing.topics
        before = [order for weight, order in found.orders if weight < crossing.institution_weight]
        after = [order for weight, order in found.orders if weight > crossing.institution_weight]
        assert all(order.index(first) < order.index(second) for order in before)
        assert all(order.index(first) > order.index(second) for order in after)


def test_nothing_to_blend_says_so(world: World) -> None:
    found = blend(world.session)

    assert (found.topics, found.reason) == ((), "There is no source to blend.")


def test_a_weight_beyond_the_whole_is_refused(world: World) -> None:
    with pytest.raises(FindingError, match="between 0 and 1"):
        blend(world.session, institution_weight=1.2)


def _councils(world: World) -> None:
    for parish, asb in (("P1", "1"), ("P2", "2"), ("P3", "1")):
        world.council(parish, {"road-safety": "3", "acquisitive-crime": "5", "asb": asb})


def _shares(world: World, shares: dict[str, float], base: int | None, question: str = "problem", **last: str) -> None:
    """A survey that printed them, the last of them as ``last`` says."""
    about = {"organisation": "County", "audience": "residents", "period": "2022", "citation": "Report"}
    world.add(PublishedSurvey(slug="panel", title="Panel", base=base, **about))
    for position, (topic, value) in enumerate(shares.items()):
        where = {"topic_slug": topic, "area_code": DISTRICT, **(last if position == len(shares) - 1 else {})}
        world.add(
            PublishedResult(
                id=f"panel.{topic}",
                survey_slug="panel",
                position=position,
                kind="share",
                question=question,
                text="A problem",
                value=value,
                **where,
            )
        )


def _link(world: World, *, title: str = "Link", audience: str = "residents", question: str = "problem") -> None:
    def order(name: str, asked: str, topics: list[str]) -> PublishedResult:
        return PublishedResult(
            id=f"link-{name}",
            survey_slug="link",
            position=1,
            kind="order",
            question=asked,
            text="Top concerns, as printed",
            area_code=DISTRICT,
            order=[{"printed": topic, "topic": topic} for topic in topics],
        )

    survey = PublishedSurvey(
        slug="link", title=title, organisation="Police", audience=audience, period="Autumn 2022", citation="Test plan"
    )
    world.add(
        survey,
        order("top", question, ["asb", "road-safety", "drugs"]),
        order("lesser", f"{question}_lesser", ["burglary"]),
    )
