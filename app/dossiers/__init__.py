"""What is written down: a snapshot of a case becomes blocks, and blocks become a Word document or a page.

``snapshot`` holds everything a document needs as values, ``compose`` and its neighbours turn it into ``blocks``, and
``docx`` renders blocks with a house style. Nothing here reads a clock or a database, so the same snapshot always
gives the same bytes.
"""
