"""What a camera is judged by: names, units, and the limits that hold where nobody set others."""

from __future__ import annotations

from tui.core.own_metric import Metric

CAMERA_METRICS: dict[str, Metric] = {
    "first_frame_ms": Metric("first frame", "ms", 0, "< 2000"),
    "fps_ratio": Metric("rate of nominal", "%", 1, ">= 0.95", operators=">", most=1),
    "interval_ratio": Metric("p95 interval", "periods", 2, goal="< 1.5"),
    "drop_rate": Metric("dropped", "%", 2, "< 0.05", "< 0.01", most=1),
    "longest_gap": Metric("longest gap", "frames", 0, "< 3"),
    "brightness": Metric("brightness", "", 0, "20 to 235", "60 to 190", "<>", 255),
    "contrast": Metric("contrast", "", 0, goal=">= 8", operators=">", most=128),
    "clipped_percent": Metric("clipped", "%", 1, "< 5", "< 1", most=100),
    "noise": Metric("noise", "", 1, "< 8", "< 3"),
    "focus_percent": Metric("focus of reference", "%", 0, ">= 70", ">= 90", ">"),
    "moved_percent": Metric("aim moved", "%", 1, goal="< 3"),
    "bitrate_kbps": Metric("bitrate", "kbit/s", 0, operators="<>"),
    "age_ms": Metric("age", "ms", 0),
    "recovery_s": Metric("way back", "s", 0, "< 60"),
}
"""First frame, rate and gap are those of readiness (within 2 s, 95 % of nominal, no gap of three
frames); brightness, clipping and noise are proposals that the site may set otherwise; a clip of
black or white on more than 5 % of the pixels hides what happens there."""
