"""Drawings on paper: as PDF on real pages, as PNG, and as tiles for a printer at home."""
