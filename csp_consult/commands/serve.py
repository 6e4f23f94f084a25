"""Run the web application on this machine."""

import socket
from contextlib import suppress
from dataclasses import replace
from ipaddress import ip_address
from threading import Event, Thread
from typing import Any

import click
from flask import Flask
from flask.cli import with_appcontext
from gunicorn.app.base import BaseApplication

from csp_consult.app import create_app
from csp_consult.demo.sign_ins import SIGN_INS, is_demo
from csp_consult.mail.dispatch import carrier_of, watch
from csp_consult.parishes import mailing
from csp_consult.settings import Settings, SettingsError, current_settings


class Server(BaseApplication):  # type: ignore[misc] # gunicorn is untyped
    """gunicorn with our application and settings; two processes of four threads."""

    def __init__(self, settings: Settings, bind: str, announcement: str) -> None:
        self.csp_settings = settings
        self.csp_config: dict[str, Any] = {
            "bind": bind,
            "workers": 2,
            "threads": 4,
            "worker_class": "gthread",
            "graceful_timeout": 20,
            # Its warnings quote a request that cannot be read, and the visitor's address: no log of ours holds them.
            "loglevel": "error",
            # Nobody steers it while it runs, and its home may be out of reach.
            "control_socket_disable": True,
            "post_worker_init": lambda worker: _send_mail(worker.wsgi, settings),
            "when_ready": lambda _server: click.echo(announcement),
        }
        super().__init__()

    def load_config(self) -> None:
        """Hand gunicorn our choices."""
        for name, value in self.csp_config.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """The application, made in each worker."""
        return create_app(self.csp_settings)


def _send_mail(app: Flask, settings: Settings) -> None:
    """Send what waits in the outbox beside answering requests; it sleeps nearly always."""

    def work() -> None:
        with app.app_context(), suppress(SettingsError):
            for _run in watch(settings, Event(), mailing.queue_due):
                pass

    Thread(target=work, daemon=True, name="outbox").start()


def _is_this_machine(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return address == "localhost"


@click.command()
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    default=8000,
    show_default=True,
    help="Port to listen on.",
)
@click.option(
    "--address",
    default="127.0.0.1",
    show_default=True,
    help="Address to listen on; in a container 0.0.0.0, behind a web server with TLS.",
)
@with_appcontext
def serve(port: int, address: str) -> None:
    """Run the web app on http://localhost:PORT until Ctrl-C, and send its mail.

    It listens on the loopback address: put a web server with TLS in front for anybody else.
    """
    settings = current_settings()
    if settings.environment != "production":
        if not _is_this_machine(address):
            raise click.ClickException(
                "Outside production everybody knows the secrets and the demo’s passwords, so the site listens to this "
                "machine alone. Leave --address out, or set CSP_ENVIRONMENT=production and what it asks for."
            )
        settings = replace(settings, site_address=f"http://localhost:{port}")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError as error:
            raise click.ClickException(
                f"Port {port} of {address} is taken or not allowed. "
                f"Choose another: csp-consult serve --port {port % 65535 + 1}"
            ) from error
    carrier_of(settings).close()  # whoever serves without the settings that mail needs is told now
    lines = ["", f"csp_consult is at http://localhost:{port} (stop with Ctrl-C)"]
    if is_demo():
        lines += ["", "This is the demo. Sign in at /sign-in with:"]
        lines += [f"  {who.role:<14} {who.email:<24} {who.password}" for who in SIGN_INS]
        lines += ["Officer and administrator are then asked for a code: in the demo, that page shows it."]
        lines += [
            f"Or put this key into an authenticator app: {who.email} {who.code_key}" for who in SIGN_INS if who.code_key
        ]
        lines += ["Residents answer without an account: start at the front page."]
    Server(settings, f"{address}:{port}", "\n".join([*lines, ""])).run()
