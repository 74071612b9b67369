export { type ChangeNotifier, type ChangeNotifierOptions, createChangeNotifier } from './change-notifier.ts';
export {
  createRetryWhileAway,
  type RetryWhileAway,
  type RetryWhileAwayOptions,
} from './retry-while-away.ts';
