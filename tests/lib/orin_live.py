"""Has the figures of an emulated board move as if it worked."""

from __future__ import annotations

import random
import time

from tests.lib import orin_nodes as nodes
from tests.lib.orin import OrinTree


def live(board: OrinTree, every_s: float = 0.5) -> None:
    """Move the figures of a board until somebody ends this: an hour of work in minutes."""
    chance = random.Random(7)
    load, heat, received = 20.0, 50.0, 0
    while True:
        load = min(max(load + chance.uniform(-8, 9), 2), 99)
        heat += (45 + load * 0.56 - heat) * 0.05
        busy = [min(max(load * share, 0), 100) for share in (0.8, 0.7, 0.6, 0.5, 0.4, 0.3)]
        board.work(busy, every_s)
        board.set_gpu(load, 306 + load * 7)
        for policy in nodes.POLICIES:
            board.set_clock(policy, 729 + load * 9)
        board.set_temps(heat)
        board.set_rail("VDD_IN", 5000 + load * 150, 5000 - load)
        board.set_rail("VDD_CPU_GPU_CV", 500 + load * 80)
        board.set_rail("VDD_SOC", 1500 + load * 20)
        board.set_memory(1800 + load * 30, 165, 400 + load * 20)
        board.set_emc(load * 0.7, 2133 if load < 60 else 3199)
        board.set_fan(min(20 + heat - 45, 100), round(1000 + heat * 40))
        if load > 85:
            board.over_current(3, chance.randrange(12))
        board.cool("cpu-throttle-alert", int(heat >= 99))
        received += round(load * 12_000)
        board.set_network(received, received // 5)
        time.sleep(every_s)
