"""The demo district: invented from beginning to end, laid through the public verbs."""
