# %% [markdown]
# # Do the peak and the end decide?
#
# The rule says that a visit is remembered by its most intense moment and its last one. It is a hypothesis, tested against the plain mean
# of all moments. Moments: the touchpoints a passenger rated; remembered: the airport as a whole. Caution: all were asked on one sheet, in one
# go, so nobody knows the order in which they happened. Peakend refuses such visits. Here the order of the journey map is **assumed**, a minute a step.

# %%
import narwhals as nw

from peakend import conform, peak_end, sample

airport = sample("airport").frame
main = nw.col("touchpoint").is_null() | (nw.col("construct") == nw.col("touchpoint"))
remembered = nw.when(nw.col("construct") == "overall").then(nw.lit("remembered")).otherwise(nw.col("role"))
step = nw.col("at_us") % 1_000_000
last = nw.when(nw.col("construct") == "overall").then(nw.lit(100)).otherwise(step)
assumed = nw.col("at_us") - step + last * 60_000_000
rows = peak_end(conform(airport.filter(main).with_columns(role=remembered, at_us=assumed)))
print(rows.text())
rows.chart()

# %%
by_feature = {row.about: row for row in rows if row.value is not None}
mean, both = by_feature["mean"], by_feature["peak_end"]
ahead = {"peak_end": "peak and end tell more than the mean: design them", "mean": "the plain mean tells more: improve the whole journey"}
told = "; ".join(
    f"{name} {row.value:.2f} ({row.low:.2f} to {row.high:.2f})" for name, row in by_feature.items() if name in {"mean", "peak_end", "trough"}
)
print(
    f"Decision: {ahead.get(both.verdict, 'neither tells more than the other')} (n = {mean.n:,} visits, order assumed). Correlation with memory: {told}."
)
