"""The officers' navigation: six parts in the order of the work, and below them the pages of the present part."""

from collections import Counter

from walker import Walker

from csp_consult.web.officer import VIEWS
from csp_consult.web.officer.navigation import PARTS


def rows(walker: Walker) -> list[list[str]]:
    return [[link.text for link in nav.select("a")] for nav in walker.page.select("nav.csp-parts")]


def here(walker: Walker) -> list[tuple[str, str]]:
    return [(link.text, str(link["aria-current"])) for link in walker.page.select("nav.csp-parts a[aria-current]")]


def test_every_module_of_the_door_has_one_place_in_the_navigation() -> None:
    placed = Counter(module for part in PARTS for page in part.pages for module in page.modules)
    assert placed == Counter(list(VIEWS))


def test_the_parts_follow_the_work_and_each_opens_on_its_first_page(olive: Walker) -> None:
    for part in PARTS:
        olive.get("/officer/")
        olive.follow(part.text)
        assert olive.status == 200, part.text
        assert rows(olive)[0] == ["Ask", "Weigh", "Compare", "Act", "Tell", "People"]
        assert here(olive) == [(part.text, "page"), (part.pages[0].text, "page")]


def test_every_page_of_a_part_is_one_link_away_and_says_where_it_is(olive: Walker) -> None:
    olive.get("/officer/gaps/all?wave=residents-test/2022")
    assert rows(olive)[1] == ["Gaps", "The record", "Published figures"]
    assert here(olive) == [("Compare", "true"), ("Gaps", "true")]
    olive.follow("The record")
    assert here(olive) == [("Compare", "true"), ("The record", "page")]


def test_who_may_not_read_the_audit_trail_is_not_offered_it(olive: Walker) -> None:
    olive.get("/officer/accounts")
    assert rows(olive)[1] == ["Parishes", "Accounts", "Mail"]


def test_survey_by_survey_leads_to_all_that_can_be_read_of_a_wave(olive: Walker) -> None:
    olive.get("/officer/answers")
    links = [link["href"] for link in olive.page.select("main .csp-links a")]
    assert "/officer/waves/residents-test/2022/crosstab" in links
    assert "/officer/waves/councils-test/2022/crosstab" not in links, "councils answer as one, not by two questions"
    for link in links:
        olive.get(str(link))
        assert olive.status == 200, link
