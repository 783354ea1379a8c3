"""Numbers on a grid, and the smooth noise that roughens them.

Row 0 is the north edge, column 0 the west edge; kilometres run east and north from the
south-west corner of the frame.
"""

from dataclasses import dataclass
from math import floor

Field = list[float]
"""One value a cell, row by row from the north-west."""

_GRADIENTS = (
    (1.0, 0.0), (0.924, 0.383), (0.707, 0.707), (0.383, 0.924),
    (0.0, 1.0), (-0.383, 0.924), (-0.707, 0.707), (-0.924, 0.383),
    (-1.0, 0.0), (-0.924, -0.383), (-0.707, -0.707), (-0.383, -0.924),
    (0.0, -1.0), (0.383, -0.924), (0.707, -0.707), (0.924, -0.383),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A raster of square cells over the frame."""

    width: int
    height: int
    cell_km: float

    def centre_km(self, cell: int) -> tuple[float, float]:
        """Middle of a cell, east and north of the frame's south-west corner [km]."""
        row, column = divmod(cell, self.width)
        return (column + 0.5) * self.cell_km, (self.height - row - 0.5) * self.cell_km

    def cell_at(self, x_km: float, y_km: float) -> int:
        """Cell under a point, clamped into the frame."""
        column = min(self.width - 1, max(0, int(x_km / self.cell_km)))
        row = min(self.height - 1, max(0, self.height - 1 - int(y_km / self.cell_km)))
        return row * self.width + column

    def neighbours(self, cell: int) -> list[tuple[int, float]]:
        """The up to eight cells around one, each with its distance in cells."""
        row, column = divmod(cell, self.width)
        found = []
        for d_row in (-1, 0, 1):
            if not 0 <= row + d_row < self.height:
                continue
            for d_column in (-1, 0, 1):
                if (d_row or d_column) and 0 <= column + d_column < self.width:
                    step = 1.4142135623730951 if d_row and d_column else 1.0
                    found.append((cell + d_row * self.width + d_column, step))
        return found

    def finer(self, factor: int) -> "Grid":
        """The same frame with `factor` times as many cells a side."""
        return Grid(
            width=self.width * factor, height=self.height * factor, cell_km=self.cell_km / factor
        )


def noise(x: float, y: float, seed: int) -> float:
    """Gradient noise of wavelength one, about -0.7 to 0.7.

    Source:
        K. Perlin, "Improving Noise", SIGGRAPH 2002 (quintic fade), with a hashed lattice.
    """
    left, low = floor(x), floor(y)
    u, v = x - left, y - low
    a = _pull(left, low, seed, u, v)
    b = _pull(left + 1, low, seed, u - 1.0, v)
    c = _pull(left, low + 1, seed, u, v - 1.0)
    d = _pull(left + 1, low + 1, seed, u - 1.0, v - 1.0)
    fade_u = u * u * u * (u * (u * 6.0 - 15.0) + 10.0)
    fade_v = v * v * v * (v * (v * 6.0 - 15.0) + 10.0)
    lower, upper = a + (b - a) * fade_u, c + (d - c) * fade_u
    return lower + (upper - lower) * fade_v


def fractal_noise(x: float, y: float, seed: int, octaves: int, roughness: float = 0.5) -> float:
    """Sum of octaves of `noise`, each half as long and `roughness` times as strong."""
    total, strength = 0.0, 1.0
    for octave in range(octaves):
        total += strength * noise(x, y, seed + octave)
        x, y, strength = x * 2.0 + 17.3, y * 2.0 - 5.1, strength * roughness
    return total


def lattice_hash(column: int, row: int, seed: int) -> int:
    """Mix a lattice point and a seed into 32 well-spread bits."""
    h = (column * 374761393 + row * 668265263 + seed * 1442695041) & 0xFFFFFFFF
    h = ((h ^ (h >> 13)) * 1274126177) & 0xFFFFFFFF
    return h ^ (h >> 16)


def enlarge(field: Field, grid: Grid, factor: int) -> Field:
    """Resample to a finer grid by Catmull-Rom splines, first along rows, then columns."""
    weights = [_spline(((k + 0.5) / factor - 0.5) % 1.0) for k in range(factor)]
    shifts = [floor((k + 0.5) / factor - 0.5) for k in range(factor)]
    width, height = grid.width, grid.height
    wide: Field = []
    for row in range(height):
        line = field[row * width : (row + 1) * width]
        padded = [line[0]] * 2 + line + [line[-1]] * 2
        for column in range(width):
            for k in range(factor):
                start = column + shifts[k] + 1
                w, p = weights[k], padded[start : start + 4]
                wide.append(w[0] * p[0] + w[1] * p[1] + w[2] * p[2] + w[3] * p[3])
    stride = width * factor
    rows = [wide[row * stride : (row + 1) * stride] for row in range(height)]
    rows = [rows[0]] * 2 + rows + [rows[-1]] * 2
    tall: Field = []
    for row in range(height):
        for k in range(factor):
            w, start = weights[k], row + shifts[k] + 1
            p0, p1, p2, p3 = rows[start : start + 4]
            tall.extend(
                w[0] * a + w[1] * b + w[2] * c + w[3] * d
                for a, b, c, d in zip(p0, p1, p2, p3, strict=True)
            )
    return tall


def _pull(column: int, row: int, seed: int, u: float, v: float) -> float:
    """Slope of one lattice point's gradient, seen from (u, v) away."""
    gradient = _GRADIENTS[lattice_hash(column, row, seed) & 15]
    return gradient[0] * u + gradient[1] * v


def _spline(t: float) -> tuple[float, float, float, float]:
    """Catmull-Rom weights of the four points around a fraction `t`."""
    return (
        -0.5 * t + t * t - 0.5 * t * t * t,
        1.0 - 2.5 * t * t + 1.5 * t * t * t,
        0.5 * t + 2.0 * t * t - 1.5 * t * t * t,
        -0.5 * t * t + 0.5 * t * t * t,
    )
