"""What people ask next of a figure: where it comes from, what moves it, how sure it is."""
