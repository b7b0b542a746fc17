"""Front ends through which residents and liaisons speak to the core."""
