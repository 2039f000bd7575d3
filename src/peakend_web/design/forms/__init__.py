"""Forms about a service's design: beginning one, editing its parts, and saving its document."""
