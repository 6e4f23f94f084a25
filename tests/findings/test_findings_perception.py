from csp_consult.analysis.figures import Estimate
from csp_consult.findings.groups import Group
from csp_consult.findings.perception import Perception, Sides, drawn_together


def figure(value: float, se: float) -> Estimate:
    return Estimate(value, se, value - 2 * se, value + 2 * se, base=12, effective_base=11.0, se_method="linearised")


def areas(balances: list[float], se: float) -> list[Perception]:
    return [
        Perception(
            Group("ward", f"W{number}", f"Ward {number}", "area", frozenset({f"W{number}"})),
            Sides(figure(0.3 + balance / 2, se), figure(0.3 - balance / 2, se), figure(balance, se)),
        )
        for number, balance in enumerate(balances)
    ]


def test_areas_that_the_answers_tell_apart_are_drawn_towards_their_mean() -> None:
    drawn = drawn_together(areas([-0.5, 0.0, 0.5], se=0.1))

    assert all(one.drawn for one in drawn)


def test_areas_that_the_answers_do_not_tell_apart_never_print_the_mean_as_their_own() -> None:
    drawn = drawn_together(areas([0.19, 0.2, 0.21], se=0.3))

    assert [one.drawn for one in drawn] == [None, None, None]
