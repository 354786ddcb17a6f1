"""Python itself: functions of `builtins`, `math`, `cmath`, `operator` and `itertools`, and methods of numbers, strings and bytes."""
