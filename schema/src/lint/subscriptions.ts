import { isObjectType } from 'graphql';
import type { LintRule } from './rule.ts';

/**
 * A stream breaks some day: a client comes back with the last `cursor` as `after`, and learns by `kind` whether something was missed. The
 * router does the same when a subgraph goes away.
 */
export const subscriptionsCanBeResumed: LintRule = function* ({ api }) {
  for (const field of Object.values(api.getSubscriptionType()?.getFields() ?? {})) {
    const coordinate = `Subscription.${field.name}`;
    const after = field.args.find(({ name }) => name === 'after');
    if (String(after?.type) !== 'String') yield `${coordinate}: takes no \`after: String\``;
    const event = isObjectType(field.type) ? field.type.getFields() : {};
    if (String(event.cursor?.type) !== 'String!')
      yield `${coordinate}: its events have no \`cursor: String!\``;
    if (String(event.kind?.type) !== 'LiveEventKind!')
      yield `${coordinate}: its events have no \`kind: LiveEventKind!\``;
  }
};
