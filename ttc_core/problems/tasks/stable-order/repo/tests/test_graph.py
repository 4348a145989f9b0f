"""Asking a graph."""

import unittest

from needs import Graph, GraphError, UnknownName


class GraphTest(unittest.TestCase):
    """Names and needs."""

    def setUp(self):
        self.graph = Graph()
        self.graph.add("app", ["server", "pages"])
        self.graph.add("server", ["database"])

    def test_names_keep_the_order_in_which_they_were_added(self):
        self.assertEqual(list(self.graph), ["app", "server", "pages", "database"])
        self.assertEqual(len(self.graph), 4)
        self.assertIn("pages", self.graph)

    def test_needs(self):
        self.graph.add("app", ["database", "server"])
        self.assertEqual(self.graph.needs("app"), ["server", "pages", "database"])
        self.assertEqual(self.graph.needed_by("database"), ["app", "server"])

    def test_closure(self):
        self.assertEqual(self.graph.closure("app"), ["server", "pages", "database"])
        self.assertEqual(self.graph.closure("pages"), [])

    def test_closure_of_a_cycle(self):
        self.graph.add("database", ["server"])
        self.assertEqual(self.graph.closure("server"), ["server", "database"])

    def test_roots(self):
        self.graph.add("docs")
        self.assertEqual(self.graph.roots(), ["app", "docs"])

    def test_removing(self):
        self.graph.remove("server")
        self.assertEqual(self.graph.needs("app"), ["pages"])
        self.assertEqual(self.graph.roots(), ["app", "database"])

    def test_unknown_names(self):
        for ask in (self.graph.needs, self.graph.needed_by, self.graph.closure, self.graph.remove):
            with self.subTest(ask.__name__), self.assertRaises(UnknownName):
                ask("attic")
        self.assertTrue(issubclass(UnknownName, GraphError))


if __name__ == "__main__":
    unittest.main()
