"""Strangers' files are read in a process of their own, with little memory, little time and no network."""
