# %% [markdown]
# # What should we build?
#
# Ten features of a self-service kiosk, judged by 104 users in pairs of Kano questions. What is taken for granted must be there;
# among the rest we want the most delight for the money. The costs below are **assumptions of this notebook**; put your own in.

# %%
from peakend import kano, portfolio, sample

features = ["kano03", "kano05", "kano06", "kano08", "kano10", "kano13", "kano18", "kano20", "kano22", "kano26"]
rows = kano(sample("kiosk"), construct=features)
print(rows.text())
rows.chart()

# %% [markdown]
# Value of a feature: how many of 100 users it would satisfy (CS+), with Wilson's interval. Must-be features are in first.

# %%
cost = dict(zip(features, (30, 45, 25, 60, 80, 35, 15, 50, 40, 55), strict=True))  # thousand, assumed
table = [
    {
        "initiative": row.construct,
        "cost": cost[row.construct],
        "value": 100 * row.value,
        "low": 100 * row.low,
        "high": 100 * row.high,
        "must": "yes" if row.category == "M" else None,
    }
    for row in rows
]
choice = portfolio(table, budget=250)
print(choice[0].refused.message("en") if choice[0].refused else choice.text().splitlines()[0])
choice.chart()

# %%
whole, *each = choice
sure = [row.initiative for row in each if row.chosen and (row.inclusion or 0) >= 0.9]
open_ones = [row.initiative for row in each if 0.1 < (row.inclusion or 0) < 0.9]
print(
    f"Decision: build {', '.join(sure)} (in at least 90% of {whole.resamples:,} resamples; {rows[0].n} users). "
    f"Within sampling error of one another: {', '.join(open_ones) or 'none'}. "
    f"Worth {whole.value:.0f} ({whole.low:.0f} to {whole.high:.0f}) for {whole.cost:.0f} of 250 thousand."
)
