"""The embedded target: a small real inference service in a process of its own."""
