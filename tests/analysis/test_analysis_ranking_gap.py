"""Ranks by concern beside ranks by record."""

import numpy as np

from csp_consult.analysis.ranking_gap import ranking_gap

TOPICS = ["asb", "burglary", "vehicle-crime"]
COUNTS = [100, 400, 900]


def test_a_topic_people_fear_more_than_the_record_shows_stands_out() -> None:
    asb, vehicle, burglary = ranking_gap(TOPICS, [0.8, 0.2, 0.5], np.diag([0.0004] * 3), COUNTS, COUNTS)

    assert (asb.topic, asb.concern_rank, asb.recorded_rank, asb.gap, asb.apart) == ("asb", 1, 3, -2, True)
    assert (vehicle.topic, vehicle.gap, vehicle.apart) == ("vehicle-crime", 1, True)
    assert (burglary.topic, burglary.gap) == ("burglary", 1)


def test_ranks_within_chance_of_each_other_are_not_apart() -> None:
    rows = ranking_gap(TOPICS, [0.51, 0.5, 0.49], np.diag([0.01] * 3), COUNTS, COUNTS)

    assert [row.concern_interval for row in rows] == [(1, 3)] * 3
    assert not any(row.apart for row in rows)


def test_an_order_without_a_sampling_error_tells_nothing_apart() -> None:
    rows = ranking_gap(TOPICS, [3, 2, 1], None, COUNTS, COUNTS)

    assert not any(row.apart for row in rows)


def test_overdispersion_widens_the_recorded_ranks() -> None:
    close = [100, 140, 900]
    sharp = ranking_gap(TOPICS, [3, 2, 1], None, close, close)
    spread = ranking_gap(TOPICS, [3, 2, 1], None, close, 5 * np.array(close))

    assert [row.recorded_interval for row in sharp] == [(3, 3), (2, 2), (1, 1)]
    assert [row.recorded_interval for row in spread] == [(2, 3), (2, 3), (1, 1)]
