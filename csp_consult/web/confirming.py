"""Asking first: what cannot be taken back is done at the second press, from a page that says what will happen.

The page's form (``components/confirm.html``) sends once more what was sent, with the word that it is meant.
"""

from collections.abc import Sequence

from flask import render_template, request

SURE = "form-sure"


def is_meant() -> bool:
    """Whether the form comes from the page that asks."""
    return SURE in request.form


def asked_first(
    question: str,
    *sentences: str,
    words: str,
    back: str,
    back_to: str,
    items: Sequence[str] = (),
    warning: bool = True,
) -> str:
    """The officers' page that asks: what will happen, the button's words, and the way back."""
    return render_template(
        "officer/confirm.html",
        question=question,
        sentences=sentences,
        words=words,
        otherwise=back,
        otherwise_words=back_to,
        items=items,
        warning=warning,
    )
