"""What every Word file of ours has in common."""

from typing import Final

from docx.document import Document as WordFile
from docx.oxml.ns import qn

LANGUAGE: Final = "en-GB"


def say_language(made: WordFile) -> None:
    """Name the language of a file and of all its text: programs that read aloud choose their voice by it."""
    made.core_properties.language = LANGUAGE
    # The library's own template is in American English wherever a style says no other.
    for one in made.styles.element.iter(qn("w:lang")):
        one.set(qn("w:val"), LANGUAGE)
