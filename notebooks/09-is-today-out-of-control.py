# %% [markdown]
# # Is today out of control?
#
# The share of detractors, day by day, at the airport. A day is a signal only if it leaves the limits of chance; the number of answers differs
# from day to day, so the limits do too. A p-chart is narrow where days differ for reasons of their own: σ_z says whether they do.

# %%
from peakend import control, nps, sample

days = [row for row in nps(sample("airport"), by="day") if row.value is not None]
table = [{"period": row.group["day"], "count": row.detractors, "size": row.n} for row in days]
chart = control(table, kind="p")
chart.chart()

# %%
print(chart.text())

# %%
(row,) = chart
today = row.points[-1]
out = bool(today["rules"])
print(
    f"Decision: {today['period']}: {today['count']} detractors of {today['size']:.0f} ({today['low']:.1%} to {today['high']:.1%} is chance, n = {row.n} days): "
    + ("a signal; find what was different." if out else "within chance; do nothing today, and change the system if the level is too high.")
)
