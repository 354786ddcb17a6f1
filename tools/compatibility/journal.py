"""What a worker writes while it runs: one JSON object a line, flushed at once, so that a crash loses nothing.

    {"begin": KEY, "test": ID, ...}        numbra is about to run for the first time on this case
    {"case": KEY, "status": S, ...}        what came out; a later line for the same case replaces an earlier one
    {"test": ID, "ended": how}             a test method is over

A `begin` without a `case` is a case in which the process ended.
"""
import json

PASSED, FAILED, CRASHED, UNSUPPORTED, INCOMPARABLE = STATUSES = ("passed", "failed", "crashed", "unsupported", "incomparable")


class Journal:
    """The file of one module, open for appending."""

    def __init__(self, path):
        self.file = open(path, "a", encoding="utf-8", errors="backslashreplace")

    def write(self, **record):
        """Appends one line."""
        self.file.write(json.dumps(record, default=repr) + "\n")
        self.file.flush()


class Read:
    """A journal as it stands: `cases` by key, `tests` that ended by id."""

    def __init__(self, path):
        self.cases, self.tests, self.begun = {}, {}, {}
        if not path.exists():
            return
        for line in path.read_text(encoding="utf-8").splitlines():
            try:
                record = json.loads(line)
            except ValueError:
                continue    # the process ended while it wrote the line
            if "begin" in record:
                self.begun[record["begin"]] = record
            elif "case" in record:
                self.begun.pop(record["case"], None)
                self.cases[record["case"]] = record
            elif "ended" in record:
                self.tests[record["test"]] = record["ended"]

    def open_cases(self):
        """Cases that began and never ended, with what is known of them."""
        return {key: record for key, record in self.begun.items() if key not in self.cases}
