"""The layouts in which places and populations arrive, each recognised by its first line.

Three are the project's own and serve any district (``areas``, ``links``, ``population``, ``electorates``);
the others are those of the ONS and Ordnance Survey files as they circulate. A layout turns one row into the
rows of our tables it stands for; what the tables then do with them is the importer's business.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date

from csp_consult.db import Base
from csp_consult.places.bands import ADULTS, BOTH_SEXES, EVERYONE, KNOWN_BANDS, SEXES, band_of
from csp_consult.places.context_layouts import CONTEXT_LAYOUTS, broad_ages, households, rural_urban
from csp_consult.places.csv_lines import RowError
from csp_consult.places.fields import (
    CENSUS_2011,
    CENSUS_2021,
    Context,
    Layout,
    OutsideDistrict,
    Reader,
    code,
    day,
    one_of,
    whole_number,
    words,
)
from csp_consult.places.models import AREA_KINDS, Area, AreaLink, Electorate, Population, Postcode

WARDS_OF_2003 = date(2003, 5, 1)
WARDS_OF_2019 = date(2019, 5, 2)
METHODS = frozenset({"official", "best fit", "point in polygon", "approximate, ours"})
POSTCODE = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]?[0-9][A-Z]{2}")


def _areas(row: Mapping[str, str], _context: Context) -> Iterator[Base]:
    yield Area(
        code=code(row["code"]),
        kind=one_of(row["kind"], frozenset(AREA_KINDS), "kind"),
        name=words(row["name"], 120),
        valid_from=day(row["valid_from"]) if row["valid_from"] else None,
        valid_to=day(row["valid_to"]) if row["valid_to"] else None,
        source=words(row["source"]),
        note=words(row["note"]) if row["note"] else None,
    )


def _links(row: Mapping[str, str], _context: Context) -> Iterator[Base]:
    yield AreaLink(
        inner_code=code(row["inner_code"]),
        outer_code=code(row["outer_code"]),
        method=one_of(row["method"], METHODS, "method"),
        source=words(row["source"]),
    )


def _population(row: Mapping[str, str], _context: Context) -> Iterator[Base]:
    yield _persons(
        row["area_code"],
        row["sex"],
        row["age_band"],
        row["persons"],
        as_at=day(row["as_at"]),
        source=words(row["source"]),
    )


def _electorates(row: Mapping[str, str], _context: Context) -> Iterator[Base]:
    yield Electorate(
        area_code=code(row["area_code"]),
        as_at=day(row["as_at"]),
        electors=whole_number(row["electors"]),
        source=words(row["source"]),
        synthetic=one_of(row["synthetic"], frozenset({"yes", "no"}), "entry under synthetic") == "yes",
    )


def _persons(area: str, sex: str, band: str, persons: str, *, as_at: date, source: str) -> Population:
    return Population(
        area_code=code(area),
        sex=one_of(sex, frozenset({*SEXES, BOTH_SEXES}), "sex"),
        age_band=one_of(band, KNOWN_BANDS, "age band"),
        as_at=as_at,
        persons=whole_number(persons),
        source=source,
    )


def _in_district(inner: str, context: Context, source: str) -> AreaLink:
    return AreaLink(inner_code=inner, outer_code=context.district, method="official", source=source)


def _wards(row: Mapping[str, str], context: Context) -> Iterator[Base]:
    source = "ONS ward names and codes"
    present = one_of(row["set"], frozenset({"2003-2019", "2019 to date"}), "set") == "2019 to date"
    yield Area(
        code=code(row["ward_code"]),
        kind="ward",
        name=words(row["ward_name"], 120),
        valid_from=WARDS_OF_2019 if present else WARDS_OF_2003,
        valid_to=None if present else WARDS_OF_2019,
        source=source,
    )
    yield _in_district(row["ward_code"], context, source)


def _parishes(year: str, source: str) -> Reader:
    def read(row: Mapping[str, str], context: Context) -> Iterator[Base]:
        if row[f"lad{year}cd"] != context.district:
            raise OutsideDistrict
        parish, ward = code(row[f"par{year}cd"]), code(row[f"wd{year}cd"])
        yield Area(code=context.district, kind="district", name=words(row[f"lad{year}nm"], 120), source=source)
        if year == "18" and not context.parishes:
            raise RowError("parishes of 2018 are told from those of today by the list of 2019; import it first", parish)
        # A parish the list of 2019 no longer has ended with the boundaries of 2019.
        ended = WARDS_OF_2019 if year == "18" and parish not in context.parishes else None
        yield Area(code=parish, kind="parish", name=words(row[f"par{year}nm"], 120), valid_to=ended, source=source)
        yield Area(code=ward, kind="ward", name=words(row[f"wd{year}nm"], 120), source=source)
        yield AreaLink(inner_code=parish, outer_code=ward, method="official", source=source)
        yield _in_district(parish, context, source)
        yield _in_district(ward, context, source)

    return read


def _lsoas(kind: str, lsoa_code: str, lsoa_name: str, ward_code: str, source: str) -> Reader:
    def read(row: Mapping[str, str], context: Context) -> Iterator[Base]:
        if row[ward_code] not in context.wards:
            raise OutsideDistrict
        inner = code(row[lsoa_code])
        yield Area(
            code=inner,
            kind=kind,
            name=words(row[lsoa_name], 120),
            valid_from=CENSUS_2011 if kind == "lsoa11" else CENSUS_2021,
            source=source,
        )
        yield AreaLink(inner_code=inner, outer_code=row[ward_code], method="best fit", source=source)
        if kind == "lsoa21":
            yield rural_urban(inner, row["ruc21_name"], "ONS rural-urban classification, 2021")
        yield _in_district(inner, context, source)

    return read


def _rural_urban(row: Mapping[str, str], _context: Context) -> Iterator[Base]:
    yield rural_urban(code(row["area_code"]), row["rural_urban_class"], words(row["source"]))


def _lsoa_changes(row: Mapping[str, str], _context: Context) -> Iterator[Base]:
    change = one_of(row["change_code"], frozenset({"U", "S", "M", "X"}), "change code")
    if change in {"M", "X"}:
        raise RowError("merged and irregular LSOAs have no exact part in one LSOA of 2011", row["lsoa21_code"])
    if change == "S":
        whole, source = code(row["lsoa11_code"]), "ONS LSOA (2011) to LSOA (2021) exact fit lookup"
        yield Area(
            code=whole,
            kind="lsoa11",
            name=words(row["lsoa11_name"], 120),
            valid_from=CENSUS_2011,
            valid_to=CENSUS_2021,
            source=source,
        )
        yield AreaLink(inner_code=code(row["lsoa21_code"]), outer_code=whole, method="official", source=source)


def _postcodes(row: Mapping[str, str], context: Context) -> Iterator[Base]:
    postcode = row["postcode"].replace(" ", "").upper()
    if not POSTCODE.fullmatch(postcode):
        raise RowError("the postcode is not one", row["postcode"])
    if row["ward19_code"] not in context.wards:
        raise OutsideDistrict
    yield Postcode(
        postcode=postcode,
        ward_code=row["ward19_code"],
        lsoa_code=code(row["lsoa21_code"]),
        source="OS Code-Point Open, August 2014; areas by point in polygon",
    )


def _district_bands(row: Mapping[str, str], context: Context) -> Iterator[Base]:
    source = "ONS population estimates (MYE2), single years summed to bands"
    yield _persons(context.district, row["sex"], row["age_band"], row["persons"], as_at=context.as_at, source=source)


def _district_years(row: Mapping[str, str], context: Context) -> Iterator[Base]:
    source = "ONS population estimates (MYE2), single years summed to bands"
    band = band_of(whole_number(row["age"].removesuffix("+")))
    yield _persons(context.district, row["sex"], band, row["persons"], as_at=context.as_at, source=source)


def _ward_bands(row: Mapping[str, str], context: Context) -> Iterator[Base]:
    source = "ONS small area estimates by LSOA (2011), summed to wards by best fit; not ONS ward estimates"
    for column, persons in row.items():
        band = {"16+": ADULTS, "all": EVERYONE}.get(column, column)
        if band in KNOWN_BANDS:
            yield _persons(row["wd19cd"], BOTH_SEXES, band, persons, as_at=context.as_at, source=source)


def _lsoa_years(row: Mapping[str, str], context: Context) -> Iterator[Base]:
    source = "ONS small area population estimates by LSOA (2011)"
    bands = {EVERYONE: whole_number(row["total_population"]), ADULTS: 0}
    for column, persons in row.items():
        if re.fullmatch(r"\d{1,2}\+?", column):
            age, number = int(column.removesuffix("+")), whole_number(persons)
            bands[band_of(age)] = bands.get(band_of(age), 0) + number
            bands[ADULTS] += number if age >= 16 else 0
    for band, number in bands.items():
        yield _persons(row["lsoa11cd"], BOTH_SEXES, band, str(number), as_at=context.as_at, source=source)


def _census_residents(area_column: str) -> Reader:
    def read(row: Mapping[str, str], _context: Context) -> Iterator[Base]:
        source = "Census 2021; small areas are perturbed and do not sum to the district"
        yield _persons(
            row[area_column], BOTH_SEXES, EVERYONE, row["residents_census2021"], as_at=CENSUS_2021, source=source
        )
        yield households(row[area_column], row["households_census2021"], source)

    return read


def _census_districts(row: Mapping[str, str], context: Context) -> Iterator[Base]:
    if row["ltla21_code"] != context.district:
        raise OutsideDistrict
    for sex, column in (("male", "total_males"), ("female", "total_females"), (BOTH_SEXES, "total_population")):
        yield _persons(row["ltla21_code"], sex, EVERYONE, row[column], as_at=CENSUS_2021, source="Census 2021")
    yield from broad_ages(row)


def _layout(title: str, header: str, read: Reader, order: int, *, defines: bool = False, adds: bool = False) -> Layout:
    return Layout(title, frozenset(header.split()), read, order, defines=defines, adds=adds)


OWN_COLUMNS: Mapping[str, str] = {
    "areas": "code,kind,name,valid_from,valid_to,source,note",
    "links between areas": "inner_code,outer_code,method,source",
    "population": "area_code,sex,age_band,as_at,persons,source",
    "electorates": "area_code,electors,as_at,source,synthetic",
}
"""The first lines of the files that serve any district, by what they hold."""


def _own(title: str, read: Reader, order: int, *, defines: bool = False) -> Layout:
    return _layout(title, OWN_COLUMNS[title].replace(",", " "), read, order, defines=defines)


LAYOUTS: tuple[Layout, ...] = (
    _own("areas", _areas, 0, defines=True),
    _layout("wards", "ward_code ward_name first_listed set", _wards, 1),
    _layout(
        "parishes and wards of 2019",
        "par19cd par19nm wd19cd wd19nm lad19cd lad19nm",
        _parishes("19", "ONS Parish to Ward to Local Authority District lookup, December 2019"),
        2,
    ),
    _layout(
        "parishes and wards of 2018",
        "par18cd par18nm wd18cd wd18nm lad18cd lad18nm",
        _parishes("18", "ONS Parish to Ward to Local Authority District lookup, December 2018"),
        3,
    ),
    _layout(
        "LSOAs of 2011 and wards",
        "lsoa11cd lsoa11nm wd19cd wd19nm",
        _lsoas("lsoa11", "lsoa11cd", "lsoa11nm", "wd19cd", "ONS LSOA (2011) to Ward best fit lookup, December 2019"),
        3,
    ),
    _layout(
        "LSOAs of 2021 and wards",
        "lsoa21_code lsoa21_name ward24_code ward24_name ruc21_code ruc21_name",
        _lsoas("lsoa21", "lsoa21_code", "lsoa21_name", "ward24_code", "ONS LSOA (2021) to Ward (2024) best fit lookup"),
        4,
    ),
    _layout("LSOAs of 2011 and 2021", "lsoa11_code lsoa11_name change_code lsoa21_code lsoa21_name", _lsoa_changes, 5),
    _own("links between areas", _links, 6),
    _own("population", _population, 7),
    _own("electorates", _electorates, 7),
    _layout(
        "postcodes",
        "postcode quality easting northing lat lon ward13_code ward19_code lsoa11_code lsoa21_code",
        _postcodes,
        7,
    ),
    _layout("population of the district by sex and band", "sex age_band persons", _district_bands, 7),
    _layout("population of the district by sex and year", "sex age persons", _district_years, 7, adds=True),
    _layout("population of wards by band", "wd19cd wd19nm 0-15 16-24 75+ 16+ all", _ward_bands, 7),
    _layout("population of LSOAs by year", "lsoa11cd lsoa11nm total_population 0 1 90+", _lsoa_years, 7),
    _layout(
        "residents of LSOAs, Census 2021",
        "lsoa21_code residents_census2021 households_census2021 lsoa21_name",
        _census_residents("lsoa21_code"),
        7,
    ),
    _layout(
        "residents of wards, Census 2021",
        "ward24_code ward24_name residents_census2021 households_census2021",
        _census_residents("ward24_code"),
        7,
    ),
    _layout(
        "residents of districts, Census 2021",
        "ltla21_code total_population total_males total_females",
        _census_districts,
        7,
    ),
    _layout("rural-urban class", "area_code rural_urban_class source", _rural_urban, 7),
    *CONTEXT_LAYOUTS,
)


def layout_of(columns: frozenset[str]) -> Layout | None:
    """The layout with the most columns of those the first line names; None when no layout fits."""
    fitting = [layout for layout in LAYOUTS if layout.columns <= columns]
    return max(fitting, key=lambda layout: len(layout.columns), default=None)
