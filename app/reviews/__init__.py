"""Who may do what with a case, and when: the journey, the judgements on flags, and the dates.

Pure values and functions. ``lifecycle`` holds the steps and the transition table, ``decisions`` the human
judgements and what still blocks a conclusion, ``deadlines`` the dates counted back from the appointment.
"""
