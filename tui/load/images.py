"""Real JPEGs with something on them, the same bytes for the same seed."""

from __future__ import annotations

import io
from functools import lru_cache

COLOURS = ((214, 64, 52), (52, 120, 214), (240, 196, 48), (60, 170, 90), (230, 230, 235))


@lru_cache(maxsize=16)
def scene_jpeg(width: int, height: int, seed: int = 1) -> bytes:
    """A noisy grey scene with a few coloured objects, as JPEG, quality 85."""
    import numpy as np
    from PIL import Image, ImageDraw

    random = np.random.default_rng(seed)
    ramp = np.linspace(70, 110, height)[:, None, None]
    noise = random.normal(0.0, 4.0, (height, width, 1))
    pixels = np.clip(ramp + noise, 0, 255).astype(np.uint8).repeat(3, axis=2)
    image = Image.fromarray(pixels)
    draw = ImageDraw.Draw(image)
    for _ in range(5):
        w, h = (int(random.integers(size // 12, size // 5)) for size in (width, height))
        x, y = int(random.integers(0, width - w)), int(random.integers(0, height - h))
        colour = COLOURS[int(random.integers(0, len(COLOURS)))]
        shape = draw.rectangle if random.random() < 0.5 else draw.ellipse
        shape((x, y, x + w, y + h), fill=colour)
    file = io.BytesIO()
    image.save(file, "JPEG", quality=85)
    return file.getvalue()
