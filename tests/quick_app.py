"""The application as tests make it: passwords are hashed cheaply, and a template is compiled once a process.

Neither changes what a page does. With the settings of production a sign-in costs a third of a second, and every test
makes an application of its own.
"""

from typing import Any

from cookies import watch
from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

from csp_consult.app import create_app
from csp_consult.settings import Settings

CHEAP_PASSWORDS = {"argon2__time_cost": 1, "argon2__memory_cost": 8, "argon2__parallelism": 1}


class _InMemory(BytecodeCache):
    """Compiled templates of this process; Jinja asks again where a template's source has changed."""

    def __init__(self) -> None:
        self.compiled: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if held := self.compiled.get(bucket.key):
            bucket.bytecode_from_string(held)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.compiled[bucket.key] = bucket.bytecode_to_string()


_COMPILED = _InMemory()


def quick_app(database_url: str, *, district: str = Settings.district, **overrides: Any) -> Flask:
    """An application for tests on a database; ``overrides`` go into Flask's own configuration."""
    settings = Settings(environment="development", database_url=database_url, district=district)
    app = create_app(settings, TESTING=True, SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS=CHEAP_PASSWORDS, **overrides)
    app.jinja_env.bytecode_cache = _COMPILED
    watch(app)
    return app
