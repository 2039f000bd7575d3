"""Drawings on paper: as PDF on real pages, registers as real tables, as PNG, and as tiles for a printer at home."""
