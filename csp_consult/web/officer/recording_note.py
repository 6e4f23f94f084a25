"""The note on how a topic is recorded: what an officer wants every reader of its figures to know."""

from flask import abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as WerkzeugResponse

from csp_consult.db import db
from csp_consult.recorded.notes import LONGEST, NoteError, keep_note, note_on
from csp_consult.topics.models import Topic


def recording_note() -> str | WerkzeugResponse:
    """Read or write the note on one topic."""
    session = db.session()
    topic = session.get(Topic, request.args.get("topic", "")) or abort(404)
    text, errors = note_on(session, topic.slug), []
    if request.method == "POST":
        text = request.form.get("text", "")
        try:
            keep_note(session, topic.slug, text)
            session.commit()
        except NoteError as error:
            errors = [{"field_id": "text", "message": str(error)}]
        else:
            flash(f"The note on {topic.title} is saved.", "success")
            return redirect(url_for(".recorded", topic=topic.slug))
    return render_template("officer/recording_note.html", topic=topic, text=text, errors=errors, longest=LONGEST)
