"""The audit log for auditors: pages and files."""
