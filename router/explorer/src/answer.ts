/** What GraphQL answers with. */
export interface Answer {
  readonly data?: unknown;
  readonly errors?: readonly unknown[] | undefined;
}

/** @param text the body of the response */
export function parseAnswer(text: string, response: Pick<Response, 'status' | 'statusText'>): Answer {
  try {
    return JSON.parse(text);
  } catch {
    const message = `The server answered ${response.status} ${response.statusText} without JSON.`;
    return { errors: [{ message, extensions: { body: text.slice(0, 1_000) } }] };
  }
}
