"""What the answers say: home, the journey with live scores, and a page for every method.

Beside what every area has: `inquiry` holds what a page asks, `words` what it says, `pictures` what it draws.
"""
