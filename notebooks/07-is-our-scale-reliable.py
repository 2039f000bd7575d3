# %% [markdown]
# # Is our scale reliable?
#
# Before a dimension is reported as one number, its items should agree. Coefficient α with Feldt's interval; for difference scores
# α of the differences themselves (the role `gap`), which is lower the more the two sides go together.

# %%
from peakend import reliability, sample

rows = reliability(sample("kiosk"))
rows.chart()

# %%
for row in rows:
    print(f"{row.scale} ({row.role}): α {row.value:.2f} ({row.low:.2f} to {row.high:.2f}), {row.k} items, n = {row.n}")

# %%
gaps = [row for row in rows if row.value is not None and row.role == "gap"]
solid, doubtful = [row for row in gaps if row.low >= 0.7], [row for row in gaps if row.high < 0.7]
print(
    f"Decision: report as one number {', '.join(row.scale for row in solid) or 'nothing yet'} (α surely at least .70); "
    f"show item by item {', '.join(row.scale for row in doubtful) or 'none'}; the rest are open with n = {gaps[0].n}: "
    + ", ".join(f"{row.scale} {row.value:.2f} ({row.low:.2f} to {row.high:.2f})" for row in gaps if row not in solid and row not in doubtful)
)
