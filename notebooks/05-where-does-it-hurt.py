# %% [markdown]
# # Where does it hurt?
#
# Means hide the few who suffer, so look at both: the mean of each touchpoint and the share that gave one or two of five.

# %%
from peakend import csat, sample
from peakend.intervals import wilson

rows = csat(sample("airport"), measure="mean")
asked = [row for row in rows if row.value is not None and row.n >= 100]
worst = sorted(asked, key=lambda row: row.value)[:6]
csat(sample("airport"), construct=[row.construct for row in worst], measure="mean").chart()


# %%
def unhappy(row):
    """The share of ones and twos, with Wilson's interval."""
    few = sum(n for value, n in row.counts.items() if float(value) <= 2)
    return few / row.n, *wilson(few, row.n)


for row in worst:
    share, low, high = unhappy(row)
    print(f"{row.construct}: mean {row.value:.2f} ({row.low:.2f} to {row.high:.2f}); unhappy {share:.1%} ({low:.1%} to {high:.1%}), n = {row.n:,}")

# %%
hurts = max(worst, key=lambda row: unhappy(row)[0] * row.n)
share, low, high = unhappy(hurts)
print(
    f"Decision: begin with {hurts.construct}: {share:.1%} of its users are unhappy ({low:.1%} to {high:.1%}, n = {hurts.n:,}), the most people of all."
)
