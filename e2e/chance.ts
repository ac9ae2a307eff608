// Chance that can be had again: a run prints its seed, SOCLE_SEED repeats it.

/** A number from the environment: how much of a thing, or which seed. */
export function number(variable: string, otherwise: number): number {
  const given = Number(process.env[variable] ?? otherwise);
  if (!Number.isInteger(given) || given < 0) throw new Error(`${variable} is no number`);
  return given;
}

export function seed(): number {
  return number("SOCLE_SEED", Math.floor(Math.random() * 2 ** 31));
}

export class Chance {
  constructor(private state: number) {}

  /** Between 0 and 1, without 1 (mulberry32). */
  fraction(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  below(end: number): number {
    return Math.floor(this.fraction() * end);
  }

  one<T>(of: readonly T[]): T {
    return of[this.below(of.length)];
  }
}
