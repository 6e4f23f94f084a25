"""A small drawing of one curve, from nothing, as SVG that any browser shows."""

from collections.abc import Sequence

WIDTH, HEIGHT, LEFT, TOP, BELOW = 640, 220, 56, 16, 36


def curve(points: Sequence[Sequence[float]], across: str, up: str) -> str:
    """The points as a line, on axes from nothing to a round number above the largest."""
    right, highest = max(x for x, _ in points) or 1, _round_above(max(y for _, y in points))

    def place(x: float, y: float) -> str:
        return f"{LEFT + x / right * (WIDTH - LEFT - 16):.1f},{TOP + (1 - y / highest) * (HEIGHT - TOP - BELOW):.1f}"

    line = " ".join(place(x, y) for x, y in points)
    base = HEIGHT - BELOW
    begin = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" font-family="sans-serif"'
    )
    return "\n".join(
        [
            f'{begin} font-size="13"><title>{up} over {across}</title>',
            f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
            f'<path d="M{LEFT} {TOP}V{base}H{WIDTH - 16}" fill="none" stroke="#505a5f"/>',
            f'<polyline points="{line}" fill="none" stroke="#1d70b8" stroke-width="2"/>',
            f'<text x="{LEFT - 6}" y="{TOP + 10}" text-anchor="end">{highest:g} {up}</text>',
            f'<text x="{LEFT - 6}" y="{base}" text-anchor="end">0</text>',
            f'<text x="{WIDTH - 16}" y="{HEIGHT - 12}" text-anchor="end">{right:.0f} {across}</text>',
            "</svg>",
            "",
        ]
    )


def _round_above(value: float) -> float:
    """The next multiple of a tenth of the power of ten above."""
    step: int = 10 ** (len(str(int(value))) - 1)
    return (int(value / step) + 1) * step
