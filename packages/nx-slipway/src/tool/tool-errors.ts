import { SlipwayError, scrub } from '../report';
import type { ToolRun } from './run-tool';

/** As execa tells it. */
export interface Ended {
  readonly failed: boolean;
  /** Of what could not be started. */
  readonly code?: string;
  readonly exitCode?: number;
  readonly signal?: string;
  readonly shortMessage?: string;
}

export function howItEnded(end: Ended): string {
  if (end.exitCode !== undefined) {
    return `ended with exit code ${end.exitCode}`;
  }
  if (end.signal) return `was ended by ${end.signal}`;
  return `could not be run (${end.code ?? end.shortMessage ?? 'no reason given'})`;
}

export function failed(run: ToolRun, how: string, tail: string): SlipwayError {
  const said = `${run.argv.join(' ')} ${how}, ${run.doing}.${tail}`;
  return new SlipwayError({
    code: run.code,
    message: scrub(said, run.secrets()),
    hint: run.hint,
  });
}

export function missing(
  { doing, dir }: ToolRun,
  program: string,
): SlipwayError {
  return new SlipwayError({
    code: 'SLIPWAY_E_TOOL_MISSING',
    message: `${program} was not found, ${doing}.`,
    hint: program.includes('/')
      ? `Its path is looked up from ${dir}.`
      : `Install ${program}, or put its folder on the PATH.`,
  });
}

export function cancelled(doing: string): SlipwayError {
  return new SlipwayError({
    code: 'SLIPWAY_E_CANCELLED',
    message: `cancelled, ${doing}.`,
  });
}
