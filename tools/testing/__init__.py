"""The test runner behind `tools/test`: runs the suites, one summary line each. Standard library only."""
