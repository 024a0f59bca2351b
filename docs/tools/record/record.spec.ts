import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY } from '../page';
import { segmentsOf } from './ansi';
import { svgOf } from './svg';
import { tidied } from './tidy';

const ESC = '\u001b[';

describe('segmentsOf', () => {
  it('tells colours, bold and dim, and where each piece stands', () => {
    const line = `a ${ESC}1m${ESC}32mb${ESC}39m c${ESC}0m${ESC}90md${ESC}K`;
    expect(segmentsOf(line)).toEqual([
      { text: 'a ', column: 0, isBold: false, isDim: false },
      { text: 'b', column: 2, isBold: true, isDim: false, color: 'green' },
      { text: ' c', column: 3, isBold: true, isDim: false },
      { text: 'd', column: 5, isBold: false, isDim: true },
    ]);
  });
});

describe('tidied', () => {
  const at = (time: number, text: string) => ({ at: time, text });
  const tidy = (...texts: string[]) =>
    tidied(
      texts.map((text) => at(0, text)),
      20,
      [['here:1', 'localhost:5000']],
    ).map(({ text }) => text);

  it('leaves out what builds print, and empty lines', () => {
    const build = `${ESC}2mfrontend | step 1${ESC}0m`;
    expect(tidy(build, '', 'up to date')).toEqual(['up to date']);
  });

  it('names what is another here, and shortens digests', () => {
    const digest = `sha256:${'0123abcd'.repeat(8)}`;
    expect(tidy('here:1/a')).toEqual(['localhost:5000/a']);
    expect(tidy(digest)).toEqual(['sha256:0123abcd…']);
  });

  it('cuts lines, and never their colours', () => {
    const line = `${ESC}32m${'x'.repeat(15)}${ESC}0m${'y'.repeat(15)}${ESC}0m`;
    expect(tidy(line)).toEqual([
      `${ESC}32m${'x'.repeat(15)}${ESC}0myyyy…${ESC}0m`,
    ]);
  });

  it('keeps times, but for long waits', () => {
    const lines = [at(10, 'a'), at(30, 'b'), at(60_000, 'c'), at(60_001, 'd')];
    expect(tidied(lines, 20, []).map((line) => line.at)).toEqual([
      10, 30, 1630, 1631,
    ]);
  });
});

describe('svgOf', () => {
  const svg = svgOf(
    [
      { at: 0, text: '$ a' },
      { at: 500, text: `${ESC}32m<b> & "c"${ESC}0m` },
    ],
    'A title',
  );

  it('has all lines, with nothing in them that XML takes for its own', () => {
    expect(svg).toContain('>$ a</tspan>');
    expect(svg).toContain('class="green">&#60;b&#62; &#38; &#34;c&#34;<');
  });

  it('shows a line from its time on, where motion is wanted', () => {
    const [, animated = ''] = svg.split(
      '@media (prefers-reduced-motion:no-preference)',
    );
    expect(animated).toContain('@keyframes k1{0%{visibility:hidden}7.69%');
    expect(svg).not.toContain('@keyframes k0');
  });
});

describe('docs/images/loop.svg', () => {
  const svg = readFileSync(join(REPOSITORY, 'docs/images/loop.svg'), 'utf8');

  it('tells of a build and of a live update', () => {
    expect(svg).toContain('an image is built');
    expect(svg).toContain('changed, syncing');
    expect(svg).toContain('1 file in 1 container');
    expect(svg.match(/up to date/g)).not.toHaveLength(0);
  });

  it('is small, and tells nothing of the machine it was made on', () => {
    expect(svg.length).toBeLessThan(60_000);
    expect(svg).not.toMatch(/\/(?:root|home|work|tmp|Users)\//);
    expect(svg).not.toMatch(
      /slipway-sandbox|registry\.slipway|localhost:(?!5000\b|8088\b)\d/,
    );
  });
});
