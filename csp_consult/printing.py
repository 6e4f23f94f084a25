"""PDF files from our own HTML: tagged (PDF/UA-1), with nothing loaded from anywhere."""

from typing import Any


class PrintingError(RuntimeError):
    """The PDF cannot be made; the message says why and what to do."""


def to_pdf(html: str) -> bytes:
    """A tagged PDF of a whole HTML document, whose ``lang`` and ``title`` it takes over.

    Raises PrintingError where the library that sets text is missing. Slow (a second or so) and heavy: call it in the
    helper process.
    """
    try:
        # Loads Pango by name as it is imported: a machine without it still does everything else.
        from weasyprint import HTML  # noqa: PLC0415
    except OSError as error:
        raise PrintingError(
            "PDF files cannot be made here because Debian's package libpangoft2-1.0-0 is missing: install it, "
            "or take the Word file."
        ) from error
    return bytes(HTML(string=html, url_fetcher=_nothing_from).write_pdf(pdf_variant="pdf/ua-1") or b"")


def _nothing_from(url: str, *_: Any, **__: Any) -> Any:
    raise PrintingError(f"A PDF holds only what its page holds, so {url} is not loaded.")
