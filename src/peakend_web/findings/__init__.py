"""What the answers say: home, the journey with live scores, and a page for every method."""
