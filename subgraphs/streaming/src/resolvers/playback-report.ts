import { requireSignedIn } from '@medley/subgraph';
import type { ReportResult } from '../domain/play-reports.ts';
import type { ReportedPlay } from '../domain/reported-play.ts';
import type { MutationResolvers, PlaybackEventInput, PlaybackReportResult } from '../generated/graphql.ts';

export const playbackReport: MutationResolvers['playbackReport'] = async (
  _,
  { input },
  { request, reports },
) => {
  const { results, problems } = await reports.report({
    viewerId: requireSignedIn(request).id,
    plays: input.events.map(toReportedPlay),
    sentAt: input.sentAt ?? null,
    deviceId: input.deviceId ?? null,
  });
  return {
    results: results.map(toReportResult),
    userErrors: problems.map(({ field, code, message }) => ({ field: ['input', ...field], code, message })),
  };
};

const toReportedPlay = (event: PlaybackEventInput): ReportedPlay => ({
  ...event,
  playbackToken: event.playbackToken ?? null,
  trackId: event.trackId ?? null,
  context: event.context ? { kind: event.context.kind, id: event.context.id ?? null } : null,
  clickToSoundMs: event.clickToSoundMs ?? null,
  // These three have defaults in the schema.
  offline: event.offline ?? false,
  stalls: event.stalls ?? 0,
  stalledMs: event.stalledMs ?? 0,
});

const toReportResult = (result: ReportResult): PlaybackReportResult => ({ ...none, ...result });

const none = { counted: null, notCountedReason: null, code: null, message: null, retryAfterMs: null };
