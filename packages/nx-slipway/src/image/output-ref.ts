import { SlipwayError } from '../report';
import { readMetadata, type Fault, type Metadata } from './builder-metadata';
import { quote } from './quote';
import {
  formatReference,
  parseReference,
  type ImageReference,
} from './reference';

/** The ref in the file of `outputsImageRefTo`. */
export interface OutputRef {
  /** With a tag, a digest or both. */
  readonly ref: ImageReference;
  /**
   * Who wrote it. The digest in `buildx` and `jib` files is that of the
   * manifest the builder made: when the image was only loaded into Docker, no
   * registry need know it, and a push by Docker makes another.
   */
  readonly kind: 'text' | Metadata['kind'];
}

/** As `docker build --iidfile` and `docker images --no-trunc` write it. */
const BARE_DIGEST = /^sha(?:256|384|512):[0-9a-f]+$/;
/** No file of one ref is larger; buildx's with all its provenance may be. */
export const MAX_OUTPUT_REF_BYTES = 64 * 1024;

/**
 * Reads what a command left in the file of `outputsImageRefTo`: a ref, alone or
 * repeated, one a line (`ko --image-refs`); the `--metadata-file` of buildx
 * build or bake; or Jib's `jib-image.json`. White space, CRLF, blank lines and
 * a byte order mark around refs are fine.
 * @param where the file, for messages
 * @throws SLIPWAY_E_OUTPUT_REF saying what else the file holds
 */
export function parseOutputRef(text: string, where: string): OutputRef {
  const fault: Fault = (why, hint, cause) =>
    new SlipwayError({
      code: 'SLIPWAY_E_OUTPUT_REF',
      message: `${where} holds no image ref that can be deployed: ${why}.`,
      hint,
      cause,
    });
  if (Buffer.byteLength(text) > MAX_OUTPUT_REF_BYTES) {
    throw fault(
      'it is larger than 64 KiB',
      'Write the ref alone; for buildx, BUILDX_METADATA_PROVENANCE=disabled keeps the metadata file small.',
    );
  }
  if (text.includes('\0')) {
    throw fault(
      'it is not UTF-8 text',
      'In Windows PowerShell write it with Set-Content -Encoding utf8, since > writes UTF-16.',
    );
  }
  // Takes a byte order mark away, too.
  const trimmed = text.trim();
  // A bracket may begin an IPv6 address; all metadata are objects.
  const { kind, names, digest } = trimmed.startsWith('{')
    ? readMetadata(trimmed, fault)
    : { kind: 'text' as const, names: linesOf(trimmed), digest: undefined };
  const refs = names.map((name) => parse(name, fault));
  const [ref, ...others] = refs;
  if (!ref) {
    throw fault(
      'it is empty',
      'The command writes it when the image is built: echo "$ref" > $SLIPWAY_OUTPUT_REF_FILE.',
    );
  }
  const other = others.find((next) => !isSame(ref, next, kind));
  if (other) throw twoRefs(ref, other, fault);
  const whole = { ...ref, digest: ref.digest ?? digest };
  if (whole.tag === undefined && whole.digest === undefined) {
    throw fault(
      `${quote(formatReference(whole))} has no tag and no digest`,
      'Write name:tag, name@digest or both; a name alone would mean whatever is latest.',
    );
  }
  return { ref: whole, kind };
}

function linesOf(text: string): string[] {
  const lines = text.split(/[\r\n]+/).map((line) => line.trim());
  return lines.filter((line) => line !== '');
}

function parse(text: string, fault: Fault): ImageReference {
  // As a ref it would be a tag of an image named sha256.
  if (BARE_DIGEST.test(text)) {
    throw fault(
      `${quote(text)} is a digest or an image id without a name`,
      'Write name@digest; an image id (docker build --iidfile) is known to one Docker alone.',
    );
  }
  try {
    return parseReference(text);
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    throw fault(
      error.message.replace(/\.$/, ''),
      'The file holds the ref and nothing else: no log lines, no quotes.',
      error,
    );
  }
}

/** A builder's tags in one repository are one image; lines of text need not be. */
function isSame(
  a: ImageReference,
  b: ImageReference,
  kind: OutputRef['kind'],
): boolean {
  if (kind === 'text') return formatReference(a) === formatReference(b);
  return isSameRepository(a, b) && a.digest === b.digest;
}

function isSameRepository(a: ImageReference, b: ImageReference): boolean {
  return a.domain === b.domain && a.path === b.path;
}

function twoRefs(a: ImageReference, b: ImageReference, fault: Fault) {
  const why = `it holds two refs, ${quote(formatReference(a))} and ${quote(formatReference(b))}`;
  const byDigest = isSameRepository(a, b) && a.digest !== b.digest;
  return fault(
    why,
    byDigest
      ? // The recorder of ko walks the index, then each image in it.
        'ko --image-refs writes the index and each of its platforms: write what ko build prints instead, the index alone.'
      : 'Write one of them; a build with several images is several custom-build targets.',
  );
}
