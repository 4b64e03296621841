"""What may be told of a cohort of competitors, and how far that could be solved for one of them.

The contributor is a company group: subsidiaries are merged before anything here is called.
"""
