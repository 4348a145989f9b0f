"""Reading and drawing."""

import unittest

from needs import GraphError, read, tree


class TextTest(unittest.TestCase):
    """Graphs from text, and as text."""

    def test_reading(self):
        graph = read("# parts\napp: server, pages\n\nserver: database  # and no more\npages:\n")
        self.assertEqual(list(graph), ["app", "server", "pages", "database"])
        self.assertEqual(graph.needs("server"), ["database"])

    def test_what_cannot_be_read(self):
        for text in ("app\n", "a b: c\n", "a: b c\n", "a: b,, c\n", ": b\n"):
            with self.subTest(text), self.assertRaisesRegex(GraphError, "^line 1"):
                read(text)

    def test_drawing(self):
        graph = read("app: server, pages\nserver: database\npages: server\n")
        lines = ["app", "  server", "    database", "  pages", "    server ..."]
        self.assertEqual(tree(graph, "app"), "\n".join(lines))

    def test_drawing_a_cycle(self):
        self.assertEqual(tree(read("hen: egg\negg: hen\n"), "egg"), "egg\n  hen\n    egg ...")


if __name__ == "__main__":
    unittest.main()
