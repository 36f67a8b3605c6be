"""Documents: the preview of the council version, and the files."""
