"""What the engine needs from the world, and what front ends need from the engine."""

from tui.ports.camera import Cameras, CameraWatch, NoStill, PictureAsk, Still
from tui.ports.e2e import TakePicture, WorkflowJob, Workflows, WorkflowWatch
from tui.ports.engine import Engine, RunRequest, as_rungs
from tui.ports.load import Created, Emit, LoadDriver, LoadFailed, LoadPlan
from tui.ports.machine import Board, Clock, HostLock, Wear
from tui.ports.service import (
    EmbeddedTarget,
    Fetched,
    HealthWatch,
    Prediction,
    Predictor,
    Probe,
    Service,
)
from tui.ports.storage import StorageBench, StorageJob, StorageWatch
from tui.ports.store import Archive, GoOn, Moment, Store
from tui.ports.stress import Burners, BurnersPlan, FaultFailed, Faults

__all__ = [
    "Archive",
    "Board",
    "Burners",
    "BurnersPlan",
    "CameraWatch",
    "Cameras",
    "Clock",
    "Created",
    "EmbeddedTarget",
    "Emit",
    "Engine",
    "FaultFailed",
    "Faults",
    "Fetched",
    "GoOn",
    "HealthWatch",
    "HostLock",
    "LoadDriver",
    "LoadFailed",
    "LoadPlan",
    "Moment",
    "NoStill",
    "PictureAsk",
    "Prediction",
    "Predictor",
    "Probe",
    "RunRequest",
    "Service",
    "Still",
    "StorageBench",
    "StorageJob",
    "StorageWatch",
    "Store",
    "TakePicture",
    "Wear",
    "WorkflowJob",
    "WorkflowWatch",
    "Workflows",
    "as_rungs",
]
