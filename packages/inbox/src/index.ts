export { type Claim, type ClaimOutcome, claimEvents, InboxNotPreparedError } from './claim.ts';
export { type Inbox, inboxTableSql } from './inbox.ts';
export { prepareInbox } from './prepare.ts';
export { type Takeable, takeNew } from './take-new.ts';
export { type InboxUpkeepOptions, startInboxUpkeep } from './upkeep.ts';
