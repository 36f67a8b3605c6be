"""Envelope encryption, without a database: data keys seal content, a master key wraps data keys.

`envelope` holds the two kinds of key and `about`, which says what a sealed text belongs to. `masters` finds the master
keys of an installation. Which row has which key is the business of `app.store.keys`.
"""
