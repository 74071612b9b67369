/** An answer that goes on, as it comes. */
export interface OpenBody {
  readonly status: number;
  readonly headers: Headers;
  /** All that came so far. */
  readonly text: string;
  /** Resolves when all that came has this in it. Rejects when the answer ends without it. */
  until(part: string): Promise<void>;
  /** How it ended: in order, or broken off. */
  ended(): Promise<'whole' | 'broken'>;
  leave(): void;
}

export async function openBody(url: string, init: RequestInit = {}): Promise<OpenBody> {
  const left = new AbortController();
  return readBody(await fetch(url, { ...init, signal: left.signal }), () => left.abort());
}

/** Reads on from now: what came before may have waited for it. */
export function readBody(response: Response, leave: () => void): OpenBody {
  let text = '';
  let end: 'whole' | 'broken' | undefined;
  let wake = () => {};
  const decoder = new TextDecoder();
  const read = async () => {
    try {
      for await (const chunk of response.body ?? []) {
        text += decoder.decode(chunk as Uint8Array, { stream: true });
        wake();
      }
      end = 'whole';
    } catch {
      end = 'broken';
    }
    wake();
  };
  void read();
  const changed = () =>
    new Promise<void>((resolve) => {
      wake = resolve;
    });
  return {
    status: response.status,
    headers: response.headers,
    get text() {
      return text;
    },
    async until(part) {
      while (!text.includes(part)) {
        if (end) throw new Error(`it ended ${end} without ${part}: ${text}`);
        await changed();
      }
    },
    async ended() {
      while (!end) await changed();
      return end;
    },
    leave,
  };
}
