"""Light on the ground: a hillshade in greys that any theme can carry."""

from math import sqrt

from PIL import Image

from qinghuan.demo.geography.making.field import Field, Grid

_LIGHTS = ((-0.5, 0.6, 0.62, 0.75), (-0.9, -0.1, 0.43, 0.25))
"""Two lamps from the north-west and west: direction towards each, and its share."""


def hillshade(height: Field, grid: Grid, *, exaggeration: float, levels: int = 24) -> Image.Image:
    """Grey picture with alpha: black where the ground turns from the light, white towards it.

    Flat ground and sea are wholly transparent, so the theme's own land colour shows.
    """
    width, rows = grid.width, grid.height
    pixels = bytearray()
    scale = exaggeration / (2000.0 * grid.cell_km)
    flat = sum(share * up for _, _, up, share in _LIGHTS)
    for row in range(rows):
        north, south = max(0, row - 1) * width, min(rows - 1, row + 1) * width
        here = row * width
        for column in range(width):
            if height[here + column] <= 0:
                pixels += b"\x00\x00"
                continue
            west, east = max(0, column - 1), min(width - 1, column + 1)
            dx = (max(0.0, height[here + east]) - max(0.0, height[here + west])) * scale
            dy = (max(0.0, height[north + column]) - max(0.0, height[south + column])) * scale
            pixels += _tone(_light(dx, dy) - flat, levels)
    return Image.frombytes("LA", (width, rows), bytes(pixels))


def softened(height: Field, grid: Grid, *, radius: int, share: float) -> Field:
    """Mix the ground with its own blur, so that ranges read before gullies do."""
    rows = [height[r * grid.width : (r + 1) * grid.width] for r in range(grid.height)]
    rows = [_box_blur(row, radius) for row in rows]
    columns = [_box_blur(list(column), radius) for column in zip(*rows, strict=True)]
    blurred = [value for row in zip(*columns, strict=True) for value in row]
    return [
        metres if metres <= 0 else max(0.01, share * soft + (1 - share) * metres)
        for metres, soft in zip(height, blurred, strict=True)
    ]


def _box_blur(line: list[float], radius: int) -> list[float]:
    """Mean over a window, twice, with the ends repeated."""
    for _ in range(2):
        padded = [line[0]] * (radius + 1) + line + [line[-1]] * radius
        total = sum(padded[: 2 * radius + 1])
        out = []
        for i in range(len(line)):
            total += padded[i + 2 * radius + 1] - padded[i]
            out.append(total / (2 * radius + 1))
        line = out
    return line


def _light(dx: float, dy: float) -> float:
    """Light that falls on a slope."""
    length = sqrt(dx * dx + dy * dy + 1.0)
    return sum(
        share * max(0.0, (-dx * east - dy * north + up) / length)
        for east, north, up, share in _LIGHTS
    )


def _tone(gain: float, levels: int) -> bytes:
    """Grey and alpha of a pixel that is lighter or darker than flat ground."""
    strength = min(1.0, (abs(gain) / 0.55) ** 0.9)
    alpha = round(strength * levels) * 255 // levels
    grey = 255 if gain > 0 else 0
    return bytes((grey if alpha else 0, alpha))
