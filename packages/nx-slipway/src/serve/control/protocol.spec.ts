import fc from 'fast-check';
import { slipwayError } from '../../testing/slipway-error';
import { answerTo, formatRequest, parseReply } from './protocol';
import { recordingControls } from './testing/recording-controls';

function serveOf(...images: string[]) {
  const asked: string[] = [];
  const controls = recordingControls(images, (line) => asked.push(line));
  return {
    asked,
    answer: (line: string) => parseReply(answerTo(line, controls)),
  };
}

describe('what a serve answers', () => {
  it('is how it stands after what it was asked to do', () => {
    const { asked, answer } = serveOf('api');
    const pause = answer(formatRequest({ ask: 'pause' }));
    expect(pause).toMatchObject({ status: { isPaused: true } });
    const resume = answer(formatRequest({ ask: 'resume' }));
    expect(resume).toMatchObject({ status: { isPaused: false } });
    answer(formatRequest({ ask: 'trigger', image: 'api' }));
    answer(formatRequest({ ask: 'trigger' }));
    answer(formatRequest({ ask: 'status' }));
    expect(asked).toEqual(['pause', 'resume', 'trigger api', 'trigger all']);
  });

  it('is an error for an image that it does not serve', () => {
    const request = formatRequest({ ask: 'trigger', image: 'apu' });
    expect(serveOf('api').answer(request)).toEqual({
      fault: {
        code: 'SLIPWAY_E_USAGE',
        message: expect.stringContaining('apu') as string,
        hint: 'Did you mean api?',
      },
    });
  });

  it.each([
    '',
    'status',
    'null',
    '[]',
    '{}',
    '{"ask":"status"}',
    '{"protocol":2,"ask":"status"}',
    '{"protocol":1,"ask":"stop"}',
    '{"protocol":1,"ask":"__proto__"}',
    '{"protocol":1,"ask":"trigger","image":7}',
    '{"protocol":1,"ask":"trigger","image":["api"]}',
  ])('is an error for %s', (line) => {
    const { asked, answer } = serveOf('api');
    expect(answer(line)).toMatchObject({
      fault: { code: 'SLIPWAY_E_NO_SERVE' },
    });
    expect(asked).toEqual([]);
  });

  it('is one line, whatever it was asked', () => {
    const anything = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.json(),
      fc
        .record({
          protocol: fc.constant(1),
          ask: fc.string(),
          image: fc.string(),
        })
        .map((request) => JSON.stringify(request)),
      fc
        .string({ unit: 'binary' })
        .map((image) => formatRequest({ ask: 'trigger', image })),
    );
    fc.assert(
      fc.property(anything, (line) => {
        const controls = recordingControls(['api'], () => undefined);
        expect(answerTo(line, controls)).not.toMatch(/\p{Cc}/u);
      }),
    );
  });

  it('is an error where serve itself has one', () => {
    const controls = recordingControls([], () => undefined);
    const status = () => {
      throw new Error('a defect');
    };
    expect(
      parseReply(
        answerTo(formatRequest({ ask: 'status' }), { ...controls, status }),
      ),
    ).toMatchObject({
      fault: { message: expect.stringContaining('a defect') as string },
    });
  });
});

it.each([
  '',
  '{}',
  '{"protocol":1}',
  '{"protocol":1,"fault":{}}',
  '{"protocol":1,"status":{"schema":2}}',
  '{"protocol":2,"status":{"schema":1}}',
])('an answer of another version is refused: %s', (line) => {
  expect(() => parseReply(line)).toThrow(
    slipwayError('SLIPWAY_E_NO_SERVE', /different versions/),
  );
});
