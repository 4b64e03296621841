"""The demo alliance: invented companies with plausible plants, described as tables and small functions.

``tables/`` says what the goods, processes and recipes are, who takes part and who buys from whom; ``plants``
and ``sites`` say what stands where; ``balance`` sizes it; ``lines`` turns it into inventory lines; ``writer``
is the only module that knows the database. Nothing is random: the same description gives the same rows.
"""
