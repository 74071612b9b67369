/** Sets of short texts, each kept once and known by a number: a million tracks share some thousand sets of markets. */
export class InternedSets {
  private readonly sets: (readonly string[])[] = [];
  private readonly numbers = new Map<string, number>();
  private readonly masks = new Map<string, Uint8Array>();

  /** @returns the number of the set of these texts, whatever their order */
  intern(members: readonly string[]): number {
    const sorted = members.toSorted();
    const key = sorted.join(' ');
    const known = this.numbers.get(key);
    if (known !== undefined) return known;
    this.sets.push(sorted);
    this.numbers.set(key, this.sets.length - 1);
    this.masks.clear();
    return this.sets.length - 1;
  }

  get(number: number): readonly string[] {
    return this.sets[number] ?? [];
  }

  /** By the number of a set: 1 where it has this member, else 0. */
  having(member: string): Uint8Array {
    let mask = this.masks.get(member);
    if (!mask) {
      mask = Uint8Array.from(this.sets, (set) => (set.includes(member) ? 1 : 0));
      this.masks.set(member, mask);
    }
    return mask;
  }

  all(): readonly (readonly string[])[] {
    return this.sets;
  }
}
