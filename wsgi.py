"""Entry point for a WSGI server: ``gunicorn wsgi:app``."""

from csp_consult.app import create_app

app = create_app()
