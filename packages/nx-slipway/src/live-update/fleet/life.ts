import type { ContainerLink, ContainerPlace } from '../types';
import { uidOf, type SeenContainer } from './pod';

/** One container from its start to its end, as the kubelet started it. */
export class Life {
  hasEnded = false;
  /** The turn of the goal that it has got to, or failed at. */
  reached = 0;
  /** Whether it ended while it was given something. */
  wasInterrupted = false;
  private link?: ContainerLink;

  constructor(
    public seen: SeenContainer,
    private readonly openLink: (place: ContainerPlace) => ContainerLink,
  ) {}

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
  }
}
