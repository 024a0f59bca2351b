import { slipwayError } from '../testing/slipway-error';
import {
  formatPlatform,
  hostPlatform,
  matchesPlatform,
  parsePlatform,
} from './platform';

describe('parsePlatform', () => {
  it.each(['linux/amd64', 'linux/arm/v7', 'windows/amd64', 'linux/386'])(
    'reads %s and writes it back',
    (text) => expect(formatPlatform(parsePlatform(text))).toBe(text),
  );

  it.each([
    '',
    'linux',
    'linux/',
    '/amd64',
    'linux/arm/',
    'linux/arm/v7/x',
    'Linux/amd64',
    'linux/amd64\n',
    'linux /amd64',
  ])('refuses %j', (text) => {
    expect(() => parsePlatform(text)).toThrow(
      slipwayError('SLIPWAY_E_OPTION_INVALID'),
    );
  });
});

describe('hostPlatform', () => {
  it.each([
    ['x64', 'linux/amd64'],
    ['arm64', 'linux/arm64'],
    ['ia32', 'linux/386'],
    ['ppc64', 'linux/ppc64le'],
    ['riscv64', 'linux/riscv64'],
    ['mips', 'linux/mips'],
  ])('names the processor %s as images do', (arch, wanted) => {
    expect(formatPlatform(hostPlatform(arch))).toBe(wanted);
  });
});

describe('matchesPlatform', () => {
  it.each([
    ['linux/amd64', 'linux/amd64', true],
    ['linux/arm64/v8', 'linux/arm64', true],
    ['linux/arm64', 'linux/arm64/v8', true],
    ['linux/arm/v6', 'linux/arm/v7', false],
    ['linux/arm64', 'linux/amd64', false],
    ['windows/amd64', 'linux/amd64', false],
  ])('says of an image for %s where %s is wanted: %s', (image, wanted, is) => {
    expect(matchesPlatform(parsePlatform(image), parsePlatform(wanted))).toBe(
      is,
    );
  });
});
