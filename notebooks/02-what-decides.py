# %% [markdown]
# # What decides?
#
# Which touchpoints go with how passengers judge the airport as a whole? R² is shared out over all orders of entering (LMG, the
# Shapley value), so that touchpoints that go together do not take one another's part. Not everybody used everything: correlations
# are pairwise, nothing is imputed. It is association, not cause.

# %%
from peakend import drivers, sample

rows = drivers(sample("airport"))
first = rows[0]
print(f"R² = {first.r2:.2f}, {len(rows)} touchpoints")
rows.chart()

# %%
leading = sorted(rows, key=lambda row: -row.value)[:3]
for row in leading:
    print(f"{row.driver}: {row.value:.1%} of R² ({row.low:.1%} to {row.high:.1%}), first in {row.p_first:.0%} of resamples, n = {row.n:,}")

# %% [markdown]
# A driver matters where three things meet: it decides, many use it, and there is room above it. `priority` is their product.

# %%
to_improve = sorted(rows, key=lambda row: -(row.priority or 0))[:3]
for row in to_improve:
    print(f"{row.driver}: share {row.value:.1%} × used by {row.visit_rate:.0%} × headroom {row.headroom:.2f}")

# %%
clear = leading[0].low > leading[1].high
print(
    f"Decision: work on {to_improve[0].driver} first (n = {to_improve[0].n:,}, share {to_improve[0].low:.1%} to {to_improve[0].high:.1%}). "
    + (
        "One driver leads clearly."
        if clear
        else f"{leading[0].driver} and {leading[1].driver} cannot be told apart as leaders; do not rank them in public."
    )
)
