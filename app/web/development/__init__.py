"""Pages that exist only on somebody's own machine."""
