import type { ContainerLink, ContainerPlace } from '../types';
import { uidOf, type SeenContainer } from './pod';

/** One container from its start to its end, as the kubelet started it. */
export class Life {
  hasEnded = false;
  /** When it ends. */
  readonly over: Promise<void>;
  /** The turn of the goal that it has got to, or failed at. */
  reached = 0;
  /** It is being given something, or it is not known how that has ended. */
  isOpenEnded = false;
  private link?: ContainerLink;
  private tellOver!: () => void;

  constructor(
    public seen: SeenContainer,
    private readonly openLink: (place: ContainerPlace) => ContainerLink,
  ) {
    this.over = new Promise((resolve) => (this.tellOver = resolve));
  }

  get uid(): string {
    return uidOf(this.seen.pod);
  }

  isOf(seen: SeenContainer): boolean {
    return this.seen.id === seen.id && this.uid === uidOf(seen.pod);
  }

  open(): ContainerLink {
    return (this.link ??= this.openLink(this.seen.place));
  }

  /** Nothing more reaches it: what comes next may be another under its name. */
  end(): void {
    if (this.hasEnded) return;
    this.hasEnded = true;
    this.link?.close();
    this.tellOver();
  }
}
