"""Folds new responses into the tally without end, in a child process that is made again when it is killed."""

import os
import sys
import time

from csp_consult.app import create_app
from csp_consult.db import writing
from csp_consult.fieldwork import tally


def fold(parent: int) -> None:
    """Fold a few at a time, as long as the parent lives."""
    with create_app().app_context():
        while os.getppid() == parent:
            try:
                with writing() as session:
                    tally.fold(session, limit=5)
            except Exception as error:  # whatever fails is tried again: that is the point
                print(error, file=sys.stderr)
                time.sleep(0.2)
            time.sleep(0.05)


# The parent has loaded everything, so that a new child folds at once; it has no connection to pass on.
while True:
    child = os.fork()
    if child == 0:
        fold(os.getppid())
        sys.exit()
    os.waitpid(child, 0)
