import type { Flags } from '../arguments';
import type { Command } from '../commands';

const WORKSPACE: Flags = { workspace: { type: 'string' } };
const WORKSPACE_HELP =
  '--workspace DIR   where nx.json is; else it is looked for upwards';

export const STATUS: Command = {
  name: 'slipway status',
  words: [],
  flags: { ...WORKSPACE, json: { type: 'boolean' } },
  help: `slipway status [--json]

Shows how a running nx serve of this workspace stands: its images, projects and
port-forwards, and what has failed. Ends with 1 if there is none.

  --json            an array of states, one of each serve
  ${WORKSPACE_HELP}

  slipway status
`,
  load: async () => (await import('./status')).status,
};

export const TRIGGER: Command = {
  name: 'slipway trigger',
  words: ['[IMAGE]'],
  flags: WORKSPACE,
  help: `slipway trigger [IMAGE]

Has a running nx serve --trigger=manual build and apply what has changed and
waits. An image that is named, as in its option "ref", is built even if it has
not changed, whatever the trigger. One that is paused builds when it goes on.
It does not wait for the end of it: see slipway status.

  ${WORKSPACE_HELP}

  slipway trigger
  slipway trigger frontend
`,
  load: async () => (await import('./trigger')).trigger,
};

export const PAUSE: Command = {
  name: 'slipway pause',
  words: [],
  flags: WORKSPACE,
  help: `slipway pause

Has a running nx serve build and apply nothing until slipway resume: for a
rebase, or a look at what runs. Changes are kept.

  ${WORKSPACE_HELP}

  slipway pause
`,
  load: async () => (await import('./pause')).pause,
};

export const RESUME: Command = {
  name: 'slipway resume',
  words: [],
  flags: WORKSPACE,
  help: `slipway resume

Ends slipway pause: what has changed meanwhile is built and applied.

  ${WORKSPACE_HELP}

  slipway resume
`,
  load: async () => (await import('./pause')).resume,
};
