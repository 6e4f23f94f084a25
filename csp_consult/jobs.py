"""Work that must not run in a web worker: one helper process, started when first needed.

A web worker that drew a chart would import a charting library (seconds of processor time, tens of
megabytes) and hold the interpreter lock while drawing. The helper does it instead. It is spoken to in lines
of JSON: ``{"call": "package.module:function", "arguments": [...]}`` in, ``{"result": ...}`` or
``{"fault": "..."}`` out; so only plain data crosses, and the helper imports nothing but what it is asked to call.
"""

import atexit
import json
import os
import select
import subprocess
import sys
import threading
import traceback
from contextlib import suppress
from importlib import import_module
from typing import Any, TextIO


class JobError(RuntimeError):
    """The work could not be done; the message says why. The next call starts a fresh helper if need be."""


class HelperProcess:
    """One process that runs named functions, one at a time. Safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[str] | None = None
        atexit.register(self.stop)

    def call(self, function: str, *arguments: Any, timeout: float = 30.0) -> Any:
        """Run ``package.module:function`` with JSON arguments in the helper and return its JSON result.

        Raises JobError when the function raised, the helper died, or ``timeout`` seconds passed.
        """
        with self._lock:
            process = self._running()
            try:
                reply = self._exchange(process, {"call": function, "arguments": arguments}, timeout)
            except OSError as error:
                self._end()
                raise JobError(f"{function} could not be run: {error}.") from error
            if not reply:
                self._end()
                raise JobError(f"{function} gave no answer within {timeout:g} seconds.")
            answer: dict[str, Any] = json.loads(reply)
            if "fault" in answer:
                raise JobError(f"{function} failed: {answer['fault']}")
            return answer["result"]

    def stop(self) -> None:
        """End the helper, if one runs; a later call starts another."""
        with self._lock:
            self._end()

    def _running(self) -> subprocess.Popen[str]:
        if self._process is None or self._process.poll() is not None:
            self._end()
            self._process = subprocess.Popen(
                [sys.executable, "-m", "csp_consult.jobs"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                encoding="utf-8",
            )
        return self._process

    @staticmethod
    def _exchange(process: subprocess.Popen[str], message: dict[str, Any], timeout: float) -> str:
        """The one line that answers ``message``; empty when none came in time or the helper died."""
        if process.stdin is None or process.stdout is None:
            return ""
        process.stdin.write(json.dumps(message) + "\n")
        process.stdin.flush()
        # One answer follows one question, so nothing can be waiting unseen in the reader's buffer.
        ready, _, _ = select.select([process.stdout], [], [], timeout)
        return process.stdout.readline() if ready else ""

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                with suppress(OSError):  # what was still to be sent has nobody to read it
                    stream.close()


helper = HelperProcess()


def _run(line: str) -> dict[str, Any]:
    request = json.loads(line)
    module, _, name = request["call"].partition(":")
    try:
        return {"result": getattr(import_module(module), name)(*request["arguments"])}
    except Exception as error:  # whatever went wrong belongs to the caller, not to the helper's life
        traceback.print_exc(file=sys.stderr)
        return {"fault": f"{type(error).__name__}: {error}"}


def serve(questions: TextIO, answers: TextIO) -> None:
    """Answer lines until there are no more (the parent has gone)."""
    for line in questions:
        answers.write(json.dumps(_run(line)) + "\n")
        answers.flush()


if __name__ == "__main__":
    # Whatever prints, be it a library that is not Python, must not spoil the conversation.
    conversation = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    serve(sys.stdin, conversation)
