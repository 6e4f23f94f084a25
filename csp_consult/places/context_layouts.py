"""Layouts of what gives context: Census tables of small areas, deprivation, and whose patch the district is in."""

import re
from collections.abc import Iterator, Mapping
from datetime import date

from csp_consult.db import Base
from csp_consult.places.csv_lines import RowError
from csp_consult.places.fields import (
    CENSUS_2021,
    Context,
    Layout,
    OutsideDistrict,
    Reader,
    code,
    whole_number,
    words,
)
from csp_consult.places.models import Area, AreaLink, AreaStatistic
from csp_consult.places.rurality import MEASURE as RURAL_URBAN

IMD_PUBLISHED = date(2019, 9, 26)
CENSUS = "Census 2021; small areas are perturbed and do not sum to the district"


def households(area: str, number: str, source: str) -> AreaStatistic:
    """Households of an area at the Census of 2021. Raises RowError when the number is none."""
    return _statistic(area, "households", "all", number, source=source)


def rural_urban(area: str, classed: str, source: str) -> AreaStatistic:
    """The rural-urban class of an area. Raises RowError when it is neither rural nor urban."""
    if not re.search("rural|urban", classed, re.IGNORECASE):
        raise RowError("the class is neither rural nor urban", classed)
    return AreaStatistic(
        area_code=area,
        measure=RURAL_URBAN,
        category=words(classed, 120),
        as_at=CENSUS_2021,
        value=1,
        base=None,
        source=source,
    )


def broad_ages(row: Mapping[str, str]) -> Iterator[AreaStatistic]:
    """Three ages by sex, where the row has them. Which ages they are is not printed, and they leave people out."""
    source = "Census 2021; three ages the table does not define, which do not sum to the total"
    for sex in ("females", "males"):
        for age in ("younger", "working_age", "older"):
            if column := row.get(f"{age}_{sex}"):
                category = f"{sex}, {age.replace('_', ' ')}"
                yield _statistic(
                    row["ltla21_code"], "broad age", category, column, source=source, base=row[f"total_{sex}"]
                )


def _statistic(
    area: str,
    measure: str,
    category: str,
    value: str,
    *,
    source: str,
    base: str | None = None,
    as_at: date = CENSUS_2021,
) -> AreaStatistic:
    number, whole = whole_number(value), None if base is None else whole_number(base)
    if whole is not None and number > whole:
        raise RowError("a part is larger than the whole it is of", f"{number} of {whole}")
    return AreaStatistic(
        area_code=code(area),
        measure=measure,
        category=words(category, 120),
        as_at=as_at,
        value=number,
        base=whole,
        source=source,
    )


def _census_table(measure: str, category: str, base: str) -> Reader:
    def read(row: Mapping[str, str], _context: Context) -> Iterator[Base]:
        yield _statistic(row["lsoa21_code"], measure, row[category], row["n"], base=row[base], source=CENSUS)

    return read


def _deprivation(row: Mapping[str, str], context: Context) -> Iterator[Base]:
    if row["local authority district code (2019)"] != context.district:
        raise OutsideDistrict
    for category in ("rank", "decile"):
        yield _statistic(
            row["lsoa code (2011)"],
            "index of multiple deprivation",
            category,
            row[f"index of multiple deprivation (imd) {category}"],
            source="English Indices of Deprivation 2019; rank 1 and decile 1 are the most deprived of England",
            as_at=IMD_PUBLISHED,
        )


def _partnership(row: Mapping[str, str], context: Context) -> Iterator[Base]:
    if row["ltla24_code"] != context.district:
        raise OutsideDistrict
    source = "ONS Local Authority District to Community Safety Partnership to Police Force Area lookup, 2024"
    for kind in ("csp", "pfa"):
        outer = code(row[f"{kind}24_code"])
        yield Area(code=outer, kind=kind, name=words(row[f"{kind}24_name"], 120), source=source)
        yield AreaLink(inner_code=context.district, outer_code=outer, method="official", source=source)


def _police_neighbourhoods(row: Mapping[str, str], context: Context) -> Iterator[Base]:
    """Names for the beats the wards are put in. The list is of the whole force and does not say what lies where."""
    if not context.beats:
        raise RowError("no ward is put in a police neighbourhood yet; import areas and links first", row["id"])
    if row["id"] not in context.beats:
        raise OutsideDistrict
    yield Area(
        code=row["id"], kind="beat", name=words(row["name"], 120), source="data.police.uk list of neighbourhoods"
    )


def _layout(title: str, header: str, read: Reader, order: int = 7) -> Layout:
    return Layout(title, frozenset(header.split()), read, order)


CONTEXT_LAYOUTS: tuple[Layout, ...] = (
    _layout(
        "partnership and force of districts",
        "ltla24_code ltla24_name csp24_code csp24_name pfa24_code pfa24_name",
        _partnership,
        2,
    ),
    _layout("police neighbourhoods", "id name", _police_neighbourhoods),
    Layout(
        "deprivation of LSOAs, 2019",
        frozenset(
            {
                "lsoa code (2011)",
                "local authority district code (2019)",
                "index of multiple deprivation (imd) rank",
                "index of multiple deprivation (imd) decile",
            }
        ),
        _deprivation,
        7,
    ),
    _layout(
        "disability, Census 2021",
        "lsoa21_code disability n total_residents",
        _census_table("disability", "disability", "total_residents"),
    ),
    _layout(
        "dwelling type, Census 2021",
        "lsoa21_code type n total_households",
        _census_table("dwelling type", "type", "total_households"),
    ),
    _layout(
        "ethnic group, Census 2021",
        "lsoa21_code ethnic_group n total_residents",
        _census_table("ethnic group", "ethnic_group", "total_residents"),
    ),
    _layout(
        "household deprivation, Census 2021",
        "lsoa21_code deprivation_dimensions n total_households",
        _census_table("household deprivation", "deprivation_dimensions", "total_households"),
    ),
    _layout(
        "tenure, Census 2021",
        "lsoa21_code tenure n total_households",
        _census_table("tenure", "tenure", "total_households"),
    ),
)
