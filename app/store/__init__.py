"""The only package that knows the database: rows, queries, migrations, audit log and outbox.

Rows are made from values of the core and never leave this package half-read: queries return rows or core values.
"""
