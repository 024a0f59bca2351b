import type { SlipwayError } from '../report';
import { quote } from './quote';
import { isDigest } from './reference';

/** What a builder's own metadata file says about one image. */
export interface Metadata {
  readonly kind: 'buildx' | 'jib';
  /** The image under each of its names; with or without tags. */
  readonly names: readonly string[];
  /** Of the manifest or index that the builder made. */
  readonly digest?: string;
}

/** Makes the error about the file: why, what to do, and what it came from. */
export type Fault = (
  why: string,
  hint: string,
  cause?: unknown,
) => SlipwayError;

type Json = Readonly<Record<string, unknown>>;

const SHAPES =
  'Files of buildx --metadata-file and of Jib (jib-image.json) are read; of anything else write the ref alone.';

/** @throws what `fault` makes, when the shape is none of those we know */
export function readMetadata(text: string, fault: Fault): Metadata {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw fault('it begins like JSON and is none', SHAPES, error);
  }
  if (isObject(value)) {
    if (isJib(value)) return readJib(value, fault);
    if (isBuildx(value)) return readBuildx(value, fault);
    const targets = Object.entries(value).filter(([, inner]) =>
      isBuildx(inner),
    );
    const [target, another] = targets;
    if (another) {
      const names = targets.slice(0, 5).map(([name]) => quote(name));
      throw fault(
        `bake built several targets: ${names.join(', ')}`,
        'Name one target: docker buildx bake TARGET.',
      );
    }
    if (target) return readBuildx(target[1] as Json, fault);
  }
  throw fault('it is JSON of a shape that no builder we know writes', SHAPES);
}

/**
 * ImageMetadataOutput.java of Jib: `image`, `imageId`, `imageDigest`, `tags`,
 * all required. `imageId` is the digest of the config.
 */
function isJib(value: Json): boolean {
  return 'image' in value && 'imageDigest' in value;
}

function readJib({ image, imageDigest }: Json, fault: Fault): Metadata {
  if (typeof image !== 'string') {
    throw fault('"image" in it is no text', SHAPES);
  }
  // Jib writes `latest` only when nothing follows (ImageReference.toString).
  const rest = image.slice(image.lastIndexOf('/') + 1);
  const name = /[:@]/.test(rest) ? image : `${image}:latest`;
  return {
    kind: 'jib',
    names: [name],
    digest: digestOf(imageDigest, 'imageDigest', fault),
  };
}

const NAME = 'image.name';
const DIGEST = 'containerimage.digest';
const CONFIG_DIGEST = 'containerimage.config.digest';

function isBuildx(value: unknown): boolean {
  return isObject(value) && (NAME in value || DIGEST in value);
}

/** The exporter's answer, as `docker buildx build --metadata-file` writes it. */
function readBuildx(value: Json, fault: Fault): Metadata {
  const name = value[NAME];
  if (typeof name !== 'string' || name.trim() === '') {
    throw fault(
      `the image has no name in it ("${NAME}")`,
      'Build with -t "$REF", or write the ref alone.',
    );
  }
  const names = name.split(',').map((part) => part.trim());
  const digest = digestOf(value[DIGEST], DIGEST, fault);
  // Docker's own image store answers with the image id in both places (moby's
  // mobyexporter): no registry has a manifest of that digest.
  const isId = digest === value[CONFIG_DIGEST];
  return { kind: 'buildx', names, digest: isId ? undefined : digest };
}

/** Absent is fine: an exporter without a registry may have none. */
function digestOf(
  value: unknown,
  field: string,
  fault: Fault,
): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'string' && isDigest(value)) return value;
  throw fault(`"${field}" in it is no digest`, SHAPES);
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
