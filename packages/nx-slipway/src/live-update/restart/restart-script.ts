import { ASK, LINE } from './supervisor';

/** Milliseconds that a process is given to end. */
const GRACE_MS = 2000;
/** Milliseconds that all of it may take. */
const DEADLINE_MS = 10_000;
/** Milliseconds between two looks: most processes end at once. */
const SHORT_MS = 2;
const LONG_MS = 20;
/** Milliseconds that a look takes, with the start of a `sleep`. */
const START_MS = 1;

/**
 * Lines of sh that, run in a container, have its process start again, and wait
 * until the new one is started. They print nothing, and read nothing. Their exit
 * code is 0, or they say on stderr why not.
 *
 * The supervisor is process 1, or, where the containers of a pod share their
 * processes, the one with our files: one mount namespace is one container. It
 * has its process end, and who asks has it killed if it does not: no timer need
 * outlive its use. Whoever sees another process than at first is done, whoever
 * had asked: it was started since, with all files that are there.
 */
export const restartScript = `(
  exec 4>&2 2>/dev/null </dev/null
  fail() { echo "$1" >&4; exit 1; }
  is_ours() {
    line=
    IFS= read -r line <"$1/cmdline"
    [ "$line" = '${LINE}' ]
  }
  parent_of() {
    stat=
    IFS= read -r stat <"$1/stat"
    set -- \${stat##*) } - -
    parent=/proc/$2
  }
  look() {
    [ -d "$own" ] || fail 'the process has ended, and its container with it'
    [ "$own/fd/9" -ef /dev/null ] && fail 'the container is being stopped'
    stat=
    IFS= read -r stat <"$own/fd/9"
    now=\${stat%% *}
  }
  pause() {
    [ $spent -lt ${DEADLINE_MS} ] || fail 'the process has not started again within ${DEADLINE_MS / 1000} s'
    ms=${SHORT_MS} s=${SHORT_MS / 1000}
    [ $spent -lt ${5 * LONG_MS} ] || { ms=${LONG_MS} s=${LONG_MS / 1000}; }
    sleep $s || { ms=1000; sleep 1; } || ms=0
    spent=$((spent + ms + ${START_MS}))
  }

  own= spent=0
  if is_ours /proc/1; then
    own=/proc/1
  else
    for each in /proc/[0-9]*; do
      [ "$each/ns/mnt" -ef /proc/self/ns/mnt ] && is_ours "$each" || continue
      parent_of "$each"
      is_ours "$parent" || { own=$each; break; }
    done
  fi
  [ "$own" ] || fail 'no process here was started by nx-slipway serve'
  look
  while [ -z "$now" ]; do pause; look; done
  old=$now spent=0
  kill -${ASK} "\${own#/proc/}" || fail 'the process may not be sent a signal'
  while [ -z "$now" ] || [ "$now" = "$old" ]; do
    [ $spent -ge ${GRACE_MS} ] && [ "$now" ] && kill -KILL "$now"
    pause
    look
  done
)`;
