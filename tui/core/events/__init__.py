"""What has happened in a run: the only thing that changes a session, and what the store keeps."""

from tui.core.events.board import STALE_S, BoardSampled, Device, Reading, Sample
from tui.core.events.camera import (
    CameraClosed,
    CameraEvent,
    CameraFailed,
    CameraOpened,
    CameraPictured,
    CameraTold,
    CameraTried,
)
from tui.core.events.e2e import (
    Exchange,
    RoundBegan,
    RoundEnded,
    StepBegan,
    StepEnded,
    StepMoved,
    StepState,
    WorkflowEnded,
)
from tui.core.events.event import LEVELS, Event, Level, tag_of
from tui.core.events.load import (
    DrainEnded,
    FailureCount,
    HoldChanged,
    InstrumentCalibrated,
    LateRowsArrived,
    LevelAsked,
    LevelReached,
    LevelSought,
    LoadReported,
    ReportsCounted,
    SlowRequest,
    StageEntered,
    UserCodeFailed,
    UsersRequested,
    WindowClosed,
    WorkerLost,
    WorkersJoined,
)
from tui.core.events.run import (
    CleanedUp,
    EndReason,
    GuardsBlind,
    Phase,
    PhaseEntered,
    RunEnded,
    RunFacts,
    RunStarted,
    TargetProbed,
    WorkBegan,
)
from tui.core.events.storage import (
    CellBegan,
    CellMeasured,
    RecordsMeasured,
    StorageEnded,
    StorageOpened,
    StoreCleaned,
    StoreFailed,
)
from tui.core.events.stress import (
    BurnerEnded,
    BurnerSecond,
    BurnersReported,
    FaultDone,
    FaultUndone,
    HealthProbed,
    JitterMeasured,
    LimitsFound,
    StressEntered,
    StressStepped,
)

__all__ = [
    "LEVELS",
    "STALE_S",
    "AnyEvent",
    "BoardSampled",
    "BurnerEnded",
    "BurnerSecond",
    "BurnersReported",
    "CameraClosed",
    "CameraEvent",
    "CameraFailed",
    "CameraOpened",
    "CameraPictured",
    "CameraTold",
    "CameraTried",
    "CellBegan",
    "CellMeasured",
    "CleanedUp",
    "Device",
    "DrainEnded",
    "EndReason",
    "Event",
    "Exchange",
    "FailureCount",
    "FaultDone",
    "FaultUndone",
    "GuardsBlind",
    "HealthProbed",
    "HoldChanged",
    "InstrumentCalibrated",
    "JitterMeasured",
    "LateRowsArrived",
    "Level",
    "LevelAsked",
    "LevelReached",
    "LevelSought",
    "LimitsFound",
    "LoadReported",
    "Phase",
    "PhaseEntered",
    "Reading",
    "RecordsMeasured",
    "ReportsCounted",
    "RoundBegan",
    "RoundEnded",
    "RunEnded",
    "RunFacts",
    "RunStarted",
    "Sample",
    "SlowRequest",
    "StageEntered",
    "StepBegan",
    "StepEnded",
    "StepMoved",
    "StepState",
    "StorageEnded",
    "StorageOpened",
    "StoreCleaned",
    "StoreFailed",
    "StressEntered",
    "StressStepped",
    "TargetProbed",
    "UserCodeFailed",
    "UsersRequested",
    "WindowClosed",
    "WorkBegan",
    "WorkerLost",
    "WorkersJoined",
    "WorkflowEnded",
    "tag_of",
]

AnyEvent = (
    RunStarted
    | TargetProbed
    | InstrumentCalibrated
    | WorkersJoined
    | WorkBegan
    | PhaseEntered
    | LevelReached
    | StageEntered
    | LevelSought
    | LevelAsked
    | HoldChanged
    | UsersRequested
    | LoadReported
    | WindowClosed
    | LateRowsArrived
    | ReportsCounted
    | WorkerLost
    | UserCodeFailed
    | BoardSampled
    | StressEntered
    | StressStepped
    | BurnersReported
    | BurnerEnded
    | LimitsFound
    | GuardsBlind
    | FaultDone
    | FaultUndone
    | HealthProbed
    | JitterMeasured
    | CameraTried
    | CameraOpened
    | CameraTold
    | CameraFailed
    | CameraClosed
    | CameraPictured
    | RoundBegan
    | StepBegan
    | StepMoved
    | StepEnded
    | RoundEnded
    | WorkflowEnded
    | StorageOpened
    | CellBegan
    | CellMeasured
    | RecordsMeasured
    | StoreFailed
    | StoreCleaned
    | StorageEnded
    | DrainEnded
    | CleanedUp
    | RunEnded
)
"""Every event; what the store decodes to."""
