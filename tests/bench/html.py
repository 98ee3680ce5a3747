"""The HTML page of a run of 24 hours: how long it takes to make, how large it is, how it opens."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.bench.lib.machine import machine
from tests.bench.lib.options import parser
from tests.bench.lib.table import Table
from tests.core import script
from tests.lib.long_run import long_run
from tui.core.run_fold import RunFold
from tui.reports.course import CourseFold
from tui.reports.html import html

DAY_S = 24 * 3600
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
MISSING = "there is no Chromium here: how the page opens is not measured (apt install chromium)"
_LOADED = "<script>addEventListener('load',()=>{document.title=performance.now()})</script>"


def main() -> int:
    """Measure and print."""
    given = parser(__doc__).parse_args()
    seconds = 1800 if given.quick else DAY_S
    print(machine())
    facts = script.facts(target=script.LOCAL)
    run, course = RunFold(facts), CourseFold()
    began = time.perf_counter()
    for event in long_run(facts, seconds):
        run.apply(event)
        course.apply(event)
    folded_s = time.perf_counter() - began
    view = run.view(float(seconds + 10))
    html([(view, course.course())])  # the template is compiled once
    began = time.perf_counter()
    source = html([(view, course.course())])
    made_s = time.perf_counter() - began
    table = Table(f"html: the page of a run of {seconds / 3600:g} h")
    table.add("folding its events (s)", [folded_s])
    table.add("making the page (s)", [made_s])
    table.add("size (kB)", [len(source.encode()) / 1000], wanted="< 1000")
    browser = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if browser is None:
        table.note(MISSING)
    else:
        loads = [_load_s(browser, source) for _ in range(1 if given.quick else given.rounds)]
        table.add("opening it in Chromium (s)", loads, wanted="< 2")
    table.show()
    return 0


def _load_s(browser: str, source: str) -> float:
    """From navigation to the load event, by the browser's own clock."""
    # The page's policy runs no script but its own; the clock needs one more.
    timed = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', _LOADED, source)
    with tempfile.TemporaryDirectory() as place:
        page = Path(place) / "page.html"
        page.write_text(timed, encoding="utf-8")
        sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
        command = [browser, "--headless", "--disable-gpu", *sandbox, f"--user-data-dir={place}/p"]
        ended = subprocess.run(
            [*command, "--dump-dom", page.as_uri()], capture_output=True, text=True, timeout=120
        )
    title = re.search(r"<title>([0-9.]+)</title>", ended.stdout)
    if title is None:
        raise SystemExit(f"{browser} did not open the page: {ended.stderr[-300:]}")
    return float(title[1]) / 1000


if __name__ == "__main__":
    sys.exit(main())
