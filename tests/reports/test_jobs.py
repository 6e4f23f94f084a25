"""The helper process does work apart, says what went wrong, and comes back after it dies."""

import os
import signal
from collections.abc import Iterator

import pytest

from csp_consult.jobs import HelperProcess, JobError


@pytest.fixture
def helper() -> Iterator[HelperProcess]:
    helper = HelperProcess()
    yield helper
    helper.stop()


def test_work_runs_in_another_process(helper: HelperProcess) -> None:
    assert helper.call("os:getpid") != os.getpid()


def test_the_same_helper_serves_again(helper: HelperProcess) -> None:
    assert helper.call("os:getpid") == helper.call("os:getpid")


def test_text_of_any_language_crosses_unharmed(helper: HelperProcess) -> None:
    assert helper.call("builtins:str", "Pryder – ŵ\n“x”") == "Pryder – ŵ\n“x”"


def test_a_fault_is_told_and_the_helper_lives_on(helper: HelperProcess) -> None:
    before = helper.call("os:getpid")

    with pytest.raises(JobError, match="ValueError"):
        helper.call("builtins:int", "many")

    assert helper.call("os:getpid") == before


def test_work_that_takes_too_long_is_given_up_and_the_next_call_is_served(helper: HelperProcess) -> None:
    with pytest.raises(JobError, match="no answer within"):
        helper.call("time:sleep", 30, timeout=0.3)

    assert helper.call("builtins:abs", -3) == 3


def test_a_killed_helper_is_replaced(helper: HelperProcess) -> None:
    first = helper.call("os:getpid")
    os.kill(first, signal.SIGKILL)
    os.waitid(os.P_PID, first, os.WEXITED | os.WNOWAIT)

    assert helper.call("os:getpid") != first


def test_what_a_library_prints_does_not_spoil_the_conversation(helper: HelperProcess) -> None:
    assert helper.call("builtins:print", "noise") is None
    assert helper.call("builtins:abs", -3) == 3
