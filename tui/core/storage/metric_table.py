"""What storage is judged by: names and units. The slowest cell of a place is judged."""

from __future__ import annotations

from tui.core.own_metric import Metric

STORAGE_METRICS: dict[str, Metric] = {
    "upload_mb_per_s": Metric("upload", "MB/s", 1, operators=">"),
    "download_mb_per_s": Metric("download", "MB/s", 1, operators=">"),
    "local_write_mb_per_s": Metric("local write", "MB/s", 1, operators=">"),
    "local_read_mb_per_s": Metric("local read", "MB/s", 1, operators=">"),
    "integrity_rate": Metric("integrity", "%", 2, operators=">", most=1),
    "metadata_records_per_s": Metric("inserts", "records/s", 0, operators=">"),
    "metadata_query_ms": Metric("query p95", "ms", 2),
}
OF_STORE = ("upload_mb_per_s", "download_mb_per_s")
OF_LOCAL = ("local_write_mb_per_s", "local_read_mb_per_s")
OF_RECORDS = ("metadata_records_per_s", "metadata_query_ms")
