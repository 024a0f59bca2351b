import { restartScript } from '../restart';
import { MARK, stagingName, type Receiver } from './receiver';

/** Without these it can do nothing; what else is missing it does without. */
export const NEEDED_TOOLS = ['head', 'wc', 'cat', 'mv', 'rm', 'mkdir'];
const TOOLS = [...NEEDED_TOOLS, 'tar', 'chmod', 'ln', 'rmdir'];

/**
 * What runs in a container: POSIX sh, for dash, bash and busybox alike. Of stdin
 * it takes one line of commands at a time, made of the functions below, and what
 * they read of it: at most one archive or one file, after which nothing may come
 * before it has answered, for `head -c` of busybox reads ahead. It answers `ok`.
 * Where a tool fails it says which and ends with its exit code: so all that the
 * tool has said is there when the command has ended.
 *
 * A receiver may be alive of which the connection has broken, with more to do of
 * what it was sent before: nothing else begins before it is dead.
 *
 * Folders come without a slash at their end: the root is the empty text.
 */
export function receiverProgram(receiver: Receiver): string {
  return `set -u
umask 022
LC_ALL=C
export LC_ALL
cd /
exec 3>&1 1>&2
mine=${stagingName(receiver.id)}
root=${receiver.root}
staged=
hop=
nl='
'
fail() {
  code=\${2-$?}
  echo "failed $1 $code" >&3
  cd /
  [ ! "$staged" ] || rm -rf -- "$staged" "\${hop:-$staged}"
  exit "$code"
}
real() {
  at=$2
  while [ "$at" != "$1" ]; do
    if [ -L "$at" ]; then return 1; fi
    at=\${at%/*}
  done
}
base() {
  if ! real "$root" "$1"; then
    echo "a link leads to \${1#"$root"}"
    fail link 1
  fi
}
dirs() {
  [ -d "$1/" ] || mkdir -p -- "$1/" || fail mkdir
  shift
  count=$#
  for at in "$@"; do
    if [ -L "$at" ] || [ ! -d "$at" ]; then
      if [ -L "$at" ] || [ -e "$at" ]; then rm -f -- "$at" || fail rm; fi
      set -- "$@" "$at"
    fi
  done
  shift "$count"
  [ $# = 0 ] || mkdir -- "$@" || fail mkdir
}
stage() {
  for at in "$1" /tmp /dev/shm "$1"; do
    near=
    if [ "$at" = "$1" ]; then near=1; fi
    staged=$at/$mine
    if [ -d "$at/" ] && [ -w "$at/" ]; then break; fi
  done
  if [ -L "$staged" ] || [ -e "$staged" ]; then rm -rf -- "$staged" || fail rm; fi
}
take() {
  stage "$1"
  mkdir -- "$staged" || fail mkdir
  [ "$2" = 0 ] || head -c "$2" | tar -xpmof - -C "$staged" || fail tar
}
takeone() {
  stage "$1"
  head -c "$2" >"$staged" || fail head
  [ $(wc -c <"$staged") = "$2" ] || fail short 1
  [ "$3" = 644 ] || chmod "$3" "$staged" || fail chmod
}
link() {
  [ -d "$staged/$1" ] || mkdir -- "$staged/$1" || fail mkdir
  ln -s -- "$3" "$staged/$1/$2" || fail ln
}
clear() {
  if [ -d "$1" ] || { [ -L "$1" ] && [ ! -e "$1" ]; }; then
    rm -rf -- "$1" || fail rm
  fi
}
over() {
  if [ -L "$1" ] || [ -L "$2" ] || [ ! -f "$2" ]; then
    mv -f -- "$1" "$2" || fail mv
    return
  fi
  cat <"$1" >"$2" || fail write
  if [ -x "$1" ]; then
    [ -x "$2" ] || chmod a+x -- "$2" || fail chmod
  elif [ -x "$2" ]; then
    chmod a-x -- "$2" || fail chmod
  fi
  rm -f -- "$1"
}
putone() {
  clear "$1/$2"
  [ "$near" ] && mv -f -- "$staged" "$1/$2" || over "$staged" "$1/$2"
}
into() {
  to=$1
  from=$staged/$2
  hop=
  if { [ ! "$near" ] || [ "$3" = far ]; } && [ -w "$to/" ]; then
    hop=$to/$mine
    if [ -e "$hop" ]; then rm -rf -- "$hop" || fail rm; fi
    mv -f -- "$from" "$hop" || fail mv
    from=$hop
  fi
  cd -- "$from" || fail cd
}
put() {
  for at in "$@"; do clear "$to/$at"; done
  { [ "$near$hop" ] && mv -f -- "$@" "$to/"; } ||
    for at in "$@"; do
      if [ -L "./$at" ] || [ -e "./$at" ]; then over "./$at" "$to/$at"; fi
    done
}
placed() {
  cd /
  [ ! "$hop" ] || rmdir -- "$hop" || fail rmdir
  hop=
}
clean() {
  rm -rf -- "$@" || fail rm
}
within() {
  folder=\${2%/*}
  [ "$folder" = "$within" ] || { real "$1" "$folder" && [ -d "$folder/" ]; } || return 1
  within=$folder
}
keep() {
  below=$1
  shift
  within=none
  kept=1
  for each in "$@"; do within "$below" "$each" || kept=; done
}
gone() {
  keep "$@"
  shift
  if [ "$kept" ]; then
    rm -rf -- "$@" || fail rm
    return
  fi
  for each in "$@"; do
    if within "$below" "$each"; then rm -rf -- "$each" || fail rm; fi
  done
}
bare() {
  keep "$@"
  shift
  if [ "$kept" ]; then
    rmdir -- "$@" 2>/dev/null
    return 0
  fi
  for each in "$@"; do
    if within "$below" "$each"; then rmdir -- "$each" 2>/dev/null; fi
  done
  return 0
}
restart() (
${restartScript}
)
for at in /proc/[0-9]*; do
  line=
  { IFS= read -r line <"$at/cmdline"; } 2>/dev/null
  case $line in
    *'${MARK} ${receiver.id} '*) ;;
    *) continue ;;
  esac
  other=\${line##* }
  if [ "$other" -gt ${receiver.ordinal} ]; then
    echo "after $other" >&3
    exit
  fi
  at=\${at#/proc/}
  [ "$at" = $$ ] || kill -KILL "-$at" 2>/dev/null || kill -KILL "$at" 2>/dev/null
done
if [ ! -d "$root/." ]; then
  while read -r key at line; do
    case $key in
      Uid:) uid=$at ;;
      Gid:) gid=$at ;;
    esac
  done </proc/1/status
  echo "user $uid:$gid" >&3
  exit
fi
for at in ${TOOLS.join(' ')}; do
  command -v "$at" >/dev/null 2>&1 || echo "missing $at" >&3
done
echo | head -c 1 >/dev/null || echo "missing head -c" >&3
at=/proc/self/mounts
if [ "$root" ]; then at=/proc/1/mounts; fi
if [ -r "$at" ]; then cat "$at" >&3; fi
echo ready >&3
while IFS= read -r line; do eval "$line"; done
`;
}
