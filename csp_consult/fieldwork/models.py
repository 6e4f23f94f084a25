"""Surveys and their waves; drafts, responses and the tally."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from csp_consult.db import Base, Document


class Survey(Base):
    """A repeated instrument with its own audience."""

    __tablename__ = "survey"
    __table_args__ = (CheckConstraint("audience IN ('residents', 'parishes')", name="audience"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    organisation: Mapped[str] = mapped_column(String(200))
    audience: Mapped[str] = mapped_column(String(10))
    waves: Mapped[list["Wave"]] = relationship(back_populates="survey", order_by="Wave.opens_on")


class Wave(Base):
    """One fieldwork period of a survey, with one questionnaire version. Both dates are part of it."""

    __tablename__ = "wave"
    __table_args__ = (
        UniqueConstraint("survey_id", "slug"),
        CheckConstraint("closes_on >= opens_on", name="period"),
        CheckConstraint("recruitment IN ('invited', 'open')", name="recruitment"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"))
    slug: Mapped[str] = mapped_column(String(30))
    title: Mapped[str] = mapped_column(String(200))
    opens_on: Mapped[date]
    closes_on: Mapped[date]
    questionnaire_id: Mapped[int] = mapped_column(ForeignKey("questionnaire_version.id"))
    recruitment: Mapped[str] = mapped_column(String(10), default="open")
    """``invited`` (closed or whole-population invitation) or ``open`` (anybody who finds the link)."""
    synthetic: Mapped[bool] = mapped_column(default=False)
    """True when the wave holds responses that nobody gave; said on every page, chart and export."""
    note: Mapped[str | None] = mapped_column(String(500))
    by_link: Mapped[bool] = mapped_column(default=False, server_default=false())
    """True when only who holds a personal link may answer, once."""
    cleared_on: Mapped[date | None]
    """The day on which it was cleared to open: its checks were signed off, or a command opened it without them. Until
    then it takes no answer, whatever its dates."""
    ended: Mapped[bool] = mapped_column(default=False, server_default=false())
    """True when an officer closed it before the end of its last day."""
    tally_version: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    """Rises whenever the tally changes, so that what was computed from it can be kept until then."""
    erased_on: Mapped[date | None]
    """The day on which its single responses were erased; its tally is all that is left and no longer changes."""
    survey: Mapped[Survey] = relationship(back_populates="waves", lazy="joined")

    @property
    def key(self) -> str:
        """``survey/wave``, the name of a wave on the command line and in JSON."""
        return f"{self.survey.slug}/{self.slug}"


class PersonalLink(Base):
    """A link that lets one invited person answer once.

    That it was used is known to the day, and nothing leads from here to the answers: no id, no code, no time.
    """

    __tablename__ = "personal_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id"), index=True)
    invited: Mapped[str] = mapped_column(String(120))
    """Whom the list names, as the officer wrote it: a household's number will do."""
    address: Mapped[str | None] = mapped_column(String(255))
    """Where the link is mailed to; None for one that goes out on paper."""
    seed: Mapped[str] = mapped_column(String(32))
    """From this and the secret of codes the link is made again, for a reminder or a letter."""
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    """SHA-256 of what stands in the link."""
    used_on: Mapped[date | None]


class Mailing(Base):
    """A day on which the people on a wave's list are written to; a reminder only those who have not answered."""

    __tablename__ = "mailing"
    __table_args__ = (
        UniqueConstraint("wave_id", "kind", "send_on"),
        CheckConstraint("kind IN ('invitation', 'reminder')", name="kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id"))
    kind: Mapped[str] = mapped_column(String(10))
    send_on: Mapped[date]
    queued: Mapped[int | None]
    """How many mails it made; None before its day, and while its wave waits to open."""


class Draft(Base):
    """Answers not yet submitted, encrypted with a key that only the respondent's browser holds."""

    __tablename__ = "draft"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    """SHA-256 of the key, so that the key cannot be found from the table."""
    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id"), index=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    saved_on: Mapped[date]


class ReturnCode(Base):
    """A draft's key, wrapped by a code that only the respondent holds: the way back to a draft on any device."""

    __tablename__ = "return_code"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    """A hash of the code, from which the code cannot be found."""
    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id"), index=True)
    wrapped: Mapped[bytes] = mapped_column(LargeBinary)
    expires_on: Mapped[date]
    """The last day on which the code opens the draft."""


class Response(Base):
    """One respondent's submitted answers: no name, address, device or time of day."""

    __tablename__ = "response"
    __table_args__ = (
        CheckConstraint("mode IN ('online', 'paper', 'telephone', 'imported')", name="mode"),
        # Folding must find the unfolded few among millions; the condition is literal so SQLite can use it.
        Index(
            "ix_response_unfolded",
            "wave_id",
            sqlite_where=text("NOT folded"),
            postgresql_where=text("NOT folded"),
        ),
        Index("ix_response_likeness", "wave_id", "likeness"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id"), index=True)
    reference: Mapped[str] = mapped_column(String(20), unique=True)
    """What the respondent is given, and quotes to see or withdraw the response."""
    submission: Mapped[str] = mapped_column(String(64), unique=True)
    """The same for every repeat of one submission, so that a repeat finds the first."""
    submitted_on: Mapped[date]
    mode: Mapped[str] = mapped_column(String(10))
    language: Mapped[str] = mapped_column(String(10))
    answers: Mapped[dict[str, Any]] = mapped_column(Document)
    cell: Mapped[str] = mapped_column(String(60))
    """Weighting cell ``age|sex|area``; see ``fieldwork.cells``."""
    orders: Mapped[dict[str, list[str]] | None] = mapped_column(Document)
    """By question id: the codes in the order this respondent saw them, where the order was drawn at random."""
    likeness: Mapped[str | None] = mapped_column(String(64))
    """The same for responses whose answers are all the same; None where few questions were answered."""
    notice: Mapped[str | None] = mapped_column(String(10))
    """The version of the privacy notice under which it was given, by its day; None where that is not known."""
    trapped: Mapped[bool] = mapped_column(default=False, server_default=false())
    """True when a field was filled in that people do not see: perhaps a program sent it."""
    base_weight: Mapped[float] = mapped_column(default=1.0, server_default=text("1"))
    synthetic: Mapped[bool] = mapped_column(default=False, server_default=false())
    folded: Mapped[bool] = mapped_column(default=False, server_default=false())


class Tally(Base):
    """What a wave's responses of one weighting cell answered, counted: everything an estimate needs."""

    __tablename__ = "tally"

    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id"), primary_key=True)
    cell: Mapped[str] = mapped_column(String(60), primary_key=True)
    n: Mapped[int]
    """Responses."""
    d: Mapped[float]
    """Sum of base weights."""
    d2: Mapped[float]
    """Sum of squared base weights."""
    options: Mapped[dict[str, dict[str, list[float]]]] = mapped_column(Document)
    """By question and option: n, d and d2 of those who chose it."""
    products: Mapped[dict[str, list[float]]] = mapped_column(Document)
    """By question that measures concern: for every two of its variables, the sum of their product times the squared
    base weight; the upper triangle, row by row."""


class Withdrawal(Base):
    """The mark of a response that was withdrawn, so that no backup from before brings it back."""

    __tablename__ = "withdrawal"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    """SHA-256 of its reference; the response itself is gone."""
    withdrawn_on: Mapped[date]


class ErasedImport(Base):
    """The mark of an imported response that was erased, so that the same file does not bring it back."""

    __tablename__ = "erased_import"

    submission: Mapped[str] = mapped_column(String(64), primary_key=True)
    """A hash of the wave and of the row's place; nothing of the response can be told from it."""


class TextCode(Base):
    """One code of the codeframe that a survey's answers to a question in own words are sorted by."""

    __tablename__ = "text_code"
    __table_args__ = (UniqueConstraint("survey_id", "question", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"))
    question: Mapped[str] = mapped_column(String(80))
    name: Mapped[str] = mapped_column(String(80))
    description: Mapped[str] = mapped_column(String(300))
    """What belongs under it, so that two people would sort an answer alike."""


class CodedText(Base):
    """What an officer found in one answer in own words; goes when the response is erased."""

    __tablename__ = "coded_text"

    response_id: Mapped[UUID] = mapped_column(ForeignKey("response.id", ondelete="CASCADE"), primary_key=True)
    question: Mapped[str] = mapped_column(String(80), primary_key=True)
    codes: Mapped[list[Any]] = mapped_column(Document)
    """Ids of its codes; none where nothing in the codeframe fits."""
    shareable: Mapped[bool] = mapped_column(default=False, server_default=false())
    """True when the officer found nothing in it that points at a person: only then may it be exported."""
    coded_by: Mapped[str] = mapped_column(String(255))
    coded_on: Mapped[date]


class CareFlag(Base):
    """An answer that an officer reads the same day; goes when a resident's response is erased."""

    __tablename__ = "care_flag"

    id: Mapped[int] = mapped_column(primary_key=True)
    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id"))
    response_id: Mapped[UUID | None] = mapped_column(ForeignKey("response.id", ondelete="CASCADE"), index=True)
    """A resident's response; None where a council wrote it."""
    reference: Mapped[str] = mapped_column(String(20))
    question: Mapped[str] = mapped_column(String(80))
    kinds: Mapped[list[str]] = mapped_column(Document)
    """``self-harm``, ``abuse``, ``danger``."""
    found_on: Mapped[date]
    read_on: Mapped[date | None]
    read_by: Mapped[str | None] = mapped_column(String(255))
    outcome: Mapped[str | None] = mapped_column(String(20))


class NewsAddress(Base):
    """Somebody to tell of a wave's results. Nothing in it leads to an answer, and it goes once they are told."""

    __tablename__ = "news_address"
    __table_args__ = (UniqueConstraint("wave_id", "address"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    """Random, so that the order of asking is not kept."""
    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id"))
    address: Mapped[str] = mapped_column(String(320))
    asked_on: Mapped[date]


class FormBatch(Base):
    """A named pile of forms of one wave, on paper or told on the telephone, that officers key."""

    __tablename__ = "form_batch"
    __table_args__ = (
        UniqueConstraint("wave_id", "name"),
        CheckConstraint("mode IN ('paper', 'telephone')", name="mode"),
        CheckConstraint("again_every >= 0 AND again_from >= 0", name="again"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    mode: Mapped[str] = mapped_column(String(10))
    language: Mapped[str] = mapped_column(String(10))
    """The language of its forms."""
    received: Mapped[int | None]
    """How many forms there are; None where that is not known, as with calls."""
    again_every: Mapped[int]
    """Every how manieth form is keyed twice: 0 for none, 1 for all."""
    again_from: Mapped[int]
    """The first of them, drawn by chance."""
    notice: Mapped[str | None] = mapped_column(String(10))
    """The version of the privacy notice that stands on its forms, by its day; None where that is not known, and for
    calls, where the version of the day holds."""
    made_by: Mapped[str] = mapped_column(String(255))
    made_on: Mapped[date]


class KeyedForm(Base):
    """One form of a batch: who keyed it and how far it is. Nothing in it is from the form itself but its number."""

    __tablename__ = "keyed_form"
    __table_args__ = (
        UniqueConstraint("batch_id", "number"),
        CheckConstraint("state IN ('once', 'differs', 'done')", name="state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("form_batch.id"))
    number: Mapped[int]
    """What is written on the form, so that it is found again."""
    state: Mapped[str] = mapped_column(String(10))
    """``once`` while it waits to be keyed again, ``differs`` while a difference waits, ``done`` after."""
    response_id: Mapped[UUID | None] = mapped_column(ForeignKey("response.id", ondelete="SET NULL"), index=True)
    """The response it became; None before that, and once the response is erased."""
    keyed_by: Mapped[str] = mapped_column(String(255))
    keyed_on: Mapped[date]
    once: Mapped[str] = mapped_column(String(64))
    """The same for every repeat of one keying, so that a repeat changes nothing."""
    again_by: Mapped[str | None] = mapped_column(String(255))
    again_on: Mapped[date | None]
    compared: Mapped[int | None]
    """How many answers the two keyings gave between them; None where it was keyed once."""
    settled: Mapped[dict[str, str] | None] = mapped_column(Document)
    """By question that was keyed differently: ``first``, ``second`` or ``typed``, whichever was right."""
    settled_by: Mapped[str | None] = mapped_column(String(255))


class FormEntry(Base):
    """The answers of one keying of a form that is not a response yet; goes when it becomes one."""

    __tablename__ = "form_entry"

    form_id: Mapped[int] = mapped_column(ForeignKey("keyed_form.id", ondelete="CASCADE"), primary_key=True)
    turn: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """1 for the first keying, 2 for the second."""
    answers: Mapped[dict[str, Any]] = mapped_column(Document)
