"""The console: the desk as pages for people. They work without JavaScript; a small script makes them faster."""
