"""From a gap to the audiences that hold most of it, and from an audience to its activity."""

import csv
import io

import pytest
from walker import Walker

GAP = "/officer/gap?wave=residents-test/2022&topic=asb"
AUDIENCES = "/officer/gap/audiences?wave=residents-test/2022&topic=asb"


def segments(olive: Walker, share: int) -> list[dict[str, str]]:
    text = olive.client.get(f"/officer/gap/audiences.csv?wave=residents-test/2022&topic=asb&share={share}")
    return list(csv.DictReader(io.StringIO(text.get_data(as_text=True).removeprefix("\ufeff"))))


def test_a_gap_that_can_be_reassured_leads_to_its_audiences(olive: Walker) -> None:
    olive.get(GAP)
    olive.follow("Whom to tell: the audiences that hold most of these residents")

    assert olive.heading == "Anti-social behaviour: whom to tell"
    assert "Raked to" in olive.text or "Weighted" in olive.text


def test_a_greater_share_takes_more_audiences(olive: Walker) -> None:
    def chosen(share: int) -> int:
        return sum(row["chosen"] == "yes" for row in segments(olive, share))

    assert 0 < chosen(10) < chosen(50)


def test_many_audiences_are_said_to_be_too_many_to_aim_at(olive: Walker, monkeypatch: pytest.MonkeyPatch) -> None:
    olive.get(f"{AUDIENCES}&share=50")
    assert "too many to aim at" not in olive.text

    monkeypatch.setattr("csp_consult.web.officer.audiences._MOST_TO_AIM_AT", 1)
    olive.get(f"{AUDIENCES}&share=50")
    assert "That is too many to aim at" in olive.text
    assert "Tell the whole district, or choose a smaller share." in olive.text


def test_each_chosen_audience_stands_on_the_page_with_its_interval(olive: Walker) -> None:
    page = olive.get(f"{AUDIENCES}&share=25")
    chosen = [row for row in segments(olive, 25) if row["chosen"] == "yes"]

    cards = [card.get_text(" ", strip=True) for card in page.select(".csp-card")]

    assert len(cards) == len(chosen) > 0
    for card, row in zip(cards, chosen, strict=True):
        assert row["audience"] in card
        assert f"{float(row['residents_lower']):,.0f} to {float(row['residents_upper']):,.0f}" in card


def test_an_audience_becomes_an_activity_for_it(olive: Walker) -> None:
    olive.get(f"{AUDIENCES}&share=25")
    first = next(row for row in segments(olive, 25) if row["chosen"] == "yes")
    olive.follow(f"Plan an activity for this audience ({first['audience']})")

    filled = olive.filled(button="Add to the plan")

    assert filled["audience"] == first["audience"]
    assert filled["area_code"] == first["area"]


def test_a_share_that_is_none_is_refused_in_words(olive: Walker) -> None:
    for share in ("0", "101", "half"):
        olive.get(f"{AUDIENCES}&share={share}")
        assert olive.status == 400
        assert "a whole number from 1 to 100" in olive.text


def test_the_gap_of_a_beat_leads_to_what_the_next_wave_needs(olive: Walker) -> None:
    olive.get(f"{GAP}&area=B1")
    olive.follow("What the next wave needs to find a change here")

    assert olive.heading == "What the next wave needs"
    assert "four times in five" in olive.text
    assert olive.page.select("#planning tbody tr")
