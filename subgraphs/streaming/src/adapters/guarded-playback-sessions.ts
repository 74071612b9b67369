import type { Metrics } from '@medley/service';
import {
  BrokenCircuitError,
  ConsecutiveBreaker,
  circuitBreaker,
  ExponentialBackoff,
  handleAll,
} from 'cockatiel';
import { type PlaybackSessions, SessionsUnavailableError } from '../domain/playback-sessions.ts';

/**
 * Asks a store of sessions, counts what comes of it, and leaves it alone while it is out of order: after five failures in a
 * row each call fails at once, and one tries again after a quarter of a second, then twice as long, up to five seconds.
 */
export function createGuardedPlaybackSessions(
  sessions: PlaybackSessions,
  { metrics }: { metrics: Metrics },
): PlaybackSessions {
  const seconds = metrics.histogram(
    'medley_playback_sessions_seconds',
    'How long the store of playback sessions took, by operation and outcome; `unavailable` when it failed.',
    ['operation', 'outcome'],
    [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25],
  );
  const breaker = circuitBreaker(handleAll, {
    breaker: new ConsecutiveBreaker(5),
    halfOpenAfter: new ExponentialBackoff({ initialDelay: 250, maxDelay: 5_000 }),
  });

  /** @param outcomeOf in one lower-case word */
  async function ask<Answer>(
    operation: string,
    call: () => Promise<Answer>,
    outcomeOf: (answer: Answer) => string,
  ): Promise<Answer> {
    const stop = seconds.startTimer({ operation });
    try {
      const answer = await breaker.execute(call);
      stop({ outcome: outcomeOf(answer) });
      return answer;
    } catch (error) {
      stop({ outcome: 'unavailable' });
      if (error instanceof BrokenCircuitError)
        throw new SessionsUnavailableError('left alone, as it failed before', error);
      throw error;
    }
  }

  const named = ({ outcome }: { outcome: string }) => outcome.toLowerCase();
  const found = (answer: unknown) => (answer === null ? 'none' : 'found');
  return {
    start: (account, claim) => ask('start', () => sessions.start(account, claim), named),
    takeOver: (account, claim) => ask('take_over', () => sessions.takeOver(account, claim), named),
    heartbeat: (account, beat) => ask('heartbeat', () => sessions.heartbeat(account, beat), named),
    stop: (account, id) =>
      ask(
        'stop',
        () => sessions.stop(account, id),
        (was) => (was ? 'ended' : 'none'),
      ),
    find: (account) => ask('find', () => sessions.find(account), found),
    replaceQueue: (account, wanted) =>
      ask(
        'queue_replace',
        () => sessions.replaceQueue(account, wanted),
        ({ replaced }) => (replaced ? 'replaced' : 'conflict'),
      ),
    readQueue: (account) =>
      ask(
        'queue_read',
        () => sessions.readQueue(account),
        ({ revision }) => (revision ? 'found' : 'none'),
      ),
  };
}
