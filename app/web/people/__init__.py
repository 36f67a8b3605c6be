"""The people of an organisation, for its administrators."""
