# SPDX-License-Identifier: Apache-2.0
"""The style check bites: for each rule a small tree that breaks it, and one that keeps it."""

import contextlib
import io
import pathlib
import tempfile
import unittest

import check_style

LICENCE = "// SPDX-License-Identifier: Apache-2.0\n"
HEAD = LICENCE + "//\n// What this is.\n#pragma once\n"


def findings(files):
    """The (path, line, rule) of every finding in a tree of these files."""
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        for name, text in files.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            code = check_style.main(root)
        found = []
        for line in out.getvalue().splitlines():
            name, number, rule, _ = line.split(":", 3)
            found.append((name, int(number), rule.strip()))
        assert code == (1 if found else 0)
        return found


def cpp(*lines):
    return LICENCE + "".join(f"{it}\n" for it in lines)


class CheckStyle(unittest.TestCase):
    def bites(self, rule, name, text, line=None):
        rules = findings({name: text})
        self.assertIn(rule, [it[2] for it in rules], rules)
        if line:
            self.assertIn((name, line, rule), rules)

    def passes(self, name, text):
        self.assertEqual(findings({name: text}), [])

    def test_a_lower_floor_never_includes_a_higher_one(self):
        floors = check_style.MODULES
        self.assertEqual(floors, ("ledger", "fx", "connectors", "gateway"))
        for low, lower in enumerate(floors):
            for high, higher in enumerate(floors):
                with self.subTest(f"{lower} includes {higher}"):
                    text = cpp(f'#include "{higher}/thing.h"')
                    expected = [(f"{lower}/a.cpp", 2, "layers")] if high > low else []
                    if (lower, higher) == ("connectors", "fx"):
                        expected = [("connectors/a.cpp", 2, "layers")]
                    self.assertEqual(findings({f"{lower}/a.cpp": text}), expected)

    def test_deep_folders_belong_to_their_floor(self):
        self.bites("layers", "ledger/store/sqlite/a.cpp", cpp('#include "gateway/api/a.h"'), 2)
        self.bites("layers", "fx/a.cpp", cpp('#include <connectors/net/http.h>'), 2)

    def test_an_include_in_a_comment_is_none(self):
        self.passes("ledger/a.cpp", cpp('// #include "gateway/a.h"'))

    def test_product_code_includes_no_tests(self):
        self.bites("layers", "gateway/a.cpp", cpp('#include "tests/support/run.h"'), 2)
        self.passes("tests/gateway/a_test.cpp", cpp('#include "tests/support/run.h"'))

    def test_libraries_stay_in_their_homes(self):
        rows = (
            ("boost/beast/http.hpp", "gateway/http/server_beast.cpp", "gateway/http/server.cpp"),
            ("sqlite3.h", "ledger/store/sqlite/engine.cpp", "ledger/store/row.cpp"),
            ("sqlite3.h", "tests/bench/bare.cpp", "tests/ledger/a_test.cpp"),
            ("sqlite3.h", "tests/crash/crash_vfs.cpp", "tests/crash/check.cpp"),
            ("libpq-fe.h", "ledger/store/postgres/engine.cpp", "ledger/store/sqlite/engine.cpp"),
            ("sodium.h", "ledger/digest.cpp", "ledger/digest.h"),
            ("sodium.h", "ledger/entropy.cpp", "fx/quote.cpp"),
            ("openssl/ssl.h", "connectors/net/tls.cpp", "connectors/card/codec.cpp"),
        )
        for header, home, elsewhere in rows:
            with self.subTest(f"{header} in {elsewhere}"):
                text = f"#include <{header}>\n"
                head = HEAD if elsewhere.endswith(".h") else LICENCE
                self.bites("home", elsewhere, head + text)
                self.passes(home, LICENCE + text)

    def test_the_books_and_rates_know_no_network(self):
        for floor in ("ledger", "fx"):
            self.bites("asio", f"{floor}/a.cpp", cpp("#include <boost/asio/post.hpp>"), 2)
        self.passes("connectors/net/a.cpp", cpp("#include <boost/asio/post.hpp>"))

    def test_money_is_never_floating(self):
        for line in ("double rate = 1;", "auto x = static_cast<float>(y);", "long double z;"):
            for floor in ("ledger", "fx"):
                self.bites("exact", f"{floor}/a.cpp", cpp(line), 2)
        self.passes("fx/a.cpp", cpp("int doubled = 2;  // not a double"))

    def test_sql_stays_in_stores(self):
        line = 'run("SELECT 1");'
        self.bites("sql", "gateway/payments/life.cpp", cpp(line), 2)
        self.passes("gateway/payments/payments_store.cpp", cpp(line))
        self.passes("ledger/store/migrations/first.cpp", cpp(line))

    def test_time_is_injected(self):
        line = "auto now = std::chrono::system_clock::now();"
        self.bites("clock", "gateway/a.cpp", cpp(line), 2)
        self.passes("ledger/clock.cpp", cpp(line))

    def test_tests_do_not_sleep(self):
        for line in ("std::this_thread::sleep_for(1s);", "usleep(10);", "nanosleep(&t, nullptr);"):
            self.bites("sleep", "tests/ledger/a_test.cpp", cpp(line), 2)
        python = "# SPDX-License-Identifier: Apache-2.0\nimport time\ntime.sleep(1)\n"
        self.bites("sleep", "tests/e2e/test_a.py", python, 3)

    def test_co_await_stands_alone(self):
        for line in ("co_await send({1, 2});", "auto x = co_await (a ? b() : c());",
                     "co_await run([&] { return 1; });"):
            self.bites("co_await", "gateway/a.cpp", cpp(f"f() {{ {line} }}"))
        self.passes("gateway/a.cpp", cpp("f() {", "    co_await send(argument);", "}"))

    def test_functions_fit_a_screen(self):
        body = ["    a();"] * check_style.FUNCTION_LINES_MAX
        self.bites("length", "gateway/a.cpp", cpp("void f() {", *body, "}"), 2)
        self.passes("gateway/a.cpp", cpp("void f() {", *body[2:], "}"))
        # However its signature is broken, and inside of a class.
        broken = ("void f(int a,", "       int b) {")
        self.bites("length", "gateway/a.cpp", cpp(*broken, *body, "}"), 3)
        self.bites("length", "gateway/a.cpp",
                   cpp("class A {", "    void f() const {", *body, "    }", "};"), 3)
        constructor = ("struct A {", "    explicit A(int a)", "        : a_(a), b_(a) {", "    }")
        self.passes("gateway/a.cpp", cpp(*constructor, *["    int c;"] * 100, "};"))
        self.passes("gateway/a.cpp", cpp("const Rows kRows{", *["    {1, 2},"] * 100, "};"))

    def test_files_end_at_600_lines(self):
        lines = ["int a;"] * check_style.FILE_LINES_MAX
        self.bites("length", "gateway/a.cpp", cpp(*lines))
        self.passes("gateway/a.cpp", cpp(*lines[1:]))

    def test_lines_end_at_100_columns(self):
        self.bites("columns", "gateway/a.cpp", cpp("int " + "a" * 97 + ";"), 2)
        self.passes("gateway/a.cpp", cpp("int " + "a" * 95 + ";"))

    def test_no_notes_to_oneself(self):
        self.bites("todo", "gateway/a.cpp", cpp("// TO" + "DO: later"), 2)

    def test_a_file_begins_with_the_licence(self):
        for text in ("int a;\n", "// SPDX-License-Identifier: MIT\n", "\n" + LICENCE):
            self.bites("licence", "gateway/a.cpp", text, 1)
        self.bites("licence", "tests/e2e/a.py", "import os\n", 1)
        self.passes("tests/e2e/a.py", "#!/usr/bin/env python3\n# SPDX-License-Identifier: "
                                      "Apache-2.0\n")

    def test_a_header_says_what_it_is(self):
        self.passes("ledger/a.h", HEAD)
        self.bites("head", "ledger/a.h", LICENCE + "#pragma once\n")
        self.bites("head", "ledger/a.h", LICENCE + "//\n//\n#pragma once\n")
        self.bites("head", "ledger/a.h", LICENCE + "//\n// What this is.\n", 1)


if __name__ == "__main__":
    unittest.main()
