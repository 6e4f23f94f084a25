"""A bare Flask application with a page of so many bytes, for a server: the limit that pages are held against."""

import os

from benchmarks.answering import bare_view

app = bare_view("<p>Words of a page.</p>\n" * (int(os.environ["BARE_BYTES"]) // 24))
