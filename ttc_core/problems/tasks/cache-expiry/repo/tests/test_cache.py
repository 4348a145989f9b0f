import unittest

from larder import Cache
from tests.clock import Clock


class CapacityTest(unittest.TestCase):
    def test_the_entry_unused_for_longest_goes(self):
        cache = Cache(2)
        cache.set("a", 1)
        cache.set("b", 2)
        cache.get("a")
        cache.set("c", 3)
        self.assertEqual(cache.keys(), ["a", "c"])
        self.assertEqual(cache.stats.evicted, 1)

    def test_writing_a_known_key_evicts_nothing(self):
        cache = Cache(2)
        for key in "aba":
            cache.set(key, key.upper())
        self.assertEqual(cache.keys(), ["b", "a"])
        self.assertEqual(cache.stats.evicted, 0)

    def test_looking_is_not_using(self):
        cache = Cache(2)
        cache.set("a", 1)
        cache.set("b", 2)
        self.assertIn("a", cache)
        cache.set("c", 3)
        self.assertNotIn("a", cache)

    def test_there_must_be_room_for_something(self):
        with self.assertRaises(ValueError):
            Cache(0)


class DeadlineTest(unittest.TestCase):
    def setUp(self):
        self.clock = Clock()
        self.cache = Cache(3, ttl=10, clock=self.clock)

    def test_entries_live_until_their_deadline(self):
        self.cache.set("a", 1)
        self.clock.wait(9.5)
        self.assertEqual(self.cache.get("a"), 1)
        self.clock.wait(0.5)
        self.assertIsNone(self.cache.get("a"))
        self.assertEqual(self.cache.stats.expired, 1)

    def test_an_entry_may_have_a_time_of_its_own(self):
        self.cache.set("short", 1, ttl=2)
        self.cache.set("long", 2, ttl=None)
        self.cache.set("usual", 3)
        self.clock.wait(5)
        self.assertEqual(self.cache.keys(), ["long", "usual"])
        self.clock.wait(500)
        self.assertEqual(self.cache.keys(), ["long"])

    def test_reading_does_not_lengthen_a_life(self):
        self.cache.set("a", 1)
        self.clock.wait(8)
        self.cache.get("a")
        self.clock.wait(8)
        self.assertEqual(len(self.cache), 0)

    def test_deleting(self):
        self.cache.set("a", 1)
        self.assertTrue(self.cache.delete("a"))
        self.assertFalse(self.cache.delete("a"))

    def test_times_are_positive(self):
        for ttl in (0, -1, "soon"):
            with self.subTest(ttl), self.assertRaises(ValueError):
                self.cache.set("a", 1, ttl=ttl)


class StatsTest(unittest.TestCase):
    def test_hits_and_misses(self):
        cache = Cache(1)
        cache.set("a", None)
        cache.get("a")
        cache.get("b", "default")
        self.assertEqual((cache.stats.hits, cache.stats.misses), (1, 1))


if __name__ == "__main__":
    unittest.main()
