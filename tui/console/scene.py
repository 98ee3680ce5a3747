"""Everything a frame is drawn from: the engine's snapshot, and where the user is."""

from __future__ import annotations

from typing import Literal

import msgspec

from tui.console.camera_place import CameraPlace
from tui.console.entries import Entry, EntryKind
from tui.core.campaign import Campaign
from tui.core.config import Mix, Target
from tui.core.model import Past, RunView, Snapshot
from tui.core.scenario import Scenario
from tui.core.timeline import Point

Page = Literal["bench", "cameras", "runs", "log"]
Panel = Literal["scenarios", "endpoints", "log"]
View = Literal[
    "latency", "throughput", "board", "gauges", "endpoints", "scenario", "log",
    "stress", "burners", "watched", "steps", "stored",
]  # fmt: skip
VIEWS: tuple[View, ...] = (
    "latency", "throughput", "board", "gauges", "endpoints", "scenario", "log",
)  # fmt: skip
"""In the order in which a narrow window goes round them."""
Work = Literal["load", "stress", "both", "cameras", "workflow", "loaded", "storage"]
"""What a scenario does; `both` is a load beside a stress, `loaded` a workflow under load."""
VIEWS_OF: dict[Work, tuple[View, ...]] = {
    "load": VIEWS,
    "cameras": ("watched", "board", "gauges", "scenario", "log"),
    "workflow": ("steps", "board", "gauges", "scenario", "log"),
    "loaded": (
        "steps", "latency", "throughput", "endpoints", "board", "gauges", "scenario", "log",
    ),
    "storage": ("stored", "board", "gauges", "scenario", "log"),
    "stress": ("stress", "board", "burners", "gauges", "scenario", "log"),
    "both": (
        "stress", "board", "burners", "latency", "throughput", "endpoints", "gauges", "scenario",
        "log",
    ),
}  # fmt: skip
LOAD_VIEWS: tuple[View, ...] = ("latency", "throughput", "endpoints")
"""Those of a load beside a stress; in a wide window they are one frame."""
ONE_CHART: tuple[Work, ...] = ("stress", "cameras", "workflow", "storage")
"""What a wide window shows whole: there is no other chart of it."""
SCROLLED_VIEWS: tuple[View, ...] = (
    "endpoints", "burners", "watched", "steps", "stored", "log",
)  # fmt: skip
"""Those that the arrows scroll in a narrow window."""


def view_after(view: View, work: Work = "load") -> View:
    """What a narrow window shows next."""
    views = VIEWS_OF[work]
    return views[(views.index(view) + 1) % len(views)] if view in views else views[0]


def work_of(scenario: Scenario | None) -> Work:
    """What it does; a load where there is none."""
    if scenario is not None and scenario.cameras is not None:
        return "cameras"
    if scenario is not None and scenario.workflow is not None:
        return "workflow" if scenario.load is None else "loaded"
    if scenario is not None and scenario.storage is not None:
        return "storage"
    if scenario is None or scenario.stress is None:
        return "load"
    return "both" if scenario.load is not None else "stress"


class Back(msgspec.Struct, frozen=True):
    """A run that is read back: everything but the header's target shows one of its seconds."""

    run_id: str
    at_s: float
    """Since the load began: where the cursor stands."""
    is_stored: bool
    """Opened from the list of runs, rather than the one on the Bench."""
    course: RunView | None = None
    """The whole run, for the charts; None until it is read."""
    last_s: float = 0.0
    is_reading: bool = False
    done: float = 0.0
    """How much of the reading is done, 0..1."""
    trouble: str = ""
    """Why nothing can be read."""


class RunList(msgspec.Struct, frozen=True):
    """The runs that were kept, as the Runs screen lists them."""

    runs: tuple[Past, ...] = ()
    at: int = 0
    find: str = ""
    is_reading: bool = False
    trouble: str = ""
    can_undo: bool = False

    @property
    def chosen(self) -> Past | None:
        """The run under the cursor."""
        return self.runs[min(self.at, len(self.runs) - 1)] if self.runs else None


class LineList(msgspec.Struct, frozen=True):
    """What happened, as the Log screen lists it."""

    entries: tuple[Entry, ...] = ()
    at: int = 0
    find: str = ""
    hidden: frozenset[EntryKind] = frozenset()

    @property
    def chosen(self) -> Entry | None:
        """The line under the cursor."""
        return self.entries[min(self.at, len(self.entries) - 1)] if self.entries else None


class Scene(msgspec.Struct, frozen=True):
    """One frame. Frozen, so that a panel can't change what the next one shows."""

    snapshot: Snapshot
    """What is shown: the newest, or a second that is read back."""
    scenarios: tuple[Scenario, ...] = ()
    """Those that the list shows, in its order."""
    selected: int = 0
    """Index in `scenarios`, and behind them in `campaigns`; means nothing without any."""
    campaigns: tuple[Campaign, ...] = ()
    catalogue: tuple[Scenario, ...] = ()
    """Every scenario as its file has it, whatever the list shows: a campaign names them."""
    target: Target = msgspec.field(default_factory=lambda: Target("demo", "demo:"))
    """Where the next run goes."""
    mix: Mix = msgspec.field(default_factory=Mix)
    problems: tuple[str, ...] = ()
    """What is wrong with files of the catalogue, one line each."""
    changed: frozenset[str] = frozenset()
    """Ids of scenarios whose next start was changed by hand."""
    page: Page = "bench"
    panel: Panel = "scenarios"
    """Which one the arrows move."""
    view: View = "latency"
    """Which panel a narrow window shows; in a wide one `board` takes the lower chart's place."""
    is_narrow: bool = False
    is_tall: bool = False
    """Whether all three charts are shown."""
    is_list_open: bool = False
    """Whether the scenarios cover the chart of a narrow window."""
    find: str | None = None
    """What is typed behind `/` to find a scenario; None when not finding."""
    typing: str | None = None
    """What is typed behind `/`, on whichever screen; None when not finding."""
    armed: bool = False
    """Whether the next `s` ends the run."""
    calmed: bool = False
    """Whether the first `s` took a stress away."""
    scroll: int | None = None
    """Rows that the focused table or log is scrolled down; None: nobody scrolled it."""
    put_away: str = ""
    """Id of the ended run whose verdict was closed with esc."""
    dialog_keys: tuple[tuple[str, str], ...] = ()
    """The keys of a dialog in front, with what they do; empty without one."""
    is_link_slow: bool = False
    """Whether the terminal takes its bytes so slowly that it is painted less often."""
    notice: str = ""
    """What was just done, for the footer."""
    is_bad_notice: bool = False
    """Whether it could not be done."""
    live: Snapshot | None = None
    """The newest, when `snapshot` is another."""
    back: Back | None = None
    window_s: float | None = None
    """How much time the charts show; None: the whole run."""
    axis_from_s: float = 0.0
    """Where the charts' time axis begins."""
    fine: tuple[Point, ...] = ()
    """Points of the charts' window, finer than the run's own; empty when there are none."""
    kept: RunList = RunList()
    lines: LineList = LineList()
    camera: CameraPlace = CameraPlace()

    @property
    def moves_list(self) -> bool:
        """Whether the arrows move the cursor through the scenarios."""
        if self.is_narrow:
            return self.is_list_open or self.view not in SCROLLED_VIEWS
        return self.panel == "scenarios"

    @property
    def starts_by(self) -> str:
        """The keys that start a run: on other screens enter has another meaning."""
        return "enter" if self.page == "bench" else "1, enter"

    @property
    def newest(self) -> Snapshot:
        """How things stand now, whatever is shown."""
        return self.live or self.snapshot

    @property
    def run(self) -> RunView | None:
        """The run on the screen; None without one, or when an ended one has to give way."""
        run = self.snapshot.run
        if run is None or self.back is not None:
            return run
        gives_way = run.facts.id == self.put_away or bool(self.snapshot.preparing)
        return None if run.is_over and gives_way else run

    @property
    def shown(self) -> Scenario | None:
        """The scenario that the charts are of: the run's, else the one under the cursor."""
        return self.run.facts.scenario if self.run is not None else self.chosen

    @property
    def work(self) -> Work:
        """What that one does."""
        return work_of(self.shown)

    @property
    def campaign(self) -> Campaign | None:
        """The campaign under the cursor."""
        number = self.selected - len(self.scenarios)
        return self.campaigns[number] if 0 <= number < len(self.campaigns) else None

    @property
    def chosen(self) -> Scenario | None:
        """The scenario under the cursor; of a campaign its first rung."""
        campaign = self.campaign
        if campaign is not None:
            return next(iter(self.rungs(campaign)), None)
        return self.scenarios[self.selected] if self.scenarios else None

    def rungs(self, campaign: Campaign) -> tuple[Scenario, ...]:
        """Its scenarios, as far as they are known."""
        known = {scenario.id: scenario for scenario in self.catalogue}
        return tuple(known[name] for name in campaign.runs if name in known)

    @property
    def reportable(self) -> str:
        """Id of the ended run that a report would be of; empty without one."""
        if self.page == "runs":
            past = self.kept.chosen
            return past.run_id if past is not None and past.verdict is not None else ""
        if self.back is not None:
            course = self.back.course
            return course.facts.id if course is not None and course.is_over else ""
        return self.run.facts.id if self.run is not None and self.run.is_over else ""

    def last_of(self, scenario: Scenario) -> Past | None:
        """How it ended the last time on the chosen target."""
        where = self.target.name if scenario.asks_service else ""
        return self.snapshot.past.get((scenario.id, where))

    @property
    def last(self) -> Past | None:
        """The last result of the scenario under the cursor."""
        return self.last_of(self.chosen) if self.chosen else None

    def scrolled(self, panel: Panel) -> int:
        """How far that panel is scrolled."""
        return self.scrolled_to(panel) or 0

    def scrolled_to(self, panel: Panel) -> int | None:
        """The same; None where nobody scrolled it, and it may show what matters."""
        if self.is_narrow:
            # Other kinds have a table of their own in the place of the endpoints'.
            tables = ("burners", "watched", "steps", "stored")
            view = "endpoints" if self.view in tables else self.view
            return self.scroll if view == panel else None
        return self.scroll if self.panel == panel else None
