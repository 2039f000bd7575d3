# %% [markdown]
# # Did it work?
#
# The honest test of a test: between the first and the second half of the airport's survey days **nothing was changed**. A method that
# finds an improvement here would find one anywhere. Two waves of different people; several touchpoints are held to one chance of a
# false finding (Holm).

# %%
import narwhals as nw

from peakend import conform, sample, verify
from peakend.intervals import answers_for_shares

airport = sample("airport").frame
days = sorted(airport.select("day").collect()["day"].drop_nulls().unique().to_list())
middle = days[len(days) // 2]
half = nw.when(nw.col("day") < middle).then(nw.lit("1 before")).otherwise(nw.lit("2 after"))
waves = conform(airport.with_columns(wave=half))
rows = verify(waves, construct=("overall", "security", "restrooms", "food", "wifi"))
print(rows.text())
rows.chart()

# %% [markdown]
# What would have been found? Say 80% are satisfied, and a change is worth its money at 85%.

# %%
print(f"{answers_for_shares(0.80, 0.85):,.0f} answers a wave find 80 → 85% four times in five.")

# %%
found = [row for row in rows if row.value is not None and row.low * row.high > 0]
told = "; ".join(f"{row.construct} {row.value:+.2f} ({row.low:+.2f} to {row.high:+.2f}, n = {row.n:,})" for row in rows if row.value is not None)
verdict = (
    "no touchpoint moved, as it should be"
    if not found
    else f"{len(found)} of {len(rows)} look moved though nothing was done: read the adjusted p before believing it"
)
print(f"Decision: {verdict}. {told}.")
