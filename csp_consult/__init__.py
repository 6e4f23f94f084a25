"""csp_consult: the consultation platform of a Community Safety Partnership."""

__version__ = "0.1.0"
