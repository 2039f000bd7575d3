# %% [markdown]
# # What did they expect? The five gaps
#
# Gap 5 is perception less expectation, asked of the same 104 kiosk users, so the test is paired. Gaps 1 to 4 need managers and
# staff: this survey asked neither, and nothing may stand in for them.

# %%
from peakend import gaps, sample, servqual

kiosk = sample("kiosk")
rows = servqual(kiosk)
rows.chart()

# %%
print(rows.text())

# %%
five = gaps(kiosk)
asked = [row for row in five if row.value is not None]
missing = sorted({row.gap for row in five if row.value is None})
print(f"{len(asked)} figures; not asked: {', '.join(missing) or 'none'}")

# %%
dimensions = [row for row in rows if row.value is not None and row.dimension not in {"overall"} and not str(row.dimension).startswith("overall")]
largest = min(dimensions, key=lambda row: row.value)
met = [row.dimension for row in dimensions if row.high >= 0]
print(
    f"Decision: close {largest.dimension} first: {largest.value:+.2f} on seven points ({largest.low:+.2f} to {largest.high:+.2f}, n = {largest.n}). "
    f"Expectations are met on {', '.join(met) or 'none'}. Ask managers and staff next, or nobody knows which gap causes it."
)
