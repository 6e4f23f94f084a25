"""The command line, one module a room; ``csp_consult.cli`` gathers them."""
