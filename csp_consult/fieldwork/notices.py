"""The versions of the privacy notice: under which words somebody answered is stored with the answers.

The words of a version are those of ``templates/public/privacy.html`` with that digest; a test holds the newest digest
to the file, so that nobody changes the words without a new version. Older words are found in the file's history.
"""

from collections.abc import Mapping

NOTICES: Mapping[str, str] = {
    "2026-11-26": "ba64998a25a21279550c406ba784136a27c063d6aec35ed6e97dc3e2d74d893b",
}
"""Day of each version, the newest last: SHA-256 of its English words."""

NOT_KNOWN = "not known"
"""What an officer says of answers gathered under words that nobody can name."""


def current() -> str:
    """The version in force, by its day."""
    return max(NOTICES)


def named(text: str) -> str | None:
    """The version of that day; None for NOT_KNOWN. Raises ValueError, which says what there is, for anything else."""
    if text == NOT_KNOWN:
        return None
    if text not in NOTICES:
        raise ValueError(f"There is no privacy notice of “{text}”. Its versions: {', '.join(NOTICES)}, or {NOT_KNOWN}.")
    return text
