"""A session as something to hand on: one HTML file, and other forms. Knows nothing of pages and servers."""
