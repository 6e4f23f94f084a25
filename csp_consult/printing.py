"""PDF files from our own HTML: tagged (PDF/UA-1), with nothing loaded from anywhere.

Slow (a second or so) and heavy: called in the helper process.
"""

import base64


class PrintingError(RuntimeError):
    """The PDF cannot be made; the message says why and what to do."""


def page_as_pdf(html: str) -> str:
    """``to_pdf`` in base64, as it crosses from the helper process. Raises PrintingError."""
    return base64.b64encode(to_pdf(html)).decode()


def form_as_pdf(html: str) -> str:
    """The same for a form that people fill in: it is refused where a letter of it would be printed as an empty box.

    Raises PrintingError.
    """
    made, unprinted = _printed(html)
    if unprinted:
        letters = " ".join(sorted(unprinted)[:5])
        raise PrintingError(
            f"No font here has the letters {letters}: install one (for Urdu and many others Debian's package"
            " fonts-noto-core), then start the site again."
        )
    return base64.b64encode(made).decode()


def to_pdf(html: str) -> bytes:
    """A tagged PDF of a whole HTML document with its styles, whose ``lang`` and ``title`` it takes over.

    Pictures lie in the document itself as ``data:``. Raises PrintingError where the library that sets text is missing.
    """
    return _printed(html)[0]


def _printed(html: str) -> tuple[bytes, set[str]]:
    """The PDF, and the letters that no font of this machine has."""
    try:
        # Loads Pango by name as it is imported: a machine without it still does everything else.
        from weasyprint import HTML  # noqa: PLC0415
    except OSError as error:
        raise PrintingError(
            "PDF files cannot be made here: the library Pango is not installed (Debian's package libpangoft2-1.0-0)."
        ) from error
    from weasyprint.urls import URLFetcher  # noqa: PLC0415 - as above

    inside = URLFetcher(allowed_protocols=["data"], fail_on_errors=True)
    document = HTML(string=html, url_fetcher=inside).render()
    made = bytes(document.write_pdf(pdf_variant="pdf/ua-1") or b"")
    return made, {chr(code) for font in document.fonts.values() for code in font.missing if chr(code).isalpha()}
