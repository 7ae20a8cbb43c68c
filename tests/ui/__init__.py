"""Tests of the search page: in a real Chromium, and of the server behind it over real HTTP."""
