"""jetproof: proves that an NVIDIA Jetson is ready to go live."""

import os

# Importing locust without this patches threads, sockets and subprocess of the whole console.
os.environ.setdefault("LOCUST_SKIP_MONKEY_PATCH", "1")

__version__ = "0.1.0"
