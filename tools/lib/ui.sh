# Messages and steps. On a terminal a step is one line that counts its seconds; elsewhere it is one plain line when it
# begins and one when it ends. What a step prints goes to a log file, whose end is shown when the step fails.
# Sourced by tools/run and tools/test; ROOT is the checkout.

LOGS="$ROOT/target/logs"

if [ -t 2 ]; then TERMINAL=1; else TERMINAL=0; fi

say() { printf '%s\n' "$*" >&2; }

# fail MESSAGE...: one line each, then exit 1.
fail() {
    printf 'numbra: %s\n' "$1" >&2
    shift
    local line
    for line in "$@"; do printf '    %s\n' "$line" >&2; done
    exit 1
}

# step NAME LABEL COMMAND...: runs the command, keeps its output in target/logs/NAME.log; returns its exit status.
step() {
    local name=$1 label=$2
    shift 2
    mkdir -p "$LOGS"
    local log="$LOGS/$name.log" began=$SECONDS status=0
    if [ "$TERMINAL" = 1 ]; then
        "$@" >"$log" 2>&1 </dev/null &
        local pid=$! last
        trap 'kill "$pid" 2>/dev/null; printf "\n" >&2; exit 130' INT TERM
        while kill -0 "$pid" 2>/dev/null; do
            last=$(tail -n 1 "$log" 2>/dev/null | tr -d '\r' | tr -c '[:print:]' ' ' | cut -c1-$((${COLUMNS:-80} - 24 > 10 ? ${COLUMNS:-80} - 24 : 10)))
            printf '\r\033[K%s (%d s) %s' "$label" $((SECONDS - began)) "${last:+| $last}" | cut -c1-"${COLUMNS:-80}" | tr -d '\n' >&2
            sleep 0.2
        done
        trap - INT TERM
        wait "$pid" || status=$?
        printf '\r\033[K' >&2
    else
        say "$label ..."
        "$@" >"$log" 2>&1 </dev/null || status=$?
    fi
    if [ "$status" = 0 ]; then
        say "$label: done in $((SECONDS - began)) s"
    else
        say "$label: failed with status $status; the end of target/logs/$name.log:"
        tail -n 40 "$log" | sed 's/^/    /' >&2
    fi
    return "$status"
}
