"""The one language in which questions say when they apply and rules say when they fire.

Trees of a few closed node types over a closed, typed table of operators, in three-valued logic. Nothing in here knows
what a questionnaire or a rule is.
"""
