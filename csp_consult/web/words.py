"""The template filters that put figures and dates in words; what they say is decided in csp_consult.words."""

from flask import Flask

from csp_consult import words


def register(app: Flask) -> None:
    """Give every template the filters."""
    filters = (
        words.number,
        words.percent,
        words.as_printed,
        words.ordinal,
        words.day,
        words.month,
        words.period,
        words.change,
        words.pounds,
        words.signed,
        words.listing,
    )
    for word in filters:
        app.add_template_filter(word)
