import unittest

from stencil import TemplateError, render


class OutputTest(unittest.TestCase):
    def test_values_are_found_by_key_and_position(self):
        values = {"order": {"items": ["tea", "milk"], "sum": 7}}
        self.assertEqual(render("{{ order.items.1 }}: {{ order.sum }}", values), "milk: 7")

    def test_filters_work_from_left_to_right(self):
        self.assertEqual(render('{{ names | join: "+" | upper }}', {"names": ["a", "b"]}), "A+B")
        self.assertEqual(render("{{ names | length }}", {"names": "abc"}), "3")

    def test_default_stands_in_for_what_is_missing(self):
        self.assertEqual(render('Hi {{ user.name | default: "you" }}', {"user": {}}), "Hi you")

    def test_none_is_written_as_nothing(self):
        self.assertEqual(render("[{{ nothing }}]", {"nothing": None}), "[]")

    def test_remarks_are_left_out(self):
        self.assertEqual(render("a{# not {{ this }} #}b", {}), "ab")


class TagTest(unittest.TestCase):
    def test_if_and_else(self):
        template = "{% if ready %}go{% else %}wait{% endif %}"
        self.assertEqual(render(template, {"ready": 1}), "go")
        self.assertEqual(render(template, {"ready": []}), "wait")

    def test_ifs_can_be_nested(self):
        template = "{% if not a %}{% if b %}1{% else %}2{% endif %}{% else %}3{% endif %}"
        self.assertEqual(render(template, {"a": 0, "b": 0}), "2")
        self.assertEqual(render(template, {"a": 1, "b": 0}), "3")

    def test_set_lasts_beyond_the_if(self):
        template = '{% if vip %}{% set greeting = "Welcome back" %}{% endif %}{{ greeting }}'
        self.assertEqual(render(template, {"vip": True, "greeting": "Hello"}), "Welcome back")

    def test_values_are_not_changed(self):
        values = {"size": 1}
        render("{% set size = 2 %}", values)
        self.assertEqual(values, {"size": 1})

    def test_a_tag_alone_on_its_line_leaves_no_line(self):
        template = "first\n  {% if yes %}\nsecond\n  {% endif %}\nthird\n"
        self.assertEqual(render(template, {"yes": True}), "first\nsecond\nthird\n")


class ErrorTest(unittest.TestCase):
    def test_errors_name_the_line(self):
        for template, line in {
            "\n{{ nobody }}": 2,
            "a\n\n{% if x %}\nb": 3,
            "{% endif %}": 1,
            "{% if x %}\n{% else %}\n{% else %}{% endif %}": 3,
            "{# \n #}{% jump %}": 2,
            "{{ x | shout }}": 1,
            "{{ 4 | length }}": 1,
        }.items():
            with self.subTest(template), self.assertRaises(TemplateError) as caught:
                render(template, {"x": 1})
            with self.subTest(template):
                self.assertEqual(caught.exception.line, line)


if __name__ == "__main__":
    unittest.main()
