import { createHash } from 'node:crypto';
import { SlipwayError } from '../../report';

/** A label of DNS that begins with a letter, RFC 1035: what a Service takes. */
const NAME = /^[a-z]([a-z0-9-]*[a-z0-9])?$/;
const LONGEST = 63;
const HASH = 8;

/**
 * The name of a project as Kubernetes takes it: `@acme/Web App` is
 * `acme-web-app`. One that is cut, or has no letter that may stay, ends in a
 * hash, so that two of them do not become one.
 */
export function objectName(project: string): string {
  const words = project.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  const slug = words.replace(/^-|-$/g, '');
  const name = /^[a-z]/.test(slug) ? slug : `app-${slug}`;
  if (slug !== '' && name.length <= LONGEST) return name;
  const kept = name.slice(0, LONGEST - HASH - 1).replace(/-+$/, '');
  return `${kept}-${hashOf(project)}`;
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, HASH);
}

/** @throws SLIPWAY_E_OPTION_INVALID for one that the cluster would refuse */
export function assertObjectName(name: string): void {
  if (NAME.test(name) && name.length <= LONGEST) return;
  throw new SlipwayError({
    code: 'SLIPWAY_E_OPTION_INVALID',
    message: `--name is "${name}", which Kubernetes takes for no Service`,
    hint: `At most ${LONGEST} lower-case letters, digits and dashes, the first a letter: ${objectName(name)}.`,
  });
}
