import { SlipwayError } from '../../report';
import type { Target } from '../desired';
import { refused, type Outcome } from './outcome';
import { stoppedError } from './partial-error';

const target = (name: string) =>
  ({
    ...{ object: { apiVersion: 'v1' }, kind: 'ConfigMap', name, key: name },
  }) as unknown as Target;

describe('an error that stops a deploy in the middle', () => {
  it('tells what was refused before it, and what is applied and not', () => {
    const away = new SlipwayError({
      code: 'SLIPWAY_E_CLUSTER_UNREACHABLE',
      message: 'nobody answers.',
    });
    const denied = new SlipwayError({
      code: 'SLIPWAY_E_APPLY',
      message: 'ConfigMap b: denied',
    });
    const object = { metadata: { name: 'a' } } as Outcome['object'];
    const applied = { target: target('a'), object } as Outcome;
    const outcomes = [applied, refused(target('b'), denied)];
    const error = stoppedError(away, outcomes, [target('c')]) as SlipwayError;
    expect(error.code).toBe('SLIPWAY_E_CLUSTER_UNREACHABLE');
    expect(error.message).toBe(
      'nobody answers.\n  refused: ConfigMap b: denied\n  applied: ConfigMap a\n  not applied: ConfigMap c',
    );
  });
});
