import { SlipwayError, oneLine } from '../../report';
import type { ContainerPlace } from '../types';

/** Why a container took no update. */
export interface Trouble {
  /** `tar failed` */
  readonly what: string;
  /** What was said of it. */
  readonly words: string;
  readonly exitCode?: number;
  readonly cause?: unknown;
}

interface Advice {
  readonly when: RegExp;
  /** Of an exit code. */
  readonly exitCode?: number;
  /** What is known to be behind it; undefined: the words say it. */
  readonly why?: string;
  readonly hint: string;
}

const NO_SHELL_HINT =
  'Give the image of development a shell and tar (a base with busybox, the :debug tags of distroless), or set helperImage to one that has them.';

const NO_SHELL =
  /exec: "sh": (?:executable file not found|stat .*no such file)|"sh": no such file/;

/** @param words of the kubelet */
export function isShellless(words: string): boolean {
  return NO_SHELL.test(words);
}

/**
 * In the words of GNU, busybox and BSD tools, of shells, of the kubelet and of
 * the API server; the first that fits counts.
 */
const TABLE: readonly Advice[] = [
  {
    when: /pods\/exec.* is forbidden|cannot (?:create|get) resource "pods\/exec"|you may not (?:create|get) pods\/exec/,
    hint: 'A Role needs the rule { apiGroups: [""], resources: ["pods/exec"], verbs: ["create", "get"] }.',
  },
  {
    when: NO_SHELL,
    why: 'its image has no shell',
    hint: NO_SHELL_HINT,
  },
  {
    when: /(?:head|tar|mv|rm|mkdir|wc|cat|chmod|ln): (?:command )?not found|^no (?:head|wc|cat|mv|rm|mkdir)/m,
    why: 'its image lacks a tool that is needed',
    hint: 'Install coreutils and tar in the image, or take a base that has busybox.',
  },
  {
    when: /[Rr]ead-only file system/,
    why: 'the file system may not be written',
    hint: 'Mount an emptyDir where the sync goes (and have initialSync fill it), or set readOnlyRootFilesystem: false for development.',
  },
  {
    when: /[Pp]ermission denied|[Oo]peration not permitted|[Uu]nwilling to/,
    why: 'the user of the container may not write there',
    hint: 'Have the image give the folder to that user (RUN chown, COPY --chown; WORKDIR makes folders that are of root), or run the container as another (securityContext.runAsUser).',
  },
  {
    // Busybox has no other word for it.
    when: /[Nn]o space left|[Dd]isk quota exceeded|standard output: I\/O error/,
    why: 'there is no space left',
    hint: 'Raise the ephemeral-storage limit of the container or the sizeLimit of its volume, or free space on its node.',
  },
  {
    when: /[Tt]ext file busy/,
    why: 'it runs, and its folder lets it not be replaced',
    hint: 'Have the image give the folder to the user of the container: a file that runs can be replaced, not written over.',
  },
  {
    when: /[Dd]evice or resource busy/,
    why: 'something is mounted there',
    hint: 'Mount the folder in its stead, without subPath.',
  },
  {
    when: /[Cc]annot fork|Out of memory|[Cc]annot allocate memory|Resource temporarily unavailable/,
    why: 'it may have no more processes, or no more memory',
    hint: 'Raise the limits of the container for development: resources.limits.memory, and the limit of processes (podPidsLimit of the kubelet).',
  },
  {
    when: /^/,
    exitCode: 137,
    why: 'it was killed',
    hint: 'Mostly the container has reached its memory limit: raise resources.limits.memory for development. Or it was ended meanwhile.',
  },
  {
    when: /pods\/ephemeralcontainers.* is forbidden|cannot patch resource "pods\/ephemeralcontainers"/,
    hint: 'A Role needs the rule { apiGroups: [""], resources: ["pods/ephemeralcontainers"], verbs: ["patch"] }.',
  },
  {
    when: /shareProcessNamespace is set|hostPID is set/,
    hint: NO_SHELL_HINT.replace(/,[^,]*$/, '.'),
  },
  {
    when: /^a link leads to/,
    why: 'a helper cannot follow it',
    hint: 'Have the sync go to where the link leads.',
  },
  {
    when: /too many open files|[Nn]o file descriptors available/i,
    why: 'it may open no more files',
    hint: 'Raise the limit of open files of the container.',
  },
];

const OTHERWISE =
  'Try it by hand with `kubectl exec`; leave liveUpdate out of the image if it cannot be helped.';

/** @returns SLIPWAY_E_LIVE_UPDATE, with what to do about it as far as known */
export function transferError(
  { pod, container, namespace }: ContainerPlace,
  { what, words, exitCode, cause }: Trouble,
): SlipwayError {
  const advice = TABLE.find(
    (each) =>
      each.when.test(words) &&
      (each.exitCode === undefined || each.exitCode === exitCode),
  );
  const said = oneLine(words).replace(/\.$/, '');
  const code = exitCode ? ` (exit code ${exitCode})` : '';
  const why = advice?.why ? `, ${advice.why}` : '';
  return new SlipwayError({
    code: 'SLIPWAY_E_LIVE_UPDATE',
    message: `the container ${container} of the pod ${namespace}/${pod} took no update: ${what}${why}${code}${said === '' ? '' : `: ${said}`}.`,
    hint: advice?.hint ?? OTHERWISE,
    cause,
  });
}
