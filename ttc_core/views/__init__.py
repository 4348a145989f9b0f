"""From a fold to what is seen: graph pictures, charts and their data. Pure functions; knows no page and no server."""
