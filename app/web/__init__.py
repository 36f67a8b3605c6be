"""The web face: translates requests into use cases and renders what comes back."""
