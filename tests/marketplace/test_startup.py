"""What a process loads before it can answer."""

import subprocess
import sys

#: Slow to import and wanted by few requests: whoever needs one imports it there.
HEAVY = {"fpdf", "openpyxl", "docx", "odfdo", "lxml", "scipy", "psycopg", "segno"}


def test_no_library_that_few_requests_need_is_loaded_at_the_start(tmp_path):
    program = (
        "import sys; from marketplace import create_app; "
        f"create_app({{'INSTANCE': {str(tmp_path)!r}, 'DATABASE_URL': ''}}); "
        f"print(*sorted({HEAVY!r} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
