import type { Call } from '../read';

/** A step of a live update; paths from the workspace root. */
export type Step =
  | { readonly fallBackOn: readonly string[] }
  | { readonly initialSync: true }
  | { readonly sync: { readonly from: string; readonly to: string } }
  | { readonly run: string | string[]; readonly trigger?: readonly string[] }
  | { readonly restart: true };

/** What a call builds, before it is known which project has it. */
export interface Image {
  readonly call: Call;
  readonly ref: string;
  /** Options of custom-build that hold no path. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Paths from the workspace root, as all paths here. None: what the project holds. */
  readonly deps: readonly string[];
  readonly ignore: readonly string[];
  /** Where the command runs. */
  readonly dir: string;
  readonly outputsImageRefTo?: string;
  readonly liveUpdate: readonly Step[];
  readonly imageDeps: readonly string[];
  /** What its project is looked for by: the most telling first. */
  readonly homes: readonly string[];
  readonly dockerfile?: Dockerfile;
  /** What is different here. */
  readonly notes: readonly string[];
  /** What of the call was not moved. */
  readonly problems: readonly string[];
}

/** What `docker build` reads, for the images that it begins with. */
export interface Dockerfile {
  readonly path: string;
  /** What stands in the Tiltfile itself, and is to be written there. */
  readonly text?: string;
  readonly buildArgs: Readonly<Record<string, string>>;
}

/** Of a call of which no target can be made. */
export interface NoImage {
  readonly call: Call;
  readonly problems: readonly string[];
}

export type Made = Image | NoImage;

export const isImage = (made: Made): made is Image => 'ref' in made;
