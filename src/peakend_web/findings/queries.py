"""What other areas may ask of findings: what a request asks (`inquiry`), so that their pages of answers read the
address, the sites and the release as the pages of findings do.
"""

from __future__ import annotations

from peakend_web.findings.inquiry.request import Inquiry

__all__ = ["Inquiry"]
