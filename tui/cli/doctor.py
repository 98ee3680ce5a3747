"""`jetproof doctor`: whether everything is there, and with --self-test whether it works."""

from __future__ import annotations

import io
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from tui.cli.examination import Examination
from tui.cli.finding_lines import finding_lines
from tui.cli.options import Places, common_options, log_to
from tui.cli.output import Outputs, write_json
from tui.cli.stopping import stop_on_signals
from tui.core.finding import Finding
from tui.core.format import counted
from tui.core.model import RunView
from tui.core.outcome import NotRun

if TYPE_CHECKING:
    from tui.core.outcome import Outcome
    from tui.headless import Printer
    from tui.ports import RunRequest


@click.command()
@click.option("--target", help="A target of config.toml, or a URL; else the first one.")
@click.option("--self-test", is_flag=True, help="Run every scenario for seconds, on the demo.")
@click.option("--json", "json_file", metavar="FILE", help="As JSON; - is stdout.")
@common_options
@click.pass_context
def doctor(
    context: click.Context,
    /,
    target: str | None,
    self_test: bool,
    json_file: str | None,
    **_: Any,
) -> int:
    """Look whether all is there that a run needs, and say what to do where it is not."""
    from tui.headless import Printer

    Outputs(json_file, None)
    examination = Examination(Places(context), target)
    printer = Printer(sys.stderr if json_file == "-" else sys.stdout)
    findings = []
    for finding in examination.findings():
        findings.append(finding)
        _say(printer, finding)
    tested: list[Finding] = []
    code = 0
    if self_test and _may_test(examination, findings):
        code = _self_test(examination, printer, tested)
    elif self_test:
        tested.append(Finding("self-test", "fail", "not begun: see above"))
        _say(printer, tested[0])
    failed = any(finding.state == "fail" for finding in (*findings, *tested))
    if json_file:
        checks = {"checks": findings, "self_test": tested, "passed": not failed}
        write_json(msgspec.to_builtins(checks), json_file)
    return code or int(failed)


def finding_of(run: Outcome) -> Finding:
    """What a shortened run says of the machinery. Its figures say nothing, its verdict little."""
    if isinstance(run, NotRun):
        return Finding(run.scenario, "fail", f"{run.status}: {run.why}")
    judgement = run.judgement
    assert judgement is not None
    name = run.facts.scenario.id
    requests = run.total.requests + run.unmeasured_requests
    missed = len(run.facts.scenario.stages) - len(run.stages)
    left = run.clean_up.left if run.clean_up else 0
    is_idle = run.facts.scenario.load is not None and not requests
    if judgement.verdict in ("ABORTED", "INTERRUPTED") or is_idle:
        return Finding(name, "fail", f"{judgement.verdict}: {judgement.reason}")
    if missed:
        return Finding(name, "fail", f"{missed} of its stages were never entered")
    if left:
        return Finding(name, "fail", f"{left} of what it created on the target are left")
    if judgement.verdict != "PASS":
        return Finding(name, "warn", f"{judgement.verdict}: {judgement.reason}", judgement.advice)
    done = counted(requests, "request") if run.facts.scenario.load is not None else judgement.reason
    return Finding(name, "ok", done)


def self_test_requests(examination: Examination) -> list[RunRequest]:
    """Every scenario, shortened, on the embedded demo."""
    from tui.catalogue import read_toml
    from tui.core.config import DEMO_URL
    from tui.core.shortened import shortened
    from tui.ports import RunRequest

    catalogue, loaded = examination.catalogue, examination.loaded
    assert catalogue is not None
    assert loaded is not None
    demo = next(target for target in loaded.config.targets if target.url == DEMO_URL)
    requests = []
    for scenario in examination.scenarios:
        changes = shortened(read_toml(catalogue.path(scenario.id)))
        short = catalogue.scenario(scenario.id, changes)
        requests.append(RunRequest(short, demo, loaded.config.workers, cool_down=False))
    return requests


def _may_test(examination: Examination, findings: list[Finding]) -> bool:
    has_all = examination.catalogue and examination.loaded and examination.state_dir
    return bool(has_all) and not any(
        finding.state == "fail"
        for finding in findings
        if finding.name not in ("target", "instrument")
    )


def _self_test(examination: Examination, printer: Printer, tested: list[Finding]) -> int:
    """Adds a finding for each scenario; 130 when it was interrupted, else 0."""
    from tui.compose import engine
    from tui.headless import run_headless
    from tui.load.hub import import_locust

    loaded, kept_dir = examination.loaded, examination.state_dir
    assert loaded is not None
    assert kept_dir is not None
    log_to(kept_dir, "warning")
    requests = self_test_requests(examination)
    seconds = sum(request.scenario.duration_s + 1 for request in requests)
    printer.say(
        f"\nself-test: {counted(len(requests), 'scenario')}, shortened, about {seconds:.0f} s"
    )
    stop = stop_on_signals()
    import_locust()

    def tell(finding: Finding) -> None:
        tested.append(finding)
        _say(printer, finding)

    def report(outcome: Outcome) -> None:
        if not stop.by or isinstance(outcome, RunView):
            tell(finding_of(outcome))

    # Runs of seconds prove nothing of a service: they have no place among the kept ones.
    with (
        tempfile.TemporaryDirectory(prefix="jetproof-self-test-") as state,
        engine(Path(state), loaded, requests[0].target.name) as supervisor,
    ):
        supervisor.start()
        code = run_headless(
            supervisor,
            requests,
            out=io.StringIO(),
            err=io.StringIO(),
            quiet=True,
            fail_fast=False,
            summary=lambda _: "",
            on_outcome=report,
            stop=stop,
        )
    if stop.by:
        tell(Finding("self-test", "fail", f"interrupted by {stop.by}"))
    for line in supervisor.failures:
        tell(Finding("self-test", "fail", line))
    return code if stop.by else 0


def _say(printer: Printer, finding: Finding) -> None:
    printer.say("\n".join(finding_lines(finding)))
