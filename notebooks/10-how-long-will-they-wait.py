# %% [markdown]
# # How long will they wait?
#
# Two answers. What was seen: how long passengers are at the airport before their flight leaves, as a range that can be promised (half stay
# less than its lower end, eight of ten less than its upper). And what to expect at a desk that is still to be planned: the M/M/c queue.

# %%
import narwhals as nw

from peakend import conform, queue, sample
from peakend.methods.queue import from_rates

events = sample("airport", "events").frame
stay = events.filter((nw.col("kind") == "arrive") & ~nw.col("value").is_null()).with_columns(
    kind=nw.lit("wait"), until_us=nw.col("at_us") + (nw.col("value") * 60_000_000).cast(nw.Int64), value=nw.lit(None, nw.Float64)
)
rows = queue(conform(stay, "events"), by="flight")
print(rows.text())
rows.chart()

# %% [markdown]
# The desk: 50 passengers an hour, six minutes each; five desks have no steady state. What do six, seven or eight change?

# %%
for desks in (6, 7, 8):
    row = from_rates(50 / 60, 1 / 6, servers=desks)
    print(f"{desks} desks: mean wait {row.value:.1f} minutes, eight of ten wait less than {row.p80:.1f}")

# %%
six, seven = (from_rates(50 / 60, 1 / 6, servers=desks) for desks in (6, 7))
ranges = "; ".join(
    f"{row.group['flight']} {row.p50:.0f} to {row.p80:.0f} minutes (mean {row.low:.0f} to {row.high:.0f}, n = {row.n:,})" for row in rows
)
print(
    f"Decision: seats and food for stays of {ranges}. Open seven desks: the seventh takes the mean wait from {six.value:.1f} to {seven.value:.1f} minutes."
)
