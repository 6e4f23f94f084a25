"""Where templates, static files, migrations and questionnaires lie: packaged, or in the checkout."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def resource_folder(name: str) -> Path:
    """The folder ``templates``, ``static``, ``migrations``, ``surveys``, ``languages`` or ``docs``.

    An installed wheel carries them under ``_data``; a checkout has them at its top.
    """
    packaged = _PACKAGE / "_data" / name
    return packaged if packaged.is_dir() else _PACKAGE.parent / name
