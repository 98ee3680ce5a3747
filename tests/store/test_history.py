from __future__ import annotations

from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from tests.core import script
from tui.core.problem import InputError
from tui.store.database import SqliteStore
from tui.store.history import History
from tui.store.paths import DATABASE
from tui.store.schema import connect


def keep(state_dir: Path, *runs: script.Run) -> History:
    """A history that holds these runs."""
    store = SqliteStore(state_dir, commit_s=3600.0)
    for run in runs:
        for event in run.events:
            store.put(run.facts.id, event, run.facts.started_at + event.at_s)
    assert store.flush() == ""
    store.close()
    return History(state_dir)


def test_a_state_directory_without_runs_has_an_empty_history(tmp_path: Path) -> None:
    history = History(tmp_path)
    assert (history.runs(), history.past()) == ((), {})
    with pytest.raises(InputError, match="no run is kept yet"):
        history.find("last")


def test_runs_come_newest_first(tmp_path: Path) -> None:
    runs = [script.run(f"r{hour}", hour=hour) for hour in (2, 3, 1)]
    assert [run.run_id for run in keep(tmp_path, *runs).runs()] == ["r3", "r2", "r1"]


def test_a_session_is_all_its_runs_oldest_first(tmp_path: Path) -> None:
    runs = [script.run(f"r{hour}", hour=hour) for hour in (2, 3, 1)]
    about = msgspec.structs.replace(script.facts("other"), session_id="s2")
    history = keep(tmp_path, *runs, script.Run(about, script.good_run(about)))
    assert history.session("r3") == ("r1", "r2", "r3")
    assert history.session("other") == ("other",)
    assert history.session("nobody") == ()


def of_climb(run_id: str, hour: int, climb: str, *, session: str = "s1") -> script.Run:
    """A run of a campaign."""
    about = script.facts(run_id, started_at=script.STARTED_AT + 3600.0 * hour)
    about = msgspec.structs.replace(about, session_id=session, climb=climb)
    return script.Run(about, script.good_run(about))


def test_a_campaign_that_went_on_in_another_session_is_one(tmp_path: Path) -> None:
    history = keep(
        tmp_path,
        script.run("alone", hour=1),
        of_climb("first", 2, "gate-0000aaaa"),
        of_climb("other", 3, "gate-0000bbbb", session="s3"),
        of_climb("second", 4, "gate-0000aaaa", session="s4"),
    )
    assert history.session("second") == ("first", "second")
    assert history.session("first") == ("alone", "first", "second")
    assert history.session("other") == ("other",)


def test_the_newest_climb_is_that_of_this_campaign_on_this_target(tmp_path: Path) -> None:
    history = keep(
        tmp_path,
        of_climb("r1", 1, "gate-0000aaaa"),
        of_climb("r2", 2, "gate-0000aaaa", session="s2"),
        of_climb("r3", 3, "gate-2-0000bbbb"),
    )
    assert history.newest_climb("gate", "demo") == ("r1", "r2")
    assert history.newest_climb("gate-2", "demo") == ("r3",)
    assert history.newest_climb("gate", "local") == ()
    assert history.newest_climb("ladder", "demo") == ()


def test_the_list_can_be_cut_short(tmp_path: Path) -> None:
    history = keep(tmp_path, script.run("r1", hour=1), script.run("r2", hour=2))
    assert [run.run_id for run in history.runs(1)] == ["r2"]


def test_past_names_the_last_ended_run_of_each_scenario_on_each_target(tmp_path: Path) -> None:
    smoke = script.scenario("smoke")
    history = keep(
        tmp_path,
        script.run("old", hour=1),
        script.run("new", script.failing_run, hour=2),
        script.run("smoke", scenario=smoke, hour=0),
        script.run("local", target=script.LOCAL, hour=0),
        script.run("open", script.beginning, hour=3),
    )
    past = history.past()
    assert {key: run.run_id for key, run in past.items()} == {
        ("standard", "demo"): "new",
        ("standard", "local"): "local",
        ("smoke", "demo"): "smoke",
    }
    assert past["standard", "demo"].verdict == "FAIL"


def test_a_run_is_found_by_id_by_the_start_of_it_and_as_last(tmp_path: Path) -> None:
    history = keep(tmp_path, script.run("20250601-a", hour=1), script.run("20250602-b", hour=2))
    found = [history.find(word).run_id for word in ("20250601-a", "20250601", "last")]
    assert found == ["20250601-a", "20250601-a", "20250602-b"]


def test_an_id_that_starts_another_is_found_all_the_same(tmp_path: Path) -> None:
    history = keep(tmp_path, script.run("r1", hour=1), script.run("r11", hour=2))
    assert history.find("r1").run_id == "r1"


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("2025", '"2025" could be 2 runs'),
        ("20250602-c", 'did you mean "20250602-b"'),
        ("zzz", 'no run "zzz" .see: jetproof runs'),
        ("", 'no run ""'),
    ],
)
def test_a_run_that_is_not_clear_is_refused_in_one_line(
    word: str, said: str, tmp_path: Path
) -> None:
    history = keep(tmp_path, script.run("20250601-a", hour=1), script.run("20250602-b", hour=2))
    with pytest.raises(InputError, match=said) as caught:
        history.find(word)
    assert "\n" not in str(caught.value)


def test_a_run_without_data_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="has no data"):
        keep(tmp_path, script.run("r1")).view("r2")


def test_a_running_run_can_be_looked_at(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path, commit_s=3600.0)
    for event in script.beginning(script.facts()):
        store.put("r1", event, 0.0)
    store.flush()
    view = History(tmp_path).view("r1")
    assert (view.phase, view.judgement) == ("measuring", None)
    store.close()


def test_an_event_of_another_version_is_said_and_not_a_traceback(tmp_path: Path) -> None:
    history = keep(tmp_path, script.run("r1"))
    with closing(connect(tmp_path / DATABASE)) as connection:
        connection.execute("UPDATE events SET body = x'81a474797065a3' WHERE seq = 5")
    with pytest.raises(InputError, match="holds a run that this version can't read"):
        history.view("r1")


def test_a_file_that_breaks_while_it_is_open_is_said_and_not_a_traceback(tmp_path: Path) -> None:
    history = keep(tmp_path, script.run("r1"))
    (tmp_path / DATABASE).write_bytes(b"not a database at all" * 400)
    with pytest.raises(InputError, match=r"jetproof\.db: can't be read: file is not a database"):
        history.runs()
