"""Intervals and tests from counts and sums: the only statistics that the methods share.

Everything takes counts, means and variances, never rows, because that is what the kernels return; a count may be a real
number where an effective number of answers stands in for it. Intervals are two-sided at confidence `conf` and are None
where the data carry none (one answer, no spread): never NaN, and only plain Wald ever has a width of zero. Shares are
in 0…1, NPS in −1…1; the methods put them on their own scales. Simulated coverage of each is in `docs/coverage.md`.
Checked against R 4.2.2 (stats), binom 1.1-1.1, PropCIs 0.3-0, NPS 1.1, MultinomialCI 1.2, psych 2.2.9 in
`tests/test_intervals.py`.
"""

from peakend.intervals.alpha import feldt
from peakend.intervals.clusters import Clustering, clustered_mean, clustered_share, clustering
from peakend.intervals.differences import agresti_caffo, fisher, newcombe, shares_test, welch, z_test
from peakend.intervals.families import benjamini_hochberg, holm
from peakend.intervals.means import kish, mean_t, t_test, tally_mean, weighted_mean
from peakend.intervals.order import mann_whitney, mann_whitney_exact, superiority
from peakend.intervals.quantiles import (
    Array,
    Comparison,
    Interval,
    Summary,
    Test,
    WeightedMean,
    chi2_p,
    f_quantile,
    t_p,
    t_quantile,
    z_p,
    z_quantile,
)
from peakend.intervals.sample_sizes import answers_for_shares, power_of_means, power_of_shares
from peakend.intervals.scores import NPS_INTERVALS, nps_adjusted_wald, nps_t, nps_variance, nps_wald
from peakend.intervals.shares import agresti_coull, binomial_test, clopper_pearson, sison_glaz, wilson, wilson_corrected

__all__ = [
    "NPS_INTERVALS",
    "Array",
    "Clustering",
    "Comparison",
    "Interval",
    "Summary",
    "Test",
    "WeightedMean",
    "agresti_caffo",
    "agresti_coull",
    "answers_for_shares",
    "benjamini_hochberg",
    "binomial_test",
    "chi2_p",
    "clopper_pearson",
    "clustered_mean",
    "clustered_share",
    "clustering",
    "f_quantile",
    "feldt",
    "fisher",
    "holm",
    "kish",
    "mann_whitney",
    "mann_whitney_exact",
    "mean_t",
    "newcombe",
    "nps_adjusted_wald",
    "nps_t",
    "nps_variance",
    "nps_wald",
    "power_of_means",
    "power_of_shares",
    "shares_test",
    "sison_glaz",
    "superiority",
    "t_p",
    "t_quantile",
    "t_test",
    "tally_mean",
    "weighted_mean",
    "welch",
    "wilson",
    "wilson_corrected",
    "z_p",
    "z_quantile",
    "z_test",
]
