"""`/proef`: anybody holds their own situation against the questions and the rules, and nothing of it is kept.

Every page is an answer to a POST that carries everything; no address, cookie, session or table holds any of it.
"""
