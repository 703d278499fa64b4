"""What is shown of networks beside their tables.

rails    rails on the left of the rows, which say what each row reads, as characters
curves   the same rails as curves
several  what `net` answers of several files, and annotations on GitHub
"""
