"""GOV.UK Notify, by its HTTP interface: https://docs.notifications.service.gov.uk/rest-api.html."""

import base64
import hashlib
import hmac
import json
import time
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import HTTPRedirectHandler, Request, build_opener

from csp_consult.mail.carriers import SECONDS, Outgoing, RefusedError, TryLaterError, UnsureError

_UUID = 36
_TOO_MANY = 429
_SERVER_FAULT = 500
BOUNCED = {"permanent-failure"}
SETTLED = {"delivered", "permanent-failure", "temporary-failure", "technical-failure"}


class _NoRedirects(HTTPRedirectHandler):
    """The key goes to the address that the operator set and to no other."""

    def redirect_request(self, *_arguments: Any, **_options: Any) -> None:
        """Follow nothing."""


class NotifyCarrier:
    """Hands mails to GOV.UK Notify under one template that takes subject and body."""

    def __init__(self, address: str, key: str, template: str) -> None:
        """``key`` is an API key as Notify shows it: name, service and secret joined by hyphens."""
        self._address, self._template = address.rstrip("/"), template
        self._secret, self._service = key[-_UUID:], key[-(2 * _UUID + 1) : -(_UUID + 1)]
        self._opener = build_opener(_NoRedirects)

    def send(self, mail: Outgoing) -> str:
        """Hand one mail over; gives Notify's name for it."""
        asked = {
            "email_address": mail.recipient,
            "template_id": self._template,
            "personalisation": {"subject": mail.subject, "body": mail.body},
            "reference": mail.key,
        }
        try:
            return str(self._call("/v2/notifications/email", asked)["id"])
        except HTTPError as error:
            raise _verdict(error) from error
        except URLError as error:
            raise TryLaterError(f"GOV.UK Notify cannot be reached: {error.reason}", whole_carrier=True) from error
        except (OSError, HTTPException, ValueError, KeyError) as error:
            raise UnsureError(f"GOV.UK Notify was lost while it took this: {type(error).__name__}") from error

    def status(self, carrier_id: str) -> str | None:
        """What became of a mail, in Notify's words; None where it cannot be asked now."""
        try:
            return str(self._call(f"/v2/notifications/{carrier_id}")["status"])
        except (OSError, HTTPException, ValueError, KeyError):
            return None

    def close(self) -> None:
        """Nothing is open."""

    def _call(self, path: str, document: Any = None) -> Any:
        # The address is a setting of the operator's, checked to be http or https when the carrier is made.
        request = Request(  # noqa: S310
            self._address + path,
            data=None if document is None else json.dumps(document).encode(),
            headers={"Authorization": f"Bearer {self._token()}", "Content-Type": "application/json"},
        )
        with self._opener.open(request, timeout=SECONDS) as response:
            return json.load(response)

    def _token(self) -> str:
        """A JSON Web Token as Notify asks for (RFC 7519, HS256)."""
        claims = {"iss": self._service, "iat": int(time.time())}
        signed = ".".join(_encoded(json.dumps(part).encode()) for part in ({"typ": "JWT", "alg": "HS256"}, claims))
        return f"{signed}.{_encoded(hmac.digest(self._secret.encode(), signed.encode(), hashlib.sha256))}"


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _verdict(error: HTTPError) -> Exception:
    try:
        said = "; ".join(one["message"] for one in json.load(error)["errors"])
    except (OSError, ValueError, KeyError, TypeError):
        said = str(error.reason)
    sentence = f"GOV.UK Notify said {error.code} {said}"
    if error.code == _TOO_MANY or error.code >= _SERVER_FAULT:
        return TryLaterError(sentence, whole_carrier=True)
    if error.code in {401, 403}:
        return TryLaterError(sentence, whole_carrier=True)
    return RefusedError(sentence, address="email_address" in said)
