"""What answering a council loads: no statistics and no charts."""

SCRIPT = """
import sys
from csp_consult.app import create_app
from walker import Walker
walker = Walker(create_app(WTF_CSRF_ENABLED=False).test_client())
walker.get("/sign-in")
walker.submit({"email": %r, "password": %r}, button="Sign in")
walker.get("/clerk/")
assert walker.status == 200, walker.status
assert "Your parishes" in walker.heading, walker.heading
loaded = {"altair", "numpy", "pandas", "scipy", "duckdb", "statsmodels", "vl_convert"} & set(sys.modules)
print(sorted(loaded))
"""
