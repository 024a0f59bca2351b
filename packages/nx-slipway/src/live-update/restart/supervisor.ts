/** How a supervisor is asked for a restart: a signal that no program is sent. */
export const ASK = 45;

const MARK = ': nx-slipway supervisor';
/**
 * What shells read as the first line of its /proc/PID/cmdline: they skip the
 * zeros between arguments.
 */
export const LINE = `sh-c${MARK}`;

/** Variables that shells write themselves. */
const OWN_NAMES =
  'PWD | OLDPWD | SHLVL | _ | IFS | PPID | UID | EUID | GROUPS | OPTIND | RANDOM | SECONDS | LINENO | BASH* | SHELLOPTS';

/** Milliseconds that what a process has left running is given to end. */
const LEFT_MS = 1000;
const STEP_MS = 10;
const STEPS = LEFT_MS / STEP_MS;

/**
 * Runs its arguments, and again when it is asked to; ends as they end. It is
 * process 1 where the containers of a pod do not share their processes. It needs
 * a shell, and makes use of `env`, `tr`, `setsid`, `cat` and `sleep`.
 *
 * - What is started has the environment of the container, byte for byte: shells
 *   drop names like `spring.profiles.active`, and add PWD. These alone go by
 *   `env`: its arguments can be seen by who may not see an environment.
 * - It leads a session, as without us, so that the `kill 0` of a script does not
 *   reach us; on a terminal it cannot, that belongs to one session.
 * - Without a terminal shells have what runs beside them ignore INT and QUIT.
 *   GNU's `env` undoes that, and so does bash; on busybox only a program that
 *   asks for these signals gets them, and no trap of a script.
 * - A signal is lost on a fork of ours that has not become the program yet:
 *   until then it is kept in `caught`.
 * - `wait` ends when a signal comes, too, and then says nothing of the child.
 *   Asked again it does, or says 127 if it had done so.
 * - Descriptor 9 is the `stat` of what runs, for the restart to see, and is
 *   empty from when nothing will be started again.
 * - What the old process has left running would keep its port: its orphans, and
 *   who else is of its session, are told to end, and killed if they do not.
 */
export const SUPERVISOR = `${MARK}
exec 3<&0 4>&2 2>/dev/null
nl='
'
child= again= ending= caught=

forward() {
  case $1$again in
    TERM* | INT1 | QUIT1) ending=1; command exec 9</dev/null ;;
  esac
  if [ "$child" ]; then kill -"$1" "$child"; else caught="$caught $1"; fi
}
ask() {
  [ "$again$ending" ] && return
  again=1
  [ "$child" ] && kill -TERM "$child"
}
for each in HUP INT QUIT USR1 USR2 ALRM WINCH TERM; do
  trap "forward $each" "$each"
done
trap ask ${ASK}

mend() {
  pair= rest=$1
  while :; do
    case $rest in *"$soh"*) ;; *) break ;; esac
    pair=$pair\${rest%%"$soh"*}$nl rest=\${rest#*"$soh"}
  done
  pair=$pair$rest
}
soh=$(printf '\\001')
usable=
case $1 in *=*) ;; *) env -u PWD true && usable=1 ;; esac
if [ "$usable" ]; then
  set -f
  IFS=$nl
  for each in $(tr '\\n\\0' '\\001\\n' </proc/$$/environ); do
    case \${each%%=*} in
      *[!A-Za-z0-9_]* | [0-9]* | ${OWN_NAMES})
        mend "$each"
        set -- "$pair" "$@" ;;
    esac
  done
  unset IFS
  set +f
  how=
  env --default-signal=INT,QUIT true && how=--default-signal=INT,QUIT
  set -- env -u PWD -u OLDPWD -u SHLVL -u _ $how "$@"
fi
[ -t 0 ] || ! command -v setsid >/dev/null || set -- setsid "$@"

is_ours() {
  line=
  IFS= read -r line <"/proc/$1/cmdline"
  [ "$line" = '${LINE}' ]
}
await() {
  while :; do
    wait "$child"
    code=$?
    [ $code -gt 128 ] && [ -d "/proc/$child" ] || break
  done
  while wait "$child"; more=$?; [ $more -ne 127 ] && [ $more -ne $code ]; do
    code=$more
  done
}
find_left() {
  left=
  set -f
  IFS=$nl
  for each in $2; do
    IFS=' '
    set -- "$1" '' \${each##*) }
    each=\${each%% *}
    # Its state, its parent, its group, its session.
    case $3 in Z | X) continue ;; esac
    [ "$4" = $$ ] || [ "$5" = "$1" ] || [ "$6" = "$1" ] || continue
    [ -d "/proc/$each" ] && left="$left $each"
  done
  unset IFS
  set +f
}
clear_up() {
  told=' ' tries=0
  while [ $tries -lt ${2 * STEPS} ]; do
    find_left "$1" "$(cat /proc/[0-9]*/stat)"
    [ "$left" ] || return
    for each in $left; do
      if [ $tries -ge ${STEPS} ]; then kill -KILL "$each"; continue; fi
      case $told in *" $each "*) continue ;; esac
      kill -TERM "$each"
      told="$told$each "
    done
    tries=$((tries + 1))
    sleep ${STEP_MS / 1000} || tries=$((tries + ${STEPS / 2}))
  done
}

while :; do
  again=
  (
    trap - INT QUIT
    exec "$@" <&3 2>&4 3<&- 4>&- 9<&-
  ) &
  new=$! tries=0
  while is_ours $new; do
    tries=$((tries + 1))
    [ $tries -lt 100 ] || sleep ${STEP_MS / 1000}
  done
  child=$new
  for each in $caught; do kill -"$each" "$child"; done
  caught=
  [ "$again" ] && kill -TERM "$child"
  command exec 9<"/proc/$child/stat"
  [ "$ending" ] && command exec 9</dev/null
  await
  ended=$child child=
  [ "$again" ] && [ -z "$ending" ] || exit $code
  command exec 9<&-
  clear_up "$ended"
  [ -z "$ending" ] || exit $code
done
`;
