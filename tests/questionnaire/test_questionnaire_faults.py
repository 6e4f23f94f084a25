"""Every fault of a questionnaire file is explained by its line, in words that say what to do."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from csp_consult.questionnaire.faults import ADVICE, Fault, QuestionnaireError
from csp_consult.questionnaire.parse import check, load

SourceOf = Callable[[str], str]
TOPICS = {"asb", "speeding", "drugs", "burglary", "parking", "fly-tipping", "noisy-neighbours"}

# feature file, what is replaced, by what, the line at fault, part of the message
FAULTS: list[tuple[str, str, str, str, str]] = [
    ("single", "title: One option\norg", "title: [One option\norg", "organisation: A test", "cannot be read as YAML"),
    (
        "single",
        "version:",
        "verzion:",
        'verzion: "1"',
        "'verzion' is not a key of the questionnaire; did you mean 'version'?",
    ),
    (
        "single",
        "        hint:",
        "        hnit:",
        "hnit: If you never go out after dark, say how you would feel.",
        "'hnit' is not a key of question safe; did you mean 'hint'?",
    ),
    (
        "single",
        "kind: single",
        "kind: singel",
        "kind: singel",
        "'singel' is not a kind of question; did you mean 'single'?",
    ),
    (
        "single",
        "          unsafe:",
        "          safe:",
        "safe: {text: Unsafe, hint: Even now and then}",
        "option code 'safe' appears twice in question safe",
    ),
    (
        "single",
        "          unsafe:",
        "          Un safe:",
        "Un safe: {text: Unsafe, hint: Even now and then}",
        "may hold small letters",
    ),
    (
        "single",
        "role: dont_know",
        "role: dunno",
        "dont_know: {text: Don’t know, role: dunno}",
        "must be dont_know, prefer_not",
    ),
    ("single", "required: yes", "required: sometimes", "required: sometimes", "must be yes, no, true or false"),
    ("single", "id: safe", "id: csrf_token", "- id: csrf_token", "kept for the web page's own use"),
    ("single", "id: safe", "id: Safe?", "- id: Safe?", "is not of the form 'feels_safe'"),
    ("single", "minutes: 1", "minutes: many", "minutes: many", "must be a whole number from 1 to 90"),
    ("single", "        text: How safe or unsafe do you feel after dark?", "        text:", "text:", "needs words"),
    (
        "single",
        "audience: residents",
        "audience: residents\nchannel: news",
        "channel: news",
        "from question 'news', which does not exist",
    ),
    ("single", "          safe: Safe\n", "          safe: Safe\n          safe: Sure\n", "safe: Sure", "appears twice"),
    (
        "single",
        "        kind: single\n",
        "        kind: single\n        kind: single\n",
        "kind: single",
        "'kind' appears twice",
    ),
    (
        "single",
        "  - page: only",
        "  - page: only\n    title: Again\n    questions: [{id: x, kind: information, text: Hm}]\n  - page: only",
        "- page: only",
        "Page 'only' is already on line 9",
    ),
    (
        "single",
        "        options:\n",
        "        concern: {kind: mention share}\n        options:\n",
        "concern: {kind: mention share}",
        "cannot measure concern",
    ),
    (
        "single",
        "        options:\n",
        "        change: {topic: asb, up: safe, down: gone, reference: a year, area: local}\n        options:\n",
        "change: {topic: asb, up: safe, down: gone, reference: a year, area: local}",
        "names option 'gone', which is not there",
    ),
    (
        "single",
        "        options:\n",
        "        sensitive: yes\n        options:\n",
        "- id: safe",
        "add an option with 'role: prefer_not'",
    ),
    (
        "single",
        "        options:\n",
        "        standard: {name: GSS, version: 1}\n        options:\n",
        "- id: safe",
        "say why it is asked under 'reason'",
    ),
    (
        "multiple",
        "        options:\n",
        "        change: {topic: asb, up: litter, down: noise, reference: 12 months, area: local}\n        options:\n",
        "change: {topic: asb, up: litter, down: noise, reference: 12 months, area: local}",
        "cannot measure change",
    ),
    (
        "multiple",
        "noise: noisy-neighbours",
        "noise: fly-tipping",
        "concern: {kind: mention share, topics: {litter: fly-tipping, noise: fly-tipping}}",
        "gives topic 'fly-tipping' to two items",
    ),
    (
        "multiple",
        "noise: noisy-neighbours",
        "noise: nosy-neighbours",
        "concern: {kind: mention share, topics: {litter: fly-tipping, noise: nosy-neighbours}}",
        "did you mean 'noisy-neighbours'?",
    ),
    (
        "multiple",
        "noise: noisy-neighbours",
        "smell: noisy-neighbours",
        "concern: {kind: mention share, topics: {litter: fly-tipping, smell: noisy-neighbours}}",
        "names 'smell', which the question does not have",
    ),
    ("grid", "options: rating", "options: ratings", "options: ratings", "names no scale"),
    ("grid", '    2: "2"', '    two: "2"', "concern: {kind: mean rating}", "codes are whole numbers"),
    ("grid", "kind: mean rating", "kind: problem share", "concern: {kind: problem share}", "needs 'counts: […]'"),
    (
        "grid",
        "kind: mean rating",
        "kind: rank points",
        "concern: {kind: rank points}",
        "must be problem share or mean rating",
    ),
    ("rank", "choose: 3", "choose: 5", "- id: top", "asks for 5 choices but offers fewer"),
    ("number", "lowest: 0", "lowest: 200", "lowest: 200", "is above its 'highest'"),
    ("date", "earliest: 2020-01-01", "earliest: 2020-02-31", "earliest: 2020-02-31", "is not a date that exists"),
    ("information", "        body:", "        required: yes\n        body:", "required: yes", "cannot be required"),
    (
        "routing",
        "is: yes}\n    questions",
        "is: maybe}\n    questions",
        "show_if: {question: victim, is: maybe}",
        "option 'maybe', which nobody can choose in 'victim'",
    ),
    (
        "routing",
        "show_if: {question: victim, is: yes}",
        "show_if: {question: suspect, is: yes}",
        "show_if: {question: suspect, is: yes}",
        "'suspect', which does not exist",
    ),
    (
        "routing",
        "show_if: {question: victim, is: yes}",
        "show_if: {question: reported, is: yes}",
        "show_if: {question: reported, is: yes}",
        "not on an earlier page",
    ),
    (
        "routing",
        "title: Your experience",
        "title: A loop\n    show_if: {question: reported, is: yes}",
        "show_if: {question: reported, is: yes}",
        "not on an earlier page; move it before",
    ),
    (
        "routing",
        "show_if: {question: victim, is: yes}",
        "show_if: {question: victim}",
        "show_if: {question: victim}",
        "does not say which answer",
    ),
    (
        "routing",
        "{question: reported, is: no}",
        "{question: victim, is: no}",
        "- id: why_not",
        "No answers lead to question why_not",
    ),
    (
        "routing",
        "      - id: anything",
        "      - id: victim",
        "- id: victim",
        "Question id 'victim' is already on line 13",
    ),
    (
        "other",
        "role: none}",
        "role: none, say: yes}",
        "none: {text: None of these, role: none, say: yes}",
        "leave out 'say'",
    ),
    ("other", "lights: Better lights", "lights: {text: Lights, say: yes}", "options:", "'say' too often"),
    ("other", "minutes: 1", "minutes: 1\nchannel: heard", "- id: heard", "a code alone; leave out 'say'"),
    ("scales", "options: agreement", "options: agreements", "options: agreements", "use one of agreement, frequency"),
    ("scales", "minutes: 1", "minutes: 1\nlanguages: [en, fr]", "options: agreement", "no words in the language 'fr'"),
    ("quoting", "{top.1, none {nothing}}", "{top, none {nothing}}", "- page: second", "such as 'top.1'"),
    (
        "quoting",
        "{top.1, none {nothing}}",
        "{dogz, none {nothing}}",
        "- page: second",
        "no question of an earlier page",
    ),
    ("quoting", "{top.1, none {nothing}}", "{top.1}", "- page: second", "none {words where there is no answer}"),
    ("quoting", "{top.1, none {nothing}}.", "nothing}.", "- page: second", "a '}' stands without its '{'"),
    ("quoting", "{dogs, plural, one {your # dog}", "{dogs, plural,", "- id: more", "needs the forms one too"),
    ("quoting", "{dogs, plural, one", "{top.1, plural, one", "- id: more", "whose answer is no number"),
    ("quoting", "{en: noise,", "{en: 'noise {x}',", "- id: top", "has braces"),
    ("quoting", "title: {en: Second,", "title: {en: 'Second {x}',", "- page: second", "go into its lead"),
    (
        "filtered",
        "is: speeding}",
        "is: parking}",
        "speeding: {text: Speeding, show_if: {question: seen, is: parking}}",
        "option 'parking', which nobody can choose in 'seen'",
    ),
    (
        "filtered",
        "show_if: {question: seen, is: noise}",
        "show_if: {all: [{question: seen, is: noise}, {question: seen, is: none}]}",
        "- id: worst",
        "Nobody can choose 'noise' of question worst",
    ),
    (
        "area",
        "role: prefer_not}",
        "role: prefer_not, show_if: {question: ward, is: outside}}",
        "options:",
        "Options of question ward are always there",
    ),
    ("filtered", "text: Which of them is worst?", "text: Which?\n        required: yes", "- id: worst", "is required"),
    ("filtered", "order: random", "order: shuffled", "order: shuffled", "must be as written or random"),
    ("languages", "{en: 'Yes', cy: Ydw}", "{en: 'Yes'}", "yes: {en: 'Yes'}", "has no words in the language 'cy'"),
    (
        "languages",
        "{en: 'Yes', cy: Ydw}",
        "{en: 'Yes', cy: Ydw, pl: Tak}",
        "yes: {en: 'Yes', cy: Ydw, pl: Tak}",
        "'languages' at the top does not name",
    ),
    ("languages", "languages: [en, cy]", "languages: [cy]", "languages: [cy]", "must include en"),
]


@pytest.mark.parametrize(("feature", "old", "new", "line", "message"), FAULTS)
def test_a_fault_is_named_by_line_and_says_what_to_do(
    source_of: SourceOf, feature: str, old: str, new: str, line: str, message: str
) -> None:
    source = source_of(feature)
    assert old in source
    changed = source.replace(old, new, 1)

    found = check(changed, topics=TOPICS)

    lines = [changed.splitlines()[fault.line - 1].strip() for fault in found if message in fault.message]
    assert line in lines, found


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("", "A questionnaire starts with"),
        ("- a\n- b", "A questionnaire starts with"),
        ("title: \x07", "a character that YAML does not allow"),
        ("a: &x 1\nb: *x", "give options shared under 'scales'"),
        ("a: " + "[" * 600, "nested too deeply"),
        ("#" * 1_000_001, "larger than a questionnaire can be"),
        ("a: b\n c: d", "cannot be read as YAML"),
        ("pages: 3\nintro: 4\nscales: 5", "must be a list"),
        ("? [a]\n: b", "is not a key of the questionnaire"),
    ],
)
def test_what_is_no_questionnaire_at_all_is_refused_in_words(source: str, message: str) -> None:
    with pytest.raises(QuestionnaireError) as refused:
        load(source)

    assert message in str(refused.value)


def test_all_faults_are_found_in_one_reading_in_the_order_of_the_file(source_of: SourceOf) -> None:
    source = source_of("single").replace("minutes: 1", "minutes: 0").replace("role: dont_know", "role: x")

    assert [fault.line for fault in check(source)] == [6, 20]


def test_a_sound_file_has_no_faults_and_unknown_topics_are_left_alone_where_none_are_given(source_of: SourceOf) -> None:
    source = source_of("rank").replace("asb: Anti", "asbx: Anti")

    assert check(source) == []
    assert "did you mean 'asb'?" in check(source, topics=TOPICS)[0].message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Do you feel safe and do you know the police?", "two things at once"),
        ("How often do you see litter and/or graffiti?", "two things at once"),
        ("Don't you think that the police do too little?", "may lead people"),
        ("How serious is the speeding here?", "may lead people"),
    ],
)
def test_wording_is_advised_on_but_does_not_stop_a_file(source_of: SourceOf, text: str, message: str) -> None:
    source = source_of("single").replace("How safe or unsafe do you feel after dark?", text)

    advice = check(source)

    assert [(fault.line, fault.severity) for fault in advice] == [(12, ADVICE)]
    assert message in advice[0].message
    assert load(source).question("safe").text() == text


@pytest.mark.parametrize(
    "text",
    [
        "Do you agree or disagree that people get on?",
        "Is this true of “crime and disorder”?",
        "Tell us about cats and dogs.",
    ],
)
def test_even_wording_draws_no_advice(source_of: SourceOf, text: str) -> None:
    source = source_of("single").replace("How safe or unsafe do you feel after dark?", f"'{text}'")

    assert check(source) == []


def test_a_page_hard_to_read_is_advised_on(source_of: SourceOf) -> None:
    hard = (
        "Notwithstanding the aforementioned considerations regarding multidisciplinary collaboration, respondents "
        "are requested to characterise comprehensively the organisational accountability arrangements "
        "appertaining to constabulary responsiveness throughout geographically dispersed municipalities, "
        "including demographically heterogeneous populations experiencing socioeconomic disadvantage, alongside "
        "administrative infrastructural modernisation undertaken collaboratively."
    )
    advice = check(
        source_of("single").replace("    title: One option\n    q", f"    title: One\n    lead: {hard}\n    q")
    )

    assert [fault.severity for fault in advice] == [ADVICE]
    assert "reads like a text for age" in advice[0].message


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_however_a_file_is_spoilt_it_is_explained_never_a_crash(source_of: SourceOf, data: st.DataObject) -> None:
    lines = source_of(data.draw(st.sampled_from(["grid", "languages", "multiple", "rank", "routing"]))).splitlines()
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, len(lines) - 1))
        key = lines[place].partition(":")[0]
        spoilt = st.sampled_from([[], [lines[place]] * 2, [key], [f"{key}: []"], [f"{key}: {{a: b}}"], [f"{key}: ~"]])
        lines[place : place + 1] = data.draw(spoilt) or [""]

    found = check("\n".join(lines), topics=TOPICS)

    assert all(1 <= fault.line <= len(lines) + 1 and fault.message.endswith((".", "?")) for fault in found), found


def test_a_fault_reads_as_one_line() -> None:
    assert str(Fault(34, "Give it a name.")) == "line 34: Give it a name."
    assert str(Fault(34, "Think again.", ADVICE)) == "line 34: advice: Think again."
