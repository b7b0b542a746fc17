"""Record books at the desk: the half-year review, and the meeting of the heads."""
