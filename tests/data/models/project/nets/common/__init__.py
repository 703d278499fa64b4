"""Layers that several networks share."""
from .conv import ConvBNAct
from .pool import *
