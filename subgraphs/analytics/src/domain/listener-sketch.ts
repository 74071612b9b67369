/**
 * How many different accounts there are among many, without keeping them: HyperLogLog (Flajolet, Fusy, Gandouet, Meunier: "HyperLogLog:
 * the analysis of a near-optimal cardinality estimation algorithm", AofA 2007) with hashes of 64 bits and 4,096 registers, estimated as in
 * Ertl: "New cardinality estimation algorithms for HyperLogLog sketches" (arXiv:1702.01284, algorithm 6), which needs no table of
 * corrections. The same accounts make the same bytes, in whatever order and however often they come, also over any number of merges.
 */
export interface ListenerSketch {
  /**
   * @param hash the first 64 bits or more of a hash of the account; the same for the same account
   * @returns whether that changed anything
   */
  add(hash: Uint8Array): boolean;
  /**
   * Adds all that another one has seen.
   * @throws RangeError for bytes that are no sketch
   */
  merge(bytes: Uint8Array): void;
  /** As `merge` takes it: 1 to 3,073 bytes. */
  toBytes(): Uint8Array;
  /** How many there are, about: a whole number. */
  estimate(): number;
}

const indexBits = 12;
const registerCount = 2 ** indexBits;
/** Bits of a hash that do not name its register. */
const rankBits = 64 - indexBits;

/** One standard error of an estimate, as a share of it: 1.6 %. */
export const listenerStandardError = 1.04 / Math.sqrt(registerCount);

export function createListenerSketch(): ListenerSketch {
  // The highest rank that was seen, by register. Most sketches have few.
  const ranks = new Map<number, number>();
  function raise(index: number, rank: number): boolean {
    if (rank <= (ranks.get(index) ?? 0)) return false;
    ranks.set(index, rank);
    return true;
  }
  return {
    add(hash) {
      const view = new DataView(hash.buffer, hash.byteOffset, 8);
      const [high, low] = [view.getUint32(0), view.getUint32(4)];
      const highRest = high << indexBits;
      const zeros = highRest === 0 ? 32 - indexBits + Math.clz32(low) : Math.clz32(highRest);
      return raise(high >>> (32 - indexBits), zeros + 1);
    },
    merge: (bytes) => readRanks(bytes, raise),
    toBytes: () => writeRanks(ranks),
    estimate: () => Math.round(estimate(ranks)),
  };
}

/** How many there are in all of these together, about. */
export function countListeners(sketches: Iterable<Uint8Array>): number {
  const all = createListenerSketch();
  for (const sketch of sketches) all.merge(sketch);
  return all.estimate();
}

// The first byte says what follows. Sparse: 3 bytes for each register that is not 0, by rising index: 12 bits of index, 6 of rank.
// Dense: 6 bits for each register. Sparse as long as that is no longer, so that the registers alone decide.
const sparse = 1;
const dense = 2;
const denseLength = 1 + (registerCount * 6) / 8;

type Ranks = ReadonlyMap<number, number>;

function writeRanks(ranks: Ranks): Uint8Array {
  if (1 + 3 * ranks.size <= denseLength) {
    const bytes = new Uint8Array(1 + 3 * ranks.size);
    bytes[0] = sparse;
    let at = 1;
    for (const index of Uint16Array.from(ranks.keys()).sort())
      at = writeTriple(bytes, at, (index << 6) | (ranks.get(index) ?? 0));
    return bytes;
  }
  const bytes = new Uint8Array(denseLength);
  bytes[0] = dense;
  const rankOf = (index: number) => ranks.get(index) ?? 0;
  for (let index = 0, at = 1; index < registerCount; index += 4) {
    const [first, second] = [
      (rankOf(index) << 6) | rankOf(index + 1),
      (rankOf(index + 2) << 6) | rankOf(index + 3),
    ];
    at = writeTriple(bytes, at, (first << 12) | second);
  }
  return bytes;
}

function readRanks(bytes: Uint8Array, raise: (index: number, rank: number) => void): void {
  const [kind] = bytes;
  const isWhole = (bytes.length - 1) % 3 === 0 && bytes.length <= denseLength;
  if (kind === sparse && isWhole) {
    for (let at = 1; at < bytes.length; at += 3) {
      const entry = readTriple(bytes, at);
      raise((entry >> 6) & (registerCount - 1), entry & 63);
    }
  } else if (kind === dense && bytes.length === denseLength) {
    for (let at = 1, index = 0; at < bytes.length; at += 3, index += 4) {
      const four = readTriple(bytes, at);
      for (let place = 0; place < 4; place++) raise(index + place, (four >> (18 - 6 * place)) & 63);
    }
  } else {
    throw new RangeError(`expected a sketch of listeners, got ${bytes.length} bytes that begin with ${kind}`);
  }
}

function writeTriple(bytes: Uint8Array, at: number, value: number): number {
  bytes[at] = value >> 16;
  bytes[at + 1] = value >> 8;
  bytes[at + 2] = value;
  return at + 3;
}

const readTriple = (bytes: Uint8Array, at: number): number =>
  ((bytes[at] as number) << 16) | ((bytes[at + 1] as number) << 8) | (bytes[at + 2] as number);

/** Ertl's improved raw estimator. */
function estimate(ranks: Ranks): number {
  const counts = new Array<number>(rankBits + 2).fill(0);
  counts[0] = registerCount - ranks.size;
  for (const rank of ranks.values()) counts[rank] = (counts[rank] as number) + 1;
  const share = (rank: number) => (counts[rank] as number) / registerCount;
  let z = tau(1 - share(rankBits + 1));
  for (let rank = rankBits; rank >= 1; rank--) z = (z + share(rank)) / 2;
  z += sigma(share(0));
  return registerCount / (2 * Math.LN2 * z);
}

/** x + Σ x^(2^k) · 2^(k-1), k from 1 */
function sigma(x: number): number {
  if (x === 1) return Number.POSITIVE_INFINITY;
  let [power, factor, sum, before] = [x, 1, x, -1];
  while (sum !== before) {
    power *= power;
    before = sum;
    sum += power * factor;
    factor *= 2;
  }
  return sum;
}

/** (1 - x - Σ (1 - x^(2^-k))² · 2^-k) / 3, k from 1 */
function tau(x: number): number {
  if (x === 0 || x === 1) return 0;
  let [root, factor, sum, before] = [x, 1, 1 - x, -1];
  while (sum !== before) {
    root = Math.sqrt(root);
    before = sum;
    factor /= 2;
    sum -= (1 - root) ** 2 * factor;
  }
  return sum / 3;
}
