"""A process that runs one of numba's test modules: `python -m compatibility.worker MODULE JOURNAL SECONDS`.

Tests that the journal already lists are left out, so that a process that takes over after a crash goes on where the last one ended. A
test that runs too long ends the process: numba's compiler is not made to be interrupted.
"""
import builtins
import faulthandler
import importlib
import linecache
import os
import pathlib
import random
import resource
import signal
import subprocess
import sys
import threading
import unittest
import warnings

MEMORY = 12 << 30
TIMED_OUT = 75


def recording_exec(source, space=None, names=None, /, **others):
    """`exec` that registers the text, so that compilers which read source find it."""
    if space is None:
        frame = sys._getframe(1)
        space, names = frame.f_globals, frame.f_locals
    if isinstance(source, str):
        file = f"<executed {abs(hash(source)):x}>"
        linecache.cache[file] = (len(source), None, source.splitlines(True), file)
        source = compile(source, file, "exec")
    return builtins.exec(source, space, space if names is None else names)


def no_processes(*arguments, **keywords):
    raise unittest.SkipTest("starts a process of its own")


def tests_of(suite):
    """The test methods of a suite, one by one."""
    for item in suite:
        if isinstance(item, unittest.TestSuite):
            yield from tests_of(item)
        else:
            yield item


class Clock:
    """Ends the process when a test runs longer than its time."""

    def __init__(self, seconds, journal):
        self.seconds, self.journal, self.timer = seconds, journal, None

    def start(self, test):
        self.stop()
        self.timer = threading.Timer(self.seconds, self.end, [test])
        self.timer.daemon = True
        self.timer.start()
        # Where compiled code holds the interpreter's lock, the timer's thread never runs: the signal ends the process all the same.
        signal.alarm(int(self.seconds) + 20)

    def end(self, test):
        self.journal.write(test=test, ended="time ran out")
        os._exit(TIMED_OUT)

    def stop(self):
        signal.alarm(0)
        if self.timer:
            self.timer.cancel()


def run(test, harness):
    """Runs one test method; whether it passed or was skipped."""
    result = unittest.TestResult()
    harness.active, harness.inside, harness.refusals_expected = True, 0, 0
    try:
        test.run(result)
    finally:
        harness.active = False
    return "skipped" if result.skipped else "passed" if result.wasSuccessful() else "did not pass"


def main():
    name, path, seconds = sys.argv[1], pathlib.Path(sys.argv[2]), float(sys.argv[3])
    faulthandler.enable(open(path.with_suffix(".fault"), "w"))
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    warnings.simplefilter("ignore")
    from . import intercept, journal

    past = journal.Read(path)
    writer = journal.Journal(path)
    harness = intercept.Harness(writer, past.open_cases())
    for key, record in past.cases.items():
        harness.cases[key] = {"calls": 0, "status": record["status"]}
    intercept.mark_extensions()
    module = importlib.import_module(f"numba.tests.test_{name}")
    module.exec = recording_exec
    intercept.install(harness)
    subprocess.Popen = no_processes
    clock = Clock(seconds, writer)
    output = open(os.devnull, "w")
    sys.stdout = sys.stderr = output
    done = dict(past.tests)
    for test in tests_of(unittest.defaultTestLoader.loadTestsFromModule(module)):
        identity = test.id()
        if identity in done:
            continue
        done[identity] = None
        harness.test = identity.partition(".tests.")[2] or identity
        writer.write(started=identity)
        clock.start(identity)
        random.seed(0)
        harness.thorough = harness.suspected = False
        ended = run(test, harness)
        if ended == "did not pass" or harness.suspected:
            # What Python gave was not what the test needs to go on, or numbra seems to be wrong: once more with numba.
            writer.write(test=identity, again=True)
            clock.start(identity)
            harness.thorough = True
            ended = run(type(test)(test._testMethodName), harness)
        writer.write(test=identity, ended=ended)
        sys.stdout = sys.stderr = output
    clock.stop()
    writer.write(finished=True)
    os._exit(0)


if __name__ == "__main__":
    main()
