import type { Reporter } from '../report';

/** A reporter that keeps what it is told. */
export interface RecordingReporter extends Reporter {
  readonly lines: string[];
  readonly warnings: string[];
  /** All that the command printed on that stream so far. */
  readonly printed: { stdout: string; stderr: string };
}

export function recordingReporter(): RecordingReporter {
  const lines: string[] = [];
  const warnings: string[] = [];
  const printed = { stdout: '', stderr: '' };
  return {
    lines,
    warnings,
    printed,
    info: (line) => lines.push(line),
    warn: (line) => warnings.push(line),
    output: (stream, chunk) => {
      printed[stream] += chunk;
    },
  };
}
