import unittest

from larder import memoize
from tests.clock import Clock


class MemoizeTest(unittest.TestCase):
    def test_a_call_is_made_once_in_its_time(self):
        clock = Clock()
        calls = []

        @memoize(capacity=5, ttl=30, clock=clock)
        def double(number, *, plus=0):
            calls.append((number, plus))
            return 2 * number + plus

        self.assertEqual([double(2), double(2), double(2, plus=1)], [4, 4, 5])
        self.assertEqual(calls, [(2, 0), (2, 1)])
        clock.wait(30)
        double(2)
        self.assertEqual(len(calls), 3)
        self.assertEqual(double.cache.stats.hits, 1)


if __name__ == "__main__":
    unittest.main()
