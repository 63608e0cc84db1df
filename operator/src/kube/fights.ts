/**
 * Tells when somebody else keeps undoing what we do. Each repair of an object is a strike; strikes are forgiven one by one, and
 * more of them than `strikesMax` at a time are a fight. In a fight repairs go on, but seldom: a change that was made once must be
 * put right at once, one that comes back for ever must not keep two programs busy.
 */
export class Fights {
  readonly #strikesMax: number;
  readonly #forgiveMs: number;
  readonly #objectsMax: number;
  readonly #now: () => number;
  readonly #strikes = new Map<string, { count: number; at: number }>();

  constructor(options: { strikesMax?: number; forgiveMs?: number; objectsMax?: number; now?: () => number } = {}) {
    this.#strikesMax = options.strikesMax ?? 5;
    this.#forgiveMs = options.forgiveMs ?? 60_000;
    this.#objectsMax = options.objectsMax ?? 10_000;
    this.#now = options.now ?? (() => performance.now());
  }

  /** Notes a repair. @returns whether it is a fight by now */
  strike(key: string): boolean {
    const count = this.#countOf(key) + 1;
    this.#strikes.delete(key);
    this.#strikes.set(key, { count, at: this.#now() });
    const oldest = this.#strikes.keys().next().value;
    if (this.#strikes.size > this.#objectsMax && oldest !== undefined) this.#strikes.delete(oldest);
    return count > this.#strikesMax;
  }

  /** How long to leave the object alone; 0 where it is no fight. */
  pauseMs(key: string): number {
    return this.#countOf(key) > this.#strikesMax ? this.#forgiveMs : 0;
  }

  #countOf(key: string): number {
    const strikes = this.#strikes.get(key);
    if (strikes === undefined) return 0;
    return Math.max(0, strikes.count - Math.floor((this.#now() - strikes.at) / this.#forgiveMs));
  }
}
