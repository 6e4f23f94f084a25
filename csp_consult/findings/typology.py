"""All gaps of a wave at once: its topics in the district, and one topic in every ward, by what each calls for."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from csp_consult.fieldwork.models import Wave
from csp_consult.findings.base_rules import DEFAULT_RULES, BaseRules
from csp_consult.findings.gap_contract import GapFinding
from csp_consult.findings.gaps import gaps
from csp_consult.places.lookup import areas, within


@dataclass(frozen=True)
class BeatWards:
    """The wards of one beat, each with its gap."""

    beat: str
    wards: tuple[GapFinding, ...]


@dataclass(frozen=True)
class Typology:
    """Every topic of a wave, and one of them ward by ward."""

    topics: tuple[GapFinding, ...]
    beats: tuple[BeatWards, ...]
    """The wards by beat; those of no beat last, under an empty name."""

    @property
    def wards(self) -> tuple[GapFinding, ...]:
        """The wards, beat by beat."""
        return tuple(ward for beat in self.beats for ward in beat.wards)


def typology(session: Session, wave: Wave, topic: str | None = None, *, rules: BaseRules = DEFAULT_RULES) -> Typology:
    """The gaps of every topic in the district, and those of ``topic`` (by default the first) by ward.

    A wave that cannot be weighted yet has no wards to show. Raises FindingError where it asked nothing of the kind.
    """
    topics = gaps(session, wave, rules=rules)
    found = gaps(session, wave, "ward", topic=topic or topics[0].topic, rules=rules)
    return Typology(tuple(topics), _by_beat(session, wave, {one.area: one for one in found}))


def _by_beat(session: Session, wave: Wave, found: dict[str, GapFinding]) -> tuple[BeatWards, ...]:
    left = {place.code: found[place.code] for place in areas(session, "ward", wave.closes_on) if place.code in found}
    beats = []
    for beat in areas(session, "beat", wave.closes_on):
        inside = [ward.code for ward in within(session, beat.code, "ward", wave.closes_on) if ward.code in left]
        if inside:
            beats.append(BeatWards(beat.name, tuple(left.pop(code) for code in inside)))
    return (*beats, BeatWards("", tuple(left.values()))) if left else tuple(beats)
