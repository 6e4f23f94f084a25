"""csp_consult: the consultation platform of a Community Safety Partnership."""

import os

__version__ = "0.1.0"

# Our matrices are small and our workers many: numpy's own threads would only wait for one another, at five times the
# processor time a ranking. It must be said before numpy is first imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
