# %% [markdown]
# # Is it significant?
#
# Do passengers of international flights recommend the airport less than those of domestic flights at peak hours, or is it chance?
# Data: the airport survey of 2017 that ships with Peakend (2,831 passengers, 20 days in May). Two independent groups; the
# difference with its interval comes before any p.

# %%
from peakend import nps, sample
from peakend.methods.nps import change, sample_size_for_change

airport = sample("airport")
scores = nps(airport, by="flight")
scores.chart()

# %%
by_flight = {row.group["flight"]: row for row in scores}
difference = change(by_flight["domestic-peak"], by_flight["international"])
print(scores.text())
print(difference.text())

# %% [markdown]
# The net promoter score folds eleven answers into three. What it throws away can be looked at: Mann–Whitney compares the single
# answers. And the size of the survey decides what could have been found at all.

# %%
needed = sample_size_for_change(5, variance=by_flight["domestic-peak"].variance)
print(f"Ranks: p = {difference.p_rank:.3f}. A change of 5 points needs {needed:,} answers in each wave (80% power).")

# %%
surely = difference.low * difference.high > 0
print(
    f"Decision: {difference.value:+.1f} points ({difference.low:+.1f} to {difference.high:+.1f}; "
    f"n = {difference.n_before:,} and {difference.n_after:,}): "
    + ("the two kinds of flight differ; look for the reason." if surely else "no difference is shown; treat both alike, and do not report a gap.")
)
