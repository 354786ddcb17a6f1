"""The measuring side of a worker process."""
import json
import subprocess

from . import packages


class WorkerError(Exception):
    """The worker could not do what it was asked."""


class WorkerProcess:
    """A running worker of one package."""

    def __init__(self, package, worker="worker"):
        self.package = package
        self.process = subprocess.Popen([package.python, "-m", f"benchmarks.{worker}", package.name], env=packages.environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, **request):
        """The answer's value; raises WorkerError."""
        try:
            self.process.stdin.write(json.dumps(request) + "\n")
            self.process.stdin.flush()
            line = self.process.stdout.readline()
        except BrokenPipeError:
            line = ""
        if not line:
            raise WorkerError(f"the process of {self.package.name} ended with status {self.process.wait()}")
        answer = json.loads(line)
        if "error" in answer:
            raise WorkerError(f"{self.package.name}: {answer['error']}")
        return answer["value"]

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def probe(package, module="latency_probe", *arguments):
    """Times of one fresh process."""
    run = subprocess.run([package.python, "-m", f"benchmarks.{module}", package.name, *arguments], env=packages.environment(), capture_output=True, text=True)
    if run.returncode:
        raise WorkerError(f"{package.name}: {run.stderr.strip().splitlines()[-1] if run.stderr.strip() else run.returncode}")
    return json.loads(run.stdout)
