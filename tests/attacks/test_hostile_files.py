"""Files that mean harm, by every way a file comes in: each is taken or refused in words, and does nothing else."""

import io
import re
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from attacks.importers import IMPORTERS, Importer
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from whole_site import differences, furnish, signed_in, stored

from csp_consult.fieldwork import row_files

ZIPPED = {name: one for name, one in IMPORTERS.items() if one.good.startswith(b"PK")}
SECRET = "what nobody outside may read"
EXAMPLES, MANY_EXAMPLES = 25, 1_500
LAUGHS = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))


def outcome(importer: Importer, content: bytes) -> str:
    """What becomes of a file: what was read of it, or the words it is refused with. Any other error is a fault."""
    try:
        return repr(importer.takes(content))
    except importer.refusals as refusal:
        return str(refusal)


@st.composite
def spoilt(draw: st.DrawFn, good: bytes) -> bytes:
    """A good file cut short, with bytes changed, put in or doubled; or something else altogether."""
    match draw(st.sampled_from(["cut", "changed", "put in", "doubled", "odd"])):
        case "cut":
            return good[: draw(st.integers(0, len(good)))]
        case "changed":
            content = bytearray(good)
            for _ in range(draw(st.integers(1, 8))):
                content[draw(st.integers(0, len(good) - 1))] = draw(st.integers(0, 255))
            return bytes(content)
        case "put in":
            place = draw(st.integers(0, len(good)))
            part = draw(st.binary(max_size=40) | st.text(max_size=20).map(lambda text: text.encode("utf-8", "replace")))
            return good[:place] + part + good[place:]
        case "doubled":
            place = draw(st.integers(0, len(good)))
            return good[:place] + good[: draw(st.integers(0, len(good)))] + good[place:]
    return draw(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode("utf-16", "replace")))


def hold(importer: Importer, examples: int) -> None:
    """Try so many spoilt files."""
    outcome(importer, importer.good)

    @settings(max_examples=examples, deadline=timedelta(seconds=30), suppress_health_check=list(HealthCheck))
    @given(spoilt(importer.good))
    def holds(content: bytes) -> None:
        outcome(importer, content)

    holds()


@pytest.mark.parametrize("name", IMPORTERS)
def test_whatever_bytes_a_file_holds_it_is_taken_or_refused_in_words(name: str) -> None:
    hold(IMPORTERS[name], EXAMPLES)


@pytest.mark.long
@pytest.mark.parametrize("name", IMPORTERS)
def test_however_many_files_are_tried_each_is_taken_or_refused_in_words(name: str) -> None:
    hold(IMPORTERS[name], MANY_EXAMPLES)


def repacked(content: bytes, change: "dict[str, bytes] | None" = None, entity: str = "") -> bytes:
    """The archive with further members, and with a DOCTYPE and ``&a9;`` in every XML part where ``entity`` says so."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after:
        for info in before.infolist():
            part = before.read(info)
            if entity and info.filename.startswith("xl/"):
                part = with_entity(part, entity)
            after.writestr(info.filename, part)
        for name, part in (change or {}).items():
            after.writestr(name, part)
    return out.getvalue()


def with_entity(xml: bytes, declared: str) -> bytes:
    """The document with entities declared, and one of them in its first text, if it has one."""
    head, _, rest = xml.decode().rpartition("?>")
    body = rest.lstrip()
    root = re.match(r"<([\w:]+)", body)
    assert root, body[:80]
    used = re.sub(r">([^<>]+)<", r">&a9;\1<", body, count=1)
    return f"{head}{'?>' if head else ''}<!DOCTYPE {root[1]} [{declared}]>{used}".encode()


@pytest.mark.parametrize("name", [*ZIPPED, "a LimeSurvey structure"])
@pytest.mark.parametrize("kind", ["from a file", "multiplied", "from a server", "put in"])
def test_entities_in_xml_are_neither_followed_nor_multiplied(name: str, kind: str, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text(SECRET)
    declared = {
        "from a file": f'<!ENTITY a9 SYSTEM "{(tmp_path / "secret").as_uri()}">',
        "from a server": '<!ENTITY a9 SYSTEM "http://192.0.2.1/secret">',
        "put in": '<!ENTITY a9 "haha">',
        "multiplied": f'<!ENTITY a0 "haha">{LAUGHS}',
    }[kind]
    importer = IMPORTERS[name]
    attack = with_entity(importer.good, declared) if name not in ZIPPED else repacked(importer.good, entity=declared)

    found = outcome(importer, attack)

    assert SECRET not in found
    assert len(found) < 10_000
    if name == "a LimeSurvey structure":
        assert "cannot be read" in found, "refused for the entities, whatever else it may lack"


@pytest.mark.parametrize("name", ZIPPED)
def test_a_file_that_unpacks_out_of_all_proportion_is_refused_in_words(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(row_files, "LARGEST_UNPACKED", 50 * 2**20)  # as it is, ten times that, takes long to make
    bomb = repacked(ZIPPED[name].good, {"xl/zeros.bin": bytes(80 * 2**20)})
    assert len(bomb) < 2**20

    with pytest.raises(ZIPPED[name].refusals, match=r"MB|larger than"):
        ZIPPED[name].takes(bomb)


def test_an_archive_whose_member_unpacks_out_of_all_proportion_is_refused_in_words() -> None:
    importer, packed = IMPORTERS["recorded figures"], io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("2022-01/2022-01-x-street.csv", importer.good + b"," * (30 * 2**20))

    with pytest.raises(importer.refusals, match=r"out of all proportion|too long"):
        importer.takes(packed.getvalue())


def test_aliases_of_yaml_are_refused_before_they_multiply() -> None:
    laughs = "a: &a [x, x]\n" + "".join(f"{key}: &{key} [*{one}, *{one}]\n" for one, key in ("ab", "bc", "cd"))
    importer = IMPORTERS["a questionnaire"]

    with pytest.raises(importer.refusals):
        importer.takes(laughs.encode())


UPLOADS = {
    "officer.import_record",
    "officer.import_places",
    "officer.new_sheet",
    "officer.questionnaires",
    "officer.clerk_list",
}
CALLED = ["../../../../tmp/up.xlsx", "..\\..\\up.xlsx", "/etc/passwd", "a\r\nX-Other: 1.xlsx", "%00.csv"]


@pytest.fixture
def site(app: Flask) -> Flask:
    furnish(app)
    app.config["WTF_CSRF_ENABLED"] = False
    return app


@pytest.mark.parametrize("called", CALLED)
def test_the_name_of_an_upload_leads_nowhere(site: Flask, called: str) -> None:
    officer = signed_in(site, "officer")
    uploads = [rule.rule for rule in site.url_map.iter_rules() if rule.endpoint in UPLOADS]
    assert len(uploads) == len(UPLOADS)
    for path in uploads:
        for field in ("files", "sheet", "file", "list"):
            answer = officer.post(path, data={field: (io.BytesIO(b"a,b\n1,2\n"), called)})
            assert answer.status_code < 500, (path, field)
            assert "X-Other" not in answer.headers
    assert not Path("/tmp/up.xlsx").exists()
    assert not (Path(site.root_path) / "up.xlsx").exists()


def test_a_body_beyond_the_limit_of_uploads_is_refused_before_it_is_read(site: Flask) -> None:
    officer, before = signed_in(site, "officer"), stored(site)

    class Endless(io.RawIOBase):
        read_so_far = 0

        def read(self, size: int = -1, /) -> bytes:
            self.read_so_far += abs(size)
            return b"x" * abs(size)

    body = Endless()
    answer = officer.post(
        "/officer/questionnaires",
        content_type="multipart/form-data; boundary=x",
        environ_overrides={"wsgi.input": body, "CONTENT_LENGTH": str(65 * 2**20)},
    )

    assert answer.status_code == 413
    assert "smaller file" in answer.text
    assert body.read_so_far < 2**20
    assert differences(before, stored(site)) == {}
