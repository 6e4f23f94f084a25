"""The published JSON keeps to what its own description says, whatever a program asks of it."""

from datetime import timedelta
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, given, settings
from officer.test_officer_papers import publish
from schemathesis.core.result import Ok
from walker import Walker

EXAMPLES, MANY_EXAMPLES = 20, 1_000


def held(site: Flask, examples: int) -> None:
    """Ask of every operation so often, and hold each answer against the description."""
    description = schemathesis.openapi.from_wsgi("/api/openapi.json", site)
    operations = [found.ok() for found in description.get_all_operations() if isinstance(found, Ok)]
    assert len(operations) >= 2

    for operation in operations:

        @settings(max_examples=examples, deadline=timedelta(seconds=30), suppress_health_check=list(HealthCheck))
        @given(operation.as_strategy())
        def holds(case: Any) -> None:
            case.call_and_validate()

        holds()


def test_published_json_keeps_to_its_description_whatever_is_asked(olive: Walker, site: Flask) -> None:
    publish(olive)
    # What is there at all, which nobody guesses.
    description = schemathesis.openapi.from_wsgi("/api/openapi.json", site)
    for path in ("/api/results", "/api/results/residents-test/2022"):
        answer = site.test_client().get(path)
        assert answer.status_code == 200
        template = path.replace("residents-test/2022", "{survey}/{wave}")
        description[template]["GET"].validate_response(schemathesis.Response.from_any(answer))

    held(site, EXAMPLES)


@pytest.mark.long
def test_published_json_keeps_to_its_description_however_often_it_is_asked(olive: Walker, site: Flask) -> None:
    publish(olive)
    held(site, MANY_EXAMPLES)
