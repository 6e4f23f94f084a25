"""Whether something written freely tells of abuse, self-harm or danger, so that an officer reads it the same day.

Plain rules, kept as data (``care.yaml``) and looked for in every language whatever the page was in. No model and no
score: a rule that somebody can read is one that somebody can put right.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

import yaml

RULES = Path(__file__).with_name("care.yaml")
SELF_HARM, ABUSE, DANGER = KINDS = ("self-harm", "abuse", "danger")


def signs(written: Iterable[str]) -> tuple[str, ...]:
    """Of what kinds the texts tell, in the order of KINDS; none where no rule fits."""
    plain = " ".join(" ".join(text.lower().replace("’", "'").split()) for text in written)
    return tuple(kind for kind, pattern in _patterns().items() if plain and pattern.search(plain))


@lru_cache(maxsize=1)
def _patterns() -> dict[str, re.Pattern[str]]:
    by_language = yaml.safe_load(RULES.read_text(encoding="utf-8"))
    return {
        kind: re.compile("|".join(_pattern(phrase) for rules in by_language.values() for phrase in rules[kind]))
        for kind in KINDS
    }


def _pattern(phrase: str) -> str:
    """A phrase as whole words; after a star, any ending."""
    return rf"\b{re.escape(phrase.rstrip('*'))}" + (r"\w*" if phrase.endswith("*") else r"\b")
