"""Committed versions, snapshots and compaction."""

import unittest

from strata import Conflict, Store, StoreError


class StoreTest(unittest.TestCase):
    """What a store shows."""

    def setUp(self):
        self.store = Store()
        self.write(a=1, b=2)

    def write(self, **changes):
        with self.store.begin() as transaction:
            for key, value in changes.items():
                transaction.set(key, value)

    def test_versions(self):
        self.assertEqual((self.store.version, self.store.keys()), (1, ["a", "b"]))
        self.write(a=3)
        self.assertEqual((self.store.version, self.store.get("a"), self.store.get("b")), (2, 3, 2))
        self.assertEqual(self.store.get("z", "none"), "none")

    def test_no_changes_no_version(self):
        with self.store.begin() as transaction:
            transaction.get("a")
        self.assertEqual(self.store.version, 1)

    def test_snapshots_keep_their_values(self):
        snapshot = self.store.snapshot()
        self.write(a=5, c=6)
        self.assertEqual(
            (snapshot.get("a"), snapshot.get("c"), snapshot.keys()), (1, None, ["a", "b"])
        )
        snapshot.close()
        with self.assertRaises(StoreError):
            snapshot.get("a")

    def test_first_commit_wins(self):
        one, two = self.store.begin(), self.store.begin()
        one.set("a", 10)
        two.set("a", 20)
        one.commit()
        with self.assertRaises(Conflict):
            two.commit()
        self.assertEqual(self.store.get("a"), 10)

    def test_compacting(self):
        self.write(a=3)
        snapshot = self.store.snapshot()
        self.write(a=4)
        self.assertEqual(self.store.compact(), 1)
        self.assertEqual((snapshot.get("a"), self.store.get("a"), self.store.get("b")), (3, 4, 2))
        self.assertEqual(self.store.entries(), 3)


if __name__ == "__main__":
    unittest.main()
