"""Giving files out as downloads that no browser opens as a page of ours."""

from urllib.parse import quote

from flask import Response

UNKNOWN = "application/octet-stream"
"""What every file is called that somebody sent us, whatever it claims to be."""


def file_response(content: bytes, name: str, kind: str = UNKNOWN) -> Response:
    """The file as a download. Even opened by mistake it may load and run nothing."""
    ascii_name = name.encode("ascii", "replace").decode().replace("?", "_").replace('"', "_").replace("\\", "_")
    headers = {
        "Content-Disposition": f"attachment; filename=\"{ascii_name}\"; filename*=UTF-8''{quote(name, safe='')}",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "X-Content-Type-Options": "nosniff",
        "X-Download-Options": "noopen",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    return Response(content, mimetype=kind, headers=headers)
