"""torch's functions by their names, so that a program loads those alone that it calls.

homes.txt  the file in which each function stands
room       how a file is loaded once somebody asks for a function of it
"""
