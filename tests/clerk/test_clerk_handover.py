"""A clerk hands a parish over in the middle of a draft."""

from collections.abc import Callable

from parish_world import GLEN, KIBWORTH, WAVE
from walker import Walker


def test_the_new_clerk_goes_on_with_the_draft_and_the_old_one_is_shut_out_at_once(
    gill: Walker, sign_in: Callable[[str], Walker]
) -> None:
    gill.get(f"/clerk/{GLEN}/{WAVE}/page/police")
    gill.submit({"met_police": "met"}, button="Save and continue")
    kit = sign_in("kibworth")
    gill.get("/account/")
    gill.follow("hand over to another clerk: Great Glen")

    gill.submit({"email": "kibworth@example.org"}, button="Hand over")

    assert "Great Glen is handed over" in gill.text
    assert gill.client.get(f"/clerk/{GLEN}/{WAVE}/check").status_code == 404
    kit.get(f"/clerk/{GLEN}/{WAVE}/check")
    assert "It has" in kit.text


def test_a_wrong_address_is_told_and_changes_nothing(gill: Walker) -> None:
    gill.get(f"/account/parishes/{GLEN}/hand-over")

    gill.submit({"email": "nobody@example.org"}, button="Hand over")

    assert gill.errors == ["Enter the address of a clerk who has an account here. Without one yet, ask us to make it"]
    assert gill.client.get(f"/clerk/{GLEN}/{WAVE}/").status_code == 200


def test_somebody_elses_parish_is_not_there_to_hand_over(gill: Walker) -> None:
    assert gill.client.get(f"/account/parishes/{KIBWORTH}/hand-over").status_code == 404
