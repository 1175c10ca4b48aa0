"""Bars of a question as an SVG of fixed size, for paper."""

from markupsafe import escape

from werkraum_feedback.report.report_document import Bar, Block

WIDTH, ROW, BAR, LETTERS = 480, 40, 16, 74
# All that can be longest is three quarters wide: the rest is for its number.
LONGEST = 0.75 * WIDTH


def svg(block: Block) -> str:
    """Draw one bar per option, its label above, count and share behind it."""
    rows = "".join(
        _bar(number * ROW, label, share, bar.percent)
        for number, (bar, label, share) in enumerate(_labels(block))
    )
    height = ROW * len(block.bars)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}"'
        f' viewBox="0 0 {WIDTH} {height}" font-family="Source Sans 3" font-size="13">'
        f"{rows}</svg>"
    )


def _labels(block: Block) -> list[tuple[Bar, str, str]]:
    found = []
    for bar, row in zip(block.bars, block.rows, strict=True):
        label = row[0] if len(row[0]) <= LETTERS else f"{row[0][: LETTERS - 1]}…"
        found.append((bar, label, f"{row[1]} ({row[2]})"))
    return found


def _bar(top: int, label: str, share: str, percent: int) -> str:
    width = round(LONGEST * percent / 100, 1)
    middle = top + 32
    return (
        f'<text x="0" y="{top + 13}" fill="#1d1d1b">{escape(label)}</text>'
        f'<rect x="0" y="{top + 19}" width="{LONGEST}" height="{BAR}" fill="#e4e4e0"/>'
        f'<rect x="0" y="{top + 19}" width="{width}" height="{BAR}" fill="#27506e"/>'
        f'<text x="{LONGEST + 8}" y="{middle}" fill="#1d1d1b">{escape(share)}</text>'
    )
