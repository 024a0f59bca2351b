/** Wakes those who wait for something to change. */
export class Changes {
  private readonly waiting = new Set<() => void>();

  /** Until the next change, the signal, or so many milliseconds. */
  next(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const goOn = () => {
        clearTimeout(timer);
        this.waiting.delete(goOn);
        signal.removeEventListener('abort', goOn);
        resolve();
      };
      const timer = setTimeout(goOn, ms);
      this.waiting.add(goOn);
      signal.addEventListener('abort', goOn, { once: true });
    });
  }

  tell(): void {
    for (const goOn of this.waiting) goOn();
  }
}
