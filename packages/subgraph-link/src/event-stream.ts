import { createParser } from 'eventsource-parser';
import { LinkError, type LinkEvent } from './link.ts';

/**
 * Reads the results of a subscription from server-sent events: `next` and `replace` with the cursor as id, and `complete` at the end. What is not asked
 * for is not read.
 * @param maxBytes a longer result is given up
 * @param url for errors
 * @throws LinkError when the stream ends without `complete`
 */
export async function* readEventStream(
  body: AsyncIterable<Buffer>,
  maxBytes: number,
  url: string,
): AsyncGenerator<LinkEvent, void, undefined> {
  const text = new TextDecoder();
  let read: LinkEvent[] = [];
  let completed = false;
  let tooLong = false;
  const parser = createParser({
    // Of the type `next` it says nothing more: whatever is not known yet is taken for a result too.
    onEvent({ event, id, data }) {
      if (event === 'complete') completed = true;
      else read.push({ body: data, cursor: id, replaces: event === 'replace' });
    },
    onError({ type }) {
      tooLong ||= type === 'max-buffer-size-exceeded';
    },
    maxBufferSize: maxBytes,
  });
  for await (const chunk of body) {
    parser.feed(text.decode(chunk, { stream: true }));
    const events = read;
    read = [];
    yield* events;
    if (tooLong)
      throw new LinkError('UPSTREAM_UNAVAILABLE', `${url} sent a result of more than ${maxBytes} bytes`);
  }
  if (!completed) throw new LinkError('UPSTREAM_UNAVAILABLE', `${url} broke off a subscription`);
}
