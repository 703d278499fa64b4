"""A network drawn: its rows with rails beside them, which say what each row reads.

rails   rails as characters
curves  rails as curves
"""
