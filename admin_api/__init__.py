"""The desk: what staff use, as a JSON API and as console pages."""
