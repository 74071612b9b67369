import { requireSignedIn } from '@medley/subgraph';
import type { ReportResult } from '../domain/play-reports.ts';
import type { ReportedPlay } from '../domain/reported-play.ts';
import type { MutationResolvers, PlaybackEventInput, PlaybackReportResult } from '../generated/graphql.ts';

export const playbackReport: MutationResolvers['playbackReport'] = async (
  _,
  { input },
  { request, reports },
) => {
  const { results, position, problems } = await reports.report({
    viewerId: requireSignedIn(request).id,
    plays: input.events.map(toReportedPlay),
    sentAt: input.sentAt ?? null,
    deviceId: input.deviceId ?? null,
  });
  return {
    results: results.map(toReportResult),
    recommendationsToken: position,
    userErrors: problems.map(({ field, code, message }) => ({ field: ['input', ...field], code, message })),
  };
};

// Field by field, here and below: a report has a hundred of them, and `...` would cost the most of all that is done.
const toReportedPlay = (event: PlaybackEventInput): ReportedPlay => ({
  id: event.id,
  playbackToken: event.playbackToken ?? null,
  trackId: event.trackId ?? null,
  playedAt: event.playedAt,
  msPlayed: event.msPlayed,
  context: event.context ? { kind: event.context.kind, id: event.context.id ?? null } : null,
  startReason: event.startReason,
  endReason: event.endReason,
  clickToSoundMs: event.clickToSoundMs ?? null,
  // These three have defaults in the schema.
  offline: event.offline ?? false,
  stalls: event.stalls ?? 0,
  stalledMs: event.stalledMs ?? 0,
});

const toReportResult = (result: ReportResult): PlaybackReportResult => ({
  id: result.id,
  status: result.status,
  counted: 'counted' in result ? result.counted : null,
  notCountedReason: 'counted' in result ? result.notCountedReason : null,
  code: 'code' in result ? result.code : null,
  message: result.message,
  retryAfterMs: 'retryAfterMs' in result ? result.retryAfterMs : null,
});
