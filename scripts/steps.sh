# shellcheck shell=bash
# Steps with headings, for ./test and .ci/run (sourced). A step is one command under a heading with the
# seconds since the start; the first step that fails ends the run with its name and a non-zero exit code.
# Colours on a terminal only.

if [[ -t 1 ]]; then
    bold=$'\e[1m' green=$'\e[32m' red=$'\e[31m' plain=$'\e[0m'
    export CARGO_TERM_COLOR=${CARGO_TERM_COLOR:-always}
else
    bold='' green='' red='' plain=''
    export NO_COLOR=1 CARGO_TERM_COLOR=never
fi

step_pid=''
step_name='the start'
# A file that always holds the process group of the latest step, for whoever has to clear up after a killed run.
step_record=/dev/null

# say WORD...: a line of the run itself, told apart from what its steps print.
say() { printf '%s==> [%4d s] %s%s\n' "$bold" "$SECONDS" "$*" "$plain"; }

# complain WORD...: what went wrong and what to do about it.
complain() { printf '%s%s%s\n' "$red" "$*" "$plain" >&2; }

# heading NAME: opens a step whose commands run in this shell, because they set variables.
heading() {
    step_name=$1
    say "$1"
}

# step NAME COMMAND...: runs the command in a process group of its own, so that a signal to the
# run is acted on at once and reaches everything the step has started.
step() {
    local code=0
    heading "$1"
    shift
    set -m
    "$@" </dev/null &
    step_pid=$!
    set +m
    echo "$step_pid" >"$step_record"
    wait "$step_pid" || code=$?
    step_pid=''
    return "$code"
}

# stop_step: ends the step that is running, if one is.
stop_step() {
    [[ -z $step_pid ]] && return 0
    kill -TERM -- "-$step_pid" 2>/dev/null || true
    wait "$step_pid" 2>/dev/null || true
    step_pid=''
}

# stop_on_signals: turns an interruption into an ordinary failing exit, which the EXIT trap cleans up after.
stop_on_signals() {
    trap 'stop_step; exit 130' INT
    trap 'stop_step; exit 143' TERM HUP
}

# conclude CODE: the last word of a run.
conclude() {
    if (($1 == 0)); then
        printf '%s==> [%4d s] all steps passed%s\n' "$bold$green" "$SECONDS" "$plain"
    else
        printf '%s==> [%4d s] failed: %s (exit code %d)%s\n' "$bold$red" "$SECONDS" "$step_name" "$1" "$plain"
    fi
}
