import { SlipwayError } from '../report';

/** What an image is built for: `linux/amd64`, `linux/arm/v7`. */
export interface Platform {
  readonly os: string;
  readonly architecture: string;
  readonly variant?: string;
}

const PART = /^[a-z0-9][a-z0-9._-]*$/;

/** @throws SLIPWAY_E_OPTION_INVALID if `text` is not `os/arch[/variant]` */
export function parsePlatform(text: string): Platform {
  const parts = text.split('/');
  const [os = '', architecture = '', variant] = parts;
  if (
    parts.length < 2 ||
    parts.length > 3 ||
    !parts.every((p) => PART.test(p))
  ) {
    throw new SlipwayError({
      code: 'SLIPWAY_E_OPTION_INVALID',
      message: `platform "${text}" is not of the form os/arch[/variant].`,
      hint: 'For example linux/amd64, linux/arm64 or linux/arm/v7.',
    });
  }
  return { os, architecture, variant };
}

export function formatPlatform({
  os,
  architecture,
  variant,
}: Platform): string {
  return variant ? `${os}/${architecture}/${variant}` : `${os}/${architecture}`;
}

/** Go's names, which images use, for Node's names of processors. */
const GO_ARCHITECTURE: Readonly<Record<string, string>> = {
  x64: 'amd64',
  ia32: '386',
  arm64: 'arm64',
  arm: 'arm',
  ppc64: 'ppc64le',
  s390x: 's390x',
  riscv64: 'riscv64',
  loong64: 'loong64',
};

/**
 * What a build command builds when nobody says otherwise: Linux, since that is
 * what container engines on macOS and Windows run too, on this processor.
 * @param arch as `process.arch` gives it
 */
export function hostPlatform(arch: string): Platform {
  return { os: 'linux', architecture: GO_ARCHITECTURE[arch] ?? arch };
}

/**
 * Whether an image of platform `image` is what `wanted` asks for. A variant
 * that one side does not name is not compared: `arm64` images are written both
 * with and without `v8`.
 */
export function matchesPlatform(image: Platform, wanted: Platform): boolean {
  return (
    image.os === wanted.os &&
    image.architecture === wanted.architecture &&
    (!image.variant || !wanted.variant || image.variant === wanted.variant)
  );
}
