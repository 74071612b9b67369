import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

// biome-ignore lint/suspicious/noExplicitAny: what each question takes and gives is in the types of its process
type Answers = Readonly<Record<string, (input: any) => unknown>>;

/** Asks a process one of the questions that it answers. One after the other. */
export async function ask<A extends Answers, Q extends keyof A & string>(
  child: ChildProcess,
  question: Q,
  input?: Parameters<A[Q]>[0],
): Promise<Awaited<ReturnType<A[Q]>>> {
  child.send({ question, input });
  const answered = new AbortController();
  const answer = await Promise.race([
    once(child, 'message', { signal: answered.signal }).then(([message]) => message),
    once(child, 'exit', { signal: answered.signal }).then(() => ({ failure: 'the process ended' })),
  ]).finally(() => answered.abort());
  if (answer.failure !== undefined) throw new Error(`${question}: ${answer.failure}`);
  return answer.answer;
}

/** Answers the parent's questions, and ends with it. */
export function answer(answers: Answers): void {
  process.on('message', async ({ question, input }: { question: string; input: unknown }) => {
    try {
      process.send?.({ answer: await answers[question]?.(input) });
    } catch (error) {
      process.send?.({ failure: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    }
  });
  process.on('disconnect', () => process.exit());
}
