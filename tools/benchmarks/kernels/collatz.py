"""The start below n with the longest Collatz sequence: integer division and branches that nobody predicts."""


def collatz(n):
    longest = 0
    best = 1
    for start in range(1, n):
        value = start
        steps = 0
        while value != 1:
            if value % 2 == 0:
                value = value // 2
            else:
                value = 3 * value + 1
            steps += 1
        if steps > longest:
            longest = steps
            best = start
    return best


FUNCTIONS = ["collatz"]
RETURNS = "int"


def arguments(full):
    return (60_000 if full else 200,)
