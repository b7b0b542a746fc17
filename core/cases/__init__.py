"""Items and what becomes of them."""
