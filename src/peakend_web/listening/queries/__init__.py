"""What others may ask of what came in: comments as quotes, what a take-back would do, codes nobody explained."""
