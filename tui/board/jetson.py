"""Whether a tree is of a Jetson."""

from __future__ import annotations

from tui.board.tree import Tree, Unreadable

RELEASE = "/etc/nv_tegra_release"
MODELS = ("/proc/device-tree/model", "/sys/firmware/devicetree/base/model")
_COMPATIBLES = ("/proc/device-tree/compatible", "/sys/firmware/devicetree/base/compatible")


def is_jetson(tree: Tree) -> bool:
    """By L4T's version or, as in a container that has none, by the device tree."""
    if _text(tree, RELEASE).startswith("# R"):
        return True
    return any("nvidia,tegra" in _text(tree, node) for node in _COMPATIBLES) or any(
        "Jetson" in _text(tree, node) for node in MODELS
    )


def _text(tree: Tree, node: str) -> str:
    try:
        return tree.text(node)
    except Unreadable:
        return ""
