"""Transactions, and transactions inside them."""

import unittest

from strata import Store, StoreError


class TransactionTest(unittest.TestCase):
    """What transactions show and leave behind."""

    def setUp(self):
        self.store = Store()
        with self.store.begin() as first:
            first.set("a", 1)

    def test_changes_are_seen_inside_first(self):
        transaction = self.store.begin()
        transaction.set("a", 2)
        transaction.set("b", 3)
        self.assertEqual((transaction.get("a"), transaction.keys()), (2, ["a", "b"]))
        self.assertEqual((self.store.get("a"), self.store.keys()), (1, ["a"]))
        transaction.commit()
        self.assertEqual((self.store.get("a"), self.store.keys()), (2, ["a", "b"]))

    def test_deleting(self):
        transaction = self.store.begin()
        transaction.delete("a")
        self.assertEqual((transaction.get("a", "none"), transaction.keys()), ("none", []))
        with self.assertRaises(KeyError):
            transaction.delete("a")
        transaction.commit()
        self.assertEqual(self.store.keys(), [])

    def test_rolling_back(self):
        transaction = self.store.begin()
        transaction.set("a", 2)
        transaction.rollback()
        self.assertEqual((self.store.get("a"), self.store.version), (1, 1))
        with self.assertRaises(StoreError):
            transaction.get("a")

    def test_an_inner_one_commits_to_the_outer_one(self):
        outer = self.store.begin()
        inner = outer.begin()
        inner.set("b", 5)
        self.assertEqual((inner.get("a"), inner.get("b"), outer.get("b")), (1, 5, None))
        inner.commit()
        self.assertEqual((outer.get("b"), self.store.get("b")), (5, None))
        outer.commit()
        self.assertEqual((self.store.get("b"), self.store.version), (5, 2))

    def test_an_inner_one_rolls_back_alone(self):
        outer = self.store.begin()
        outer.set("b", 5)
        inner = outer.begin()
        inner.set("b", 6)
        inner.rollback()
        self.assertEqual(outer.get("b"), 5)

    def test_rolling_back_takes_inner_ones_along(self):
        outer = self.store.begin()
        inner = outer.begin()
        outer.rollback()
        self.assertFalse(inner.open)

    def test_while_an_inner_one_is_open(self):
        outer = self.store.begin()
        outer.begin()
        for act in (
            outer.commit,
            outer.begin,
            lambda: outer.set("a", 9),
            lambda: outer.delete("a"),
        ):
            with self.assertRaises(StoreError):
                act()
        self.assertEqual(outer.get("a"), 1)

    def test_an_error_in_a_with_block_rolls_back(self):
        with self.assertRaises(ZeroDivisionError), self.store.begin() as transaction:
            transaction.set("a", 1 / 0)
        self.assertEqual(self.store.version, 1)


if __name__ == "__main__":
    unittest.main()
