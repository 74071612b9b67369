/** Sets of short texts, each kept once and known by a number: a million tracks share some thousand sets of markets. */
export class InternedSets {
  private readonly sets: (readonly string[])[] = [];
  private readonly numbers = new Map<string, number>();
  /** Of arrays that came before: batches of documents share them. */
  private readonly known = new WeakMap<readonly string[], number>();
  private readonly masks = new Map<string, Uint8Array>();

  /**
   * @param members in any order; the array is not to be changed afterwards
   * @returns the number of their set
   */
  intern(members: readonly string[]): number {
    const number = this.known.get(members) ?? this.find(members);
    this.known.set(members, number);
    return number;
  }

  private find(members: readonly string[]): number {
    const sorted = members.toSorted();
    const key = sorted.join(' ');
    const number = this.numbers.get(key) ?? this.sets.length;
    if (number === this.sets.length) {
      this.sets.push(sorted);
      this.numbers.set(key, number);
      this.masks.clear();
    }
    return number;
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
