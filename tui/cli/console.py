"""`jetproof` without a command: the console."""

from __future__ import annotations

from tui.cli.options import Places, log_to, target_of

INTERNAL_EXIT = 70


def open_console(places: Places, target_name: str | None, workers: int | None) -> int:
    """Show it until the user leaves; the exit code."""
    from tui.console.environment import prepare_environment

    prepare_environment()
    loaded = places.loaded()
    scenarios, problems = places.catalogue().scenarios()
    target = target_of(loaded, target_name)
    state_dir = places.state_dir()
    log_to(state_dir, "warning")
    from tui.compose import engine
    from tui.console.app import run_console

    def start() -> None:
        from tui.load.hub import import_locust

        supervisor.start()
        import_locust()

    with engine(state_dir, loaded, target.name) as supervisor:
        code = run_console(
            supervisor,
            scenarios,
            loaded.config,
            target=target,
            workers=workers or loaded.config.workers,
            problems=[str(problem) for problem in problems],
            after_first_paint=start,
        )
    return INTERNAL_EXIT if supervisor.failures else code
