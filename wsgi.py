"""Entry point for a WSGI server: ``gunicorn wsgi:app``."""

import gc
from importlib import import_module

from flask import Flask


def _started() -> Flask:
    """The application, with what it imports kept out of the garbage collector's sight.

    All of that stays for good. To look through it while it grows takes a seventh of the start and finds nothing, and
    later every full collection of a worker would go through it again.
    """
    gc.disable()
    app: Flask = import_module("csp_consult.app").create_app()
    gc.freeze()
    gc.enable()
    return app


app = _started()
