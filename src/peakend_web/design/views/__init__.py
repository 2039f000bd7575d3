"""Pages of a service's design: beginning one, its outline and touchpoints as they are edited, and its versions."""
