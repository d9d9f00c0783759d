"""What came of a run: tables, ``results.json``, the picture, and the last line."""

import json

# Those that stand in the picture.
NAMES = {
    "day": "Min dag, 40 ärenden", "list": "handläggarens lista, 40 ärenden", "case": "personens sida",
    "plan": "planen", "coordinator": "samordnarens lista", "search": "sök ett namn", "note": "spara en anteckning",
    "unit": "chefens enhet",
}  # fmt: skip
STOCK = ("admin", "api")


def table(size, pages):
    """One line for each contender of each page, for a terminal and for docs/performance.md alike."""
    lines = [
        f"\n{size:,} cases".replace(",", " "), "",
        "| page | contender | p50 ms | p95 ms | requests/s | SQL | bytes | × floor (least–most) |",
        "|---|---|---:|---:|---:|---:|---:|---|",
    ]  # fmt: skip
    for page, rows in pages.items():
        for name, row in rows.items():
            span = f"{row['ratio']:.2f} ({row['ratio_least']:.2f}–{row['ratio_most']:.2f})"
            lines.append(
                f"| {page} | {name} | {row['p50_ms']} | {row['p95_ms']} | {row['per_second']} | {row['statements']}"
                f" | {row['bytes']} | {span} |"
            )
    return "\n".join(lines)


def growth(sizes):
    """page → how much longer the product takes at the largest size than at the smallest, and the floor's own drift."""
    first, last = sizes[min(sizes)], sizes[max(sizes)]
    found = {}
    for page in first:
        grown = {name: last[page][name]["p50_ms"] / first[page][name]["p50_ms"] for name in first[page]}
        found[page] = {name: round(value, 2) for name, value in grown.items()}
        found[page]["product_over_floor"] = round(grown["product"] / grown["floor"], 2)
    return found


def gains(pages):
    """page → contender of the stock way → how many times longer it takes than the product."""
    return {
        page: {name: round(rows[name]["p50_ms"] / rows["product"]["p50_ms"], 2) for name in STOCK if name in rows}
        for page, rows in pages.items()
    }


def walls(pages):
    """page → what the database's walls cost: the product with them over itself without, and the floor likewise."""
    pairs = {"product": "unwalled", "floor": "bare"}
    return {
        page: {name: round(rows[name]["p50_ms"] / rows[without]["p50_ms"], 2) for name, without in pairs.items()
               if without in rows}
        for page, rows in pages.items()
    }  # fmt: skip


def roles(pages):
    """How much longer a page takes for whoever may least than for the manager: the same case's page."""
    return round(pages["case"]["product"]["p50_ms"] / pages["case_led"]["product"]["p50_ms"], 2)


def summary(sizes):
    largest = sizes[max(sizes)]
    worst = max(
        ((rows["product"]["ratio"], page) for pages in sizes.values() for page, rows in pages.items()),
    )
    slowest = max(row["product_over_floor"] for row in growth(sizes).values())
    least = min(value for rows in gains(largest).values() for value in rows.values())
    return {"worst": worst[0], "worst_page": worst[1], "slowest_growth": slowest, "least_gain": least}


def last_line(found):
    return (
        f"bench: worst page {found['worst']:.2f} x floor ({found['worst_page']}),"
        f" slowest growth {found['slowest_growth']:.2f}, least gain over stock {found['least_gain']:.1f}"
    )


def whole(sizes, memory, facts):
    return {
        "facts": facts, "sizes": {str(size): pages for size, pages in sizes.items()}, "growth": growth(sizes),
        "gain_over_stock": gains(sizes[max(sizes)]), "walls": walls(sizes[max(sizes)]),
        "worker_over_manager": roles(sizes[max(sizes)]), "private_memory_mb": memory,
        "summary": summary(sizes),
    }  # fmt: skip


def written(path, result):
    path.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n")


# The picture: a bar for each page and contender, as many times the floor, on a scale where each step doubles.
COLOURS = {"product": "#0b7a75", "admin": "#c2571a", "api": "#8a6fb3"}
LABELS = {"product": "Exitprogram", "admin": "Django admin", "api": "DRF + guardian"}
WIDTH, LEFT, LINE, TOP = 720, 210, 13, 44
STYLE = (
    "text{font:12px system-ui,sans-serif;fill:#333}.soft{fill:#777;font-size:11px}.rule{stroke:#bbb;stroke-width:.5}"
    "@media(prefers-color-scheme:dark){text{fill:#ddd}.soft{fill:#aaa}.rule{stroke:#555}}"
)


def picture(result):
    """SVG, readable in light and dark."""
    size, pages = max(((int(size), pages) for size, pages in result["sizes"].items()), key=lambda pair: pair[0])
    shown = [
        (page, [(name, pages[page][name]) for name in COLOURS if name in pages[page]])
        for page in NAMES
        if page in pages
    ]
    top = max(row["ratio"] for _page, rows in shown for _name, row in rows)
    doublings = max(1, (int(top) + 1).bit_length())
    scale = (WIDTH - LEFT - 60) / doublings
    parts, at = [], TOP + 10
    for page, rows in shown:
        parts.append(
            f'<text x="{LEFT - 10}" y="{at + LINE * len(rows) / 2 + 4:.0f}" text-anchor="end">{NAMES[page]}</text>'
        )
        for name, row in rows:
            wide = max(2, _log2(row["ratio"]) * scale)
            parts.append(f'<rect x="{LEFT}" y="{at}" width="{wide:.1f}" height="{LINE - 3}" fill="{COLOURS[name]}"/>')
            words = f"{row['ratio']:.1f}×"
            parts.append(f'<text class="soft" x="{LEFT + wide + 4:.1f}" y="{at + 9}">{words}</text>')
            at += LINE
        at += 8
    rules = [_rule(LEFT + step * scale, at, 2**step) for step in range(doublings + 1)]
    return _svg(at + 24, size, rules + parts)


def _log2(ratio):
    from math import log2

    return log2(max(ratio, 1.0))


def _rule(x, bottom, times):
    return (
        f'<line class="rule" x1="{x:.1f}" x2="{x:.1f}" y1="{TOP}" y2="{bottom}"/>'
        f'<text class="soft" x="{x:.1f}" y="{bottom + 14}" text-anchor="middle">{times}×</text>'
    )


def _svg(height, size, parts):
    cases = f"{size:,}".replace(",", "\xa0")
    title = f"Svarstid mot golvet (handskriven SQL, samma sida) vid {cases} ärenden"
    keys = [
        f'<rect x="{LEFT + place * 140}" y="26" width="10" height="10" fill="{COLOURS[name]}"/>'
        f'<text x="{LEFT + 15 + place * 140}" y="35">{LABELS[name]}</text>'
        for place, name in enumerate(COLOURS)
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{title}">'
        f'<style>{STYLE}</style><text x="0" y="14" font-weight="600">{title}</text>'
        f"{''.join(keys)}{''.join(parts)}</svg>\n"
    )
