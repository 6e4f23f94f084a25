"""Results kept for as long as what they were computed from stands still."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session

from csp_consult.db import edition, is_reading

Result = TypeVar("Result")

_LARGEST = 128
_lock = Lock()
_kept: WeakKeyDictionary[Engine, OrderedDict[Hashable, Any]] = WeakKeyDictionary()


def forget() -> None:
    """Let everything go that is kept, of every database."""
    with _lock:
        _kept.clear()


def kept(session: Session, key: Hashable, compute: Callable[[], Result]) -> Result:
    """The result under a key, computed once in this process.

    The key must name everything the result rests on, versions included; which database it is of is added here, since
    a restored one counts its versions anew. Inside a writing transaction nothing is kept or taken: what it sees may
    yet be rolled back, and the same version then means something else.
    """
    if not is_reading():
        return compute()
    key = (edition(session), key)
    bind = session.get_bind()
    engine = bind.engine if isinstance(bind, Connection) else bind
    with _lock:
        results = _kept.setdefault(engine, OrderedDict())
        if key in results:
            results.move_to_end(key)
            found: Result = results[key]
            return found
    made = compute()
    with _lock:
        results[key] = made
        while len(results) > _LARGEST:
            results.popitem(last=False)
    return made
