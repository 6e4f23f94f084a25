"""Age bands: one list for populations, questionnaires and weights."""

ADULT_BANDS = ("16-24", "25-34", "35-44", "45-54", "55-64", "65-74", "75+")
CHILD_BAND = "0-15"
ADULTS = "all"
"""Every age from 16."""
EVERYONE = "0+"
"""Every age from birth, the base of a rate per 1,000 residents."""
SEXES = ("male", "female")
BOTH_SEXES = "all"
KNOWN_BANDS = frozenset({CHILD_BAND, *ADULT_BANDS, ADULTS, EVERYONE})


def band_of(age: int) -> str:
    """The band of an age in whole years."""
    if age < 16:
        return CHILD_BAND
    return next((band for band in ADULT_BANDS[:-1] if age <= int(band.split("-")[1])), ADULT_BANDS[-1])
