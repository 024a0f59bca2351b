import type { SlipwayError } from '../../report';
import type { Applied, ContainerPlace, FailedRun, Run } from '../types';

/** What became of one container on the way to a goal. */
export interface Outcome {
  readonly place: ContainerPlace;
  /** Of the goal. */
  readonly turn: number;
  /** It held it already. */
  readonly isNothing: boolean;
  /** That were written or deleted. */
  readonly files: number;
  readonly times: Applied['times'];
  /** That have completed. */
  readonly ran: readonly Run[];
  readonly failedRun?: FailedRun;
  /** Why it could not be done. */
  readonly error?: SlipwayError;
}

export type Passed = Omit<Outcome, 'place' | 'turn'>;

export const NOTHING_DONE: Passed = {
  isNothing: true,
  files: 0,
  times: { sync: 0 },
  ran: [],
};
