"""Control words, one for each place that is searched: if one of them is not found, the search proves nothing there."""

