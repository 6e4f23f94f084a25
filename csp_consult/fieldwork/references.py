"""References: what a respondent is given, can read out over the telephone, and quotes to withdraw."""

import secrets

# Without 0 and O, 1, I and L, and without U, so that nothing is misread and few words are spelt.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 8


def new_reference() -> str:
    """A random reference such as ``7KQ4-M2TX``: 30**8 possibilities, nothing to be learnt from it."""
    return _grouped("".join(secrets.choice(ALPHABET) for _ in range(LENGTH)))


def tidy_reference(typed: str) -> str:
    """The reference somebody meant: capitals, spaces and hyphens do not matter.

    What cannot be a reference comes back as something that matches none.
    """
    letters = "".join(letter for letter in typed if letter.isalnum()).upper()
    return _grouped(letters) if len(letters) == LENGTH else letters[: LENGTH - 1]


def _grouped(letters: str) -> str:
    return f"{letters[: LENGTH // 2]}-{letters[LENGTH // 2 :]}"
