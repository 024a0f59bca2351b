import { canonicalName, parseReference, referenceIn } from '../../../image';
import { quoted } from '../values';
import type { Dockerfile, Image } from './types';

const FROM = /^\s*FROM\s+(?:--\S+\s+)*(\S+)(?:\s+AS\s+(\S+))?\s*$/i;
const ARG = /^\s*ARG\s+(\w+)(?:=(\S*))?\s*$/i;
const VARIABLE = /^\$\{?(\w+)\}?$/;

/** An image of the Tiltfile that a Dockerfile begins with. */
interface Base {
  readonly ref: string;
  /** As the Dockerfile names it. */
  readonly from: string;
  /** The argument that names it there. */
  readonly argument?: string;
}

/**
 * Tilt puts the refs of its own images into a Dockerfile on the way. Here the
 * command gives the base the name that the Dockerfile has for it.
 */
export function withBases(
  image: Image,
  refs: readonly string[],
  read: (path: string) => string | undefined,
): Image {
  const { dockerfile } = image;
  const { command } = image.options;
  if (!dockerfile || typeof command !== 'string') return image;
  const text = dockerfile.text ?? read(dockerfile.path) ?? '';
  const bases = basesIn(text, dockerfile, refs).filter(
    ({ ref }) => ref !== image.ref,
  );
  if (bases.length === 0) return image;
  const imageDeps = [...new Set(bases.map(({ ref }) => ref))];
  let built = command;
  const before: string[] = [];
  for (const { ref, from, argument } of bases) {
    const variable = `$SLIPWAY_IMAGE_${imageDeps.indexOf(ref)}`;
    if (argument) {
      const given = new RegExp(` --build-arg '?${argument}=[^ ]*`);
      const flag = ` --build-arg ${argument}=${variable}`;
      built = given.test(built)
        ? built.replace(given, () => flag)
        : built.replace('-t $EXPECTED_REF', (tag) => `${tag}${flag}`);
    } else {
      before.push(
        `{ docker image inspect ${variable} || docker pull ${variable}; } > /dev/null && docker tag ${variable} ${quoted(from)} && `,
      );
    }
  }
  return {
    ...image,
    imageDeps: [...image.imageDeps, ...imageDeps],
    options: { ...image.options, command: `${before.join('')}${built}` },
    notes: [
      ...image.notes,
      `it begins with ${imageDeps.join(', ')}: the command gives it that image, for no Dockerfile is changed on the way`,
    ],
  };
}

function basesIn(
  text: string,
  { buildArgs }: Dockerfile,
  refs: readonly string[],
): Base[] {
  const args = new Map<string, string>();
  const stages = new Set<string>();
  const bases = new Map<string, Base>();
  for (const line of text.split(/\r?\n/)) {
    const [, name, value = ''] = ARG.exec(line) ?? [];
    if (name && stages.size === 0) args.set(name, buildArgs[name] ?? value);
    const [, written, stage] = FROM.exec(line) ?? [];
    if (!written) continue;
    const argument = VARIABLE.exec(written)?.[1];
    const from = argument ? (args.get(argument) ?? '') : written;
    const ref = stages.has(from)
      ? undefined
      : refs.find((each) => isSame(each, from));
    if (ref) bases.set(from, { ref, from, ...(argument && { argument }) });
    // One without a name is no base of others, and ends the first ARGs all the same.
    stages.add(stage ?? `:${stages.size}`);
  }
  return [...bases.values()];
}

/** By name; a digest is somebody's very image, and not ours. */
function isSame(ref: string, from: string): boolean {
  const reference = referenceIn(from);
  if (!reference || reference.digest || !referenceIn(ref)) return false;
  return canonicalName(parseReference(ref)) === canonicalName(reference);
}
